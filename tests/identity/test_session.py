"""Sessions live on the server: ending the row ends them, whatever a browser kept."""

from datetime import timedelta

import pytest
from parvis.db import db, utcnow
from parvis.identity.job import forget_old
from parvis.identity.models import MemberSession
from parvis.testing.plugin import browser
from sqlalchemy import select, update


def works(client):
    return client.get("/account").status_code == 200


def test_a_copied_cookie_is_worth_nothing_after_signing_out(app, member_client):
    copy = browser(app)
    copy.set_cookie("parvis", member_client.get_cookie("parvis").value)
    assert works(copy)
    member_client.post("/logout")
    assert (works(copy), works(member_client)) == (False, False)


def test_signing_out_asks_the_browser_to_forget_its_pages(member_client):
    assert member_client.post("/logout").headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize("cookie", ["s.", "s.wrong", "a.eyJ9.x", "x", "s.\x7f", "a." + "A" * 3000])
def test_a_made_up_cookie_is_nobody(client, cookie):
    client.set_cookie("parvis", cookie)
    assert client.get("/account").status_code == 303


def test_a_session_unused_too_long_has_ended(member_client):
    db.session.execute(update(MemberSession).values(seen_at=utcnow() - timedelta(hours=25)))
    db.session.commit()
    assert not works(member_client)


def test_a_session_has_an_end_in_any_case(member_client):
    db.session.execute(update(MemberSession).values(created_at=utcnow() - timedelta(days=15)))
    db.session.commit()
    assert not works(member_client)


def test_ended_sessions_are_forgotten(member_client, app):
    db.session.execute(update(MemberSession).values(created_at=utcnow() - timedelta(days=15)))
    db.session.commit()
    forget_old()
    assert db.session.scalars(select(MemberSession)).all() == []


def test_reading_notes_the_use_of_a_session_only_now_and_then(member_client, count_queries):
    works(member_client)
    with count_queries() as queries:
        works(member_client)
    assert [q for q in queries.statements if not q.startswith("SELECT")] == []
    db.session.execute(update(MemberSession).values(seen_at=utcnow() - timedelta(minutes=11)))
    db.session.commit()
    with count_queries() as queries:
        works(member_client)
    assert len([q for q in queries.statements if q.startswith("UPDATE member_session")]) == 1


def test_a_leaver_is_out_at_the_next_request(member, member_client):
    assert works(member_client)
    member.person.present = False
    db.session.commit()
    assert not works(member_client)


def test_one_sees_and_ends_ones_own_sessions(people, member):
    here, there = people.browser(member), people.browser(member)
    rows = db.session.scalars(select(MemberSession).order_by(MemberSession.id)).all()
    assert here.get("/account").text.count("/end") >= 2
    here.post(f"/account/sessions/{rows[1].id}/end")
    assert (works(here), works(there)) == (True, False)


def test_all_other_sessions_end_at_once(people, member):
    here, there, elsewhere = (people.browser(member) for _ in range(3))
    here.post("/account/sessions/end")
    assert [works(c) for c in (here, there, elsewhere)] == [True, False, False]


def test_nobody_ends_somebody_elses_session(people, member, other):
    mine, theirs = people.browser(member), people.browser(other)
    row = db.session.scalar(select(MemberSession).where(MemberSession.member_id == other.id))
    assert (mine.post(f"/account/sessions/{row.id}/end").status_code, works(theirs)) == (404, True)


def test_an_administrator_ends_anybodys_sessions(people, administrator, other):
    admin, theirs = people.browser(administrator), people.browser(other)
    assert admin.post(f"/administration/people/{other.person.handle}/sign-out").status_code == 303
    assert not works(theirs)


def test_a_member_ends_nobodys_sessions(member_client, other):
    assert member_client.post(f"/administration/people/{other.person.handle}/sign-out").status_code == 404


@pytest.mark.settings(site={"url": "https://parvis.example.com"})
def test_over_https_the_cookie_is_bound_to_the_host(app):
    client = browser(app)
    response = client.get("/login", base_url="https://parvis.example.com")
    cookie = response.headers["Set-Cookie"]
    assert [
        part
        for part in ("__Host-parvis=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/")
        if part not in cookie
    ] == []
    assert "Domain" not in cookie


def test_the_database_keeps_no_tokens(member_client):
    token = member_client.get_cookie("parvis").value.partition(".")[2]
    assert token not in str(db.session.execute(select(MemberSession)).all())
