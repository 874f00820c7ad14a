"""The configuration: one TOML file, checked as a whole, every problem told at once.

Use: `config = validate(read(locate(path)), plugin_settings)`. Modules declare their tables with
`parvis.settings`.
"""

from parvis.config.document import Document, locate, read
from parvis.config.example import example_toml
from parvis.config.problem import ConfigError, Problem, did_you_mean
from parvis.config.tables import (
    DatabaseSettings,
    IdentitySettings,
    JobsSettings,
    LogSettings,
    SearchSettings,
    ServerSettings,
    SiteSettings,
)
from parvis.config.validation import Config, validate
from parvis.settings import Settings, setting

__all__ = [
    "Config",
    "ConfigError",
    "DatabaseSettings",
    "Document",
    "IdentitySettings",
    "JobsSettings",
    "LogSettings",
    "Problem",
    "SearchSettings",
    "ServerSettings",
    "Settings",
    "SiteSettings",
    "did_you_mean",
    "example_toml",
    "locate",
    "read",
    "setting",
    "validate",
]
