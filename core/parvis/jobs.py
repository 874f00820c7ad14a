"""Durable work, hidden behind two functions: `enqueue` from anywhere, `Worker` in the worker process.

DBOS keeps each job in a database of its own until it has run; a worker that was killed takes its jobs up again
when a worker of the same name starts. So a job may run twice: it takes ids and plain values and must not show it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask, current_app

from parvis import __version__
from parvis.contribution import Job
from parvis.db import db, writing
from parvis.events import Follower, follow
from parvis.runtime import hooks, runtime

if TYPE_CHECKING:
    from dbos import DBOSClient, DBOSConfig

log = structlog.get_logger()
QUEUE = "parvis"
ATTEMPTS = 4
"""How often a failing job is tried, with pauses of 1, 2 and 4 seconds between."""

POLL_SECONDS = 1.0
CLIENT = "parvis_jobs_client"


def declared_jobs() -> dict[str, Job]:
    """Return every job by name; a plugin's jobs carry its name: `groups:merge`."""
    jobs: dict[str, Job] = {}
    for owned in hooks().collect("register_jobs", Job):
        if not owned.value.name.startswith(f"{owned.owner}:"):
            log.error("job_refused", plugin=owned.owner, job=owned.value.name, problem="its name lacks the plugin's")
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
    from dbos import DBOSClient  # heavy, and most processes never need it

    client: DBOSClient | None = current_app.extensions.get(CLIENT)
    if client is None:
        client = current_app.extensions[CLIENT] = DBOSClient(system_database_url=runtime().config.jobs.url)
    return client


class Worker:
    """The worker process: runs jobs and schedules, and leads the followers of the event log on."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stopping = threading.Event()
        self.scheduled: dict[str, tuple[str, Callable[[datetime, None], None]]] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Take jobs while the block runs."""
        from dbos import DBOS  # heavy, and wanted only by workers

        with self.app.app_context():
            jobs, dbos_config = declared_jobs(), self._dbos_config()
        DBOS(config=dbos_config)
        for job in jobs.values():
            self._declare(job)
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=2)
        self._apply_schedules()
        try:
            yield
        finally:
            DBOS.destroy(workflow_completion_timeout_sec=5)

    def _dbos_config(self) -> "DBOSConfig":
        jobs = runtime().config.jobs
        return {
            "name": "parvis",
            "system_database_url": jobs.url,
            "executor_id": jobs.worker_name,
            "application_version": __version__,
            "log_level": "WARNING",
            "auto_upgrade": True,
        }

    def _declare(self, job: Job) -> None:
        from dbos import DBOS  # heavy, and wanted only by workers

        step = DBOS.step(name=f"{job.name}.attempt", retries_allowed=True, max_attempts=ATTEMPTS)(self._in_app(job))
        DBOS.workflow(name=job.name)(step)
        if job.schedule:

            @DBOS.workflow(name=f"{job.name}.scheduled")
            def scheduled(_moment: datetime, _context: None) -> None:
                step()

            self.scheduled[job.name] = (job.schedule, scheduled)

    def _in_app(self, job: Job) -> Callable[..., None]:
        def run(*arguments: Any) -> None:
            with self.app.app_context(), writing():
                log.info("job_started", job=job.name)
                job.function(*arguments)
                db.session.commit()
                log.info("job_done", job=job.name)

        return run

    def _apply_schedules(self) -> None:
        from dbos import DBOS  # heavy, and wanted only by workers

        for old in DBOS.list_schedules():
            if old["schedule_name"] not in self.scheduled:
                DBOS.delete_schedule(old["schedule_name"])
        DBOS.apply_schedules(
            [
                {"schedule_name": name, "workflow_fn": function, "schedule": schedule}
                for name, (schedule, function) in self.scheduled.items()
            ]
        )

    def follow_events(self, orphaned: Callable[[], bool] = lambda: False) -> None:
        """Lead every follower on until `stopping` is set or the parent is gone; a failing database is tried again."""
        while not self.stopping.wait(POLL_SECONDS) and not orphaned():
            try:
                with self.app.app_context(), writing():
                    while follow(followers()):
                        pass
            except Exception:
                log.exception("following_events_failed")


def followers() -> list[Follower]:
    """Return who follows the event log: each plugin that implements `on_event`."""
    return [
        Follower(owner, lambda event, call=call: call(event=event))  # type: ignore[misc]  # mypy cannot type the bound default
        for owner, call in hooks().implementations("on_event")
    ]
