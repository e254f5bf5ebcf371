"""What a bot says of itself: its name, its commands, its description."""

from typing import Any

from tests.botapi import rules
from tests.botapi.rules import bad
from tests.botapi.state import BOT, Body, Telegram

_RIGHTS = ("can_join_groups", "can_connect_to_business", "supports_inline_queries", "has_main_web_app")


class Profile:
    """The methods that no chat is needed for."""

    def __init__(self, telegram: Telegram) -> None:
        self._known = telegram

    def getMe(self, params: Body) -> Body:
        rights = dict.fromkeys(_RIGHTS, False) | {"can_join_groups": True}
        return {**BOT, **rights, "can_read_all_group_messages": not self._known.privacy_mode}

    def setMyCommands(self, params: Body) -> bool:
        rules.check_commands(params.get("commands"))
        chat = (params.get("scope") or {}).get("chat_id")
        if chat is not None and int(chat) not in self._known.chats:
            raise bad("chat not found")
        self._known.kept[f"commands {rules.place(params)}"] = params["commands"]
        return True

    def getMyCommands(self, params: Body) -> list[Body]:
        commands: list[Body] = self._known.kept.get(f"commands {rules.place(params)}", [])
        return commands

    def deleteMyCommands(self, params: Body) -> bool:
        self._known.kept.pop(f"commands {rules.place(params)}", None)
        return True

    def setMyName(self, params: Body) -> bool:
        return self._describe("name", 64, params)

    def getMyName(self, params: Body) -> Body:
        return self._described("name", params, BOT["first_name"])

    def setMyDescription(self, params: Body) -> bool:
        return self._describe("description", 512, params)

    def getMyDescription(self, params: Body) -> Body:
        return self._described("description", params)

    def setMyShortDescription(self, params: Body) -> bool:
        return self._describe("short_description", 120, params)

    def getMyShortDescription(self, params: Body) -> Body:
        return self._described("short_description", params)

    def setChatMenuButton(self, params: Body) -> bool:
        button = params.get("menu_button") or {"type": "default"}
        if button.get("type") not in ("default", "commands", "web_app"):
            raise bad("can't parse menu button: Unsupported type specified")
        self._known.kept[f"menu button {self._person(params)}"] = button
        return True

    def getChatMenuButton(self, params: Body) -> Body:
        button: Body = self._known.kept.get(f"menu button {self._person(params)}", {"type": "commands"})
        return button

    def _describe(self, kind: str, longest: int, params: Body) -> bool:
        words = str(params.get(kind) or "")
        if rules.units(words) > longest:
            raise bad(f"{kind.replace('_', ' ')} is too long")
        self._known.kept[f"{kind} {rules.place({**params, 'scope': None})}"] = words
        return True

    def _described(self, kind: str, params: Body, otherwise: Any = "") -> Body:
        return {kind: self._known.kept.get(f"{kind} {rules.place({**params, 'scope': None})}") or otherwise}

    def _person(self, params: Body) -> int:
        return int(self._known.chat(params).about["id"]) if params.get("chat_id") else 0
