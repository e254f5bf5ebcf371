"""The server: reads each call however it is written, lets the faults happen, and answers as the Bot API does."""

import json
import re
import socket
import threading
import time
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

import uvicorn
from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.botapi.delivery import Delivery
from tests.botapi.methods import Methods
from tests.botapi.person import Person
from tests.botapi.profile import Profile
from tests.botapi.rules import Refused, Upload, bad
from tests.botapi.state import Body, Telegram

_NUMBERS = ("chat_id", "message_id", "offset", "limit", "timeout", "max_connections", "reply_to_message_id")
_FLAGS = ("drop_pending_updates", "show_alert", "allow_sending_without_reply", "disable_notification")
_STRUCTURES = {
    "reply_markup", "entities", "caption_entities", "allowed_updates", "commands", "scope", "menu_button", "media",
    "reply_parameters", "link_preview_options",
}  # fmt: skip


class Peer(Telegram):
    """Telegram on this machine, for one bot: `with Peer() as peer`."""

    def __init__(self, port: int = 0, privacy_mode: bool = True) -> None:
        super().__init__(privacy_mode)
        self.port = port
        self._methods, self._profile = Methods(self), Profile(self)
        self._limiter = CapacityLimiter(500)  # calls that wait hold a thread each

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Serve; after `stop` again on the same port, with everything as it was."""
        self.closing = False
        # named TCP, or asyncio leaves Nagle's algorithm on and each answer takes 40 ms
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", self.port))
        self.port = self._socket.getsockname()[1]
        routes = [
            Route("/bot{token}/{method}", self._called, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._download),
        ]
        missing = {404: self._missing, 405: self._missing}
        app = Starlette(routes=routes, exception_handlers=missing)
        config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=2)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="botapi", daemon=True)
        self._delivery = Delivery(self, self.answer)
        self._thread.start()
        self._delivery.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.005)

    def stop(self) -> None:
        """Be gone, as when the network is down; whatever waits is kept."""
        with self.changed:
            self.closing = True
            self.changed.notify_all()
        self._server.should_exit = True
        self._thread.join()
        self._delivery.stop()
        self._socket.close()

    def person(self, number: int, first_name: str = "阿梅", **about: Any) -> Person:
        """Give somebody; the bot may write to them once they have said something."""
        with self.changed:
            user = {"id": number, "is_bot": False, "first_name": first_name, "language_code": "zh-hans", **about}
            return Person(self, self.people.setdefault(number, user))

    def answer(self, method: str, params: Body) -> tuple[int, Body]:
        """Carry out a call; give the status and what the bot is told."""
        try:
            with self.changed:
                self.calls.append((method, params))
                fault = self.fault(method)
                if fault and fault.seconds:
                    self.changed.wait_for(lambda: self.closing, fault.seconds)
                if fault and fault.status and not fault.after_doing:
                    raise fault.error()
                result = self._do(method, params)
                self.changed.notify_all()
                if fault and fault.status:
                    raise fault.error()
        except Refused as refused:
            told: Body = {"ok": False, "error_code": refused.status, "description": refused.description}
            return refused.status, told | ({"parameters": refused.parameters} if refused.parameters else {})
        return 200, {"ok": True, "result": result}

    def _do(self, method: str, params: Body) -> Any:
        for home in (self._methods, self._profile, self._delivery):
            if re.fullmatch(r"[a-z]+[A-Z]\w*", method) and hasattr(home, method):  # none but the Bot API's are so named
                try:
                    return getattr(home, method)(params)
                except (KeyError, TypeError, ValueError) as error:
                    raise bad(f"can't parse {method}: {error!r}") from error
        raise Refused(404, "Not Found")

    async def _called(self, request: Request) -> Response:
        if request.path_params["token"] != self.token:
            return await self._unauthorized()
        try:
            params = await _params(request)
        except ClientDisconnect:  # a bot that was killed while it called
            return JSONResponse({"ok": False}, 400)
        except (ValueError, TypeError) as error:
            told = bad(f"can't parse the request: {error}")
            return JSONResponse({"ok": False, "error_code": 400, "description": told.description}, 400)
        method = request.path_params["method"]
        status, body = await to_thread.run_sync(self.answer, method, params, limiter=self._limiter)
        return JSONResponse(body, status)

    async def _download(self, request: Request) -> Response:
        if request.path_params["token"] != self.token:
            return await self._unauthorized()
        with self.changed:
            found = [file for path, file in self.files.values() if path == request.path_params["path"]]
        return Response(found[0].data, media_type="application/octet-stream") if found else await self._missing()

    async def _unauthorized(self) -> Response:
        return JSONResponse({"ok": False, "error_code": 401, "description": "Unauthorized"}, 401)

    async def _missing(self, *_: Any) -> Response:
        return JSONResponse({"ok": False, "error_code": 404, "description": "Not Found"}, 404)


async def _params(request: Request) -> Body:
    """Read query, form, JSON or multipart alike."""
    params: Body = dict(request.query_params)
    body, kind = await request.body(), request.headers.get("content-type", "")
    if "json" in kind:
        params |= json.loads(body or b"{}")
    elif "multipart" in kind:
        params |= _parts(body, kind)
    else:
        params |= parse_qsl(body.decode(), keep_blank_values=True)
    for name, value in params.items():
        if not isinstance(value, str):
            continue
        if name in _NUMBERS and re.fullmatch(r"-?\d+", value):
            params[name] = int(value)
        elif name in _STRUCTURES and value:
            params[name] = json.loads(value)
        elif name in _FLAGS:
            params[name] = value.lower() in ("true", "1", "yes")
        elif value.startswith("attach://") and value[9:] in params:
            params[name] = params[value[9:]]
    return params


def _parts(body: bytes, kind: str) -> Body:
    boundary = re.search(r'boundary="?([^";]+)', kind)
    if not boundary:
        raise ValueError("no boundary")
    params: Body = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary[1].encode())[1:-1]:
        head, _, data = part.partition(b"\r\n\r\n")
        headers = head.decode()  # names of files are UTF-8 here, whatever else the standards allow
        name = re.search(r'[; ]name="?([^";\r\n]*)', headers)
        file = re.search(r'filename="((?:[^"\\]|\\.)*)"', headers)
        if not name:
            raise ValueError("a part without a name")
        if file:
            mime = re.search(r"(?i)content-type: *(\S+)", headers)
            params[name[1]] = Upload(file[1], data, mime[1] if mime else "application/octet-stream")
        else:
            params[name[1]] = data.decode()
    return params
