"""Lets tests import the whole plugins in `matrix/packages/`, and read French as it is now."""

import sys
from pathlib import Path

import pytest
from parvis.cli.i18n import compile_catalogue

TESTS = Path(__file__).parent
CATALOGUE = "translations/*/LC_MESSAGES/*.po"


sys.path.insert(0, str(TESTS / "matrix" / "packages"))


def pytest_sessionstart() -> None:
    """Compile the catalogues that were changed since they last were."""
    for pattern in (f"core/parvis/{CATALOGUE}", f"plugins/*/parvis_*/{CATALOGUE}"):
        for path in TESTS.parent.glob(pattern):
            compiled = path.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
                compile_catalogue(path)


@pytest.fixture(autouse=True)
def no_shared_metrics(monkeypatch):
    """Keep what a command that serves leaves in the environment from the tests after it."""
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
