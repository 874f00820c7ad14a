"""Themes: folders of data (theme.toml, templates, static) that change tokens, logo and templates."""

import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from flask import Blueprint, Flask, Response, current_app, send_from_directory, url_for
from jinja2 import ChoiceLoader, FileSystemLoader

from parvis.config import Config

TOKEN = re.compile(r"[a-z][a-z0-9-]*")
VALUE = re.compile(r"[#a-zA-Z0-9 .,%()/_-]{1,120}")
SHIPPED = (Path(__file__).parents[1] / "themes",)
"""Where the themes of this distribution stand."""

bp = Blueprint("theme", __name__, url_prefix="/theme")


class ThemeError(Exception):
    """Why a theme cannot be used, in words for the administrator."""


@dataclass(frozen=True)
class Theme:
    """One theme: its name, title, folder, logo and tokens for light and dark."""

    name: str
    title: str
    folder: Path
    logo: str = ""
    light: dict[str, str] = field(default_factory=dict)
    dark: dict[str, str] = field(default_factory=dict)

    @property
    def css(self) -> str:
        """The stylesheet of its tokens; what a theme does not set keeps its default."""
        dark = _rules(self.dark)
        return (
            f":root{{{_rules(self.light)}}}\n"
            f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}}}}}\n'
            f':root[data-theme="dark"]{{{dark}}}\n'
        )

    @property
    def version(self) -> str:
        """A short digest of what the stylesheet says."""
        return hashlib.blake2b(self.css.encode(), digest_size=6).hexdigest()

    @property
    def css_url(self) -> str:
        """Address of the stylesheet."""
        return url_for("theme.css", v=self.version)

    @property
    def logo_url(self) -> str:
        """Address of the logo, or an empty text."""
        return url_for("theme.file", filename=self.logo) if self.logo else ""


def _rules(tokens: dict[str, str]) -> str:
    return "".join(f"--pv-{name}:{value};" for name, value in tokens.items())


def find_theme(config: Config) -> Theme:
    """Read the configured theme; one's own folder comes before those shipped.

    Raises:
        ThemeError: there is none of that name, or its theme.toml cannot be read.
    """
    own = [config.site.themes_folder] if config.site.themes_folder else []
    for base in (*own, *SHIPPED):
        if (base / config.site.theme / "theme.toml").is_file():
            return read_theme(base / config.site.theme)
    raise ThemeError(
        f"there is no theme {config.site.theme!r} in {', '.join(str(b) for b in (*own, *SHIPPED))}"
    )


def read_theme(folder: Path) -> Theme:
    """Read one theme's folder."""
    try:
        told = tomllib.loads((folder / "theme.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ThemeError(f"{folder / 'theme.toml'}: {error}") from error
    return Theme(
        name=folder.name,
        title=str(told.get("title", folder.name)),
        folder=folder,
        logo=str(told.get("logo", "")).removeprefix("static/"),
        light=_tokens(folder, told.get("light", {})),
        dark=_tokens(folder, told.get("dark", {})),
    )


def _tokens(folder: Path, table: dict[str, object]) -> dict[str, str]:
    for name, value in table.items():
        if not TOKEN.fullmatch(name) or not VALUE.fullmatch(str(value)):
            raise ThemeError(f"{folder / 'theme.toml'}: {name} = {value!r} is not a token and a CSS value")
    return {name: str(value) for name, value in table.items()}


def init_theme(app: Flask, theme: Theme) -> None:
    """Let the theme's templates come before core's, and serve its tokens and files."""
    app.extensions["parvis_theme"] = theme
    assert app.jinja_loader is not None
    app.jinja_loader = ChoiceLoader([FileSystemLoader(theme.folder / "templates"), app.jinja_loader])
    app.register_blueprint(bp)


@bp.get("/tokens.css")
def css() -> Response:
    """Answer the theme's tokens as a stylesheet."""
    theme: Theme = current_app.extensions["parvis_theme"]
    response = Response(theme.css, mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@bp.get("/files/<path:filename>")
def file(filename: str) -> Response:
    """Answer one of the theme's static files."""
    theme: Theme = current_app.extensions["parvis_theme"]
    return send_from_directory(theme.folder / "static", filename, max_age=3600)
