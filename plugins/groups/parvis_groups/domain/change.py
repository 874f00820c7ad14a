"""Changing a group: what it says, what it allows, who reads it, whether anything is added."""

from collections.abc import Sequence
from typing import Any

from parvis.api import Invalid, Member, db, record, utcnow
from parvis.api import gettext as _
from parvis_social.api import (
    Access,
    ContentType,
    Level,
    Posting,
    archive,
    change_access,
    content_types,
)
from sqlalchemy import select

from ..event import GroupChanged, RequestAnswered
from ..models import Group, JoinRequest, State
from .read import as_owner
from .request import let_in
from .said import checked, one_of, write


def change_group(*, group: Group, actor: Member, **said: Any) -> None:
    """Change what a group says of itself: the texts of `create_group`, all of them.

    Its address stays, so that links to it live on.

    Raises:
        NotAllowed, NotFound: the actor does not own it.
        Invalid: something is missing or too long; `field` names it.
    """
    as_owner(group, actor)
    changed = write(group, checked(**said))
    if changed:
        record(GroupChanged(actor=actor.id, place=group.place_id, fields=changed))


def change_settings(
    *,
    group: Group,
    actor: Member,
    posting: str | None = None,
    level: str | None = None,
    types: Sequence[str] | None = None,
) -> None:
    """Change what a group allows; what is None stays.

    Args:
        posting: who publishes.
        level: of what new members are told, until they say otherwise.
        types: names of the content types that may be published besides posts.

    Raises:
        NotAllowed, NotFound: the actor does not own it.
        Invalid: there is no such choice.
    """
    as_owner(group, actor)
    place, wanted = group.place, dict[str, Any]()
    if posting is not None:
        wanted["posting"] = one_of(posting, Posting, "posting")
    if level is not None:
        wanted["level"] = one_of(level, Level, "level")
    if types is not None:
        offered = [each.name for each in offered_types()]
        hidden = [name for name in place.types if name not in offered]  # of a plugin that is switched off
        wanted["types"] = hidden + [name for name in offered if name in types]
    changed = [name for name, value in wanted.items() if getattr(place, name) != value]
    for name in changed:
        setattr(place, name, wanted[name])
    if changed:
        record(GroupChanged(actor=actor.id, place=place.id, fields=changed))
    db.session.flush()


def offered_types() -> list[ContentType]:
    """Return the content types that a group may allow besides those that are published everywhere."""
    return [each for each in content_types().values() if each.compose and not each.shared]


def convert(*, group: Group, access: str, actor: Member) -> None:
    """Change who reads a group, with all that it holds: everywhere, from the next request on.

    Who waits to be let into a group that opens is let in.

    Raises:
        NotAllowed, NotFound: the actor does not own it.
        Invalid: there is no such choice.
    """
    as_owner(group, actor)
    access = one_of(access, Access, "access")
    if access == Access.OPEN:
        _let_in(group, actor)
    change_access(place=group.place, access=Access(access), actor=actor)


def _let_in(group: Group, actor: Member) -> None:
    waiting = select(JoinRequest).where(
        JoinRequest.place_id == group.place_id, JoinRequest.state == State.PENDING
    )
    for asking in db.session.scalars(waiting).all():
        asking.state, asking.answered_at = State.ACCEPTED, utcnow()
        let_in(group, asking.person_id)
        record(RequestAnswered(actor=actor.id, person=asking.person_id, place=group.place_id, accepted=True))


def set_picture(*, group: Group, key: str | None, actor: Member) -> str | None:
    """Give a group a picture, or none; return the key of the one it had, whose files can go.

    Raises:
        NotAllowed, NotFound: the actor does not own it.
    """
    as_owner(group, actor)
    before, group.place.picture_key = group.place.picture_key, key
    record(GroupChanged(actor=actor.id, place=group.place_id, fields=["picture"]))
    db.session.flush()
    return before


def archive_group(*, group: Group, actor: Member) -> None:
    """Make a group read-only, until its owners open it again.

    Raises:
        NotAllowed, NotFound: the actor does not own it.
    """
    as_owner(group, actor)
    archive(place=group.place, actor=actor)


def unarchive_group(*, group: Group, actor: Member) -> None:
    """Open an archived group again.

    Raises:
        NotAllowed, NotFound: the actor does not own it.
        Invalid: it became part of another one: that is taken back instead.
    """
    as_owner(group, actor)
    if group.place.moved_to_id is not None:
        raise Invalid(_("This group became part of another one. Take the merge back instead."))
    archive(place=group.place, actor=actor, archived=False)
