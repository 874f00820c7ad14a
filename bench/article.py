"""A leader's article under which much is said: planted for its page, after all else."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from parvis_blog.domain.publish import month_of
from parvis_blog.domain.render import minutes_of
from parvis_blog.models import ARTICLE, LEADER, Article, Blog
from parvis_social.content.models import Content, Reaction
from parvis_social.content.models import Text as Source
from parvis_social.content.text import RENDERER
from parvis_social.place.models import Membership
from parvis_social.place.models import Place as PlaceRow

from bench.conversation import CONTENT, LONG, Conversations
from bench.load import Loader
from bench.writing import Stock, join

SLUG = "tide"
PARTS = 40
ADDED = 1 + LONG
"""Contents that are planted: the article and its comments."""


def plant(loader: Loader, said: Conversations, stock: Stock) -> int:
    """Let the first of all members have a blog with one article and 500 comments; return the article's id."""
    rng, place = Random(f"article {said.seed}"), max(each.id for each in said.crowd.places) + 1
    leader, article, since = said.crowd.people[0], said.total + 1, said.moment(0)
    comments = list(_comments(rng, said, stock, article, leader))
    newest = article + len(comments)
    loader.load(
        PlaceRow,
        ("id", "kind", "slug", "name", "access", "posting", "level", "types", "created_at", "latest_id",
         "active_at", "contents_count", "members_count"),
        [(place, LEADER, SLUG, "Tide", "open", "moderators", "mentions", [ARTICLE], since, newest, said.now,
          1, 1)],
    )  # fmt: skip
    loader.load(Membership, ("person_id", "place_id", "role", "since"), [(leader, place, "owner", since)])
    loader.load(
        Blog,
        ("place_id", "leader_id", "purpose", "language", "second_purpose", "author_ids",
         "asks", "anonymous", "is_main", "questions_count", "answered_count", "created_at"),
        [(place, leader, "What I see", "en", "", [leader], True, True, True, 0, 0, since)],
    )  # fmt: skip
    source, html = join(stock.some(rng, PARTS))
    reactions = {number: _reactions(rng, said) for number in (article, *(row[0] for row in comments))}
    loader.load(
        Content, CONTENT,
        [
            _row(article, place, leader, None, None, None, said.now, html[:300], reactions, newest),
            *(_row(number, place, author, article, parent, at, said.now, text, reactions, number)
              for number, author, parent, at, _source, text in comments),
        ],
    )  # fmt: skip
    loader.load(
        Source, ("content_id", "source", "renderer"),
        ((number, text, RENDERER) for number, _author, _parent, _at, text, _html in comments),
    )  # fmt: skip
    loader.load(
        Reaction, ("content_id", "person_id", "kind", "at"),
        ((number, person, "like", said.now) for number, people in reactions.items() for person in people),
    )  # fmt: skip
    loader.load(
        Article,
        ("content_id", "place_id", "month", "language", "source", "html", "minutes", "second_title",
         "second_excerpt", "second_source", "second_html", "second_minutes", "series", "series_key",
         "acknowledge", "acknowledged_count"),
        [(article, place, month_of(said.now), "en", source, html, minutes_of(html), "", "", "", "", 1, "", "",
          False, 0)],
    )  # fmt: skip
    return article


def _comments(
    rng: Random, said: Conversations, stock: Stock, article: int, leader: int
) -> Iterator[tuple[int, int, int | None, int, str, str]]:
    """Give id, author, what it answers, number, source and text; the leader answers one in ten."""
    above = None
    for number in range(1, LONG + 1):
        answers = number % 10 == 0
        author = leader if answers else said.crowd.writer(rng)
        parent = above if above is not None and (answers or rng.random() < 0.35) else None
        if parent is None:
            above = article + number
        yield article + number, author, parent, number, *join(stock.some(rng, 1))


def _reactions(rng: Random, said: Conversations) -> set[int]:
    return {said.crowd.writer(rng) for _ in range(int(rng.expovariate(1 / 2)))}


def _row(
    number: int, place: int, author: int, root: int | None, parent: int | None, at: int | None, now: datetime,
    html: str, reactions: dict[int, set[int]], latest: int,
) -> tuple[Any, ...]:  # fmt: skip
    count = 0 if root else LONG
    likes = len(reactions[number])
    moment = now - timedelta(minutes=LONG + 1 - (at or 0))
    return (
        number, "comment" if root else ARTICLE, place, author, 0, "" if root else "The tide and we", html, [],
        [], root, parent, at, latest, count, count, None, {"like": likes} if likes else {}, likes, moment, 1,
        None, "",
    )  # fmt: skip
