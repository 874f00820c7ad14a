"""`python -m bench`: prepare a whole company, measure, print; see README.md."""

import argparse
import json
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench import (
    desk,
    evaluation,
    growth,
    known,
    members,
    mixed,
    page,
    population,
    reported,
    search,
    sign_in,
    start,
    synchronisation,
    talk,
)  # fmt: skip
from bench.comparison import TOLERANCE, Incomparable, dearer
from bench.report import Report
from bench.site import Site, Staff, database, staff

ON_A_SITE = ("pages", "sign-in", "sync", "start", "load", "growth")
PARTS = ("evaluation", "search", *ON_A_SITE)
KINDS = {"sqlite": ["sqlite"], "postgresql": ["postgresql"], "both": ["sqlite", "postgresql"]}
FULL, SMALL = 73_000, 2_000
CONTENTS, FEW_CONTENTS = 500_000, 2_500


def main() -> int:
    """Measure what the command line asks for; 1 if a goal was missed and `--strict` given."""
    for number in (signal.SIGINT, signal.SIGTERM):  # the servers that were started end with us
        signal.signal(number, lambda *_: sys.exit(1))
    options = _options()
    small = options.small
    contents = options.contents or (FEW_CONTENTS if small else CONTENTS)
    report = Report(options.people or (SMALL if small else FULL), contents)
    effort = (
        page.Effort(warm_up=2, batches=3, requests=3, each_of_8=1, inspected=1) if small else page.Effort()
    )
    with tempfile.TemporaryDirectory(prefix="parvis-bench-") as name:
        if "evaluation" in options.only:
            _tell("asking the demo company")
            evaluation.found_demo(Path(name) / "demo")
            report.evaluations = [evaluation.judge(Path(name) / "demo", each) for each in evaluation.ENGINES]
        for engine in options.engine if "search" in options.only else ():
            report.searches.append(
                search.measure(
                    Path(name), engine=engine, people=report.people, posts=report.contents, effort=effort,
                    tell=_tell,
                )
            )  # fmt: skip
        if set(ON_A_SITE) & set(options.only):
            _measure_sites(Path(name), report, options, effort)
    print(report.text())
    if options.document:
        on = "" if options.database == "both" else f" on {options.database}"
        report.write_into(Path(options.document), ",".join(options.only) + on)
    if options.json:
        Path(options.json).write_text(json.dumps(report.as_json(), indent=1, ensure_ascii=False), "utf-8")
    worse = options.against is not None and _got_dearer(report, options.against, options.tolerance)
    return int(worse or (options.strict and bool(report.above())))


def _got_dearer(report: Report, before: Path, tolerance: float) -> bool:
    """Print what costs more than in an earlier run; a run that cannot be compared counts as worse."""
    try:
        found = dearer(json.loads(before.read_text("utf-8")), report.as_json(), tolerance)
    except (OSError, ValueError, KeyError, Incomparable) as fault:
        print(f"\nNot compared with {before}: {fault}.")
        return True
    print(f"\nDearer than in {before} by more than {tolerance:.0%}: {'none' if not found else ''}")
    print("".join(f"  {line}\n" for line in found), end="")
    return bool(found)


def _measure_sites(parent: Path, report: Report, options: argparse.Namespace, effort: page.Effort) -> None:
    with ExitStack() as stack:
        _tell(f"founding a company of {report.people:,} in OpenLDAP")
        everyone = stack.enter_context(staff(report.people, parent))
        for kind in KINDS[options.database]:
            _measure(kind, everyone, parent, report, options, effort)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--people", type=int, help=f"how many work there (default {FULL:,}; with --small {SMALL:,})"
    )
    parser.add_argument(
        "--contents", type=int,
        help=f"how many posts there are, and as many comments (default {CONTENTS:,}; at least 2,000)",
    )  # fmt: skip
    parser.add_argument(
        "--pages", metavar="BEGINNINGS", type=lambda value: tuple(value.split(",")), default=("",),
        help="measure only pages whose names begin so: home,group,write ...",
    )  # fmt: skip
    parser.add_argument("--database", choices=KINDS, default="both")
    parser.add_argument("--only", type=_parts, default=PARTS, help=f"some of {','.join(PARTS)}")
    parser.add_argument(
        "--engine", type=lambda value: tuple(value.split(",")), default=evaluation.ENGINES,
        help="measure the search of some engines: tantivy,whoosh",
    )  # fmt: skip
    parser.add_argument("--json", metavar="FILE", help="write the figures here too")
    parser.add_argument("--document", metavar="FILE", help="put the figures between their marks in this page")
    parser.add_argument(
        "--against", metavar="FILE", type=Path,
        help="compare queries, ratios and bytes with an earlier --json; exit with 1 if any got dearer",
    )  # fmt: skip
    parser.add_argument(
        "--tolerance", metavar="SHARE", type=float, default=TOLERANCE,
        help=f"by which ratios and bytes may grow with --against (default {TOLERANCE:g}); queries may not",
    )  # fmt: skip
    parser.add_argument(
        "--sizes", metavar="N,N", type=lambda value: tuple(map(int, value.split(","))),
        help=f"how many contents there are for growth (default {','.join(map(str, growth.SIZES))})",
    )  # fmt: skip
    parser.add_argument(
        "--minutes", type=float, default=mixed.MINUTES,
        help=f"how long the mixed load lasts (default {mixed.MINUTES:g})",
    )  # fmt: skip
    parser.add_argument(
        "--rate", type=float, default=mixed.RATE,
        help=f"how many requests it begins a second (default {mixed.RATE:g})",
    )  # fmt: skip
    parser.add_argument("--small", action="store_true", help="few people, few requests: does it work at all?")
    parser.add_argument("--strict", action="store_true", help="exit with 1 if anything is above its goal")
    return parser.parse_args()


def _parts(value: str) -> tuple[str, ...]:
    chosen = tuple(value.split(","))
    if unknown := set(chosen) - set(PARTS):
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not one of {', '.join(PARTS)}")
    return chosen


def _measure(
    kind: str, everyone: Staff, parent: Path, report: Report, options: argparse.Namespace, effort: page.Effort
) -> None:
    parts, small = options.only, options.small
    folder = parent / kind
    folder.mkdir()
    with database(kind, folder) as url:
        site = Site(kind, url, folder, everyone)
        _tell(f"{kind}: synchronising")
        site.run("db", "upgrade")
        runs = report.runs[kind] = []
        for figures in synchronisation.measure(site, all_runs="sync" in parts):
            _tell(f"{kind}: {figures.run} run {figures.wall:.1f} s, {figures.cpu:.1f} s CPU")
            runs.append(figures)
        viewer = everyone.viewer().username
        members.populate(url, keep=[viewer])
        if "growth" in parts:
            sizes = options.sizes or ((4_000, 8_000) if small else growth.SIZES)
            report.growths[kind] = growth.measure(
                site, viewer, sizes, effort, lambda line: _tell(f"{kind}: {line}")
            )
        if {"pages", "load"} & set(parts):
            begun = time.monotonic()
            scene = population.populate(url, viewer=viewer, posts=report.contents)
            known.populate(url)
            manager = reported.populate(url, scene)
            _tell(f"{kind}: {scene.contents:,} posts and comments in {time.monotonic() - begun:.0f} s")
        if "pages" in parts:
            pages = [
                each
                for each in (
                    *talk.pages_of(scene),
                    *page.pages_of(site, talk.viewers(scene)),
                    *desk.pages_of(url, scene, manager),
                )
                if each.name.startswith(options.pages)
            ]
            report.pages[kind] = page.measure(site, pages, effort, lambda line: _tell(f"{kind}: {line}"))
        if "load" in parts:
            _tell(f"{kind}: {options.rate:g} requests/s for {options.minutes:g} minutes")
            report.loads[kind] = mixed.measure(site, scene, rate=options.rate, minutes=options.minutes)
        if "sign-in" in parts:
            _tell(f"{kind}: signing people in")
            report.sign_ins[kind] = list(sign_in.measure(site, 10 if small else 200))
        if "start" in parts:
            _tell(f"{kind}: starting")
            report.starts[kind] = start.measure(site, 1 if small else 5)


def _tell(line: str) -> None:
    print(f"  … {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
