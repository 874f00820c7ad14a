"""A blog as one person meets it: what it is, what they are there, what they may do."""

from dataclasses import dataclass
from typing import Any

from parvis.api import Member, NotAllowed, NotFound, Person, columns_of, entities, one_of, prepared, read_rows
from parvis.api import gettext as _
from parvis_social.api import (
    VIEWER,
    Membership,
    Place,
    PlaceFollow,
    Role,
    lock_place,
    manages,
    place_kinds,
    role_in,
    visible_places,
)
from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm.attributes import set_committed_value

from ..models import KINDS, Blog


@dataclass(frozen=True)
class View:
    """A blog, and what one person is to it: an author owns it, a delegate looks after it."""

    blog: Blog
    role: Role | None
    follow: PlaceFollow | None
    viewer: Member

    @property
    def place(self) -> Place:
        """The place that the blog is."""
        return self.blog.place

    @property
    def is_author(self) -> bool:
        """Whether it is theirs, alone or with others."""
        return self.role == Role.OWNER

    @property
    def writes(self) -> bool:
        """Whether they write in it, in their own name or in that of its authors."""
        return manages(self.role)

    @property
    def may_write(self) -> bool:
        """Whether they may write in it now."""
        return self.writes and self.place.archived_at is None

    @property
    def may_ask(self) -> bool:
        """Whether they may put a question."""
        return self.blog.asks and self.place.archived_at is None

    def name_for(self, language: str) -> str:
        """Its name, in a reader's language if it has one there."""
        return second(self.blog, language, self.place.name, self.place.second_name)

    def purpose_for(self, language: str) -> str:
        """What it is for, likewise."""
        return second(self.blog, language, self.blog.purpose, self.blog.second_purpose)


def second(blog: Any, language: str, own: str, other: str) -> str:
    """Choose between words and those of the second language, by the language of who reads."""
    return other if other and language != blog.language else own


def get_blog_for(member: Member, slug: str) -> View:
    """Fetch a blog that the member may read.

    Raises:
        NotFound: there is none.
    """
    if not slug.isprintable():  # PostgreSQL takes not every character
        raise nothing()
    return _view(member, _by_slug(), slug=slug)


def get_blog_by_id(member: Member, place_id: int) -> View:
    """Fetch a blog as `get_blog_for` does."""
    return _view(member, _by_id(), id=place_id)


def as_writer(blog: Blog, actor: Member) -> Role:
    """Return what the actor is in a blog that they write in, which nobody changes until the transaction ends.

    Raises:
        NotAllowed: they do not write in it.
    """
    lock_place(blog.place)
    role = role_in(blog.place_id, actor.id)
    if role is None or not manages(role):
        raise NotAllowed(
            _("Only the authors of %(blog)s and their delegates can do this.", blog=blog.place.shown_name)
        )
    return role


def nothing() -> NotFound:
    """Return the one answer to who may not know whether there is something."""
    return NotFound(_("There is no such page, or it is not open to you."))


def _view(member: Member, statement: Any, **values: Any) -> View:
    rows = read_rows(statement, {"viewer": member.id, **values})
    if not rows:
        raise nothing()
    blog, place, leader, follow = entities(rows[0], Blog, Place, Person, PlaceFollow)
    set_committed_value(blog, "place", place)
    set_committed_value(blog, "leader", leader)
    role = rows[0].role
    return View(blog, Role(role) if role else None, follow, member)


@prepared
def _by_slug() -> Any:
    return _views().where(Place.slug == bindparam("slug"))


@prepared
def _by_id() -> Any:
    return _views().where(Place.id == bindparam("id"))


def _views() -> Any:
    mine = and_(Membership.place_id == Place.id, Membership.person_id == VIEWER)
    followed = and_(PlaceFollow.place_id == Place.id, PlaceFollow.person_id == VIEWER)
    known = [kind for kind in KINDS if kind in place_kinds()]
    return (
        select(*columns_of(Blog, Place, Person, PlaceFollow), Membership.role)
        .select_from(Blog)
        .join(Blog.place)
        .outerjoin(Person, Person.id == Blog.leader_id)
        .outerjoin(Membership, mine)
        .outerjoin(PlaceFollow, followed)
        .where(one_of(Place.kind, known), visible_places())
    )
