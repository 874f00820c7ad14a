"""Who sees which page of a group, and who may press what: everybody, in open, closed and secret groups."""

import pytest
from parvis.api import db
from parvis_groups.domain.invitation import invite
from parvis_groups.domain.membership import ban, join, leave, set_role
from parvis_groups.models import Ban, Group
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Membership, change_access, post
from parvis_social.plugin import SocialPlugin

pytestmark = pytest.mark.plugins(social=SocialPlugin, groups=GroupsPlugin)

BELONGING = ("member", "moderator", "owner")
OUTSIDE = ("stranger", "banned", "left", "administrator")
ALL = (*BELONGING, *OUTSIDE, "invited")

KNOWS = {"open": ALL, "closed": ALL, "secret": (*BELONGING, "invited")}
READS = {"open": ALL, "closed": BELONGING, "secret": BELONGING}
MANAGES = ("moderator", "owner")

PAGES = {
    "": "knows", "/about": "knows", "/similar": "knows", "/ask": "asks", "/members": "reads",
    "/files": "reads", "/files?show=files": "reads", "/members?q=a": "reads", "/leave": "reads",
    "/invite": "invites", "/requests": "manages", "/members/{person}/remove": "manages",
    "/members/{person}/ban": "manages", "/members/{person}/hand-over": "owns", "/ban": "bans",
    "/settings": "owns", "/settings/access?access={other}": "owns",
    "/archive": "owns", "/merge": "owns", "/merge?q=tea": "owns", "/merge?into=tea": "owns",
}  # fmt: skip


def status(kind, who, access):
    """Tell what a page answers."""
    if who not in KNOWS[access]:
        return 404
    reads = who in READS[access]
    allowed = {
        "knows": True, "asks": True, "reads": reads, "invites": reads, "manages": who in MANAGES,
        "owns": who == "owner",
    }  # fmt: skip
    if kind == "bans":
        return 303 if who in MANAGES else 404
    if not allowed[kind]:
        return 404
    if kind == "asks" and reads:
        return 303
    if kind == "invites":
        return 200 if who in MANAGES or (access == "open" and who in BELONGING) else 403
    return 200


@pytest.fixture
def everybody(make_group, people):
    """Return what makes a group of some access with everybody in and around it, and a browser for each."""

    def make(access):
        persons = {
            who: people.member(f"{who.title()} Person", administrator=who == "administrator") for who in ALL
        }
        owner = persons["owner"]
        group = make_group("Tea", owner, persons["member"], persons["moderator"])
        make_group("Tea", owner)
        for who in ("banned", "left"):
            join(group=group, actor=persons[who])
        set_role(group=group, person_id=persons["moderator"].id, role="moderator", actor=owner)
        ban(group=group, person_id=persons["banned"].id, reason="Noise", actor=owner)
        leave(group=group, actor=persons["left"])
        change_access(place=group.place, access=access, actor=owner)
        invite(group=group, people=[persons["invited"].id], message="", actor=owner)
        post(place=group.place, text="What was said inside", actor=owner)
        db.session.commit()
        return group, persons, {who: people.browser(person) for who, person in persons.items()}

    return make


@pytest.mark.parametrize("access", ["open", "closed", "secret"])
def test_each_page_answers_everybody_as_they_stand_to_the_group(everybody, client, access):
    group, persons, browsers = everybody(access)
    given = {"person": persons["member"].id, "other": "closed" if access == "open" else "open"}
    paths = {
        path: f"/groups/{group.place.slug}{path.format(**given)}".replace("=tea", "=tea-2") for path in PAGES
    }
    found = {(path, who): browsers[who].get(paths[path]).status_code for path in PAGES for who in ALL}
    assert found == {(path, who): status(kind, who, access) for path, kind in PAGES.items() for who in ALL}
    signed_out = {path: client.get(paths[path]) for path in PAGES}
    assert {answer.status_code for answer in signed_out.values()} == {303}
    assert {answer.location.partition("?")[0] for answer in signed_out.values()} == {"/login"}


@pytest.mark.parametrize("access", ["closed", "secret"])
def test_nothing_of_the_inside_shows_to_who_does_not_read_it(everybody, access):
    group, _persons, browsers = everybody(access)
    inside = f"/groups/{group.place.slug}"
    outside = [who for who in ALL if who not in BELONGING]
    paths = [
        inside,
        f"{inside}/about",
        "/groups?tab=active",
        "/groups?tab=suggested",
        "/groups?q=said",
        "/",
        "/feed",
    ]
    assert [
        (who, path) for who in outside for path in paths if "What was said" in browsers[who].get(path).text
    ] == []
    assert "What was said" in browsers["member"].get(inside).text


POSTS = {
    "/members/{person}/role": ("owner",), "/members/{person}/remove": MANAGES,
    "/members/{person}/ban": MANAGES,
    "/members/{banned}/unban": MANAGES, "/requests/{person}": MANAGES, "/settings": ("owner",),
    "/settings/rules": ("owner",), "/settings/picture": ("owner",), "/settings/access": ("owner",),
    "/archive": ("owner",), "/merge": ("owner",), "/merges/1": ("owner",),
    "/invitations/{invited}/take-back": MANAGES,
}  # fmt: skip


@pytest.mark.parametrize("access", ["open", "closed", "secret"])
def test_who_may_not_press_changes_nothing(everybody, access):
    group, persons, browsers = everybody(access)
    given = {who: person.id for who, person in persons.items()} | {"person": persons["member"].id}
    sent = {
        "role": "owner", "reason": "Because", "accept": "1", "name": "Mine", "purpose": "Mine",
        "posting": "readers",
        "level": "all", "remove": "1", "access": "open" if access != "open" else "closed", "into": "tea-2",
    }  # fmt: skip
    before = shape(group.place_id)
    answers = {}
    for path, allowed in POSTS.items():
        for who in ALL:
            if who not in allowed:
                address = f"/groups/{group.place.slug}{path.format(**given)}"
                answers[path, who] = browsers[who].post(address, data=sent).status_code
    assert set(answers.values()) <= {403, 404}
    assert {who for (_path, who), code in answers.items() if code == 403} <= set(KNOWS[access])
    assert shape(group.place_id) == before


def shape(place_id):
    """Return all that a press could change."""
    db.session.expire_all()
    group = db.session.get_one(Group, place_id)
    roles = dict(
        db.session.execute(
            db.select(Membership.person_id, Membership.role).where(Membership.place_id == place_id)
        ).all()
    )
    bans = db.session.scalars(db.select(Ban.person_id).where(Ban.place_id == place_id)).all()
    place = group.place
    said = (
        place.name,
        group.purpose,
        place.access,
        place.posting,
        place.level,
        place.archived_at,
        place.moved_to_id,
    )
    return roles, bans, said


JOINING = {
    "open": {"stranger": 303, "banned": 403, "left": 303, "administrator": 303, "invited": 303},
    "closed": {"stranger": 403, "banned": 403, "left": 403, "administrator": 403, "invited": 303},
    "secret": {"stranger": 404, "banned": 404, "left": 404, "administrator": 404, "invited": 303},
}


@pytest.mark.parametrize("access", ["open", "closed", "secret"])
def test_joining_is_for_whom_the_group_is_open_to(everybody, access):
    group, _persons, browsers = everybody(access)
    address = f"/groups/{group.place.slug}/join"
    assert {who: browsers[who].post(address).status_code for who in JOINING[access]} == JOINING[access]


def test_every_form_of_groups_asks_for_its_token(everybody, app):
    group, persons, browsers = everybody("open")
    values = {
        "slug": group.place.slug,
        "person_id": persons["member"].id,
        "merge_id": 1,
        "proposal_id": 1,
        "group_id": group.place_id,
    }
    answers = {}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint.startswith("groups.") and "POST" in rule.methods:
                _domain, path = rule.build({name: values[name] for name in rule.arguments})
                answers[rule.endpoint] = browsers["owner"].post(path, csrf=False).status_code
    assert set(answers.values()) == {400}
    assert len(answers) >= 20


def test_every_page_of_a_group_is_in_the_table(app):
    known = {
        f"/groups/<slug>{path.partition('?')[0].replace('{person}', '<int:person_id>')}" for path in PAGES
    }
    rules = {
        rule.rule for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("groups.") and "GET" in rule.methods and "slug" in rule.arguments
    }  # fmt: skip
    assert rules - known == {"/groups/<slug>/picture/<int:size>"}


def test_a_secret_group_is_named_nowhere_to_others(make_group, people, member, other, administrator):
    secret = make_group(
        "Zanzibar photo", member, other, access="secret", purpose="Zanzibar", tags=["zanzibar"]
    )
    post(place=secret.place, text=f"Zanzibar! @{administrator.person.handle} #zanzibar", actor=member)
    db.session.commit()
    owner_page = f"/people/{member.person.handle}"
    paths = [
        "/", "/feed", "/groups", "/groups?tab=active", "/groups?tab=new", "/groups?tab=suggested",
        "/groups/new",
        "/groups?tag=photo", "/groups?q=photo", "/groups?theme=work", "/groups/ownerless", owner_page,
        f"{owner_page}/wall?all=1", "/notifications", "/bookmarks", "/following", "/tags/photo", "/people",
    ]  # fmt: skip
    for viewer in (people.member("Some Stranger"), administrator):
        browser = people.browser(viewer)
        assert [path for path in paths if "Zanzibar" in browser.get(path).text] == []
        similar = browser.get("/groups/similar?name=Zanzibar+photo").text
        assert 'class="gr-row"' not in similar
    made = browser.post("/groups/new", data={"name": "Zanzibar photo", "purpose": "Ours"})
    assert made.location == "/groups/zanzibar-photo/invite"


def test_the_picture_of_a_secret_group_is_for_its_members(make_group, people, member, other, picture):
    secret = make_group("Hidden", member, access="secret")
    owner = people.browser(member)
    sent = {"picture": (picture(), "us.jpg")}
    address = f"/groups/{secret.place.slug}"
    assert (
        owner.post(f"{address}/settings/picture", data=sent, content_type="multipart/form-data").status_code
        == 303
    )
    answer = owner.get(f"{address}/picture/96")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"][:7]) == (
        200,
        "image/jpeg",
        "private",
    )
    assert people.browser(other).get(f"{address}/picture/96").status_code == 404
    assert owner.get(f"{address}/picture/97").status_code == 404
