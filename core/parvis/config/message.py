"""Put pydantic's findings into the words of whoever edits the file."""

from typing import Any, get_args

from pydantic_core import ErrorDetails

from parvis.config.problem import Location, did_you_mean
from parvis.settings import Settings

MESSAGES = {
    "missing": "is required",
    "extra_forbidden": "is not a known setting",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing_size": "is too large a number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text in quotes",
    "path_type": "must be a path in quotes",
    "list_type": "must be a list in square brackets",
    "tuple_type": "must be a list in square brackets",
    "set_type": "must be a list in square brackets",
    "frozen_set_type": "must be a list in square brackets",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "string_too_short": "is too short (least length: {min_length})",
    "string_too_long": "is too long (greatest length: {max_length})",
    "too_short": "has too few items (at least {min_length})",
    "too_long": "has too many items (at most {max_length})",
    "string_pattern_mismatch": "must have the form {pattern}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "value_error": "{error}",
    "assertion_error": "{error}",
}


FIXED = frozenset(MESSAGES) - {"value_error", "assertion_error"}
"""The findings whose sentence holds nothing of the value that is wrong."""


def sentence(detail: ErrorDetails) -> str:
    """Say what is wrong with a value, as the end of a sentence that its key begins."""
    template = MESSAGES.get(detail["type"])
    if template is None:
        return detail["msg"].replace("Input should", "must", 1)
    return template.format_map({name: _plain(value) for name, value in detail.get("ctx", {}).items()})


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def hint(detail: ErrorDetails, key: object, models: list[type[Settings]]) -> str | None:
    """Suggest the key or the value that was perhaps meant."""
    if detail["type"] == "extra_forbidden":
        return did_you_mean(key, _keys_of(models))
    context = detail.get("ctx", {})
    quoted = str(context.get("expected", "")).split("'")[1::2]
    return did_you_mean(detail["input"], context.get("choices") or quoted)


def shown(text: str) -> str:
    """Keep a word out of a file from breaking the lines of a message."""
    return "".join(char if char.isprintable() else "�" for char in text)


def nested_models(model: type[Settings], key: str) -> list[type[Settings]]:
    """Find the tables that a field holds: itself one, a list of them, or none."""
    field = model.model_fields.get(key)
    return _models_in(field.annotation) if field else []


def _models_in(annotation: Any) -> list[type[Settings]]:
    if isinstance(annotation, type) and issubclass(annotation, Settings):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


def models_at(model: type[Settings], path: Location) -> list[type[Settings]]:
    """Find the models that a table below `model` may have."""
    models = [model]
    for key in path:
        if isinstance(key, str):
            models = [nested for each in models for nested in nested_models(each, key)]
    return models


def _keys_of(models: list[type[Settings]]) -> set[str]:
    keys = {key for each in models for key in each.model_fields}
    return keys | {f"{key}_file" for each in models for key in each.secrets()}
