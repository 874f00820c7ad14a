"""A browser reduced to what a measurement needs: one kept connection, cookies, and forms."""

import http.client
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import urlencode

TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


@dataclass(frozen=True)
class Answer:
    """One answer and how many seconds it took."""

    status: int
    body: bytes
    seconds: float
    location: str = ""


class Browser:
    """Speaks to one server over one connection that stays open, as if it were here."""

    def __init__(self, port: int, cookies: Mapping[str, str] | None = None, host: str = "127.0.0.1") -> None:
        self.connection = http.client.HTTPConnection(host, port, timeout=60)
        self.cookies = dict(cookies or {})
        self._token: str | None = None

    def __enter__(self) -> "Browser":
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.connection.close()

    def get(self, path: str, *, fragment: bool = False) -> Answer:
        """Ask for a page, or for what htmx would ask for."""
        return self._ask("GET", path, FRAGMENT if fragment else {})

    def post(self, path: str, form: Mapping[str, str]) -> Answer:
        """Send a form."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, headers, urlencode(form).encode())

    def send(self, path: str, form: Mapping[str, str]) -> Answer:
        """Send a form of a member, with the token that all sessions of the population share."""
        if self._token is None:
            self._token = self.token("/account")
        return self.post(path, {**form, "csrf_token": self._token})

    def token(self, path: str) -> str:
        """Return the CSRF token of the form on a page."""
        found = TOKEN.search(self.get(path).body)
        if found is None:
            raise RuntimeError(f"{path} has no form")
        return found[1].decode()

    def sign_in(self, username: str, password: str) -> Answer:
        """Sign in as a person does, by the form."""
        form = {"csrf_token": self.token("/login"), "username": username, "password": password}
        return self.post("/login", form)

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**headers, "Host": f"127.0.0.1:{self.connection.port}", "Cookie": cookies}
        started = time.perf_counter()
        try:
            self.connection.request(method, path, body, sent)
            response = self.connection.getresponse()
        except http.client.RemoteDisconnected:  # it was idle for too long while others were asked
            self.connection.close()
            self.connection.request(method, path, body, sent)
            response = self.connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - started
        self._keep_cookies(response)
        return Answer(response.status, content, seconds, response.getheader("Location", ""))

    def _keep_cookies(self, response: http.client.HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name.strip()] = value
