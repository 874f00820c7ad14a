"""Whatever points at a person is given to them, or forgets them: each owner says what becomes of it."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from parvis.db import Model

ROOT = Path(__file__).parents[2]
PLUGINS = sorted(path.parent.name for path in (ROOT / "plugins").glob("*/setup.cfg"))
NOT_THEIRS = {
    "expertise_merge": "which words of the company mean the same, whoever found it",
    "moderation_charter": "the company's words, whoever put them there",
}
"""Tables that name somebody, and tell of something else."""


@pytest.mark.parametrize("plugin", PLUGINS)
def test_every_table_that_points_at_a_person_is_given_to_them_or_forgets_them(plugin):
    package = f"parvis_{plugin}"
    import_module(f"{package}.plugin")
    said = import_module(f"{package}.personal_data").__file__
    words = set(re.findall(r"\w+", Path(said).read_text("utf-8")))
    pointing = {
        mapper.local_table.name: mapper.class_.__name__
        for mapper in Model.registry.mappers
        if mapper.class_.__module__.startswith(f"{package}.")
        and any(key.column.table.name in ("person", "member") for key in mapper.local_table.foreign_keys)
    }
    assert {table for table, name in pointing.items() if name not in words} - NOT_THEIRS.keys() == set()
