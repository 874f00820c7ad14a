"""The picture of someone who has none: initials on a colour of their own, drawn as SVG."""

import re
import unicodedata
from hashlib import sha256

from markupsafe import escape

from parvis.text import fold

COLOURS = (
    "#b3261e", "#a8324a", "#9c2b72", "#7b3fa0", "#5b4bb5", "#3f51b5", "#1f5fa8", "#0f6a8b",
    "#0b6e6e", "#1b6e46", "#3d6b21", "#6b6010", "#8a5200", "#9c4221", "#6d4c41", "#546170",
)  # fmt: skip
"""Each gives white letters a contrast of at least 4.5 (WCAG AA)."""

_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|\b[dl]['’]")
_ONE_SIGN = re.compile("[\u0590-\u08ff\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts in which one sign stands for a name, or two would join into a wrong word."""


def initials(name: str) -> str:
    """Return one or two letters for a name: `Jean-Marc de La Tour` is `JT`, `王小明` is `王`, none is `?`.

    Lower-case particles (de, van, d') and what stands in brackets do not count, unless nothing else is there.
    """
    words = [word for word in _ASIDE.sub(" ", unicodedata.normalize("NFC", name)).split() if _first(word)]
    chosen = [word for word in words if not word[0].islower()] or words
    if not chosen:
        return "?"
    first, last = _first(chosen[0]), _first(chosen[-1])
    return first if len(chosen) == 1 or _ONE_SIGN.match(first) else first + last


def colour(name: str) -> str:
    """Choose a colour by the name, the same for ever and whatever its accents and case."""
    return COLOURS[sha256(fold(name).encode(errors="replace")).digest()[0] % len(COLOURS)]


def initials_svg(name: str, *, size: int = 96) -> str:
    """Draw the initials as an SVG document, `size` pixels wide; round corners are the page's affair."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96" '
        f'width="{int(size)}" height="{int(size)}">'
        f'<rect width="96" height="96" fill="{colour(name)}"/>'
        '<text x="48" y="50" fill="#fff" font-family="system-ui, sans-serif" font-size="40" '
        'font-weight="600" text-anchor="middle" dominant-baseline="central">'
        f"{escape(initials(name))}</text></svg>"
    )


def _first(word: str) -> str:
    """Return a word's first letter or digit, upper-case, with the marks that sit on it; else nothing."""
    start = next((i for i, sign in enumerate(word) if sign.isalnum()), None)
    if start is None:
        return ""
    end = start + 1
    while end < len(word) and unicodedata.category(word[end]) in ("Mn", "Mc"):
        end += 1
    letter = word[start:end]
    return letter.upper() if len(letter.upper()) == len(letter) else letter
