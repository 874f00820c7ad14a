"""`[directory]` in the configuration: where the company's people are, and which attribute says what."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from ldap3.core.exceptions import LDAPExceptionError
from ldap3.operation.search import parse_filter
from pydantic import StringConstraints, ValidationInfo, field_validator

from parvis.directory.preset import PRESETS, Preset
from parvis.settings import Settings, setting

FieldName = Literal[
    "id", "username", "display_name", "given_name", "family_name", "mail", "phone", "mobile", "title",
    "department", "site", "country", "job_family", "manager", "photo", "disabled", "modified",
]  # fmt: skip
Attribute = Annotated[str, StringConstraints(pattern=r"^([A-Za-z][A-Za-z0-9-]*|[0-9]+(\.[0-9]+)+)?$")]
DN = re.compile(r"\s*[A-Za-z0-9.-]+\s*=[^,]+(,\s*[A-Za-z0-9.-]+\s*=[^,]+)*")


class DirectorySettings(Settings):
    """`[directory]`: the LDAP servers that know the company's people. Without `servers` there is none."""

    preset: Literal["openldap", "active-directory", "389ds"] = setting(
        "openldap", help="The kind of directory; it gives every attribute and the person filter a default."
    )
    servers: tuple[str, ...] = setting(
        (), help='Addresses such as "ldaps://ldap.example.com"; the next one serves when one is silent.'
    )
    start_tls: bool = setting(True, help="Secure ldap:// with StartTLS before anything is said.")
    ca_file: Path | None = setting(
        None, help="Certificates (PEM) of the authority to trust, instead of the system's own."
    )
    allow_plain_text: bool = setting(
        False, help="Let passwords cross the network unprotected. Never needed on the same machine."
    )
    bind_dn: str = setting("", help="DN of the service account that searches; empty: anonymous search.")
    bind_password: str = setting("", secret=True, help="Password of the service account.")
    base_dn: str = setting("", help='Where people are looked for, such as "ou=people,dc=example,dc=com".')
    person_filter: str = setting("", help="LDAP filter that people match; empty: the preset's.")
    sign_in_group: str = setting("", help="DN of the group that may sign in; empty: everyone.")
    administrators_group: str = setting("", help="DN of the group whose members administer the site.")
    page_size: int = setting(1000, ge=10, le=1000, help="Entries asked for at a time (AD's limit is 1000).")
    sign_in_timeout: float = setting(5.0, gt=0, le=10, help="Seconds that a sign-in may take in all.")
    photo: bool = setting(False, help="Take people's first photo from the directory.")
    synchronise: str = setting("17 * * * *", help="When to read everybody, as cron says it; empty: never.")
    attributes: dict[FieldName, Attribute] = setting(
        default_factory=dict, help='Attributes instead of the preset\'s: title = "jobTitle"; "" reads none.'
    )

    @property
    def enabled(self) -> bool:
        """Tell whether there is a directory at all."""
        return bool(self.servers)

    @property
    def rules(self) -> Preset:
        """What the preset knows of this kind of directory."""
        return PRESETS[self.preset]

    @property
    def people(self) -> str:
        """The filter that people match."""
        return self.person_filter or self.rules.person_filter

    @field_validator("servers")
    @classmethod
    def _addresses(cls, servers: tuple[str, ...]) -> tuple[str, ...]:
        for server in servers:
            split_server(server)
        return servers

    @field_validator("allow_plain_text")
    @classmethod
    def _protected(cls, allowed: bool, info: ValidationInfo) -> bool:
        bare = plain_text_servers(info.data.get("servers", ()), info.data.get("start_tls", True))
        if bare and not allowed:
            raise ValueError(
                f"passwords would cross the network unprotected to {', '.join(bare)}: use ldaps://, "
                "or start_tls = true; allow_plain_text = true accepts the danger"
            )
        return allowed

    @field_validator("bind_password")
    @classmethod
    def _complete_account(cls, password: str, info: ValidationInfo) -> str:
        if bool(password) != bool(info.data.get("bind_dn")):
            raise ValueError("bind_dn and bind_password go together: one of them is missing")
        return password

    @field_validator("bind_dn", "base_dn", "sign_in_group", "administrators_group")
    @classmethod
    def _dn(cls, dn: str, info: ValidationInfo) -> str:
        if info.field_name == "base_dn" and not dn and info.data.get("servers"):
            raise ValueError('is needed: where are people looked for, such as "ou=people,dc=example,dc=com"?')
        # Active Directory also takes name@domain and DOMAIN\name for the service account.
        if dn and not DN.fullmatch(dn) and (info.field_name != "bind_dn" or not re.search(r"[@\\]", dn)):
            raise ValueError('is not a DN such as "cn=admins,ou=groups,dc=example,dc=com"')
        return dn

    @field_validator("person_filter")
    @classmethod
    def _filter(cls, text: str) -> str:
        try:
            if text:
                parse_filter(text, None, False, True, None, False)
        except LDAPExceptionError as error:
            raise ValueError(f"is not an LDAP filter such as (objectClass=person): {error}") from None
        return text

    @field_validator("attributes")
    @classmethod
    def _needed(cls, attributes: dict[str, str]) -> dict[str, str]:
        if empty := [name for name in ("id", "username") if attributes.get(name) == ""]:
            raise ValueError(f"{empty[0]} cannot be left out: it is how people are known")
        return attributes


def split_server(url: str) -> tuple[bool, str, int]:
    """Split a server's address into whether it speaks TLS from the start, its host and its port."""
    parts = urlsplit(url)
    try:
        port = parts.port or (636 if parts.scheme == "ldaps" else 389)
    except ValueError:
        raise ValueError(f"{url}: the port is a number from 1 to 65535") from None
    if parts.scheme not in ("ldap", "ldaps") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError(f"{url} is not an address such as ldaps://ldap.example.com or ldap://10.0.0.1:389")
    if parts.username is not None:
        raise ValueError("a server's address holds no account: use bind_dn and bind_password")
    return parts.scheme == "ldaps", parts.hostname, port


def plain_text_servers(servers: tuple[str, ...], start_tls: bool) -> list[str]:
    """List the servers to which passwords would travel unprotected; this machine itself is no danger."""
    bare = []
    for server in () if start_tls else servers:
        tls, host, _port = split_server(server)
        if not tls and not _is_loopback(host):
            bare.append(server)
    return bare


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
