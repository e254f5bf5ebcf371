"""What a running process tells of itself to those who watch over it, for Prometheus: numbers and states, no person."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from advisor.tally import Answered, Event

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # WeChat gives up after five


class Metrics(logging.Handler):
    """Counts events, and the errors that are logged."""

    def __init__(self) -> None:
        """Begin at nought."""
        super().__init__(logging.ERROR)
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        count = self._counter
        self._turns = count("turns", "Turns taken, by the state where the talk then stood.", "state")
        self._left = count("turns_from", "Turns taken, by the state where the talk stood before.", "state")
        self._unclear = count("not_understood", "Turns not understood, by the state where the talk stood.", "state")
        self._heard = count("heard", "Turns by the listener that recognised the message.", "listener")
        self._readings = count("readings", "SMS read, by kind.", "kind")
        self._refused = count("files_refused", "Files not taken, by reason.", "reason")
        self._errors = count("errors", "Errors logged, by the part that logged them.", "part")
        self._content = count("content", "New content by what became of it: taken or refused.", "outcome")
        self._seconds = Histogram(
            "advisor_answer_seconds",
            "Seconds until an answer was on the disk.",
            registry=self._registry,
            buckets=SECONDS,
        )
        self._mistakes = self._gauge("content_mistakes", "Mistakes in the newest content; nought when it is served.")

    def _counter(self, name: str, about: str, label: str) -> Counter:
        return Counter(f"advisor_{name}", about, [label], registry=self._registry)

    def _gauge(self, name: str, about: str) -> Gauge:
        return Gauge(f"advisor_{name}", about, registry=self._registry)

    def measure(self, name: Literal["outbox_age_seconds", "content_due"], about: str, get: Callable[[], float]) -> None:
        """Have a figure asked for whenever the page is; one that cannot be had now is no number."""

        def ask() -> float:
            try:
                return get()
            except Exception:  # the store is away: the other figures are told all the same
                return float("nan")

        self._gauge(name, about).set_function(ask)

    def observe(self, event: Event) -> None:
        """Count an event."""
        if isinstance(event, Answered):
            self._seconds.observe(event.seconds)
            return
        self._turns.labels(event.state).inc()
        if event.before:
            self._left.labels(event.before).inc()
        if event.unclear:
            self._unclear.labels(event.before or event.state).inc()
        if event.heard_by:
            self._heard.labels(event.heard_by).inc()
        if event.reading:
            self._readings.labels(event.reading).inc()
        for reason in event.refused:
            self._refused.labels(reason).inc()

    def content(self, mistakes: int) -> None:
        """Note that new content was taken over, or refused for its mistakes."""
        self._content.labels("refused" if mistakes else "taken").inc()
        self._mistakes.set(mistakes)

    def emit(self, record: logging.LogRecord) -> None:
        """Count an error."""
        ours, _, part = record.name.partition(".")
        self._errors.labels(part if ours == "advisor" and part else "other").inc()

    def page(self) -> bytes:
        """Give all figures in the text format of Prometheus."""
        return generate_latest(self._registry)


def age(since: datetime | None, now: datetime) -> float:
    """Give the seconds since a time, nought when there is none."""
    return max((now - since).total_seconds(), 0.0) if since else 0.0
