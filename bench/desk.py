"""The pages of those who moderate the whole site, as one of them sees them; and reporting."""

from collections.abc import Iterator
from functools import partial

from parvis.db import db
from parvis_moderation.models import Case
from parvis_social.content.models import Content
from sqlalchemy import select

from bench.load import opened
from bench.page import Act, Page
from bench.population import Scene
from bench.reported import leave_open
from bench.talk import STREAM, WRITE

FEW, FULL, MANY = 10, 30, 10_000
"""So many cases are open. As soon as a page is full, it costs the same however many there are."""
LATELY = 1_000


def pages_of(url: str, scene: Scene, manager: int) -> Iterator[Page]:
    """Name them. The queue is filled while it is measured; its pages come last.

    Args:
        manager: who moderates, as `reported.populate` returns it.
    """
    cases, contents = _some(url)
    many = min(MANY, scene.contents // 2)

    def report(number: int) -> Act:
        content, author = contents[number % len(contents)]
        people = scene.writers
        person = people[number % len(people)]
        if person == author:
            person = people[(number + 1) % len(people)]
        return Act(f"/moderation/report/content/{content}", person, {"reason": "advertising", "note": ""})

    paths = [f"/moderation/cases/{case}" for case in cases]
    yield Page("moderation: a case", paths, goal_ratio=STREAM, viewer=manager)
    yield Page("moderation: open record", ["/moderation/record"], goal_ratio=STREAM)
    yield Page("moderation: log", ["/moderation/log"], goal_ratio=STREAM, viewer=manager)
    yield Page("write: a report", [], goal_ratio=WRITE, act=report)
    for number in (FEW, FULL, many):
        yield Page(
            f"moderation: queue of {number:,}", ["/moderation"], goal_ratio=STREAM, viewer=manager,
            like=f"moderation: queue of {FULL}" if number == many else "",
            arrange=partial(leave_open, url, number),
        )  # fmt: skip


def _some(url: str) -> tuple[list[int], list[tuple[int, int]]]:
    """Return cases of what is there, and the newest posts that everybody reads, with their authors."""
    with opened(url):
        cases = select(Case.id).where(Case.kind == "content").order_by(Case.id).limit(40)
        posts = select(Content.id, Content.author_id).where(
            Content.type == "post", Content.audience == 0, Content.deleted_at.is_(None)
        )
        rows = db.session.execute(posts.order_by(Content.id.desc()).limit(LATELY))
        return list(db.session.scalars(cases)), [(row.id, row.author_id) for row in rows]
