"""Forms of the profile. Limits are the domain's; here they only help who types."""

from collections.abc import Mapping, Sequence
from typing import Any

from babel.dates import get_month_names
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import FieldList, Form, FormField, HiddenField, SelectField, StringField, TextAreaField, URLField
from wtforms.validators import Length

from parvis.i18n import get_locale
from parvis.i18n import gettext as _
from parvis.i18n import lazy_gettext as _l
from parvis.profile.photo import ALTERNATIVE_LENGTH
from parvis.profile.profile import FIELDS, HEADLINE_LENGTH, MOST_CAREER, MOST_LINKS, Link, Period, Said

YEAR = {"inputmode": "numeric", "maxlength": 4, "placeholder": _l("Year")}


def month_names() -> list[tuple[str, str]]:
    """Return the months to choose from, in the reader's language; the first is none."""
    names = get_month_names("wide", context="stand-alone", locale=get_locale())
    return [("", _("Month")), *((f"{number:02}", names[number]) for number in range(1, 13))]


class PeriodForm(Form):
    """One period of a career; one without any text is left out."""

    role = StringField(_l("What I did"), render_kw={"maxlength": 160})
    organisation = StringField(_l("Where"), render_kw={"maxlength": 160})
    started_month = SelectField(_l("Began in (month)"), validate_choice=False)
    started_year = StringField(_l("Began in (year)"), render_kw=YEAR)
    ended_month = SelectField(_l("Ended in (month)"), validate_choice=False)
    ended_year = StringField(_l("Ended in (year)"), render_kw=YEAR)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.started_month.choices = self.ended_month.choices = month_names()

    @property
    def period(self) -> Period | None:
        """The period, or None for a row left empty."""
        started, ended = (
            _moment(self.started_year.data, self.started_month.data),
            _moment(self.ended_year.data, self.ended_month.data),
        )
        period = Period(self.role.data or "", self.organisation.data or "", started, ended)
        return period if any(vars(period).values()) else None


class LinkForm(Form):
    """One address elsewhere."""

    label = StringField(_l("Name"), render_kw={"maxlength": 80})
    url = URLField(_l("Address"), render_kw={"maxlength": 500, "placeholder": "https://"})

    @property
    def link(self) -> Link | None:
        """The link, or None for a row left empty."""
        return Link(self.label.data or "", self.url.data or "") if self.url.data or self.label.data else None


class ProfileForm(FlaskForm):
    """All that one says of oneself, but the photos."""

    version = HiddenField(default="0")
    headline = StringField(_l("In one line"), validators=[Length(max=HEADLINE_LENGTH)])
    about = TextAreaField(_l("About me"), render_kw={"rows": 8})
    career = FieldList(FormField(PeriodForm), _l("Career"), max_entries=MOST_CAREER + 1)
    interests = StringField(_l("Interests and hobbies"))
    languages = StringField(_l("Languages I speak"))
    links = FieldList(FormField(LinkForm), _l("Elsewhere on the web"), max_entries=MOST_LINKS + 1)

    @classmethod
    def of(cls, said: Said) -> "ProfileForm":
        """Make the form as it is first shown, with one empty row to add a period and a link by."""
        return cls(
            version=str(said.version),
            headline=said.headline,
            about=said.about,
            interests=", ".join(said.interests),
            languages=", ".join(said.languages),
            career=[*map(_row, said.career), {}][:MOST_CAREER],
            links=[*map(vars, said.links), {}][:MOST_LINKS],
        )

    def said(self, sent: Mapping[str, str]) -> Said:
        """Return what was typed; `sent` tells for each field who may see it."""
        return Said(
            version=int(self.version.data) if (self.version.data or "").isdecimal() else 0,
            headline=self.headline.data or "",
            about=self.about.data or "",
            career=[period for entry in self.career if (period := entry.form.period)],
            interests=words(self.interests.data),
            languages=words(self.languages.data),
            links=[link for entry in self.links if (link := entry.form.link)],
            hidden=hidden_in(sent),
        )

    def change_rows(self, sent: Mapping[str, str]) -> bool:
        """Add or take out a row, where that is what was asked for, and tell so."""
        rows = {"career": self.career, "links": self.links}
        if added := rows.get(sent.get("add", "")):
            if len(added) < added.max_entries:
                added.append_entry()
            return True
        if removed := sent.get("remove"):
            for field in rows.values():
                field.entries = [entry for entry in field.entries if entry.name != removed]
            return True
        return "add" in sent


class PhotoForm(FlaskForm):
    """A photo to add."""

    photo = FileField(_l("Photo"))
    alternative = StringField(_l("What it shows"), render_kw={"maxlength": ALTERNATIVE_LENGTH})


class IntroductionForm(FlaskForm):
    """The first photo and the first two lines."""

    photo = FileField(_l("A photo of you"))
    headline = StringField(_l("In one line"), validators=[Length(max=HEADLINE_LENGTH)])
    about = TextAreaField(_l("About me"), render_kw={"rows": 5})


def hidden_in(sent: Mapping[str, str]) -> frozenset[str]:
    """Return the fields that a form says are for oneself alone."""
    return frozenset(name for name in FIELDS if sent.get(f"visible_{name}") == "me")


def words(text: str | None) -> Sequence[str]:
    """Split a line of words and commas."""
    return [word for word in (text or "").replace(";", ",").split(",") if word.strip()]


def _moment(year: str | None, month: str | None) -> str | None:
    year = (year or "").strip()
    return f"{year}-{month}" if year and month else year or month or None


def _row(period: Period) -> dict[str, str]:
    started, _dash, started_month = (period.started or "").partition("-")
    ended, _dash, ended_month = (period.ended or "").partition("-")
    return {
        "role": period.role,
        "organisation": period.organisation,
        "started_year": started,
        "started_month": started_month,
        "ended_year": ended,
        "ended_month": ended_month,
    }
