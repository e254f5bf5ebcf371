"""What waits for a person: replies, and the rests of replies that one message could not hold; the desk keeps both."""

from dataclasses import replace
from functools import partial

from advisor.channels.wechat.face import Face
from advisor.channels.wechat.wording import Link, cut, text_of
from advisor.message import Bubble, Desk, Message, Person, Reply

_REST = "+"  # at the end of the id of a rest, after the id of what it is the rest of


class Shelf:
    """Gives the replies of `desk` in messages that fit."""

    def __init__(self, desk: Desk, face: Face, link: Link) -> None:
        """Word replies with `face`, drafts by `link`."""
        self._desk, self._face, self._link = desk, face, link

    def waiting(self, person: Person) -> list[Reply]:
        """Give what waits for a person and has something to say, oldest first."""
        return [reply for reply in self._desk.undelivered(person) if reply.bubbles]

    async def take_down(self, message: Message) -> Reply | None:
        """Give what somebody asks for who wants the rest, now the answer to this message; None when nothing waits."""
        message_id = message.id or ""
        waiting = [reply for reply in self.waiting(message.person) if reply.id != message_id]
        if not waiting or message.text.strip(" 。.！!“”\"'").lower() not in self._face.goes_on:
            return None
        chosen = next((reply for reply in waiting if reply.id.endswith(_REST)), waiting[0])
        answer = replace(chosen, id=message_id)
        kept = await self._desk.keep(message.person, answer)
        if kept == answer:  # else it is a repeat, which was answered with something else
            await self._desk.mark(message.person, chosen)
        return kept

    async def move_on(self, person: Person, reply: Reply) -> None:
        """Put away the rests of what was said before a reply: the talk has left them behind."""
        waiting = self.waiting(person)
        if any(one.id == reply.id for one in waiting):  # else it is a repeat, and what waits came after it
            for one in waiting:
                if one.id.endswith(_REST):
                    await self._desk.mark(person, one)

    def look(self, person: Person, reply: Reply, *, goes_on: bool) -> tuple[str, str]:
        """Give what the next message to a person holds of a reply, and the rest.

        Unless the rest `goes_on` by itself, the person is told how to ask for it, and for what waits besides.
        """
        own = {reply.id, reply.id + _REST}
        language = self._desk.language(person)
        text = text_of(person, reply, partial(self._face.letter, language), self._link)
        waits = bool(text) and not goes_on and any(one.id not in own for one in self.waiting(person))
        return cut(text, "" if goes_on else self._face.more(language), waits=waits)

    async def put_back(self, person: Person, reply: Reply, rest: str) -> None:
        """Keep the rest of a reply, and count the reply itself as delivered."""
        if rest:
            await self._desk.keep(person, Reply(reply.state, (), (Bubble(rest),), reply.id + _REST))
        await self._desk.mark(person, reply)
