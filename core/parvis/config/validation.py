"""Check a whole configuration file and say everything that is wrong with it at once."""

import copy
import importlib.metadata
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from parvis.config.document import Document
from parvis.config.message import FIXED, hint, models_at, nested_models, sentence, shown
from parvis.config.problem import ConfigError, Location, Problem, did_you_mean, key_name
from parvis.config.tables import (
    DatabaseSettings,
    IdentitySettings,
    JobsSettings,
    LogSettings,
    SearchSettings,
    ServerSettings,
    SiteSettings,
)
from parvis.directory.settings import DirectorySettings
from parvis.media import MediaSettings
from parvis.settings import Settings

TABLES: dict[str, type[Settings]] = {
    "site": SiteSettings,
    "server": ServerSettings,
    "database": DatabaseSettings,
    "jobs": JobsSettings,
    "identity": IdentitySettings,
    "directory": DirectorySettings,
    "media": MediaSettings,
    "search": SearchSettings,
    "log": LogSettings,
}


@dataclass(frozen=True, kw_only=True)
class Config:
    """The validated configuration: one attribute per table. Its repr shows no secret."""

    path: Path
    enabled: tuple[str, ...]
    site: SiteSettings
    server: ServerSettings
    database: DatabaseSettings
    jobs: JobsSettings
    identity: IdentitySettings
    directory: DirectorySettings
    media: MediaSettings
    search: SearchSettings
    log: LogSettings
    plugins: Mapping[str, Settings]


def validate(
    document: Document,
    plugin_settings: Mapping[str, type[Settings]],
    *,
    available: Collection[str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Config:
    """Check the document against core's tables and the plugins'; raise ConfigError with all problems.

    `plugin_settings` are the tables to check and fill in. `available` names every installed plugin (by
    default the entry points), so that a misspelt name differs from a plugin that is merely switched off.
    """
    if available is None:
        available = {point.name for point in importlib.metadata.entry_points(group="parvis.plugins")}
    check = _Check(document, os.environ if environ is None else environ)
    check.unknown_tables()
    check.plugin_names({*available, *plugin_settings})
    tables = {name: check.table((name,), model) for name, model in TABLES.items()}
    plugins = {name: check.table(("plugins", name), model) for name, model in plugin_settings.items()}
    if check.problems:
        raise ConfigError(*sorted(check.problems, key=lambda problem: problem.line or 0))
    return _config(document, tables, plugins)


def _config(document: Document, tables: dict[str, Any], plugins: dict[str, Any]) -> Config:
    tables["jobs"] = tables["jobs"].completed(tables["database"], document.path.parent)
    return Config(path=document.path, enabled=document.enabled, plugins=plugins, **tables)


class _Check:
    """One pass over one document, gathering problems."""

    def __init__(self, document: Document, environ: Mapping[str, str]) -> None:
        self.document = document
        self.data = copy.deepcopy(document.data)
        self.environ = environ
        self.problems: list[Problem] = []
        self.secrets: set[str] = set()
        self.origins: dict[Location, str] = {}
        self.unread: set[Location] = set()

    def unknown_tables(self) -> None:
        for name, value in self.data.items():
            if name not in TABLES and name != "plugins":
                table = isinstance(value, dict | list)
                message = (
                    "is not a known table" if table else "stands above every [table], where nothing is set"
                )
                self._add((name,), message, did_you_mean(name, [*TABLES, "plugins"]))

    def plugin_names(self, known: Collection[str]) -> None:
        plugins = self.data.setdefault("plugins", {})
        if not isinstance(plugins, dict):
            self._add(("plugins",), "must be a table: [plugins]")
            self.data["plugins"] = {}
            return
        self._enabled(plugins.get("enabled", []), known)
        for name in plugins:
            if name != "enabled" and name not in known:
                meant = did_you_mean(name, ["enabled", *known])
                self._add(("plugins", name), "is not the name of an installed plugin", meant)

    def _enabled(self, names: Any, known: Collection[str]) -> None:
        if not isinstance(names, list):
            self._add(("plugins", "enabled"), "must be a list in square brackets")
            return
        for index, name in enumerate(names):
            location: Location = ("plugins", "enabled", index)
            if not isinstance(name, str):
                self._add(location, "must be text in quotes")
            elif name not in known:
                self._add(location, f"“{shown(name)}” is not an installed plugin", did_you_mean(name, known))
            elif name in names[:index]:
                self._add(location, f"“{name}” is there twice")

    def table(self, location: Location, model: type[Settings]) -> Settings | None:
        """Validate one table; note its problems and return None if it has any."""
        holder = self.data if len(location) == 1 else self.data["plugins"]
        values = holder.get(str(location[-1]), {})
        if not isinstance(values, dict):
            self._add(location, f"must be a table: [{key_name(location)}]")
            return None
        self._take_secrets(model, values, location)
        try:
            return model.model_validate(values, context={"folder": self.document.path.parent})
        except ValidationError as error:
            details = error.errors(include_url=False)
        for detail in details:
            self._translate(detail, location, model)
        return None

    def _take_secrets(self, model: type[Settings], values: dict[str, Any], location: Location) -> None:
        """Put secrets from the environment and from files into their places, in nested tables too."""
        for key in sorted(model.secrets()):
            self._take_secret(values, (*location, key))
        for key, value in values.items():
            for nested in nested_models(model, key):
                for part, below in _tables_in(value, (*location, key)):
                    self._take_secrets(nested, part, below)

    def _take_secret(self, values: dict[str, Any], location: Location) -> None:
        key = str(location[-1])
        name = variable(location)
        file = values.pop(f"{key}_file", None)
        if file is not None and key in values:
            self._add(location, f"is given twice: as {key} and as {key}_file")
        if name in self.environ:
            values[key] = self.environ[name]
            self.origins[location] = f"from the environment variable {name}"
        elif file is not None:
            values[key] = self._secret_file(file, location)
            self.origins[location] = f"from the file in {key}_file"
        if isinstance(values.get(key), str):
            self.secrets.add(values[key])

    def _secret_file(self, file: object, location: Location) -> str:
        self.unread.add(location)
        named = (*location[:-1], f"{location[-1]}_file")
        if not isinstance(file, str):
            self._add(named, "must be a path in quotes")
            return ""
        try:
            text = (self.document.path.parent / file).read_text("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            self._add(named, "names a file that is not UTF-8 text")
        except (OSError, ValueError) as error:
            self._add(named, f"names a file that cannot be read: {getattr(error, 'strerror', 'bad path')}")
        else:
            self.unread.remove(location)
            return text
        return ""

    def _translate(self, detail: ErrorDetails, table: Location, model: type[Settings]) -> None:
        location = self._known(table, (*table, *detail["loc"]), detail["type"])
        models = models_at(model, location[len(table) : -1])
        message = sentence(detail) if detail["type"] in FIXED else self._scrub(sentence(detail))
        if detail["type"] == "missing" and any(location[-1] in each.secrets() for each in models):
            message += f", here or as {location[-1]}_file or as {variable(location)}"
        self._add(location, message, hint(detail, location[-1], models))

    def _known(self, table: Location, location: Location, kind: str) -> Location:
        """Cut off what pydantic adds to name the member of a union that did not fit."""
        end = len(location) - (kind == "missing")
        while end > len(table) and not (
            location[:end] in self.document.lines or location[:end] in self.origins
        ):
            end -= 1
        return (*location[:end], location[-1]) if kind == "missing" else location[:end]

    def _scrub(self, message: str) -> str:
        """Take secrets out of a message whose words are not ours: a validator may have put them there."""
        for secret in self.secrets - {""}:
            message = message.replace(secret, "…")
        return shown(message)

    def _add(self, location: Location, message: str, meant: str | None = None) -> None:
        line = next(
            (self.document.lines[part] for part in _prefixes(location) if part in self.document.lines), None
        )
        if location in self.origins:
            message = f"{message} ({self.origins[location]})"
        problem = Problem(message, self.document.path, line, key_name(location), meant)
        if problem not in self.problems and location not in self.unread:
            self.problems.append(problem)


def _prefixes(location: Location) -> Iterator[Location]:
    return (location[:end] for end in range(len(location), 0, -1))


def variable(location: Location) -> str:
    """Name the environment variable of a secret; list items count from one, as in `key_name`."""
    parts = (str(part + 1) if isinstance(part, int) else part for part in location)
    return "_".join(("PARVIS", *parts)).upper().replace("-", "_")


def _tables_in(value: Any, location: Location) -> Iterator[tuple[dict[str, Any], Location]]:
    if isinstance(value, dict):
        yield value, location
    elif isinstance(value, list):
        yield from ((item, (*location, i)) for i, item in enumerate(value) if isinstance(item, dict))
