"""What somebody says of a group, as typed, and held to its rules: for opening one and for changing it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from parvis.api import Invalid, Unit, clean, db, render_markdown
from parvis.api import gettext as _

from ..models import TAG_LENGTH, Group, Scope, Theme
from .word import index_group, tag_key

NAME_LENGTH = 160
OF_PLACE = ("name", "second_name")
PURPOSE_LENGTH = 200
DESCRIPTION_LENGTH = 10_000
DIFFERENCE_LENGTH = 300
MESSAGE_LENGTH = 500
MOST_TAGS = 10
LANGUAGES = ("fr", "en")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a group says of itself, as it is kept."""

    name: str
    purpose: str
    description: str
    description_html: str
    theme: str
    scope: str
    unit_id: int | None
    languages: list[str]
    second_name: str
    second_purpose: str
    tags: list[str]


def checked(
    *,
    name: str,
    purpose: str,
    description: str = "",
    theme: str = Theme.WORK,
    scope: str = Scope.COMPANY,
    unit_id: int | None = None,
    languages: Sequence[str] = (),
    second_name: str = "",
    second_purpose: str = "",
    tags: Sequence[str] = (),
) -> Said:
    """Return what was typed as it is kept.

    Raises:
        Invalid: something is missing or too long; `field` names it, of a missing unit `site` or `department`.
    """
    scope = one_of(scope, Scope, "scope")
    description = _text(description)
    return Said(
        name=line(name, NAME_LENGTH, "name", missing=_("Please give the group a name.")),
        purpose=line(purpose, PURPOSE_LENGTH, "purpose", missing=_("Please say in one line what it is for.")),
        description=description,
        description_html=_rendered(description),
        theme=one_of(theme, Theme, "theme"),
        scope=scope,
        unit_id=_unit(unit_id, scope) if scope != Scope.COMPANY else None,
        languages=[code for code in dict.fromkeys(languages) if code in LANGUAGES],
        second_name=line(second_name, NAME_LENGTH, "second_name"),
        second_purpose=line(second_purpose, PURPOSE_LENGTH, "second_purpose"),
        tags=_tags(tags),
    )


def write(group: Group, said: Said) -> list[str]:
    """Let a group say this, and be found by it; return the names of what changed."""
    changed = [each.name for each in fields(said) if _written(group, each.name, getattr(said, each.name))]
    group.place.second_language = next(iter(said.languages[1:]), "")
    db.session.flush()
    if changed:
        index_group(group)
    return [name for name in changed if name != "description_html"]


def _written(group: Group, name: str, value: Any) -> bool:
    target: Any = group.place if name in OF_PLACE else group
    if getattr(target, name) == value:
        return False
    setattr(target, name, value)
    return True


def line(text: str, most: int, field: str, *, missing: str = "") -> str:
    """Return a line as it is kept; `missing`: what is said of an empty one, if it may not be.

    Raises:
        Invalid: it is missing or too long.
    """
    text = clean(text)
    if not text and missing:
        raise Invalid(missing, field=field)
    return _short_enough(text, most, field)


def message(text: str, *, field: str = "message", missing: str = "") -> str:
    """Return a few words that go with something, as they are kept; raises as `line`."""
    text = clean(text, multiline=True)
    if not text and missing:
        raise Invalid(missing, field=field)
    return _short_enough(text, MESSAGE_LENGTH, field)


def one_of(value: str, choices: type[StrEnum], field: str) -> str:
    """Return a choice that there is.

    Raises:
        Invalid: there is no such choice.
    """
    if value not in set(choices):
        raise Invalid(_("Please choose one of these."), field=field)
    return value


def _short_enough(text: str, most: int, field: str) -> str:
    if len(text) > most:
        raise Invalid(
            _(
                "This is too long: %(limit)s characters at most, and it has %(count)s.",
                limit=most,
                count=len(text),
            ),
            field=field,
        )
    return text


def _text(text: str) -> str:
    return _short_enough(clean(text, multiline=True), DESCRIPTION_LENGTH, "description")


def _rendered(source: str) -> str:
    try:
        return render_markdown(source) if source else ""
    except Invalid as refusal:
        raise Invalid(refusal.message, field="description") from refusal


def _unit(unit_id: int | None, kind: str) -> int:
    unit = db.session.get(Unit, unit_id) if unit_id else None
    if unit is None or unit.kind != kind:
        raise Invalid(_("Please choose the site or department that it is for."), field=kind)
    return unit.id


def _tags(labels: Sequence[str]) -> list[str]:
    found: dict[str, str] = {}
    for label in labels:
        if key := tag_key(label):
            found.setdefault(key, _short_enough(clean(label).lstrip("#"), TAG_LENGTH, "tags"))
    if len(found) > MOST_TAGS:
        raise Invalid(_("At most %(most)s tags, please.", most=MOST_TAGS), field="tags")
    return list(found.values())
