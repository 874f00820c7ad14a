"""Opening a group, and changing what it is."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select

from parvis.api import Invalid, Member, TooMany, Unit, clean, db, fold, record, render_markdown, utcnow
from parvis.api import gettext as _
from parvis_social.api import (
    Access,
    Level,
    Place,
    Posting,
    Role,
    add_member,
    add_once,
    change_access,
    content_types,
)

from ..event import GroupChanged, GroupCreated
from ..models import Group, Scope, Theme
from ..settings import settings
from .standing import KIND, as_owner
from .word import index_group

NAME_LENGTH = 80
PURPOSE_LENGTH = 200
DESCRIPTION_LENGTH = 5_000
MOST_TAGS = 10
TAG_LENGTH = 40
RESERVED = frozenset({"new", "similar", "ownerless", "search", "mine"})
LANGUAGES = ("fr", "en")


@dataclass(frozen=True, kw_only=True)
class Described:
    """What somebody says of a group, as typed; `cleaned` holds it to its rules."""

    name: str
    purpose: str
    description: str = ""
    access: str = Access.OPEN
    scope: str = Scope.COMPANY
    unit_id: int | None = None
    theme: str = Theme.WORK
    tags: Sequence[str] = ()
    languages: Sequence[str] = ()
    second_name: str = ""
    second_purpose: str = ""

    def cleaned(self) -> "Described":
        """Return it as it is kept.

        Raises:
            Invalid: something is missing or too long; `field` names it.
        """
        unit = self.unit_id if self.scope != Scope.COMPANY else None
        if self.scope != Scope.COMPANY:
            _check_unit(unit, self.scope)
        return Described(
            name=_line(self.name, NAME_LENGTH, "name", _("Please give the group a name.")),
            purpose=_line(self.purpose, PURPOSE_LENGTH, "purpose", _("Please say in a line what it is for.")),
            description=_text(self.description),
            access=_one_of(self.access, Access, "access"),
            scope=_one_of(self.scope, Scope, "scope"),
            unit_id=unit,
            theme=_one_of(self.theme, Theme, "theme"),
            tags=_tags(self.tags),
            languages=[code for code in dict.fromkeys(self.languages) if code in LANGUAGES],
            second_name=_line(self.second_name, NAME_LENGTH, "second_name"),
            second_purpose=_line(self.second_purpose, PURPOSE_LENGTH, "second_purpose"),
        )


def create_group(
    *,
    described: Described,
    actor: Member,
    similar: Sequence[int] = (),
    form_key: str | None = None,
) -> Group:
    """Open a group: anybody may, at once, and is its owner.

    Args:
        similar: ids of the groups that the actor was shown as similar, for later measurement.
        form_key: a form sent twice opens one group.

    Raises:
        Invalid: something is missing or too long; `field` names it.
        TooMany: the day's allowance is spent.
    """
    said = described.cleaned()
    form_key = (form_key or "")[:40] or None
    if (sent_before := _by_key(actor, form_key)) is not None:
        return sent_before
    _check_allowance(actor)
    place = _make_place(said)
    group = Group(place_id=place.id, founder_id=actor.id, form_key=form_key)
    group.place = place
    _describe(group, said)
    db.session.add(group)
    add_member(place=place, person_id=actor.id, actor=actor, role=Role.OWNER)
    db.session.flush()
    index_group(group)
    record(GroupCreated(actor=actor.id, place=place.id, similar=list(similar)[:20]))
    return group


def change_group(*, group: Group, described: Described, actor: Member) -> None:
    """Change what a group says of itself and who reads it: from the next request on, everywhere.

    Raises:
        NotAllowed: the actor does not own it.
        Invalid: something is missing or too long; `field` names it.
    """
    said = described.cleaned()
    as_owner(actor, group)
    before = _shown(group)
    group.place.name = said.name
    _describe(group, said)
    change_access(place=group.place, access=Access(said.access), actor=actor)
    db.session.flush()
    index_group(group)
    now = _shown(group)
    changed = [name for name, value in now.items() if before[name] != value]
    if changed:
        record(GroupChanged(actor=actor.id, place=group.place_id, fields=changed))


def change_rules(
    *, group: Group, posting: str, level: str, types: Sequence[str], actor: Member
) -> None:
    """Change who publishes in a group, of what its new members are told, and which further types are allowed.

    Raises:
        NotAllowed: the actor does not own it.
        Invalid: there is no such choice.
    """
    as_owner(actor, group)
    known = content_types()
    place = group.place
    place.posting = _one_of(posting, Posting, "posting")
    place.level = _one_of(level, Level, "level")
    place.types = [name for name in types if name in known]
    record(GroupChanged(actor=actor.id, place=place.id, fields=["rules"]))


def set_picture(*, group: Group, key: str | None, actor: Member) -> str | None:
    """Give a group a picture, or none; return the key of the one it had."""
    as_owner(actor, group)
    before, group.place.picture_key = group.place.picture_key, key
    record(GroupChanged(actor=actor.id, place=group.place_id, fields=["picture"]))
    return before


def described_of(group: Group) -> Described:
    """Return what a group says of itself, to be changed."""
    return Described(**_shown(group))  # type: ignore[arg-type]  # its own fields


_SAID = ("purpose", "description", "scope", "unit_id", "theme", "second_name", "second_purpose")


def _shown(group: Group) -> dict[str, object]:
    own = {name: getattr(group, name) for name in _SAID}
    place = {"name": group.place.name, "access": group.place.access}
    return {**own, **place, "tags": list(group.tags), "languages": list(group.languages)}


def _describe(group: Group, said: Described) -> None:
    for name in _SAID:
        setattr(group, name, getattr(said, name))
    group.description_html = render_markdown(said.description) if said.description else ""
    group.tags, group.languages = list(said.tags), list(said.languages)


def _make_place(said: Described) -> Place:
    """Make the place under an address that nobody has, also while somebody else opens one of this name."""
    base = "-".join(fold(said.name).split())[:60].strip("-") or "group"
    number = 1
    while True:
        slug = base if number == 1 else f"{base}-{number}"
        number += 1
        if slug not in RESERVED and add_once(
            Place,
            kind=KIND, slug=slug, name=said.name, access=said.access, posting=Posting.MEMBERS,
            level=Level.MENTIONS, types=[], created_at=utcnow(), latest_id=0, contents_count=0, members_count=0,
        ):  # fmt: skip
            return db.session.scalars(select(Place).where(Place.kind == KIND, Place.slug == slug)).one()


def _by_key(actor: Member, form_key: str | None) -> Group | None:
    if form_key is None:
        return None
    return db.session.scalar(select(Group).where(Group.founder_id == actor.id, Group.form_key == form_key))


def _check_allowance(actor: Member) -> None:
    """Let one person open so many groups a day; those who send twice at once take turns."""
    db.session.refresh(actor, with_for_update={"of": Member})
    since = utcnow() - timedelta(days=1)
    opened = (
        select(func.count())
        .select_from(Group)
        .join(Place, Place.id == Group.place_id)
        .where(Group.founder_id == actor.id, Place.created_at > since)
    )
    if (db.session.scalar(opened) or 0) >= settings().per_day:
        raise TooMany(_("You have opened a good many groups today. Please go on tomorrow."))


def _check_unit(unit_id: int | None, kind: str) -> None:
    unit = db.session.get(Unit, unit_id) if unit_id else None
    if unit is None or unit.kind != kind:
        raise Invalid(_("Please choose the site or department that it is for."), field="unit")


def _line(text: str, most: int, name: str, missing: str = "") -> str:
    text = clean(text)
    if not text and missing:
        raise Invalid(missing, field=name)
    if len(text) > most:
        raise Invalid(_("This is too long: %(limit)s characters at most.", limit=most), field=name)
    return text


def _text(text: str) -> str:
    text = clean(text, multiline=True)
    if len(text) > DESCRIPTION_LENGTH:
        raise Invalid(
            _("This is too long: %(limit)s characters at most.", limit=DESCRIPTION_LENGTH), field="description"
        )
    return text


def _tags(labels: Sequence[str]) -> list[str]:
    found = {fold(label): clean(label).lstrip("#") for label in labels if fold(label)}
    if len(found) > MOST_TAGS:
        raise Invalid(_("%(most)s words at most, please.", most=MOST_TAGS), field="tags")
    if any(len(label) > TAG_LENGTH for label in found.values()):
        raise Invalid(_("This is too long: %(limit)s characters at most.", limit=TAG_LENGTH), field="tags")
    return list(found.values())


def _one_of(value: str, choices: type, name: str) -> str:
    if value not in {str(choice) for choice in choices}:  # type: ignore[attr-defined]  # an enumeration
        raise Invalid(_("Please choose one of these."), field=name)
    return value
