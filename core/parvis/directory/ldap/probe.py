"""Trying the directory for `parvis check`: what works, what does not, and what to do about it."""

from dataclasses import dataclass

from parvis.directory.ldap.connection import Deadline
from parvis.directory.ldap.error import DirectoryUnavailable, SearchFailed, ServiceRefused
from parvis.directory.ldap.pool import Pool
from parvis.directory.settings import DirectorySettings
from parvis.i18n import gettext as _

PROBE_TIMEOUT = 5.0


@dataclass(frozen=True)
class Finding:
    """What one step with one server gave; `remedy` says what to do when it is not well."""

    server: str
    ok: bool
    message: str
    remedy: str = ""


def try_server(pool: Pool, settings: DirectorySettings, url: str) -> list[Finding]:
    """Connect to one server, sign the service account in and search for people."""
    try:
        link = pool.connect(url, Deadline(PROBE_TIMEOUT))
    except DirectoryUnavailable as error:
        return [Finding(url, False, str(error), _remedy(error))]
    with link:
        who = settings.bind_dn or _("anonymous")
        found = [Finding(url, True, _("Reached; connected as %(who)s.", who=who))]
        try:
            base, people, size = settings.base_dn, settings.people, settings.page_size
            rows, cookie = link.page(base, people, ["1.1"], size=size, cookie=b"")
        except DirectoryUnavailable as error:
            return [*found, Finding(url, False, str(error), _remedy(error))]
    count = f"{len(rows)}{'+' if cookie else ''}"
    remedy = "" if rows else _("Check directory.base_dn and directory.person_filter.")
    return [*found, Finding(url, bool(rows), _("People found: %(count)s.", count=count), remedy)]


def _remedy(error: DirectoryUnavailable) -> str:
    text = str(error).lower()
    if isinstance(error, ServiceRefused):
        remedy = _("Check directory.bind_dn and directory.bind_password.")
    elif isinstance(error, SearchFailed):
        remedy = _("Check directory.base_dn, directory.person_filter and what the service account may read.")
    elif "certificate" in text or "ca_file" in text:
        remedy = _(
            "Set directory.ca_file to the authority's certificate, and use the host name that it names."
        )
    elif "starttls" in text or "ssl" in text:
        remedy = _("Use ldaps:// or directory.start_tls as the server offers it.")
    else:
        remedy = _("Check directory.servers, and that a firewall lets this machine reach them.")
    return str(remedy)
