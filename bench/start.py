"""How soon a site answers after `parvis serve`, and what its start costs."""

import resource
import statistics
import subprocess
import sys
from dataclasses import dataclass

from bench.site import Site, parvis

GOAL = 1.0


@dataclass(frozen=True)
class Figures:
    """Seconds: from the command to the first answer, of CPU by then, and of CPU to import the app."""

    wall: float
    cpu: float
    import_cpu: float

    @property
    def met(self) -> bool:
        """Tell whether the goal is reached."""
        return self.wall <= GOAL


def measure(site: Site, times: int) -> Figures:
    """Start a site several times; the medians."""
    walls, costs = [], []
    for _ in range(times):
        with parvis(site) as server:
            walls.append(server.started_in)
            costs.append(server.start_cpu)
    imports = [_import(site) for _ in range(times)]
    return Figures(statistics.median(walls), statistics.median(costs), statistics.median(imports))


def _import(site: Site) -> float:
    environment = {**site.environment, "PARVIS_CONFIG": str(site.configuration())}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", "import parvis.wsgi"], env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
