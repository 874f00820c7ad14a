"""The forms of posts and comments."""

from uuid import uuid4

from flask_wtf import FlaskForm
from parvis.api import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, MultipleFileField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from . import comment, post
from .care import REASON_LENGTH


def new_key() -> str:
    """Return what a form carries so that what it sends is published once, however often it is sent."""
    return uuid4().hex


LARGEST = 2**62
"""More than any id there will be, and still a number that databases hold."""


def held(number: int | None) -> int | None:
    """Return a number; for one that no database holds, one that nothing has."""
    return None if number is None else max(-1, min(number, LARGEST))


class WriteForm(FlaskForm):
    """What posts and comments have in common. Its rules are the domain's: the form only carries."""

    second_look = ""
    """The key of the `SecondLook` that is asked for: the form sends it back as `confirmed`."""

    text = TextAreaField(_l("Your text"))
    files = MultipleFileField(_l("Pictures and files"))
    kept_files = HiddenField("")  # without a label, WTForms reads its whole catalogue to translate the name
    form_key = HiddenField("", default=new_key)


class PostForm(WriteForm):
    """A post; `place` is where it is published, where that can be chosen."""

    text = TextAreaField(_l("What do you want to share?"), validators=[Length(max=post.MOST)])
    place = IntegerField(_l("Where"), validators=[Optional()], filters=[held])


def blank_post(nonce: str) -> PostForm:
    """Return an empty post form whose key is made of its page's nonce: it can be drawn once for many."""
    form = PostForm(formdata=None)
    form.form_key.data = f"{nonce}-post"
    return form


class CommentForm(WriteForm):
    """A comment, or an answer to one."""

    text = TextAreaField(_l("Your comment"), validators=[Length(max=comment.MOST)])
    parent = IntegerField("", validators=[Optional()], filters=[held])


def blank_comment(nonce: str) -> CommentForm:
    """Return an empty comment form, as `blank_post` does."""
    form = CommentForm(formdata=None)
    form.form_key.data = f"{nonce}-comment"
    return form


class EditForm(WriteForm):
    """A change of a post or a comment, made from a version of it."""

    version = IntegerField("", filters=[held])
    minor = BooleanField(_l("Only a small correction: tell nobody"))


class LockForm(FlaskForm):
    """Why the comments are closed, or one is hidden."""

    reason = StringField(_l("Why?"), validators=[Length(max=REASON_LENGTH)])
