"""What machines ask of a running process: whether it is alive, whether to send it people, and its figures."""

import hmac
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

FIGURES = "text/plain; version=0.0.4; charset=utf-8"


class Probes:
    """Answers `/healthz`, `/readyz` and, where there are figures, `/metrics`.

    `ready` tells whether the store can be reached; with a `token` the figures are only for who brings it.
    """

    def __init__(
        self,
        ready: Callable[[], bool] = lambda: True,
        figures: Callable[[], bytes] | None = None,
        token: str = "",
    ) -> None:
        """Answer from what is handed in."""
        self._ready, self._figures, self._token = ready, figures, token
        self.stopping = False

    @property
    def routes(self) -> list[Route]:
        """The paths that are answered."""
        routes = [Route("/healthz", self._alive), Route("/readyz", self._may_send)]
        return [*routes, Route("/metrics", self._tell)] if self._figures else routes

    async def _alive(self, _: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _may_send(self, _: Request) -> Response:
        """Tell a balancer whether to send people here: not while it stops, nor without a store."""
        if self.stopping:
            return PlainTextResponse("stopping\n", 503)
        return PlainTextResponse("ok\n") if self._ready() else PlainTextResponse("store\n", 503)

    async def _tell(self, request: Request) -> Response:
        given = request.headers.get("authorization", "")
        if self._token and not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            return Response(status_code=401, headers={"www-authenticate": "Bearer"})
        return Response(self._figures() if self._figures else b"", media_type=FIGURES)
