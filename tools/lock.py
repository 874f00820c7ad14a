"""Write requirements.lock: one universal, hashed lock for core, plugins, tests, lint and builds.

Run by `make lock` with an interpreter that has uv. The settings of this machine's pip and uv (mirrors, local
folders of wheels, constraints) are set aside, so that the lock is the same wherever it is made.
"""

import configparser
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
HEADER = "# Every dependency of core, plugins, tests, lint and builds. Made by `make lock`: do not edit.\n"


def manifests() -> list[configparser.ConfigParser]:
    """Read setup.cfg of core and of each plugin."""
    found = []
    for path in [ROOT / "setup.cfg", *sorted(ROOT.glob("plugins/*/setup.cfg"))]:
        manifest = configparser.ConfigParser(interpolation=None)
        manifest.read(path, "utf-8")
        found.append(manifest)
    return found


def requirements() -> list[str]:
    """List what the manifests ask for, in every extra, without our own distributions."""
    read = manifests()
    ours = {manifest["metadata"]["name"] for manifest in read}
    lines: set[str] = set()
    for manifest in read:
        lines.update(manifest.get("options", "install_requires", fallback="").splitlines())
        if manifest.has_section("options.extras_require"):
            for extra in manifest["options.extras_require"].values():
                lines.update(extra.splitlines())
    return sorted(line for line in lines if line and re.split(r"[\s\[<>=!~;]", line)[0] not in ours)


def main() -> None:
    """Resolve with uv; keep what is pinned already unless `--upgrade` is given."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("UV_", "PIP_"))}
    command = [sys.executable, "-m", "uv", "--no-config", "--quiet", "pip", "compile", "-", "--universal"]
    command += ["--python-version=3.11", "--generate-hashes", "--no-header", "--annotation-style=line"]
    command += [f"--output-file={LOCK}", *sys.argv[1:]]
    subprocess.run(command, input="\n".join(requirements()), text=True, env=environment, check=True)
    LOCK.write_text(HEADER + LOCK.read_text("utf-8"), "utf-8")


if __name__ == "__main__":
    main()
