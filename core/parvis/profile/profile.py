"""What a person says of themselves, and how much of it whoever looks may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import JSON, Select, bindparam, func, select, true, type_coerce
from sqlalchemy.orm import aliased

from parvis.db import BigId, db
from parvis.directory.models import Person
from parvis.identity.models import Member
from parvis.markdown import RENDERER_VERSION, render
from parvis.profile.models import Career, Interest, Photo, Profile
from parvis.profile.people import checked_handle, person_of, person_query, visible
from parvis.statement import prepared, read_rows

FIELDS = ("headline", "about", "career", "interests", "languages", "links", "photos")
"""What a person may show to everyone or keep to themselves."""

MOST_CAREER = 30
MOST_INTERESTS = 30
MOST_LANGUAGES = 15
MOST_LINKS = 10
HEADLINE_LENGTH = 160
TAG_LENGTH = 40


# Made once: making a query takes as long as running it.
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


class Picture(NamedTuple):
    """A photo, as far as showing it needs."""

    id: int
    alternative: str


class Words(NamedTuple):
    """What the row of a profile says."""

    version: int
    headline: str
    about: str
    about_html: str
    renderer: int
    languages: Sequence[str]
    links: Sequence[Mapping[str, str]]
    hidden: Sequence[str]


OWN = len(Words._fields) + 5
"""How many columns `_own_columns` are, and how many report to them."""


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
    photos: Sequence[Picture]
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
    found = read_rows(_page(), {"handle": checked_handle(handle)})
    person = visible(person_of(found[0]) if found else None, viewer)
    return _view(person, viewer, found[0])


def read_profile(person: Person, *, viewer: Member) -> ProfileView:
    """Read what a person says of themselves, as far as the viewer may see it."""
    return _view(person, viewer, [*read_rows(_own(), {"person": person.id})[0], 0])


@prepared
def _page() -> Select[Any]:
    report = aliased(Person)
    reports = select(func.count()).where(report.manager_id == Person.id, report.present == true())
    return _with_own(person_query(*_own_columns(), reports.scalar_subquery()))


@prepared
def _own() -> Select[Any]:
    own = _with_own(select(*_own_columns()).select_from(Person))
    return own.where(Person.id == bindparam("person"))


def _own_columns() -> list[Any]:
    """Return their words, none before the first; their own id, if they have been here; and their lists."""
    return [*(getattr(Profile, name) for name in Words._fields), Member.id, *_lists(Person.id)]


def _with_own(query: Select[Any]) -> Select[Any]:
    said = query.outerjoin(Profile, Profile.person_id == Person.id)
    return said.outerjoin(Member, Member.id == Person.id)


def _view(person: Person, viewer: Member, row: Sequence[Any]) -> ProfileView:
    """Make a view of what `_own_columns` say of a person, and of how many report to them."""
    *said, joined, career, interests, photos, reports = row[-OWN:]
    own, words = person.id == viewer.id, Words(*said) if said[0] is not None else None
    listed = _listed(career, interests, photos)
    hidden = frozenset() if own or words is None else frozenset(words.hidden)
    shown = Said() if words is None else _shown(_said(words, listed), hidden, own=own)
    return ProfileView(
        person=person,
        own=own,
        member=joined is not None or words is not None,
        said=shown,
        about_html=_html(words) if words is not None and shown.about else "",
        photos=[] if "photos" in hidden else listed.photos,
        reports=reports,
    )


def read_said(person_id: int, *, row: Profile | None = None) -> Said:
    """Read all that a person has said, hidden or not: for themselves."""
    row = row or db.session.get(Profile, person_id)
    if row is None:
        return Said()
    return _said(row, _listed(*read_rows(_lists_of(), {"person": person_id})[0]))


def _said(words: Words | Profile, listed: "_Listed") -> Said:
    return Said(
        version=words.version,
        headline=words.headline,
        about=words.about,
        career=in_order(listed.career),
        interests=listed.interests,
        languages=tuple(words.languages),
        links=tuple(Link(link["label"], link["url"]) for link in words.links),
        hidden=frozenset(words.hidden),
    )


class _Listed(NamedTuple):
    """What a person has several of."""

    career: Sequence[Period] = ()
    interests: Sequence[str] = ()
    photos: Sequence[Picture] = ()


def _listed(career: Sequence[Any], interests: Sequence[Any], photos: Sequence[Any]) -> _Listed:
    """Make them of what `_lists` give, each in its order; PostgreSQL has nothing where there are none."""
    return _Listed(
        [Period(*period) for _id, *period in sorted(career or ())],
        [label for _position, label in sorted(interests or ())],
        [Picture(*photo) for _position, *photo in sorted(photos or ())],
    )


@prepared
def _lists_of() -> Select[Any]:
    return select(*_lists(bindparam("person", type_=BigId)))


def _lists(person: Any) -> list[Any]:
    """Return columns of the periods of somebody's career, their interests and photos: rows of values each."""
    listed = (
        (Career.id, Career.role, Career.organisation, Career.started, Career.ended),
        (Interest.position, Interest.label),
        (Photo.position, Photo.id, Photo.alternative),
    )
    rows, row = func.json_group_array, func.json_array
    if db.engine.dialect.name == "postgresql":
        rows, row = func.json_agg, func.json_build_array
    return [
        select(type_coerce(rows(row(*columns)), JSON))
        .where(columns[0].class_.person_id == person)
        .scalar_subquery()
        for columns in listed
    ]


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


def _html(words: Words) -> str:
    return words.about_html if words.renderer == RENDERER_VERSION else render(words.about)
