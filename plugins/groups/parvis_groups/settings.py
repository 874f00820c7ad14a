"""`[plugins.groups]` in the configuration."""

from parvis.api import Settings, hooks, setting


class GroupsSettings(Settings):
    """Groups."""

    per_day: int = setting(10, ge=1, help="How many groups one person may open in a day.")
    offer_days: int = setting(
        14,
        ge=1,
        help="For how many days a group without owner is offered to its members, before to administrators.",
    )
    undo_merge_days: int = setting(
        30, ge=1, help="For how many days a merge of two groups can be taken back."
    )


def settings() -> GroupsSettings:
    """Return the settings of the present app."""
    plugin = hooks().states["groups"].plugin
    assert plugin is not None  # what asks is groups itself
    found: GroupsSettings = plugin.settings
    return found
