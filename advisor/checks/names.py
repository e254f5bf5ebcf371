"""Reads which names a template or a condition takes, on which line, and whether it asks first if they are known."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from advisor.expressions import Expressions, TemplateNotFound, TemplateSyntaxError, nodes

Sure = frozenset[str]


@dataclass(frozen=True, slots=True)
class Use:
    """One name where it is used; `guarded`: only where `is defined` has said that it is known."""

    name: str
    line: int
    template: str
    guarded: bool
    part: str = ""  # the part taken of it: reading.kind


def uses(expressions: Expressions, template: str) -> list[Use]:
    """List the names that a template (with its language) takes, those of templates it includes among them."""
    try:
        return list(_Walk(expressions, template).visit(expressions.parse_template(template), frozenset()))
    except (TemplateSyntaxError, TemplateNotFound):
        return []  # told by the rules that look for just that


def uses_in_condition(expressions: Expressions, text: str) -> list[Use]:
    """List the names that a condition takes."""
    try:
        return list(_Walk(expressions, "").visit(expressions.parse_condition(text), frozenset()))
    except TemplateSyntaxError:
        return []


class _Walk:
    """Goes through one template, knowing at each place which names have been asked for with `is defined`."""

    def __init__(self, expressions: Expressions, template: str, inside: tuple[str, ...] = ()) -> None:
        self.expressions, self.template, self.inside = expressions, template, (*inside, template)
        self.local: set[str] = set()

    def visit(self, node: nodes.Node, sure: Sure) -> Iterator[Use]:
        match node:
            case nodes.Template():
                self.local |= set(_bound(node))
                yield from self._all(node, sure)
            case nodes.Name():
                if node.ctx == "load" and node.name not in self.local:
                    yield Use(node.name, node.lineno, self.template, node.name in sure)
            case nodes.Getattr() | nodes.Getitem() if (part := _part(node)) and isinstance(node.node, nodes.Name):
                yield from self._part(node.node, part, sure)
            case nodes.Test(name="defined" | "undefined", node=nodes.Name() as asked):
                yield from (replace(use, guarded=True) for use in self.visit(asked, sure))
            case nodes.Filter(name="default" | "d", node=nodes.Name() as asked):
                yield from (replace(use, guarded=True) for use in self.visit(asked, sure))
                for argument in node.args:
                    yield from self.visit(argument, sure)
            case nodes.And() | nodes.Or():
                yield from self.visit(node.left, sure)
                yield from self.visit(node.right, sure | known_if(node.left, isinstance(node, nodes.And)))
            case nodes.CondExpr() | nodes.If():
                yield from self._either(node, sure)
            case nodes.Include() | nodes.Extends():
                yield from self._other(node, sure)
                yield from self._all(node, sure)
            case _:
                yield from self._all(node, sure)

    def _all(self, node: nodes.Node, sure: Sure) -> Iterator[Use]:
        for child in node.iter_child_nodes():
            yield from self.visit(child, sure)

    def _part(self, whole: nodes.Name, part: str, sure: Sure) -> Iterator[Use]:
        if whole.name == "label" and "label" not in self.local:
            yield Use("label", whole.lineno, self.template, True)
            yield Use(part, whole.lineno, self.template, part in sure)
        else:
            yield from (replace(use, part=part) for use in self.visit(whole, sure))

    def _either(self, node: "nodes.CondExpr | nodes.If", sure: Sure) -> Iterator[Use]:
        yield from self.visit(node.test, sure)
        yes, no = sure | known_if(node.test, True), sure | known_if(node.test, False)
        if isinstance(node, nodes.CondExpr):
            yield from self.visit(node.expr1, yes)
            if node.expr2 is not None:
                yield from self.visit(node.expr2, no)
            return
        for child in node.body:
            yield from self.visit(child, yes)
        for other in node.elif_:
            yield from self._either(other, no)
            no |= known_if(other.test, False)
        for child in node.else_:
            yield from self.visit(child, no)

    def _other(self, node: "nodes.Include | nodes.Extends", sure: Sure) -> Iterator[Use]:
        if isinstance(node.template, nodes.Const) and node.template.value not in self.inside:
            name = str(node.template.value)
            try:
                tree = self.expressions.parse_template(name)
            except (TemplateSyntaxError, TemplateNotFound):
                return
            yield from _Walk(self.expressions, name, self.inside).visit(tree, sure)


def _part(node: "nodes.Getattr | nodes.Getitem") -> str:
    if isinstance(node, nodes.Getattr):
        return node.attr
    return node.arg.value if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str) else ""


def _bound(tree: nodes.Node) -> Iterator[str]:
    """Name what a template itself gives a value to: by set, for, macro, import."""
    yield from (name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param"))
    yield from (macro.name for macro in tree.find_all(nodes.Macro))
    yield from (one.target for one in tree.find_all(nodes.Import))
    for one in tree.find_all(nodes.FromImport):
        yield from (name if isinstance(name, str) else name[1] for name in one.names)


def known_if(node: nodes.Node, holds: bool) -> Sure:
    """Name what is surely known where the expression `node` holds (or does not hold)."""
    match node:
        case nodes.Test(name="defined", node=nodes.Name(name=str(name))):
            return frozenset({name}) if holds else frozenset()
        case nodes.Test(name="undefined", node=nodes.Name(name=str(name))):
            return frozenset() if holds else frozenset({name})
        case nodes.Not():
            return known_if(node.node, not holds)
        case nodes.And() | nodes.Or():
            left, right = known_if(node.left, holds), known_if(node.right, holds)
            return left | right if isinstance(node, nodes.And) == holds else left & right
        case _:
            return frozenset()


def needed_for(node: nodes.Node) -> Sure:
    """Name what is surely known where the expression `node` holds, because an unknown name would make it fail."""
    match node:
        case nodes.And():
            return needed_for(node.left) | needed_for(node.right)
        case nodes.Or():
            return needed_for(node.left) & needed_for(node.right)
        case nodes.Test(name="defined" | "undefined") | nodes.Not(node=nodes.Test(name="defined" | "undefined")):
            return known_if(node, True)
        case _:
            return frozenset(name.name for name in node.find_all(nodes.Name)) | (
                {node.name} if isinstance(node, nodes.Name) else frozenset()
            )


def expression_of(tree: nodes.Template) -> nodes.Node:
    """Give the expression of a condition that was parsed."""
    output = tree.body[0]
    assert isinstance(output, nodes.Output)
    return output.nodes[0]


def literal_calls(tree: nodes.Template, function: str) -> Iterator[tuple[str, int]]:
    """Give the text that `function` is called with, and the line, wherever it is written out."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == function and call.args:
            first = call.args[0]
            if isinstance(first, nodes.Const) and isinstance(first.value, str):
                yield first.value, call.lineno


def slugs_in_condition(expressions: Expressions, text: str) -> list[str]:
    """List the provisions whose periods a condition counts."""
    try:
        return [slug for slug, _ in literal_calls(expressions.parse_condition(text), "last_day")]
    except TemplateSyntaxError:
        return []  # told by the rule that looks for just that


def other_templates(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    """Give the templates (with their language) that a template includes or takes from, and the line."""
    kinds: tuple[type[nodes.Node], ...] = (nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)
    for node in tree.find_all(kinds):
        named = getattr(node, "template")  # noqa: B009 (the four have it, their common class has not)
        if isinstance(named, nodes.Const):
            yield str(named.value), node.lineno


def comparisons(tree: nodes.Node) -> Iterator[tuple[str, str, object, int]]:
    """Give every comparison of a name with something written out: name (or name.part), operator, value, line."""
    for compare in tree.find_all(nodes.Compare):
        left: nodes.Node = compare.expr
        for operand in compare.ops:
            for one, other in ((left, operand.expr), (operand.expr, left)):
                for value in _constants(other, operand.op, one is left):
                    yield _name(one), operand.op, value, compare.lineno
            left = operand.expr


def _constants(node: nodes.Node, operator: str, on_the_right: bool) -> Iterator[object]:
    if isinstance(node, nodes.Const):
        yield node.value
    elif isinstance(node, nodes.List | nodes.Tuple) and operator in ("in", "notin") and on_the_right:
        yield from (item.value for item in node.items if isinstance(item, nodes.Const))


def _name(node: nodes.Node) -> str:
    match node:
        case nodes.Name(name=str(name)):
            return name
        case nodes.Getattr(node=nodes.Name(name=str(name)), attr=str(part)):
            return f"{name}.{part}"
        case _:
            return ""
