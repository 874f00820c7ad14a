"""What social asks for."""

from parvis.api import Permission


class SocialPermission(Permission):
    """Every member may use it; what they may do in a place, the place decides."""

    USE = "social:content:use"
