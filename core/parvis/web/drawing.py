"""What is drawn once in the life of a process: the same values look the same to all who read one language.

A card that a thousand people see, the keys under every post, the head of every page: drawing them is most of
what a page costs, and only the nonce and the CSRF token in them are the reader's own.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache
from secrets import token_hex
from typing import NamedTuple

from babel import Locale
from flask import current_app, g
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from parvis.i18n import get_locale, get_timezone
from parvis.security import csp_nonce, csrf_token

KEPT = 1024
"""How many drawings a process keeps. Characters beyond ASCII are kept as references (`&#233;`): one emoji
among them makes every character of a text take four bytes, and of the whole page that it comes into."""

GAPS = NONCE, TOKEN, *STAMPS = [f"drawn-{name}-{token_hex(12)}" for name in ("nonce", "token", *range(8))]
"""What stands in a kept drawing for what is the reader's own, and for what is stamped in; nobody can write
it, as nobody knows it."""
_GAP = re.compile(f"({'|'.join(GAPS)})")

Draw = Callable[..., str]


def drawn(macro: Macro, *values: Hashable) -> Markup:
    """Return what a macro draws for some values, drawn once in this process for each language and time zone.

    The macro draws HTML without scripts or styles in it. What it shows must depend on its values alone,
    beside the nonce and the CSRF token of the page: who reads, what they may and what they did are values
    too. The macro is one of an imported template.

    Raises:
        TypeError: a value cannot be hashed.
    """
    return _own(macro, values)


def drawn_template(name: str, **context: Hashable) -> Markup:
    """Return a template rendered with a context, in the same way and under the same conditions."""
    template = current_app.jinja_env.get_template(name)
    return _own(template.render, (tuple(context.items()),))


def stamped(macro: Macro, values: Sequence[object], *kind: Hashable) -> Markup:
    """Return what a macro draws for some values (a number, addresses) and a kind of theirs.

    The macro gets something in the place of the (at most eight) values, and then the kind: it is drawn once
    for each kind. What it draws must not depend on the values.
    """
    return _own(macro, (*STAMPS[: len(values)], *kind), map(escape, values))


def _own(draw: Draw, values: tuple[Hashable, ...], stamps: Iterable[str] = ()) -> Markup:
    page = _page()
    pieces, gaps = _drawn(draw, values, page.language, page.timezone)
    filling, filled = (page.nonce, page.token, *stamps), pieces.copy()
    filled[1::2] = [filling[gap] for gap in gaps]
    return Markup("".join(filled))


class _Drawing(NamedTuple):
    """A kept drawing, cut into pieces. Every other one is a gap, filled with what has this number."""

    pieces: list[str]
    gaps: list[int]


@lru_cache(maxsize=KEPT)
def _drawn(draw: Draw, values: tuple[Hashable, ...], _language: str, _timezone: str) -> _Drawing:
    page = _page()
    html = str(draw(*values)).encode("ascii", "xmlcharrefreplace").decode()
    pieces = _GAP.split(html.replace(page.nonce, NONCE).replace(page.token, TOKEN))
    return _Drawing(pieces, [GAPS.index(gap) for gap in pieces[1::2]])


class _Page(NamedTuple):
    """What the drawings of a page have in common, found once; the locale may be another for a while."""

    locale: Locale | None
    language: str
    timezone: str
    nonce: str
    token: str


def _page() -> _Page:
    locale = get_locale()
    kept: _Page | None = vars(g._get_current_object()).get("drawing")
    if kept is None or kept.locale is not locale:
        kept = g.drawing = _Page(locale, str(locale), str(get_timezone()), csp_nonce(), csrf_token())
    return kept
