"""What groups asks for."""

from parvis.api import Permission, Role


class GroupsPermission(Permission):
    """Every member may use groups; what they may do in one, their role there decides."""

    USE = "groups:group:use"
    CARE = "groups:group:care", Role.ADMINISTRATOR
    """Finding owners for groups whose owners have all left: administrators, beside who cares for the site."""
