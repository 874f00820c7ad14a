"""All blogs: leaders first, those that were written in last first."""

from datetime import datetime
from typing import Any, NamedTuple

from parvis.api import BigId, Member, Person, db, prepared, utcnow
from parvis_social.api import (
    FACE,
    VIEWER,
    Content,
    Face,
    Place,
    PlaceFollow,
    place_kinds,
    readable_places,
)
from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager

from ..models import KINDS, LEADER, Article, Blog
from .read import second

PAGE = 20
NAMED = 100


class BlogRow(NamedTuple):
    """A blog in a list, with its latest article."""

    id: int
    kind: str
    slug: str
    name: str
    purpose: str
    archived_at: datetime | None
    follows: bool
    level: str
    muted_until: datetime | None
    """Only while it is muted."""
    leader: Face | None
    article_id: int | None
    article_title: str
    article_at: datetime | None
    questions_count: int
    answered_count: int
    mark: str

    @property
    def url(self) -> str:
        """Address of its page."""
        return f"/blogs/{self.slug}"


def list_blogs(viewer: Member, *, language: str, after: str = "") -> tuple[list[BlogRow], str]:
    """List blogs: the leaders', then the others, by the newest that was written; and the next page's mark."""
    rank, latest, number = _mark(after)
    values = {"viewer": viewer.id, "rank": rank, "latest": latest, "number": number}
    rows = db.session.execute(_blogs(), values).all()
    found = [_row(row, language) for row in rows[:PAGE]]
    return found, found[-1].mark if len(rows) > PAGE else ""


class BlogName(NamedTuple):
    """A blog, as far as naming it and leading to it needs."""

    slug: str
    name: str


def name_blogs(viewer: Member, *, language: str) -> list[BlogName]:
    """Return the names of the blogs somebody may read, those they follow first: as many as a page takes."""
    followed = and_(PlaceFollow.place_id == Place.id, PlaceFollow.person_id == VIEWER)
    known = [kind for kind in KINDS if kind in place_kinds()]
    query = (
        select(Blog, Place)
        .join(Blog.place)
        .outerjoin(PlaceFollow, followed)
        .where(Place.kind.in_(known), readable_places())
        .options(contains_eager(Blog.place))
        .order_by(PlaceFollow.place_id.is_(None), Place.name, Place.id)
        .limit(NAMED)
    )
    found = db.session.execute(query, {"viewer": viewer.id})
    return [
        BlogName(place.slug, second(blog, language, place.name, place.second_name)) for blog, place in found
    ]


def _mark(after: str) -> tuple[int, int, int]:
    parts = after[:60].split("-")
    if len(parts) == 3 and all(part.isdecimal() and len(part) < 19 for part in parts):
        return int(parts[0]), int(parts[1]), int(parts[2])
    return -1, 0, 0


def _row(row: Any, language: str) -> BlogRow:
    blog, place, level, until, content_id, title, article_language, second_title, at = row[:9]
    face = row[9:14]
    muted = until if until is not None and until > utcnow() else None
    shown = second_title if second_title and article_language != language else title
    return BlogRow(
        place.id, place.kind, place.slug, second(blog, language, place.name, place.second_name),
        second(blog, language, blog.purpose, blog.second_purpose), place.archived_at, level is not None,
        level or "", muted, Face(*face) if face[0] is not None else None, content_id, shown or "", at,
        blog.questions_count, blog.answered_count,
        f"{0 if place.kind == LEADER else 1}-{place.latest_id}-{place.id}",
    )  # fmt: skip


@prepared
def _blogs() -> Any:
    rank = db.case((Place.kind == LEADER, 0), else_=1)
    known = [kind for kind in KINDS if kind in place_kinds()]
    after_rank, latest, number = (bindparam(name, type_=BigId) for name in ("rank", "latest", "number"))
    further = or_(
        rank > after_rank,
        and_(rank == after_rank, Place.latest_id < latest),
        and_(rank == after_rank, Place.latest_id == latest, Place.id < number),
    )
    newest = (
        select(func.max(Article.content_id))
        .join(Content, Content.id == Article.content_id)
        .where(Article.place_id == Blog.place_id, Content.deleted_at.is_(None))
        .correlate(Blog)
        .scalar_subquery()
    )
    followed = and_(PlaceFollow.place_id == Place.id, PlaceFollow.person_id == VIEWER)
    return (
        select(
            Blog, Place, PlaceFollow.level, PlaceFollow.muted_until, Content.id, Content.title,
            Article.language, Article.second_title, Content.created_at, *FACE,
        )
        .join(Blog.place)
        .outerjoin(PlaceFollow, followed)
        .outerjoin(Article, Article.content_id == newest)
        .outerjoin(Content, Content.id == Article.content_id)
        .outerjoin(Person, Person.id == Blog.leader_id)
        .where(Place.kind.in_(known), readable_places(), further)
        .options(contains_eager(Blog.place))
        .order_by(rank, Place.latest_id.desc(), Place.id.desc())
        .limit(PAGE + 1)
    )  # fmt: skip
