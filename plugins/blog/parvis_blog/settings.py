"""`[plugins.blog]` in the configuration."""

from parvis.api import Settings, hooks, setting


class BlogSettings(Settings):
    """Blogs of leaders and teams."""

    leaders_group: str = setting(
        "", help="DN of the directory's group of leaders: each may open a blog of their own. Empty: nobody."
    )
    personal: bool = setting(False, help="Whether every member may open a blog of their own.")
    follow_main: bool = setting(
        True, help="Whether new members follow the main blog from their first day; they may unfollow it."
    )
    questions_per_day: int = setting(10, ge=1, help="How many questions one person may put in a day.")
    feed_keys: int = setting(10, ge=1, help="How many keys for feeds one person may have.")


def settings() -> BlogSettings:
    """Return the settings of the present app."""
    plugin = hooks().states["blog"].plugin
    assert plugin is not None  # what asks is blog itself
    found: BlogSettings = plugin.settings
    return found
