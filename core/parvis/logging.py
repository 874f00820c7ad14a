"""The log: one structured line an event, for machines (JSON) or for a terminal (text).

Everything goes the same way, also what libraries say through the standard library. What people typed may
stand in any value, so nothing in a value can begin a line of its own or reach the terminal as an order.
"""

import json
import logging
import sys
import uuid
from typing import TextIO

import structlog
from flask import Flask, Response, g
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from parvis.config import LogSettings

HEADER = "X-Request-ID"
SECRET_WORDS = ("password", "secret", "token", "cookie", "authorization")


class LogHandler(logging.StreamHandler[TextIO]):
    """Our handler on the root logger, known by its type when it is replaced."""


def configure(settings: LogSettings, *, stream: TextIO | None = None) -> None:
    """Send every log, ours and the libraries', to standard error in the chosen form.

    A later call replaces the earlier; `stream` takes the place of standard error.
    """
    level = logging.getLevelNamesMapping()[settings.level.upper()]
    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        hide_secrets,
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*chain, ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    render = render_json if settings.format == "json" else render_text
    _replace_handler(
        ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[ProcessorFormatter.remove_processors_meta, render],
        ),
        level,
        stream or sys.stderr,
    )


def _replace_handler(formatter: logging.Formatter, level: int, stream: TextIO) -> None:
    handler = LogHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [*(each for each in root.handlers if not isinstance(each, LogHandler)), handler]
    root.setLevel(level)
    logging.captureWarnings(True)


def init_logging(app: Flask) -> None:
    """Give each request an id that stands in all its log lines and in the answer's X-Request-ID."""

    @app.before_request
    def begin() -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id())

    @app.after_request
    def tell(response: Response) -> Response:
        response.headers[HEADER] = request_id()
        return response

    @app.teardown_request
    def end(_error: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()


def request_id() -> str:
    """Return the id of the present request: our own, never one that was sent; error pages show it."""
    if "request_id" not in g:
        g.request_id = uuid.uuid4().hex[:16]
    return str(g.request_id)


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank out values whose key says that they are secret, should one ever be logged."""
    for key in event:
        if any(word in key.lower() for word in SECRET_WORDS):
            event[key] = "…"
    return event


def render_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Render one line of JSON in plain ASCII: every control character and lone surrogate is escaped."""
    first = {key: event.pop(key) for key in ("time", "level", "logger", "event") if key in event}
    return json.dumps({**first, **event}, default=str)


def render_text(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Render `time level event key=value`; a traceback follows in lines that are set in."""
    trace = event.pop("exception", None)
    start = [str(event.pop("time", "")), f"{event.pop('level', ''):<8}", _plain(event.pop("event", ""))]
    line = " ".join([*start, *(f"{_plain(key)}={_value(value)}" for key, value in event.items())])
    if trace is None:
        return line
    return "\n".join([line, *(f"    {_plain(part)}" for part in str(trace).split("\n"))])


def _value(value: object) -> str:
    """Quote a value that would not be read as one word."""
    text = str(value)
    if text and not any(char in text for char in ' "=') and text.isprintable():
        return text
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_plain(quoted)}"'


def _plain(value: object) -> str:
    """Escape whatever could break a line or direct a terminal."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in str(value)
    )
