"""Print core's part of the example configuration: `python -m parvis.config > config.example.toml`."""

from parvis.config import example_toml

print(example_toml({}), end="")
