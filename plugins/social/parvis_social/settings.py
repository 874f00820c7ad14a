"""`[plugins.social]` in the configuration."""

from parvis.api import Settings, hooks, setting


class SocialSettings(Settings):
    """Conversations: posts, comments, files, notifications."""

    undo_minutes: int = setting(
        10, ge=1, le=1440, help="For how many minutes somebody can take a deletion back."
    )
    keep_deleted_days: int = setting(
        30, ge=1, le=3650, help="After how many days what was deleted is gone from the database too."
    )
    keep_notifications_days: int = setting(
        365, ge=7, le=3650, help="After how many days notifications are forgotten, read or not."
    )
    max_file: int = setting(
        20,
        ge=1,
        le=500,
        help="How large one attached file may be, in MiB. All that is sent at once is limited by"
        " server.max_upload; pictures are at most 10 MiB.",
    )
    max_files: int = setting(
        10, ge=1, le=50, help="How many pictures and files one post or comment may have."
    )
    file_types: list[str] = setting(
        ["pdf", "txt", "md", "csv", "odt", "ods", "odp", "docx", "xlsx", "pptx", "zip"],
        help="Endings of files that may be attached besides pictures; they are only ever downloaded.",
    )
    posts_per_hour: int = setting(
        60, ge=1, help="How many posts and comments one person may publish in an hour."
    )


def settings() -> SocialSettings:
    """Return the settings of the present app."""
    plugin = hooks().states["social"].plugin
    assert plugin is not None  # what asks is social itself
    found: SocialSettings = plugin.settings
    return found
