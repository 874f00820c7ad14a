"""What blogs ask for."""

from parvis.api import Permission, Role


class BlogPermission(Permission):
    """Every member reads, comments and asks; what they may write in a blog, their role there decides."""

    READ = "blog:blog:read"
    OPEN = "blog:blog:open", Role.ADMINISTRATOR
    """Opening blogs for leaders and teams, and saying who writes in them: given to administrators for now."""
