"""How names and words are compared: without case, accents, ligatures or punctuation."""

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i"}
)
_NOT_WORD = re.compile(r"[\W_]+")
NAME_LENGTH = 40


def fold(text: str) -> str:
    """Reduce to lower-case words without accents, parted by spaces: `Hélène D'Aubœuf`: `helene d auboeuf`."""
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    folded = (_fold_word(word) if len(word) > NAME_LENGTH else _fold_name(word) for word in text.split())
    return " ".join(filter(None, folded))


@lru_cache(maxsize=8192)
def _fold_name(word: str) -> str:
    """Fold a word that is short enough to be kept: names come again, and cost ten ASCII ones."""
    return _fold_word(word)


def _fold_word(word: str) -> str:
    return _NOT_WORD.sub(" ", bare(word)).strip()


def bare(text: str) -> str:
    """Reduce to lower case without accents and ligatures; `C++, L’Œuvre` is `c++, l’oeuvre`."""
    lowered = text.casefold().translate(_LIGATURES)
    plain = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return plain.translate(_LIGATURES)


def tokens(text: str) -> list[str]:
    """Return the folded words of a text, in their order."""
    return fold(text).split()
