"""Words in the language of whom they are for: reasons, and the texts with which decisions are told."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import force_locale, format_date
from parvis.api import Invalid, Member, Person, clean, db
from parvis.api import gettext as _

from ..models import TEXT_LENGTH, Act, Template

LANGUAGES = ("fr", "en")
TEXTS = Path(__file__).parents[1] / "text" / "texts.toml"
TOLD = (Act.MESSAGE, Act.EDIT, Act.HIDE, Act.LOCK, Act.WARN, Act.SUSPEND, Act.HOLD)
"""What whom it is about is told of: all but that nothing was to be done."""


@dataclass(frozen=True)
class Reason:
    """Why something is reported or decided; `severe` ones go to those who moderate the whole site at once."""

    name: str
    en: str
    fr: str
    severe: bool = False
    offered: bool = True
    """Whether people can report for it; otherwise a rule does."""

    def label(self, language: str) -> str:
        """Return it in a language."""
        return self.fr if language == "fr" else self.en


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(TEXTS.read_text(encoding="utf-8"))


@cache
def reasons() -> dict[str, Reason]:
    """Return the reasons by name, in the order in which they are offered."""
    return {each["name"]: Reason(**each) for each in _texts()["reason"]}


def checked_reason(name: str, *, offered: bool = False) -> Reason:
    """Return a reason that somebody chose; `offered`: of those that people report for.

    Raises:
        Invalid: there is none of this name; `field` is `reason`.
    """
    if name not in reasons() or (offered and not reasons()[name].offered):
        raise Invalid(_("Please choose a reason."), field="reason")
    return reasons()[name]


def language_of(person_id: int | None) -> str:
    """Return in which of the two languages somebody is written to."""
    member = db.session.get(Member, person_id) if person_id else None
    chosen = (member.language if member else None) or current_app.config["BABEL_DEFAULT_LOCALE"]
    return "fr" if str(chosen).startswith("fr") else "en"


def template_of(act: Act, language: str) -> str:
    """Return the text of a decision as it stands, with the marks of what is filled in."""
    changed = db.session.get(Template, (act, language))
    return changed.text if changed else _texts()["template"][act][language]


def list_templates() -> dict[tuple[str, str], str]:
    """Return the texts of all decisions by what is decided and by language: one query."""
    changed = {(each.act, each.language): each.text for each in db.session.query(Template)}
    return {
        (act, code): changed.get((act, code), _texts()["template"][act][code])
        for act in TOLD
        for code in LANGUAGES
    }


def change_template(*, act: Act, language: str, text: str) -> None:
    """Change the text of a decision; what stands in the file is its text again where it is left empty.

    Raises:
        Invalid: it is too long; `field` is `text`.
    """
    said = checked_text(text, required=False)
    kept = db.session.get(Template, (act, language))
    if not said or said == _texts()["template"][act][language]:
        if kept:
            db.session.delete(kept)
    elif kept:
        kept.text = said
    else:
        db.session.add(Template(act=act, language=language, text=said))


def begun(*, act: Act, person: Person | None, title: str) -> str:
    """Return the text of a decision for whom it is about, in their language, to be changed before it is sent.

    The marks of the reason and of the end stay in it: they are filled in by what is decided.
    """
    text = template_of(act, language_of(person.id if person else None))
    name = (person.given_name or person.display_name) if person else ""
    return text.replace("{name}", name).replace("{title}", title)


def finished(text: str, *, person_id: int | None, reason: Reason, until: datetime | None) -> str:
    """Return a text with the reason, and the end of a suspension, where their marks stand."""
    language = language_of(person_id)
    text = text.replace("{reason}", reason.label(language))
    if until is not None:
        with force_locale(language):
            text = text.replace("{until}", format_date(until, "long"))
    return text


def checked_text(text: str, *, required: bool = True, most: int = TEXT_LENGTH, field: str = "text") -> str:
    """Return a text of several lines as it is kept.

    Raises:
        Invalid: it is empty though required, or too long.
    """
    said = clean(text, multiline=True)
    if required and not said:
        raise Invalid(_("Please write something first."), field=field)
    if len(said) > most:
        raise Invalid(
            _(
                "This is too long: %(limit)s characters at most, and it has %(count)s.",
                limit=most,
                count=len(said),
            ),
            field=field,
        )
    return said
