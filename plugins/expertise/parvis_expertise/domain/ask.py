"""Ask the experts: a question that everybody can read, told to a few of those who may be asked."""

from typing import Any

from parvis.api import Invalid, Member, NotFound, clean, db
from parvis.api import gettext as _
from sqlalchemy import select

from ..models import KNOWING, Declaration, Skill, SkillName
from ..optional import with_social
from .contribution import is_tag
from .vocabulary import find_skills, get_skill_with_names, names_like, reader_language
from .word import NAME_LENGTH, skill_key

SHOWN = 3
"""How many questions without an answer stand below a search."""
LONGEST = 3
"""Of how many words a tag is looked for in what was searched."""


def ask_experts(
    *, text: str, skill: str, place: int | None, actor: Member, form_key: str | None = None
) -> Any:
    """Publish a question on a skill, under its tag; experts are told of it as the event log is followed.

    Args:
        skill: a name that it has; one that is not known yet is a tag all the same, and nobody is told.
        place: the id of an open place in which the actor may publish; None: on their wall, under the tag.

    Raises:
        NotFound: the plugin social is not in use, or the place is not such a place.
        Invalid: there is no text, or no skill; `field` says which.
        NotAllowed, Veto, TooMany: as publishing in the place.
    """
    social = with_social()
    if social is None or (place is not None and place not in {each.id for each in social.open_places(actor)}):
        raise NotFound(_("Questions cannot be put there."))
    if not clean(text, multiline=True):
        raise Invalid(_("Please write your question."), field="text")
    tag = tag_of(skill)
    has_it = any(word.lower() == f"#{tag}".lower() for word in text.split())
    said = text if has_it else f"{text.rstrip()}\n\n#{tag}"
    return social.publish(text=said, place=place, actor=actor, form_key=form_key)


def tag_of(skill: str) -> str:
    """Return the tag that means a skill, by a name of it.

    Raises:
        Invalid: it has no name that a tag can be; `field` is `skill`.
    """
    name = clean(skill)[:NAME_LENGTH]
    known = find_skills([skill_key(name)]).get(skill_key(name))
    names = [name]
    if known is not None:
        others = get_skill_with_names(known.id)[1]
        names = [known.name_for(reader_language()), *sorted(others, key=lambda each: (each != name, each))]
    social = with_social()
    for each in names:
        if social is not None and (key := social.tag_key(each)) and is_tag(each, social):
            return str(key)
    raise Invalid(
        _("Please name a skill, so that those who know about it find your question."), field="skill"
    )


def searched(typed: str, viewer: Member) -> list[Any]:
    """Return questions without an answer on what somebody searched for, by any of its names: two queries."""
    social, words = with_social(), typed.split()[:12]
    if social is None or not words:
        return []
    runs = [" ".join(words[at : at + n]) for n in range(1, LONGEST + 1) for at in range(len(words) - n + 1)]
    said = [run.strip('"*#') for run in runs]
    named = names_like(skill_key(run) for run in said)
    meant = {name for names in named.values() for name in names if is_tag(name, social)}
    return list(social.unanswered([*said, *sorted(meant - {*said})], viewer, SHOWN))


def waiting_for(member: Member) -> list[Any]:
    """Return questions of others without an answer, on what a member knows: two queries."""
    if (social := with_social()) is None:
        return []
    query = select(Skill, SkillName.name).join(SkillName, SkillName.skill_id == Skill.id)
    query = query.join(Declaration, Declaration.skill_id == Skill.id)
    query = query.where(Declaration.person_id == member.id, Declaration.rank <= KNOWING)
    names = {each for skill, name in db.session.execute(query) for each in (name, *skill.names)}
    tags = sorted(name for name in names if is_tag(name, social))
    found = social.unanswered(tags, member, 2 * SHOWN) if tags else ()
    return [each for each in found if each.author.id != member.id][:SHOWN]


def about_skill(names: list[str], viewer: Member) -> list[Any]:
    """Return contents on a skill that somebody may read, questions without an answer first: one query."""
    social = with_social()
    return (
        [] if social is None else list(social.about([name for name in names if is_tag(name, social)], viewer))
    )
