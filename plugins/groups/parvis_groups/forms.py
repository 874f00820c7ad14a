"""Forms of groups. Rules are the domain's: here they only help who types."""

from typing import Any
from uuid import uuid4

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from parvis.api import Unit, prepared, read_rows
from parvis.api import gettext as _
from parvis.api import lazy_gettext as _l
from parvis_social.api import Access, Level, Posting
from sqlalchemy import Select, select
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length

from .models import Scope, Theme
from .web import id_of, words

LANGUAGES = (("fr", "Français"), ("en", "English"))
OTHER = {"fr": "en", "en": "fr"}
SPOKEN = (*LANGUAGES, ("fr en", "Français, English"), ("en fr", "English, Français"))
"""What may be spoken in a group: the first is the language of its name and purpose."""

ACCESS = [
    (Access.OPEN, _l("Open"), "everyone", _l("Everyone in the company can read it and join at once.")),
    (
        Access.CLOSED, _l("Closed"), "lock",
        _l("Everyone sees that it exists and can ask to join. Only members read what is written."),
    ),
    (
        Access.SECRET, _l("Secret"), "only-me",
        _l("Only members and those they invite know that it exists."),
    ),
]  # fmt: skip
THEMES = [
    (Theme.WORK, _l("Work"), "career", _l("Projects, trades, questions of every day.")),
    (Theme.LEISURE, _l("Leisure"), "heart", _l("Sport, music, gardens, lunch. Just as welcome.")),
]
SCOPES = [
    (Scope.COMPANY, _l("The company"), "globe", ""),
    (Scope.SITE, _l("A site"), "building", ""),
    (Scope.DEPARTMENT, _l("A department"), "company", ""),
]
POSTING = [
    (Posting.READERS, _l("Whoever can read the group"), "everyone", ""),
    (Posting.MEMBERS, _l("Members"), "people", ""),
    (
        Posting.MODERATORS, _l("Owners and moderators"), "shield",
        _l("Everybody else can comment and react."),
    ),
]  # fmt: skip
LEVELS = [
    (Level.ALL, _l("Everything"), "bell", _l("Each new post. For small groups, or important ones.")),
    (Level.MENTIONS, _l("Mentions and answers"), "reply", _l("What is addressed to them.")),
    (Level.NOTHING, _l("Nothing"), "bell-off", _l("They come and look when they like.")),
]


class AboutForm(FlaskForm):
    """What a group says of itself."""

    name = StringField(_l("Name"), validators=[Length(max=160)])
    purpose = StringField(_l("What is it for, in one line?"), validators=[Length(max=200)])
    theme = StringField(_l("What is it about?"), default=Theme.WORK)
    scope = StringField(_l("For whom is it meant?"), default=Scope.COMPANY)
    site = SelectField(_l("Site"), validate_choice=False)
    department = SelectField(_l("Department"), validate_choice=False)
    description = TextAreaField(_l("Description"), render_kw={"rows": 5})
    tags = StringField(_l("Tags"))
    language = SelectField(_l("Languages spoken"), validate_choice=False)
    second_name = StringField(_l("Name in the other language"), validators=[Length(max=160)])
    second_purpose = StringField(_l("Purpose in the other language"), validators=[Length(max=200)])

    def offer_choices(self, *, site_id: int | None, department_id: int | None) -> None:
        """Fill the lists of languages, sites and departments, with those preselected that are given."""
        self.language.choices = list(SPOKEN)
        found = units()
        for field, kind, chosen in (
            (self.site, Scope.SITE, site_id),
            (self.department, Scope.DEPARTMENT, department_id),
        ):
            field.choices = [("", _("Choose")), *found.get(kind, [])]
            if not field.data:
                field.data = str(chosen or "")

    def said(self) -> dict[str, Any]:
        """Return what was typed, as the domain takes it."""
        scope = self.scope.data or Scope.COMPANY
        unit = {Scope.SITE: self.site.data, Scope.DEPARTMENT: self.department.data}.get(scope)
        second = (self.second_name.data or "").strip() or (self.second_purpose.data or "").strip()
        spoken = (self.language.data or "").split()[:2]
        if second and len(spoken) == 1:
            spoken.append(OTHER.get(spoken[0], ""))
        return {
            "name": self.name.data or "",
            "purpose": self.purpose.data or "",
            "theme": self.theme.data or Theme.WORK,
            "scope": scope,
            "unit_id": id_of(unit),
            "description": self.description.data or "",
            "tags": words(self.tags.data),
            "languages": spoken,
            "second_name": self.second_name.data or "",
            "second_purpose": self.second_purpose.data or "",
        }


class NewForm(AboutForm):
    """A group to open."""

    access = StringField(_l("Who reads it?"), default=Access.OPEN)
    picture = FileField(_l("Picture"))
    difference = StringField(_l("What is different about yours?"), validators=[Length(max=300)])
    form_key = HiddenField(default=lambda: uuid4().hex)


class PictureForm(FlaskForm):
    """A picture for a group."""

    picture = FileField(_l("Picture"))


class RulesForm(FlaskForm):
    """Who publishes, of what new members are told, what may be published besides posts."""

    posting = StringField(_l("Who publishes?"))
    level = StringField(_l("Of what are new members told?"))
    types = SelectMultipleField(_l("What else may be published here?"), validate_choice=False)


class MessageForm(FlaskForm):
    """A few words that go with something."""

    message = TextAreaField(_l("A few words"), validators=[Length(max=500)], render_kw={"rows": 3})


class ProposalForm(FlaskForm):
    """What somebody would like in a group."""

    text = TextAreaField(
        _l("What would you like there?"), validators=[Length(max=500)], render_kw={"rows": 6}
    )


class ReasonForm(FlaskForm):
    """Why somebody is banned."""

    reason = StringField(_l("Why? They are told."), validators=[Length(max=300)])


def units() -> dict[str, list[tuple[str, str]]]:
    """Return the sites and departments in which people work, by kind, in order of name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, unit_id, name in read_rows(_units(), {}):
        found.setdefault(kind, []).append((str(unit_id), name))
    return found


@prepared
def _units() -> Select[str, int, str]:
    return select(Unit.kind, Unit.id, Unit.name).where(Unit.headcount > 0).order_by(Unit.name)
