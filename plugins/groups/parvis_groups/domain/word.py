"""The words that groups are found by: folded, without those that say nothing, whole and as their stems.

A word is kept under its French and its English stem, since names mix both: *photographies* and *photography*
meet. Source: the Snowball stemmers of M. F. Porter.
"""

from functools import lru_cache
from typing import Any

import snowballstemmer  # type: ignore[import-untyped]  # it ships no types
from parvis.api import db, tokens
from sqlalchemy import delete, insert

from ..models import TAG_LENGTH, WORD_LENGTH, Group, GroupTag, GroupWord

NAME, TAG, PURPOSE = 1, 2, 3
"""Where a word stands: its rank."""

MOST_WORDS = 40
MOST_CHARACTERS = 400
_STOP_WORDS = """
a all and are at au aux avec be by ce ces cette club clubs d dans de des du elle en est et for from group
groupe groupes groups i il in is it je l la le les leur leurs ma mes mon n nos notre nous of on ou our
par pas pour qu que qui s sa se ses son sont sur t ta te tes the this to toi ton tous tout toute toutes
tu un une us vos votre vous we with y you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def words_of(text: str, most: int = MOST_WORDS) -> list[str]:
    """Return the words of a text that say something, folded, in their order; if all say nothing, all."""
    found = list(dict.fromkeys(token[:WORD_LENGTH] for token in tokens(text[:MOST_CHARACTERS])))
    return ([word for word in found if word not in STOP_WORDS] or found)[:most]


@lru_cache(maxsize=20_000)
def forms(word: str) -> tuple[str, ...]:
    """Return what a folded word is kept under: as it is, and its French and English stems."""
    french, english = _stemmers()
    return tuple(dict.fromkeys((word, french.stemWord(word), english.stemWord(word))))


@lru_cache(maxsize=1)
def _stemmers() -> tuple[Any, Any]:
    return snowballstemmer.stemmer("french"), snowballstemmer.stemmer("english")


def tag_key(label: str) -> str:
    """Return what a tag is compared by and found under: `#Côte d'Azur` is `cote-d-azur`."""
    return "-".join(tokens(label))[:TAG_LENGTH]


def index_group(group: Group) -> None:
    """Keep by what words and tags a group is found."""
    words, tags = found_by(group)
    _replace(GroupWord, group, words)
    _replace(GroupTag, group, tags)


def found_by(group: Group) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of the words and of the tags by which a group is found."""
    ranks: dict[str, int] = {}
    for text, rank in (
        (group.place.name, NAME),
        (group.place.second_name, NAME),
        (" ".join(group.tags), TAG),
        (group.purpose, PURPOSE),
        (group.second_purpose, PURPOSE),
    ):
        for word in words_of(text):
            for form in forms(word):
                ranks.setdefault(form, rank)
    labels = {tag_key(label): label for label in group.tags}
    place = {"place_id": group.place_id}
    return (
        [{**place, "word": word, "rank": rank} for word, rank in sorted(ranks.items())],
        [{**place, "folded": key, "label": label} for key, label in sorted(labels.items())],
    )


def _replace(model: type[GroupWord] | type[GroupTag], group: Group, rows: list[dict[str, Any]]) -> None:
    db.session.execute(delete(model).where(model.place_id == group.place_id))
    if rows:
        db.session.execute(insert(model), rows)
