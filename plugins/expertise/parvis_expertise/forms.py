"""Forms of expertise. Rules are the domain's: here they only help who types."""

from uuid import uuid4

from flask_wtf import FlaskForm
from parvis.api import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField

from .domain.word import NAME_LENGTH
from .models import NOTE_LENGTH


class SkillsForm(FlaskForm):
    """One's skills, by level; the names of the fields are those of `Level`."""

    teach = StringField(_l("I can teach"))
    expert = StringField(_l("I am an expert in"))
    practise = StringField(_l("I practise"))
    ask = StringField(_l("Ask me about"))
    learn = StringField(_l("I am learning"))
    wish = StringField(_l("I would like to learn"))


class NoteForm(FlaskForm):
    """A colleague's word."""

    note = StringField(
        _l("On what did you work together?"), render_kw={"maxlength": NOTE_LENGTH, "autocomplete": "off"}
    )


class AskForm(FlaskForm):
    """Whom to ask."""

    colleague = StringField(_l("Their @handle"), render_kw={"maxlength": 65, "autocomplete": "off"})


class QuestionForm(FlaskForm):
    """A question to those who know."""

    text = TextAreaField(_l("Your question"), render_kw={"maxlength": 20_000, "rows": 5})
    skill = StringField(_l("What is it about?"), render_kw={"maxlength": NAME_LENGTH, "autocomplete": "off"})
    form_key = HiddenField("", default=lambda: uuid4().hex)


class NamesForm(FlaskForm):
    """What a skill is called."""

    english = StringField(_l("In English"), render_kw={"maxlength": NAME_LENGTH})
    french = StringField(_l("In French"), render_kw={"maxlength": NAME_LENGTH})
    others = StringField(_l("Other names by which it is found"))


class MergeForm(FlaskForm):
    """Which skill it is, too."""

    into = StringField(_l("It is the same as"), render_kw={"maxlength": NAME_LENGTH, "autocomplete": "off"})
