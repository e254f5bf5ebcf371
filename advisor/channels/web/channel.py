"""Serves the page: shows a talk, takes what is said, gives its files, and forgets all of it when told to."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from advisor.channels.web.asking import COOKIE, RefusedError, checked, of_browser, secret_of, wished
from advisor.channels.web.face import Face, beside
from advisor.channels.web.hearing import as_shown, fresh_id, hear
from advisor.channels.web.keys import CHANNEL, Keys, as_code, person_of, read_code
from advisor.channels.web.limits import LARGEST, LONGEST_FIELD, MOST_FILES, Limits, TooLargeError, capped
from advisor.channels.web.showing import SHOWN, bubble, shown
from advisor.message import Bubble, Desk, File, Line, Message, Person, Reply, Talk, Wake

KEPT = 210 * 24 * 3600  # seconds that a browser keeps the cookie
LANGUAGE = "in"  # tells of the talk that was, where no talk is left
PART = "x-part"  # the header with which the script asks for what is new alone
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
Handler = Callable[[Request], Awaitable[Response]]
log = logging.getLogger("advisor.web")


class Web:
    """A page on the routes it brings. `failed` is the kind of error that says the store is away."""

    def __init__(
        self, desk: Desk, talk: Talk, key: bytes, face: Face, failed: type[Exception], clock: Callable[[], datetime]
    ) -> None:
        """Show what `talk` keeps and say what `desk` answers."""
        self._desk, self._talk, self._face, self._failed, self._clock = desk, talk, face, failed, clock
        self._keys = Keys(key)
        self._limits = Limits(behind_proxy=bool(face.address))
        self._files = lru_cache(maxsize=64)(lambda person, one: tuple(face.files(person, one)))
        self._beside = beside()
        self._later: set[asyncio.Task[None]] = set()

    @property
    def routes(self) -> Sequence[Route]:
        """The paths of the page."""
        return [
            Route("/", self._kept("look", self._page)),
            Route("/say", self._kept("say", self._say), methods=["POST"]),
            Route("/new", self._kept("look", self._new)),
            Route("/file/{number:int}/{at:int}", self._kept("look", self._file)),
            Route("/letter/{ticket}", self._kept("look", self._letter)),
            Route("/letter/{ticket}/{at:int}", self._kept("look", self._letter_file)),
            Route("/code", self._kept("look", self._code)),
            Route("/code", self._kept("code", self._recover), methods=["POST"]),
            Route("/clear", self._kept("say", self._clear), methods=["POST"]),
            Route("/cleared", self._kept("look", self._cleared)),
            Route("/beside/{name}", self._style_or_script),
        ]

    @property
    def wake(self) -> Mapping[str, Wake]:
        """What is told when a reply waits: it is put into the talk, and seen when the page is next looked at."""
        return {CHANNEL: self._wake}

    async def run(self) -> None:
        """Put into the talks what waited when the process ended last; then only the routes work."""
        for person in self._desk.waiting(CHANNEL):
            await self._deliver(person)
        await asyncio.Event().wait()

    def link(self, person: Person, reply_id: str) -> str:
        """Give the path of a page with one reply, for a person of any channel; it opens for three days."""
        return f"/letter/{self._keys.ticket(person, reply_id, self._clock())}"

    def _wake(self, person: Person) -> None:
        task = asyncio.create_task(self._deliver(person))
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _deliver(self, person: Person) -> None:
        """Put the replies that wait into the talk; each is marked in the same commit."""
        for reply in self._desk.undelivered(person):
            kept = [self._talk.append(person, reply)] if reply.bubbles else []
            await asyncio.gather(*kept, self._desk.mark(person, reply))

    def _kept(self, rate: str, handler: Handler) -> Handler:
        """Answer within the limits and with the headers that every answer has; tell what goes wrong in words."""

        async def answer(request: Request) -> Response:
            secret = secret_of(request)
            try:
                if not await self._limits.allow(rate, request, person_of(secret) if secret else ""):
                    raise RefusedError(429, "fast")
                response = await handler(request)
            except RefusedError as error:
                response = self._refusal(request, error)
            except (TooLargeError, HTTPException, MultiPartException):
                response = self._refusal(request, RefusedError(413, "large"))
            except Exception as error:
                level = logging.WARNING if isinstance(error, self._failed) else logging.ERROR
                log.log(level, "not answered error=%s", type(error).__name__)
                response = self._refusal(request, RefusedError(503, "away"))
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return answer

    def _refusal(self, request: Request, error: RefusedError) -> Response:
        try:
            language = self._language(request)
        except Exception:  # of the store, without which nothing is known of who asks
            language = of_browser(request)
        response = self._show(language, "refused_part" if PART in request.headers else "refused", why=error.why)
        response.status_code = error.status
        if error.status == 429:
            response.headers["Retry-After"] = "60"
        return response

    def _language(self, request: Request) -> str:
        """Name the language of somebody's talk, or of their browser where there is no talk."""
        secret = secret_of(request)
        return (self._desk.language(person_of(secret)) if secret else "") or of_browser(request)

    def _show(self, language: str, name: str, **values: Any) -> Response:
        (style, script), words = self._beside, self._face.words(language)
        always = {"style": style, "script": script, "lang": language, "words": words}
        return HTMLResponse(self._face.render(name, {**always, **values}))

    def _remember(self, request: Request, response: Response, secret: str) -> None:
        https = request.url.scheme == "https" or self._face.address.startswith("https:")
        response.set_cookie(COOKIE, secret, KEPT, httponly=True, samesite="lax", secure=https)

    async def _page(self, request: Request) -> Response:
        """Show the talk, or to somebody new what can be begun with."""
        secret = secret_of(request) or self._keys.fresh()
        lines = self._talk.read(person_of(secret))
        welcome, language = None, self._language(request)
        if not lines:
            reply = self._face.welcome(language)
            choices = [choice for one in reply.bubbles for choice in one.choices]
            welcome = {"bubbles": [bubble(one, "") for one in reply.bubbles], "choices": choices}
        after = lines[-SHOWN].number - 1 if len(lines) > SHOWN and "all" not in request.query_params else 0
        response = self._show(
            language, "talk", welcome=welcome, more=after > 0, **self._lines(secret, lines, after),
        )  # fmt: skip
        self._remember(request, response, secret)
        return response

    def _lines(self, secret: str, lines: Sequence[Line], after: int) -> dict[str, Any]:
        return {
            "lines": shown(lines, after),
            "first": lines[0].number if lines else 0,
            "token": self._keys.token(secret),
            "id": fresh_id(),
        }

    async def _new(self, request: Request) -> Response:
        """Give what is new behind a line, for the script."""
        secret = secret_of(request)
        return self._part(request, secret, request.query_params.get("after", "")) if secret else Response("", 204)

    def _part(self, request: Request, secret: str, after: str) -> Response:
        lines = self._talk.read(person_of(secret))
        number = int(after) if after.isdecimal() and len(after) < 18 else 0
        return self._show(self._language(request), "part", **self._lines(secret, lines, number))

    async def _say(self, request: Request) -> Response:
        """Take what somebody says, and answer when both are on the disk."""
        async with self._form(request) as form:
            secret = checked(request, form, self._keys)
            person = person_of(secret)
            message = await hear(form, person)
        if message is not None:
            mine = as_shown(message, self._offered(message))
            kept = [self._talk.append(person, mine)] if mine else []
            steps: list[Awaitable[Any]] = [*kept, self._desk.answer(message)]  # in one commit, in this order
            reply = (await asyncio.gather(*steps))[-1]
            await self._deliver(person)
            log.info("answered person=%s state=%s", person, reply.state or "-")
        if PART in request.headers:
            return self._part(request, secret, str(form.get("after", "")))
        return RedirectResponse("/#now", 303)

    def _offered(self, message: Message) -> Iterator[Reply]:
        """Give what a choice may have stood under, the latest last."""
        if message.greeted:
            yield self._face.welcome(message.greeted)
        if message.choice:
            yield from (line.said for line in self._talk.read(message.person) if isinstance(line.said, Reply))

    def _form(self, request: Request) -> Any:
        length = request.headers.get("content-length", "0")
        if length.isdecimal() and int(length) > LARGEST:
            raise TooLargeError
        whole = Request(request.scope, capped(request.receive))
        return whole.form(max_files=MOST_FILES, max_fields=12, max_part_size=LONGEST_FIELD)

    async def _file(self, request: Request) -> Response:
        """Give the file of a bubble to the person it was made for, and to nobody else."""
        number, secret = request.path_params["number"], secret_of(request)
        lines = self._talk.read(person_of(secret), number - 1)[:1] if secret and 0 < number < 2**62 else []
        said = lines[0].said if lines and lines[0].number == number else None
        return await self._one_file(person_of(secret), getattr(said, "bubbles", ()), request.path_params["at"])

    async def _one_file(self, person: Person, bubbles: Sequence[Bubble], at: int) -> Response:
        files: Sequence[File] = ()
        if at < len(bubbles):  # what is made of the evidence file changes with it, and goes with it
            make = self._face.files if bubbles[at].package else self._files
            files = await asyncio.to_thread(make, person, bubbles[at])
        if not files:
            raise RefusedError(404, "gone")
        picture = files[0].name.endswith(".png")
        how = "inline" if picture else f'attachment; filename="{files[0].name}"'
        kind = "image/png" if picture else "application/octet-stream"
        return Response(files[0].body, media_type=kind, headers={"Content-Disposition": how})

    def _opened(self, request: Request) -> tuple[Person, Sequence[Bubble]]:
        opened = self._keys.opens(request.path_params["ticket"], self._clock())
        reply = self._talk.reply(*opened) if opened else None
        if opened is None or reply is None:
            raise RefusedError(404, "gone")
        return opened[0], reply.bubbles

    async def _letter(self, request: Request) -> Response:
        """Show one reply to whoever holds its link."""
        path = request.url.path
        person, opened = self._opened(request)
        bubbles = [bubble(one, f"{path}/{at}") for at, one in enumerate(opened)]
        return self._show(self._desk.language(person) or of_browser(request), "letter", bubbles=bubbles)

    async def _letter_file(self, request: Request) -> Response:
        return await self._one_file(*self._opened(request), request.path_params["at"])

    async def _code(self, request: Request) -> Response:
        """Show the code with which a talk is found again, and take one."""
        secret = secret_of(request) or self._keys.fresh()
        response = self._code_page(request, secret, unknown=False)
        self._remember(request, response, secret)
        return response

    def _code_page(self, request: Request, secret: str, *, unknown: bool) -> Response:
        code, token = as_code(secret) if self._talk.read(person_of(secret)) else "", self._keys.token(secret)
        return self._show(self._language(request), "code", code=code, token=token, unknown=unknown)

    async def _recover(self, request: Request) -> Response:
        async with self._form(request) as form:
            now = checked(request, form, self._keys)
            secret = read_code(str(form.get("code", "")))
        if not secret or not self._talk.read(person_of(secret)):
            return self._code_page(request, now, unknown=True)
        response = RedirectResponse("/#now", 303)
        self._remember(request, response, secret)
        return response

    async def _clear(self, request: Request) -> Response:
        """Delete everything about a person, here and in the browser as far as that obeys."""
        async with self._form(request) as form:
            secret = checked(request, form, self._keys)
        language = self._language(request)
        await self._talk.forget(person_of(secret))
        self._files.cache_clear()
        told = "" if language == of_browser(request) else f"?{LANGUAGE}={language}"
        response = RedirectResponse(f"/cleared{told}", 303)
        response.delete_cookie(COOKIE)
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response

    async def _cleared(self, request: Request) -> Response:
        told = request.query_params.get(LANGUAGE)
        return self._show(wished(told) if told else self._language(request), "cleared")

    async def _style_or_script(self, request: Request) -> Response:
        body, kind = self._beside.get(request.path_params["name"], (b"", ""))
        if not kind:
            return Response(status_code=404)
        forever = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
        return Response(body, headers={**forever, "Content-Type": kind})
