"""Headers that keep pages to themselves, and forwarded headers only from proxies one knows."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer
from werkzeug.middleware.proxy_fix import ProxyFix

from parvis.config import Config
from parvis.metrics import UNKNOWN_PROXY

FORWARDED = (
    "HTTP_FORWARDED",
    *(f"HTTP_X_FORWARDED_{name}" for name in ("FOR", "PROTO", "HOST", "PORT", "PREFIX")),
)
YEAR = 365 * 24 * 3600
CSRF_KEY = "csrf_token"
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
)


def csp_nonce() -> str:
    """Return this request's nonce, without which no script runs and no htmx element acts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return str(g.csp_nonce)


def csrf_token() -> str:
    """Return the token of this request's forms, as Flask-WTF makes it, but signed once for a session."""
    if CSRF_KEY not in g and CSRF_KEY in session:
        g.csrf_token = _signed(current_app.secret_key, session[CSRF_KEY])
    return g.get(CSRF_KEY) or generate_csrf()


@lru_cache(maxsize=4096)
def _signed(key: str, token: str) -> str:
    return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(token))


def init_security(app: Flask, config: Config) -> None:
    """Set the limits and headers of every answer."""
    app.config.update(
        SECRET_KEY=config.server.secret_key,
        SITE_HOSTS=trusted_hosts(config),
        MAX_CONTENT_LENGTH=config.server.max_upload * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=200,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.wsgi_app = TrustedProxies(app.wsgi_app, config.server.trusted_proxies)  # type: ignore[method-assign]  # Flask's way
    ancestors = " ".join(config.server.frame_ancestors) or "'none'"
    secure = config.site.secure

    @app.after_request
    def set_headers(response: Response) -> Response:
        _set_headers(response, ancestors)
        if secure:
            response.headers["Strict-Transport-Security"] = f"max-age={YEAR}"
        return response


def trusted_hosts(config: Config) -> list[str]:
    """Return the Host names that are answered: the site's own, those set, and loopback on plain http."""
    own = [config.site.hostname, *config.server.allowed_hosts]
    return own if config.site.secure else [*own, "127.0.0.1", "localhost", "[::1]"]


def _set_headers(response: Response, ancestors: str) -> None:
    headers = response.headers
    given = {name.lower() for name, _value in headers}
    for name, value in (*HEADERS, ("Content-Security-Policy", content_security_policy(ancestors))):
        if name.lower() not in given:
            headers.add(name, value)
    if is_static() and "v" in request.args:
        headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    elif not is_static() and request.endpoint not in ("theme.css", "theme.file"):
        headers.setdefault(
            "Cache-Control", "no-store" if g.get("member") or response.mimetype == "text/html" else "no-cache"
        )


def is_static() -> bool:
    """Tell whether a static file is asked for, of core or of a plugin: the same for everybody."""
    return (request.endpoint or "").rpartition(".")[2] == "static"


def content_security_policy(ancestors: str) -> str:
    """Return the policy of a page: scripts by nonce, nothing inline, nothing from elsewhere."""
    return (
        "default-src 'none'; "
        f"script-src 'nonce-{csp_nonce()}' 'strict-dynamic'; style-src 'self'; img-src 'self' blob: data:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'; media-src 'self'; "
        f"object-src 'none'; base-uri 'none'; frame-ancestors {ancestors}; "
        "require-trusted-types-for 'script'; trusted-types htmx"
    )


class TrustedProxies:
    """Believe forwarded headers from the proxies in the configuration, and drop everybody else's."""

    def __init__(
        self, wsgi_app: Callable[..., Iterable[bytes]], networks: Sequence[IPv4Network | IPv6Network]
    ) -> None:
        self.plain = wsgi_app
        self.proxied = ProxyFix(wsgi_app, x_for=1, x_proto=1, x_host=1)
        self.networks = networks
        self.knows = lru_cache(maxsize=1024)(self._knows)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one WSGI request."""
        if self.knows(environ.get("REMOTE_ADDR", "")):
            return self.proxied(environ, start_response)
        for header in FORWARDED:
            if environ.pop(header, None) is not None:
                environ[UNKNOWN_PROXY] = True
        return self.plain(environ, start_response)

    def _knows(self, address: str) -> bool:
        """Tell whether an address is a configured proxy's."""
        try:
            peer = ip_address(address)
        except ValueError:
            return False
        return any(peer in network for network in self.networks)
