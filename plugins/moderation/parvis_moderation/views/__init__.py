"""The pages of moderation: they parse, fetch by way of who asks, and show."""

from flask_babel import get_locale


def language() -> str:
    """Return the language of the page, of the two in which texts are kept."""
    return "fr" if str(get_locale()).startswith("fr") else "en"
