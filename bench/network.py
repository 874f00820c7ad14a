"""What joins the machines of a site that are all here: network namespaces with links to cut, or loopback.

Namespaces need root and iproute2. Addresses are those that are set apart for measuring (RFC 2544).
"""

import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import sample

from parvis.testing.services import Missing, find

PEOPLE, DATABASE = "p", "d"
"""The two networks of each machine."""
SCRIPT = Path(__file__).with_name("network.sh")
LOOPBACK = "127.0.0.1"
REMEDY = "to enable: run as root on Linux, after: apt-get install --no-install-recommends iproute2"
PATIENCE = 30.0


@dataclass(frozen=True)
class Network:
    """Joins machines, which are numbered from 1, and what they share."""

    name: str = ""
    """What the names of all namespaces and links begin with; empty on loopback."""
    number: int = 0
    lacking: str = ""
    """Why it is loopback."""

    @property
    def host(self) -> str:
        """Where directory and bucket are found."""
        return f"198.18.{self.number}.1" if self.name else LOOPBACK

    @property
    def database(self) -> str:
        """Where PostgreSQL is found."""
        return f"198.19.{self.number}.1" if self.name else LOOPBACK

    @property
    def trusted(self) -> tuple[str, ...]:
        """The networks from which the database is asked."""
        return (f"198.19.{self.number}.0/24",) if self.name else ()

    def address(self, machine: int) -> str:
        """Return where a machine is found."""
        return f"198.18.{self.number}.{10 + machine}" if self.name else LOOPBACK

    def at(self, machine: int, command: list[str]) -> list[str]:
        """Return the command that runs a command on a machine, in the same process."""
        return (
            [str(find("ip")), "netns", "exec", f"{self.name}-{machine}", *command] if self.name else command
        )

    def cut(self, machine: int, *links: str) -> None:
        """Pull the cables of a machine, or those of the networks that are named."""
        self._set(machine, links, "down")

    def join(self, machine: int, *links: str) -> None:
        """Put the cables back."""
        self._set(machine, links, "up")

    def _set(self, machine: int, links: tuple[str, ...], state: str) -> None:
        for link in links or (PEOPLE, DATABASE):
            command = [find("ip"), "link", "set", "dev", f"{self.name}-{link}{machine}", state]
            subprocess.run(command, check=True, capture_output=True)


@contextmanager
def namespaces(machines: int) -> Iterator[Network]:
    """Put each machine into a network namespace until the block ends, or raise `Missing`."""
    program = find("ip")
    if os.geteuid() != 0:
        raise Missing(f"network namespaces are for root alone; {REMEDY}")
    name, number = f"parvis{secrets.token_hex(3)[:5]}", _free_number(program)
    environment = {**os.environ, "PATH": f"{program.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    keeper = subprocess.Popen(
        ["sh", SCRIPT, name, str(machines), str(number)], env=environment, start_new_session=True, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert keeper.stdout is not None
        made, said = keeper.stdout.readline(), ""
        if made:
            yield Network(name, number)
    finally:
        _out, said = keeper.communicate(timeout=PATIENCE)
    if not made:
        raise Missing(f"network namespaces cannot be made: {said.strip()}; {REMEDY}")


def _free_number(program: Path) -> int:
    """Return a number whose networks nobody here uses."""
    told = subprocess.run([program, "-4", "-o", "address"], capture_output=True, text=True, check=True).stdout
    return next(
        number for number in sample(range(256), 256)
        if f" 198.18.{number}." not in told and f" 198.19.{number}." not in told
    )  # fmt: skip


@contextmanager
def network(machines: int) -> Iterator[Network]:
    """Put each machine into a namespace where that can be, else all on loopback."""
    with ExitStack() as stack:
        try:
            joined = stack.enter_context(namespaces(machines))
        except Missing as missing:
            joined = Network(lacking=str(missing))
        yield joined
