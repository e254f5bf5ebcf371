"""The files that go with what is said: letters, pictures, and what is made of the evidence file."""

from advisor.attachments import files_of
from advisor.desk import Desk
from advisor.message import Files


def files(desk: Desk) -> Files:
    """Give what makes the files of a person's bubble."""

    def title(letter: str) -> str:
        return desk.advisor.content.letters[letter].front.title

    return lambda person, bubble: files_of(bubble, title, lambda what: packed(desk, person, what))


def packed(desk: Desk, person: str, what: str) -> bytes:
    """Give what is kept of a person: all of it as `data`, the evidence file as `zip`, its days and hours as `chart`."""
    from advisor.commands.evidence import EvidenceCommand
    from advisor.commands.own_data import own_data

    if what == "data":
        return own_data(desk, person)
    command = EvidenceCommand(desk, person)
    return command.packed() if what == "zip" else command.chart()
