"""The distributions hold what they should, ask for what they use, and are locked."""

import ast
import configparser
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT, *sorted(path.parent for path in ROOT.glob("plugins/*/setup.cfg"))]
# Asked for though no line imports them: SQLAlchemy opens PostgreSQL through psycopg, zoneinfo reads tzdata.
INDIRECT = {"psycopg", "tzdata"}
PART_OF = {"pydantic-core": "pydantic"}


def manifest(folder: Path) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None)
    read.read(folder / "setup.cfg", "utf-8")
    return read


def names(requirements: str) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements.splitlines() if line}


def imported(source: Path) -> set[str]:
    """Name every absolute module that a file imports, inline imports too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.update({node.module, *(f"{node.module}.{alias.name}" for alias in node.names)})
    return found


def sources(folder: Path) -> list[Path]:
    """List the modules of a distribution's package."""
    package = folder / "core" if folder == ROOT else folder
    return list(package.glob("parvis*/**/*.py"))


def used(folder: Path) -> set[str]:
    """Name the distributions whose modules a folder imports, without what only its testing part needs."""
    owners = packages_distributions()
    tops = {module.partition(".")[0] for path in sources(folder) for module in imported(path)}
    found = {canonicalize_name(owner) for top in tops for owner in owners.get(top, [])}
    read = manifest(folder)
    extras = ("test", "social")  # what its testing part needs; what it uses only where it is there
    besides = set[str]().union(*(names(read.get("options.extras_require", e, fallback="")) for e in extras))
    return {PART_OF.get(name, name) for name in found} - besides - {read["metadata"]["name"]}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: manifest(folder)["metadata"]["name"])
def test_a_distribution_asks_for_exactly_what_it_imports(folder: Path) -> None:
    read = manifest(folder)
    asked = names(read["options"]["install_requires"])
    asked |= names(read.get("options.extras_require", "tantivy", fallback=""))  # imported where it is chosen

    assert used(folder) | INDIRECT == asked | INDIRECT


def forbidden_imports(package: str, modules: set[str]) -> set[str]:
    """Name what a plugin may not import: core or another plugin otherwise than by its `api`."""
    ours = {module for module in modules if re.match(r"parvis(_|\.|$)", module)}
    own = {module for module in ours if module.partition(".")[0] == package}
    doors = re.compile(r"parvis(_\w+)?\.api(\..*)?|parvis\.testing(\..*)?")
    return {module for module in ours - own if not doors.fullmatch(module)} - {"parvis"}


@pytest.mark.parametrize(
    ("module", "refused"),
    [
        ("parvis.api", False),
        ("parvis.api.Plugin", False),
        ("parvis_social.api", False),
        ("parvis_blog.models", False),
        ("parvis.testing.scene", False),
        ("parvis.web", True),
        ("parvis.apiary", True),
        ("parvis_social.models", True),
    ],
)
def test_the_only_door_between_packages_is_api(module: str, refused: bool) -> None:
    assert bool(forbidden_imports("parvis_blog", {module})) == refused


def test_core_imports_no_plugin() -> None:
    assert {
        module for path in sources(ROOT) for module in imported(path) if module.startswith("parvis_")
    } == set()


def test_plugins_go_through_the_doors_only() -> None:
    refused = {
        f"{path.relative_to(ROOT)}: {module}"
        for folder in FOLDERS[1:]
        for path in sources(folder)
        for module in forbidden_imports(path.relative_to(folder).parts[0], imported(path))
    }

    assert refused == set()


def test_the_import_contracts_of_setup_cfg_hold() -> None:
    options = ["--config", ROOT / "setup.cfg", "--no-cache", "--no-logo"]
    command = [Path(sys.executable).with_name("lint-imports"), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def declared() -> set[str]:
    """Name every distribution that core and the plugins ask for, in all extras, but our own."""
    asked = [manifest(folder)["options"]["install_requires"] for folder in FOLDERS]
    extras = manifest(ROOT)["options.extras_require"].values()
    return names("\n".join([*asked, *extras])) - {manifest(folder)["metadata"]["name"] for folder in FOLDERS}


def test_every_dependency_has_its_reason_on_the_page() -> None:
    page = (ROOT / "docs/dependencies.md").read_text("utf-8")

    assert set(re.findall(r"^\| ([\w-]+) \| \S.*\.", page, re.MULTILINE)) == declared()


def test_the_lock_pins_every_dependency_with_hashes_and_names_no_place() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    lines = re.sub(r"\\\n", "", lock).splitlines()
    pins = [line for line in lines if line and not line.lstrip().startswith("#")]

    pattern = r"[a-z0-9-]+==[^ ]+( ; [^\\]+?)?( +--hash=sha256:[0-9a-f]{64})+"
    assert [line for line in pins if not re.fullmatch(pattern, line)] == []
    assert declared() - {line.partition("==")[0] for line in pins} == set()
    assert re.findall(r"://|file:|--index|--find-links| @ ", lock) == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Build core's wheel in a copy, away from what earlier builds left; name what it holds of the package."""
    copy, target = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for name in ("setup.cfg", "pyproject.toml", "LICENSE", "README.md"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy)
    ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in ("core", "themes"):
        shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=ignore)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--no-index", "--wheel-dir", target, copy], check=True)
    with zipfile.ZipFile(next(target.glob("parvis-*.whl"))) as archive:
        return {name for name in archive.namelist() if name.startswith("parvis/")}


def test_the_wheel_holds_every_file_of_the_package_and_the_themes(wheel: set[str]) -> None:
    package = [path for path in (ROOT / "core/parvis").rglob("*") if path.is_file()]
    themes = [path for path in (ROOT / "themes").rglob("*") if path.is_file()]
    wanted = {str(path.relative_to(ROOT / "core")) for path in package if "__pycache__" not in path.parts}
    wanted |= {f"parvis/{path.relative_to(ROOT)}" for path in themes}

    assert wheel == wanted
