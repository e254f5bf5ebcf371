"""Signatures and sealed messages of the platform: SHA-1 over sorted parts, AES-256-CBC with the account's key.

What is sealed is 16 random bytes, the length of the message in 4 bytes, the message, and the id of the account;
it is padded by PKCS#7 to 32 bytes. The initialisation vector is the beginning of the key, as the platform wants it.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

BLOCK = 32  # bytes to which the platform pads
NOISE = 16  # random bytes before the message
KEY_CHARACTERS = 43  # base64 of 32 bytes without its sign of padding


class ForgedError(Exception):
    """What came in was not made by the platform for this account, or was damaged on its way."""


class Signer:
    """Signs as the platform does, with the token that the operator agreed on with it."""

    def __init__(self, token: str) -> None:
        """Take the operator's token."""
        self._token = token

    def sign(self, *parts: str) -> str:
        """Give the signature of some parts, in hexadecimal."""
        return hashlib.sha1("".join(sorted((self._token, *parts))).encode()).hexdigest()

    def signed(self, signature: str, *parts: str) -> bool:
        """Tell whether a signature is that of these parts, in a time that does not tell how nearly it is."""
        return hmac.compare_digest(signature.encode(), self.sign(*parts).encode())


class Sealer:
    """Opens and seals messages of one account. ValueError: the key is none."""

    def __init__(self, key: str, appid: str) -> None:
        """Take the account's EncodingAESKey, 43 characters of base64, and its AppID."""
        try:
            self._key = b64decode(key + "=", validate=True)
        except ValueError:
            self._key = b""
        if len(key) != KEY_CHARACTERS or len(self._key) != BLOCK:
            raise ValueError("WECHAT_AES_KEY")
        self._appid = appid.encode()
        self._cipher = Cipher(AES(self._key), CBC(self._key[:NOISE]))

    def open(self, sealed: str) -> bytes:
        """Give the message; ForgedError when it was sealed with another key or for another account, or is damaged."""
        try:
            body = b64decode(sealed, validate=True)
            decryptor = self._cipher.decryptor()
            padded = decryptor.update(body) + decryptor.finalize()
        except ValueError as error:
            raise ForgedError("not sealed") from error
        padding = padded[-1] if padded else 0
        if not 1 <= padding <= BLOCK or padded[-padding:] != bytes([padding]) * padding:
            raise ForgedError("badly padded")
        whole = padded[NOISE:-padding]
        length = int.from_bytes(whole[:4])
        message, appid = whole[4 : 4 + length], whole[4 + length :]
        if len(message) != length or not hmac.compare_digest(appid, self._appid):
            raise ForgedError("for another account")
        return message

    def seal(self, message: str) -> str:
        """Seal a message for the account."""
        body = message.encode()
        whole = secrets.token_bytes(NOISE) + len(body).to_bytes(4) + body + self._appid
        padding = BLOCK - len(whole) % BLOCK
        encryptor = self._cipher.encryptor()
        return b64encode(encryptor.update(whole + bytes([padding]) * padding) + encryptor.finalize()).decode()
