"""What it takes to synchronise the whole company from OpenLDAP: first, again, and with nothing changed.

Each run is a process of its own, as the job of a worker is, so that its CPU and memory are its own:
`python -m bench.synchronisation CONFIGURATION full|changed`.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from parvis.application.factory import create_app, load
from parvis.directory.synchronisation import synchronise

from bench.process import Meter, highest_memory
from bench.site import Site, database_process

RUNS = (("first", "full"), ("second", "full"), ("incremental", "changed"))
GOALS = {"first": (90.0, 35.0), "second": (90.0, 35.0), "incremental": (2.0, None)}
MEMORY_GOAL = 200.0
WRITTEN = ("added", "changed", "moved", "left", "came_back")


@dataclass(frozen=True)
class Figures:
    """One run: seconds by the clock, of CPU, of the database's CPU; and the peak of memory in MiB."""

    run: str
    wall: float
    cpu: float
    cpu_database: float
    memory: float
    read: int
    written: int

    @property
    def met(self) -> bool:
        """Tell whether the goals are reached: those of time and CPU are for 73,000 people."""
        wall, cpu = GOALS[self.run]
        quiet = self.run == "first" or self.written == 0
        return self.wall <= wall and (cpu is None or self.cpu <= cpu) and self.memory <= MEMORY_GOAL and quiet


def measure(site: Site, *, all_runs: bool = True) -> Iterator[Figures]:
    """Synchronise a site that nobody is in yet, three times, or only once."""
    for run, how in RUNS if all_runs else RUNS[:1]:
        database = database_process(site.url)
        meter = Meter(**({"database": database} if database is not None else {}))
        command = [sys.executable, "-m", "bench.synchronisation", str(site.configuration()), how]
        done = subprocess.run(command, env=site.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"the synchronisation failed:\n{done.stdout}{done.stderr}")
        told = json.loads(done.stdout.splitlines()[-1])
        yield Figures(run=run, cpu_database=meter.read().get("database", 0.0), **told)


def _synchronise(configuration: str, how: str) -> None:
    app = create_app(*load(configuration))
    started = time.perf_counter()
    with app.app_context():
        report = synchronise(full=how == "full")
    if report.outcome != "written":
        raise SystemExit(f"{report.outcome}: {report.problem}")
    written = sum(getattr(report, name).count for name in WRITTEN)
    told = {"wall": time.perf_counter() - started, "cpu": time.process_time(), "memory": highest_memory(),
            "read": report.read, "written": written}  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    _synchronise(*sys.argv[1:])
