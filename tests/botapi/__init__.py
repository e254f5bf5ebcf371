"""A strict Telegram for tests: `Peer` answers bots as the Bot API does, `Person` is somebody who talks to one."""

from tests.botapi.person import Person
from tests.botapi.rules import Upload
from tests.botapi.server import Peer

__all__ = ["Peer", "Person", "Upload"]
