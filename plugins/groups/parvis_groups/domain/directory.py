"""The directory of groups: mine, active, new, by tag, by site, suggested; and who belongs to one.

Lists page by key. `active` is in the order of what was published in the last thirty days, as last counted.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from parvis.api import (
    BigId,
    Interest,
    Member,
    NotFound,
    Person,
    PersonName,
    add_once,
    db,
    prepared,
    read_rows,
    tokens,
    unseen,
)
from parvis.api import gettext as _
from parvis_social.api import FACE, VIEWER, Access, Face, Membership, PersonFollow, Place, Role
from sqlalchemy import (
    BindParameter,
    Select,
    String,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)

from ..models import KIND, Ban, Dismissal, Group
from .card import GroupCard, Groups, card_rows, cards, narrowed
from .read import View, get_group_by_id
from .word import tag_key

NEAR = 100
"""How many people of each sort are looked at for suggestions."""
LOOKED_AT = 200
"""How many of the groups in which one knows most are looked at."""
BY_NAME = 2_000
"""Members of groups up to this size are listed by name; of larger ones as an index has them."""
LAST = "\U0010ffff"
MOST_OWNERS = 20


class GroupMember(NamedTuple):
    """Somebody in a group."""

    face: Face
    role: Role
    since: datetime


class Members(NamedTuple):
    """One page of a group's members; the next one comes after the person with this id, None at the end."""

    people: Sequence[GroupMember] = ()
    after: int | None = None


class BannedPerson(NamedTuple):
    """Somebody who is kept out of a group."""

    face: Face
    reason: str
    at: datetime


def list_mine(viewer: Member, *, after: str | None = None, limit: int = 20) -> Groups:
    """Return a page of one's own groups, the latest active first."""
    return _list("mine", viewer, after, limit)


def list_groups(
    viewer: Member,
    *,
    order: str = "active",
    tag: str = "",
    unit_id: int | None = None,
    theme: str = "",
    after: str | None = None,
    limit: int = 20,
) -> Groups:
    """Return a page of all groups, by activity or the newest first, without archived and others' secret ones.

    Args:
        order: `active` or `new`.
        tag, unit_id, theme: what it is narrowed to: a tag, a site or department, work or leisure.
        after: the mark that the last page ended with.
    """
    given = {"tag": tag_key(tag), "unit": unit_id, "theme": theme}
    values = {name: value for name, value in given.items() if value}
    if tag and not values.get("tag"):
        return Groups()
    return _list("new" if order == "new" else "active", viewer, after, limit, **values)


def _list(order: str, viewer: Member, after: str | None, limit: int, **wanted: Any) -> Groups:
    mark = _read_mark(after)
    values = {"viewer": viewer.id, "most": limit + 1, **wanted}
    if mark is not None:
        values.update(first=mark[0], second=mark[1])
    query = _page(order, frozenset(wanted), mark is not None)
    found = [GroupCard(*row) for row in read_rows(query, values)]
    more = len(found) > limit
    return Groups(found[:limit], _mark(order, found[limit - 1]) if more else None)


@prepared
def _page(order: str, wanted: frozenset[str], further: bool) -> Select[Any]:
    first = {"mine": Place.latest_id, "active": Group.posts_month}.get(order)
    key = (first, Group.place_id) if first is not None else (Group.place_id,)
    query = card_rows().order_by(*(column.desc() for column in key))
    own = select(Membership.place_id).where(Membership.person_id == VIEWER, Membership.role != Role.VISITOR)
    query = query.where(Group.place_id.in_(own) if order == "mine" else Place.archived_at.is_(None))
    query = narrowed(query, wanted)
    if further:
        marks = (bindparam("first", type_=BigId), bindparam("second", type_=BigId))
        query = query.where(tuple_(*key) < tuple_(*marks) if len(key) > 1 else Group.place_id < marks[1])
    return query.limit(bindparam("most", type_=BigId))


def _mark(order: str, card: GroupCard) -> str:
    first = {"mine": card.latest_id, "active": card.posts_month}.get(order, card.id)
    return f"{first}-{card.id}"


def _read_mark(after: str | None) -> tuple[int, int] | None:
    first, _dash, second = (after or "").partition("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 20 for part in (first, second)):
        return None
    mark = int(first), int(second)
    return mark if max(mark) < 2**63 else None


def suggested(viewer: Member, *, limit: int = 12) -> list[GroupCard]:
    """Return groups in which people near the viewer are: whom they follow, their team, who shares interests.

    Somebody of *another* department counts double: a group that leads out of one's own is worth more. Only
    open groups are suggested, since of closed ones it is nobody's business who is in them; one's own, those
    one dismissed, and those local to where one is not, are left out.
    """
    person = viewer.person
    values = {
        "viewer": viewer.id, "manager": person.manager_id or 0, "near": NEAR, "most": limit,
        "department": person.department_id or 0, "site": person.site_id or 0,
    }  # fmt: skip
    found = {row.place_id: row for row in db.session.execute(_suggestions(), values)}
    suggestions = [card._replace(known=found[card.id].known) for card in cards(list(found), viewer=viewer)]
    return sorted(suggestions, key=lambda card: (-found[card.id].score, -card.id))


@prepared
def _suggestions() -> Any:
    """Count whom one knows in each group, then look at the groups in which one knows most."""
    near = _near().subquery("near")
    people = select(near.c.id, func.max(near.c.weight).label("weight")).group_by(near.c.id).subquery("people")
    own = select(Membership.place_id).where(Membership.person_id == VIEWER)
    dismissed = select(Dismissal.place_id).where(Dismissal.person_id == VIEWER)
    elsewhere = func.coalesce(Person.department_id, 0) != bindparam("department", type_=BigId)
    score = func.sum(people.c.weight * case((elsewhere, 2), else_=1))
    known = (
        select(Membership.place_id, score.label("score"), func.count().label("known"))
        .select_from(people)
        .join(Person, Person.id == people.c.id)
        .join(Membership, Membership.person_id == people.c.id)
        .where(
            Person.present.is_(True),
            Person.id != VIEWER,
            Membership.place_id.not_in(own),
            Membership.place_id.not_in(dismissed),
        )
        .group_by(Membership.place_id)
        .order_by(score.desc(), Membership.place_id.desc())
        .limit(LOOKED_AT)
        .subquery("known")
    )
    here = (bindparam("site", type_=BigId), bindparam("department", type_=BigId))
    return (
        select(known)
        .join(Place, Place.id == known.c.place_id)
        .join(Group, Group.place_id == known.c.place_id)
        .where(
            Place.kind == KIND,
            Place.access == Access.OPEN,
            Place.archived_at.is_(None),
            Place.moved_to_id.is_(None),
            or_(Group.unit_id.is_(None), Group.unit_id.in_(here)),
        )
        .order_by(known.c.score.desc(), known.c.place_id.desc())
        .limit(bindparam("most", type_=BigId))
    )


def _near() -> Any:
    """Return people near the viewer, so many of each sort at most, with what they weigh."""
    interests = select(Interest.folded).where(Interest.person_id == VIEWER)
    sorts = (
        (select(PersonFollow.followed_id.label("id")).where(PersonFollow.person_id == VIEWER), 3),
        (select(Person.id.label("id")).where(Person.manager_id == bindparam("manager", type_=BigId)), 2),
        (select(Interest.person_id.label("id")).where(Interest.folded.in_(interests)), 1),
    )
    parts = []
    for sort, weight in sorts:
        some = sort.limit(bindparam("near", type_=BigId)).subquery()
        parts.append(select(some.c.id.label("id"), literal(weight).label("weight")))
    return union_all(*parts)


def dismiss(*, group: Group, actor: Member) -> None:
    """Not want a group suggested again."""
    get_group_by_id(actor, group.place_id)
    add_once(Dismissal, person_id=actor.id, place_id=group.place_id)


def members_of(view: View, *, q: str = "", after: int | None = None, limit: int = 30) -> Members:
    """Return a page of a group's members: owners, then moderators, then the others.

    Args:
        q: words of a name, each the beginning of one of theirs.
        after: id of the person that the last page ended with.

    Raises:
        NotFound: the group is closed to the viewer.
    """
    if not view.reads:
        raise NotFound(_("There is no such page, or it is not open to you."))
    by_name, words = view.place.members_count <= BY_NAME, tokens(q[:100])[:5]
    values: dict[str, Any] = {"place": view.place.id, "most": limit + 1}
    values |= {f"word{number}": word for number, word in enumerate(words)}
    last = read_rows(_standing_of(), {"place": view.place.id, "person": after}) if after is not None else []
    if last:
        values |= {"after": after, **last[0]._asdict()}
    found = [
        GroupMember(Face(*row[:5]), Role(row[5]), row[6])
        for row in read_rows(_members(by_name, len(words), bool(last)), values)
    ]
    return Members(found[:limit], found[limit - 1].face.id if len(found) > limit else None)


@prepared
def _members(by_name: bool, words: int, further: bool) -> Any:
    """List members by name where that is a small matter, else as an index has them, by one plan for all."""
    after, place = bindparam("after", type_=BigId), bindparam("place", type_=BigId)
    query = (
        select(*FACE, Membership.role, Membership.since)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.place_id == (place if by_name or words else unseen(place)))
        .where(Person.present.is_(True))
        .where(*(_has_name(bindparam(f"word{number}", type_=String)) for number in range(words)))
        .limit(bindparam("most", type_=BigId))
    )
    if by_name:
        key = tuple_(standing(), Person.sort_name, Person.id)
        last = (bindparam("standing", type_=BigId), bindparam("sort_name", type_=String))
        query = query.order_by(*key.clauses)
        return query.where(key > tuple_(*last, after)) if further else query
    query = query.order_by(Membership.role.desc(), Membership.person_id.desc())
    key = tuple_(Membership.role, Membership.person_id)
    return query.where(key < tuple_(bindparam("role", type_=String), after)) if further else query


@prepared
def _standing_of() -> Any:
    """Return by what a member is sorted."""
    query = select(Membership.role, standing().label("standing"), Person.sort_name)
    return query.join(Person, Person.id == Membership.person_id).where(
        Membership.place_id == bindparam("place", type_=BigId),
        Membership.person_id == bindparam("person", type_=BigId),
    )


def get_member_for(view: View, person_id: int) -> Person:
    """Fetch a member of a group by id.

    Raises:
        NotFound: they do not belong to it, or it is closed to the viewer.
    """
    here = (Membership.place_id == view.place.id, Membership.person_id == person_id)
    query = select(Person).join(Membership, Membership.person_id == Person.id).where(*here)
    found = db.session.scalar(query) if view.reads and person_id < 2**63 else None
    if found is None:
        raise NotFound(_("There is no such page, or it is not open to you."))
    return found


def get_colleague(view: View, person_id: int) -> Person:
    """Fetch somebody whom those who look after a group may ban: a member, or anybody in the company.

    Raises:
        NotFound: there is nobody, or the viewer does not look after the group.
    """
    here = exists().where(Membership.place_id == view.place.id, Membership.person_id == Person.id)
    query = select(Person).where(Person.id == person_id, or_(Person.present.is_(True), here))
    found = db.session.scalar(query) if view.manages and person_id < 2**63 else None
    if found is None:
        raise NotFound(_("There is nobody of this name in the company."))
    return found


def standing() -> Any:
    """Return by what members are sorted: visitors, whom all shall see; owners, moderators, the others."""
    order = (Role.VISITOR, Role.OWNER, Role.MODERATOR)
    return case(*((Membership.role == role, rank) for rank, role in enumerate(order)), else_=len(order))


def _has_name(word: BindParameter[str]) -> Any:
    named = select(literal(1)).where(
        PersonName.person_id == Person.id, PersonName.word >= word, PersonName.word < word + LAST
    )
    return named.exists()


def owners_of(place_id: int) -> list[Face]:
    """Return the owners of a group who are in the company: whom everybody who knows of it may ask."""
    query = (
        select(*FACE)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.place_id == place_id, Membership.role == Role.OWNER, Person.present.is_(True))
        .order_by(Person.sort_name, Person.id)
        .limit(MOST_OWNERS)
    )
    return [Face(*row) for row in db.session.execute(query)]


def banned_of(view: View, *, limit: int = 200) -> list[BannedPerson]:
    """Return who is kept out of a group, the latest first; only to who looks after it."""
    if not view.manages:
        return []
    query = (
        select(Ban.reason, Ban.at, *FACE)
        .join(Person, Person.id == Ban.person_id)
        .where(Ban.place_id == view.place.id)
        .order_by(Ban.at.desc(), Ban.person_id)
        .limit(limit)
    )
    return [BannedPerson(Face(*row[2:]), row[0], row[1]) for row in db.session.execute(query)]
