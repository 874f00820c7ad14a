"""Who may read, write and look after: one condition for lists, one fetch for pages, used by everything."""

from collections.abc import Sequence
from typing import Any

from parvis.api import (
    BigId,
    Member,
    NotAllowed,
    NotFound,
    columns_of,
    db,
    entities,
    hooks,
    one_of,
    prepared,
    read_rows,
)
from parvis.api import gettext as _
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from ..content.models import Content
from ..contribution import Publication
from ..registry import content_types, place_kinds
from ..statement import VIEWER
from .models import EVERYONE, Access, Membership, Place, Posting, Role

MANAGING = (Role.OWNER, Role.MODERATOR)


def readable(belongs: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """Return the condition that `VIEWER` may read a `Content`, of types and places that are in use.

    The query it goes into joins `Place`, and is executed with `{"viewer": member.id}`. Nobody is above it:
    administrators read no closed place by right.

    `belongs`: the condition that they belong to its audience, where few contents are looked at: without it,
    the list of all places that they belong to is made first.
    """
    mine = Content.audience.in_(_places_of_viewer()) if belongs is None else belongs
    return and_(
        one_of(Content.type, content_types()), _of_known_kind(), or_(Content.audience == EVERYONE, mine)
    )


def _of_known_kind() -> ColumnElement[bool]:
    """Return the condition that a `Place` which was found by something else is of a kind in use.

    SQLite, without statistics, would take the kind for a good start, and read all places and what they hold:
    it is said in a form that no index serves. PostgreSQL counts better, but not what it cannot look into.
    """
    if db.engine.dialect.name == "sqlite":
        return one_of(func.coalesce(Place.kind, ""), place_kinds())
    return one_of(Place.kind, place_kinds())


def visible_places() -> ColumnElement[bool]:
    """Return the condition that `VIEWER` may know that a `Place` exists."""
    mine = Place.id.in_(_places_of_viewer())
    return and_(_of_known_kind(), or_(Place.access != Access.SECRET, mine))


def readable_places(belongs: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """Return the condition that `VIEWER` may read what a `Place` holds.

    `belongs`: as `readable` takes it.
    """
    mine = Place.id.in_(_places_of_viewer()) if belongs is None else belongs
    return and_(one_of(Place.kind, place_kinds()), or_(Place.access == Access.OPEN, mine))


def _places_of_viewer() -> Select[int]:
    return select(Membership.place_id).where(Membership.person_id == VIEWER)


def role_in(place_id: int, person_id: int) -> Role | None:
    """Return what somebody is in a place, None if they do not belong to it."""
    rows = read_rows(_role(), {"viewer": person_id, "place": place_id})
    return Role(rows[0].role) if rows else None


@prepared
def _role() -> Select[str]:
    here = Membership.place_id == bindparam("place", type_=BigId)
    return select(Membership.role).where(Membership.person_id == VIEWER, here)


def get_place_for(member: Member, *, kind: str, slug: str) -> tuple[Place, Role | None]:
    """Fetch a place that the member may know of, and what they are in it; it may be closed to them.

    Raises:
        NotFound: there is none, or it is secret and not theirs.
    """
    values = {"viewer": member.id, "kind": kind, "slug": slug}
    return _known(read_rows(_place_by_slug(), values))


def get_place_by_id(member: Member, place_id: int) -> tuple[Place, Role | None]:
    """Fetch a place as `get_place_for` does."""
    return _known(read_rows(_place_by_id(), {"viewer": member.id, "id": place_id}))


@prepared
def _place_by_slug() -> Select[Any]:
    return _known_places().where(Place.kind == bindparam("kind"), Place.slug == bindparam("slug"))


@prepared
def _place_by_id() -> Select[Any]:
    return _known_places().where(Place.id == bindparam("id"))


def _known_places() -> Select[Any]:
    mine = and_(Membership.place_id == Place.id, Membership.person_id == VIEWER)
    return (
        select(*columns_of(Place), Membership.role)
        .outerjoin(Membership, mine)
        .where(
            one_of(Place.kind, place_kinds()),
            or_(Place.access != Access.SECRET, Membership.role.is_not(None)),
        )
    )


def _known(rows: Sequence[Any]) -> tuple[Place, Role | None]:
    if not rows:
        raise nothing()
    [place] = entities(rows[0], Place)
    return place, Role(rows[0].role) if rows[0].role else None


def may_read(place: Place, role: Role | None) -> bool:
    """Tell whether somebody with this role (None: not a member) reads what a place holds."""
    return place.access == Access.OPEN or role is not None


def is_member(role: Role | None) -> bool:
    """Tell whether somebody with this role is a member of a place."""
    return role is not None and role != Role.VISITOR


def may_post(place: Place, role: Role | None) -> bool:
    """Tell whether somebody with this role publishes in a place."""
    if not may_comment(place, role):
        return False
    if place.posting == Posting.READERS:
        return True
    return role in MANAGING if place.posting == Posting.MODERATORS else is_member(role)


def may_comment(place: Place, role: Role | None) -> bool:
    """Tell whether somebody with this role comments and reacts in a place: who reads it, and no visitor."""
    over = place.archived_at is not None or place.moved_to_id is not None
    return not over and (place.access == Access.OPEN or is_member(role))


def manages(role: Role | None) -> bool:
    """Tell whether somebody with this role looks after a place: pins, closes comments, removes contents."""
    return role in MANAGING


def check_post(place: Place, role: Role | None, *, actor: Member, publication: Publication) -> None:
    """Refuse publishing in a place to whom it is not open.

    Raises:
        NotAllowed: the place's rules say no; the sentence says why.
        Veto: a plugin refuses, or wants it looked at first: by its author (SecondLook), or by others (Waits).
    """
    _check_may_write(place, role)
    if not may_post(place, role):
        if place.posting == Posting.MODERATORS:
            raise NotAllowed(_("Only those who look after %(place)s publish here.", place=place.shown_name))
        raise NotAllowed(_("Join %(place)s first, then you can publish here.", place=place.shown_name))
    hooks().check("check_contribution", place=place, actor=actor, publication=publication)


def check_comment(
    place: Place, role: Role | None, *, actor: Member, publication: Publication | None = None
) -> None:
    """Refuse commenting, changing and reacting in a place to whom it is not open; raises as `check_post`.

    Of a reaction there is no `publication`.
    """
    _check_may_write(place, role)
    hooks().check("check_contribution", place=place, actor=actor, publication=publication)


def _check_may_write(place: Place, role: Role | None) -> None:
    if not may_read(place, role):
        raise nothing()
    if place.archived_at is not None or place.moved_to_id is not None:
        raise NotAllowed(
            _("%(place)s is archived: it can be read, but nothing is added.", place=place.shown_name)
        )
    if not may_comment(place, role):
        raise NotAllowed(
            _("You are a visitor in %(place)s: you can read, and write nothing.", place=place.shown_name)
        )


def nothing() -> NotFound:
    """Return the one answer to who may not know whether there is something."""
    return NotFound(_("There is no such page, or it is not open to you."))
