"""Jinja as pages use it: what is shown and called is what Jinja itself would show and call."""

from typing import Any

import pytest
from jinja2 import Environment, pass_context, pass_eval_context
from markupsafe import Markup
from parvis.web.template import PageCode, PageContext, escaped


class Pages(Environment):
    context_class = PageContext
    code_generator_class = PageCode
    escaped = staticmethod(escaped)


class Called:
    def __call__(self, word: str) -> str:
        return f"<{word}>"

    @pass_eval_context
    def method(self, context: Any, word: str) -> str:
        return f"{context.autoescape} {word}"


@pass_context
def looking(context: Any, name: str) -> str:
    return str(context[name])


VALUES = {
    "text": "a < b & c", "html": Markup("<b>bold</b>"), "number": 7, "nothing": None, "called": Called(),
    "method": Called().method, "looking": looking, "words": ["one", "<two>"],
}  # fmt: skip


@pytest.mark.parametrize("autoescape", [True, False])
@pytest.mark.parametrize(
    "source",
    [
        "{{ text }} {{ html }} {{ number }} {{ nothing }} {{ missing }}",
        "{{ called('x') }} {{ method('y') }} {{ looking('text') }}",
        "{% for word in words %}{{ word.upper() }} {{ loop.cycle('<', '>') }}{{ looking('html') }}"
        "{% endfor %}",
        "{% for word in words %}{% set text = word %}{{ looking('text') }}{% endfor %}",
        "{% macro shown(word, end='<i>') %}<u>{{ word }}{{ end }}</u>{% endmacro %}"
        "{{ shown(text) }}{{ shown(html, end=text) }}",
        "{% macro around() %}<p>{{ caller('<') }}</p>{% endmacro %}"
        "{% call(sign) around() %}{{ sign }}{{ text }}{% endcall %}",
        "{% autoescape number %}{{ text }}{% endautoescape %}{% set part %}{{ text }}{% endset %}{{ part }}",
        "{{ text|upper }} {{ html|striptags }} {{ (text ~ html) }} {{ words|join(html) }}",
        "{% block one scoped %}{{ range(3)|list }}{{ dict(a=text) }}{{ self.two() }}{% endblock %}"
        "{% block two %}{{ text }}{% endblock %}",
    ],
)
def test_templates_show_what_jinja_would_show(source: str, autoescape: bool) -> None:
    ours, theirs = (
        kind(autoescape=autoescape).from_string(source).render(VALUES) for kind in (Pages, Environment)
    )
    assert ours == theirs


def test_what_is_not_there_cannot_be_called() -> None:
    with pytest.raises(Exception, match="'missing' is undefined"):
        Pages().from_string("{{ missing('x') }}").render()
