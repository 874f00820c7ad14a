"""Find, order, check, load and isolate plugins, and call their hooks one by one.

pluggy calls every implementation of a hook in one go and lets the first failure end it; here each is called
alone, so that what one plugin breaks is its own contribution, named in the log and on the status page.
"""

import importlib.metadata
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import pluggy
import structlog
from packaging.specifiers import SpecifierSet

from parvis import __version__
from parvis.config import did_you_mean
from parvis.db import Model, utcnow
from parvis.errors import DomainError, Veto
from parvis.hookspecs import SPECIFICATIONS
from parvis.i18n import gettext as _
from parvis.plugin import NAME, AnyPlugin, Plugin
from parvis.settings import Settings

log = structlog.get_logger()
T = TypeVar("T")
ENTRY_POINTS = "parvis.plugins"
CORE = "core"


class PluginError(Exception):
    """Why a plugin cannot be used, in words for the administrator."""


@dataclass
class PluginState:
    """One enabled plugin as the administrator sees it. `status`: found, active, failed or blocked."""

    name: str
    status: str = "found"
    problem: str = ""
    plugin_class: type[AnyPlugin] | None = None
    plugin: AnyPlugin | None = None
    failures: deque[tuple[datetime, str]] = field(default_factory=lambda: deque(maxlen=20))

    def fail(self, problem: str, *, status: str = "failed") -> None:
        """Put the plugin out of use and say why."""
        self.status, self.problem, self.plugin = status, problem, None
        log.error("plugin_not_loaded", plugin=self.name, status=status, problem=problem)


class Owned(NamedTuple, Generic[T]):
    """One value with the name of the plugin (or `core`) that gave it."""

    owner: str
    value: T


def installed() -> dict[str, Callable[[], type[AnyPlugin]]]:
    """Return what could be enabled: a loader for each name that an installed distribution declares."""
    return {point.name: point.load for point in importlib.metadata.entry_points(group=ENTRY_POINTS)}


class PluginManager:
    """The plugins of one app. There is no global one: two apps in one process do not meet."""

    def __init__(self, available: Mapping[str, Callable[[], type[AnyPlugin]]] | None = None) -> None:
        self.available = installed() if available is None else available
        self.states: dict[str, PluginState] = {}
        self._calls: dict[str, list[tuple[str, Callable[..., Any]]]] = {}
        self._pluggy = pluggy.PluginManager("parvis")
        for specification in SPECIFICATIONS:
            self._pluggy.add_hookspecs(specification)

    # finding

    def find(self, enabled: Sequence[str]) -> None:
        """Import the enabled plugins and put them in the order of what they require; note what fails."""
        for name in enabled:
            state = self.states[name] = PluginState(name)
            try:
                state.plugin_class = self._import(name)
            except PluginError as problem:
                state.fail(str(problem))
            except Exception as error:
                log.exception("plugin_import_failed", plugin=name)
                state.fail(f"it cannot be imported: {type(error).__name__}: {error}")
        self._order()

    def _import(self, name: str) -> type[AnyPlugin]:
        if name not in self.available:
            hint = did_you_mean(name, self.available)
            raise PluginError(
                f"no installed package offers it{f'; {hint}' if hint else ''}"
                f" (installed: {', '.join(sorted(self.available)) or 'none'})"
            )
        plugin_class: object = self.available[name]()
        if not isinstance(plugin_class, type) or not issubclass(plugin_class, Plugin):
            raise PluginError("its entry point does not name a subclass of parvis.api.Plugin")
        check_declaration(name, plugin_class)
        return plugin_class

    def _order(self) -> None:
        found = {n: s.plugin_class.requires for n, s in self.states.items() if s.plugin_class}
        graph = {name: [r for r in requires if r in self.states] for name, requires in found.items()}
        try:
            order = [*TopologicalSorter(graph).static_order()]
        except CycleError as cycle:
            for name in cycle.args[1][:-1]:
                self.states[name].fail(f"it requires itself, by way of {' -> '.join(cycle.args[1])}")
            order = list(self.states)
        self.states = {
            name: self.states[name] for name in [*order, *(n for n in self.states if n not in order)]
        }
        self._block()

    def _block(self) -> None:
        for state in self.states.values():
            if state.plugin_class is None or state.status in ("failed", "blocked"):
                continue
            for required in state.plugin_class.requires:
                if required not in self.states:
                    state.fail(f"it requires the plugin {required}, which is not enabled")
                elif self.states[required].status in ("failed", "blocked"):
                    state.fail(f"it requires {required}, which is not running", status="blocked")

    def settings_models(self) -> dict[str, type[Settings]]:
        """Return the settings model of every plugin that could be imported."""
        return {n: s.plugin_class.settings_model() for n, s in self.states.items() if s.plugin_class}

    # starting

    def start(self, settings: Mapping[str, Settings], *, attach: Callable[[AnyPlugin], None]) -> None:
        """Make, check and register each plugin in order; `attach` puts it into the app and may raise."""
        for state in self.states.values():
            self._block()
            if state.status != "found" or state.plugin_class is None:
                continue
            try:
                self._start(state, settings[state.name], attach)
            except PluginError as problem:
                state.fail(str(problem))
            except Exception as error:
                log.exception("plugin_start_failed", plugin=state.name)
                state.fail(f"it does not start: {type(error).__name__}: {error}")

    def _start(self, state: PluginState, settings: Settings, attach: Callable[[AnyPlugin], None]) -> None:
        assert state.plugin_class is not None
        plugin = state.plugin_class(settings)
        problems = plugin.check()
        if problems:
            raise PluginError("; ".join(problems))
        for specification in plugin.hookspecs:
            self._pluggy.add_hookspecs(specification)
        self.register(plugin, state.name)
        try:
            attach(plugin)
        except Exception:
            self._calls.clear()
            self._pluggy.unregister(name=state.name)
            raise
        state.plugin, state.status = plugin, "active"

    def register(self, plugin: object, name: str) -> None:
        """Register implementations; an unknown hook or argument in one of them is an error."""
        self._calls.clear()
        try:
            self._pluggy.register(plugin, name)
            self._pluggy.check_pending()
            for caller in self._pluggy.get_hookcallers(plugin) or ():
                if any(
                    impl.hookwrapper or impl.wrapper
                    for impl in caller.get_hookimpls()
                    if impl.plugin is plugin
                ):
                    raise PluginError(
                        f"its {caller.name} wraps the hook; contribute to it, never replace the whole"
                    )
        except (pluggy.PluginValidationError, PluginError) as error:
            if self._pluggy.has_plugin(name):
                self._pluggy.unregister(name=name)
            raise PluginError(str(error).replace("\n", " ")) from error

    @property
    def active(self) -> list[AnyPlugin]:
        """The plugins in use, in the order of what they require."""
        return [s.plugin for s in self.states.values() if s.plugin is not None]

    @property
    def closed_by(self) -> list[PluginState]:
        """The essential plugins that are not running: while there is one, the site stays closed."""
        return [
            s
            for s in self.states.values()
            if s.status != "active" and s.plugin_class and s.plugin_class.essential
        ]

    # calling

    def implementations(self, hook: str) -> Sequence[tuple[str, Callable[..., Any]]]:
        """Return who implements a hook, and how to call it with keyword arguments, in pluggy's order."""
        if hook not in self._calls:  # a page asks a dozen times
            found = reversed(getattr(self._pluggy.hook, hook).get_hookimpls())
            self._calls[hook] = [(impl.plugin_name, _by_name(impl)) for impl in found]
        return self._calls[hook]

    def collect(self, hook: str, expected: type[T], **arguments: Any) -> list[Owned[T]]:
        """Return the contributions to a page or the start, by their `order`; a failing plugin adds nothing.

        A value of another type, or a name that the same owner gives twice, counts as that plugin's failure.
        """
        values: list[Owned[T]] = []
        for owner, call in self.implementations(hook):
            try:
                given = list(call(**arguments) or ())
                if given:  # most have nothing for most slots
                    _check_values(hook, given, expected)
            except Exception as error:
                self.note_failure(owner, hook, error)
            else:
                values += [Owned(owner, value) for value in given]
        if len(values) > 1:
            values.sort(key=_order)
        return values

    def check(self, hook: str, **arguments: Any) -> None:
        """Ask every `check_*` implementation; raise the first Veto. One that fails otherwise refuses too."""
        for owner, call in self.implementations(hook):
            try:
                call(**arguments)
            except DomainError:
                raise
            except Exception as error:
                self.note_failure(owner, hook, error)
                raise Veto(
                    _("This cannot be checked at the moment, so it was not done. Please try again later.")
                ) from error

    def first(self, hook: str, **arguments: Any) -> Any:
        """Return the first answer that is not None; one that fails ends the search and refuses."""
        for owner, call in self.implementations(hook):
            try:
                answer = call(**arguments)
            except DomainError:
                raise
            except Exception as error:
                self.note_failure(owner, hook, error)
                raise Veto(_("Signing in is not possible at the moment. Please try again later.")) from error
            if answer is not None:
                return answer
        return None

    def note_failure(self, owner: str, hook: str, error: Exception) -> None:
        """Put a failure of a running plugin on its record and into the log."""
        log.error(
            "hook_failed", plugin=owner, hook=hook, error=f"{type(error).__name__}: {error}", exc_info=error
        )
        if owner in self.states:
            self.states[owner].failures.append((utcnow(), f"{hook}: {type(error).__name__}: {error}"))


def _by_name(impl: Any) -> Callable[..., Any]:
    """Let an implementation be called with more arguments than it names."""
    function, names = impl.function, impl.argnames
    return lambda **arguments: function(*[arguments[name] for name in names])


def _order(owned: Owned[Any]) -> Any:
    return getattr(owned.value, "order", 0)


def _check_values(hook: str, values: Sequence[Any], expected: type[Any]) -> None:
    for value in values:
        if not isinstance(value, expected):
            raise TypeError(f"{hook} gives {type(value).__name__}, not {expected.__name__}")
    if hook.startswith("register_"):
        names = [value.name for value in values]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"{hook} gives {name!r} twice")


def check_declaration(name: str, plugin_class: type[AnyPlugin]) -> None:
    """Raise PluginError unless the class says what it must, and all that it owns carries its name."""
    if getattr(plugin_class, "name", None) != name or not NAME.fullmatch(name) or name == CORE:
        raise PluginError(
            f"it calls itself {getattr(plugin_class, 'name', None)!r};"
            f" its name must be {name!r}, in small letters and digits"
        )
    if __version__ not in SpecifierSet(plugin_class.api):
        raise PluginError(f"it is made for parvis {plugin_class.api}, and this is {__version__}")
    for problem in (*_foreign_names(name, plugin_class), *_missing_files(plugin_class)):
        raise PluginError(problem)


def _foreign_names(name: str, plugin_class: type[AnyPlugin]) -> Iterator[str]:
    if plugin_class.blueprint is not None and plugin_class.blueprint.name != name:
        yield f"its blueprint is called {plugin_class.blueprint.name!r}, not {name!r}"
    for permission in plugin_class.permissions or ():
        if not permission.value.startswith(f"{name}:"):
            yield f"its permission {permission.value!r} does not begin with '{name}:'"
    package = plugin_class.__module__.partition(".")[0]
    for mapper in Model.registry.mappers:
        table = mapper.local_table.name  # type: ignore[attr-defined]  # our tables all have names
        if mapper.class_.__module__.partition(".")[0] == package and not table.startswith(f"{name}_"):
            yield f"its table {table!r} does not begin with '{name}_'"
    templates = plugin_class.folder() / "templates"
    for entry in templates.iterdir() if templates.is_dir() else ():
        if entry.name != name:
            yield f"its templates stand in templates/{entry.name}, not in templates/{name}"
    if plugin_class.commands is not None and plugin_class.commands.name != name:
        yield f"its command group is called {plugin_class.commands.name!r}, not {name!r}"


def _missing_files(plugin_class: type[AnyPlugin]) -> Iterator[str]:
    """Name files for every page that are not there: each page would fail."""
    folder = plugin_class.blueprint.static_folder if plugin_class.blueprint else None
    for filename in (*plugin_class.styles, *plugin_class.scripts):
        if folder is None or not (Path(folder) / filename).is_file():
            yield f"its file {filename!r} is not in the static folder of its blueprint"
