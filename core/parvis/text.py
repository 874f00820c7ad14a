"""How names and words are compared: without case, accents, ligatures or punctuation."""

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i"}
)
_NOT_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Reduce to lower-case words without accents, parted by spaces: `Hélène D'Aubœuf`: `helene d auboeuf`."""
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    lowered = text.casefold().translate(_LIGATURES)
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", bare.translate(_LIGATURES)).strip()


def tokens(text: str) -> list[str]:
    """Return the folded words of a text, in their order."""
    return fold(text).split()
