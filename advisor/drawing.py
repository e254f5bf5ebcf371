"""Draws the decision tree as Mermaid: the whole at a glance, or one flow with its questions."""

from collections.abc import Iterator

from advisor.content import Content
from advisor.content.flow import State, targets


def draw_tree(content: Content) -> str:
    """Give the flows and the ways from one to another."""
    lines = ["flowchart TD"]
    for name, flow in content.own_flows.items():
        lines.append(f'    {name}["{_quoted(flow.title)}"]')
    ways = {
        (name, content.place(name, to).partition(".")[0])
        for name, flow in content.own_flows.items()
        for state in flow.states.values()
        for to in targets(state)
    }
    lines += [f"    {a} --> {b}" for a, b in sorted(ways) if a != b and b in content.own_flows]
    return "\n".join(lines)


def draw_flow(content: Content, name: str) -> str:
    """Give the states of one flow and what leads from each to the next."""
    flow = content.flows[name]
    lines = ["flowchart TD"]
    for state_name, state in flow.states.items():
        lines.append(f"    {state_name}{_shape(state, _words(content, name, state))}")
    for state_name, state in flow.states.items():
        lines += [f"    {state_name}{way}" for way in _ways(content, name, state)]
    return "\n".join(lines)


def _words(content: Content, flow: str, state: State) -> str:
    if state.confirm:
        slots = {**content.all_slots, **content.flows[flow].slots}
        return "核对：" + "、".join(slots[slot].label for slot in state.confirm)
    return state.ask or state.say + (f"<br/>附：{content.letters[state.letter].front.title}" if state.letter else "")


def _shape(state: State, words: str) -> str:
    words = _quoted(words)
    if state.end:
        return f'(["{words}"])'
    return f'{{{{"{words}"}}}}' if state.fill or state.menu else f'["{words}"]'


def _ways(content: Content, flow: str, state: State) -> Iterator[str]:
    for branch in state.next:
        condition = f'|"{_quoted(branch.if_)}"|' if branch.if_ else ""
        yield f" -->{condition} {_node(content, flow, branch.to)}"
    for to in state.menu:
        yield f" --> {_node(content, flow, to)}"


def _node(content: Content, flow: str, to: str) -> str:
    own, _, state = content.place(flow, to).partition(".")
    return state if own == flow else f'{own}(["{_quoted(content.flows[own].title)}"])'


def _quoted(words: str) -> str:
    return words.replace('"', "'")
