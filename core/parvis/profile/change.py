"""The rules of what a member may say of themselves, and the change of it."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import partial
from re import fullmatch
from typing import Any, TypeVar
from urllib.parse import urlsplit

from sqlalchemy import delete, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from parvis.cleaning import clean
from parvis.db import db, utcnow
from parvis.errors import DomainError, Invalid, all_of
from parvis.events import record
from parvis.i18n import gettext as _
from parvis.identity.models import Member
from parvis.markdown import RENDERER_VERSION, render
from parvis.profile.event import ProfileChanged
from parvis.profile.models import Career, Interest, Profile
from parvis.profile.photo import choose_face
from parvis.profile.profile import (
    FIELDS,
    HEADLINE_LENGTH,
    MOST_CAREER,
    MOST_INTERESTS,
    MOST_LANGUAGES,
    MOST_LINKS,
    TAG_LENGTH,
    Link,
    Period,
    Said,
    in_order,
    read_said,
)
from parvis.text import fold

FIRST_YEAR = 1940
T = TypeVar("T")


class ChangedMeanwhile(DomainError):
    """The profile was saved by somebody else's hand, or in another window, since it was read."""

    status = 409


def change_profile(*, actor: Member, said: Said) -> list[str]:
    """Replace what a member says of themselves; return the names of the fields that changed.

    Args:
        actor: whose profile it is.
        said: all of it; `version` is that of what was read before it was changed.
    Raises:
        Invalid: a value cannot be taken; `field` says which.
        ChangedMeanwhile: the profile has another version by now; nothing was changed.
    """
    wanted = _clean(said)
    row = db.session.get(Profile, actor.id)
    present = read_said(actor.id, row=row)
    if present.version != said.version:
        raise _changed_meanwhile()
    changed = [
        f.name
        for f in fields(Said)
        if f.name != "version" and getattr(present, f.name) != getattr(wanted, f.name)
    ]
    if changed:
        _write(row or Profile(person_id=actor.id), wanted, changed)
        record(ProfileChanged(actor=actor.id, person=actor.id, fields=changed))
        if "hidden" in changed:
            choose_face(actor.person)
    return changed


def introduce(*, actor: Member, headline: str, about: str) -> list[str]:
    """Say the first two things about oneself; what is left empty stays as it was."""
    present = read_said(actor.id)
    return change_profile(
        actor=actor,
        said=replace(present, headline=headline or present.headline, about=about or present.about),
    )


def _write(row: Profile, said: Said, changed: Sequence[str]) -> None:
    row.headline, row.about = said.headline, said.about
    if "about" in changed:
        row.about_html, row.renderer = render(said.about), RENDERER_VERSION
    row.languages, row.hidden = list(said.languages), sorted(said.hidden)
    row.links = [{"label": link.label, "url": link.url} for link in said.links]
    row.updated_at = utcnow()
    db.session.add(row)
    try:
        db.session.flush()
    except (StaleDataError, IntegrityError) as error:
        raise _changed_meanwhile() from error
    if "career" in changed:
        _replace(Career, row.person_id, [vars(period) for period in said.career])
    if "interests" in changed:
        _replace(
            Interest,
            row.person_id,
            [
                {"folded": _key(label), "label": label, "position": position}
                for position, label in enumerate(said.interests)
            ],
        )


def _replace(model: type[Career] | type[Interest], person_id: int, rows: list[dict[str, object]]) -> None:
    db.session.execute(delete(model).where(model.person_id == person_id))
    if rows:
        db.session.execute(insert(model), [{"person_id": person_id, **row} for row in rows])


def _changed_meanwhile() -> ChangedMeanwhile:
    return ChangedMeanwhile(
        _(
            "Your profile was changed in another window since you opened this page. "
            "What you typed is still here."
        )
    )


def _clean(said: Said) -> Said:
    makes: dict[str, Callable[[], Any]] = {
        "headline": lambda: _line(said.headline, HEADLINE_LENGTH, "headline"),
        "about": lambda: _about(said.about),
        "career": lambda: in_order(_each(_period, said.career, MOST_CAREER, "career")),
        "interests": lambda: _tags(said.interests, MOST_INTERESTS, "interests"),
        "languages": lambda: tuple(_tags(said.languages, MOST_LANGUAGES, "languages")),
        "links": lambda: tuple(_each(_link, said.links, MOST_LINKS, "links")),
    }
    values = dict(zip(makes, all_of(makes.values()), strict=True))
    return Said(**values, hidden=frozenset(said.hidden) & frozenset(FIELDS))


def _each(make: Callable[[T], T], values: Sequence[T], limit: int, name: str) -> list[T]:
    return all_of(partial(make, value) for value in _at_most(values, limit, name))


def _line(value: str, limit: int, name: str) -> str:
    value = clean(value)
    if len(value) > limit:
        raise Invalid(_("This is too long: %(limit)s characters at most.", limit=limit), field=name)
    return value


def _about(value: str) -> str:
    value = clean(value, multiline=True)
    try:
        render(value)
    except Invalid as error:
        raise Invalid(error.message, field="about") from error
    return value


def _at_most(values: Sequence[T], limit: int, name: str) -> Sequence[T]:
    if len(values) > limit:
        raise Invalid(_("This is too many: %(limit)s at most.", limit=limit), field=name)
    return values


def _period(period: Period) -> Period:
    role = _line(period.role, 160, "career")
    if not role:
        raise Invalid(_("Please say what you did in each period of your career."), field="career")
    started, ended = _moment(period.started), _moment(period.ended)
    if started and ended and ended < started[: len(ended)]:
        raise Invalid(_("“%(role)s” ends before it begins.", role=role), field="career")
    return Period(role, _line(period.organisation, 160, "career"), started, ended)


def _moment(value: str | None) -> str | None:
    if not value:
        return None
    if (
        not fullmatch(r"[0-9]{4}(-(0[1-9]|1[0-2]))?", value)
        or not FIRST_YEAR <= int(value[:4]) <= date.max.year
    ):
        raise Invalid(_("Please give years with four digits, such as 2011."), field="career")
    return value


def _tags(values: Sequence[str], limit: int, name: str) -> list[str]:
    """Clean free words; of those that differ only in case or accents, keep the first."""
    labels: dict[str, str] = {}
    for value in values:
        label = _line(value, TAG_LENGTH, name)
        if label:
            labels.setdefault(_key(label), label)
    return list(_at_most(list(labels.values()), limit, name))


def _key(label: str) -> str:
    return (fold(label) or label)[:60]


def _link(link: Link) -> Link:
    url = clean(link.url)
    if "://" not in url and fullmatch(r"[\w-]+(\.[\w-]+)+(/\S*)?", url):
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        web = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        web = False
    if not web or " " in url or len(url) > 500:
        raise Invalid(
            _("“%(url)s” is not an address of the web, such as https://example.com.", url=url[:60]),
            field="links",
        )
    found = Link(_line(link.label, 80, "links"), url)
    return found if found.label else Link(found.host[:80], url)
