"""The directory as the rest of Parvis uses it."""

import contextlib
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import structlog

from parvis.directory.entry import Decoder
from parvis.directory.ldap import probe, reading
from parvis.directory.ldap.connection import Deadline, Link
from parvis.directory.ldap.error import DirectoryUnavailable, IncompleteRead
from parvis.directory.ldap.group import read_members
from parvis.directory.ldap.pool import Pool
from parvis.directory.ldap.signin import SignedIn, check_input, sign_in
from parvis.directory.settings import DirectorySettings, plain_text_servers

THREADS = 4  # that sign people in
IN_FLIGHT = 32  # sign-ins at once, waiting ones included
OPEN_TIMEOUT = 10.0  # seconds to reach a server for anything but a sign-in

log = structlog.get_logger(__name__)


class Directory:
    """The company's directory, safe to share between threads. Nothing is opened before it is needed."""

    def __init__(self, settings: DirectorySettings) -> None:
        self._settings = settings
        self._decoder = Decoder(settings)
        self._pool = Pool(settings)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="sign-in")
        self._places = threading.BoundedSemaphore(IN_FLIGHT)
        self._trial = threading.Lock()
        for server in plain_text_servers(settings.servers, settings.start_tls):
            log.warning("directory_plain_text", server=server, danger="passwords travel unprotected")

    def authenticate(self, username: str, password: str) -> SignedIn:
        """Sign a person in, within `sign_in_timeout` seconds by the clock.

        The servers are talked to on threads of our own, so that the slowest name resolution or server never
        holds a thread that serves pages. Once all servers have failed, one sign-in at a time finds out
        whether they are back, and the others are told at once.

        Raises:
            Refused: see its `reason`; what the person reads does not depend on it, MUST_CHANGE_PASSWORD
                excepted.
            DirectoryUnavailable: nobody can tell just now.
        """
        name = check_input(username, password)
        if not self._pool.is_down:
            return self._judge(name, password)
        if not self._trial.acquire(blocking=False):
            raise DirectoryUnavailable("all servers have just failed")
        try:
            return self._judge(name, password)
        finally:
            self._trial.release()

    def read_all(self, *, photo: bool = False) -> Iterator[reading.Page]:
        """Read everybody, page by page; only an iteration that ends has told of everybody.

        Raises:
            IncompleteRead: while iterating; nothing may be concluded from who is missing.
        """
        with self._open() as link:
            yield from reading.read_all(link, self._settings, self._decoder, photo=photo)

    def read_changed(self, known: Mapping[str, str]) -> reading.Change | None:
        """Find who is new, modified or missing, given each known key's mark (`DirectoryEntry.modified`).

        `None` says that so much differs that it is better to read everybody.
        """
        with self._open() as link:
            return reading.read_change(link, self._settings, self._decoder, known)

    def read_photo(self, dn: str) -> bytes | None:
        """Read one person's photo as the directory has it: of any type, not to be trusted."""
        deadline = Deadline(OPEN_TIMEOUT)
        return self._pool.run(lambda link: reading.read_photo(link, self._decoder, dn), deadline)

    def read_group(self, group: str) -> frozenset[str]:
        """List the members of a group as normal DNs, those of groups within it included.

        Raises:
            IncompleteRead: nothing may be concluded from who is missing.
        """
        with self._open() as link:
            link.deadline = Deadline(reading.PAGE_TIMEOUT)
            return read_members(link, group)

    def probe(self) -> list[probe.Finding]:
        """Try each server for `parvis check`."""
        tried = (probe.try_server(self._pool, self._settings, url) for url in self._settings.servers)
        return [finding for findings in tried for finding in findings]

    def close(self) -> None:
        """Close every connection and let the threads end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._pool.close()

    def _judge(self, username: str, password: str) -> SignedIn:
        deadline = Deadline(self._settings.sign_in_timeout)
        if not self._places.acquire(blocking=False):
            raise DirectoryUnavailable("too many sign-ins at once")
        task = self._threads.submit(self._sign_in, username, password, deadline)
        task.add_done_callback(lambda _task: self._places.release())
        try:
            return task.result(timeout=self._settings.sign_in_timeout)
        except TimeoutError:
            task.cancel()
            raise DirectoryUnavailable("no complete answer in time") from None

    def _sign_in(self, username: str, password: str, deadline: Deadline) -> SignedIn:
        def work(link: Link) -> SignedIn:
            return sign_in(link, username, password, settings=self._settings, decoder=self._decoder)

        return self._pool.run(work, deadline)

    @contextlib.contextmanager
    def _open(self) -> Iterator[Link]:
        try:
            link = self._pool.open(Deadline(OPEN_TIMEOUT))
        except DirectoryUnavailable as error:
            raise IncompleteRead(str(error)) from error
        with link:
            yield link
