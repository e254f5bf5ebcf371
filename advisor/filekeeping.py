"""Keeps the evidence file of each person in the store: exhibits in their order, and the files under their hashes."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from advisor.codec import Codec
from advisor.exhibit import Exhibit
from advisor.message import Attachment, Reply
from advisor.store import Transaction


class Filekeeper:
    """Works on one transaction for one person; bodies pass the codec."""

    def __init__(self, transaction: Transaction, codec: Codec, person: str) -> None:
        """Keep the file of `person`."""
        self._transaction, self._codec, self._person = transaction, codec, person

    def exhibits(self) -> list[Exhibit]:
        """Give the exhibits in the order they were added."""
        rows = self._transaction.exhibits(self._person)
        return [Exhibit.from_data(self._codec.decode(body), number, seen) for number, body, seen in rows]

    def file(self, sha256: str) -> bytes:
        """Give the bytes of a file; KeyError when there is none."""
        body = self._transaction.file(self._person, sha256)
        if body is None:
            raise KeyError(sha256)
        return self._codec.unseal(body)

    def replies(self) -> list[tuple[datetime, Reply]]:
        """Give the replies to the person that are still kept, oldest first, each with its time."""
        rows = self._transaction.replies(self._person)
        return [(at, Reply.from_data(self._codec.decode(body))) for at, body in rows]

    def add(self, exhibit: Exhibit, body: bytes | None = None) -> tuple[int, bool]:
        """Keep an exhibit, and its file; give its number, and whether it is new."""
        if body is not None:
            self._transaction.keep_file(self._person, exhibit.sha256, self._codec.seal(body))
        return self._transaction.add_exhibit(self._person, exhibit.same, self._codec.encode(exhibit.to_data()))

    def strike(self, number: int) -> bool:
        """Delete an exhibit with all that it put right, and its file when no other needs it; False: none."""
        exhibits = self.exhibits()
        gone = {number}
        while more := {e.corrects for e in exhibits if e.number in gone and e.corrects} - gone:
            gone |= more
        struck = [e for e in exhibits if e.number in gone]
        left = {e.sha256 for e in exhibits if e.number not in gone}
        for exhibit in struck:
            self._transaction.drop_exhibit(self._person, exhibit.number)
            if exhibit.original and exhibit.sha256 not in left:
                self._transaction.drop_file(self._person, exhibit.sha256)
        return bool(struck)

    def settle(self, reply: Reply, files: Sequence[Attachment]) -> int:
        """Keep and strike what a turn decided; give how many exhibits are new, less those that are gone."""
        bodies = {hashlib.sha256(file.body).hexdigest(): file.body for file in files if file.body is not None}
        numbers: list[int] = []
        change = 0
        for exhibit in reply.kept:
            whole = replace(exhibit, of=numbers[-exhibit.of - 1]) if exhibit.of < 0 else exhibit
            number, is_new = self.add(whole, bodies.get(exhibit.sha256) if exhibit.original else None)
            numbers.append(number)
            change += is_new and not exhibit.corrects
        return change - sum(self.strike(number) for number in reply.struck)
