"""Make the app: core's parts, then the plugins, each in its place."""

import os
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from flask import Response, g
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.local import LocalProxy

from parvis import logging, metrics
from parvis.application import develop, home, status
from parvis.application.builtin import Builtin
from parvis.application.gate import init_gate
from parvis.config import Config, locate, read, validate
from parvis.db import db, engine_options
from parvis.directory.ldap import Directory
from parvis.i18n import country_name, format_date, format_datetime, format_number, get_locale, init_i18n
from parvis.identity import views as identity_views
from parvis.identity.authentication import DirectorySignIn, LocalSignIn
from parvis.identity.session import ServerSessions
from parvis.manager import PluginError, PluginManager
from parvis.media import open_store
from parvis.migration import current, histories
from parvis.permissions import may
from parvis.personal_data import views as personal_data_views
from parvis.plugin import AnyPlugin
from parvis.profile import views as profile_views
from parvis.runtime import EXTENSION, Runtime
from parvis.search import views as search_views
from parvis.security import csp_nonce, csrf_token, init_security
from parvis.web import asset, theme
from parvis.web.address import Number, RememberedAddresses
from parvis.web.drawing import drawn, stamped
from parvis.web.error import UNREACHABLE, database_error, init_errors, internal_error
from parvis.web.navigation import navigation, slot
from parvis.web.template import Templates
from parvis.web.unit_of_work import init_unit_of_work

log = structlog.get_logger()
SAFE_MODE = "PARVIS_SAFE_MODE"


class Parvis(RememberedAddresses):
    """The WSGI app; whatever a view raises undoes what it did."""

    jinja_environment = Templates
    jinja_options: dict[str, Any] = {"cache_size": -1}
    """Templates are kept, all of them: to note which was used last costs more than to find it."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return what is called as it is: none of it is a coroutine, and to find that out costs a tenth."""
        return func

    def handle_user_exception(self, e: Exception) -> object:  # type: ignore[override]  # Flask's type has no name
        """Roll back before any error handler runs."""
        db.session.rollback()
        return super().handle_user_exception(e)

    def handle_exception(self, e: Exception) -> Response:
        """Note a fault of ours and answer with a page."""
        db.session.rollback()
        if self.testing and self.config["PROPAGATE_EXCEPTIONS"]:
            raise e
        if isinstance(e, UNREACHABLE):  # where the request's transaction is ended, no error handler is asked
            return self.finalize_request(database_error(e), from_error_handler=True)
        self.log_exception((type(e), e, e.__traceback__))  # type: ignore[arg-type]  # it was raised
        return self.finalize_request(internal_error(), from_error_handler=True)


def create_app(
    config: Config,
    plugins: PluginManager,
    *,
    safe_mode: bool | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Parvis:
    """Make an app for a configuration.

    Args:
        config: the whole, validated configuration.
        plugins: the manager that has found the configuration's plugins.
        safe_mode: start core alone; by default as PARVIS_SAFE_MODE=1 in the environment says.
        overrides: values of Flask's own configuration, for tests.
    """
    app = Parvis("parvis", static_url_path="/static")
    safe_mode = os.environ.get(SAFE_MODE) == "1" if safe_mode is None else safe_mode
    manager = PluginManager({}) if safe_mode else plugins
    app.config.update(
        SQLALCHEMY_DATABASE_URI=config.database.url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(
            config.database.url, pool_size=config.database.pool_size, timeout=config.database.timeout
        ),
        PROPAGATE_EXCEPTIONS=False,
    )
    db.init_app(app)
    directory = Directory(config.directory) if config.directory.enabled else None
    app.extensions[EXTENSION] = Runtime(
        config, manager, open_store(config.media, folder=config.path.parent), directory, safe_mode
    )
    _init_core(app, config, manager)
    app.config.update(overrides or {})
    _register_core(app, manager)
    with app.app_context():
        manager.start(config.plugins, attach=_attacher(app))
    return app


def load(
    path: str | None = None, available: Mapping[str, Callable[[], type[AnyPlugin]]] | None = None
) -> tuple[Config, PluginManager]:
    """Read the configuration, find the plugins it enables, and check both as a whole.

    Raises:
        ConfigError: every problem of the file at once.
    """
    document = read(locate(path))
    manager = PluginManager(available)
    manager.find(document.enabled)
    known = {*manager.available, *document.enabled}  # one that is not installed is a plugin that failed
    return validate(document, manager.settings_models(), available=known), manager


def _init_core(app: Parvis, config: Config, manager: PluginManager) -> None:
    app.url_map.converters["int"] = Number
    app.session_interface = ServerSessions(config)
    init_security(app, config)
    init_errors(app)
    init_gate(app)  # before forms are checked: who is signed out is led to the sign-in, and back
    CSRFProtect(app)
    folders = [
        folder
        for state in manager.states.values()
        if state.plugin_class and (folder := state.plugin_class.translations())
    ]
    site = config.site
    init_i18n(
        app,
        folders=folders,
        languages=list(site.languages),
        default=site.default_language,
        timezone=site.timezone,
    )
    chosen_theme = theme.find_theme(config)
    theme.init_theme(app, chosen_theme)
    login = LoginManager(app, add_context_processor=False)  # templates have current_member
    login.session_protection = None
    login.request_loader(lambda _request: g.get("member"))
    metrics.init_metrics(app, config.server)
    logging.init_logging(app)
    init_unit_of_work(app)
    _init_templates(app, config, chosen_theme)


def _init_templates(app: Parvis, config: Config, chosen_theme: theme.Theme) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        current_member=LocalProxy(lambda: g.get("member")),
        navigation=navigation,
        slot=slot,
        csp_nonce=csp_nonce,
        csrf_token=csrf_token,
        asset=asset.asset,
        plugin_assets=asset.plugin_assets,
        icon=asset.icon,
        drawn=drawn,
        stamped=stamped,
        theme=chosen_theme,
        site=config.site,
        locale=LocalProxy(lambda: getattr(get_locale(), "language", config.site.default_language)),
        language_tag=LocalProxy(lambda: str(get_locale() or config.site.default_language).replace("_", "-")),
        may=may,
    )
    app.jinja_env.filters.update(
        date=format_date,
        datetime=format_datetime,
        number=format_number,
        ago=asset.ago,
        country=country_name,
        tuple=tuple,
    )


def _register_core(app: Parvis, manager: PluginManager) -> None:
    for name, implementation in (
        ("core.local", LocalSignIn()),
        ("core.directory", DirectorySignIn()),
        ("core", Builtin()),
    ):
        manager.register(implementation, name)
    views = (identity_views, profile_views, personal_data_views, search_views, home, status)
    for module in views:
        app.register_blueprint(module.bp)
    if app.debug or app.testing:
        app.register_blueprint(develop.bp)


def _attacher(app: Parvis) -> Callable[[AnyPlugin], None]:
    reached = _revisions(app)

    def attach(plugin: AnyPlugin) -> None:
        for history in histories([plugin])[1:]:
            if reached is not None and reached.get(history.owner) != history.head:
                raise PluginError("its tables are not up to date; run: parvis db upgrade")
        if plugin.blueprint is not None:
            app.register_blueprint(plugin.blueprint)

    return attach


def _revisions(app: Parvis) -> dict[str, str | None] | None:
    """Return the revision of each owner's tables, or None while the database cannot be asked."""
    manager: PluginManager = app.extensions[EXTENSION].plugins
    try:
        with app.app_context(), db.engine.connect() as connection:
            classes = [state.plugin_class for state in manager.states.values() if state.plugin_class]
            return {history.owner: current(connection, history) for history in histories(classes)}
    except SQLAlchemyError as error:
        log.error("database_unavailable_at_start", error=str(error).splitlines()[0])
        return None
