"""Forms of signing in and of the account."""

import zoneinfo
from functools import cache
from typing import Any

from flask import current_app
from flask_babel import get_locale, get_timezone
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, SelectField, StringField

from parvis.i18n import LANGUAGE_NAMES
from parvis.i18n import gettext as _
from parvis.i18n import lazy_gettext as _l


class SignInForm(FlaskForm):
    """`username`, `password`, `next`; limits are the domain's."""

    username = StringField(_l("User name"), render_kw={"autocomplete": "username", "autocapitalize": "none", "autofocus": True})
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})


class PreferencesForm(FlaskForm):
    """What a member chooses about the display."""

    language = SelectField(_l("Language"))
    timezone = SelectField(_l("Time zone"))
    theme_choice = SelectField(_l("Light or dark"), default="system")
    shortcuts = BooleanField(_l("Single-key shortcuts"), default=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = [(code, LANGUAGE_NAMES[code]) for code in current_app.config["LANGUAGES"]]
        self.timezone.choices = list(timezones())
        if not self.is_submitted():
            self.language.data = self.language.data or str(get_locale())
            self.timezone.data = self.timezone.data or str(get_timezone())
        self.theme_choice.choices = [
            ("system", _("As my device")), ("light", _("Light")), ("dark", _("Dark"))
        ]  # fmt: skip


@cache
def timezones() -> tuple[str, ...]:
    """Return the names of time zones that people live in."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ("UTC", *sorted(name for name in zoneinfo.available_timezones() if name.startswith(areas)))
