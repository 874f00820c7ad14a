"""Every hook of core is called with a plugin's implementation, documented, and tested here."""

import inspect
import io
import json
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from parvis import jobs
from parvis.db import db
from parvis.errors import Veto
from parvis.events import follow, record
from parvis.hookspecs import SPECIFICATIONS
from parvis.personal_data.export import write_archive
from parvis.personal_data.request import erase_now
from parvis.testing.portrait import portrait
from parvis_echo.plugin import EchoPlugin
from parvis_groups.plugin import GroupsPlugin
from parvis_moderation.plugin import ModerationPlugin
from parvis_sample.models import Note
from parvis_sample.plugin import SampleHappened, SamplePlugin
from parvis_social.api import SocialHooks
from parvis_social.plugin import SocialPlugin

sample = pytest.mark.plugins(sample=SamplePlugin)
both = pytest.mark.plugins(sample=SamplePlugin, echo=EchoPlugin)
ROOT = Path(__file__).parents[2]
DOORS = {
    "docs/hooks.md": ("core/parvis", SPECIFICATIONS),
    "docs/social.md": ("plugins/social/parvis_social", (SocialHooks,)),
}
"""Where hooks are documented, where they are called, and which they are."""
HOOKS = {
    (document, name): function
    for document, (_package, specifications) in DOORS.items()
    for specification in specifications
    for name, function in vars(specification).items()
    if not name.startswith("_")
}


@sample
def test_register_jobs_declares_a_job_with_its_schedule(app):
    assert jobs.declared_jobs()["sample:clean"].schedule == "5 4 * * *"


@sample
def test_register_search_documents_has_them_found_by_whom_they_are_shown_to(
    member_client, administrator_client, index
):
    db.session.add(Note(text="zanzibar"))
    index()
    shown = [
        "<mark>zanzibar</mark></a>" in c.get("/search?q=zanzibar").text
        for c in (member_client, administrator_client)
    ]
    assert shown == [False, True]


@sample
def test_register_search_words_has_what_others_declare_found_by_further_words(member, member_client, index):
    index()
    html = member_client.get("/search?q=quagga").text
    assert (member.person.display_name in html, "Keeps a <mark>quagga</mark>" in html) == (True, True)
    assert "Keeps a quagga" in member_client.get("/search?q=okapi").text


@sample
def test_authenticate_lets_a_plugin_sign_people_in(client, people):
    people.member(username="sample-user")
    client.get("/login")
    response = client.post("/login", data={"username": "sample-user", "password": "sample-password"})
    assert (response.status_code, response.location) == (303, "/")


@sample
def test_check_sign_in_refuses_with_its_reason(app, people):
    person = people.person(username="unwelcome")
    with pytest.raises(Veto, match="Not today"):
        app.extensions["parvis"].plugins.check("check_sign_in", person=person)


@sample
@pytest.mark.settings(**{"plugins.sample": {"demand": True}})
def test_join_steps_that_are_required_come_before_everything(people):
    newcomer = people.member("New Comer", joined=False)
    client = people.browser(newcomer)
    assert client.get("/people").location == "/sample/promise"
    client.get("/sample/promise")
    client.post("/sample/promise")
    assert client.get("/people").status_code == 200


@sample
def test_navigation_shows_a_plugins_entry(member_client):
    assert "Sample notes" in member_client.get("/").text


@both
def test_slot_shows_a_plugins_piece_and_what_a_dependent_adds_to_it(member_client):
    assert '<p class="sample-slot">Hello echoed</p>' in member_client.get("/").text


@sample
def test_slot_side_stands_below_the_menu_of_every_page(member_client):
    nav = member_client.get("/people").text.partition('<nav class="pv-nav')[2].partition("</nav>")[0]
    assert nav.rstrip().endswith('</ul><p class="sample-section">Sample of the left column</p>')


@sample
def test_profile_sections_stand_on_the_profile(member_client, other):
    assert "Sample of Bob Other" in member_client.get(f"/people/{other.person.handle}").text


@sample
def test_account_sections_stand_on_the_account_page(member_client):
    assert "Sample of account" in member_client.get("/account").text


@sample
def test_check_upload_keeps_a_harmful_file_out(member_client):
    data = {"photo": (io.BytesIO(portrait("x", 200) + b"EICAR"), "me.jpg")}
    response = member_client.post("/profile/photos", data=data, content_type="multipart/form-data")
    assert (response.status_code, "something harmful" in response.text) == (422, True)


@sample
def test_on_event_gets_each_event_once_and_in_order(app):
    record(SampleHappened(), SampleHappened())
    db.session.commit()
    follow(jobs.followers())
    follow(jobs.followers())
    notes = [note.text for note in db.session.scalars(db.select(Note).order_by(Note.id))]
    assert notes == ["sample.happened 1", "sample.happened 2"]


@sample
def test_export_personal_data_puts_rows_and_files_into_the_archive(app, member, tmp_path):
    db.session.add(Note(person_id=member.id, text="Mine"))
    db.session.commit()
    silent = write_archive(member.person, tmp_path / "archive.zip")
    with ZipFile(tmp_path / "archive.zip") as archive:
        notes, file = json.loads(archive.read("sample/notes.json")), archive.read("sample/notes/note.txt")
    assert (silent, [note["text"] for note in notes], file) == ([], ["Mine"], b"a note")


@sample
def test_erase_personal_data_forgets_what_is_theirs(app, member, other):
    db.session.add_all([Note(person_id=member.id, text="Mine"), Note(person_id=other.id, text="Theirs")])
    db.session.commit()
    erase_now(person=member.person, contents="keep")
    assert [note.text for note in db.session.scalars(db.select(Note))] == ["Theirs"]


@pytest.mark.parametrize(("document", "hook"), sorted(HOOKS))
def test_every_hook_is_documented_with_its_exact_signature_and_since_when(document, hook):
    documented = (ROOT / document).read_text(encoding="utf-8")
    arguments = [p for p in inspect.signature(HOOKS[document, hook]).parameters if p != "self"]
    heading = rf"^### `{hook}\({', '.join(arguments)}\)`\n\n[^\n]+ Since \d\.\d\.$"
    assert re.search(heading, documented, re.MULTILINE), hook


@pytest.mark.parametrize("document", DOORS)
def test_the_documentation_names_no_other_hook(document):
    documented = (ROOT / document).read_text(encoding="utf-8")
    assert sorted(re.findall(r"^### `(\w+)\(", documented, re.MULTILINE)) == sorted(
        hook for told_in, hook in HOOKS if told_in == document
    )


@pytest.mark.parametrize(("document", "hook"), sorted(HOOKS))
def test_every_hook_is_called_and_tested_here_or_used_by_a_plugin_of_ours(document, hook):
    called = [
        p
        for p in (ROOT / DOORS[document][0]).rglob("*.py")
        if re.search(rf'\(\s*"{hook}"', p.read_text(encoding="utf-8"))
    ]
    tested = [name for name in globals() if name.startswith(f"test_{hook}_")]
    used = [plugin for plugin in (SocialPlugin, GroupsPlugin, ModerationPlugin) if hook in vars(plugin)]
    assert (bool(called), bool(tested if document == "docs/hooks.md" else used)) == (True, True)
