"""Install requirements.lock into a virtual environment, quietly but with progress.

Run by `make` with the system's interpreter, before anything is installed: standard library only. What pip
said is shown in full when it fails.
"""

import re
import subprocess
import sys
from pathlib import Path

BAR_WIDTH = 30


def show(done: int, total: int, label: str) -> None:
    """Draw the bar over itself on a terminal; elsewhere say one line each quarter of the way."""
    if sys.stdout.isatty():
        filled = BAR_WIDTH * done // total
        print(f"\r  [{'=' * filled}{' ' * (BAR_WIDTH - filled)}] {label:<48.48}", end="", flush=True)
    elif done and done % max(1, total // 4) == 0:
        print(f"  {label}", flush=True)


def main(python: str, lock: str) -> int:
    """Run pip on the lock and count the packages that it comes to."""
    total = len(re.findall(r"^[a-z0-9]", Path(lock).read_text("utf-8"), re.MULTILINE))
    command = [python, "-m", "pip", "install", "--disable-pip-version-check", "--require-hashes", "-r", lock]
    said: list[str] = []
    done = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            said.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied: ", "Ignoring ")):
                done = min(done + 1, total)
                show(done, total, f"{done} of {total} packages")
            elif line.startswith("Installing collected packages"):
                show(total, total, "copying into place")
    if sys.stdout.isatty():
        print(flush=True)
    if pip.returncode:
        sys.stderr.writelines(said)
    return pip.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
