"""A directory of people that speaks real LDAP, inside the process: for the demonstration, and for tests.

Use it like this::

    anna = Entry("uid=anna,ou=people,dc=example", cn="Anna Blum", mail="anna@example", userPassword="secret")
    with DirectoryServer([anna], base_dn="dc=example") as directory:
        connect(directory.url)
        directory.change(anna.dn, title="Astronomer")
        directory.hang()
"""

from .certificates import Certificates, can_create_certificates, create_certificates
from .entry import Entry
from .ldif import write_entries
from .server import DirectoryServer
from .session import Request

__all__ = [
    "Certificates",
    "DirectoryServer",
    "Entry",
    "Request",
    "can_create_certificates",
    "create_certificates",
    "write_entries",
]
