"""Opening blogs, saying what they are, and who writes in them."""

from secrets import token_hex

from parvis.api import Invalid, Member, NotAllowed, Person, db, fold, may, record
from parvis.api import gettext as _
from parvis_social.api import (
    Access,
    Level,
    Membership,
    Place,
    Posting,
    Role,
    add_member,
    archive,
    remove_member,
    set_role,
)
from sqlalchemy import select, update

from ..event import BlogChanged, BlogOpened, RoleGiven
from ..models import ARTICLE, KINDS, LEADER, NAME_LENGTH, PERSONAL, TEAM, Blog, Leader
from ..permission import BlogPermission
from ..settings import settings
from .read import View, get_blog_by_id
from .said import language as checked_language
from .said import line, other

PURPOSE_LENGTH = 200
SLUG_LENGTH = 60
RESERVED = frozenset(("articles", "drafts", "feeds", "new", "questions", "static"))
"""Addresses that are pages of their own."""


def kinds_for(member: Member) -> list[str]:
    """Return the kinds of blogs that a member may open; of a leader's and a personal one, their own."""
    if may(member, BlogPermission.OPEN):
        return [LEADER, TEAM, *([PERSONAL] if settings().personal else [])]
    own = [LEADER] if db.session.get(Leader, member.id) is not None else []
    return own + ([PERSONAL] if settings().personal else [])


def open_blog(
    *,
    kind: str,
    name: str,
    actor: Member,
    leader: Person | None = None,
    purpose: str = "",
    language: str = "fr",
    second_name: str = "",
    second_purpose: str = "",
    anonymous: bool = False,
) -> Blog:
    """Open a blog; a leader's or a personal one belongs to `leader`, else to the actor.

    The first blog of a leader is the company's main one, until an administrator chooses another.

    Raises:
        NotAllowed: the actor may not open such a blog, or not for somebody else.
        Invalid: something is missing or too long, or they have a personal blog already; `field` names it.
    """
    owner = leader or actor.person
    _check_may_open(kind, owner, actor)
    name = line(name, NAME_LENGTH, "name", missing=_("Please give the blog a name."))
    if kind == PERSONAL and _has_personal(owner.id):
        raise Invalid(_("There is a personal blog already: one is enough."), field="kind")
    place = Place(
        kind=kind, slug=_free_slug(name), name=name, access=Access.OPEN, posting=Posting.MODERATORS,
        level=Level.MENTIONS, types=[ARTICLE],
    )  # fmt: skip
    db.session.add(place)
    db.session.flush()
    blog = Blog(
        place_id=place.id, place=place, leader_id=None if kind == TEAM else owner.id, anonymous=anonymous,
        is_main=kind == LEADER and main_blog() is None,
    )  # fmt: skip
    _describe(blog, name, purpose, language, second_name, second_purpose)
    db.session.add(blog)
    add_member(place=place, person_id=owner.id, actor=actor, role=Role.OWNER)
    _count_authors(blog)
    record(BlogOpened(actor=actor.id, person=blog.leader_id, place=place.id))
    return blog


def _check_may_open(kind: str, owner: Person, actor: Member) -> None:
    if kind not in KINDS:
        raise Invalid(_("Please choose one of these."), field="kind")
    if kind not in kinds_for(actor) or (owner.id != actor.id and not may(actor, BlogPermission.OPEN)):
        raise NotAllowed(_("You cannot open such a blog. Ask an administrator."))


def _has_personal(person_id: int) -> bool:
    own = select(Blog.place_id).join(Blog.place).where(Blog.leader_id == person_id, Place.kind == PERSONAL)
    return db.session.scalar(own) is not None


def main_blog() -> Blog | None:
    """Return the company's main blog, if there is one."""
    return db.session.scalar(select(Blog).where(Blog.is_main.is_(True)))


def change_blog(
    *,
    blog: Blog,
    actor: Member,
    name: str,
    purpose: str,
    language: str,
    second_name: str = "",
    second_purpose: str = "",
    asks: bool = True,
    anonymous: bool = False,
) -> None:
    """Change what a blog says of itself and allows; its address stays, so that links to it live on.

    Raises:
        NotAllowed: the actor is none of its authors, and may not look after blogs.
        Invalid: something is missing or too long; `field` names it.
    """
    _as_keeper(blog, actor)
    name = line(name, NAME_LENGTH, "name", missing=_("Please give the blog a name."))
    _describe(blog, name, purpose, language, second_name, second_purpose)
    blog.asks, blog.anonymous = asks, anonymous
    db.session.flush()
    record(BlogChanged(actor=actor.id, place=blog.place_id))


def make_main(*, blog: Blog, actor: Member) -> None:
    """Let new members follow this blog from their first day, and no other.

    Raises:
        NotAllowed: the actor may not look after blogs.
    """
    if not may(actor, BlogPermission.OPEN):
        raise NotAllowed(_("Only administrators choose the main blog."))
    db.session.execute(update(Blog).where(Blog.is_main.is_(True)).values(is_main=False))
    db.session.flush()
    blog.is_main = True
    db.session.flush()


def close_blog(*, blog: Blog, actor: Member, closed: bool = True) -> None:
    """Let a blog be read only, or be written in again.

    Raises:
        NotAllowed: the actor is none of its authors, and may not look after blogs.
    """
    _as_keeper(blog, actor)
    archive(place=blog.place, actor=actor, archived=closed)


def give_role(*, blog: Blog, person: Person, role: Role, actor: Member) -> None:
    """Make somebody an author (owner) or a delegate (moderator) of a blog.

    Raises:
        NotAllowed: the actor is none of its authors, and may not look after blogs.
        Invalid: there is no such role, or the blog would have no author left.
    """
    _as_keeper(blog, actor)
    if role not in (Role.OWNER, Role.MODERATOR):
        raise Invalid(_("Please choose one of these."), field="role")
    if not add_member(place=blog.place, person_id=person.id, actor=actor, role=role):
        set_role(place=blog.place, person_id=person.id, role=role)
    _count_authors(blog)
    record(RoleGiven(actor=actor.id, person=person.id, place=blog.place_id, role=role))


def take_role(*, blog: Blog, person: Person, actor: Member) -> None:
    """Let somebody write in a blog no longer; what they wrote stays.

    Raises:
        NotAllowed: the actor is neither they nor an author, and may not look after blogs.
        Invalid: the blog would have no author left.
    """
    if person.id != actor.id:
        _as_keeper(blog, actor)
    if remove_member(place=blog.place, person_id=person.id, actor=actor):
        _count_authors(blog)
        record(RoleGiven(actor=actor.id, person=person.id, place=blog.place_id, role=""))


def writers_of(blog: Blog) -> list[tuple[Person, Role]]:
    """Return who writes in a blog: its authors first."""
    query = (
        select(Person, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.place_id == blog.place_id, Membership.role.in_((Role.OWNER, Role.MODERATOR)))
        .order_by(Membership.role.desc(), Person.sort_name, Person.id)
        .limit(100)
    )
    return [(person, Role(role)) for person, role in db.session.execute(query)]


def authors_of(blog: Blog) -> list[tuple[int, str]]:
    """Return the ids and names of a blog's authors, by name."""
    query = select(Person.id, Person.display_name).where(Person.id.in_(blog.author_ids))
    return [(row[0], row[1]) for row in db.session.execute(query.order_by(Person.sort_name, Person.id))]


def keeps(view: View) -> bool:
    """Tell whether somebody says what a blog is and who writes in it: its authors, and administrators."""
    return view.is_author or may(view.viewer, BlogPermission.OPEN)


def _as_keeper(blog: Blog, actor: Member) -> None:
    if not keeps(get_blog_by_id(actor, blog.place_id)):
        raise NotAllowed(_("Only the authors of %(blog)s can do this.", blog=blog.place.shown_name))


def _describe(
    blog: Blog, name: str, purpose: str, language: str, second_name: str, second_purpose: str
) -> None:
    blog.place.name = name
    blog.purpose = line(purpose, PURPOSE_LENGTH, "purpose")
    blog.language = checked_language(language)
    blog.place.second_name = line(second_name, NAME_LENGTH, "second_name")
    blog.place.second_language = other(blog.language)
    blog.second_purpose = line(second_purpose, PURPOSE_LENGTH, "second_purpose")


def _count_authors(blog: Blog) -> None:
    owners = select(Membership.person_id).where(
        Membership.place_id == blog.place_id, Membership.role == Role.OWNER
    )
    blog.author_ids = list(db.session.scalars(owners.order_by(Membership.since, Membership.person_id)))
    db.session.flush()


def _free_slug(name: str) -> str:
    base = "-".join("".join(c if c.isalnum() else " " for c in fold(name)).split())[:SLUG_LENGTH] or "blog"
    taken = set(
        db.session.scalars(select(Place.slug).where(Place.kind.in_(KINDS), Place.slug.like(f"{base}%")))
    )
    if base not in taken and base not in RESERVED:
        return base
    return f"{base}-{token_hex(3)}"
