"""The worker process: runs jobs and schedules, and leads the followers of the event log on.

A worker that was killed takes its jobs up again when a worker of the same name starts.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from parvis.contribution import Job
from parvis.db import db, patience, writing
from parvis.events import BREATH, adopt_restored_log, follow
from parvis.jobs import QUEUE, declared_jobs, followers, plain_log
from parvis.runtime import runtime

log = structlog.get_logger()
ATTEMPTS = 4
"""How often a failing job is tried, with pauses of 1, 2 and 4 seconds between."""

FORMAT = "1"
"""What DBOS calls the version of the application: a worker takes up only jobs of its own. Jobs are names and
plain values that a newer Parvis understands as well, so this changes only if that should ever end."""

POLL_SECONDS = 1.0
RETRY_SECONDS = 5.0
STOP_SECONDS = 5
TIDY_SECONDS = 3600.0
KEPT = timedelta(days=7)
"""How long jobs that are over can be looked at."""


def prepare_jobs() -> None:
    """Create or update the tables that jobs are kept in."""
    with plain_log():
        DBOS.migrate(runtime().config.jobs.url)


class Worker:
    """What the worker process does, in an app of its own."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stopping = threading.Event()
        self.scheduled: dict[str, tuple[str, Callable[[datetime, None], None]]] = {}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Take jobs while the block runs."""
        self._wait_for_databases()
        with self.app.app_context():
            jobs, dbos_config = declared_jobs(), self._dbos_config()
        with plain_log():
            DBOS(config=dbos_config)
        for job in jobs.values():
            self._declare(job)
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=2, polling_interval_sec=POLL_SECONDS)
        self._apply_schedules()
        log.info("worker_ready", jobs=len(jobs), schedules=len(self.scheduled))
        try:
            yield
        finally:
            DBOS.destroy(workflow_completion_timeout_sec=STOP_SECONDS)
            log.info("worker_stopped")

    def _wait_for_databases(self) -> None:
        while not self.stopping.is_set():
            try:
                with self.app.app_context(), writing():
                    prepare_jobs()
                    adopt_restored_log()
                    return
            except SQLAlchemyError as error:
                log.error("database_unavailable", error=str(error).splitlines()[0])
                self.stopping.wait(RETRY_SECONDS)

    def _dbos_config(self) -> DBOSConfig:
        jobs, timeout = runtime().config.jobs, runtime().config.database.timeout
        connecting = {"application_name": "dbos_transact", **patience(timeout)}
        return {
            "name": "parvis",
            "system_database_url": jobs.url,
            "db_engine_kwargs": {} if jobs.url.startswith("sqlite") else {"connect_args": connecting},
            "sys_db_idle_transaction_timeout_sec": 2 * timeout,
            "notification_coalesce_sec": 0.5,  # how often it wakes for messages between jobs: there are none
            "executor_id": jobs.worker_name,
            "application_version": FORMAT,
            "serializer": DBOSPortableJSONSerializer(),
            "log_level": "WARNING",
        }

    def _declare(self, job: Job) -> None:
        attempt = DBOS.step(name=f"{job.name}.attempt", retries_allowed=True, max_attempts=ATTEMPTS)
        step = attempt(self._in_app(job))

        @DBOS.workflow(name=job.name)
        def once(*arguments: Any) -> None:
            step(*arguments)

        if job.schedule:

            @DBOS.workflow(name=f"{job.name}.scheduled")
            def scheduled(_moment: datetime, _context: None) -> None:
                step()

            self.scheduled[job.name] = (job.schedule, scheduled)

    def _in_app(self, job: Job) -> Callable[..., None]:
        def run(*arguments: Any) -> None:
            with self.app.app_context(), writing():
                log.info("job_started", job=job.name)
                try:
                    job.function(*arguments)
                    db.session.commit()
                except Exception as error:
                    log.warning("job_failed", job=job.name, error=f"{type(error).__name__}: {error}")
                    if isinstance(error, SQLAlchemyError):
                        self._wait_for_answer()
                    raise
                log.info("job_done", job=job.name)

        return run

    def _wait_for_answer(self) -> None:
        """Wait until the database answers: however long it was away, it is one attempt that it costs."""
        while not self.stopping.is_set():
            db.session.rollback()
            try:
                db.session.execute(text("SELECT 1"))
                return
            except SQLAlchemyError:
                self.stopping.wait(RETRY_SECONDS)

    def _apply_schedules(self) -> None:
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
        """Lead every follower on until `stopping` is set or `orphaned`; a failing database is tried again."""
        tidy_at = 0.0
        while not self.stopping.wait(POLL_SECONDS) and not orphaned():
            try:
                with self.app.app_context():
                    while follow(followers(), pause=BREATH) and not self.stopping.is_set():
                        pass
                if time.monotonic() > tidy_at:
                    forget_finished()
                    tidy_at = time.monotonic() + TIDY_SECONDS
            except Exception:
                log.exception("following_events_failed")


def forget_finished() -> None:
    """Delete what is kept of jobs that were over a week ago; for the worker."""
    before = (datetime.now(UTC) - KEPT).isoformat()
    while old := DBOS.list_workflows(completed_before=before, limit=500, load_input=False, load_output=False):
        DBOS.delete_workflows([workflow.workflow_id for workflow in old])
