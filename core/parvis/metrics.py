"""Numbers for Prometheus: how many requests, how long, with what outcome.

Labels come from closed sets only (endpoints, methods, classes of status), so that nobody can make them grow
by asking for odd things. With several processes, set PROMETHEUS_MULTIPROC_DIR to an empty folder before
`prometheus_client` is imported: each then adds to the same numbers; else a scrape tells those of one process.
"""

import hmac
import os
import time
from collections.abc import Callable, Mapping
from functools import cache
from ipaddress import IPv6Address, ip_address

from flask import Flask, Request, Response, abort, current_app, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from parvis.config import ServerSettings

EXTENSION = "parvis.metrics"
UNKNOWN_PROXY = "parvis.unknown_proxy"
"""WSGI key: the request was forwarded by a proxy that the configuration does not name."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The measurements of one app, apart from those of any other in the same process."""

    def __init__(self, settings: ServerSettings) -> None:
        self.settings = settings
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "parvis_requests",
            "Requests answered.",
            ["endpoint", "method", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "parvis_request_seconds",
            "Time to answer a request.",
            ["endpoint", "method", "status"],
            registry=self.registry,
            buckets=SECONDS,
        )
        ProcessCollector(registry=self.registry)
        self._of = cache(lambda *labels: (self.requests.labels(*labels), self.seconds.labels(*labels)))

    def count(self, response: Response) -> Response:
        """Count one answered request."""
        method = request.method if request.method in METHODS else "other"
        labels = (request.endpoint or "none", method, f"{response.status_code // 100}xx")
        requests, seconds = self._of(*labels)
        requests.inc()
        if "metrics_started" in g:
            seconds.observe(time.perf_counter() - g.metrics_started)
        return response

    def text(self) -> bytes:
        """Render the numbers of this process, or of all where they share a folder."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self.registry)
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]  # the library has no types here
        return generate_latest(shared)

    def may_read(self, asking: Request) -> bool:
        """Tell whether a request comes from an allowed address or bears the token.

        An address proves nothing if an unknown proxy stands before us: all the world then comes from it.
        """
        token, given = self.settings.metrics_token, asking.authorization
        if token and given and given.type == "bearer" and given.token:
            return hmac.compare_digest(given.token.encode(), token.encode())
        return not asking.environ.get(UNKNOWN_PROXY) and self._allows(asking.remote_addr)

    def _allows(self, remote: str | None) -> bool:
        try:
            address = ip_address(remote or "")
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self.settings.metrics_allowed)


def init_metrics(app: Flask, settings: ServerSettings) -> Metrics:
    """Measure every request of the app."""
    metrics = app.extensions[EXTENSION] = Metrics(settings)

    @app.before_request
    def begin() -> None:
        g.metrics_started = time.perf_counter()

    app.after_request(metrics.count)
    return metrics


def exposition(measured_now: Callable[[], Mapping[str, tuple[str, float]]] = dict) -> Response:
    """Answer /metrics; to whom they are not for, the page does not exist.

    `measured_now` returns what is measured only when somebody looks: by name, what it is and the number.
    """
    metrics: Metrics = current_app.extensions[EXTENSION]
    if not metrics.may_read(request):
        abort(404)
    registry = CollectorRegistry()
    for name, (meaning, value) in measured_now().items():
        Gauge(name, meaning, registry=registry).set(value)
    return Response(metrics.text() + generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
