"""People as the search finds them: by name, by what the directory says, by what they say to everybody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import literal, select
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
    query = select(Person).where(Person.id.in_(ids), Person.present.is_(True))
    found = db.session.scalars(query.options(joinedload(Person.site), joinedload(Person.department))).all()
    said = _said([person.id for person in found])
    for person in found:
        directory = (person.title, person.place, person.country, person.job_family)
        yield SearchDocument(
            id=person.id,
            title=f"{person.display_name} {person.handle}",
            body="\n".join([*filter(None, directory), *said[person.id]]),
            author=person.id,
        )


def _said(ids: Sequence[int]) -> Mapping[int, list[str]]:
    """Return what people say of themselves to everybody: what is hidden is not in it."""
    said: dict[int, list[str]] = {id: [] for id in ids}
    hidden: dict[int, set[str]] = {id: set() for id in ids}
    for profile in db.session.scalars(select(Profile).where(Profile.person_id.in_(ids))):
        hidden[profile.person_id] = set(profile.hidden)
        about, languages = plain_text(profile.about_html), " ".join(profile.languages)
        own = {"headline": profile.headline, "about": about, "languages": languages}
        said[profile.person_id] += [text for name, text in own.items() if name not in profile.hidden]
    career = select(literal("career"), Career.person_id, Career.role, Career.organisation)
    interests = select(literal("interests"), Interest.person_id, Interest.label, literal(""))
    query = career.where(Career.person_id.in_(ids)).union_all(interests.where(Interest.person_id.in_(ids)))
    for name, id, *words in db.session.execute(query):
        if name not in hidden[id]:
            said[id].append(" ".join(words).strip())
    return said


def _show(ids: Sequence[int], viewer: Member) -> Iterator[SearchHit]:
    """Show who is in the company: everybody may see them."""
    query = select(Person).where(Person.id.in_(ids), Person.present.is_(True))
    said = _said(ids)
    options = (load_only(*_CARD), joinedload(Person.site), joinedload(Person.department))
    for person in db.session.scalars(query.options(*options)):
        yield SearchHit(
            id=person.id,
            title=person.display_name,
            url=f"/people/{person.handle}",
            text=" · ".join(filter(None, said[person.id])),
            detail=" · ".join(filter(None, (person.title, person.place))),
            photo=face_url(handle=person.handle, name=person.display_name, key=person.face_key, pixels=96),
            icon="person",
        )
