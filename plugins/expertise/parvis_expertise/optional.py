"""What is there where the plugin social is in use, which expertise does not require."""

from types import ModuleType

from parvis.api import hooks


def with_social() -> ModuleType | None:
    """Return what is done through social where it is in use; where it is not, it need not be installed."""
    state = hooks().states.get("social")
    if state is None or state.status != "active":
        return None
    from . import social  # noqa: PLC0415 - it imports social, which may not be there

    return social
