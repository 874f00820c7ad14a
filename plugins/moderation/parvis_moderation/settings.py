"""`[plugins.moderation]` in the configuration."""

from parvis.api import Settings, hooks, setting


class ModerationSettings(Settings):
    """The charter, reports and decisions."""

    managers_group: str = setting(
        "",
        help="DN of the directory's group of those who moderate the whole site, beside those appointed.",
    )
    reports_per_day: int = setting(20, ge=1, help="How many things one person may report in a day.")
    hide_after_reports: int = setting(
        0,
        ge=0,
        help="From how many people's reports on something is hidden until somebody decides, at least 2;"
        " 0: never. Only what nobody has decided on before.",
    )
    place_days: int = setting(
        3,
        ge=1,
        help="After how many days a case that a group's owners leave comes to those of the whole site.",
    )
    hidden_days: int = setting(
        180, ge=30, help="For how many days what was hidden is kept, so that it can be shown again."
    )
    case_days: int = setting(
        730, ge=365, help="For how many days decided cases are kept; the open record shows those of a year."
    )
    log_days: int = setting(365, ge=30, help="For how many days the log of what was done is kept.")
    log_events: list[str] = setting(
        [],
        help="Further kinds of events for the log, beside those by which somebody uses a power over others.",
    )
    newcomers_wait: bool = setting(
        False,
        help="Whether everybody's first post in a group waits until who looks after it lets it in.",
    )
    second_look_words: list[str] = setting(
        [],
        help="Words at which whoever writes them is asked whether they are sure, before it is published.",
    )
    per_day: int = setting(
        0, ge=0, help="How many posts and comments one person may publish in one place in a day; 0: no limit."
    )
    flag_links: bool = setting(
        False,
        help="Whether what leads out of the company comes before who decides, once it is published.",
    )
    own_hosts: list[str] = setting(
        [],
        help="Hosts of the company, this site's too, with all below them: links there do not lead out.",
    )
    appeal_days: int = setting(30, ge=1, help="For how many days one may appeal against a decision.")


def settings() -> ModerationSettings:
    """Return the settings of the present app."""
    plugin = hooks().states["moderation"].plugin
    assert plugin is not None  # what asks is moderation itself
    found: ModerationSettings = plugin.settings
    return found
