"""`make demo`: a whole company on one machine, with a directory of its own that speaks real LDAP.

Everything lies in one folder, `.demo`; the directory holds the same people at every start, so that only the
first one has to read them and to fill some life in.
"""

import argparse
import json
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from parvis.cli.address import check_address
from parvis.cli.context import Trouble
from parvis.testing.company import Company, company
from parvis.testing.directory import DirectoryServer, Entry, can_create_certificates, create_certificates
from parvis.testing.portrait import portrait

SIZE = 420
DIRECTORY_PORT = 3890
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}
FOUNDED = "20260105080000Z"
CONFIG, COMPLETE = "parvis.toml", "complete"
START_SECONDS = 60
STOP_SECONDS = 30
CERTIFICATE_DAYS = 300


def main() -> None:
    """Start the demo, and stop all of it on Ctrl-C."""
    parser = argparse.ArgumentParser(prog="make demo", description="Start a demonstration of Parvis.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, choices=range(1, 65536), metavar="PORT", default=8000)
    parser.add_argument("--folder", type=Path, default=Path(".demo"))
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        run(options.folder.absolute(), options.host, options.port)
    except Trouble as trouble:
        sys.exit(f"demo: {trouble.args[0]}")
    except KeyboardInterrupt:
        say("\nThe demo has stopped. Nothing of it is running; what you did is kept for the next start.")


def run(folder: Path, host: str, port: int) -> None:
    """Prepare what is not there yet, and serve until interrupted."""
    started = time.monotonic()
    check_address(host, port, remedy=f"make demo PORT={port + 1}")
    folder.mkdir(exist_ok=True)
    known = company(SIZE, photos=False)
    with ExitStack() as stack:
        say(f"Starting the directory of {known.name}, {SIZE} people ...")
        directory = stack.enter_context(start_directory(known, folder))
        write_config(folder, known, directory, host, port)
        if not (folder / COMPLETE).exists():
            first_start(folder, known)
        else:  # its tables may be of an earlier version
            upgrade(folder)
        say("Starting the web server and the worker ...")
        server = stack.enter_context(serving(folder))
        address = address_of(host, port)
        wait_for(f"{address}/healthz", server)
        say(hints(known, address, time.monotonic() - started))
        server.wait()
    raise Trouble("the web server has stopped by itself; what it said stands above")


def say(words: str) -> None:
    """Tell at once, also into a pipe."""
    print(words, flush=True)


def start_directory(known: Company, folder: Path) -> DirectoryServer:
    """Start the directory, encrypted where `openssl` can make a certificate."""
    tls = None
    if can_create_certificates():
        certificate = folder / "tls" / "server.pem"
        if not certificate.exists() or time.time() - certificate.stat().st_mtime > CERTIFICATE_DAYS * 86400:
            create_certificates(folder / "tls")
        tls = (certificate, certificate.with_suffix(".key"))
    directory = DirectoryServer(entries(known), base_dn=known.base_dn, port=DIRECTORY_PORT, tls=tls)
    try:
        directory.start()
    except OSError:  # another demo has it
        directory = DirectoryServer(entries(known), base_dn=known.base_dn, tls=tls)
        directory.start()
    return directory


def entries(known: Company) -> Iterator[Entry]:
    """Give the directory as it was founded, with some photos."""
    shown = [p for p in known.people if p.has_photo and p is not known.newcomer][::3]
    faces = {person.username: portrait(person.username, 200, look=person.look) for person in shown}
    for entry in known.entries():
        yield entry.but(
            {
                "createTimestamp": FOUNDED,
                "modifyTimestamp": FOUNDED,
                "jpegPhoto": faces.get(entry.text("uid")),
            }
        )


def write_config(folder: Path, known: Company, directory: DirectoryServer, host: str, port: int) -> None:
    """Write the configuration for this start; the secret is that of the first one."""
    secret = folder / "secret_key"
    if not secret.exists():
        secret.write_text(secrets.token_urlsafe(48))
    tables: dict[str, dict[str, Any]] = {
        "site": {"name": f"Parvis · {known.name}", "url": address_of(host, port)},
        "server": {
            "secret_key_file": "secret_key",
            "host": host,
            "port": port,
            "allowed_hosts": names_of(host),
        },
        "directory": {
            "servers": [directory.url],
            "start_tls": bool(directory.tls),
            "ca_file": "tls/authority.pem" if directory.tls else "",
            "bind_dn": known.service_dn,
            "bind_password": known.service_password,
            "base_dn": known.people_dn,
            "sign_in_group": known.members_dn,
            "administrators_group": known.administrators_dn,
            "photo": True,
        },
        "log": {"level": "warning", "format": "text"},
        "plugins": {"enabled": sorted(point.name for point in entry_points(group="parvis.plugins"))},
    }
    lines = [f"[{name}]\n{_toml(values)}" for name, values in tables.items()]
    (folder / CONFIG).write_text("\n".join(lines), encoding="utf-8")


def _toml(values: dict[str, Any]) -> str:
    """Write a table: what stands in these is written in TOML as in JSON."""
    return "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())


def address_of(host: str, port: int) -> str:
    """Return where a browser on this machine finds the site."""
    return f"http://{EVERYWHERE.get(host, bracketed(host))}:{port}"


def bracketed(host: str) -> str:
    """Write an address as it stands in a URL."""
    return f"[{host}]" if ":" in host else host


def names_of(host: str) -> list[str]:
    """Name what people may type to come here: this machine, and where it is reached from outside if it is."""
    names = {"localhost", "127.0.0.1", bracketed(host)} - set(EVERYWHERE)
    if host in EVERYWHERE:
        names.add(socket.gethostname().lower())
        with suppress(OSError):
            names |= {str(found[4][0]) for found in socket.getaddrinfo(socket.gethostname(), None)}
        with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward:
            outward.connect(("192.0.2.1", 9))  # nothing is sent: it only asks which address would be used
            names.add(outward.getsockname()[0])
    return sorted(name for name in names if name.isascii() and "%" not in name)


def first_start(folder: Path, known: Company) -> None:
    """Fill the site anew: what an interrupted start left over goes first."""
    from parvis.testing.life import settle  # noqa: PLC0415 - heavy, and wanted only once

    for left_over in (*folder.glob("*.db*"), folder / "media"):
        shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink(missing_ok=True)
    say("Reading everybody, and letting some of them join and show themselves; this takes a moment, once ...")
    settle(folder / CONFIG, known)
    (folder / COMPLETE).touch()


def upgrade(folder: Path) -> None:
    """Bring the tables of an earlier start up to date."""
    done = subprocess.run([*command(folder), "db", "upgrade"], stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Trouble("its tables could not be brought up to date (make demo-reset begins afresh)")


def command(folder: Path) -> list[str]:
    """Return how `parvis` is called for the demo."""
    return [sys.executable, "-m", "parvis.cli", "--config", str(folder / CONFIG)]


@contextmanager
def serving(folder: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the web processes and the worker, and leave none of them behind."""
    server = subprocess.Popen([*command(folder), "serve", "--with-worker"])
    try:
        yield server
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()


def wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    """Wait until the site answers."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise Trouble("the web server did not start; what it said stands above")
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.1)
    raise Trouble(f"the web server does not answer at {url}")


def hints(known: Company, address: str, seconds: float) -> str:
    """Say who can sign in, and what to try."""
    newcomer, owner, manager = known.newcomer, known.group_owner, known.community_manager
    administrator, chief = known.administrator, known.chief_executive
    return f"""
Parvis is at {address}   (ready after {seconds:.1f} s)

{newcomer.name}, a new employee who has never signed in:
Sign in: {newcomer.username} / {newcomer.password}
{owner.name}, who leads a team:
Sign in: {owner.username} / {owner.password}
{manager.name}, the community manager:
Sign in: {manager.username} / {manager.password}
Besides, {administrator.name} administers: {administrator.username} / {administrator.password}
and {chief.name} is the chief executive: {chief.username} / {chief.password}

What to try:
  - As {newcomer.given_name}: the first visit, with a photo and two lines about yourself.
  - Find people: type "helene", "muller" or "floch gael". Filter by site, by department, by letter.
  - See {manager.name}'s photos, and who reports to {known.chief_executive.name}.
  - Complete your profile with several photos, and decide what others see of it.
  - Change the language and the dark theme in your account; open the site on a phone.
{plugin_hints(known)}Ctrl-C stops everything. make demo-reset forgets it all.
"""


def plugin_hints(known: Company) -> str:
    """Return what plugins say may be tried: their `HINTS`, beside what they show (`parvis.testing.life`)."""
    modules = [import_module(point.module) for point in entry_points(group="parvis.demo")]
    lines = [line for module in modules for line in getattr(module, "HINTS", ())]
    return "".join(f"  - {line.format(company=known)}\n" for line in lines)


if __name__ == "__main__":
    main()
