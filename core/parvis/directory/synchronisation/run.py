"""One synchronisation, from the lock to the report."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import IO

import structlog
from sqlalchemy import delete, select, update

from parvis.db import db, read_only, utcnow, writing
from parvis.directory.ldap import Directory, IncompleteRead
from parvis.directory.models import DirectoryRun
from parvis.directory.synchronisation.lock import alone
from parvis.directory.synchronisation.photo import fetch_photos
from parvis.directory.synchronisation.plan import Plan, known_marks, known_persons
from parvis.directory.synchronisation.report import Outcome, Report, Tally
from parvis.directory.synchronisation.writing import write
from parvis.errors import DomainError
from parvis.i18n import gettext as _
from parvis.runtime import runtime

Progress = Callable[[int, int | None, str], None]
FULL_EVERY = timedelta(hours=23)
"""How long incremental runs may follow each other: marks of modification can be as coarse as a second."""
KEPT = 500  # runs
SPOOLED = 4 * 1024 * 1024  # bytes kept in memory before a file is made

log = structlog.get_logger(__name__)


def synchronise(
    *, dry_run: bool = False, force: bool = False, full: bool | None = None, progress: Progress | None = None
) -> Report:
    """Bring the persons up to date with the directory; the session's present transaction is committed first.

    Args:
        dry_run: write nothing at all, and report what would be.
        force: write even where a safety valve would stop. Whoever is missing still leaves only in the second
            run, which then wants to be forced too.
        full: read everybody (True) or only what changed (False); by default what changed, if a full run with
            the same settings succeeded within a day. False too reads everybody where no such run was.
        progress: told (done, how many in all if known, "read", "write" or "photos").

    Returns:
        The report; see its `outcome` for whether anything came of it. A directory that cannot be read wholly
        is `failed`, and nothing was written.

    Raises:
        DomainError: no directory is configured.
    """
    directory = runtime().directory
    if directory is None:
        raise DomainError(_("No directory is configured: see [directory] in the configuration."))
    db.session.commit()
    run = _Run(directory, Report(dry_run=dry_run), force, progress or _ignore)
    if dry_run:
        run.report.incremental = not full and _may_be_incremental()
        run.perform()
        return run.report
    with alone() as check, writing():
        if check is None:
            run.report.outcome = Outcome.BUSY
            return run.report
        run.report.incremental = not full and _may_be_incremental()
        run.check = check
        _recorded(run)
    return run.report


def _ignore(_done: int, _total: int | None, _phase: str) -> None:
    """Tell nobody."""


def _may_be_incremental() -> bool:
    last = db.session.scalar(select(DirectoryRun).order_by(DirectoryRun.id.desc()).limit(1))
    whole = select(DirectoryRun.id).where(
        ~DirectoryRun.incremental,
        DirectoryRun.outcome == Outcome.WRITTEN,
        DirectoryRun.token == settings_token(),
        DirectoryRun.started_at > utcnow() - FULL_EVERY,
    )
    fit = last is not None and last.outcome == Outcome.WRITTEN and last.token == settings_token()
    found = fit and db.session.scalar(whole.limit(1)) is not None
    db.session.commit()
    return found


def settings_token() -> str:
    """Return a digest of what decides how the directory is read: a change of it asks for a full run."""
    shown = runtime().config.directory.model_dump_json(exclude={"bind_password", "synchronise"})
    return hashlib.blake2b(shown.encode(), digest_size=16).hexdigest()


def _recorded(run: "_Run") -> None:
    """Perform a run between two notes in the database; those of killed runs are closed."""
    started = utcnow()
    killed = update(DirectoryRun).where(DirectoryRun.outcome == Outcome.RUNNING)
    db.session.execute(killed.values(outcome=Outcome.FAILED, ended_at=started))
    row = DirectoryRun(started_at=started, incremental=run.report.incremental, token=settings_token())
    db.session.add(row)
    db.session.flush()
    db.session.execute(delete(DirectoryRun).where(DirectoryRun.id <= row.id - KEPT))
    number = row.id
    db.session.commit()
    try:
        run.perform()
    except BaseException as error:
        db.session.rollback()
        run.report.outcome, run.report.problem = Outcome.FAILED, f"{type(error).__name__}: {error}"
        raise
    finally:
        ended = {"ended_at": utcnow(), "outcome": run.report.outcome, "report": run.report.to_json()}
        ended["incremental"] = run.report.incremental
        db.session.execute(update(DirectoryRun).where(DirectoryRun.id == number).values(ended))
        db.session.commit()
        _log(run.report)


def _log(report: Report) -> None:
    counts = {
        name: tally.count for name, tally in vars(report).items() if isinstance(tally, Tally) and tally.count
    }
    tell = log.info if report.ok else log.error
    tell("directory_synchronised", outcome=report.outcome, problem=report.problem, read=report.read, **counts)


class _Run:
    """What one run works with."""

    def __init__(self, directory: Directory, report: Report, force: bool, progress: Progress) -> None:
        self.directory, self.report, self.force, self.progress = directory, report, force, progress
        self.check: Callable[[], None] = lambda: None

    def perform(self) -> None:
        """Read, compare, judge, and write if nothing speaks against it."""
        try:
            with SpooledTemporaryFile(SPOOLED, "w+", encoding="utf-8") as spool:
                self._perform(self._read(spool))
        except IncompleteRead as error:
            self.report.outcome, self.report.problem = Outcome.FAILED, str(error)

    def _perform(self, plan: Plan) -> None:
        with read_only():
            self.report.problem = plan.objection() or ""
            db.session.commit()
        if self.report.problem and not self.force:
            self.report.outcome = Outcome.STOPPED
            return
        if not self.report.dry_run:
            self._write(plan)
        self.report.outcome = Outcome.WRITTEN

    def _read(self, spool: IO[str]) -> Plan:
        plan = (self.report.incremental and self._read_changed(spool)) or self._read_all(spool)
        with read_only():
            plan.conclude()
            db.session.commit()
        return plan

    def _read_changed(self, spool: IO[str]) -> Plan | None:
        with read_only():
            marks = known_marks()
            db.session.commit()
        change = self.directory.read_changed(marks)
        if change is None:
            self.report.incremental = False
            return None
        keys = [entry.key for entry in change.changed]
        with read_only():
            plan = Plan(known_persons([*keys, *change.missing]), self.report, spool)
            db.session.commit()
        plan.consider(change.changed, change.skipped)
        return plan

    def _read_all(self, spool: IO[str]) -> Plan:
        with read_only():
            plan = Plan(known_persons(), self.report, spool)
            db.session.commit()
        total = len(plan.known) or None
        for page in self.directory.read_all():
            plan.consider(page.entries, page.skipped)
            self.progress(self.report.read, total, "read")
        return plan

    def _write(self, plan: Plan) -> None:
        def step(done: int) -> None:
            self.check()
            if plan.entries:
                self.progress(done, plan.entries, "write")

        write(plan, step)
        step(plan.entries)
        if runtime().config.directory.photo:
            fetch_photos(self.directory, self.report, self.progress)
