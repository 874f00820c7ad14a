"""What groups tell people, and to whom: kinds of notifications, and following the events.

Who is told of a group that they may not read (yet, or any more) is told its name with it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from parvis.api import EventRecord, db, ngettext
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from parvis_social.api import (
    Membership,
    NotificationKind,
    NotificationView,
    Place,
    Role,
    name_for_reader,
    notify,
    site_caretakers,
)
from sqlalchemy import Select, select

from ..event import (
    Banned,
    Invited,
    MergeProposed,
    Orphaned,
    Removed,
    RequestAnswered,
    Requested,
    RoleChanged,
    TopicProposed,
)
from ..models import Ban, Group, Invitation, JoinRequest, Merge, Proposal
from .care import follow_leaving, follow_return, offered_to, pass_on_offers
from .membership import INVITED, ORPHANED, subject

REQUESTED = "groups:requested"
ACCEPTED = "groups:accepted"
REFUSED = "groups:refused"
ROLE = "groups:role"
REMOVED = "groups:removed"
BANNED = "groups:banned"
OWNERLESS = "groups:ownerless"
MERGE = "groups:merge"
TOPIC = "groups:topic"


def tell(event: EventRecord) -> None:
    """Follow an event: tell whom it concerns; find owners for the groups of who leaves the company."""
    following = _FOLLOWING.get(event.kind)
    if following is not None:
        following(event)


def pass_on() -> None:
    """Tell those who care for all groups of those that nobody took over in time: a job."""
    late = pass_on_offers()
    if late:
        notify(kind=OWNERLESS, people=site_caretakers(), data={"count": len(late)})


def _requested(event: EventRecord) -> None:
    place = event.place_id or 0
    people = _with_roles(place, Role.OWNER, Role.MODERATOR)
    notify(kind=REQUESTED, people=people, actor=event.actor_id, place=place, root=subject(place), at=event.at)


def _answered(event: EventRecord) -> None:
    asked = db.session.get(JoinRequest, (event.place_id, event.person_id))
    words = asked.words if asked is not None else ""
    _tell_one(ACCEPTED if event.data["accepted"] else REFUSED, event, message=words)


def _invited(event: EventRecord) -> None:
    invitation = db.session.get(Invitation, (event.place_id, event.person_id))
    if invitation is not None:
        _tell_one(INVITED, event, message=invitation.message)


def _role_changed(event: EventRecord) -> None:
    _tell_one(ROLE, event, role=event.data["role"])


def _removed(event: EventRecord) -> None:
    _tell_one(REMOVED, event)


def _banned(event: EventRecord) -> None:
    ban = db.session.get(Ban, (event.place_id, event.person_id))
    if event.data["banned"] and ban is not None:
        _tell_one(BANNED, event, message=ban.reason)


def _orphaned(event: EventRecord) -> None:
    place = event.place_id or 0
    notify(kind=ORPHANED, people=offered_to(place), place=place, root=subject(place), at=event.at)


def _topic(event: EventRecord) -> None:
    proposal = db.session.get(Proposal, event.data["proposal"])
    if proposal is not None:
        people = _with_roles(proposal.place_id, Role.OWNER)
        data = {"message": proposal.text}
        notify(
            kind=TOPIC, people=people, actor=event.actor_id, place=proposal.place_id, data=data, at=event.at
        )


def _merge_proposed(event: EventRecord) -> None:
    """Tell the owners of both groups: those who are asked, and the others of the side that asks."""
    merge = db.session.get(Merge, event.data["merge"])
    if merge is None or event.data["refused"]:
        return
    origin, target = merge.origin.place, merge.target.place
    data = {**_names("origin", origin), **_names("target", target), "message": merge.message}
    for place in (target, origin):
        people = _with_roles(place.id, Role.OWNER)
        notify(
            kind=MERGE, people=people, actor=event.actor_id, place=place.id, root=subject(place.id),
            data=data, at=event.at,
        )  # fmt: skip


def _tell_one(kind: str, event: EventRecord, **data: str) -> None:
    place = db.session.get(Place, event.place_id)
    if place is not None and db.session.get(Group, place.id) is not None:
        data = {**_names("group", place), "slug": place.slug, **data}
        people = [event.person_id or 0]
        notify(kind=kind, people=people, actor=event.actor_id, root=subject(place.id), data=data, at=event.at)


def _names(key: str, place: Place) -> dict[str, str]:
    """Return what a notification keeps of the name of a group, in both its languages."""
    names = {key: place.name}
    if place.second_name:
        names |= {f"{key}_second": place.second_name, f"{key}_language": place.second_language}
    return names


def _with_roles(place_id: int, *roles: Role) -> Select[int]:
    return select(Membership.person_id).where(Membership.place_id == place_id, Membership.role.in_(roles))


_FOLLOWING: dict[str, Callable[[EventRecord], Any]] = {
    Requested.kind: _requested,
    RequestAnswered.kind: _answered,
    Invited.kind: _invited,
    RoleChanged.kind: _role_changed,
    Removed.kind: _removed,
    Banned.kind: _banned,
    Orphaned.kind: _orphaned,
    TopicProposed.kind: _topic,
    MergeProposed.kind: _merge_proposed,
    "core.person_left": lambda event: follow_leaving(event.person_id or 0),
    "core.person_returned": lambda event: follow_return(event.person_id or 0),
}


def _name(told: NotificationView) -> str:
    return told.place.name if told.place else _name_of("group", told)


def _name_of(key: str, told: NotificationView) -> str:
    """Return a name that a notification keeps, in the language of who reads it."""
    parts = (str(told.data.get(name, "")) for name in (key, f"{key}_second", f"{key}_language"))
    return name_for_reader(*parts)


def _page(told: NotificationView) -> str:
    return f"/groups/{told.place.slug if told.place else told.data.get('slug', '')}"


def _requests(told: NotificationView) -> str:
    return f"{_page(told)}/requests"


def _with_words(sentence: str, told: NotificationView) -> str:
    words = told.data.get("message")
    return _("%(sentence)s “%(words)s”", sentence=sentence, words=words) if words else sentence


def _say_requested(told: NotificationView) -> str:
    others = told.count - 1
    if others < 1:
        return _("%(who)s asks to join %(group)s", who=told.who, group=_name(told))
    return ngettext(
        "%(who)s and %(num)s other ask to join %(group)s", "%(who)s and %(num)s others ask to join %(group)s",
        others, who=told.who, group=_name(told),
    )  # fmt: skip


def _say_accepted(told: NotificationView) -> str:
    return _with_words(_("You are now a member of %(group)s.", group=_name(told)), told)


def _say_refused(told: NotificationView) -> str:
    return _with_words(_("You were not let into %(group)s.", group=_name(told)), told)


def _say_invited(told: NotificationView) -> str:
    return _with_words(_("%(who)s invites you to %(group)s.", who=told.who, group=_name(told)), told)


def _say_role(told: NotificationView) -> str:
    role = told.data.get("role")
    if role == Role.OWNER:
        return _("%(who)s made you an owner of %(group)s.", who=told.who, group=_name(told))
    if role == Role.MODERATOR:
        return _("%(who)s asks you to look after %(group)s.", who=told.who, group=_name(told))
    return _("You are now a plain member of %(group)s.", group=_name(told))


def _say_removed(told: NotificationView) -> str:
    return _("%(who)s took you out of %(group)s.", who=told.who, group=_name(told))


def _say_banned(told: NotificationView) -> str:
    return _with_words(_("%(who)s banned you from %(group)s.", who=told.who, group=_name(told)), told)


def _say_orphaned(told: NotificationView) -> str:
    return _("%(group)s has lost its owner. Would you like to take over?", group=_name(told))


def _say_ownerless(_told: NotificationView) -> str:
    return _("There are groups without an owner, and nobody has taken over.")


def _say_merge(told: NotificationView) -> str:
    sentence = _(
        "%(who)s proposes to make %(origin)s a part of %(target)s.",
        who=told.who, origin=_name_of("origin", told), target=_name_of("target", told),
    )  # fmt: skip
    return _with_words(sentence, told)


def _say_topic(told: NotificationView) -> str:
    return _with_words(_("%(who)s would like something in %(group)s.", who=told.who, group=_name(told)), told)


KINDS: Sequence[NotificationKind] = (
    NotificationKind(REQUESTED, _l("Somebody asks to join a group I look after"), _say_requested, _requests),
    NotificationKind(ACCEPTED, _l("I am let into a group"), _say_accepted, _page),
    NotificationKind(REFUSED, _l("I am not let into a group"), _say_refused, lambda _told: "/groups"),
    NotificationKind(INVITED, _l("Somebody invites me to a group"), _say_invited, _page),
    NotificationKind(ROLE, _l("My role in a group changes"), _say_role, _page),
    NotificationKind(REMOVED, _l("I am taken out of a group"), _say_removed, lambda _told: "/groups"),
    NotificationKind(BANNED, _l("I am banned from a group"), _say_banned, lambda _told: "/groups"),
    NotificationKind(ORPHANED, _l("A group of mine has lost its owner"), _say_orphaned, _page),
    NotificationKind(
        OWNERLESS, _l("Groups have no owner"), _say_ownerless, lambda _told: "/groups/ownerless"
    ),
    NotificationKind(MERGE, _l("Somebody proposes to merge a group of mine"), _say_merge, _requests),
    NotificationKind(TOPIC, _l("Somebody proposes a topic to a group of mine"), _say_topic, _requests),
)
