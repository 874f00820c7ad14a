"""The first visit: steps that core and plugins contribute, some of which must be done."""

from flask import url_for

from parvis.contribution import JoinStep
from parvis.db import db, utcnow
from parvis.events import record
from parvis.identity.event import Joined
from parvis.identity.models import Member
from parvis.runtime import hooks


def steps(member: Member) -> list[JoinStep]:
    """Return every step, in order, done or not."""
    return [owned.value for owned in hooks().collect("join_steps", JoinStep, member=member)]


def undone(member: Member) -> list[JoinStep]:
    """Return the steps neither done nor skipped."""
    return [step for step in steps(member) if not _done(step, member)]


def required_step(member: Member) -> JoinStep | None:
    """Return the first required step that is still to do; until then the member sees nothing else."""
    return next((step for step in undone(member) if step.required), None)


def _done(step: JoinStep, member: Member) -> bool:
    return step.name in member.steps_done if step.done is None else step.done


def finish_step(member: Member, name: str) -> None:
    """Note that a step is done or skipped; the last required one makes the person a member.

    Of two at once, each is noted, and one of them is the last.
    """
    db.session.refresh(member, ["steps_done", "joined_at"], with_for_update={"key_share": True})
    member.steps_done = list(dict.fromkeys([*member.steps_done, name]))
    join_if_ready(member)


def join_if_ready(member: Member) -> None:
    """Make the person a member once no required step is left."""
    if member.joined_at is None and required_step(member) is None:
        member.joined_at = utcnow()
        record(Joined(actor=member.id, person=member.id))
        db.session.flush()


def next_join_url(member: Member, *, after: str = "") -> str:
    """Return the address of the next undone step, else `after` (an own path), else the home page."""
    for step in undone(member):
        return url_for(step.endpoint)
    return after or url_for("home.index")
