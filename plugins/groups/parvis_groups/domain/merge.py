"""Making one group of two, so that it can be taken back for a while."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from parvis.api import BigId, Invalid, Member, NotAllowed, NotFound, Person, add_missing, db, record, utcnow
from parvis.api import gettext as _
from parvis_social.api import (
    Access,
    Content,
    Membership,
    Place,
    PlaceFollow,
    Role,
    archive,
    lock_place,
    move_contents,
)
from sqlalchemy import Select, and_, case, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.orm import aliased

from ..event import Merged, MergeProposed
from ..models import Ban, Group, Merge, MergeContent, MergeFollow, MergeMember, State
from ..settings import settings
from .membership import count_present
from .read import View, get_group_by_id, nothing, role_now
from .said import message as checked_message

OPENNESS = {Access.SECRET: 0, Access.CLOSED: 1, Access.OPEN: 2}
SHOWN = 50
AS_IT_IS = {"synchronize_session": False}


class MergePreview(NamedTuple):
    """What a merge would do: to how many, and what it takes."""

    members: int
    new_members: int
    contents: int
    needs_opening: bool
    owns_both: bool


class MergeLine(NamedTuple):
    """A merge that a group takes part in, and what the viewer may do about it."""

    id: int
    origin: Group
    target: Group
    state: str
    message: str
    opening: bool
    proposed_at: datetime
    done_at: datetime | None
    may_answer: bool
    may_undo: bool


def preview(*, origin: Group, target: Group, actor: Member) -> MergePreview:
    """Return what making `origin` part of `target` would do.

    Raises:
        NotAllowed, NotFound: the actor owns neither, or may not know of one of them.
        Invalid: they are one group, or one of them is over; `field` is `target`.
    """
    owned = _owned_by(origin, target, actor)
    _check_two(origin, target)
    coming = select(func.count()).where(*_belongs(Membership, origin.place_id))
    there = aliased(Membership)
    already = exists().where(*_belongs(there, target.place_id), there.person_id == Membership.person_id)
    return MergePreview(
        members=db.session.scalar(coming) or 0,
        new_members=db.session.scalar(coming.where(~already, ~_banned_in(target))) or 0,
        contents=origin.place.contents_count,
        needs_opening=_opens(origin, target),
        owns_both=len(owned) == 2,
    )


def merge(*, origin: Group, target: Group, actor: Member, opening: bool = False) -> Merge:
    """Make one group of two: people and contents go to the target, to whose page the origin leads then.

    Of two roles the higher one counts. Who is banned in the target does not come. `opening`: it is agreed
    that more people than before read what the origin holds.

    Raises:
        NotAllowed, NotFound: the actor does not own both.
        Invalid: they are one group, one of them is over (`field` is `target`), or the target is the more open
            one and `opening` is not said (`field` is `opening`).
    """
    _lock(origin, target)
    owned = _owned_by(origin, target, actor)
    _check_two(origin, target)
    if len(owned) < 2:
        raise NotAllowed(_("Propose it to the owners of the other group first."))
    made = Merge(origin_id=origin.place_id, target_id=target.place_id, opening=opening)
    made.proposed_by_id = actor.id
    return _do(made, origin, target, actor)


def propose_merge(
    *, origin: Group, target: Group, message: str, actor: Member, opening: bool = False
) -> Merge:
    """Propose to make one group of two, as an owner of one of them, to the owners of the other.

    Proposed again while it is not answered, it is the first proposal.

    Raises:
        NotAllowed, NotFound, Invalid: as `merge`, but that one of the groups is enough.
    """
    words = checked_message(message)
    _lock(origin, target)
    _owned_by(origin, target, actor)
    _check_two(origin, target)
    _check_opening(origin, target, opening)
    two = (Merge.origin_id == origin.place_id, Merge.target_id == target.place_id)
    waiting = db.session.scalar(select(Merge).where(*two, Merge.state == State.PENDING))
    if waiting is not None:
        return waiting
    made = Merge(
        origin_id=origin.place_id, target_id=target.place_id, message=words, opening=opening,
        proposed_by_id=actor.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    record(MergeProposed(actor=actor.id, place=origin.place_id, target=target.place_id, merge=made.id))
    return made


def answer_merge(*, merge: Merge, accept: bool, actor: Member) -> None:
    """Accept what the owners of the other group propose, or not; who proposed it may take it back so.

    Raises:
        NotFound, NotAllowed: it is not the actor's to answer, or was answered meanwhile.
        Invalid: see `merge`.
    """
    origin, target = merge.origin, merge.target
    _lock(origin, target)
    db.session.refresh(merge)
    _owned_by(origin, target, actor)
    if merge.state != State.PENDING:
        raise NotFound(_("This proposal was answered meanwhile."))
    if not accept:
        merge.state = State.REFUSED
        db.session.flush()
        record(
            MergeProposed(
                actor=actor.id, place=origin.place_id, target=target.place_id, merge=merge.id, refused=True
            )
        )
        return
    if not _may_accept(merge, _owners([merge], actor), actor):
        raise NotAllowed(_("The owners of the other group answer this."))
    _do(merge, origin, target, actor)


def undo_merge(*, merge: Merge, actor: Member) -> None:
    """Take a merge back: what moved goes back, and so do the people it brought; what was written since stays.

    Raises:
        NotFound, NotAllowed: the actor owns neither group.
        Invalid: it is too long ago, or one of the groups became part of yet another one since.
    """
    origin, target = merge.origin, merge.target
    _lock(origin, target)
    db.session.refresh(merge)
    _owned_by(origin, target, actor)
    if not _may_undo(merge):
        raise Invalid(_("This merge can no longer be taken back."))
    if target.place.moved_to_id is not None or origin.place.moved_to_id != target.place_id:
        raise Invalid(
            _(
                "%(group)s became part of another group since. Take that back first.",
                group=target.place.shown_name,
            )
        )
    merge.state = State.UNDONE
    origin.place.moved_to_id = None
    db.session.flush()
    if not merge.was_archived:
        archive(place=origin.place, actor=actor, archived=False)
    move_contents(origin=target.place, target=origin.place, actor=actor, only=_moved_by(merge))
    _people_back(merge, target.place)
    count_present([origin.place_id, target.place_id])
    record(Merged(actor=actor.id, place=origin.place_id, target=target.place_id, merge=merge.id, undone=True))


def forget_merges() -> None:
    """Forget what moved in merges that can no longer be taken back: a job."""
    until = utcnow() - timedelta(days=settings().undo_merge_days)
    old = select(Merge.id).where(or_(Merge.done_at < until, Merge.state == State.UNDONE))
    for model in (MergeMember, MergeFollow, MergeContent):
        db.session.execute(delete(model).where(model.merge_id.in_(old)), execution_options=AS_IT_IS)


def get_merge_for(member: Member, merge_id: int) -> Merge:
    """Fetch a merge of which the member owns one of the groups.

    Raises:
        NotFound: there is none, or it is not theirs.
    """
    found = db.session.get(Merge, merge_id)
    if found is None or Role.OWNER not in (
        role_now(found.origin, member.id),
        role_now(found.target, member.id),
    ):
        raise nothing()
    return found


def merges_of(view: View) -> Sequence[MergeLine]:
    """Return the merges of a group that are proposed, or done and can be taken back; only to its owners."""
    if not view.owns:
        return []
    recent = utcnow() - timedelta(days=settings().undo_merge_days)
    here = view.group.place_id
    query = (
        select(Merge)
        .where(
            or_(Merge.origin_id == here, Merge.target_id == here),
            or_(Merge.state == State.PENDING, and_(Merge.state == State.ACCEPTED, Merge.done_at > recent)),
        )
        .order_by(Merge.id.desc())
        .limit(SHOWN)
    )
    merges = db.session.scalars(query).all()
    if not merges:
        return []
    ids = {each for made in merges for each in (made.origin_id, made.target_id)}
    groups = {
        each.place_id: each for each in db.session.scalars(select(Group).where(Group.place_id.in_(ids)))
    }
    owners = _owners(merges, view.viewer)
    return [_line(made, groups, owners, view.viewer) for made in merges]


def _line(
    made: Merge, groups: dict[int, Group], owners: set[tuple[int | None, int]], viewer: Member
) -> MergeLine:
    may_answer = made.state == State.PENDING and _may_accept(made, owners, viewer)
    return MergeLine(
        made.id, groups[made.origin_id], groups[made.target_id], made.state, made.message, made.opening,
        made.proposed_at, made.done_at, may_answer, _may_undo(made),
    )  # fmt: skip


def _lock(origin: Group, target: Group) -> None:
    """Keep both for oneself, in the order of their ids, so that nobody waits in a circle."""
    for group in sorted((origin, target), key=lambda group: group.place_id):
        lock_place(group.place)


def _owned_by(origin: Group, target: Group, actor: Member) -> set[int]:
    """Return which of the two the actor owns: one at least.

    Raises:
        NotFound: the actor may not know of one of them.
        NotAllowed: they own neither.
    """
    views = [get_group_by_id(actor, group.place_id) for group in (origin, target)]
    owned = {view.place.id for view in views if role_now(view.group, actor.id) == Role.OWNER}
    if not owned:
        raise NotAllowed(_("Only the owners of %(group)s can do this.", group=origin.place.shown_name))
    return owned


def _owners(merges: Sequence[Merge], actor: Member) -> set[tuple[int | None, int]]:
    """Return what somebody and those who proposed merges own of their groups: pairs of person and group."""
    places = {each for merge in merges for each in (merge.origin_id, merge.target_id)}
    people = {actor.id, *(merge.proposed_by_id or 0 for merge in merges)}
    owning = (
        Membership.place_id.in_(places),
        Membership.person_id.in_(people),
        Membership.role == Role.OWNER,
    )
    rows = db.session.execute(select(Membership.person_id, Membership.place_id).where(*owning))
    return {(person_id, place_id) for person_id, place_id in rows}


def _may_accept(merge: Merge, owners: set[tuple[int | None, int]], actor: Member) -> bool:
    """Tell whether somebody answers a proposal: who owns both groups, or the one whose owners are asked.

    Those are the owners of the group that who proposed it does not own; nobody, once they own neither.
    """
    both = {merge.origin_id, merge.target_id}
    owned = {place_id for place_id in both if (actor.id, place_id) in owners}
    proposing = {place_id for place_id in both if (merge.proposed_by_id, place_id) in owners}
    if owned == both:
        return True
    return actor.id != merge.proposed_by_id and bool(proposing) and bool(owned - proposing)


def _may_undo(merge: Merge) -> bool:
    limit = timedelta(days=settings().undo_merge_days)
    return merge.state == State.ACCEPTED and merge.done_at is not None and utcnow() - merge.done_at < limit


def _opens(origin: Group, target: Group) -> bool:
    return OPENNESS[Access(target.place.access)] > OPENNESS[Access(origin.place.access)]


def _check_opening(origin: Group, target: Group, opening: bool) -> None:
    if _opens(origin, target) and not opening:
        raise Invalid(
            _(
                "What %(origin)s holds would be read by more people than today. Please confirm that.",
                origin=origin.place.shown_name,
            ),
            field="opening",
        )


def _check_two(origin: Group, target: Group) -> None:
    if origin.place_id == target.place_id:
        raise Invalid(_("Please choose another group."), field="target")
    for group in (origin, target):
        if group.place.moved_to_id is not None:
            raise Invalid(
                _("%(group)s has become part of another group.", group=group.place.shown_name), field="target"
            )
    if target.place.archived_at is not None:
        raise Invalid(_("%(group)s is archived.", group=target.place.shown_name), field="target")


def _do(made: Merge, origin: Group, target: Group, actor: Member) -> Merge:
    _check_two(origin, target)
    _check_opening(origin, target, made.opening)
    made.state, made.done_at = State.ACCEPTED, utcnow()
    made.was_archived = origin.place.archived_at is not None
    db.session.add(made)
    db.session.flush()
    _bring_people(made, origin.place, target.place)
    _remember_contents(made)
    move_contents(origin=origin.place, target=target.place, actor=actor)
    if not made.was_archived:
        archive(place=origin.place, actor=actor)
    origin.place.moved_to_id = target.place_id
    _forget_proposals(made)
    db.session.flush()
    count_present([target.place_id])
    record(Merged(actor=actor.id, place=origin.place_id, target=target.place_id, merge=made.id))
    return made


def _forget_proposals(made: Merge) -> None:
    """Let other proposals about a group that is no longer one be answered."""
    others = (
        Merge.state == State.PENDING,
        Merge.id != made.id,
        or_(Merge.origin_id == made.origin_id, Merge.target_id == made.origin_id),
    )
    answering = update(Merge).where(*others).values(state=State.REFUSED)
    db.session.execute(answering, execution_options=AS_IT_IS)


def _bring_people(made: Merge, origin: Place, target: Place) -> None:
    """Let everybody of the origin into the target, with their role if it is higher, and what they follow."""
    members = select(Membership.person_id).where(*_belongs(Membership, origin.id))
    visiting = (Membership.place_id == target.id, Membership.role == Role.VISITOR)
    db.session.execute(
        delete(Membership).where(*visiting, Membership.person_id.in_(members)), execution_options=AS_IT_IS
    )
    here = aliased(Membership)
    joined = and_(here.person_id == Membership.person_id, here.place_id == target.id)
    coming = (
        select(literal(made.id, BigId), Membership.person_id, here.role.label("before"), Membership.role)
        .outerjoin(here, joined)
        .where(
            *_belongs(Membership, origin.id),
            or_(here.role.is_(None), _rank(Membership.role) > _rank(here.role)),
            ~_banned_in(target),
        )
    )
    db.session.execute(insert(MergeMember).from_select(["merge_id", "person_id", "before", "given"], coming))
    brought = (MergeMember.merge_id == made.id,)
    joining: Any = select(
        MergeMember.person_id,
        literal(target.id, BigId),
        MergeMember.given,
        literal(utcnow(), Membership.since.type),
    ).where(*brought, MergeMember.before.is_(None))
    add_missing(Membership, ["person_id", "place_id", "role", "since"], joining)
    given = select(MergeMember.given).where(*brought, MergeMember.person_id == Membership.person_id)
    raised = select(MergeMember.person_id).where(*brought, MergeMember.before.is_not(None))
    raising = update(Membership).where(Membership.place_id == target.id, Membership.person_id.in_(raised))
    db.session.execute(raising.values(role=given.scalar_subquery()), execution_options=AS_IT_IS)
    _bring_followers(made, origin, target)
    db.session.expire_all()


def _bring_followers(made: Merge, origin: Place, target: Place) -> None:
    """Let who followed the origin follow the target as they did, if they may read it; with nothing unread."""
    here, member = aliased(PlaceFollow), aliased(Membership)
    follows = exists().where(here.place_id == target.id, here.person_id == PlaceFollow.person_id)
    reads = exists().where(member.place_id == target.id, member.person_id == PlaceFollow.person_id)
    new = [PlaceFollow.place_id == origin.id, ~follows]
    if target.access != Access.OPEN:
        new.append(reads)
    db.session.execute(
        insert(MergeFollow).from_select(
            ["merge_id", "person_id"], select(literal(made.id, BigId), PlaceFollow.person_id).where(*new)
        )
    )
    newest = max(origin.latest_id, target.latest_id)
    following: Any = select(
        PlaceFollow.person_id, literal(target.id, BigId), PlaceFollow.level, PlaceFollow.muted_until,
        literal(newest, BigId), literal(utcnow(), PlaceFollow.since.type),
    ).where(*new)  # fmt: skip
    columns = ["person_id", "place_id", "level", "muted_until", "seen_id", "since"]
    add_missing(PlaceFollow, columns, following)


def _remember_contents(made: Merge) -> None:
    contents = select(literal(made.id, BigId), Content.id).where(
        Content.place_id == made.origin_id, Content.root_id.is_(None)
    )
    db.session.execute(insert(MergeContent).from_select(["merge_id", "content_id"], contents))


def _moved_by(made: Merge) -> Select[int]:
    """Return what goes back: the contents that moved, with all that stands under them by now."""
    roots = select(MergeContent.content_id).where(MergeContent.merge_id == made.id)
    return select(Content.id).where(or_(Content.id.in_(roots), Content.root_id.in_(roots)))


def _people_back(made: Merge, target: Place) -> None:
    """Take back what the merge gave to people, unless their role was changed since.

    Owners whom it brought stay where the target has no other one left.
    """
    mine = (MergeMember.merge_id == made.id, MergeMember.person_id == Membership.person_id)
    unchanged = [Membership.place_id == target.id, MergeMember.given == Membership.role]
    if not _has_own_owner(made, target):
        unchanged.append(Membership.role != Role.OWNER)
    before = select(MergeMember.before).where(*mine).scalar_subquery()
    lowered = exists().where(*mine, *unchanged[1:], MergeMember.before.is_not(None))
    lowering = update(Membership).where(unchanged[0], lowered).values(role=before)
    brought = exists().where(*mine, *unchanged[1:], MergeMember.before.is_(None))
    leaving = delete(Membership).where(unchanged[0], brought)
    for change in (leaving, lowering):
        db.session.execute(change, execution_options=AS_IT_IS)
    still = select(Membership.person_id).where(Membership.place_id == target.id)
    follows = (
        PlaceFollow.place_id == target.id,
        PlaceFollow.person_id.in_(select(MergeFollow.person_id).where(MergeFollow.merge_id == made.id)),
        PlaceFollow.person_id.not_in(still),
    )
    db.session.execute(delete(PlaceFollow).where(*follows), execution_options=AS_IT_IS)
    db.session.expire_all()


def _has_own_owner(made: Merge, target: Place) -> bool:
    """Tell whether somebody owns the target whom the merge did not make its owner, and is in the company."""
    brought = select(MergeMember.person_id).where(
        MergeMember.merge_id == made.id, MergeMember.given == Role.OWNER
    )
    own = (
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.place_id == target.id,
            Membership.role == Role.OWNER,
            Membership.person_id.not_in(brought),
            Person.present.is_(True),
        )
    )
    return db.session.scalar(own.limit(1)) is not None


def _banned_in(target: "Group | Place") -> Any:
    place_id = target.place_id if isinstance(target, Group) else target.id
    return exists().where(Ban.place_id == place_id, Ban.person_id == Membership.person_id)


def _belongs(membership: Any, place_id: int) -> tuple[Any, Any]:
    return membership.place_id == place_id, membership.role != Role.VISITOR


def _rank(role: Any) -> Any:
    return case((role == Role.OWNER, 2), (role == Role.MODERATOR, 1), else_=0)
