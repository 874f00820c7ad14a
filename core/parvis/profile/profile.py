"""What a person says of themselves, and how much of it whoever looks may see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import bindparam, func, literal, null, select, text, true, union_all
from sqlalchemy.orm import aliased

from parvis.db import db
from parvis.directory.models import Person
from parvis.identity.models import Member
from parvis.markdown import RENDERER_VERSION, render
from parvis.profile.models import Career, Interest, Photo, Profile
from parvis.profile.people import checked_handle, person_query, visible

FIELDS = ("headline", "about", "career", "interests", "languages", "links", "photos")
"""What a person may show to everyone or keep to themselves."""

MOST_CAREER = 30
MOST_INTERESTS = 30
MOST_LANGUAGES = 15
MOST_LINKS = 10
HEADLINE_LENGTH = 160
TAG_LENGTH = 40


def _with_own(query: Any) -> Any:
    """Join persons with what they say of themselves and with their photos, the main one first."""
    said = query.outerjoin(Profile, Profile.person_id == Person.id)
    return said.outerjoin(Photo, Photo.person_id == Person.id).order_by(Photo.position, Photo.id)


# Made once: making a query takes as long as running it.
_PERIODS = select(literal(True), Career.id, Career.role, Career.organisation, Career.started, Career.ended)
_INTERESTS = select(literal(False), Interest.position, Interest.label, null(), null(), null())
_LISTED: Any = union_all(
    _PERIODS.where(Career.person_id == bindparam("person")),
    _INTERESTS.where(Interest.person_id == bindparam("person")),
).order_by(text("2"))
"""Periods of a career and interests, each in their order: one query for both."""
_OWN = _with_own(select(Profile, Photo).select_from(Person)).where(Person.id == bindparam("person"))
_report: Any = aliased(Person)
_REPORTS = select(func.count()).where(_report.manager_id == Person.id, _report.present == true())
_PAGE = _with_own(person_query().add_columns(Profile, Photo, _REPORTS.scalar_subquery().label("reports")))
_PHOTOS = select(Photo).where(Photo.person_id == bindparam("person")).order_by(Photo.position, Photo.id)


@dataclass(frozen=True)
class Period:
    """One period of a career; `started` and `ended` as `2011` or `2011-09`, no end: today."""

    role: str
    organisation: str = ""
    started: str | None = None
    ended: str | None = None


@dataclass(frozen=True)
class Link:
    """An address elsewhere, and the words it is shown by."""

    label: str
    url: str

    @property
    def host(self) -> str:
        """Where it leads, in short."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.")


@dataclass(frozen=True, kw_only=True)
class Said:
    """A person's own words; `version` is that of the row they were read from, 0 while there is none."""

    version: int = 0
    headline: str = ""
    about: str = ""
    career: Sequence[Period] = ()
    interests: Sequence[str] = ()
    languages: Sequence[str] = ()
    links: Sequence[Link] = ()
    hidden: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, kw_only=True)
class ProfileView:
    """A person's page as one viewer may see it: what is hidden from them is not in here at all.

    `said.hidden` is empty for everybody but the person. `member`: they have signed in at least once.
    `reports`: how many report to them, where it is fetched for their page.
    """

    person: Person
    own: bool
    member: bool
    said: Said
    about_html: str
    photos: Sequence[Photo]
    reports: int = 0

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to show but what the directory says."""
        said = self.said
        return not (
            self.photos
            or any((said.headline, said.about, said.career, said.interests, said.languages, said.links))
        )

    @property
    def missing(self) -> list[str]:
        """Name what the person could still say, most welcome first."""
        said = {
            "photos": self.photos,
            "headline": self.said.headline,
            "about": self.said.about,
            "interests": self.said.interests,
            "career": self.said.career,
            "languages": self.said.languages,
        }
        return [name for name, value in said.items() if not value]

    @property
    def complete(self) -> int:
        """Tell how much of that is said, in percent."""
        return 100 - round(100 * len(self.missing) / 6)


def get_profile_for(viewer: Member, handle: str) -> ProfileView:
    """Fetch a person whose page the viewer may see, and what they say of themselves.

    Raises:
        NotFound: nobody has this handle, or they have left the company (administrators see them still).
    """
    found = db.session.execute(_PAGE, {"handle": checked_handle(handle)}).all()
    return _view(visible(found[0].Person if found else None, viewer), viewer, found, found[0].reports)


def read_profile(person: Person, *, viewer: Member) -> ProfileView:
    """Read what a person says of themselves, as far as the viewer may see it."""
    return _view(person, viewer, db.session.execute(_OWN, {"person": person.id}).all())


def _view(person: Person, viewer: Member, found: Sequence[Any], reports: int = 0) -> ProfileView:
    own = person.id == viewer.id
    row = found[0].Profile if found else None
    hidden = frozenset() if own or row is None else frozenset(row.hidden)
    said = _shown(Said() if row is None else _said(row), hidden, own=own)
    return ProfileView(
        person=person,
        own=own,
        member=row is not None or db.session.get(Member, person.id) is not None,
        said=said,
        about_html=_html(row) if row is not None and said.about else "",
        photos=[] if "photos" in hidden else [each.Photo for each in found if each.Photo],
        reports=reports,
    )


def read_said(person_id: int, *, row: Profile | None = None) -> Said:
    """Read all that a person has said, hidden or not: for themselves."""
    row = row or db.session.get(Profile, person_id)
    return Said() if row is None else _said(row)


def _said(row: Profile) -> Said:
    listed = db.session.execute(_LISTED, {"person": row.person_id}).all()
    return Said(
        version=row.version,
        headline=row.headline,
        about=row.about,
        career=in_order(Period(*period) for is_period, _place, *period in listed if is_period),
        interests=[label for is_period, _place, label, *_rest in listed if not is_period],
        languages=tuple(row.languages),
        links=tuple(Link(link["label"], link["url"]) for link in row.links),
        hidden=frozenset(row.hidden),
    )


def photos_of(person_id: int) -> Sequence[Photo]:
    """Return a person's photos, the main one first."""
    return db.session.scalars(_PHOTOS, {"person": person_id}).all()


def in_order(career: Iterable[Period]) -> list[Period]:
    """Sort periods by time, what lasts until today first."""
    return sorted(career, key=lambda period: (period.ended or "9", period.started or ""), reverse=True)


def _shown(said: Said, hidden: frozenset[str], *, own: bool) -> Said:
    """Leave out what is hidden; to others, also that anything is."""
    kept = {name: getattr(said, name) for name in FIELDS if name != "photos" and name not in hidden}
    return Said(version=said.version, hidden=said.hidden if own else frozenset(), **kept)


def _html(row: Profile) -> str:
    return row.about_html if row.renderer == RENDERER_VERSION else render(row.about)
