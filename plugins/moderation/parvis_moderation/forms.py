"""The forms of moderation. Their rules are the domain's: a form only carries."""

from typing import Any

from flask_wtf import FlaskForm
from parvis.api import lazy_gettext as _l
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import Optional

from .domain import charter
from .domain.decide import MOST_DAYS, REASON_LENGTH
from .domain.text import reasons
from .models import NOTE_LENGTH, TEXT_LENGTH


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


class DecisionForm(FlaskForm):
    """Why, and what whom it is about is sent."""

    reason = SelectField(_l("Reason"), validate_choice=False)
    days = IntegerField(_l("For how many days"), validators=[Optional()], filters=[checked_days])
    text = TextAreaField(_l("What they are sent"), render_kw={"maxlength": TEXT_LENGTH, "rows": 9})

    def offer(self, language: str) -> "DecisionForm":
        """Offer the reasons in the language of the page."""
        self.reason.choices = [(each.name, each.label(language)) for each in reasons().values()]
        return self


class MoveForm(FlaskForm):
    """Why a case is handed over."""

    text = TextAreaField(_l("Why, for whoever decides"), render_kw={"maxlength": REASON_LENGTH, "rows": 3})


class TextForm(FlaskForm):
    """A text of several lines: an appeal, its answer, a template."""

    text = TextAreaField(_l("Your text"), render_kw={"maxlength": TEXT_LENGTH, "rows": 8})
