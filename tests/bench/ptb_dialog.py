"""The dialog of `workload` as a bot of python-telegram-bot: one ConversationHandler, one callback a step."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Update
from telegram.ext import CommandHandler, ContextTypes, ConversationHandler, MessageHandler, filters

from .workload import STATES, STEPS, Render, renderer

Callback = Callable[[Update, ContextTypes.DEFAULT_TYPE], Coroutine[Any, Any, int]]


def dialog(*, persistent: bool) -> ConversationHandler[ContextTypes.DEFAULT_TYPE]:
    """Give the handler of the whole dialog; `persistent` when the application keeps what it knows."""
    render = renderer()
    typed = filters.TEXT & ~filters.COMMAND
    return ConversationHandler(
        entry_points=[CommandHandler("start", step_taken(0, render))],
        states={step: [MessageHandler(typed, step_taken(step, render))] for step in range(1, STEPS)},
        fallbacks=[],
        name="dialog",
        persistent=persistent,
    )


def step_taken(step: int, render: Render) -> Callback:
    """Give the callback of a step: it takes the answer in, replies, and names the next step."""

    async def callback(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        message, answers = update.message, context.user_data
        assert message is not None and message.text is not None and answers is not None
        if step:
            answers[STATES[step]] = message.text
        await message.reply_text(render(STATES[step + 1], answers))
        if step < STEPS - 1:
            return step + 1
        answers.clear()
        return ConversationHandler.END

    return callback
