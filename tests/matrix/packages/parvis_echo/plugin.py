"""What it declares."""

from collections.abc import Iterable

from parvis.api import Plugin, hookimpl
from parvis.plugin import NoSettings


class EchoPlugin(Plugin[NoSettings]):
    """Echo."""

    name = "echo"
    requires = ("sample",)

    @hookimpl
    def sample_words(self) -> Iterable[str]:
        yield "echoed"
