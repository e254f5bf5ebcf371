"""What Telegram shows of the advisor besides the talk: its commands, its description, the words for a group."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
    MenuButtonCommands,
)

from advisor.channels.telegram.patience import patiently
from advisor.message import Files

HELP = "help"  # the one command that groups see
log = logging.getLogger("advisor.telegram")


@dataclass(frozen=True, slots=True)
class Face:
    """What is shown and said.

    `commands` give what each is said to do, `says` the word that it stands for, `links` do so for links;
    `files` makes the files that go with a bubble.
    """

    commands: Mapping[str, str]
    says: Mapping[str, str]
    links: Mapping[str, str]
    about: str
    about_short: str
    group: str
    files: Files


async def show(bot: Bot, face: Face, languages: tuple[str, ...] = ("", "zh")) -> None:
    """Set commands for every scope and language, descriptions and the menu button; one that fails stops no other."""
    everything = [BotCommand(name, about) for name, about in face.commands.items()]
    in_groups = [command for command in everything if command.command == HELP]
    scopes: list[tuple[BotCommandScope, list[BotCommand]]] = [
        (BotCommandScopeDefault(), everything),
        (BotCommandScopeAllPrivateChats(), everything),
        (BotCommandScopeAllGroupChats(), in_groups),
        (BotCommandScopeAllChatAdministrators(), in_groups),
    ]
    calls: list[Callable[[], Awaitable[object]]] = [partial(bot.set_chat_menu_button, menu_button=MenuButtonCommands())]
    for language in languages:
        calls += [partial(bot.set_my_commands, commands, scope, language) for scope, commands in scopes]
        calls.append(partial(bot.set_my_description, face.about, language))
        calls.append(partial(bot.set_my_short_description, face.about_short, language))
    for call in calls:
        await patiently("face", call)
    log.info("face shown commands=%d", len(everything))
