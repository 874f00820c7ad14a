"""What expertise does where the plugin social is in use: this module is imported there alone."""

from collections.abc import Sequence
from random import Random

from parvis.api import EventRecord, Member, Person, db
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from parvis_social.api import (
    Access,
    Content,
    ContentType,
    NotificationKind,
    NotificationView,
    OpenContribution,
    PlaceLabel,
    TaggedContent,
    get_place_by_id,
    notify,
    open_contributions,
    post,
    postable_places,
    tag_key,
    tagged_contents,
    wall_of,
)
from sqlalchemy import Select, select

from .domain.vocabulary import find_skills, reader_language
from .domain.word import skill_key
from .event import Endorsed, EndorsementAsked
from .models import KNOWING, Declaration, Skill

__all__ = [
    "KINDS",
    "TYPES",
    "about",
    "contributions",
    "open_places",
    "publish",
    "tag_key",
    "tags_of",
    "tell",
    "unanswered",
]

ASKED = "expertise:asked"
ENDORSED = "expertise:endorsed"
QUESTION = "expertise:question"
TYPE = "question"
PUBLISHED = "social.published"
MOST_ASKED = 5
"""How many experts are told of one question."""
LOOKED_AT = 200
"""Among how many they are chosen, at each level."""


def _skill(told: NotificationView) -> str:
    """Return what the skill is called in the reader's language."""
    named = Skill(english=told.data["english"], french=told.data["french"])
    return named.name_for(reader_language())


def _asked(told: NotificationView) -> str:
    return _("%(who)s asks you to confirm: %(skill)s", who=told.who, skill=_skill(told))


def _endorsed(told: NotificationView) -> str:
    return _("%(who)s confirms what you can do: %(skill)s", who=told.who, skill=_skill(told))


def _question(told: NotificationView) -> str:
    return _("%(who)s has a question on %(skill)s", who=told.who, skill=_skill(told))


TYPES = (
    ContentType(
        TYPE, _l("Question"), "expertise/question.html", edit=lambda id: f"/contents/{id}/edit", shared=True
    ),
)

KINDS = (
    NotificationKind(
        QUESTION,
        _l("A question on a skill about which I may be asked"),
        _question,
        lambda told: f"/contents/{told.content_id}",
    ),
    NotificationKind(
        ASKED, _l("A colleague asks me to confirm a skill"), _asked, lambda told: "/expertise/colleagues"
    ),
    NotificationKind(
        ENDORSED, _l("A colleague confirms a skill of mine"), _endorsed, lambda told: "/expertise/colleagues"
    ),
)


def tell(event: EventRecord) -> None:
    """Tell who is asked, whose skill is confirmed, and those who may be asked of a question."""
    if event.kind == PUBLISHED and event.data.get("type") == TYPE and event.content_id is not None:
        _tell_experts(event.content_id)
        return
    kind = {EndorsementAsked.kind: ASKED, Endorsed.kind: ENDORSED}.get(event.kind)
    skill = db.session.get(Skill, event.data["skill"]) if kind else None
    if kind and skill is not None and event.person_id is not None:
        names = {"english": skill.english, "french": skill.french}
        notify(kind=kind, people=[event.person_id], actor=event.actor_id, data=names, at=event.at)


def contributions(tags: Sequence[str], people: Select[int]) -> list[OpenContribution]:
    """Return what people contributed under some tags, in open places alone, the newest first."""
    return open_contributions(tags=tags, people=people)


def open_places(member: Member) -> list[PlaceLabel]:
    """Return the open places in which a member may publish, the latest active first."""
    return [place for place in postable_places(member) if place.access == Access.OPEN]


def publish(*, text: str, place: int | None, actor: Member, form_key: str | None) -> Content:
    """Publish a question in a place; without one on the asker's wall, where it is found by its tag.

    Raises: as `post`; NotFound where the place is none of `open_places`.
    """
    where = wall_of(actor.person) if place is None else get_place_by_id(actor, place)[0]
    return post(place=where, text=text, actor=actor, form_key=form_key, type=TYPE)


def unanswered(tags: Sequence[str], viewer: Member, limit: int) -> list[TaggedContent]:
    """Return questions under some tags that have no answer yet, of what somebody may read."""
    return tagged_contents(tags=tags, viewer=viewer, types=[TYPE], unanswered=True, limit=limit)


def about(tags: Sequence[str], viewer: Member) -> list[TaggedContent]:
    """Return what carries some tags, of what somebody may read: questions without an answer first."""
    found = tagged_contents(tags=tags, viewer=viewer, limit=40)
    return sorted(found, key=lambda each: each.type != TYPE or each.answered)


def tags_of(ids: Sequence[int]) -> dict[int, list[str]]:
    """Return the tags of questions by their ids, for the search: one query."""
    return dict(db.session.execute(select(Content.id, Content.tags).where(Content.id.in_(ids))).all())


def _tell_experts(content_id: int) -> None:
    content = db.session.get(Content, content_id)
    if content is None or content.deleted_at is not None:
        return
    keys = [skill_key(tag.replace("-", " ")) for tag in content.tags]
    for skill in dict.fromkeys(find_skills(keys).values()):
        notify(
            kind=QUESTION, people=_experts(skill, content), actor=content.author_id, content=content.id,
            root=content.id, data={"english": skill.english, "french": skill.french},
        )  # fmt: skip


def _experts(skill: Skill, content: Content) -> list[int]:
    """Choose whom to tell, of those who say that they may be asked: who knows it best, and among equals by
    lot, so that it is not always the same. The lot is the question's: told again, it falls on the same.
    """
    query = (
        select(Declaration.person_id, Declaration.rank)
        .join(Person, Person.id == Declaration.person_id)
        .where(
            Declaration.skill_id == skill.id, Declaration.asks.is_(True), Declaration.rank <= KNOWING,
            Declaration.person_id != content.author_id, Person.present.is_(True),
        )
        .order_by(Declaration.rank, Declaration.person_id)
        .limit(LOOKED_AT)
    )  # fmt: skip
    people = list(db.session.execute(query))
    Random(content.id).shuffle(people)
    return [person_id for person_id, _rank in sorted(people, key=lambda each: each[1])][:MOST_ASKED]
