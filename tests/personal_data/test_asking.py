"""Asking for one's data, or to be forgotten: what is in the archive, for whom, for how long; being sure."""

import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pytest
from dbos import DBOSClient
from parvis.db import db, utcnow
from parvis.errors import Invalid
from parvis.identity.models import Member, MemberSession
from parvis.jobs import disconnect
from parvis.personal_data.export import forget_archives
from parvis.personal_data.models import DataRequest
from parvis.personal_data.request import answer, ask_erasure, ask_export
from parvis.runtime import runtime
from parvis.worker import prepare_jobs
from parvis_blog.plugin import BlogPlugin
from parvis_expertise.plugin import ExpertisePlugin
from parvis_groups.plugin import GroupsPlugin
from parvis_moderation.plugin import ModerationPlugin
from parvis_social.plugin import SocialPlugin
from sqlalchemy import select

everything = pytest.mark.plugins(
    social=SocialPlugin, groups=GroupsPlugin, blog=BlogPlugin, expertise=ExpertisePlugin,
    moderation=ModerationPlugin,
)  # fmt: skip


def asked():
    return db.session.scalar(select(DataRequest).order_by(DataRequest.id.desc()).limit(1))


def age(request, **by):
    request.done_at = utcnow() - timedelta(**by)
    db.session.commit()


@everything
def test_the_archive_has_all_that_is_kept_and_is_theirs_alone_for_a_day(scene, people):
    browser, other = people.browser(scene.leaver), people.browser(scene.friend)
    assert "Prepare my archive" in browser.get("/account/data").text
    browser.post("/account/data")
    assert "is being prepared" in browser.get("/account/data").text
    answer(asked().id)
    address = f"/account/data/{asked().id}.zip"
    assert (address in browser.get("/account/data").text, other.get(address).status_code) == (True, 404)
    sent = browser.get(address)
    assert (sent.mimetype, "no-store" in sent.headers["Cache-Control"]) == ("application/zip", True)
    with ZipFile(io.BytesIO(sent.data)) as archive:
        told = {name: archive.read(name) for name in archive.namelist()}
    texts = {name: json.loads(data) for name, data in told.items() if name.endswith(".json")}
    assert texts["core/directory.json"][0]["mail"] == "zqtl@company.example"
    assert [each["body_html"] for each in texts["social/published.json"] if "alone" in each["body_html"]] == [
        "<p>Wombatalone</p>"
    ]
    assert texts["expertise/skills.json"][0]["english"] == "Wombats"
    assert {name.partition("/")[0] for name in told} == {
        "core",
        "social",
        "groups",
        "moderation",
        "blog",
        "expertise",
    }
    assert sum(data == b"wombatbytes" for data in told.values()) == 2
    assert "digest" not in told["blog/feed_keys.json"].decode()
    age(asked(), days=1, minutes=1)
    assert browser.get(address).status_code == 404
    key = asked().media_key
    forget_archives()
    db.session.commit()
    with pytest.raises(KeyError):
        runtime().media.get(key)
    assert asked() is None


def test_what_is_asked_twice_is_prepared_once_and_kept_by_a_job(app, member, deliver):
    prepare_jobs()
    for _twice in range(2):
        ask_export(actor=member)
    deliver()
    client = DBOSClient(system_database_url=runtime().config.jobs.url)
    queued = [each.name for each in client.list_workflows()]
    client.destroy()
    disconnect()
    assert (queued, db.session.query(DataRequest).count()) == (["core:personal_data"], 1)
    answer(asked().id)
    done = asked().done_at
    answer(asked().id)
    assert asked().done_at == done


def test_leaving_says_what_happens_and_asks_for_ones_handle(member_client, member):
    page, mine = member_client.get("/account/leave").text, member.id
    assert ("This cannot be undone" in page, "It stays, as a former colleague" in page) == (True, True)
    wrong = member_client.post("/account/leave", data={"contents": "keep", "confirmation": "bob.other"})
    assert (wrong.status_code, f"Please type {member.person.handle}" in wrong.text) == (422, True)
    open_choice = member_client.post("/account/leave", data={"confirmation": member.person.handle})
    assert (open_choice.status_code, asked()) == (422, None)
    left = member_client.post(
        "/account/leave", data={"contents": "remove", "confirmation": f"@{member.person.handle}"}
    )
    assert (left.location, asked().contents, db.session.query(MemberSession).count()) == (
        "/login",
        "remove",
        0,
    )
    assert "Your account is being erased" in member_client.get("/login").text
    answer(asked().id)
    db.session.expunge_all()
    assert (db.session.get(Member, mine), asked().report["left"]) == (None, {})


@pytest.mark.settings(identity={"contents_of_leavers": "keep"})
def test_where_the_company_decides_nobody_is_asked(member_client, member):
    page = member_client.get("/account/leave").text
    assert (
        'name="contents"' in page,
        "So the company decided" in page or "so the company decided" in page,
    ) == (False, True)
    ask_erasure(actor=member, confirmation=member.person.handle, contents="remove")
    assert asked().contents == "keep"


def test_an_erasure_that_fails_undoes_all_and_begins_again(app, member, monkeypatch):
    ask_erasure(actor=member, confirmation=member.person.handle, contents="keep")
    db.session.commit()
    request = asked()
    with monkeypatch.context() as broken:
        broken.setattr(runtime().media, "delete", lambda _keys: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            answer(request.id)
    db.session.rollback()
    assert (asked().done_at, asked().person.display_name) == (None, "Former colleague")
    answer(request.id)
    assert asked().done_at is not None


def test_nobody_is_forgotten_by_mistake(app, member):
    with pytest.raises(Invalid, match="Please type ada.member"):
        ask_erasure(actor=member, confirmation="", contents="keep")
