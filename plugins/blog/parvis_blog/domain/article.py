"""Articles as they are read: one, those of a blog by month and series, the details of cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from flask import g, has_request_context
from parvis.api import BigId, Member, Person, among, columns_of, entities, get_locale, prepared, read_rows
from parvis_social.api import (
    FACE,
    VIEWER,
    Content,
    Face,
    PlaceFollow,
    Reading,
    get_content_for,
    readable,
)
from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from ..models import Acknowledgement, Article, Blog
from .read import nothing
from .render import in_language

PAGE = 20
KEPT = "blog_articles"
END = 2**62
LISTED: tuple[Any, ...] = (
    Article.content_id, Article.language, Article.minutes, Article.second_title, Article.second_excerpt,
    Article.second_minutes, Article.lead, Article.series, Article.acknowledge, Article.acknowledged_count,
)  # fmt: skip
"""What lists and cards read: a row of these is an article as far as `detail_of` asks."""

ON_PAGE = (Article, Blog, PlaceFollow)
WIDTH = len(columns_of(*ON_PAGE))


@dataclass(frozen=True)
class Detail:
    """What an article says to a reader, in their language if it speaks it."""

    content_id: int
    language: str
    languages: tuple[str, ...]
    title: str
    """Only where it differs from the content's own."""
    html: str = field(compare=False)
    excerpt: str
    """Only where it differs from the content's own."""
    minutes: int
    lead: Mapping[str, Any] | None = field(compare=False)
    series: str
    acknowledge: bool
    acknowledged_count: int
    publisher: Face | None = None


class Neighbour(NamedTuple):
    """Another article of a series."""

    id: int
    title: str


@dataclass(frozen=True)
class Page:
    """An article, and what only its page shows."""

    detail: Detail
    blog: Blog
    source: str
    """What it was written in, in the language of `detail`."""
    acknowledged_at: datetime | None = None
    follow: PlaceFollow | None = None
    earlier: Neighbour | None = None
    later: Neighbour | None = None


class Row(NamedTuple):
    """An article in a list."""

    id: int
    title: str
    excerpt: str
    at: datetime
    changed_at: datetime
    author: Face
    comments: int
    reactions: int
    detail: Detail

    @property
    def month(self) -> tuple[int, int]:
        """The year and the month under which it stands."""
        return self.at.year, self.at.month


def reader_language() -> str:
    """Return the language of whoever reads, as far as articles are concerned."""
    locale = get_locale()
    return locale.language if locale else ""


def details(content_ids: Sequence[int]) -> dict[int, Detail]:
    """Return the details of articles for their cards: one query, and none for what its page knows already."""
    known: dict[int, Detail] = g.get(KEPT, {}) if has_request_context() else {}
    missing = [content_id for content_id in content_ids if content_id not in known]
    if not missing:
        return {content_id: known[content_id] for content_id in content_ids}
    rows = read_rows(_details(), {"ids": missing})
    return known | {row.content_id: detail_of(row, _face(row[len(LISTED) :])) for row in rows}


@prepared
def _details() -> Any:
    columns: tuple[Any, ...] = (*LISTED, *FACE)
    listed = select(*columns).outerjoin(Person, Person.id == Article.publisher_id)
    return listed.where(among(Article.content_id, "ids"))


def detail_of(
    article: Article, publisher: Face | None, language: str | None = None, *, whole: bool = False
) -> Detail:
    """Return what an article says in a language, by default the reader's; else in its own.

    `whole`: with its text, which lists do not read.
    """
    wanted = language or reader_language()
    second = bool(article.second_title) and wanted != article.language
    text = (article.second_html if second else article.html) if whole else ""
    return Detail(
        content_id=article.content_id,
        language=_second(article.language) if second else article.language,
        languages=(article.language, _second(article.language))
        if article.second_title
        else (article.language,),
        title=article.second_title if second else "",
        html=text,
        excerpt=article.second_excerpt if second else "",
        minutes=article.second_minutes if second else article.minutes,
        lead=in_language(article.lead, second=second) if article.lead else None,
        series=article.series,
        acknowledge=article.acknowledge,
        acknowledged_count=article.acknowledged_count,
        publisher=publisher,
    )


def _second(language: str) -> str:
    return "en" if language == "fr" else "fr"


def _face_of(person: Any) -> list[Any]:
    """Return the columns of a `Face`, of a person by another name."""
    return [getattr(person, column.key) for column in FACE]


def _face(columns: Sequence[Any]) -> Face | None:
    return Face(*columns) if columns[0] is not None else None


def get_article_for(member: Member, content_id: int) -> Reading:
    """Fetch an article that the member may read, for `read_article`, or the mark of one: one query.

    Raises:
        NotFound: there is none, or it is not open to them.
    """
    return get_content_for(member, content_id, withdrawn=True, joined=_with_article)


def read_article(reading: Reading, *, language: str | None = None) -> Page:
    """Return an article for its page, of what `get_article_for` gave.

    Raises:
        NotFound: it is of another type, or only its mark is left.
    """
    article, blog, follow = entities(reading.joined, *ON_PAGE)
    if article is None:
        raise nothing()
    at, *publisher = reading.joined[WIDTH:]
    detail = detail_of(article, _face(publisher), language, whole=True)
    if has_request_context():
        g.setdefault(KEPT, {})[article.content_id] = detail
    earlier, later = _neighbours_of(article) if article.series_key else (None, None)
    source = article.source if detail.language == article.language else article.second_source
    return Page(detail, blog, source, at, follow, earlier, later)


def _neighbours_of(article: Article) -> tuple[Neighbour | None, Neighbour | None]:
    """Return the articles before and after one in its series."""
    values = {"id": article.content_id, "place": article.place_id, "series": article.series_key}
    found: dict[bool, Neighbour] = {}
    for content_id, title, language, second_title in read_rows(_beside(), values):
        said = second_title if second_title and reader_language() != language else title
        found[content_id < article.content_id] = Neighbour(content_id, said)
    return found.get(True), found.get(False)


def _with_article(query: Any) -> Any:
    """Add to the query of a content what only the page of an article shows."""
    mine = and_(Acknowledgement.content_id == Article.content_id, Acknowledgement.person_id == VIEWER)
    followed = and_(PlaceFollow.place_id == Article.place_id, PlaceFollow.person_id == VIEWER)
    publisher = aliased(Person)
    return (
        query.add_columns(*columns_of(*ON_PAGE), Acknowledgement.at, *_face_of(publisher))
        .outerjoin(Article, Article.content_id == Content.id)
        .outerjoin(Blog, Blog.place_id == Article.place_id)
        .outerjoin(publisher, publisher.id == Article.publisher_id)
        .outerjoin(Acknowledgement, mine)
        .outerjoin(PlaceFollow, followed)
    )


@prepared
def _beside() -> Any:
    """Return the articles of a series before and after one."""
    number, other, content = bindparam("id", type_=BigId), aliased(Article), aliased(Content)
    same = (
        select(other.content_id)
        .join(content, content.id == other.content_id)
        .where(
            other.place_id == bindparam("place", type_=BigId),
            other.series_key == bindparam("series"),
            content.deleted_at.is_(None),
        )
        .limit(1)
    )
    before = same.where(other.content_id < number).order_by(other.content_id.desc())
    after = same.where(other.content_id > number).order_by(other.content_id)
    return (
        select(Content.id, Content.title, Article.language, Article.second_title)
        .join(Article, Article.content_id == Content.id)
        .where(or_(Content.id == before.scalar_subquery(), Content.id == after.scalar_subquery()))
    )


def list_articles(
    blog: Blog,
    *,
    viewer: Member,
    before: int | None = None,
    month: int | None = None,
    series: str = "",
    limit: int = PAGE,
) -> list[Row]:
    """List the articles of a blog, the newest first; one more than a page if there are more.

    `month`: of one month alone (202611); `series`: of one series, by its folded name.
    """
    values: dict[str, Any] = {
        "viewer": viewer.id, "place": blog.place_id, "before": before or END, "most": limit + 1,
    }  # fmt: skip
    narrowed = {"month": month, "series": series}
    values |= {name: value for name, value in narrowed.items() if value}
    return [_row(row) for row in read_rows(_list(month is not None, bool(series)), values)]


def _row(row: Any) -> Row:
    title, excerpt, at, edited, comments, reactions, *people = row[len(LISTED) :]
    author, publisher = people[:5], people[5:]
    detail = detail_of(row, _face(publisher))
    return Row(
        detail.content_id, detail.title or title, detail.excerpt or excerpt, at, edited or at, Face(*author),
        comments, reactions, detail,
    )  # fmt: skip


@prepared
def _list(of_month: bool, of_series: bool) -> Any:
    publisher = aliased(Person)
    columns = (
        Content.title, Content.body_html, Content.created_at, Content.edited_at, Content.comments_count,
        Content.reactions_count,
    )  # fmt: skip
    query = (
        select(*LISTED, *columns, *FACE, *_face_of(publisher))
        .join(Content, Content.id == Article.content_id)
        .join(Content.place)
        .join(Person, Person.id == Content.author_id)
        .outerjoin(publisher, publisher.id == Article.publisher_id)
        .where(
            Article.place_id == bindparam("place", type_=BigId),
            Content.place_id == Article.place_id,
            Article.content_id < bindparam("before", type_=BigId),
            Content.deleted_at.is_(None),
            readable(),
        )
        .order_by(Article.content_id.desc())
        .limit(bindparam("most", type_=BigId))
    )
    if of_month:
        query = query.where(Article.month == bindparam("month", type_=BigId))
    if of_series:
        query = query.where(Article.series_key == bindparam("series"))
    return query


class Month(NamedTuple):
    """How many articles of a blog are of one month."""

    month: int
    number: int

    @property
    def first_day(self) -> datetime:
        """A day in it, to be named."""
        return datetime(self.month // 100, self.month % 100, 15)  # noqa: DTZ001  # only its month is shown


def months_of(blog: Blog) -> list[Month]:
    """Return the months in which a blog has articles, the newest first."""
    return [Month(*row) for row in read_rows(_months(), {"place": blog.place_id})]


@prepared
def _months() -> Any:
    return (
        select(Article.month, func.count())
        .join(Content, Content.id == Article.content_id)
        .where(Article.place_id == bindparam("place", type_=BigId), Content.deleted_at.is_(None))
        .group_by(Article.month)
        .order_by(Article.month.desc())
    )
