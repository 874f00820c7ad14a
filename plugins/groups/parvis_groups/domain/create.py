"""Opening a group: anybody may, at once."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from secrets import token_hex

from parvis.api import Invalid, Member, TooMany, add_once, db, fold, record, utcnow
from parvis.api import gettext as _
from parvis_social.api import Access, Level, Place, Posting, Role, add_member, visible_places
from sqlalchemy import func, select

from ..event import GroupCreated
from ..models import KIND, Group, Scope, Theme
from ..settings import settings
from .said import DIFFERENCE_LENGTH, checked, line, one_of, write

SLUG_LENGTH = 60
KEY_LENGTH = 40
SHOWN = 20
"""How many similar groups an event names at most."""

_RESERVED = """
active care directory dismiss dismissed find invitations list mine merges new ownerless picture preview
propose search similar static suggested tags
"""
RESERVED = frozenset(_RESERVED.split())
"""Addresses that are pages of their own."""


def create_group(
    *,
    name: str,
    purpose: str,
    actor: Member,
    access: str = Access.OPEN,
    scope: str = Scope.COMPANY,
    unit_id: int | None = None,
    theme: str = Theme.WORK,
    description: str = "",
    languages: Sequence[str] = (),
    second_name: str = "",
    second_purpose: str = "",
    tags: Sequence[str] = (),
    similar_shown: Iterable[int] = (),
    difference: str = "",
    form_key: str | None = None,
) -> Group:
    """Open a group, owned by who opens it.

    Args:
        scope, unit_id: for whom it is meant: the company, or the site or department with this id.
        languages: codes; the first is that of name and purpose, the next that of the second ones.
        similar_shown: ids of the similar groups that the actor was shown, for later measurement.
        difference: what the actor says sets it apart from those; needed if they may know of one.
        form_key: a form sent twice opens one group.

    Raises:
        Invalid: something is missing or too long; `field` names it.
        TooMany: the day's allowance is spent.
    """
    said = checked(
        name=name, purpose=purpose, description=description, theme=theme, scope=scope, unit_id=unit_id,
        languages=languages, second_name=second_name, second_purpose=second_purpose, tags=tags,
    )  # fmt: skip
    access = one_of(access, Access, "access")
    difference = line(difference, DIFFERENCE_LENGTH, "difference")
    shown = shown_ids(similar_shown)
    key = _checked_key(form_key)
    _take_turns(actor)
    if (sent_before := _by_key(actor, key)) is not None:
        return sent_before
    if not difference:
        _check_none_like_it(shown, actor)
    _check_allowance(actor)
    place = _make_place(said.name, access)
    group = Group(
        place_id=place.id, place=place, purpose=said.purpose, founder_id=actor.id, form_key=key,
        difference=difference,
    )  # fmt: skip
    db.session.add(group)
    write(group, said)
    add_member(place=place, person_id=actor.id, actor=actor, role=Role.OWNER)
    record(GroupCreated(actor=actor.id, place=place.id, similar=shown, told=bool(difference)))
    return group


def _check_none_like_it(shown: Sequence[int], actor: Member) -> None:
    """Refuse to open a group beside similar ones that were shown, without a word on what is different.

    What was shown is what a form says: of a group that the actor may not know of, nothing is told.
    """
    known = select(Place.id).where(Place.id.in_(shown), Place.kind == KIND, visible_places())
    if db.session.scalar(known.limit(1), {"viewer": actor.id}) is not None:
        raise Invalid(
            _("There are groups like this one. Please say what is different about yours."), field="difference"
        )


def _take_turns(actor: Member) -> None:
    """Let one person open one group after the other: a form sent twice at once is found by the second."""
    mine = select(Member.id).where(Member.id == actor.id)
    db.session.execute(mine.with_for_update(key_share=True))


def shown_ids(shown: Iterable[int]) -> list[int]:
    """Return the groups that somebody was shown, as many as an event names."""
    return list(dict.fromkeys(shown))[:SHOWN]


def opened_by_form(form_key: str | None, *, actor: Member) -> Group | None:
    """Return the group that a form has opened already, if it was sent before."""
    return _by_key(actor, _checked_key(form_key))


def _checked_key(form_key: str | None) -> str | None:
    """Return the key of a form as it is kept; one that no form of ours has is none."""
    return form_key if form_key and len(form_key) <= KEY_LENGTH and form_key.isprintable() else None


def _by_key(actor: Member, key: str | None) -> Group | None:
    if key is None:
        return None
    return db.session.scalar(select(Group).where(Group.founder_id == actor.id, Group.form_key == key))


def _check_allowance(actor: Member) -> None:
    """Refuse who opens groups without end: a person does not, a program can."""
    opened = (
        select(func.count())
        .select_from(Group)
        .join(Place, Place.id == Group.place_id)
        .where(Group.founder_id == actor.id, Place.created_at > utcnow() - timedelta(days=1))
    )
    if (db.session.scalar(opened) or 0) >= settings().per_day:
        raise TooMany(_("You have opened a good many groups today. Please go on tomorrow."))


def _make_place(name: str, access: str) -> Place:
    """Make the place under an address that nobody has, also while others open groups of this name.

    Where a secret group had an address that others can wish for, theirs would end in "-2" and tell of it.
    """
    base = slug_of(name) if access != Access.SECRET else f"{slug_of(name)}-{token_hex(4)}"
    similar = select(Place.slug).where(
        Place.kind == KIND, Place.slug >= base, Place.slug < base + "\U0010ffff"
    )
    taken = {*RESERVED, *db.session.scalars(similar)}
    number = 1
    while True:
        slug = base if number == 1 else f"{base}-{number}"
        number += 1
        if slug not in taken and add_once(
            Place, kind=KIND, slug=slug, name=name, access=access, posting=Posting.MEMBERS,
            level=Level.MENTIONS, types=[],
        ):  # fmt: skip
            return db.session.scalars(select(Place).where(Place.kind == KIND, Place.slug == slug)).one()


def slug_of(name: str) -> str:
    """Return the address that a group of this name has if nobody has it yet."""
    words = [word for word in fold(name).split() if word.isascii()]
    return "-".join(words)[:SLUG_LENGTH].strip("-") or "group"
