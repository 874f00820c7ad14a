"""Files of an index are cut off while it is open: whoever reads it says so, and goes on living."""

import subprocess
import sys
from collections import Counter

import pytest

READER = """
import os, random, sys
from pathlib import Path
from parvis.search.folder import Facts, IndexAway, IndexFolder
from parvis.search.query import parse
from parvis.search.reader import IndexReader
from parvis.search.record import Match, Plan, Record

engine, root, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
chance, folder = random.Random(seed), IndexFolder(root, engine)

def record(number):
    text = f"hello word{number % 50} and word{number % 77} are {number}"
    return Record(f"a:{number}", 7, number, 0, 1, 0, number, text, text, "", text, "h he hel", "")

def ask():
    for typed in ("hello", "word12", '"hello word3"', "wor*", "hellp"):
        for match in Match:
            reader.search(Plan(terms=parse(typed).terms, known=frozenset([7]), match=match))

root.mkdir()
with folder.writing():
    place, index = folder.create(Facts(engine, ()))
    for start in (0, 300):
        index.write([], [record(number) for number in range(start, start + 300)], "state", fresh=True)
    folder.publish(place)
reader = IndexReader(folder)
ask()
files = sorted(path for path in (place / "engine").iterdir() if path.stat().st_size)
fixed = [path for path in files if folder.engine_of(place).is_fixed(path.name)]
for path in fixed if chance.random() < 0.5 else chance.sample(fixed, 1):
    os.truncate(path, int(path.stat().st_size * chance.choice([0, 0.1, 0.5, 0.9, 0.99])))
told = []
for attempt in range(2):
    try:
        ask()
        told.append("answered")
    except IndexAway:
        told.append("away")
print(*told, "doubted" if folder.is_doubted(place) else "trusted")
"""


def ends(engine, folder, seeds):
    """Return how often readers ended how: with what they said, or by which signal."""
    found = Counter()
    for seed in seeds:
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            READER,
            engine,
            str(folder / f"{engine}{seed}"),
            str(seed),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        found["".join(done.stdout.splitlines()[-1:]), done.returncode] += 1
    return found


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_who_reads_an_index_that_is_cut_off_says_so_and_lives(engine, tmp_path):
    assert ends(engine, tmp_path, [1]) == {("away away doubted", 0): 1}


@pytest.mark.proof
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_sixty_readers_of_indexes_that_are_cut_off_live(engine, tmp_path):
    assert ends(engine, tmp_path, range(60)) == {("away away doubted", 0): 60}
