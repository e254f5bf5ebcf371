"""Runs the conditions and templates that people write, in a sandbox, with every unknown name an error.

What a person or an SMS says is only ever a value here, never a template.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    UndefinedError,
    nodes,
)
from jinja2 import meta as jinja_meta
from jinja2.loaders import BaseLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment

Values = Mapping[str, Any]
Condition = Callable[[Values], bool]

__all__ = [
    "Condition",
    "Expressions",
    "TemplateError",
    "TemplateNotFound",
    "TemplateSyntaxError",
    "Values",
    "nodes",
]


class _Templates(FileSystemLoader):
    """Finds `<name>.j2` and leaves out the head of a letter, keeping the line numbers."""

    def get_source(self, environment: Any, template: str) -> tuple[str, str, Callable[[], bool]]:
        text, path, fresh = super().get_source(environment, f"{template}.j2")
        if text.startswith("---\n"):
            head, _, body = text[4:].partition("\n---\n")
            text = "{#" + "\n" * (head.count("\n") + 3) + "#}" + body
        return text, path, fresh


class Expressions:
    """The sandbox: conditions over facts, and templates with the filters and helpers handed in."""

    def __init__(self, folder: Path, filters: Mapping[str, Callable[..., Any]] | None = None) -> None:
        """Read templates from `folder`; `filters` are offered to them and to conditions."""
        loader: BaseLoader = _Templates(str(folder))
        self.env = ImmutableSandboxedEnvironment(
            loader=loader,
            undefined=StrictUndefined,
            autoescape=False,
            trim_blocks=True,
            lstrip_blocks=True,
            cache_size=2000,
            auto_reload=False,
        )
        self.env.globals.clear()  # no range, no lipsum: nothing that could run for long
        self.env.filters.update(filters or {})
        self._template = lru_cache(maxsize=None)(self.env.get_template)
        self._compiled = lru_cache(maxsize=None)(self._compile)
        self._without = lru_cache(maxsize=None)(self._leave_out)

    def condition(self, text: str) -> Condition:
        """Give `text` as a yes-or-no question about facts; it is compiled when first asked."""

        def holds(values: Values) -> bool:
            try:
                return bool(self._compiled(text)(**values))
            except UndefinedError:  # a fact that this way did not ask for: the checker forbids it, `else` catches it
                return False

        return holds

    def _compile(self, text: str) -> Callable[..., Any]:
        return self.env.compile_expression(text, undefined_to_none=False)

    def render(self, name: str, values: Values) -> str:
        """Give the words of template `name`; a missing name raises TemplateError."""
        return self._template(name).render(values).strip()

    def render_block(self, name: str, block: str, values: Values) -> str:
        """Give the words of one block of template `name`."""
        template = self.env.get_template(name)
        return "".join(template.blocks[block](template.new_context(dict(values)))).strip()

    def render_without(self, name: str, block: str, values: Values) -> str:
        """Give the words of template `name` with one of its blocks left out."""
        return self._without(name, block).render(values).strip()

    def _leave_out(self, name: str, block: str) -> Template:
        if block not in self.blocks(name):
            return self.env.get_template(name)
        return self.env.from_string('{% extends "' + name + '" %}{% block ' + block + " %}{% endblock %}")

    def blocks(self, name: str) -> set[str]:
        """Name the blocks of template `name`."""
        return set(self.env.get_template(name).blocks)

    def parse_condition(self, text: str) -> nodes.Template:
        """Give the syntax tree of a condition; wrong syntax raises TemplateSyntaxError."""
        return self.env.parse("{{ " + text + " }}")

    def parse_template(self, name: str) -> nodes.Template:
        """Give the syntax tree of template `name`."""
        assert self.env.loader is not None
        source, _, _ = self.env.loader.get_source(self.env, name)
        return self.env.parse(source)

    def free_names(self, tree: nodes.Template) -> set[str]:
        """Name what a tree takes from outside."""
        return jinja_meta.find_undeclared_variables(tree)


def for_documents() -> ImmutableSandboxedEnvironment:
    """Give what fills a Word template: everything that is put in is text and nothing else."""
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def for_pages(folder: Path) -> Callable[[str, Values], str]:
    """Give what renders the pages in `folder`, by name: everything that is put in is text and nothing else."""
    env = ImmutableSandboxedEnvironment(
        loader=_Templates(str(folder)), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.globals.clear()
    return lambda name, values: env.get_template(name).render(values)
