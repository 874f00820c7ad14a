"""Write the example configuration file from the declarations themselves, so that it cannot lag behind."""

import json
import textwrap
import types
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from parvis.config.validation import TABLES, variable
from parvis.settings import Settings

HEAD = """\
# Configuration of Parvis. Generated from the declarations of core and plugins.
#
# A line that begins with #key shows a default: remove the # to change it. Relative paths are taken from the
# folder of this file. A secret may stand here, in a file of its own (key_file = "path") or in the
# environment variable that is named with it; `parvis check` says whether all is well."""

PLUGINS = """\
# Plugins are installed like any package, and switched on here by name; then restart.
[plugins]
# Names of the plugins that are switched on. (list of text)
#enabled = []"""

WORDS: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    Path: "path",
}
BOUNDS = {"ge": "from", "gt": "above", "le": "to", "lt": "below"}


def example_toml(plugin_settings: Mapping[str, type[Settings]]) -> str:
    """Render every table of core and of these plugins: each key with its comment, type and default."""
    tables = [_table(name, model) for name, model in TABLES.items()]
    plugins = [_table(f"plugins.{name}", model) for name, model in sorted(plugin_settings.items())]
    return "\n\n".join([HEAD, *tables, PLUGINS, *plugins]) + "\n"


def _table(name: str, model: type[Settings]) -> str:
    parts = ["\n".join([*_comment((model.__doc__ or name).strip().split("\n\n")[0]), f"[{name}]"])]
    return _join([*parts, *_content(name, model, "")])


def _content(name: str, model: type[Settings], mark: str) -> list[str]:
    """Render the keys of a table, then the tables below it, as TOML wants it."""
    keys, tables = [], []
    for key, field in model.model_fields.items():
        if inner := _nested(field.annotation):
            tables.append(_nested_table(f"{name}.{key}", field, inner, mark))
        else:
            keys.append(_key(name, key, field, secret=key in model.secrets(), mark=mark))
    return ["\n\n".join(keys), *tables] if keys else tables


def _nested_table(name: str, field: FieldInfo, model: type[Settings], mark: str) -> str:
    """Render one table of a list, or one table below another; what has a default stays commented out."""
    many = get_origin(_bare(field.annotation)) in (list, tuple)
    mark = mark if field.is_required() else "#"
    header = f"[[{name}]]" if many else f"[{name}]"
    comment = _comment(field.description or model.__doc__ or name)
    return _join(["\n".join([*comment, mark + header]), *_content(name, model, mark)])


def _join(parts: list[str]) -> str:
    head, *rest = parts
    return "\n".join([head, *rest[:1]]) + "".join(f"\n\n{part}" for part in rest[1:])


def _key(table: str, key: str, field: FieldInfo, *, secret: bool, mark: str) -> str:
    facts = [_type(field.annotation) + _bounds(field)]
    if secret:
        facts.append(f"secret: {variable((*table.split('.'), key))}")
    if field.is_required():
        facts.append("required")
        value = field.examples[0] if field.examples else ""
    else:
        value = field.get_default(call_default_factory=True, validated_data={})
        mark = "#"
    comment = _comment(f"{field.description} ({'; '.join(facts)})")
    return "\n".join([*comment, f"{mark}{key} = {_toml('' if value is None else value)}"])


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(" ".join(text.split()), 100)]


def _bounds(field: FieldInfo) -> str:
    bounds = {name: getattr(item, name) for item in field.metadata for name in BOUNDS if hasattr(item, name)}
    return "".join(f" {BOUNDS[name]} {bound}" for name, bound in bounds.items())


def _bare(annotation: Any) -> Any:
    """Take `Annotated` and `| None` off a type."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [part for part in get_args(annotation) if part is not type(None)]
        return _bare(parts[0]) if len(parts) == 1 else annotation
    return annotation


def _nested(annotation: Any) -> type[Settings] | None:
    """Find the settings model of a table or of an array of tables."""
    bare = _bare(annotation)
    if isinstance(bare, type):
        return bare if issubclass(bare, Settings) else None
    return _nested(get_args(bare)[0]) if get_origin(bare) in (list, tuple) else None


def _type(annotation: Any) -> str:
    """Name a type as an administrator would."""
    bare = _bare(annotation)
    origin, parts = get_origin(bare), get_args(bare)
    if origin is Literal:
        return " or ".join(_toml(part) for part in parts)
    if origin in (list, tuple, set, frozenset):
        return f"list of {_type(parts[0])}"
    if origin is dict:
        return f"table of {_type(parts[1])}"
    if isinstance(bare, type) and issubclass(bare, Enum):
        return " or ".join(_toml(part.value) for part in bare)
    return WORDS.get(bare, "text")


def _toml(value: Any) -> str:
    """Write a value in TOML, as far as settings have such values."""
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    if isinstance(value, Enum):
        return _toml(value.value)
    if isinstance(value, list | tuple | set | frozenset):
        return f"[{', '.join(_toml(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_toml_key(key)} = {_toml(item)}' for key, item in value.items())}}}"
    return json.dumps(str(value), ensure_ascii=False)


def _toml_key(key: object) -> str:
    text = str(key.value if isinstance(key, Enum) else key)
    return text if text.replace("-", "_").isidentifier() else json.dumps(text)
