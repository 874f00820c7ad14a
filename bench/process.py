"""What processes cost: CPU time, memory, and who belongs to whom, as Linux tells."""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def cpu(pid: int) -> float:
    """Return the CPU seconds of a process, all its threads together, ended ones too; 0.0 once it is gone.

    The clock of another process (clock_getcpuclockid(3)) counts nanoseconds, where /proc/PID/stat counts
    ticks of ten milliseconds: more than one request costs.
    """
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def cpu_of_ended(pid: int) -> float:
    """Return the CPU seconds of the children of a process that have ended, in ticks of ten milliseconds."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """Return a process and all that descend from it."""
    return [pid, *(below for child in children(pid) for below in tree(child))]


def children(pid: int) -> list[int]:
    """Return the direct children of a process, whichever thread started them; none once it is gone."""
    return [int(child) for child in _of_threads(pid)]


def _of_threads(pid: int) -> Iterator[str]:
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # it may end between being listed and being read
            yield from thread.read_text().split()


def parent(pid: int) -> int:
    """Return the parent of a process."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def proportional_memory(pid: int) -> float:
    """Return the MiB of memory of a process, its share of what it has in common with others (PSS)."""
    return _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss:") / 1024


def highest_memory() -> float:
    """Return the most MiB of memory that this process ever had resident."""
    return _kilobytes(Path("/proc/self/status"), "VmHWM:") / 1024


def busy_seconds() -> float:
    """Return the CPU seconds that all processes of this machine have taken together, since it runs."""
    user, nice, system = Path("/proc/stat").read_text().split(maxsplit=4)[1:4]
    return (int(user) + int(nice) + int(system)) / os.sysconf("SC_CLK_TCK")


def _kilobytes(file: Path, key: str) -> int:
    return next(int(line.split()[1]) for line in file.read_text().splitlines() if line.startswith(key))


class Meter:
    """Adds up the CPU of some groups of processes: each a process with all that it has started."""

    def __init__(self, **roots: int) -> None:
        self.roots = roots
        self._before: dict[str, float] = {}
        self.start()

    def start(self) -> None:
        """Count from now on."""
        self._before = self._total()

    def read(self) -> dict[str, float]:
        """Return the CPU seconds since the start, by group."""
        return {name: seconds - self._before[name] for name, seconds in self._total().items()}

    def _total(self) -> dict[str, float]:
        return {
            name: sum(cpu(pid) + cpu_of_ended(pid) for pid in tree(root)) for name, root in self.roots.items()
        }
