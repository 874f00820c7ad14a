"""Lets tests import the plugins in `matrix/packages/`, and read French as it is now; the longest begin."""

import gc
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from parvis.cli.i18n import compile_catalogue
from parvis.logging import LogHandler

TESTS = Path(__file__).parent
CATALOGUE = "translations/*/LC_MESSAGES/*.po"
LONGEST = (
    "tests/search/test_killed.py",
    "tests/faults/test_cut_off.py",
    "tests/faults/test_several_machines.py",
    "tests/core/test_jobs.py",
    "tests/architecture/test_docs.py",
    "tests/browser/test_page.py",
    "tests/cli/test_serve.py",
    "plugins/social/tests/feed/test_feed.py",
    "tests/cli/test_demo.py",
    "tests/browser/groups/test_page.py",
    "tests/browser/groups/test_story.py",
    "tests/visibility/test_matrix.py",
    "tests/browser/test_profile.py",
    "tests/directory/test_synchronisation.py",
    "tests/browser/test_joining.py",
    "tests/browser/test_without_javascript.py",
    "tests/browser/test_finding.py",
    "tests/browser/test_comfort.py",
    "tests/browser/blog/test_page.py",
    "tests/browser/blog/test_without_javascript.py",
    "tests/browser/blog/test_story.py",
    "tests/browser/expertise/test_story.py",
    "tests/browser/asking/test_story.py",
    "tests/personal_data/test_erasure.py",
    "tests/browser/moderation/test_story.py",
    "tests/browser/groups/test_writing.py",
    "tests/faults/test_hostile.py",
    "tests/faults/test_killed.py",
    "tests/visibility/test_canaries.py",
    "tests/visibility/blog/test_canaries.py",
    "tests/visibility/blog/test_switched_off.py",
    "tests/visibility/moderation/test_canaries.py",
    "tests/visibility/moderation/test_switched_off.py",
    "plugins/social/tests/feed/test_cost.py",
    "tests/visibility/test_switched_off.py",
    "tests/faults/test_without.py",
)
"""Files that keep a process for more than ten seconds, their proofs with them: none of them may come last."""


sys.path.insert(0, str(TESTS / "matrix" / "packages"))


def pytest_sessionstart() -> None:
    """Compile the catalogues that were changed since they last were."""
    for pattern in (f"core/parvis/{CATALOGUE}", f"plugins/*/parvis_*/{CATALOGUE}"):
        for path in TESTS.parent.glob(pattern):
            compiled = path.with_suffix(".mo")
            if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
                compile_catalogue(path)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, so that at the end no process works while others have nothing to do."""
    order = {TESTS.parent / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path, len(order)))


def pytest_collection_finish() -> None:
    """Have no garbage looked for in what was imported: that took an eighth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.fixture(autouse=True)
def no_shared_metrics(monkeypatch):
    """Keep what a command that serves leaves in the environment from the tests after it."""
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)


@pytest.fixture(autouse=True)
def no_log_left_open() -> Iterator[None]:
    """End the log that a test began: the tests after it would write to a stream that is closed."""
    yield
    root = logging.getLogger()
    begun = [handler for handler in root.handlers if isinstance(handler, LogHandler)]
    if begun:
        for handler in begun:
            root.removeHandler(handler)
        root.setLevel(logging.WARNING)
        logging.captureWarnings(False)
        structlog.reset_defaults()
