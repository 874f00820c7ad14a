"""What a synchronisation did, for people to read and for the database to keep."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from parvis.i18n import gettext as _
from parvis.i18n import lazy_gettext as _l

NAMES = 20
"""How many people a report names of each kind; it counts all."""


class Outcome(StrEnum):
    """How a run ended. `stopped`: by a safety valve; `failed`: not all was read; `busy`: another is going."""

    RUNNING = "running"
    WRITTEN = "written"
    STOPPED = "stopped"
    FAILED = "failed"
    BUSY = "busy"


@dataclass
class Tally:
    """How many people something happened to, and some of their names."""

    count: int = 0
    names: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Count somebody."""
        self.count += 1
        if len(self.names) < NAMES:
            self.names.append(name)

    def __str__(self) -> str:
        more = [f"… (+{self.count - len(self.names)})"] if self.count > len(self.names) else []
        return f"{self.count}: {', '.join(self.names + more)}" if self.names else str(self.count)


@dataclass
class Report:
    """What a synchronisation did, or would do (`dry_run`). `problem` says why it did not, and what to do."""

    dry_run: bool = False
    incremental: bool = False
    outcome: Outcome = Outcome.RUNNING
    problem: str = ""
    read: int = 0
    """Entries read that could be understood; an incremental run reads only those that changed."""
    added: Tally = field(default_factory=Tally)
    changed: Tally = field(default_factory=Tally)
    moved: Tally = field(default_factory=Tally)
    """The same people under another DN."""
    left: Tally = field(default_factory=Tally)
    came_back: Tally = field(default_factory=Tally)
    missing: Tally = field(default_factory=Tally)
    """Not found for the first time: they leave if the next run does not find them either."""
    skipped: Tally = field(default_factory=Tally)
    """Entries that could not be taken, each with the reason."""
    photos: Tally = field(default_factory=Tally)
    photos_waiting: int = 0

    @property
    def ok(self) -> bool:
        """Tell whether the persons are as the directory has them (or would be)."""
        return self.outcome == Outcome.WRITTEN

    def to_json(self) -> str:
        """Return the report as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def __str__(self) -> str:
        lines = [str(_HEADINGS[self.outcome])] + ([self.problem] if self.problem else [])
        if self.dry_run:
            lines.append(_("Dry run: nothing was written."))
        for name, label in _LABELS.items():
            tally = getattr(self, name)
            if getattr(tally, "count", tally):
                lines.append(f"  {label}: {tally}")
        return "\n".join(lines)


_HEADINGS = {
    Outcome.RUNNING: _l("The synchronisation is running."),
    Outcome.WRITTEN: _l("The directory is synchronised."),
    Outcome.STOPPED: _l("The synchronisation stopped before it wrote anything."),
    Outcome.FAILED: _l("The synchronisation failed; nobody was taken for gone."),
    Outcome.BUSY: _l("Another synchronisation is running; this one did nothing."),
}
_LABELS = {
    "read": _l("Read"),
    "added": _l("Added"),
    "changed": _l("Changed"),
    "moved": _l("Moved"),
    "left": _l("Left"),
    "came_back": _l("Came back"),
    "missing": _l("Missing for the first time"),
    "skipped": _l("Skipped"),
    "photos": _l("Photos"),
    "photos_waiting": _l("Photos waiting for the next run"),
}
