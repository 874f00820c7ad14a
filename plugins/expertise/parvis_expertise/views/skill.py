"""Finding people: by a question, by a skill, on the map."""

from dataclasses import replace
from typing import Any

from flask import Response, g, jsonify, request, url_for
from parvis.api import is_fragment, needs, page, redirected, search_for

from ..domain import find as finding
from ..domain.ask import about_skill, waiting_for
from ..domain.contribution import Contributed, contributed_on
from ..domain.curator import may_curate
from ..domain.map import read_map
from ..domain.people import Filter, Found, choices, list_people
from ..domain.title import Known, people_called
from ..domain.vocabulary import get_skill_with_names, popular_skills, suggest_skills
from ..domain.word import NAME_LENGTH
from ..models import Skill
from ..optional import with_social
from ..permission import ExpertisePermission
from ..settings import settings
from ..web import bp, number
from . import address, name, person_url, read_filter, typed


def _common() -> dict[str, Any]:
    return {"skill_name": name, "person_url": person_url, "social": with_social() is not None}


@bp.get("/expertise")
@needs(ExpertisePermission.READ)
def find() -> Response:
    """Ask for an expert as one would ask a colleague; without a question, see what colleagues can do."""
    question, wanted, after = typed("who", finding.MOST_CHARACTERS), read_filter(), number("after")
    if not question:
        popular = popular_skills()
        return page(
            "expertise/find.html", question="", wanted=wanted, popular=popular, curates=may_curate(g.member),
            waiting=waiting_for(g.member), **_common(),
        )  # fmt: skip
    offered = choices()
    understood = finding.understand(question, offered)
    narrowed = _narrowed(wanted, understood)
    found, known = _people(understood, narrowed, wanted, after)
    contributed = contributed_on(understood.names) if len(understood.skills) == 1 else {}
    older = address("expertise.find", wanted, who=question, after=found.after) if found.after else ""
    return page(
        "expertise/find.html", fragment="items" if after else "results", question=question, wanted=wanted,
        choices=offered, understood=understood, found=found, older=older,
        named=[each.person for each in known if each.by_name],
        titled=[each.person for each in known if not each.by_name],
        contributed=contributed, others=_others(contributed, found, narrowed, after), **_common(),
    )  # fmt: skip


def _narrowed(wanted: Filter, understood: finding.Understood) -> Filter:
    """Return what a list is narrowed to: what was chosen, else what the question says."""
    site = understood.site.id if understood.site else None
    department = understood.department.id if understood.department else None
    return replace(
        wanted,
        site=wanted.site or site,
        department=wanted.department or department,
        also=tuple(skill.id for skill in understood.skills[1:]),
        wish=False,
    )


def _people(
    understood: finding.Understood, narrowed: Filter, chosen: Filter, after: int | None
) -> tuple[Found, list[Known]]:
    """Find who says that they have all the skills of a question, and whom the directory calls so."""
    ids = [skill.id for skill in understood.skills]
    found = Found()
    if understood.skills:
        found = list_people(understood.skills[0], narrowed, viewer=g.member, after=after)
    if after is not None or narrowed.asks or narrowed.language:
        return found, []
    return found, people_called(understood.ways, understood.called, narrowed, chosen=chosen, but=ids)


def _others(
    contributed: dict[int, Contributed], found: Found, wanted: Filter, after: int | None
) -> list[Contributed]:
    """Return who contributed and is not listed, below a list that is whole and not narrowed."""
    if (
        after
        or found.after
        or wanted.wish
        or any((wanted.site, wanted.department, wanted.language, wanted.asks))
    ):
        return []
    listed = {each.person.id for each in found.people}
    return [each for person_id, each in contributed.items() if person_id not in listed]


@bp.get("/expertise/suggest")
@needs(ExpertisePermission.READ)
def suggest() -> Response:
    """Suggest skills while a name is being typed."""
    return jsonify([name(skill) for skill in suggest_skills(typed("q", NAME_LENGTH))])


@bp.get("/expertise/skills/<int:skill_id>")
@needs(ExpertisePermission.READ)
def show(skill_id: int) -> Response:
    """Show who has a skill, or would like to, and why they are listed."""
    (skill, names), wanted, after = get_skill_with_names(skill_id), read_filter(), number("after")
    if skill.id != skill_id and not is_fragment():
        return redirected(url_for("expertise.show", skill_id=skill.id))
    if request.args.get("show") == "about" and with_social() is not None:
        return _about(skill, names)
    found = list_people(skill, wanted, viewer=g.member, after=after)
    here = {"skill_id": skill.id}
    older = address("expertise.show", wanted, **here, after=found.after) if found.after else ""
    contributed = {} if wanted.wish else contributed_on(names)
    return page(
        "expertise/skill.html", fragment="items" if after else "results", skill=skill, wanted=wanted,
        found=found,
        choices=choices() if after is None else None, older=older,
        contributed=contributed, others=_others(contributed, found, wanted, after),
        tabs=[address("expertise.show", replace(wanted, wish=wish), **here) for wish in (False, True)],
        curates=after is None and may_curate(g.member), **_common(),
    )  # fmt: skip


def _about(skill: Skill, names: list[str]) -> Response:
    """Show groups, questions, articles and posts on a skill, of what the reader may see."""
    groups = search_for(g.member, name(skill), category="groups").results
    return page(
        "expertise/about.html", skill=skill, groups=groups, contents=about_skill(names, g.member),
        tabs=[url_for("expertise.show", skill_id=skill.id, show=show) for show in (None, "wish")],
        **_common(),
    )  # fmt: skip


@bp.get("/expertise/map")
@needs(ExpertisePermission.READ)
def map_() -> Response:
    """Show what each department can do, with nobody's name."""
    return page("expertise/map.html", regions=read_map(), fewest=settings().map_from, **_common())
