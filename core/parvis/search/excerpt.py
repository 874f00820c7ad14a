"""Showing what was found in a text: the part of it that says most, with the words marked."""

from dataclasses import dataclass, field
from html import escape

from markupsafe import Markup

from parvis.search.analysis import Token, normalised, tokens
from parvis.search.analysis import stems as stems_of
from parvis.search.query import Query

LOOKED_AT = 20_000
"""In how much of a text the words are looked for, in characters."""
LENGTH = 220
WINDOW = 30
"""How many words an excerpt is chosen by."""


@dataclass(frozen=True)
class Marks:
    """Which words are marked: those that are looked for, and their other forms."""

    words: frozenset[str]
    stems: frozenset[str]
    beginnings: tuple[str, ...]
    known: dict[str, bool] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, query: Query) -> "Marks":
        """Return what a query marks."""
        single = [term for term in query.terms if len(term.words) == 1]
        return cls(
            frozenset(query.words),
            frozenset(stem for term in single for stem in term.stems),
            tuple(term.word for term in single if term.begins or term.also),
        )

    def fits(self, word: str) -> bool:
        """Tell whether a folded word is marked; the same words come again and again."""
        if word not in self.known:
            stem = bool(self.stems) and not self.stems.isdisjoint(stems_of(word))
            self.known[word] = stem or word in self.words or word.startswith(self.beginnings)
        return self.known[word]


def marked(text: str, marks: Marks) -> Markup:
    """Return a whole text, with its words marked."""
    plain = normalised(text)
    return _marked(plain, [token for token in tokens(plain) if marks.fits(token.word)], 0, len(plain))


def excerpt(text: str, marks: Marks) -> Markup:
    """Return the part of a text that has the most of the words, or its beginning; empty of an empty one."""
    plain = " ".join(normalised(text[:LOOKED_AT]).split())
    found = list(tokens(plain))
    hits = [number for number, token in enumerate(found) if marks.fits(token.word)]
    # how many different words stand within an excerpt that begins with one of the hits
    worth = [
        len({found[n].word for n in hits[at : at + WINDOW] if n < hit + WINDOW})
        for at, hit in enumerate(hits)
    ]
    best = worth.index(max(worth)) if worth else -1
    middle = found[hits[best]].start if hits else 0
    start = _word_start(plain, max(0, middle - LENGTH // 4)) if middle > LENGTH // 2 else 0
    end = _word_end(plain, start + LENGTH)
    inside = [found[number] for number in hits if start <= found[number].start and found[number].end <= end]
    return Markup(
        ("… " if start else "") + _marked(plain, inside, start, end) + (" …" if end < len(plain) else "")
    )


def _word_start(text: str, position: int) -> int:
    space = text.find(" ", position)
    return space + 1 if 0 <= space < position + 40 else position


def _word_end(text: str, position: int) -> int:
    if position >= len(text):
        return len(text)
    space = text.rfind(" ", 0, position)
    return space if space > position - 40 else position


def _marked(text: str, inside: list[Token], start: int, end: int) -> Markup:
    parts, at = [], start
    for token in inside:
        parts += [escape(text[at : token.start]), "<mark>", escape(text[token.start : token.end]), "</mark>"]
        at = token.end
    return Markup("".join((*parts, escape(text[at:end]))))
