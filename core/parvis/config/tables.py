"""The tables of the configuration that belong to core as a whole."""

import ipaddress
import re
import socket
import zoneinfo
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ValidationInfo, model_validator
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from parvis.settings import Settings, setting, unknown_choice

DRIVERS = ("sqlite", "postgresql+psycopg")
_timezones = cache(zoneinfo.available_timezones)


def _site_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        whole = False
    if not whole or not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+/?", value):
        raise ValueError("must be the address of the site without a path, such as https://parvis.example.com")
    return value.rstrip("/")


def _timezone(value: str) -> str:
    if value not in _timezones():
        raise unknown_choice("is not a time zone, such as Europe/Paris", _timezones())
    return value


def _network(value: Any) -> Any:
    try:
        return ipaddress.ip_network(str(value))
    except ValueError:
        raise ValueError("must be an address or a network, such as 10.0.0.4 or 10.0.0.0/8") from None


def _mail_address(value: str) -> str:
    if value and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value):
        raise ValueError("must be a mail address, such as parvis@example.com")
    return value


def _origin(value: str) -> str:
    if not re.fullmatch(r"'self'|https?://[A-Za-z0-9.*:-]+", value):
        raise ValueError("must be 'self' or an origin, such as https://intranet.example.com")
    return value


def _host_name(value: str) -> str:
    if not re.fullmatch(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[?[0-9A-Fa-f:.]+\]?", value):
        raise ValueError("must be a host name or address alone, such as parvis.example.com")
    return value.lower()


def _database_url(value: str, info: ValidationInfo) -> str:
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise ValueError(
            "must be a database address, such as sqlite:///parvis.db"
            " or postgresql+psycopg://parvis@localhost/parvis"
        ) from None
    if url.drivername not in DRIVERS:
        raise ValueError(f"must begin with {' or '.join(f'{driver}://' for driver in DRIVERS)}")
    folder = (info.context or {}).get("folder")
    return url.render_as_string(hide_password=False) if folder is None else _beside(url, folder)


def _beside(url: URL, folder: Path) -> str:
    """Take a relative SQLite file from the folder of the configuration file."""
    file = url.database
    if url.drivername == "sqlite" and file and file != ":memory:" and not file.startswith("file:"):
        url = url.set(database=str(folder / file))
    return url.render_as_string(hide_password=False)


Timezone = Annotated[str, AfterValidator(_timezone)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)]
MailAddress = Annotated[str, AfterValidator(_mail_address)]
Origin = Annotated[str, AfterValidator(_origin)]
HostName = Annotated[str, AfterValidator(_host_name)]
DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
OptionalDatabaseUrl = Annotated[
    str, AfterValidator(lambda value, info: _database_url(value, info) if value else value)
]
Language = Literal["fr", "en"]


Contents = Literal["choose", "keep", "remove"]


class SiteSettings(Settings):
    """The site as people meet it."""

    name: str = setting("Parvis", help="Name of the site, as people read it.", min_length=1, max_length=60)
    url: Annotated[str, AfterValidator(_site_url)] = setting(
        "http://127.0.0.1:8000",
        help="Public address of the site: the one people type, and the one links in mails are made of."
        " With https, cookies travel over https only.",
    )
    languages: tuple[Language, ...] = setting(("fr", "en"), help="Languages offered.", min_length=1)
    default_language: Language = setting("fr", help="Language of whoever has shown no preference.")
    timezone: Timezone = setting("Europe/Paris", help="Time zone of new members, until they choose.")
    theme: str = setting("parvis", help="Name of the theme.", pattern=r"^[a-z][a-z0-9_-]*$")
    themes_folder: Path | None = setting(None, help="Folder with themes of your own, one subfolder each.")
    contact: MailAddress = setting("", help="Mail address of those who run the site; error pages show it.")

    @model_validator(mode="after")
    def _offers_default_language(self) -> "SiteSettings":
        if self.default_language not in self.languages:
            raise ValueError(f"default_language “{self.default_language}” is not among languages")
        return self

    @property
    def hostname(self) -> str:
        """Name the host of the public address, without its port."""
        return urlsplit(self.url).hostname or ""

    @property
    def secure(self) -> bool:
        """Tell whether people come by https."""
        return self.url.startswith("https:")


class ServerSettings(Settings):
    """The web processes (`parvis serve`)."""

    secret_key: str = setting(
        help="Random text that cookies and forms are signed with, the same for every process. To make one:"
        " python3 -c 'import secrets; print(secrets.token_urlsafe(48))'",
        secret=True,
        min_length=32,
    )
    host: str = setting("127.0.0.1", help="Address to listen on.", min_length=1)
    port: int = setting(8000, help="Port to listen on.", ge=1, le=65535)
    workers: int = setting(2, help="Number of web processes; as many as cores is a good start.", ge=1, le=64)
    threads: int = setting(4, help="Number of requests one process works on at a time.", ge=1, le=256)
    trusted_proxies: tuple[Network, ...] = setting(
        (), help="Addresses of the proxies whose X-Forwarded headers are believed; nobody else's are."
    )
    allowed_hosts: tuple[HostName, ...] = setting(
        (), help="Further host names the site answers to, besides that of site.url."
    )
    frame_ancestors: tuple[Origin, ...] = setting(
        (), help="Sites that may show this one in a frame, such as an intranet portal. None by default."
    )
    max_upload: int = setting(20, help="Size limit of what one request sends, in MiB.", ge=1, le=1024)
    metrics_allowed: tuple[Network, ...] = setting(
        ("127.0.0.0/8", "::1"), help="Addresses that may read /metrics without a token."
    )
    metrics_token: str = setting(
        "", help="Bearer token with which /metrics may be read from anywhere. Empty: no token.", secret=True
    )


class DatabaseSettings(Settings):
    """The database: SQLite in a file, or PostgreSQL."""

    url: DatabaseUrl = setting(
        "sqlite:///parvis.db",
        help="Address of the database: sqlite:///FILE or postgresql+psycopg://USER:PASSWORD@HOST/NAME.",
        secret=True,
    )
    pool_size: int = setting(5, help="Connections each process keeps (PostgreSQL).", ge=1, le=100)
    timeout: float = setting(5, help="Longest wait for the database, in seconds.", gt=0, le=60)


class JobsSettings(Settings):
    """Work done in the background and on schedule (`parvis worker`)."""

    url: OptionalDatabaseUrl = setting(
        "",
        help="Address of the database of jobs. Empty: sqlite:///parvis-jobs.db when database.url is SQLite,"
        " else the database of database.url itself.",
        secret=True,
    )
    worker_name: str = setting(
        "",
        help="Name of this machine's worker; it takes up its own unfinished jobs after a restart, so the name"
        " must stay the same and belong to one worker only. Empty: the host name.",
        max_length=100,
    )

    def completed(self, database: DatabaseSettings, folder: Path) -> "JobsSettings":
        """Fill in what is left empty from the other settings."""
        url = self.url
        if not url and database.url.startswith("sqlite"):
            url = f"sqlite:///{folder / 'parvis-jobs.db'}"
        return self.model_copy(
            update={"url": url or database.url, "worker_name": self.worker_name or socket.gethostname()}
        )


class SearchSettings(Settings):
    """The search: an index on each machine, made from the database and made anew whenever that is needed."""

    engine: Literal["whoosh", "tantivy"] = setting(
        "whoosh",
        help="What keeps the index: whoosh is there already, and serves a company of some thousand people;"
        " tantivy serves any, once parvis[tantivy] is installed.",
    )
    folder: Path = setting(
        Path("search"), help="Where the index is kept, on a disk of this machine: it need not be backed up."
    )


class IdentitySettings(Settings):
    """Sign-in and sessions, and what stays of who leaves."""

    session_idle: int = setting(24, help="A session ends after so many hours unused.", ge=1, le=2160)
    session_absolute: int = setting(14, help="A session ends after so many days in any case.", ge=1, le=365)
    throttle_account: int = setting(
        10, help="Failed sign-ins to one account before it takes a pause.", ge=3, le=1000
    )
    throttle_address: int = setting(
        100, help="Failed sign-ins from one address before it takes a pause.", ge=3, le=100_000
    )
    throttle_window: int = setting(15, help="Minutes over which failed sign-ins are counted.", ge=1, le=1440)
    contents_of_leavers: Contents = setting(
        "choose",
        help="What becomes of what somebody published who has their account erased: keep leaves it, as a"
        " former colleague's; remove takes it away; choose leaves that to them.",
    )


class LogSettings(Settings):
    """The log, written to standard error."""

    level: Literal["debug", "info", "warning", "error"] = setting("info", help="Least level to write.")
    format: Literal["json", "text"] = setting("json", help="json for machines, text for a terminal.")
