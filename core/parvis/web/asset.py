"""Addresses of static files that change with their content, and icons from the sprite."""

import hashlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from flask import current_app, url_for
from markupsafe import Markup

from parvis.i18n import format_datetime


def asset(filename: str) -> str:
    """Return the address of a static file; a new content makes a new address, so it is cached for good."""
    folder = Path(current_app.static_folder or "")
    return url_for("static", filename=filename, v=_digest(folder / filename))


@lru_cache(maxsize=512)
def _digest(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()


def icon(name: str) -> Markup:
    """Return an icon that stands beside a text: hidden from screen readers."""
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>').format(
        asset("icons.svg"), name
    )


def ago(moment: datetime) -> Markup:
    """Return a moment as text in words that stay true ("3 minutes ago"), with the exact time for whoever asks."""
    exact = format_datetime(moment, "medium")
    return Markup('<relative-time datetime="{0}" title="{1}" prefix=""><time datetime="{0}">{1}</time></relative-time>').format(
        moment.isoformat(), exact
    )
