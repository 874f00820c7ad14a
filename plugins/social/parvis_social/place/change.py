"""What happens to a place as a whole: who reads it, whether anything is added, where its contents go."""

from parvis.api import Invalid, Member, db, record, utcnow
from parvis.api import gettext as _
from sqlalchemy import CompoundSelect, Select, delete, func, select, union, union_all, update

from ..content.models import Content, ContentTag, File, Tag, Waiting
from ..content.tag import lock_tags
from ..event import ContentsMoved, PlaceAccessChanged, PlaceArchived, PlaceWithheld
from ..notification.forget import forget
from ..notification.models import Notification
from .membership import lock_place
from .models import EVERYONE, Access, Membership, Place, PlaceFollow

WITHHELD = "-"
"""Begins the kind of a place that was taken away: no plugin's kind does."""


def change_access(*, place: Place, access: Access, actor: Member) -> None:
    """Change who reads a place, with all that it holds: everywhere, from the next request on."""
    lock_place(place)
    if place.access == access:
        return
    place.access = access
    db.session.flush()
    _give_audience(place)
    if access != Access.OPEN:
        _forget_outsiders(place)
    count_tags(of_place=place.id)
    record(PlaceAccessChanged(actor=actor.id, place=place.id, access=access))


def archive(*, place: Place, actor: Member, archived: bool = True) -> None:
    """Make a place read-only, or open it again."""
    lock_place(place)
    if (place.archived_at is not None) == archived:
        return
    place.archived_at = utcnow() if archived else None
    record(PlaceArchived(actor=actor.id, place=place.id, archived=archived))


def withhold_place(*, place: Place, actor: Member | None, withheld: bool = True) -> None:
    """Take a place away from everybody with all that it holds, or bring it back, for those who keep order.

    Its kind gets a mark, and is then none that is in use: it is nowhere, as if its plugin were switched off.
    Nobody (None) is the actor where a rule takes it away.

    Raises:
        Invalid: it is to come back, and another place has its address by now.
    """
    lock_place(place)
    if place.kind.startswith(WITHHELD) == withheld:
        return
    mark = f"{WITHHELD}{place.id}{WITHHELD}"  # two may have had one address
    kind = f"{mark}{place.kind}" if withheld else place.kind.removeprefix(mark)
    if db.session.scalar(select(Place.id).where(Place.kind == kind, Place.slug == place.slug)) is not None:
        raise Invalid(_("Another place has the address of %(place)s by now.", place=place.shown_name))
    place.kind = kind
    db.session.flush()
    record(PlaceWithheld(actor=actor.id if actor else None, place=place.id, withheld=withheld))


def move_contents(
    *, origin: Place, target: Place, actor: Member, only: "list[int] | Select[int] | None" = None
) -> list[int]:
    """Move contents with their comments and files to another place; return the ids of what was moved.

    `only`: ids of contents and comments that are moved, or a query of them; all of them by default. Both
    places are locked, in the order of their ids, so that two merges at once do not wait for each other.
    """
    for place in sorted((origin, target), key=lambda place: place.id):
        lock_place(place)
    moving = update(Content).where(Content.id.in_(contents_of(origin.id)))
    if only is not None:
        moving = update(Content).where(Content.place_id == origin.id, Content.id.in_(only))
    moved = list(
        db.session.scalars(
            moving.values(place_id=target.id, audience=target.audience).returning(Content.id),
            execution_options={"synchronize_session": False},
        )
    )
    _move_attached(origin, target, only)
    for place in (origin, target):
        count_contents(place)
    count_tags(of_place=target.id)
    record(ContentsMoved(actor=actor.id, place=target.id, origin=origin.id))
    db.session.expire_all()
    return moved


def _move_attached(origin: Place, target: Place, only: list[int] | Select[int] | None) -> None:
    for model in (File, Notification):
        moving = update(model).where(model.place_id == origin.id).values(place_id=target.id)
        if only is not None:
            moving = moving.where(model.content_id.in_(only))
        db.session.execute(moving, execution_options={"synchronize_session": False})
    if only is None:
        waiting = update(Waiting).where(Waiting.place_id == origin.id).values(place_id=target.id)
        db.session.execute(waiting, execution_options={"synchronize_session": False})
    if target.access != Access.OPEN:
        _forget_outsiders(target)


def contents_of(place_id: int) -> CompoundSelect[int]:
    """Return the query of the ids of all that a place holds, comments and what was deleted too.

    No index holds it all: one of all contents by their place would cost every comment that is written. What
    streams show, what was deleted and what stands under these have theirs.
    """
    here = Content.place_id == place_id
    listed = select(Content.id).where(here, Content.root_id.is_(None), Content.deleted_at.is_(None))
    deleted = select(Content.id).where(here, Content.deleted_at.is_not(None))
    threads = union_all(listed, deleted).subquery()
    return union(listed, deleted, select(Content.id).where(Content.root_id.in_(select(threads))))


def count_contents(place: Place) -> None:
    """Count a place's contents anew, and find its newest."""
    listed = (Content.root_id.is_(None), Content.deleted_at.is_(None))
    count, newest = db.session.execute(
        select(func.count(), func.max(Content.latest_id)).where(Content.place_id == place.id, *listed)
    ).one()
    place.contents_count, place.latest_id = count, newest or 0
    db.session.flush()


def count_tags(*, of_place: int) -> None:
    """Count anew how many contents of open places carry each tag that a place uses."""
    used = select(ContentTag.tag_id).join(Content, Content.id == ContentTag.content_id)
    used = used.where(Content.place_id == of_place, Content.root_id.is_(None), Content.deleted_at.is_(None))
    count = (
        select(func.count())
        .select_from(ContentTag)
        .join(Content, Content.id == ContentTag.content_id)
        .where(ContentTag.tag_id == Tag.id, Content.audience == EVERYONE, Content.deleted_at.is_(None))
        .scalar_subquery()
    )
    lock_tags(used)
    counting = update(Tag).where(Tag.id.in_(used)).values(contents_count=count)
    db.session.execute(counting, execution_options={"synchronize_session": False})


def _give_audience(place: Place) -> None:
    giving = update(Content).where(Content.id.in_(contents_of(place.id))).values(audience=place.audience)
    db.session.execute(giving, execution_options={"synchronize_session": False})
    db.session.expire_all()


def _forget_outsiders(place: Place) -> None:
    """Let those who are no members of a closed place neither follow it nor keep what they were told."""
    members = select(Membership.person_id).where(Membership.place_id == place.id)
    of_others = (PlaceFollow.place_id == place.id, PlaceFollow.person_id.not_in(members))
    db.session.execute(delete(PlaceFollow).where(*of_others))
    forget(Notification.place_id == place.id, Notification.person_id.not_in(members))
