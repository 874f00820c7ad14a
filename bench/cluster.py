"""A site on several machines, all of them here: `python -m bench.cluster` starts it, and stops with Ctrl-C.

Each machine has a folder of its own, `parvis serve` with one web process, and `parvis worker`, in a network
namespace of its own where that can be (`network.py`); they share PostgreSQL and an S3 bucket (moto's server).
Before them stands HAProxy, which asks `/readyz` and sends a request elsewhere when a machine does not take
it. OpenLDAP has the people. There is no Redis: nothing that they share lives in memory; sessions, limits,
jobs and events are in the database.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from parvis.testing import services
from sqlalchemy.engine import make_url

from bench.network import Network, network
from bench.site import POSTGRESQL, Server, Site, Staff, program, serving, staff

PROXY = """
global
    log stderr format raw daemon notice
    maxconn 2000
defaults
    mode http
    timeout connect 1s
    timeout client 60s
    timeout server 60s
    timeout queue 10s
    timeout check 2s
    option redispatch 1
    retries 3
    retry-on conn-failure empty-response response-timeout 503
frontend site
    bind 127.0.0.1:{port}
    option forwardfor
    default_backend machines
backend machines
    balance roundrobin
    # What changes something is never sent twice: a machine may have done it before it died.
    http-request disable-l7-retry unless {{ method GET HEAD }}
    option httpchk GET /readyz
    http-check expect status 200
    default-server check inter 500ms fall 2 rise 1
    # A machine that is cut off says nothing, not even that it is: so long (and tcp-ut) is it waited for.
    option srvtcpka
    srvtcpka-idle 1s
    srvtcpka-intvl 1s
    srvtcpka-cnt 2
{machines}
"""
BUCKET = "files"
PATIENCE = 60.0


@dataclass
class Machine:
    """One machine: its site (folder and configuration), and the web processes that answer there."""

    number: int
    site: Site
    network: Network
    stack: ExitStack = field(default_factory=ExitStack)
    server: Server | None = None

    def start(self) -> None:
        """Start what runs on it."""
        port = self.server.port if self.server else services.free_port()
        host = self.network.address(self.number)
        command = self.at("serve", "--host", host, "--port", str(port))
        # Not awaited by a page of its own name: the proxy asks, and so does whoever waits for the site.
        self.server = self.stack.enter_context(
            serving(command, port, "/healthz", self.site.environment, self.site.folder, host)
        )
        worker = self.at("worker")
        self.stack.enter_context(program(worker, self.site.folder / "worker.log", self.site.environment))

    def at(self, *arguments: str) -> list[str]:
        """Return the command of `parvis` with arguments, on this machine."""
        return self.network.at(self.number, self.site.command(*arguments))

    def kill_web(self) -> None:
        """Kill the web processes at once, as losing power would; the worker goes on."""
        assert self.server is not None
        os.killpg(self.server.pid, signal.SIGKILL)


@dataclass(frozen=True)
class Cluster:
    """Several machines, and the port at which all of them are one site."""

    port: int
    machines: Sequence[Machine]
    database: str
    joined: Network
    log: Path
    """What the balancer says."""


@contextmanager
def cluster(
    everyone: Staff,
    folder: Path,
    joined: Network,
    *,
    machines: int = 2,
    fill: Callable[[str], object] = str,
) -> Iterator[Cluster]:
    """Run a site on so many machines until the block ends; its people are synchronised, its tables made.

    Args:
        joined: what the machines are joined by; the directory is to be found there.
        fill: puts more into the database of a URL, before anything of the site runs.
    """
    with ExitStack() as stack:
        url = stack.enter_context(_database(joined))
        media = stack.enter_context(_bucket(folder, joined.host))
        plan = Site("postgresql", url, folder, everyone, media=media)
        members = [
            Machine(number, replace(plan, folder=folder / name, worker_name=name), joined)
            for number in range(1, machines + 1)
            for name in (f"machine-{number}",)
        ]
        for machine in members:
            machine.site.folder.mkdir()
        members[0].site.run("db", "upgrade")
        members[0].site.run("directory", "sync", "--full")
        fill(url)
        for machine in members:
            stack.callback(machine.stack.close)
            machine.start()
        port = services.free_port()
        servers = [machine.server for machine in members if machine.server is not None]
        lines = (
            f"    server machine-{n} {each.host}:{each.port} tcp-ut 2s" for n, each in enumerate(servers, 1)
        )
        (folder / "haproxy.cfg").write_text(PROXY.format(port=port, machines="\n".join(lines)), "utf-8")
        command = [str(services.find("haproxy")), "-db", "-f", str(folder / "haproxy.cfg")]
        log = folder / "haproxy.log"
        stack.enter_context(program(command, log, dict(os.environ)))
        _wait(f"http://127.0.0.1:{port}/readyz")
        yield Cluster(port, members, url, joined, log)


@contextmanager
def _database(joined: Network) -> Iterator[str]:
    """Run PostgreSQL with an empty database; give its URL for the machines, which is good here too."""
    settings = {**POSTGRESQL, "listen_addresses": ",".join(sorted({"127.0.0.1", joined.database}))}
    with services.postgresql(settings, in_memory=False, trusted=joined.trusted) as server:
        url = make_url(services.create_database(server))
        yield url.set(host=joined.database).render_as_string(hide_password=False)


@contextmanager
def _bucket(folder: Path, host: str) -> Iterator[dict[str, object]]:
    """Run an S3 service with an empty bucket; give the settings of media."""
    port = services.free_port()
    endpoint = f"http://{host}:{port}"
    command = [str(services.find("moto_server")), "-H", host, "-p", str(port)]
    with program(command, folder / "bucket.log", dict(os.environ)):
        _wait(endpoint)
        key = "AWS4-HMAC-SHA256 Credential=parvis/20260101/us-east-1/s3/aws4_request"
        asked = urllib.request.Request(f"{endpoint}/{BUCKET}", method="PUT", headers={"Authorization": key})
        urllib.request.urlopen(asked, timeout=10).close()
        yield {
            "url": f"s3://{BUCKET}/parvis",
            "endpoint": endpoint,
            "access_key": "parvis",
            "secret_key": "of tests alone",
        }


def _wait(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def main() -> int:
    """Run it until stopped."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    parser = argparse.ArgumentParser(prog="python -m bench.cluster", description=__doc__)
    parser.add_argument("--people", type=int, default=420)
    parser.add_argument("--machines", type=int, default=2)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parvis-cluster-")))
        joined = stack.enter_context(network(options.machines))
        everyone = stack.enter_context(staff(options.people, folder, joined.host))
        running = stack.enter_context(cluster(everyone, folder, joined, machines=options.machines))
        chief = everyone.company.chief_executive
        print(f"http://127.0.0.1:{running.port} is {options.machines} machines in {folder}")
        if joined.name:
            print(f"Each is a network namespace: {joined.name}-1 and so on. To cut a machine off:")
            print(f"  ip link set dev {joined.name}-p1 down  # its people; {joined.name}-d1 its database")
        else:
            print(f"All are on loopback: {joined.lacking}")
        print(f"Sign in as {chief.username} with {chief.password}; stop with Ctrl-C.", flush=True)
        while True:
            time.sleep(60)


if __name__ == "__main__":
    sys.exit(main())
