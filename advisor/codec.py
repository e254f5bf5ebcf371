"""How what is kept lies in the store: plain JSON, or encrypted when the operator gives a key."""

import json
from typing import Any

PLAIN, SEALED = b"0", b"1"


class NoKeyError(Exception):
    """The body is encrypted and none of the keys given opens it."""


class CorruptError(Exception):
    """The body cannot be read: it was damaged or is not ours."""


class Codec:
    """Writes and reads bodies. `keys` are Fernet keys separated by commas: the first one writes, all of them read."""

    def __init__(self, keys: str = "") -> None:
        """Take the operator's DATA_KEY; a key that is none raises ValueError."""
        self._box: Any = None
        if keys.strip():
            from cryptography.fernet import Fernet, MultiFernet  # only paid for by those who encrypt

            self._box = MultiFernet([Fernet(key.strip()) for key in keys.split(",") if key.strip()])

    def encode(self, data: Any) -> bytes:
        """Give the body for `data`."""
        body = json.dumps(data, separators=(",", ":")).encode()
        return SEALED + self._box.encrypt(body) if self._box else PLAIN + body

    def decode(self, body: bytes) -> Any:
        """Give back the data; raises NoKeyError or CorruptError."""
        if body[:1] == SEALED:
            body = PLAIN + self._open(body[1:])
        if body[:1] != PLAIN:
            raise CorruptError("unknown kind of body")
        try:
            return json.loads(body[1:])
        except ValueError as error:
            raise CorruptError("not JSON") from error

    def seal(self, body: bytes) -> bytes:
        """Give the body of a file as it is kept."""
        return SEALED + bytes(self._box.encrypt(body)) if self._box else PLAIN + body

    def unseal(self, body: bytes) -> bytes:
        """Give back a file; raises NoKeyError or CorruptError."""
        if body[:1] == SEALED:
            return self._open(body[1:])
        if body[:1] != PLAIN:
            raise CorruptError("unknown kind of body")
        return body[1:]

    def _open(self, sealed: bytes) -> bytes:
        if self._box is None:
            raise NoKeyError("DATA_KEY is not set")
        from cryptography.fernet import InvalidToken

        try:
            return bytes(self._box.decrypt(sealed))
        except InvalidToken as error:
            raise NoKeyError("no key opens this body") from error
