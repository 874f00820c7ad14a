"""Fill the folder wheels/ with our distributions and all that they need, for this platform and Python.

The folder installs without a network: `pip install --no-index --find-links wheels parvis`. What is there
comes from requirements.lock, hash-checked, without what only tests, lint and builds need.
"""

import configparser
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
WHEELS = ROOT / "wheels"
NOT_SHIPPED = {"test", "lint", "build"}


def pip(*arguments: str | Path) -> None:
    """Run this environment's pip; its own error text is enough when it fails."""
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, arguments)]
    if subprocess.run(command, check=False).returncode:
        sys.exit(1)


def distributions() -> dict[str, Path]:
    """Give the folder of each of our distributions by name."""
    found = {}
    for path in [ROOT / "setup.cfg", *sorted(ROOT.glob("plugins/*/setup.cfg"))]:
        manifest = configparser.ConfigParser(interpolation=None)
        manifest.read(path, "utf-8")
        found[manifest["metadata"]["name"]] = path.parent
    return found


def needed(names: list[str]) -> set[str]:
    """Follow requirements from our distributions, all shipped extras included, on this platform."""
    seen: set[tuple[str, str]] = set()
    waiting = [(name, extra) for name in names for extra in ["", *_extras(name)]]
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for line in _requires(name):
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": extra}):
                target = canonicalize_name(requirement.name)
                waiting += [(target, wanted) for wanted in ["", *requirement.extras]]
    return {name for name, _ in seen} - set(names)


def _requires(name: str) -> list[str]:
    try:
        return requires(name) or []
    except PackageNotFoundError:
        sys.exit(f"{name} is not installed here. Remedy: run make, then make wheels again.")


def _extras(name: str) -> set[str]:
    found = re.findall(r"""extra == ["']([\w.-]+)["']""", "\n".join(_requires(name)))
    return set(found) - NOT_SHIPPED


def locked(names: set[str]) -> str:
    """Cut the pins and hashes of these names out of the lock."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    blocks = [
        (block[1], block[0]) for block in re.finditer(r"^([a-z0-9._-]+)==(?:.*\\\n)+.*\n", lock, re.MULTILINE)
    ]
    if missing := sorted(names - {name for name, _ in blocks}):
        sys.exit(f"requirements.lock lacks {', '.join(missing)}. Remedy: make lock.")
    return "".join(block for name, block in blocks if name in names)


def main() -> None:
    """Build ours from a clean slate, fetch theirs, say how to install."""
    ours = distributions()
    shutil.rmtree(WHEELS, ignore_errors=True)
    for folder in ours.values():
        shutil.rmtree(folder / "build", ignore_errors=True)  # else files deleted since then come back
    with tempfile.TemporaryDirectory() as scratch:
        subset = Path(scratch) / "requirements.txt"
        subset.write_text(locked(needed(list(ours))), "utf-8")
        print("Fetching the wheels of the dependencies ...", flush=True)
        pip(
            "wheel",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--wheel-dir",
            WHEELS,
            "--requirement",
            subset,
        )
    print("Building our own ...", flush=True)
    pip("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", WHEELS, *ours.values())
    for folder in ours.values():
        shutil.rmtree(folder / "build", ignore_errors=True)
    size = sum(path.stat().st_size for path in WHEELS.iterdir()) / 1e6
    print(f"{len(list(WHEELS.iterdir()))} wheels, {size:.0f} MB. Install them without a network by:")
    print(f"  pip install --no-index --find-links {WHEELS.name} {' '.join(ours)}")


if __name__ == "__main__":
    main()
