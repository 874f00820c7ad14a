"""Forms of blogs. Rules are the domain's: here they only help who types."""

from uuid import uuid4

from flask_wtf import FlaskForm
from parvis.api import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from .domain.ask import REASON_LENGTH, TEXT_LENGTH
from .domain.blog import PURPOSE_LENGTH
from .domain.draft import ALT_LENGTH, TAGS_LENGTH
from .domain.feed import LABEL_LENGTH
from .models import NAME_LENGTH, SERIES_LENGTH, TITLE_LENGTH

LANGUAGE_NAMES = {"fr": "Français", "en": "English"}
LANGUAGE_CHOICES = [SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()]


def _most(length: int) -> dict[str, int]:
    return {"maxlength": length}


class BlogForm(FlaskForm):
    """What a blog says of itself and allows."""

    name = StringField(_l("Name"), render_kw=_most(NAME_LENGTH))
    purpose = StringField(_l("What is it about, in one line?"), render_kw=_most(PURPOSE_LENGTH))
    language = SelectField(_l("Its language"), choices=LANGUAGE_CHOICES, validate_choice=False)
    second_name = StringField(_l("Name in the other language"), render_kw=_most(NAME_LENGTH))
    second_purpose = StringField(_l("In one line, in the other language"), render_kw=_most(PURPOSE_LENGTH))
    anonymous = BooleanField(_l("Questions may be put without showing one’s name"))


class NewBlogForm(BlogForm):
    """A blog to open."""

    kind = RadioField(_l("Whose blog is it?"), validate_choice=False)
    leader = StringField(_l("For whom? Their @handle"), render_kw={"maxlength": 65, "autocomplete": "off"})


class SettingsForm(BlogForm):
    """A blog to change."""

    asks = BooleanField(_l("Questions can be put here"))


class WriterForm(FlaskForm):
    """Somebody who is to write in a blog."""

    handle = StringField(_l("Their @handle"), render_kw={"maxlength": 65, "autocomplete": "off"})
    role = RadioField(
        _l("What do they do?"),
        choices=[
            SelectChoice("owner", _l("Author: writes in their own name")),
            SelectChoice("moderator", _l("Delegate: publishes for the authors, and is named beside them")),
        ],
        default="moderator",
        validate_choice=False,
    )


class DraftForm(FlaskForm):
    """An article that is being written, in one language or side by side in two."""

    version = IntegerField("", validators=[Optional()])
    author_id = SelectField(_l("In whose name?"), coerce=int, validate_choice=False)
    language = SelectField(_l("Language"), choices=LANGUAGE_CHOICES, validate_choice=False)
    title = StringField(_l("Title"), render_kw=_most(TITLE_LENGTH))
    source = TextAreaField(_l("Text"))
    second_title = StringField(_l("Title in the other language"), render_kw=_most(TITLE_LENGTH))
    second_source = TextAreaField(_l("Text in the other language"))
    pictures = MultipleFileField(_l("Pictures and files"))
    lead_id = SelectField(_l("Picture above the article"), validate_choice=False)
    lead_alt = StringField(_l("What it shows, for those who cannot see it"), render_kw=_most(ALT_LENGTH))
    lead_caption = StringField(_l("Caption"), render_kw=_most(ALT_LENGTH))
    second_lead_alt = StringField(
        _l("What the picture above shows, in the other language"), render_kw=_most(ALT_LENGTH)
    )
    second_lead_caption = StringField(_l("Its caption in the other language"), render_kw=_most(ALT_LENGTH))
    tags = StringField(_l("Tags"), render_kw=_most(TAGS_LENGTH))
    series = StringField(_l("Series"), render_kw=_most(SERIES_LENGTH))
    acknowledge = BooleanField(_l("Ask readers to say that they have read it"))
    minor = BooleanField(_l("Only a small correction: tell nobody"))
    day = DateField(_l("Day"), validators=[Optional()])
    time = TimeField(_l("Time"), validators=[Optional()])
    timezone = SelectField(_l("Time zone"), validate_choice=False)


class ReviewForm(FlaskForm):
    """A colleague to be asked."""

    reviewer = StringField(_l("Their @handle"), render_kw={"maxlength": 65, "autocomplete": "off"})


class RemarkForm(FlaskForm):
    """What a reviewer thinks."""

    remark = TextAreaField(_l("What do you think of it?"), render_kw={"rows": 5, "maxlength": 2000})


class QuestionForm(FlaskForm):
    """A question."""

    text = TextAreaField(_l("Your question"), render_kw={"rows": 3, "maxlength": TEXT_LENGTH})
    anonymous = BooleanField(_l("Do not show my name"))
    form_key = HiddenField("", default=lambda: uuid4().hex)


class AnswerForm(FlaskForm):
    """An answer in writing, or the article that answers."""

    text = TextAreaField(_l("Your answer"), render_kw={"rows": 8})
    article = SelectField(_l("Or: answered in this article"), coerce=int, validate_choice=False)


class ReasonForm(FlaskForm):
    """Why a question is hidden."""

    reason = StringField(_l("Why?"), render_kw=_most(REASON_LENGTH))


class KeyForm(FlaskForm):
    """A key for feeds."""

    label = StringField(_l("What is it for?"), render_kw=_most(LABEL_LENGTH))
