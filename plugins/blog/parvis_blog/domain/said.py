"""What somebody typed, held to its rules."""

from parvis.api import Invalid, clean
from parvis.api import gettext as _

from ..models import LANGUAGES


def line(text: str, most: int, field: str, *, missing: str = "") -> str:
    """Return a line as it is kept; `missing`: what is said of an empty one, if it may not be.

    Raises:
        Invalid: it is missing or too long.
    """
    return _checked(clean(text), most, field, missing)


def words(text: str, most: int, field: str, *, missing: str = "") -> str:
    """Return a text of several lines as it is kept; raises as `line`."""
    return _checked(clean(text, multiline=True), most, field, missing)


def language(code: str) -> str:
    """Return one of the languages that there are.

    Raises:
        Invalid: there is no such language.
    """
    if code not in LANGUAGES:
        raise Invalid(_("Please choose one of these."), field="language")
    return code


def other(code: str) -> str:
    """Return the other language."""
    return next(each for each in LANGUAGES if each != code)


def _checked(text: str, most: int, field: str, missing: str) -> str:
    if not text and missing:
        raise Invalid(missing, field=field)
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
