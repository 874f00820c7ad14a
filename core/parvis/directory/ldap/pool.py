"""The directory's servers and the service account's connections to them, shared by threads."""

import ssl
import threading
import time
from collections.abc import Callable
from functools import cached_property
from typing import TypeVar

import structlog

from parvis.directory.ldap.connection import Deadline, Link
from parvis.directory.ldap.error import DirectoryUnavailable, ServiceRefused
from parvis.directory.settings import DirectorySettings

T = TypeVar("T")

KEPT = 4  # idle connections per server
KEPT_FOR = 60.0  # seconds; beyond, a firewall may have forgotten the connection without a word
SHUNNED_FOR = 30.0  # seconds that a server which failed waits behind the others

log = structlog.get_logger(__name__)


class Pool:
    """Chooses a server and keeps a few service connections.

    ldap3's pools are not used: with all servers down they loop for ever, and the reusable one is not safe
    between threads.
    """

    def __init__(self, settings: DirectorySettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._kept: dict[str, list[Link]] = {url: [] for url in settings.servers}
        self._failed: dict[str, float] = {}
        self._closed = False

    def run(self, work: Callable[[Link], T], deadline: Deadline) -> T:
        """Do some work on a service connection; where a server fails, do it again on the next.

        Raises:
            DirectoryUnavailable: no server could do it in time.
        """
        problems = []
        servers = self._in_order()
        for position, url in enumerate(servers):
            try:
                return self._run_on(url, work, deadline.share(len(servers) - position))
            except (DirectoryUnavailable, TimeoutError) as error:
                problems.append(str(error))
                self._shun(url, error)
        raise DirectoryUnavailable("; ".join(problems) or "no server is configured")

    def open(self, deadline: Deadline) -> Link:
        """Open a service connection of one's own, on the first server that answers."""
        return self.run(lambda link: self.connect(link.url, link.deadline), deadline)

    def connect(self, url: str, deadline: Deadline) -> Link:
        """Open a connection to one server as the service account.

        Raises:
            ServiceRefused: the server does not know the account.
        """
        account = self._settings
        link = Link(url, tls=self._tls, start_tls=account.start_tls, deadline=deadline)
        if account.bind_dn:
            answer = link.bind(account.bind_dn, account.bind_password)
        else:
            answer = link.bind_as_nobody()
        if answer.code:
            link.close()
            raise ServiceRefused(f"{url}: service account refused: {answer}")
        return link

    @property
    def is_down(self) -> bool:
        """Tell whether every server has failed of late."""
        return len(self._shunned()) == len(self._kept)

    def close(self) -> None:
        """Close what is kept, and keep nothing more."""
        self._closed = True
        for url in self._kept:
            self._forget(url)

    def _run_on(self, url: str, work: Callable[[Link], T], deadline: Deadline) -> T:
        if kept := self._take(url):
            try:
                kept.deadline = deadline.share(2)  # it may be half-open: leave time for a fresh one
                return self._used(kept, work)
            except DirectoryUnavailable:
                self._forget(url)
        return self._used(self.connect(url, deadline), work)

    def _used(self, link: Link, work: Callable[[Link], T]) -> T:
        try:
            return work(link)
        finally:
            self._give(link)

    def _take(self, url: str) -> Link | None:
        while True:
            with self._lock:
                if not self._kept[url]:
                    return None
                link = self._kept[url].pop()
            if link.is_healthy() and time.monotonic() - link.used < KEPT_FOR:
                return link
            link.close()

    def _give(self, link: Link) -> None:
        link.used = time.monotonic()
        with self._lock:
            if not self._closed and len(self._kept[link.url]) < KEPT and link.is_healthy():
                self._kept[link.url].append(link)
                self._failed.pop(link.url, None)
                return
        link.close()

    def _forget(self, url: str) -> None:
        with self._lock:
            links, self._kept[url] = self._kept[url], []
        for link in links:
            link.close()

    def _shun(self, url: str, error: Exception) -> None:
        log.warning("directory_server_failed", server=url, error=str(error))
        with self._lock:
            self._failed[url] = time.monotonic()
        self._forget(url)

    def _shunned(self) -> set[str]:
        now = time.monotonic()
        with self._lock:
            return {url for url, since in self._failed.items() if now - since < SHUNNED_FOR}

    def _in_order(self) -> list[str]:
        shunned = self._shunned()
        return sorted(self._kept, key=lambda url: url in shunned)

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Verify certificate and host name, as ldap3 alone would not. Made once: it reads many files."""
        try:
            return ssl.create_default_context(cafile=self._settings.ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise DirectoryUnavailable(f"ca_file {self._settings.ca_file}: {error}") from error
