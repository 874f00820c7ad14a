"""What groups asks for."""

from parvis.api import Permission, Role


class GroupsPermission(Permission):
    """Every member may use groups; what they may do in one, their role there decides."""

    USE = "groups:group:use"
    CARE = "groups:group:care", Role.ADMINISTRATOR
    """Finding an owner for groups whose owners have all left: given to administrators for now."""
