"""The pages of expertise: no rules in sight."""

from flask import request, url_for
from parvis.api import Person, clean

from ..domain.people import Filter
from ..domain.vocabulary import SkillLabel, reader_language
from ..models import Skill
from ..web import number

LISTS = ("site", "department", "language")


def name(skill: Skill | SkillLabel) -> str:
    """Return what a skill is called in the reader's language."""
    return skill.name_for(reader_language())


def person_url(person: Person) -> str:
    """Return the address of somebody's page."""
    return url_for("profile.show", handle=person.handle)


def read_filter() -> Filter:
    """Read out of the address what a list is narrowed to."""
    return Filter(
        site=number("site"),
        department=number("department"),
        language=number("language"),
        asks=bool(request.args.get("asks")),
        wish=request.args.get("show") == "wish",
    )


def address(endpoint: str, wanted: Filter, **values: object) -> str:
    """Return the address of a list that is narrowed so."""
    kept = {each: getattr(wanted, each) for each in LISTS}
    kept |= {"asks": "1" if wanted.asks else None, "show": "wish" if wanted.wish else None, **values}
    return url_for(endpoint, **{key: value for key, value in kept.items() if value})


def typed(key: str, most: int) -> str:
    """Read a line out of the address."""
    return clean(request.args.get(key, ""))[:most]


def handle(text: str | None) -> str:
    """Return a handle as typed, without its @."""
    return (text or "").strip().removeprefix("@").lower()
