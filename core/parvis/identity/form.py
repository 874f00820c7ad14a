"""Forms of signing in and of the account."""

import zoneinfo
from functools import cache
from typing import Any

from flask import current_app
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import BooleanField, PasswordField, SelectField, StringField, ValidationError
from wtforms.widgets import html_params

from parvis.i18n import LANGUAGE_NAMES, get_locale, get_timezone
from parvis.i18n import gettext as _
from parvis.i18n import lazy_gettext as _l


class SignInForm(FlaskForm):
    """`username`, `password`, `next`; limits are the domain's."""

    username = StringField(_l("User name"), render_kw={"autocomplete": "username", "autocapitalize": "none"})
    password = PasswordField(_l("Password"), render_kw={"autocomplete": "current-password"})


@cache
def timezones() -> tuple[str, ...]:
    """Return the names of time zones that people live in."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    return ("UTC", *sorted(name for name in zoneinfo.available_timezones() if name.startswith(areas)))


CITIES = {
    "America/Toronto": ("Montréal", "Ottawa", "Québec"),
    "America/New_York": ("Boston", "Philadelphia", "Washington"),
    "America/Chicago": ("Dallas", "Houston"),
    "America/Los_Angeles": ("San Francisco", "Seattle"),
    "America/Sao_Paulo": ("Brasília", "Rio de Janeiro"),
    "Asia/Kolkata": ("Bangalore", "Chennai", "Delhi", "Mumbai"),
    "Asia/Shanghai": ("Beijing", "Guangzhou", "Shenzhen"),
    "Asia/Tokyo": ("Osaka",),
    "Africa/Casablanca": ("Rabat",),
    "Europe/Berlin": ("Frankfurt", "Hamburg", "München", "Stuttgart"),
    "Europe/London": ("Cardiff", "Edinburgh", "Manchester"),
    "Europe/Madrid": ("Barcelona", "Bilbao"),
    "Europe/Paris": ("Bordeaux", "Lille", "Lyon", "Marseille", "Nantes", "Strasbourg", "Toulouse"),
    "Europe/Rome": ("Milano", "Torino"),
    "Europe/Zurich": ("Bern", "Genève", "Lausanne"),
}
"""Cities that people look for under their own names: zones are named after others."""


class TimezoneField(StringField):
    """One of the time zones; their options are drawn once, for WTForms takes 20 ms to draw so many."""

    def widget(self, field: StringField, **kwargs: Any) -> Markup:
        """Draw the list, with the present choice selected."""
        present = f'value="{escape(field.data)}">'
        options = _timezone_options().replace(present, f"selected {present}", 1)
        given = html_params(**{"id": field.id, "name": field.name, **kwargs})
        label = _("Other cities")
        others = f'<optgroup label="{escape(label)}">{_city_options()}</optgroup>'
        return Markup(f"<select {given}>{options}{others}</select>")

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not in the list."""
        if self.data not in timezones():
            raise ValidationError(self.gettext("Not a valid choice."))


@cache
def _timezone_options() -> str:
    return "".join(f'<option value="{escape(name)}">{escape(name)}</option>' for name in timezones())


@cache
def _city_options() -> str:
    named = sorted((city, zone) for zone, cities in CITIES.items() for city in cities)
    return "".join(f'<option value="{zone}">{city} ({zone})</option>' for city, zone in named)


class PreferencesForm(FlaskForm):
    """What a member chooses about the display."""

    language = SelectField(_l("Language"))
    timezone = TimezoneField(_l("Time zone"))
    theme_choice = SelectField(_l("Light or dark"), default="system")
    shortcuts = BooleanField(_l("Single-key shortcuts"), default=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language.choices = [(code, LANGUAGE_NAMES[code]) for code in current_app.config["LANGUAGES"]]
        if not self.is_submitted():
            self.language.data = self.language.data or str(get_locale()).partition("_")[0]
            self.timezone.data = self.timezone.data or str(get_timezone())
        self.theme_choice.choices = [
            ("system", _("As my device")), ("light", _("Light")), ("dark", _("Dark"))
        ]  # fmt: skip
