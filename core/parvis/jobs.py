"""Durable work: jobs are declared by hook, enqueued from anywhere, and run by `parvis.worker`.

DBOS keeps each job in a database of its own until it has run. A job may run twice, so it takes ids and plain
values and must not show it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from flask import current_app

from parvis.contribution import Job
from parvis.events import Follower
from parvis.runtime import hooks, runtime

if TYPE_CHECKING:  # dbos is heavy, and most processes never need it
    from dbos import DBOSClient

log = structlog.get_logger()
QUEUE = "parvis"
CLIENT = "parvis_jobs_client"


def declared_jobs() -> dict[str, Job]:
    """Return every job by name; a plugin's jobs carry its name: `groups:merge`."""
    jobs: dict[str, Job] = {}
    for owned in hooks().collect("register_jobs", Job):
        if not owned.value.name.startswith(f"{owned.owner}:"):
            problem = "its name lacks the plugin's"
            log.error("job_refused", plugin=owned.owner, job=owned.value.name, problem=problem)
            continue
        jobs[owned.value.name] = owned.value
    return jobs


def enqueue(name: str, *arguments: int | str | float | bool | None) -> None:
    """Have a declared job run soon, by a worker, at least once.

    It is kept at once, whether or not the present transaction commits: what must happen because of a change
    follows the event log instead.
    """
    if name not in declared_jobs():
        raise LookupError(f"no plugin declares the job {name!r}")
    _client().enqueue({"workflow_name": name, "queue_name": QUEUE}, *arguments)


def _client() -> "DBOSClient":
    from dbos import DBOSClient, DBOSPortableJSONSerializer  # noqa: PLC0415 - heavy, and most processes never need it

    client: DBOSClient | None = current_app.extensions.get(CLIENT)
    if client is None:
        with plain_log():
            client = current_app.extensions[CLIENT] = DBOSClient(
                system_database_url=runtime().config.jobs.url,
                serializer=DBOSPortableJSONSerializer(),
                retry_connection_errors=False,
            )
    return client


def disconnect() -> None:
    """Close what `enqueue` has opened; for tests, whose apps come and go."""
    client = current_app.extensions.pop(CLIENT, None)
    if client is not None:
        client.destroy()


@contextmanager
def plain_log() -> Iterator[None]:
    """Let what DBOS says go to our log: it brings a handler of its own."""
    said = logging.getLogger("dbos")
    said.setLevel(logging.WARNING)
    try:
        yield
    finally:
        said.handlers.clear()
        said.propagate = True


def followers() -> list[Follower]:
    """Return who follows the event log: each plugin that implements `on_event`."""
    return [
        Follower(owner, lambda event, call=call: call(event=event))  # type: ignore[misc]  # a bound default
        for owner, call in hooks().implementations("on_event")
    ]
