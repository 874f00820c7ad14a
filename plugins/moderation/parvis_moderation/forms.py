"""The forms of moderation. Their rules are the domain's: a form only carries."""

from flask_wtf import FlaskForm
from parvis.api import lazy_gettext as _l
from wtforms import TextAreaField

from .domain import charter


class CharterForm(FlaskForm):
    """The charter in both languages."""

    french = TextAreaField(_l("In French"), render_kw={"maxlength": charter.MOST, "rows": 18, "lang": "fr"})
    english = TextAreaField(_l("In English"), render_kw={"maxlength": charter.MOST, "rows": 18, "lang": "en"})
