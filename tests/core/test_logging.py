"""The log: one line an event, whoever speaks and whatever they say."""

import io
import json
import logging
import warnings
from collections.abc import Callable
from datetime import datetime

import pytest
import structlog
from flask import Flask
from parvis.config import LogSettings
from parvis.logging import LogHandler, configure, init_logging

Start = Callable[..., io.StringIO]


@pytest.fixture
def start() -> Start:
    """Start the log into a buffer."""

    def run(**settings: str) -> io.StringIO:
        stream = io.StringIO()
        configure(LogSettings.model_validate(settings), stream=stream)
        return stream

    return run


def parsed(stream: io.StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_of_json_in_utc(start: Start) -> None:
    stream = start()
    structlog.get_logger("parvis.security").info("signed_in", person=7, name="Hélène")
    (line,) = parsed(stream)
    moment = datetime.fromisoformat(line.pop("time"))
    assert str(moment.tzinfo) == "UTC"
    assert line == {
        "level": "info", "logger": "parvis.security", "event": "signed_in", "person": 7, "name": "Hélène",
    }  # fmt: skip


def test_the_standard_library_and_warnings_go_the_same_way(start: Start) -> None:
    stream = start()
    logging.getLogger("ldap3").warning("no answer from %s", "ldap.example.com")
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old", DeprecationWarning, stacklevel=1)
    first, second = parsed(stream)
    assert (first["logger"], first["level"], first["event"]) == (
        "ldap3", "warning", "no answer from ldap.example.com",
    )  # fmt: skip
    assert (second["logger"], "DeprecationWarning: old" in second["event"]) == ("py.warnings", True)


def test_less_than_the_chosen_level_is_not_written(start: Start) -> None:
    stream = start(level="warning")
    structlog.get_logger().info("a")
    logging.getLogger("x").info("b")
    structlog.get_logger().warning("c")
    assert [line["event"] for line in parsed(stream)] == ["c"]


HOSTILE = 'x\r\n2026-11-01T00:00:00Z info signed_in\u2028\x1b[2J\x00\x85"\ud800'


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_value_event_or_message_can_begin_a_line(
    start: Start, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = start(format=form)
    ours = [handler for handler in logging.getLogger().handlers if isinstance(handler, LogHandler)]
    monkeypatch.setattr(logging.getLogger(), "handlers", ours)  # pytest's own cannot report a lone surrogate
    structlog.get_logger().info(HOSTILE, name=HOSTILE, nested={"deep": [HOSTILE]}, **{HOSTILE: 1})
    logging.getLogger("library").error("said %s", HOSTILE)
    text = stream.getvalue()
    assert len(text.splitlines()) == 2
    assert text.replace("\n", "").isprintable()
    text.encode("utf-8")


def test_a_traceback_is_within_the_line_of_json(start: Start) -> None:
    stream = start()
    fail(structlog.get_logger())
    (line,) = parsed(stream)
    assert line["event"] == "failed"
    assert line["exception"].endswith("ValueError: first\n2026 info fake")


def test_a_traceback_in_text_is_set_in_line_by_line(start: Start) -> None:
    stream = start(format="text")
    fail(structlog.get_logger())
    first, *rest = stream.getvalue().splitlines()
    assert first.split()[1:3] == ["error", "failed"]
    assert rest[-2:] == ["    ValueError: first", "    2026 info fake"]
    assert {line[:4] for line in rest} == {"    "}


def fail(log: structlog.stdlib.BoundLogger) -> None:
    secret_local = "hunter2"
    try:
        raise ValueError("first\n2026 info fake")
    except ValueError:
        log.exception("failed", length=len(secret_local))


def test_text_is_keys_and_values(start: Start) -> None:
    stream = start(format="text")
    structlog.get_logger("n").info("synchronised", added=3, who="Léa Roux", sign='a"b', empty="")
    words = stream.getvalue().rstrip("\n").split(" ", 1)[1]
    assert words == 'info     synchronised added=3 who="Léa Roux" sign="a\\"b" empty="" logger=n'


def test_what_calls_itself_secret_is_blanked(start: Start) -> None:
    stream = start()
    structlog.get_logger().info("oops", password="hunter2", Session_Cookie="hunter2", api_token="hunter2")
    assert "hunter2" not in stream.getvalue()


def test_starting_twice_writes_once(start: Start) -> None:
    first, second = start(), start()
    structlog.get_logger().info("once")
    assert (first.getvalue(), len(parsed(second))) == ("", 1)
    assert len([each for each in logging.getLogger().handlers if isinstance(each, LogHandler)]) == 1


def test_all_lines_of_a_request_bear_its_own_id_and_so_does_the_answer(start: Start) -> None:
    stream = start()
    app = Flask("requests")
    init_logging(app)

    @app.get("/")
    def page() -> str:
        structlog.get_logger().info("one")
        logging.getLogger("library").info("two")
        return ""

    answers = [app.test_client().get("/", headers={"X-Request-ID": "sent"}) for _ in range(2)]
    structlog.get_logger().info("after")
    ids = [line.get("request_id") for line in parsed(stream)]
    first, second = (answer.headers["X-Request-ID"] for answer in answers)
    assert ids == [first, first, second, second, None]
    assert len({first, second, "sent"}) == 3
