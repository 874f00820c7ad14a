"""What expertise declares."""

from collections.abc import Iterable
from typing import Any

from flask import request
from parvis.api import (
    Erasure,
    EventRecord,
    Job,
    Member,
    NavItem,
    Person,
    PersonalData,
    Plugin,
    ProfileSection,
    SearchWords,
    SlotContent,
    clean,
    hookimpl,
)
from parvis.api import gettext as _

from . import personal_data
from .domain.ask import searched
from .domain.curator import read_curators
from .domain.declare import skills_of
from .domain.map import count_spots
from .domain.upkeep import person_changed
from .optional import with_social
from .permission import ExpertisePermission
from .search import words_of_people, words_of_questions
from .settings import ExpertiseSettings
from .views import ask, colleague, mine, skill, word
from .views.ask import MOST_CHARACTERS
from .web import bp

VIEWS = (ask, colleague, mine, skill, word)
"""Named so that they are imported: each registers on the blueprint."""


class ExpertisePlugin(Plugin[ExpertiseSettings]):
    """Who knows about ...? What colleagues can do, and who confirms it."""

    name = "expertise"
    title = "Expertise"
    version = "0.1.0"
    blueprint = bp
    permissions = ExpertisePermission
    styles = ("expertise.css",)
    scripts = ("expertise.js",)

    @hookimpl
    def register_jobs(self) -> Iterable[Job]:
        """Count the map; read who looks after the words."""
        yield Job("expertise:curators", read_curators, "29 * * * *")
        yield Job("expertise:map", count_spots, "41 * * * *")

    @hookimpl
    def register_search_words(self) -> Iterable[SearchWords]:
        """People are found by what they know, and questions by all names of what they are about."""
        yield words_of_people()
        if social := with_social():
            yield words_of_questions(social.tags_of)

    @hookimpl
    def on_event(self, event: EventRecord) -> None:
        """Keep titles and counts in step with the directory; tell people what concerns them."""
        if event.kind.startswith("core.person_") and event.person_id is not None:
            person_changed(event.kind, event.person_id)
        elif social := with_social():
            social.tell(event)

    @hookimpl(optionalhook=True)
    def register_content_types(self) -> Iterable[Any]:
        """Questions to those who know, where social publishes things."""
        social = with_social()
        yield from social.TYPES if social else ()

    @hookimpl
    def slot(self, name: str, viewer: Member | None) -> Iterable[SlotContent]:
        """Below what was found: ask those who know, and what they were asked and nobody answered yet."""
        if name == "search_after" and viewer is not None and with_social() is not None:
            typed = clean(request.args.get("q", ""))[:MOST_CHARACTERS]
            context = {"typed": typed, "questions": searched(typed, viewer)}
            yield SlotContent("expertise", "expertise/search.html", context)

    @hookimpl(optionalhook=True)
    def register_notification_kinds(self) -> Iterable[Any]:
        """Being asked and being confirmed, where social tells people things."""
        social = with_social()
        yield from social.KINDS if social else ()

    @hookimpl
    def navigation(self, viewer: Member) -> Iterable[NavItem]:
        """Find an expert, and be found."""
        for area in ("main", "me"):
            yield NavItem("expertise", _("Experts"), "expertise.find", "expert", area, order=17)
        yield NavItem("my_expertise", _("My expertise"), "expertise.mine", "expert", area="me", order=20)

    @hookimpl
    def profile_sections(self, person: Person, viewer: Member) -> Iterable[ProfileSection]:
        """What a person can do, and wants to learn."""
        shown = skills_of(person)
        if shown or person.id == viewer.id:
            context = {"shown": shown, "own": person.id == viewer.id}
            yield ProfileSection("expertise", _("Expertise"), "expertise/section.html", context, order=50)

    @hookimpl
    def export_personal_data(self, person: Person) -> Iterable[PersonalData]:
        """What they know, and who confirms it."""
        return personal_data.export(person)

    @hookimpl
    def erase_personal_data(self, erasure: Erasure) -> None:
        """Forget what they know, and the words on it."""
        personal_data.erase(erasure)
