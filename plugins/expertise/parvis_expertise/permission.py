"""What expertise asks for."""

from parvis.api import Permission, Role


class ExpertisePermission(Permission):
    """Every member reads, says what they know, and confirms what colleagues do."""

    READ = "expertise:skill:read"
    CURATE = "expertise:skill:curate", Role.ADMINISTRATOR
    """Bringing names of one skill together: that of `curators_group`, too."""
