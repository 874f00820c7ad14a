"""The company's LDAP directory: who signs in, and who there is. It knows nothing of our database."""

from parvis.directory.entry import BadEntry, DirectoryEntry, normal_dn
from parvis.directory.ldap.client import Directory
from parvis.directory.ldap.error import DirectoryUnavailable, IncompleteRead, Reason, Refused
from parvis.directory.ldap.probe import Finding
from parvis.directory.ldap.reading import Change, Page
from parvis.directory.ldap.signin import SignedIn

__all__ = [
    "BadEntry",
    "Change",
    "Directory",
    "DirectoryEntry",
    "DirectoryUnavailable",
    "Finding",
    "IncompleteRead",
    "Page",
    "Reason",
    "Refused",
    "SignedIn",
    "normal_dn",
]
