"""What groups declares."""

from parvis.api import Plugin, Settings


class GroupsSettings(Settings):
    """Groups."""


class GroupsPlugin(Plugin[GroupsSettings]):
    """Anybody opens a group in a minute, anybody joins, people talk."""

    name = "groups"
    title = "Groups"
    version = "0.1.0"
    requires = ("social",)
