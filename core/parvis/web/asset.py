"""Addresses of static files that change with their content, and icons from the sprite."""

import hashlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from flask import current_app
from markupsafe import Markup

from parvis.i18n import format_datetime, get_locale, get_timezone
from parvis.runtime import hooks


@lru_cache(maxsize=512)
def asset(filename: str, owner: str = "") -> str:
    """Return the address of a static file; a new content makes a new address, so it is cached for good.

    Every page names some twenty of them: the file is read once in the life of a process. `owner`: the plugin
    whose it is, in the static folder of its blueprint; core by default.
    """
    holder = current_app.blueprints[owner] if owner else current_app
    content = (Path(holder.static_folder or "") / filename).read_bytes()
    digest = hashlib.blake2b(content, digest_size=6).hexdigest()
    prefix = current_app.blueprints[owner].url_prefix or "" if owner else ""
    return f"{prefix}{holder.static_url_path}/{quote(filename)}?v={digest}"


@lru_cache(maxsize=512)
def icon(name: str) -> Markup:
    """Return an icon that stands beside a text: hidden from screen readers."""
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        asset("icons.svg"), name
    )


def ago(moment: datetime) -> Markup:
    """Return a moment in words that stay true ("3 minutes ago"), with the exact time for who asks."""
    return _ago(moment, str(get_locale()), str(get_timezone()))


@lru_cache(maxsize=4096)
def _ago(moment: datetime, _locale: str, _timezone: str) -> Markup:
    """Write a moment once for all who read it in one language and time zone: it costs as much as a row."""
    return Markup(
        '<relative-time datetime="{0}" title="{1}" prefix=""><time datetime="{0}">{1}</time></relative-time>'
    ).format(moment.isoformat(), format_datetime(moment))


def plugin_assets(kind: str) -> list[str]:
    """Return the addresses of the plugins' style sheets (`styles`) or modules (`scripts`), for every page."""
    return [asset(filename, plugin.name) for plugin in hooks().active for filename in getattr(plugin, kind)]
