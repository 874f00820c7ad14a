"""`parvis search`, and what `parvis check` says of the search."""

import pytest
from parvis.cli import check, main
from parvis.db import db
from parvis.search.indexer import index_folder


@pytest.fixture
def said(app, config, capsys):
    """Return what runs a command line on the site, and gives its exit code and what it said."""

    def run(*words):
        capsys.readouterr()
        try:
            main(["--config", str(config.path), *words])
        except SystemExit as end:
            code = end.code or 0
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_status_says_that_there_is_no_index_yet(said):
    code, _out, err = said("search", "status")
    assert (code, err) == (1, "parvis: there is no index yet: the worker makes it\n")


def test_rebuild_makes_the_index_and_status_tells_of_it(said, people):
    people.person("Hélène Dupont")
    code, out, err = said("search", "rebuild")
    assert (code, out, "Person ..." in err) == (0, "The index has 1 documents.\n", True)
    code, out, _err = said("search", "status")
    assert (code, out.split()[:2], out.splitlines()[-1]) == (
        0,
        ["engine", "whoosh"],
        "behind    0 events, 0 s",
    )


def test_rebuild_waits_for_nobody(said, app):
    with index_folder().writing():
        code, _out, err = said("search", "rebuild")
    assert (code, err.splitlines()[-1]) == (
        1, "parvis: another process is writing the index; try again when it has done",
    )  # fmt: skip


def search_line(out):
    return next(line for line in out.splitlines() if " search: " in line)


def test_check_says_where_the_index_is(said, app):
    assert search_line(said("check")[1]) == f"ok   search: whoosh in {index_folder().root}"


def test_check_advises_tantivy_to_a_large_company(said, people, monkeypatch):
    people.person(), people.person()
    db.session.commit()
    monkeypatch.setattr(check, "MANY_PEOPLE", 1)
    line = search_line(said("check")[1])
    assert line.endswith("; for 2 people, install 'parvis[tantivy]' and set search.engine to tantivy")


def test_check_names_a_folder_that_cannot_be_written(said, app):
    index_folder().root.write_text("in the way")
    code, out, _err = said("check")
    assert (code, "FAIL search: " in out, "Check search.folder" in out) == (1, True, True)
