"""A plugin whose jobs leave traces in a file, for the tests of the worker."""

import os
import time
from collections.abc import Iterable
from pathlib import Path

from parvis.api import EventRecord, Job, Plugin, hookimpl
from parvis.plugin import NoSettings


def trace(*words: object) -> None:
    with Path(os.environ["PROBE_FILE"]).open("a") as file:
        file.write(" ".join(map(str, words)) + "\n")


def traces() -> list[str]:
    file = Path(os.environ["PROBE_FILE"])
    return file.read_text().splitlines() if file.exists() else []


def say(word: str) -> None:
    time.sleep(0.2)
    trace("said", word, "by", os.getpid())


def stumble(times: int) -> None:
    trace("stumbling")
    if traces().count("stumbling") <= times:
        raise OSError("not yet")
    trace("done")


def dawdle(seconds: float) -> None:
    trace("dawdling")
    if traces().count("dawdling") == 1:
        time.sleep(seconds)
    trace("arrived")


def tick() -> None:
    trace("tick")


class ProbePlugin(Plugin[NoSettings]):
    """Leave traces."""

    name = "probe"

    @hookimpl
    def register_jobs(self) -> Iterable[Job]:
        yield Job("probe:say", say)
        yield Job("probe:stumble", stumble)
        yield Job("probe:dawdle", dawdle)
        yield Job("probe:tick", tick, "* * * * * *")
        yield Job("other:say", say)

    @hookimpl
    def on_event(self, event: EventRecord) -> None:
        trace("event", event.kind)
