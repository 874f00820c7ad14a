"""Who may come in at all: every page is for members unless its view says `@public`."""

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import SecurityError, ServiceUnavailable
from werkzeug.sansio.utils import host_is_trusted

from parvis.identity.joining import required_step
from parvis.runtime import hooks
from parvis.security import is_static
from parvis.web.page import is_fragment, own_path, readable_path, redirected

# Probes and scrapers come by address, and what these answer depends on nobody.
ALWAYS = frozenset({"status.healthz", "status.readyz", "status.metrics", "theme.css", "theme.file"})


def init_gate(app: Flask) -> None:
    """Stand before every view."""
    app.before_request(_gate)


def _gate() -> ResponseReturnValue | None:
    if request.endpoint in ALWAYS or is_static():
        return None
    if not host_is_trusted(request.host, current_app.config["SITE_HOSTS"]):
        raise SecurityError
    if request.endpoint is None:
        return None
    if "database_error" in g:
        raise g.database_error
    if hooks().closed_by:
        raise ServiceUnavailable
    if _of_plugin_not_running():
        return current_app.aborter(404)
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "is_public", False):
        return None
    if g.member is None:
        return _to_sign_in()
    return _to_required_step()


def _of_plugin_not_running() -> bool:
    state = hooks().states.get(request.blueprint or "")
    return state is not None and state.status != "active"


def _to_sign_in() -> ResponseReturnValue:
    return redirected(url_for("identity.login", next=_where_to_go_on() or None))


def _where_to_go_on() -> str:
    """Return the page that was asked for; if something was sent, the one it was written on, which kept it."""
    if request.method == "GET" and not is_fragment():
        return request.full_path.rstrip("?")
    left = request.headers.get("HX-Current-URL") or request.referrer or ""
    return readable_path(own_path(left.removeprefix(request.host_url.rstrip("/")), ""))


def _to_required_step() -> ResponseReturnValue | None:
    if request.endpoint == "identity.logout":
        return None
    step = required_step(g.member)
    if step is None or request.endpoint == step.endpoint:
        return None
    if request.method == "POST" and request.blueprint == step.endpoint.partition(".")[0]:
        return None
    return redirect(url_for(step.endpoint))
