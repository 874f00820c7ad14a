"""The forms of moderation. Their rules are the domain's: a form only carries."""

from typing import Any

from flask_wtf import FlaskForm
from parvis.api import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from .domain import charter
from .domain.decide import MOST_DAYS
from .domain.text import reasons
from .domain.visit import HOURS
from .models import NOTE_LENGTH, REASON_LENGTH, TEXT_LENGTH


class CharterForm(FlaskForm):
    """The charter in both languages."""

    french = TextAreaField(_l("In French"), render_kw={"maxlength": charter.MOST, "rows": 18, "lang": "fr"})
    english = TextAreaField(_l("In English"), render_kw={"maxlength": charter.MOST, "rows": 18, "lang": "en"})


class ReportForm(FlaskForm):
    """What one adds to a report; the reason is the button that one presses."""

    note = TextAreaField(_l("Anything to add?"), render_kw={"maxlength": NOTE_LENGTH, "rows": 3})


def checked_days(days: Any) -> int | None:
    """Return a number of days; one that is none, or beyond all bounds, is as if it were not given."""
    return days if isinstance(days, int) and 0 < days <= MOST_DAYS else None


def checked_number(number: Any) -> int | None:
    """Return a number; one that no database holds is one that is too large."""
    return None if number is None else max(-1, min(number, 2**31))


class DecisionForm(FlaskForm):
    """Why, and what whom it is about is sent."""

    reason = SelectField(_l("Reason"), validate_choice=False)
    days = IntegerField(_l("For how many days"), validators=[Optional()], filters=[checked_days])
    text = TextAreaField(_l("What they are sent"), render_kw={"maxlength": TEXT_LENGTH, "rows": 9})

    def offer(self, language: str) -> "DecisionForm":
        """Offer the reasons in the language of the page."""
        self.reason.choices = [SelectChoice(each.name, each.label(language)) for each in reasons().values()]
        return self


class MoveForm(FlaskForm):
    """Why a case is handed over."""

    text = TextAreaField(_l("Why, for whoever decides"), render_kw={"maxlength": REASON_LENGTH, "rows": 3})


class TextForm(FlaskForm):
    """A text of several lines: an appeal, its answer, a template."""

    text = TextAreaField(_l("Your text"), render_kw={"maxlength": TEXT_LENGTH, "rows": 8})


class QuestionForm(FlaskForm):
    """A question to those who moderate."""

    text = TextAreaField(_l("Your question"), render_kw={"maxlength": NOTE_LENGTH, "rows": 4})


class RefusalForm(FlaskForm):
    """Why a first post is not published."""

    text = TextAreaField(_l("Why not?"), render_kw={"maxlength": 1000, "rows": 4})


class RulesForm(FlaskForm):
    """The rules of a place."""

    newcomers_wait = BooleanField(_l("Read everybody’s first post before it is published"))
    words = TextAreaField(_l("Words that ask for a second look"), render_kw={"rows": 4})
    per_day = IntegerField(
        _l("Posts and comments a day from one person"), validators=[Optional()], filters=[checked_number]
    )
    flag_links = BooleanField(_l("Bring links that lead out of the company before us"))


class VisitForm(FlaskForm):
    """Which closed group, why, and for how long."""

    address = StringField(_l("Address of the group"), render_kw={"maxlength": 200})
    reason = TextAreaField(_l("Why?"), render_kw={"maxlength": REASON_LENGTH, "rows": 3})
    hours = RadioField(
        _l("For how long?"),
        choices=[
            SelectChoice(hours, label)
            for hours, label in zip(HOURS, (_l("An hour"), _l("Four hours"), _l("A day")), strict=True)
        ],
        coerce=lambda value: int(value) if str(value).isdecimal() and len(str(value)) < 4 else 0,
        default=HOURS[0],
        validate_choice=False,
    )
