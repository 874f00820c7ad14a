"""The base of every settings table: what core and plugins declare their part of the configuration with.

It stands apart from `parvis.config`, which gathers the tables, so that a module may declare its own table
(`parvis.media`, `parvis.directory.settings`) without importing the whole.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

SECRET = "secret"


class Settings(BaseModel):
    """One table of the configuration file: typed, frozen, and without room for unknown keys.

    Fields are declared with `setting()`. A `Path` that is relative is taken from the folder of the
    configuration file, so that a start from another working directory reads the same files.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_default=True, hide_input_in_errors=True, allow_inf_nan=False
    )

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Any, info: ValidationInfo) -> Any:
        """Read `key = ""` as "not given" where None is the default: TOML has no word for it."""
        absent = value == "" and info.field_name and cls.model_fields[info.field_name].default is None
        return None if absent else value

    @field_validator("*", mode="before")
    @classmethod
    def _true_is_no_text(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse "yes", 1 and the like where true or false is meant: TOML has words for them."""
        if cls.model_fields[info.field_name or ""].annotation is bool and not isinstance(value, bool):
            raise PydanticCustomError("bool_type", "must be true or false")
        return value

    @field_validator("*", mode="after")
    @classmethod
    def _resolve_paths(cls, value: Any, info: ValidationInfo) -> Any:
        folder = (info.context or {}).get("folder")
        if folder is None:
            return value
        if isinstance(value, list | tuple):
            return type(value)(_resolved(item, folder) for item in value)
        return _resolved(value, folder)

    @classmethod
    def secrets(cls) -> frozenset[str]:
        """Name the keys that may come from the environment or a file, and are never shown."""
        return frozenset(
            name
            for name, field in cls.model_fields.items()
            if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get(SECRET)
        )


def setting(default: Any = ..., *, help: str, secret: bool = False, **constraints: Any) -> Any:
    """Declare one key of a table: its default, its comment in the example file, and pydantic's constraints.

    Without a default (`...`) the key is required. A `secret` is left out of every `repr` and error message;
    besides `key = "…"` it may be given as `key_file = "path"` or as the environment variable
    PARVIS_<TABLE>_<KEY>. Constraints are those of `pydantic.Field` (`ge`, `max_length`, `pattern` ...).
    """
    if "default_factory" not in constraints:
        constraints["default"] = default
    return Field(description=help, repr=not secret, json_schema_extra={SECRET: secret}, **constraints)


def unknown_choice(message: str, choices: Iterable[str]) -> PydanticCustomError:
    """Make the error a validator raises for a value out of a long list, so that "did you mean" can be said.

    The message ends the sentence that the key begins: "site.timezone: is not a time zone ...".
    """
    return PydanticCustomError(
        "unknown_choice", "{sentence}", {"sentence": message, "choices": sorted(choices)}
    )


def _resolved(value: Any, folder: Path) -> Any:
    return folder / value if isinstance(value, Path) else value
