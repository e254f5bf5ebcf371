"""What a request tells of who asks: the secret that opens their talk, and the language of their browser."""

from starlette.datastructures import FormData
from starlette.requests import Request

from advisor.channels.web.keys import Keys, is_secret
from advisor.message import ENGLISH, SIMPLIFIED, TRADITIONAL

COOKIE = "s"
_TRADITIONAL_IN = {"tw", "hk", "mo", "hant"}  # places and scripts of a language tag


class RefusedError(Exception):
    """A request that is not answered as it asks; `status` and `why` say what the person is told."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def secret_of(request: Request) -> str:
    """Give the secret in the cookie of a request, or nothing."""
    given = request.cookies.get(COOKIE, "")
    return given if is_secret(given) else ""


def checked(request: Request, form: FormData, keys: Keys) -> str:
    """Give the secret of whoever sent a form; RefusedError when it was not sent from their own page."""
    secret, token = secret_of(request), form.get("token", "")
    if not secret:
        raise RefusedError(403, "cookie")
    if not isinstance(token, str) or not keys.fits(secret, token):
        raise RefusedError(403, "stale")
    return secret


def of_browser(request: Request) -> str:
    """Name the language that the browser of a request prefers."""
    return wished(request.headers.get("accept-language", ""))


def wished(accepted: str) -> str:
    """Name the language that a browser prefers of those there are; `accepted` is its Accept-Language."""
    best, most = SIMPLIFIED, 0.0
    for one in accepted.split(","):
        tag, _, weight = one.partition(";")
        language, wanted = _ours(tag.strip().lower()), _weight(weight.strip())
        if language and wanted > most:
            best, most = language, wanted
    return best


def _weight(text: str) -> float:
    """Read `q=0.8`; what has no weight is wanted most, what cannot be read not at all."""
    try:
        return float(text.removeprefix("q=")) if text else 1.0
    except ValueError:
        return 0.0


def _ours(tag: str) -> str:
    """Name the language of ours that a tag of a browser stands for, or nothing."""
    language, *more = tag.split("-")
    if language == "zh":
        return TRADITIONAL if _TRADITIONAL_IN.intersection(more) and "hans" not in more else SIMPLIFIED
    return ENGLISH if language == "en" else ""
