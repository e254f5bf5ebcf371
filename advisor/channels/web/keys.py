"""What opens a talk: the secret in a person's cookie, the token in each form, the ticket in a link.

The secret is known to the person's browser alone; what is stored and logged is named after its hash.
"""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta

CHANNEL = "web"
_SECRET = re.compile(r"[a-z2-7]{24}")
LINK_OPENS = timedelta(days=3)  # as long as the store keeps a reply


class Keys:
    """Makes and checks secrets, tokens and tickets with one key that all processes share."""

    def __init__(self, key: bytes) -> None:
        """Sign with `key`."""
        self._key = key

    def fresh(self) -> str:
        """Make a secret of 120 random bits, in letters and digits that cannot be mistaken for each other."""
        return base64.b32encode(secrets.token_bytes(15)).decode().lower()

    def token(self, secret: str) -> str:
        """Give what every form of this person carries, so that no other site can send one in their name."""
        return self._sign("form", secret.encode())

    def fits(self, secret: str, token: str) -> bool:
        """Tell whether a form came from a page of this person."""
        return hmac.compare_digest(self.token(secret).encode(), token.encode("utf-8", "replace"))

    def ticket(self, person: str, reply_id: str, now: datetime) -> str:
        """Give what opens one reply to whoever holds it, until it expires."""
        until = int((now + LINK_OPENS).timestamp())
        body = base64.urlsafe_b64encode(f"{until}\n{person}\n{reply_id}".encode()).decode().rstrip("=")
        return f"{body}.{self._sign('link', body.encode())}"

    def opens(self, ticket: str, now: datetime) -> tuple[str, str] | None:
        """Give the person and the reply that a ticket opens; None when it was not made here or has expired."""
        body, _, signature = ticket.partition(".")
        if not hmac.compare_digest(self._sign("link", body.encode()).encode(), signature.encode()):
            return None
        until, person, reply_id = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode().split("\n", 2)
        return (person, reply_id) if now.timestamp() < int(until) else None

    def _sign(self, use: str, body: bytes) -> str:
        return hmac.new(self._key, use.encode() + b"\0" + body, hashlib.sha256).hexdigest()[:40]


def person_of(secret: str) -> str:
    """Name the person who holds a secret among those of all channels."""
    return f"{CHANNEL}:{hashlib.sha256(secret.encode()).hexdigest()[:32]}"


def is_secret(text: str) -> bool:
    """Tell whether a text has the form of a secret."""
    return _SECRET.fullmatch(text) is not None


def as_code(secret: str) -> str:
    """Write a secret so that it can be copied by hand: six groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)).upper()


def read_code(text: str) -> str:
    """Give the secret of a code as people type it, or nothing."""
    secret = "".join(filter(str.isalnum, text)).lower().replace("0", "o").replace("1", "i")
    return secret if is_secret(secret) else ""
