"""What groups declares."""

from parvis.api import Plugin

from .permission import GroupsPermission
from .settings import GroupsSettings


class GroupsPlugin(Plugin[GroupsSettings]):
    """Anybody opens a group in a minute, anybody joins, people talk."""

    name = "groups"
    title = "Groups"
    version = "0.1.0"
    requires = ("social",)
    permissions = GroupsPermission
