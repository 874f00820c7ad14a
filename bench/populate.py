"""`python -m bench.populate`: found the large company and let it talk, in a database of one's own.

The same scale and seed are the same company. With `--ldif` its directory is written too, for a real OpenLDAP
(`slapadd`; schemas core, cosine, inetorgperson): synchronised from there, nobody is new. What is planted, for
whoever measures whether it is found, is listed in a JSON file.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import SpooledTemporaryFile

from parvis.application.factory import create_app, load
from parvis.db import db, utcnow, writing
from parvis.directory.entry import Decoder, DirectoryEntry
from parvis.directory.models import Person, Unit
from parvis.directory.synchronisation.plan import Plan, known_persons
from parvis.directory.synchronisation.report import Report
from parvis.directory.synchronisation.writing import write
from parvis.runtime import runtime
from parvis.testing.company import Company, company, write_ldif
from sqlalchemy import select

from bench import known, members, population, reported
from bench.enterprise import enterprise
from bench.habit import OFFSETS, Rhythm, habits
from bench.load import in_haste, opened
from bench.members import SHARE
from bench.planted import BEHIND, SHARE_BEHIND, Planted


@dataclass(frozen=True)
class Scale:
    """How many people work there, and how many posts (and as many comments) are written in the last year."""

    people: int
    posts: int


SCALES = {
    "demo": Scale(420, 2_000),
    "small": Scale(2_000, 10_000),
    "engage": Scale(73_000, 500_000),
    "engage10": Scale(730_000, 5_000_000),
}
SMALLEST = 1_500
"""A smaller company has no room for 60 sites: it is the one of the demonstration."""
COLUMNS = ("id", "username", "handle", "site_id", "department_id", "country")
PLUGINS = ["social", "groups", "blog", "expertise", "moderation"]
CONFIGURATION = """
[site]
url = "http://127.0.0.1:8000"
[server]
secret_key = "only to fill a database, which signs nobody in"
[database]
url = {url}
[log]
level = "warning"
[plugins]
enabled = {plugins}
[directory]
servers = ["ldap://127.0.0.1:1"]
start_tls = false
base_dn = {base_dn}
synchronise = ""
"""


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.populate", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--scale", choices=SCALES, default="small")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", metavar="URL", help="sqlite:///FILE or postgresql+psycopg://…; empty")
    parser.add_argument("--ldif", metavar="FILE", type=Path, help="write the directory here")
    parser.add_argument("--planted", metavar="FILE", type=Path, default=Path("planted.json"))
    options = parser.parse_args()
    if not options.database and not options.ldif:
        parser.error("say --database, --ldif or both")
    scale = SCALES[options.scale]
    founded = found(scale.people, options.seed)
    _tell(f"{len(founded.people):,} people")
    if options.ldif:
        with options.ldif.open("w", encoding="utf-8") as file:
            write_ldif(founded, file)
        _tell(f"their directory is in {options.ldif}")
    if options.database:
        planted = populate(founded, options.database, posts=scale.posts, seed=options.seed)
        options.planted.write_text(json.dumps(planted, indent=1, ensure_ascii=False), "utf-8")
        _tell(f"what is planted stands in {options.planted}")
    return 0


def found(people: int, seed: int) -> Company:
    """Found the company of a size."""
    return enterprise(people, seed) if people >= SMALLEST else company(people, seed, photos=False)


def populate(founded: Company, url: str, *, posts: int, seed: int) -> dict[str, list[object]]:
    """Fill an empty database with a company and its life; return what is planted."""
    now = utcnow()
    with tempfile.TemporaryDirectory(prefix="parvis-populate-") as folder:
        hire(founded, url, Path(folder))
    _tell("all of them are in the database")
    viewer = next(
        person for person in founded.people[len(founded.people) // 2 :] if not person.leads
    ).username
    with opened(url):
        everyone = list(db.session.execute(
            select(*(getattr(Person, name) for name in COLUMNS))
            .where(Person.present.is_(True)).order_by(Person.id)
        ).all())  # fmt: skip
        names = dict(db.session.execute(select(Unit.id, Unit.name)).all())
        by_size = select(Unit.id).where(Unit.kind == "site").order_by(Unit.headcount, Unit.id)
        sites = list(db.session.scalars(by_size))
    behind = sites[len(sites) // 3 :][:BEHIND]
    chosen = list(_members(everyone, behind, viewer, seed))
    life = habits(chosen, now=now, seed=seed)
    members.populate(url, joined=life.joined)
    _tell(f"{len(chosen):,} members")
    inside = set(chosen)
    planted = Planted(
        life,
        _rhythm(everyone, now),
        {row.id: row.department_id for row in everyone if row.id in inside and row.department_id},
        now=now, seed=seed, names=names, behind=behind,
    )  # fmt: skip
    scene = population.populate(url, viewer=viewer, posts=posts, seed=seed, life=planted)
    _tell(f"{posts:,} posts and as many comments")
    with opened(url):
        planted.list_followers({row.id: row.handle for row in everyone})
    known.populate(url, chosen, now=now, seed=seed)
    _tell("what people know")
    reported.populate(url, scene, now=now, seed=seed)
    _tell("what they reported, and what became of it")
    return planted.told


def hire(founded: Company, url: str, folder: Path) -> None:
    """Make the tables, and put everybody in as the synchronisation does, asking no directory."""
    file = folder / "parvis.toml"
    values = {
        "url": json.dumps(in_haste(url)),
        "plugins": json.dumps(PLUGINS),
        "base_dn": json.dumps(founded.people_dn),
    }
    file.write_text(CONFIGURATION.format(**values), "utf-8")
    command = [sys.executable, "-m", "parvis.cli", "--config", str(file), "db", "upgrade"]
    subprocess.run(command, check=True, capture_output=True, env=dict(os.environ))
    app = create_app(*load(str(file)))
    with app.app_context(), writing(), SpooledTemporaryFile(1 << 24, "w+", encoding="utf-8") as spool:
        plan = Plan(known_persons(), Report(dry_run=False), spool)
        plan.consider(_entries(founded, Decoder(runtime().config.directory)), ())
        plan.conclude()
        write(plan, lambda _done: None)
        db.session.remove()
        db.engine.dispose()


def _entries(founded: Company, decoder: Decoder) -> Iterator[DirectoryEntry]:
    for person in founded.people:
        values = {name.lower(): list(found) for name, found in person.entry(photo=False)}
        values.pop("pwdaccountlockedtime", None)  # nor does LDIF have it
        yield decoder.decode(person.dn.encode(), values)


def _members(everyone: list, behind: Collection[int], viewer: str, seed: int) -> Iterator[int]:
    rng, left = Random(f"members {seed}"), set(behind)
    late = sum(row.site_id in left for row in everyone)
    elsewhere = (SHARE * len(everyone) - SHARE_BEHIND * late) / (len(everyone) - late)
    for row in everyone:
        share = SHARE_BEHIND if row.site_id in left else elsewhere
        if rng.random() < share or row.username == viewer:
            yield row.id


def _rhythm(everyone: list, now: datetime) -> Rhythm:
    offsets = {row.id: OFFSETS.get(row.country or "", 0) for row in everyone}
    return Rhythm(offsets, start=now - timedelta(weeks=52), weeks=52)


def _tell(line: str) -> None:
    print(f"  {time.process_time():6.0f} s CPU  {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
