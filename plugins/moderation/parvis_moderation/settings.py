"""`[plugins.moderation]` in the configuration."""

from parvis.api import Settings, hooks, setting


class ModerationSettings(Settings):
    """The charter, reports and decisions."""

    managers_group: str = setting(
        "",
        help="DN of the directory's group of those who moderate the whole site. Empty: administrators do.",
    )


def settings() -> ModerationSettings:
    """Return the settings of the present app."""
    plugin = hooks().states["moderation"].plugin
    assert plugin is not None  # what asks is moderation itself
    found: ModerationSettings = plugin.settings
    return found
