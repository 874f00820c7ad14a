"""What tests of faults share: groups, browsers that act at the same moment, and a site run for real."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Thread

import pytest
from parvis.api import db
from parvis.testing.plugin import make_config
from parvis.testing.services import free_port
from parvis_groups.domain.create import create_group
from parvis_groups.plugin import GroupsPlugin
from parvis_social.api import Role, add_member, set_role
from parvis_social.plugin import SocialPlugin

PACKAGES = Path(__file__).parent / "packages"
PATIENCE = 60
KEY = re.compile(r'name="form_key"[^>]*value="([^"]+)"')


@pytest.fixture
def make_group(app):
    """Return what opens a group with an owner, and members."""

    def make(name, owner, *members, owners=(), **said):
        group = create_group(name=name, purpose="To try things out", actor=owner, **said)
        for member in (*members, *owners):
            add_member(place=group.place, person_id=member.id, actor=member)
        for member in owners:
            set_role(place=group.place, person_id=member.id, role=Role.OWNER)
        db.session.commit()
        return group

    return make


@pytest.fixture
def browsers(people):
    """Return what lets browsers act at the same moment: `browsers((member, act), ...)`; gives the answers."""

    def run(*pairs):
        clients = [people.browser(member) for member, _act in pairs]
        db.session.commit()
        barrier, answers = Barrier(len(pairs)), [None] * len(pairs)

        def one(number, client, act):
            barrier.wait()
            answers[number] = act(client)

        threads = [
            Thread(target=one, args=(number, client, act))
            for number, (client, (_member, act)) in enumerate(zip(clients, pairs, strict=True))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        db.session.expire_all()
        return answers

    return run


def wait_until(condition):
    """Wait for something that a process does."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture
def until():
    """Return what waits for something that a process does."""
    return wait_until


class Site:
    """A site that is run, halted at a moment of one's choice, and killed."""

    def __init__(self, folder, database_url, packages):
        make_config(
            folder, database_url,
            {
                "server": {"workers": 1}, "database": {"timeout": 3},
                "plugins.social": {"posts_per_hour": 100_000},
            },
            {"social": SocialPlugin, "groups": GroupsPlugin},
        )  # fmt: skip
        path = folder / "parvis.toml"
        path.write_text(path.read_text().replace('"social", "groups"', '"social", "groups", "halt"'))
        self.folder, self.port = folder, free_port()
        places = os.pathsep.join([str(packages), str(PACKAGES), os.environ.get("PYTHONPATH", "")])
        self.environment = {**os.environ, "PYTHONPATH": places, "PARVIS_HALT": str(folder)}

    @contextmanager
    def running(self, *command):
        """Run a command of Parvis in a process group of its own; kill all of it at the end."""
        start = [sys.executable, "-m", "parvis.cli", "--config", str(self.folder / "parvis.toml"), *command]
        with (self.folder / "site.log").open("a") as log:
            process = subprocess.Popen(
                start, stdout=log, stderr=log, start_new_session=True, env=self.environment
            )
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)

    @contextmanager
    def serving(self):
        """Serve the pages."""
        with self.running("serve", "--port", str(self.port)) as process:
            wait_until(lambda: self.send("/healthz") == 200)
            yield process

    @property
    def log(self):
        return (self.folder / "site.log").read_text()

    def halt(self, table, moment):
        """Let the first process that inserts into a table stand still, `before` or `after` it commits."""
        (self.folder / "halted").unlink(missing_ok=True)
        (self.folder / "halt").write_text(f"{table} {moment}")

    def halted(self):
        """Wait until it stands still."""
        wait_until((self.folder / "halted").exists)

    def send(self, path, client=None, timeout=30, **data):
        """Ask for a page, or send a form; give the status of the answer, 0 where there is none."""
        headers = {}
        if client is not None:
            cookie = client.application.session_interface.cookie
            headers["Cookie"] = f"{cookie}={client.get_cookie(cookie).value}"
            data = {**data, "csrf_token": client.csrf} if data else data
        body = urllib.parse.urlencode(data).encode() if data else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, headers)
        try:
            with urllib.request.build_opener(Straight).open(request, timeout=timeout) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0


class Straight(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_arguments):
        return None


@pytest.fixture
def site(app, tmp_path, database_url):
    """Give a site on the database of the test, with the plugin that halts it."""
    installed = tmp_path / "installed" / "parvis_halt-1.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: parvis-halt\nVersion: 1\n")
    (installed / "entry_points.txt").write_text("[parvis.plugins]\nhalt = parvis_halt:HaltPlugin\n")
    return Site(tmp_path, database_url, installed.parent)
