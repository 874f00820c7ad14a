"""How names of skills are compared: without case, accents and small words, but C is neither C++ nor C#."""

import re

from parvis.api import clean, fold

NAME_LENGTH = 60
KEY_LENGTH = 90
"""A folded name may be longer: of `C++` remains `cplusplus`."""
WORD_LENGTH = 40

SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "by",
        "for",
        "from",
        "in",
        "of",
        "on",
        "or",
        "the",
        "to",
        "with",
        "au",
        "aux",
        "avec",
        "d",
        "dans",
        "de",
        "des",
        "du",
        "en",
        "et",
        "l",
        "la",
        "le",
        "les",
        "ou",
        "par",
        "pour",
        "sur",
        "un",
        "une",
    ]
)
"""What stands between the words of a name, and tells no skill from another."""

_SIGNS = (
    (re.compile(r"(?<=[^\W_])\+\+"), "plusplus"),
    (re.compile(r"(?<=[^\W_])#"), "sharp"),
    (re.compile(r"(?<!\w)\.(?=net\b)", re.IGNORECASE), "dot"),
)


def skill_words(text: str) -> list[str]:
    """Return the folded words of a name or a question, signs that tell skills apart as words: `csharp`."""
    for sign, word in _SIGNS:
        text = sign.sub(word, text)
    return fold(text).split()


def skill_key(name: str) -> str:
    """Return what two names of the same skill have in common: `L’Usinage` and `usinage` are one."""
    return essence(skill_words(name))[:KEY_LENGTH]


def essence(words: list[str]) -> str:
    """Return words without the small ones between them; of nothing but small words, all of them."""
    return " ".join([word for word in words if word not in SMALL] or words)


def said_names(text: str, most: int) -> list[str]:
    """Return the names that somebody typed with commas between, each once, at most `most` and one."""
    names: dict[str, str] = {}
    for part in clean(text)[: most * (NAME_LENGTH + 2) * 2].split(","):
        name = " ".join(part.split())
        if key := skill_key(name):
            names.setdefault(key, name)
    return list(names.values())[: most + 1]
