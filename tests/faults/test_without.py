"""Where something is missing: a sentence, nothing half done, and nothing that was typed is lost."""

import io
import shutil
import sqlite3
import subprocess
import sys

import pytest
from parvis.api import EventRecord, db
from parvis.migration import CORE_TABLES
from parvis.testing.plugin import make_config
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Content, post
from parvis_social.content.models import File
from parvis_social.plugin import SocialPlugin

pytestmark = [pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin), pytest.mark.proof]


def count(model):
    return db.session.scalar(db.select(db.func.count()).select_from(model))


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "address", ["/places/{place}/post", "/contents/{root}/comment", "/contents/{root}/edit"]
)
def test_where_files_cannot_be_kept_the_form_is_shown_again_with_all_that_was_typed(
    member_client, member, make_group, tmp_path, address
):
    group = make_group("Photo", member)
    root = post(place=group.place, text="Hello", actor=member)
    db.session.commit()
    shutil.rmtree(tmp_path / "media")
    (tmp_path / "media").write_text("no folder")
    address = address.format(place=group.place_id, root=root.id)

    def send():
        files = [(io.BytesIO(b"Minutes"), "minutes.txt")]
        data = {"text": "Typed words", "form_key": "one", "version": "1", "files": files}
        return member_client.post(address, data=data)

    refused = send()
    assert (refused.status_code, "Typed words" in refused.text) == (503, True)
    assert "cannot be read or saved at the moment" in refused.text
    assert (count(File), count(Content), root.body_html) == (0, 1, "<p>Hello</p>")
    (tmp_path / "media").unlink()
    (tmp_path / "media").mkdir()
    assert send().status_code == 303
    (kept,) = db.session.scalars(db.select(File))
    assert kept.content_id is not None


@pytest.mark.settings(database={"timeout": 1})
def test_what_is_sent_while_the_database_is_locked_is_told_and_taken_afterwards(
    member_client, member, make_group, tmp_path
):
    group = make_group("Photo", member)
    form = {"text": "Hello", "form_key": "one"}
    other = sqlite3.connect(tmp_path / "parvis.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    response = member_client.post(f"/places/{group.place_id}/post", data=form)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert "What was saved before is safe" in response.text
    assert member_client.get("/groups/photo").status_code == 200
    other.execute("ROLLBACK")
    other.close()
    sent = [member_client.post(f"/places/{group.place_id}/post", data=form).status_code for _ in range(2)]
    assert (sent, count(Content)) == ([303, 303], 1)


@pytest.mark.both_databases
def test_groups_and_social_are_purged_in_this_order_and_leave_core_as_it_was(
    member, other, make_group, deliver, tmp_path, database_url
):
    group = make_group("Photo", member, other, tags=["photo"])
    post(place=group.place, text="Look, @bob.other", actor=member)
    deliver()
    db.session.remove()
    make_config(tmp_path, database_url)
    command = [sys.executable, "-m", "parvis.cli", "--config", str(tmp_path / "parvis.toml")]

    def purge(name):
        purging = [*command, "plugins", "purge", name, "--yes"]
        done = subprocess.run(purging, capture_output=True, text=True, check=False, timeout=60)
        return done.returncode, (done.stderr if done.returncode else done.stdout).strip()

    assert purge("social") == (1, "parvis: purge first what requires it: groups")
    for name in ("groups", "social"):
        assert purge(name) == (0, f"{name}: all it kept in the database is gone")
    tables = set(db.inspect(db.engine).get_table_names())
    assert {name for name in tables if "social" in name or "groups" in name} == set()
    assert tables >= CORE_TABLES
    kinds = set(db.session.scalars(db.select(EventRecord.kind)))
    assert {kind for kind in kinds if kind.startswith(("social.", "groups."))} == set()
