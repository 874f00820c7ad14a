"""The figures as a table for people and as JSON for machines."""

import os
import platform
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import evaluation, growth, mixed, page, search, sign_in, start, synchronisation

MARKS = {True: "", False: "  ABOVE ITS GOAL", None: ""}
MEMORY_GOAL = 150.0
MARK, MARK_END = "<!-- figures: {} -->", "<!-- /figures -->"


@dataclass
class Report:
    """All that one run measured, by kind of database."""

    people: int
    contents: int
    pages: dict[str, page.Result] = field(default_factory=dict)
    sign_ins: dict[str, list[sign_in.Figures]] = field(default_factory=dict)
    runs: dict[str, list[synchronisation.Figures]] = field(default_factory=dict)
    starts: dict[str, start.Figures] = field(default_factory=dict)
    evaluations: list[evaluation.Figures] = field(default_factory=list)
    loads: dict[str, mixed.Figures] = field(default_factory=dict)
    searches: list[search.Figures] = field(default_factory=list)
    growths: dict[str, growth.Result] = field(default_factory=dict)
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    load: tuple[float, ...] = field(default_factory=os.getloadavg)

    def machine(self) -> str:
        """Describe where this was measured."""
        loads = f"{self.load[0]:.1f} before and {os.getloadavg()[0]:.1f} after"
        return (
            f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, load {loads}"
        )

    def lines(self) -> Iterable[str]:
        """Write it as text."""
        yield f"Parvis with {self.people:,} people, {self.contents:,} posts and as many comments"
        yield f"{self.at}, on {self.machine()}"
        for kind, result in self.pages.items():
            yield from _pages(kind, result)
        for kind, runs in self.runs.items():
            yield _head(f"Synchronisation, {kind}", "clock s", "CPU s", "of db", "MiB", "written")
            for run in runs:
                figures = (run.wall, run.cpu, run.cpu_database, run.memory, run.written)
                yield _row(run.run, figures, met=run.met)
        for kind, ways in self.sign_ins.items():
            yield _head(f"Sign-in, {kind}", "p50 ms", "p95 ms", "CPU ms", "of db", "of slapd", "goal")
            for way in ways:
                waits = (way.p50, way.p95, way.cpu, way.cpu_database, way.cpu_directory)
                yield _row(way.way, waits, f"{way.goal:g} ms" if way.goal else "", met=way.met)
        for kind, starts in self.starts.items():
            yield _head(f"Start, {kind}", "clock s", "CPU s", "import s", "goal")
            values = (starts.wall, starts.cpu, starts.import_cpu)
            yield _row("to the first answer", values, f"{start.GOAL:g} s", met=starts.met)
        for at in self.searches:
            yield from _pages(f"{at.engine}, {at.people:,} people, {at.contents:,} contents", at.pages)
            yield _head(f"Search, {at.engine}", "clock s", "CPU s", "MiB")
            yield _row("index made anew", (at.rebuild, at.rebuild_cpu, at.rebuild_memory), met=None)
            yield _row("what is new is found", (at.findable,), f"{search.FINDABLE_GOAL:g} s", met=None)
            yield _row("worker that writes it, MiB", (at.worker_memory,), met=None)
            yield f"  above: {', '.join(at.above) or 'none'}"
        if self.evaluations:
            yield _head("Search, nDCG@10", "all", "open", "held out", "goal")
        for of in self.evaluations:
            means = (of.mean(), of.mean(held_out=False), of.mean(held_out=True))
            yield _row(of.engine, means, f"{evaluation.GOALS[of.engine]:.2f}", met=of.met)
        for kind, load in self.loads.items():
            yield from _load(kind, load)
        for kind, result in self.growths.items():
            yield from _growth(kind, result)

    def above(self) -> list[str]:
        """Name what is above its goal."""
        found = [f"{f.name} ({kind})" for kind, r in self.pages.items() for f in r.pages if f.met is False]
        found += [f"{fault} ({kind})" for kind, result in self.pages.items() for fault in result.failed]
        found += [f"memory ({kind})" for kind, r in self.pages.items() if r.memory > MEMORY_GOAL]
        found += [
            f"sign-in: {f.way} ({kind})"
            for kind, ways in self.sign_ins.items()
            for f in ways
            if f.met is False
        ]
        found += [
            f"synchronisation: {f.run} ({kind})"
            for kind, runs in self.runs.items()
            for f in runs
            if not f.met
        ]
        found += [f"{name} ({each.engine})" for each in self.searches for name in each.above]
        found += [f"nDCG@10 ({of.engine})" for of in self.evaluations if not of.met]
        found += [f"mixed load ({kind})" for kind, load in self.loads.items() if not load.met]
        found += [
            f"growth of {f.name} ({kind})" for kind, r in self.growths.items() for f in r.pages if not f.met
        ]
        return found + [f"start ({kind})" for kind, f in self.starts.items() if not f.met]

    def text(self) -> str:
        """Write it all, and last what is above its goal."""
        above = textwrap.fill(f"Above their goals: {', '.join(self.above()) or 'none'}.", 110)
        return "\n".join([*self.lines(), "", above])

    def write_into(self, file: Path, what: str) -> None:
        """Put the figures into a page, in place of an earlier run's that measured the same (`what`)."""
        mark = MARK.format(what)
        before, start_mark, rest = file.read_text("utf-8").partition(mark)
        _old, end_mark, after = rest.partition(MARK_END)
        if not end_mark:
            raise ValueError(f"{file} has no place for these figures: {mark} and {MARK_END}")
        figures = f"\n```text\n{self.text()}\n```\n"
        file.write_text(before + start_mark + figures + end_mark + after, "utf-8")

    def as_json(self) -> Mapping[str, Any]:
        """Return it all as plain values."""
        return {**asdict(self), "machine": self.machine(), "above": self.above()}


def _pages(kind: str, result: page.Result) -> Iterable[str]:
    numbers = ("CPU ms", "of db", "x ref", "queries", "KB", "p50", "p95", "p50 of 8", "p95 of 8", "goal")
    yield _head(f"Pages, {kind}", *numbers)
    for f in result.pages:
        waits = (f.p50, f.p95, f.p50_of_8, f.p95_of_8)
        values = (f.cpu, f.cpu_database, f.ratio, f.queries, f.bytes / 1000, *waits)
        goal = f.goal if f.times is None else f"{f.goal}: {f.times:.2f}"
        yield _row(f.name, values, goal, met=f.met)
        yield from (f"      plan: {doubt}" for doubt in f.doubts)
    yield from (f"  FAILED: {fault}" for fault in result.failed)
    yield _row("memory of the worker, MiB (PSS)", (result.memory,), met=result.memory <= MEMORY_GOAL)


def _load(kind: str, load: mixed.Figures) -> Iterable[str]:
    yield _head(f"Mixed load, {kind}", "requests", "p50 ms", "p95 ms", "p99 ms", "errors", "goal")
    yield f"  {load.rate:g} requests/s for {load.minutes:g} minutes, 10 % writes, {load.sessions:,} sessions"
    for number, waits in enumerate(load.waits):
        goal, met = (f"p95 {mixed.GOAL:g} ms", load.met) if number == 0 else ("", None)
        values = (waits.requests, waits.p50, waits.p95, waits.p99, waits.errors)
        yield _row(waits.name, values, goal, met=met)
    shares = ", ".join(f"{name} {share:.0%}" for name, share in load.cpu.items())
    yield f"  CPU of the whole machine: {shares}; the client began 99 of 100 at most {load.late:.1f} ms late"


def _growth(kind: str, result: growth.Result) -> Iterable[str]:
    yield _head(f"Growth, {kind}, x ref with", *map(_short, result.sizes), "times", "goal")
    for f in result.pages:
        counted = "" if len(set(f.queries)) == 1 else f" queries {', '.join(map(str, f.queries))}"
        yield _row(f.name, (*f.ratios, f.grown), f"{growth.GOAL:g}{counted}", met=f.met)


def _short(contents: int) -> str:
    return f"{contents / 1_000_000:g} M" if contents >= 1_000_000 else f"{contents / 1_000:g} k"


def _head(title: str, *columns: str) -> str:
    return f"\n{title:<30}" + "".join(f"{column:>9}" for column in columns)


def _row(name: str, values: Iterable[float], goal: str = "", *, met: bool | None) -> str:
    """Write numbers in columns; what counts things has no decimals."""
    cells = "".join(f"{value:9,}" if isinstance(value, int) else f"{value:9.2f}" for value in values)
    return f"  {name:<28}{cells}  {goal}{MARKS[met]}"
