"""The real site in a real Chromium: a company in a real directory, synchronised once for all of these tests.

Whatever is opened here is watched: a message on the console, a script that fails, a request to anywhere else,
each fails the test that brought it about.
"""

import io
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from babel.support import Translations
from flask import Flask
from parvis.application.factory import create_app
from parvis.db import db, utcnow, writing
from parvis.directory.models import Person as Found
from parvis.directory.synchronisation import synchronise
from parvis.events import follow
from parvis.i18n import CORE_TRANSLATIONS
from parvis.identity.models import Member
from parvis.jobs import followers
from parvis.manager import PluginManager
from parvis.profile.change import change_profile
from parvis.profile.photo import add_photo, prepare_photo
from parvis.profile.profile import Link, Period, Said
from parvis.runtime import runtime
from parvis.testing import services
from parvis.testing.company import Company, Person, company
from parvis.testing.directory import DirectoryServer
from parvis.testing.plugin import make_config, migrate
from parvis.testing.portrait import portrait
from PIL import Image
from playwright.sync_api import BrowserContext, Page, StorageState, expect
from sqlalchemy import select
from werkzeug.serving import make_server

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
STATUS = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")

expect.set_options(timeout=10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run these last: Playwright leaves an event loop in this thread, which others would take for theirs."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Launch the system's Chromium, and let it call nobody."""
    return {"executable_path": str(services.require("chromium")), "args": FLAGS}


# --- The site -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def known() -> Company:
    """Return the company, whose most used people can be called by their part in it."""
    return company(120, photos=False)


@dataclass
class Served:
    """A site that runs: where, the app itself, everybody's handle by user name, and the plugins' classes."""

    address: str
    app: Flask
    handles: dict[str, str]
    plugins: dict[str, Any]

    def member(self, person: Person) -> Member:
        """Return somebody of the company who has come, inside the app's context."""
        of = Found.username == person.username
        return db.session.scalars(select(Member).join(Member.person).where(of)).one()


Serve = Callable[..., AbstractContextManager[Served]]


@pytest.fixture(scope="session")
def serve(known: Company, tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Serve the real app, which has read the real directory: `with serve(groups=GroupsPlugin) as served`."""

    @contextmanager
    def serving(**plugins: Any) -> Iterator[Served]:
        services.require("chromium")
        folder, port = tmp_path_factory.mktemp("site"), services.free_port()
        address = f"http://127.0.0.1:{port}"
        with DirectoryServer(known.entries(), base_dn=known.base_dn) as directory:
            app = _app(folder, address, directory, known, plugins)
            with app.app_context(), writing():
                _settle(known)
                handles = {person.username: person.handle for person in db.session.scalars(select(Found))}
            server = make_server("127.0.0.1", port, app, threaded=True)
            thread = Thread(target=server.serve_forever, daemon=True)
            thread.start()
            yield Served(address, app, handles, plugins)
            server.shutdown()
            thread.join()
            server.server_close()
            with app.app_context():
                db.engine.dispose()
                runtime().directory.close()

    return serving


@pytest.fixture(scope="session")
def served(serve: Serve) -> Iterator[Served]:
    """Serve the core alone."""
    with serve() as served:
        yield served


@pytest.fixture(scope="session")
def site(served: Served) -> str:
    """Return the address of the site."""
    return served.address


@pytest.fixture(scope="session")
def page_of(served: Served) -> Callable[[Person], str]:
    """Find the path of a person's page."""
    return lambda person: f"/people/{served.handles[person.username]}"


@pytest.fixture(scope="session")
def others(known: Company) -> Iterator[Person]:
    """Give people who may sign in, and have not yet: `next(others)` for a test that wants one of its own."""
    called = {id(part) for part in vars(known).values()}
    return (p for p in known.people if id(p) not in called and p.may_sign_in and not p.disabled and p.mail)


@pytest.fixture
def words(served: Served) -> Callable[[str], Callable[[str], str]]:
    """Read the catalogues of core and the site's plugins: `say = words("fr")`, then `say("Sign in")`."""

    def of(locale: str) -> Callable[[str], str]:
        if locale == "en":
            return str
        found = Translations.load(str(CORE_TRANSLATIONS), [locale])
        for plugin in served.plugins.values():
            found.merge(Translations.load(str(plugin.translations()), [locale]))
        return found.gettext

    return of


@pytest.fixture
def deliver(served: Served) -> Callable[[], None]:
    """Tell people what has happened, as the worker does."""

    def lead() -> None:
        with served.app.app_context():
            while follow(followers()):
                pass

    return lead


@pytest.fixture(scope="session")
def join() -> Callable[[Person], Member]:
    """Let somebody have come and answered the questions, inside the app's context."""
    return _join


@pytest.fixture(scope="session")
def base_url(site: str) -> str:
    """Let pages be opened by their path; pytest-playwright's own fixture trips over pytest 9.2."""
    return site


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Leave the address to `visit`: a session has one of these, and several sites."""
    return {name: value for name, value in browser_context_args.items() if name != "base_url"}


def _app(
    folder: Path, address: str, directory: DirectoryServer, known: Company, plugins: dict[str, Any]
) -> Flask:
    tables: dict[str, dict[str, Any]] = {
        "site": {"url": address},
        "directory": {
            "servers": [directory.url],
            "start_tls": False,
            "bind_dn": known.service_dn,
            "bind_password": known.service_password,
            "base_dn": known.people_dn,
            "sign_in_group": known.members_dn,
            "administrators_group": known.administrators_dn,
        },
    }
    url = f"sqlite:///{folder / 'parvis.db'}"
    migrate(url, plugins)
    config = make_config(folder, url, tables, plugins)
    manager = PluginManager({name: partial(_given, plugin) for name, plugin in plugins.items()})
    manager.find(config.enabled)
    app = create_app(config, manager, safe_mode=False, overrides={"TESTING": True})
    with app.app_context():
        assert synchronise().ok
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    return app


def _given(plugin: Any) -> Any:
    return plugin


def _settle(known: Company) -> None:
    """Have the community manager say all there is to say, with photos, and some join who say nothing."""
    for silent in (known.chief_executive, known.group_owner, known.administrator):
        _join(silent)
    actor = _join(known.community_manager)
    change_profile(actor=actor, said=Said(
        headline="Je fais se rencontrer ceux qui ne se croisent jamais.",
        about="## Bonjour\n\nJe suis **Gaël**, [d'ici](https://example.org) :\n\n- pain\n- vent\n\n> Venez !",
        career=[Period("Animateur", "Ostrelune", "2021-03"), Period("Libraire", "Nantes", "2012", "2021")],
        interests=["Boulangerie", "Voile", "Chorale"],
        languages=("Français", "Brezhoneg", "English"),
        links=(Link("Mon site", "https://example.org/gael"),),
    ))  # fmt: skip
    for seed, words in (("gael", "Gaël, au bureau"), ("gael-2", ""), ("gael-3", "En mer")):
        prepared = prepare_photo(data=portrait(seed, 240), filename="photo.jpg", actor=actor)
        add_photo(actor=actor, prepared=prepared, alternative=words)
    db.session.commit()


def _join(person: Person) -> Member:
    member = Member(joined_at=utcnow(), steps_done=["core:preferences", "core:introduction"])
    member.person = db.session.scalars(select(Found).where(Found.username == person.username)).one()
    member.id = member.person.id
    db.session.add(member)
    db.session.commit()
    return member


# --- Who looks at it ----------------------------------------------------------------------------------------


@dataclass
class Watch:
    """What went wrong in any window; `statuses` are those that a test asks for."""

    host: str
    complaints: list[str] = field(default_factory=list)
    statuses: set[str] = field(default_factory=set)

    def over(self, context: BrowserContext) -> None:
        """Follow a browser and all its windows."""
        context.on("console", lambda message: self._said(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("request", lambda request: self._asked(request.url))

    def _said(self, kind: str, text: str) -> None:
        status = STATUS.match(text)
        if kind in ("error", "warning") and not (status and status[1] in self.statuses):
            self.complaints.append(f"{kind}: {text}")

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != self.host:
            self.complaints.append(f"request to elsewhere: {url}")


@pytest.fixture
def watch(site: str) -> Iterator[Watch]:
    """Watch every window of the test; at its end nothing may have gone wrong."""
    watch = Watch(urlsplit(site).netloc)
    yield watch
    assert watch.complaints == []


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """Keep the cookies of whoever has signed in, for the whole session."""
    return {}


Visit = Callable[..., Page]


@pytest.fixture
def visit(site: str, watch: Watch, new_context: Any, signed_in: dict[str, StorageState]) -> Visit:
    """Open a browser: `visit(person, screen="phone", locale="fr")`, signed in unless `person` is None.

    Its pages are opened by their path, of the site that the test is about: `base_url` is kept for a session.
    Who is `hurried` does not wait for the scripts of a page.
    """

    def open_browser(
        person: Person | None = None,
        *,
        screen: str = "desktop",
        locale: str = "en",
        hurried: bool = False,
        **more: Any,
    ) -> Page:
        context = new_context(
            base_url=site, locale=locale, reduced_motion="reduce", timezone_id="Europe/Paris",
            storage_state=signed_in.get(person.username) if person else None, **DEVICES[screen], **more,
        )  # fmt: skip
        context.set_default_timeout(10_000)
        watch.over(context)
        if person and person.username not in signed_in:
            _sign_in(context, person)
            signed_in[person.username] = context.storage_state()
        page: Page = context.new_page()
        if more.get("java_script_enabled", True) and not hurried:
            _wait_for_scripts(page)
        return page

    return open_browser


def _wait_for_scripts(page: Page) -> None:
    """Look at a page that came by a click, and act on it, when all its scripts have come, as after `goto`."""
    page.add_init_script("addEventListener('load', () => document.documentElement.dataset.loaded = '')")
    page.add_locator_handler(
        page.locator("html:not([data-loaded])"), lambda: page.wait_for_load_state(), no_wait_after=True
    )


def _sign_in(context: BrowserContext, person: Person) -> None:
    """Sign in over LDAP, without waiting for pages to be drawn."""
    token = CSRF.search(context.request.get("/login").text())
    assert token
    form = {"csrf_token": token[1], "username": person.username, "password": person.password}
    answer = context.request.post("/login", form=form, headers={"Referer": "/login"})
    assert not answer.url.endswith("/login"), answer.text()


# --- What every page must be --------------------------------------------------------------------------------

AXE = Axe().axe_script
WHOLE = {"resultTypes": ["violations"]}
CONTRAST = {**WHOLE, "runOnly": ["color-contrast"]}
WIDTHS = {"desktop": 1280, "phone": 390}


@pytest.fixture
def check(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Look at a page: it scrolls sideways on neither width; on this one axe finds nothing, light or dark.

    In the dark only the proofs look: their walks come to every page.
    """
    schemes = [("light", WHOLE)]
    if request.node.get_closest_marker("proof"):
        schemes.insert(0, ("dark", CONTRAST))

    def look(page: Page, screen: str) -> None:
        for width in sorted(WIDTHS.values(), key=WIDTHS[screen].__eq__):
            page.set_viewport_size({"width": width, "height": 844})
            wider = page.locator("html").evaluate("html => html.scrollWidth")
            assert wider == width, f"{page.url} is {wider} wide on a screen of {width}"
        page.mouse.move(0, 0)
        page.evaluate(AXE)
        for scheme, options in schemes:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found = AxeResults(page.evaluate("options => axe.run(document, options)", options))
            assert not found.violations_count, f"{page.url} {screen} {scheme}\n{found.generate_report()}"

    return look


@pytest.fixture
def cut_menus() -> Callable[[Page], list[str]]:
    """Open every menu of a page on phones and a tablet; give those that are not within the screen."""

    def look(page: Page) -> list[str]:
        cut = []
        for width in (360, 390, 768):
            page.set_viewport_size({"width": width, "height": 844})
            for menu in page.locator("details.pv-menu:visible").all():
                menu.evaluate("menu => menu.open = true")
                box = menu.locator(".pv-menu__panel").bounding_box()
                assert box is not None
                if box["x"] < 0 or box["x"] + box["width"] > width:
                    name = menu.locator("summary").inner_text()
                    cut.append(f"{name} at {width}: {box['x']} to {box['x'] + box['width']}")
                menu.evaluate("menu => menu.open = false")
        return cut

    return look


@pytest.fixture
def photo_file(tmp_path: Path) -> Callable[..., Path]:
    """Make a JPEG, wider than high, in which a face looks out of the middle."""

    def make(seed: str, width: int = 400, height: int = 300) -> Path:
        path, drawn = tmp_path / f"{seed}.jpg", Image.open(io.BytesIO(portrait(seed, 240)))
        drawn.resize((width, height)).save(path, quality=90)
        return path

    return make
