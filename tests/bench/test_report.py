"""Figures go into a page where it has a place for just these."""

import pytest

from bench.report import Report

PAGE = """before
<!-- figures: growth on sqlite -->
old
<!-- /figures -->
between
<!-- figures: pages,start -->
kept
<!-- /figures -->
after
"""


def test_figures_take_the_place_of_those_of_the_same_parts(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE, "utf-8")
    Report(people=7, contents=9).write_into(page, "growth on sqlite")
    text = page.read_text("utf-8")
    assert "old" not in text
    assert text.index("before") < text.index("Parvis with 7 people") < text.index("between")
    assert text[text.index("<!-- figures: pages") :] == PAGE[PAGE.index("<!-- figures: pages") :]


def test_a_page_without_a_place_for_them_is_left_alone(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE, "utf-8")
    with pytest.raises(ValueError, match="figures: pages -->"):
        Report(people=7, contents=9).write_into(page, "pages")
    assert page.read_text("utf-8") == PAGE
