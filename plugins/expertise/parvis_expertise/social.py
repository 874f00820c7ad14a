"""What expertise does where the plugin social is in use: this module is imported there alone."""

from collections.abc import Sequence

from parvis.api import EventRecord, db
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from parvis_social.api import (
    NotificationKind,
    NotificationView,
    OpenContribution,
    notify,
    open_contributions,
    tag_key,
)
from sqlalchemy import Select

from .domain.vocabulary import reader_language
from .event import Endorsed, EndorsementAsked
from .models import Skill

__all__ = ["KINDS", "contributions", "tag_key", "tell"]

ASKED = "expertise:asked"
ENDORSED = "expertise:endorsed"


def _skill(told: NotificationView) -> str:
    """Return what the skill is called in the reader's language."""
    named = Skill(english=told.data["english"], french=told.data["french"])
    return named.name_for(reader_language())


def _asked(told: NotificationView) -> str:
    return _("%(who)s asks you to confirm: %(skill)s", who=told.who, skill=_skill(told))


def _endorsed(told: NotificationView) -> str:
    return _("%(who)s confirms what you can do: %(skill)s", who=told.who, skill=_skill(told))


KINDS = (
    NotificationKind(
        ASKED, _l("A colleague asks me to confirm a skill"), _asked, lambda told: "/expertise/colleagues"
    ),
    NotificationKind(
        ENDORSED, _l("A colleague confirms a skill of mine"), _endorsed, lambda told: "/expertise/colleagues"
    ),
)


def tell(event: EventRecord) -> None:
    """Tell who is asked, or whose skill is confirmed."""
    kind = {EndorsementAsked.kind: ASKED, Endorsed.kind: ENDORSED}.get(event.kind)
    skill = db.session.get(Skill, event.data["skill"]) if kind else None
    if kind and skill is not None and event.person_id is not None:
        names = {"english": skill.english, "french": skill.french}
        notify(kind=kind, people=[event.person_id], actor=event.actor_id, data=names)


def contributions(tags: Sequence[str], people: Select[int]) -> list[OpenContribution]:
    """Return what people contributed under some tags, in open places alone, the newest first."""
    return open_contributions(tags=tags, people=people)
