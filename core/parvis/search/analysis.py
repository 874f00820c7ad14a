"""What a text becomes before an engine sees it: the same for both engines, for documents and for queries.

Words are folded (œ is oe, accents and case are gone), elisions are cut (`l'expertise`), and stemmed in the
language of their document, in both where it is not known. `C++`, `C#` and `R&D` stay whole. Engines are given
words parted by spaces and do nothing to them. Source of the stemmers: Snowball, M. F. Porter.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from html import unescape
from typing import Any, NamedTuple

from parvis.text import bare

WORD_LENGTH = 40
"""Longer words are cut, in documents and in queries alike."""
MOST_CHARACTERS = 50_000
"""How much of a text is indexed."""
BEGINNING = 12
"""Up to so many letters the beginning of a title's words is found as one term."""
BORDER = "¶"
"""Parts title and body where phrases are looked for; no word is it."""

_WORD = re.compile(r"[^\W_]+(?:(?:[+#]+(?![^\W_]))|(?:&[^\W_]+)+)?")
_APOSTROPHES = frozenset("'’ʼ＇")
_ELISIONS = frozenset(["c", "d", "j", "jusqu", "l", "lorsqu", "m", "n", "puisqu", "qu", "quoiqu", "s", "t"])
_WITHIN = re.compile(r"</?(?:a|abbr|b|code|del|em|i|img|s|span|strong|sub|sup)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")

_FRENCH = """
a ai au aux avec ce ces cet cette comme dans de des donc du elle elles en entre est et etait etre eux il ils
je la le les leur leurs lui ma mais me meme mes moi mon ne nos notre nous on ont ou par pas plus pour qu
quand que quel quelle quelles quels qui sa sans se sera ses si son sont sous sur ta te tes toi ton tous tout
toute toutes tu un une vos votre vous y
"""
_ENGLISH = """
a about all also an and any are as at be been but by can could did do does for from had has have he her him
his how i if in into is it its just me my no not of on or our out she should so some than that the their
them then there these they this those to too up was we were what when where which who why will with would you
your
"""
FRENCH, ENGLISH = frozenset(_FRENCH.split()), frozenset(_ENGLISH.split())
STOP_WORDS = FRENCH | ENGLISH
LANGUAGES = ("fr", "en")


class Token(NamedTuple):
    """A folded word, and where it stands in the (NFC) text it is of."""

    word: str
    start: int
    end: int


def normalised(text: str) -> str:
    """Return a text in the form that tokens count in."""
    return unicodedata.normalize("NFC", text)


def tokens(text: str) -> Iterator[Token]:
    """Yield the words of a normalised text, without elisions and the English genitive."""
    for found in _WORD.finditer(text):
        start, end = found.span()
        word = folded(found[0])
        if not word:
            continue
        if end < len(text) and text[end] in _APOSTROPHES and word in _ELISIONS:
            continue
        if word == "s" and start and text[start - 1] in _APOSTROPHES:
            continue
        yield Token(word, start, end)


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """Return one word as it is compared, cut where it is too long."""
    return "".join(bare(word[: 4 * WORD_LENGTH]).split())[:WORD_LENGTH]


def words(text: str) -> list[str]:
    """Return the folded words of a text, in their order."""
    return [token.word for token in tokens(normalised(text[:MOST_CHARACTERS]))]


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """Return the stem of a folded word in a language of `LANGUAGES`.

    Without their accents, *développée* and *développer* differ by an e that only the accent would take off.
    """
    if not word.isalpha():
        return word
    found = str(_stemmers()[language].stemWord(word))
    return (found.rstrip("e") if language == "fr" else found) or found


@lru_cache(maxsize=1)
def _stemmers() -> dict[str, Any]:
    import snowballstemmer  # type: ignore[import-untyped]  # noqa: PLC0415 - wanted only where one searches; no types

    return {"fr": snowballstemmer.stemmer("french"), "en": snowballstemmer.stemmer("english")}


def stems(word: str, language: str | None = None) -> tuple[str, ...]:
    """Return what a word is found under: its stem in a language, or in each."""
    return tuple(
        dict.fromkeys(stem(word, each) for each in LANGUAGES if each == language or language not in LANGUAGES)
    )


def language_of(found: list[str]) -> str | None:
    """Tell French from English by the small words; None where they do not tell."""
    french = sum(word in FRENCH and word not in ENGLISH for word in found)
    english = sum(word in ENGLISH and word not in FRENCH for word in found)
    if french > 2 * english:
        return "fr"
    return "en" if english > 2 * french else None


def stemmed(found: list[str], language: str | None) -> str:
    """Return the stems of words that say something, parted by spaces."""
    return " ".join(each for word in found if word not in STOP_WORDS for each in stems(word, language))


def beginnings(found: list[str]) -> str:
    """Return every beginning of words, parted by spaces."""
    cut = (word[:length] for word in found for length in range(1, min(len(word), BEGINNING) + 1))
    return " ".join(dict.fromkeys(cut))


def tag_key(label: str) -> str:
    """Return what a tag is compared by: `Côte d'Azur` is `cote-d-azur`."""
    return "-".join(folded(found[0]) for found in _WORD.finditer(normalised(label[:200])))[: 2 * WORD_LENGTH]


def plain_text(html: str) -> str:
    """Return the words of HTML that was made by our own renderer."""
    return " ".join(unescape(_TAG.sub(" ", _WITHIN.sub("", html))).split())
