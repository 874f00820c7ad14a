"""`[plugins.expertise]` in the configuration."""

from parvis.api import Settings, hooks, setting


class ExpertiseSettings(Settings):
    """Who knows about ...?"""

    curators_group: str = setting(
        "",
        help="DN of the directory's group of those who look after names of skills, beside administrators.",
    )
    new_skills_per_day: int = setting(
        20, ge=1, help="How many skills that nobody named before one person may bring in a day."
    )
    requests_per_day: int = setting(
        10, ge=1, help="How many colleagues one person may ask in a day to confirm a skill."
    )
    map_from: int = setting(
        10, ge=5, help="The map names no number of people and no department smaller than this."
    )


def settings() -> ExpertiseSettings:
    """Return the settings of the present app."""
    plugin = hooks().states["expertise"].plugin
    assert plugin is not None  # what asks is expertise itself
    found: ExpertiseSettings = plugin.settings
    return found
