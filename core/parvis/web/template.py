"""Jinja as pages use it: the same templates and the same HTML, with less done for each value of them."""

from collections.abc import Callable, MutableMapping
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from flask.templating import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

FUNCTIONS = frozenset({FunctionType, MethodType, BuiltinFunctionType})
MARK = "jinja_pass_arg"
"""What Jinja's `pass_context`, `pass_eval_context` and `pass_environment` leave on a function."""
EVAL_CONTEXT = getattr(Macro.__call__, MARK)
OTHER = object()


class PageContext(Context):
    """Calls a macro or function after one look at what it wants to be given; Jinja asks four times."""

    def call(self, obj: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call something with its arguments, and before them what it is marked for."""
        kind = type(obj)
        wish = EVAL_CONTEXT if kind is Macro else getattr(obj, MARK, None) if kind in FUNCTIONS else OTHER
        if wish is EVAL_CONTEXT:
            args = (self.eval_ctx, *args)
        elif wish is not None:
            return super().call(obj, *args, **kwargs)
        kwargs.pop("_block_vars", None)
        kwargs.pop("_loop_vars", None)
        return obj(*args, **kwargs)


def escaped(value: Any) -> str:
    """Return a value as HTML shows it: what is HTML already as it is, where `escape` copies it."""
    return value if type(value) is Markup else escape(value)


class PageCode(CodeGenerator):
    """Writes templates' code with our `escaped` for Jinja's."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


class Templates(Environment):
    """Templates whose globals are a plain table: looking through two, one over the other, is slow."""

    context_class = PageContext
    code_generator_class = PageCode
    escaped = staticmethod(escaped)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what a template finds beside its own values: what was set before it was loaded."""
        return {**self.globals, **(d or {})}
