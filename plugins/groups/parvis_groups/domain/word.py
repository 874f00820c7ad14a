"""The words that groups are found by: folded, without those that say nothing, reduced to their stems.

A word is kept under its French and its English stem, since names mix both: *photographies* and *photography*
meet. Source: the Snowball stemmers of M. F. Porter.
"""

from functools import lru_cache

import snowballstemmer
from parvis.api import db, tokens
from parvis_social.api import tag_key
from sqlalchemy import delete, insert

from ..models import Group, GroupTag, GroupWord

NAME, TAG, PURPOSE = 4, 3, 1
"""How much it weighs where a word stands."""

MOST_WORDS = 8
WORD_LENGTH = 40
MOST_CHARACTERS = 200
STOP_WORDS = frozenset(
    [
        "a",
        "au",
        "aux",
        "avec",
        "ce",
        "ces",
        "cette",
        "d",
        "dans",
        "de",
        "des",
        "du",
        "elle",
        "en",
        "est",
        "et",
        "for",
        "from",
        "group",
        "groupe",
        "groupes",
        "groups",
        "i",
        "il",
        "in",
        "is",
        "it",
        "je",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "leurs",
        "ma",
        "mes",
        "mon",
        "n",
        "nos",
        "notre",
        "nous",
        "of",
        "on",
        "ou",
        "our",
        "par",
        "pas",
        "pour",
        "qu",
        "que",
        "qui",
        "s",
        "sa",
        "se",
        "ses",
        "son",
        "sont",
        "sur",
        "t",
        "ta",
        "te",
        "tes",
        "the",
        "this",
        "to",
        "toi",
        "ton",
        "tous",
        "tout",
        "toute",
        "toutes",
        "tu",
        "un",
        "une",
        "us",
        "votre",
        "vos",
        "vous",
        "we",
        "with",
        "y",
        "you",
        "your",
        "all",
        "and",
        "are",
        "at",
        "be",
        "by",
        "club",
        "clubs",
    ]
)


def words_of(text: str) -> list[str]:
    """Return the words of a text that say something, folded, in their order; if all say nothing, all."""
    found = list(dict.fromkeys(token[:WORD_LENGTH] for token in tokens(text[:MOST_CHARACTERS])))
    return ([word for word in found if word not in STOP_WORDS] or found)[:MOST_WORDS]


@lru_cache(maxsize=20_000)
def stems(word: str) -> tuple[str, ...]:
    """Return the stems of a folded word, the French one and the English one where it differs."""
    french, english = _stemmers()
    return tuple(dict.fromkeys((french.stemWord(word), english.stemWord(word))))


@lru_cache(maxsize=1)
def _stemmers() -> "tuple[snowballstemmer.stemmer, snowballstemmer.stemmer]":
    return snowballstemmer.stemmer("french"), snowballstemmer.stemmer("english")


def index_group(group: Group) -> None:
    """Keep by what words a group is found."""
    weights: dict[str, int] = {}
    for text, weight in (
        (group.place.name, NAME),
        (group.second_name, NAME),
        (" ".join(group.tags), TAG),
        (group.purpose, PURPOSE),
        (group.second_purpose, PURPOSE),
    ):
        for word in words_of(text):
            for stem in stems(word):
                weights[stem] = max(weights.get(stem, 0), weight)
    _replace(GroupWord, group, [{"word": word, "weight": weight} for word, weight in weights.items()])
    _replace(GroupTag, group, [{"folded": key} for key in dict.fromkeys(map(tag_key, group.tags)) if key])


def _replace(model: type[GroupWord] | type[GroupTag], group: Group, rows: list[dict[str, object]]) -> None:
    db.session.execute(delete(model).where(model.place_id == group.place_id))
    if rows:
        db.session.execute(insert(model), [{"place_id": group.place_id, **row} for row in rows])
