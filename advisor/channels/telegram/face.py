"""What Telegram shows of the advisor besides the talk: its commands, its description, the words for a group."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

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

HELP = "help"  # the one command that groups see
log = logging.getLogger("advisor.telegram")


@dataclass(frozen=True, slots=True)
class Face:
    """`commands` give what each is said to do, `says` the word that it stands for; `links` do so for links."""

    commands: Mapping[str, str]
    says: Mapping[str, str]
    links: Mapping[str, str]
    about: str
    about_short: str
    group: str
    draft_name: str


async def show(bot: Bot, face: Face, languages: tuple[str, ...] = ("", "zh")) -> None:
    """Set commands for every scope and language, descriptions and the menu button, where they differ from before."""
    everything = [BotCommand(name, about) for name, about in face.commands.items()]
    in_groups = [command for command in everything if command.command == HELP]
    scopes: list[tuple[BotCommandScope, list[BotCommand]]] = [
        (BotCommandScopeDefault(), everything),
        (BotCommandScopeAllPrivateChats(), everything),
        (BotCommandScopeAllGroupChats(), in_groups),
        (BotCommandScopeAllChatAdministrators(), in_groups),
    ]
    for language in languages:
        for scope, commands in scopes:
            if list(await bot.get_my_commands(scope, language)) != commands:
                await bot.set_my_commands(commands, scope, language)
        if (await bot.get_my_description(language)).description != face.about:
            await bot.set_my_description(face.about, language)
        if (await bot.get_my_short_description(language)).short_description != face.about_short:
            await bot.set_my_short_description(face.about_short, language)
    await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    log.info("face shown commands=%d", len(everything))
