"""People as the search finds them: by name, by what the directory says, by what they say to everybody."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import false, func, select
from sqlalchemy.orm import joinedload, load_only

from parvis.contribution import SearchDocument, SearchHit, SearchSource
from parvis.db import db
from parvis.directory.event import PersonAdded, PersonChanged, PersonLeft, PersonReturned
from parvis.directory.models import Person
from parvis.events import EventRecord
from parvis.face import face_url
from parvis.i18n import lazy_gettext as _l
from parvis.identity.models import Member
from parvis.profile.event import ProfileChanged
from parvis.profile.models import Career, Interest, Profile
from parvis.profile.people import suggest_people
from parvis.search.analysis import plain_text

CHANGES = frozenset(
    event.kind for event in (PersonAdded, PersonChanged, PersonLeft, PersonReturned, ProfileChanged)
)
_CARD = (
    Person.handle, Person.display_name, Person.title, Person.face_key, Person.site_id, Person.department_id,
)  # fmt: skip
_UNITS = (joinedload(Person.site), joinedload(Person.department))
_OWN = (Profile.hidden, Profile.languages, Profile.about_html, Profile.headline)
_PERIODS = select(func.aggregate_strings(Career.role + " " + Career.organisation, " · "))
_INTERESTS = select(func.aggregate_strings(Interest.label, " · "))
_LISTS = (
    _PERIODS.where(Career.person_id == Person.id).scalar_subquery(),
    _INTERESTS.where(Interest.person_id == Person.id).scalar_subquery(),
)
_PRESENT = func.coalesce(Person.present, false())
"""In a form that no index serves: else SQLite would start from everybody who is present."""


def people_source() -> SearchSource:
    """Return the source of people."""
    return SearchSource(
        name="core:person",
        label=_l("Person"),
        category="people",
        ids=_ids,
        load=_load,
        changed=_changed,
        show=_show,
        without_index=lambda words: [person.id for person in suggest_people(words)],
        order=0,
    )


def _ids(after: int, limit: int) -> Sequence[int]:
    query = select(Person.id).where(Person.id > after).order_by(Person.id).limit(limit)
    return db.session.scalars(query).all()


def _changed(event: EventRecord) -> Iterable[int]:
    return [event.person_id] if event.kind in CHANGES and event.person_id is not None else []


def _load(ids: Sequence[int]) -> Iterator[SearchDocument]:
    for person, said in _people(ids):
        directory = (person.title, person.place, person.country, person.job_family)
        yield SearchDocument(
            id=person.id,
            title=f"{person.display_name} {person.handle}",
            body="\n".join([*filter(None, directory), *said]),
            author=person.id,
        )


def _people(ids: Sequence[int], *options: Any) -> Iterator[tuple[Person, list[str]]]:
    """Give those who are in the company, each with what they say of themselves to everybody: one query."""
    query = select(Person, *_OWN, *_LISTS).outerjoin(Profile, Profile.person_id == Person.id)
    query = query.where(Person.id.in_(ids), _PRESENT).options(*_UNITS, *options)
    for person, hidden, languages, about, headline, career, interests in db.session.execute(query):
        said = {
            "headline": headline, "about": plain_text(about or ""), "languages": " ".join(languages or ()),
            "career": career, "interests": interests,
        }  # fmt: skip
        yield person, [text for name, text in said.items() if text and name not in (hidden or ())]


def _show(ids: Sequence[int], viewer: Member) -> Iterator[SearchHit]:
    """Show who is in the company: everybody may see them."""
    for person, said in _people(ids, load_only(*_CARD)):
        yield SearchHit(
            id=person.id,
            title=person.display_name,
            url=f"/people/{person.handle}",
            text=" · ".join(said),
            detail=" · ".join(filter(None, (person.title, person.place))),
            photo=face_url(handle=person.handle, name=person.display_name, key=person.face_key, pixels=96),
            icon="person",
        )
