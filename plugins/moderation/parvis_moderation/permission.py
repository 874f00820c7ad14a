"""What moderation asks for."""

from parvis.api import Permission, Role


class ModerationPermission(Permission):
    """Every member reports, reads the open record, and appeals; who decides, `domain.manager` says."""

    USE = "moderation:report:make"
    OVERSEE = "moderation:log:read", Role.ADMINISTRATOR
    """Reading the log of what was done: administrators', beside the community manager's."""
