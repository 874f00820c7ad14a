"""The boundary, executed: who may import whom, whose tables are whose, what a template may not say."""

import ast
import re
from pathlib import Path

import parvis.events
import parvis.profile.models  # noqa: F401 - declares tables
import pytest
from parvis.db import Model
from parvis.migration import CORE_TABLES

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "parvis"
PLUGINS = sorted(path.parent.name for path in (ROOT / "plugins").glob("*/setup.cfg"))


def test_core_keeps_exactly_the_tables_it_may():
    kept = {m.local_table.name for m in Model.registry.mappers if m.class_.__module__.startswith("parvis.")}
    assert kept == CORE_TABLES


def test_core_names_no_plugin():
    words = re.compile(
        "|".join([r"parvis_[a-z]+\.(?:plugin|api)", *(rf"\bparvis_{name}\b" for name in PLUGINS)])
    )
    named = [
        str(p.relative_to(ROOT)) for p in CORE.rglob("*.py") if words.search(p.read_text(encoding="utf-8"))
    ]
    assert named == []


def imports(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_the_sample_plugin_imports_only_the_public_surface():
    package = ROOT / "tests" / "matrix" / "packages" / "parvis_sample"
    used = {name for path in package.rglob("*.py") for name in imports(path) if name.startswith("parvis")}
    assert used == {"parvis.api"}


def test_no_template_marks_text_as_safe():
    marked = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for folder in (CORE / "templates", ROOT / "themes", ROOT / "plugins")
        for path in folder.rglob("*.html")
        for match in re.finditer(
            r"\{\{[^}]*\|\s*safe[^}]*\}\}|autoescape false", path.read_text(encoding="utf-8")
        )
        if "_html|safe" not in match[0]
    ]
    assert marked == []


@pytest.mark.parametrize("folder", ["core/parvis", "plugins", "tests", "tools", "docs", "bench"])
def test_no_line_tells_of_the_machine_it_was_written_on(folder):
    forbidden = re.compile(
        r"/wor[k]/|/far[m]/|\.\./share[d]|\.\./\.librar[y]|files\.pythonhoste[d]|registry\.npmj[s]"
    )
    told = [
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".md", ".html", ".js", ".css", ".cfg", ".toml"}
        and forbidden.search(path.read_text(encoding="utf-8"))
    ]
    assert told == []


def test_no_file_of_core_is_one_to_fear():
    lengths = {
        str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines())
        for p in CORE.rglob("*.py")
        if "versions" not in p.parts
    }
    assert {name: length for name, length in lengths.items() if length > 500} == {}


def statements(path):
    """Count logical lines: statements but docstrings, however the formatter breaks them."""
    return sum(
        isinstance(node, ast.stmt)
        and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )


def test_core_stays_thin():
    modules = [p for p in CORE.rglob("*.py") if not {"testing", "versions"} & set(p.parts)]
    assert sum(map(statements, modules)) < 8_800
