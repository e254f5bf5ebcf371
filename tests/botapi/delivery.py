"""The ways an update goes to the bot: it asks with getUpdates, or Telegram posts to its webhook."""

import json
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.botapi.rules import Refused, bad
from tests.botapi.state import Body, Telegram

_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
_ONE_AT_A_TIME = "other getUpdates request; make sure that only one bot instance is running"


class Delivery:
    """Gives each update until the bot has taken it, and never one that it has confirmed."""

    def __init__(self, telegram: Telegram, call: Callable[[str, Body], object]) -> None:
        self._known, self._call = telegram, call
        self._busy: set[int] = set()
        # no connection is kept: one that the bot has closed meanwhile would count as a failure
        self._http = httpx.Client(timeout=20, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
        self._thread = threading.Thread(target=self._deliver, name="webhook", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Wait until nothing is posted any more; `closing` is set."""
        self._thread.join()
        self._http.close()

    # what the bot calls; the lock is held, and given back while a poll waits

    def getUpdates(self, params: Body) -> list[Body]:
        known = self._known
        if known.webhook:
            raise Refused(409, _WEBHOOK_ACTIVE)
        self._allow(params)
        self._end_polls(_ONE_AT_A_TIME)
        mine, offset, limit = known.poll, int(params.get("offset") or 0), int(params.get("limit") or 100)
        if offset < 0:
            known.pending = known.pending[offset:]
        elif offset:
            known.pending = [update for update in known.pending if update["update_id"] >= offset]
        known.changed.wait_for(
            lambda: known.closing or known.poll != mine or known.again or known.pending,
            min(float(params.get("timeout") or 0), 50),
        )
        if known.poll != mine:
            raise Refused(409, f"Conflict: terminated by {known.ended_by}")
        most = limit if 1 <= limit <= 100 else 100
        given, known.again = [*known.again, *known.pending][:most], known.again[most:]
        return given

    def setWebhook(self, params: Body) -> bool:
        url, secret = str(params.get("url") or ""), str(params.get("secret_token") or "")
        if not url:
            return self.deleteWebhook(params)
        # a real server takes https only; a local one takes http too, and so must this one
        if not re.match(r"https?://[^/\s]+", url):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad("secret token is too long" if len(secret) > 256 else "secret token contains unallowed characters")
        self._allow(params)
        self._end_polls("setWebhook request")
        self._drop(params)
        most = int(params.get("max_connections") or 40)
        self._known.webhook = {"url": url, "secret": secret, "most": min(max(most, 1), 100), "error": {}}
        return True

    def deleteWebhook(self, params: Body) -> bool:
        self._drop(params)
        self._known.webhook = None
        return True

    def getWebhookInfo(self, params: Body) -> Body:
        hook, allowed = self._known.webhook, self._known.allowed
        told: Body = {"url": "", "has_custom_certificate": False, "pending_update_count": len(self._known.pending)}
        told |= {"allowed_updates": allowed} if allowed else {}
        return told | ({"url": hook["url"], "max_connections": hook["most"], **hook["error"]} if hook else {})

    def _allow(self, params: Body) -> None:
        if params.get("allowed_updates") is not None:  # kept until told otherwise; an empty list is the default again
            self._known.allowed = list(params["allowed_updates"])

    def _end_polls(self, why: str) -> None:
        self._known.poll += 1
        self._known.ended_by = why
        self._known.changed.notify_all()

    def _drop(self, params: Body) -> None:
        if params.get("drop_pending_updates"):
            self._known.pending.clear()

    # the webhook

    def _deliver(self) -> None:
        with ThreadPoolExecutor(100) as pool, self._known.changed:
            while not self._known.closing:
                if (hook := self._known.webhook) and (next_one := self._next(hook["most"])):
                    self._busy.add(_whose(next_one))
                    pool.submit(self._post, hook, next_one)
                else:
                    self._known.changed.wait()

    def _next(self, most: int) -> Body | None:
        self._known.pending[:0], self._known.again = self._known.again, []
        if len(self._busy) >= most:
            return None
        # one person's updates come one after another
        return next((update for update in self._known.pending if _whose(update) not in self._busy), None)

    def _post(self, hook: Body, update: Body) -> None:
        secret = {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]} if hook["secret"] else {}
        pause, known = 0.1, self._known
        while True:
            status, answer, error = self._posted(hook["url"], secret, update)
            with known.changed:
                known.answers[status] += 1
                taken = 200 <= status < 300
                if taken and update in known.pending:
                    known.pending.remove(update)
                if not taken:
                    hook["error"] = {"last_error_date": int(time.time()), "last_error_message": error}
                    known.changed.wait_for(lambda: known.closing or known.webhook is not hook, pause)
                if taken or known.closing or known.webhook is not hook:
                    self._busy.discard(_whose(update))
                    known.changed.notify_all()
                    break
            pause = min(pause * 1.5, 0.5)
        if taken and answer.get("method"):  # a bot may make one call in its answer
            self._call(answer.pop("method"), answer)

    def _posted(self, url: str, secret: dict[str, str], update: Body) -> tuple[int, Body, str]:
        try:
            response = self._http.post(url, json=update, headers=secret)
        except httpx.HTTPError as error:
            return 0, {}, str(error) or type(error).__name__
        try:
            answer = response.json()
        except json.JSONDecodeError:
            answer = {}
        wrong = f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}"
        return response.status_code, answer if isinstance(answer, dict) else {}, wrong


def _whose(update: Body) -> int:
    [body] = [value for name, value in update.items() if name != "update_id"]
    return int(body["from"]["id"])
