"""Who reads in the `reading` bench: `python -m tests.bench.readers VARIANT ROUNDS` prints p99 (µs) and messages/s.

    ours     a whole reading: disguises undone, rules tried, likeness counted, verdict, findings, laws and routes
    re       only a loop of `re` over the patterns of the same rules, on the text as it came
    ngrams   only the kind, by a character n-gram classifier (tf-idf, logistic regression) of scikit-learn
    hostile  ours on 20 kB of hostile text: prints how many times an ordinary character one of the worst costs

$BENCH_MESSAGES is a JSON file with the messages and, for `re` and `ngrams`, the patterns and the kinds.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

LENGTH = 20_000
UNITS = (
    "还", "你", "a.", "欠钱", "您的贷款逾期", "http://", "1", "【", "“", "\n", "爆通讯", "亻崔", "贷 款 ", "催-收-",
    "cui shou ",     "a" * 60 + " ", "您您您您的的的", "逾期，", "12,",
    "不还就，", "弄死", "全家全", "㊀", "\u200b还", "验证码。",
)  # fmt: skip


def workload() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(os.environ["BENCH_MESSAGES"]).read_text(encoding="utf-8"))
    return found


def ours() -> Callable[[str], object]:
    from datetime import datetime

    from advisor.clock import SHANGHAI
    from advisor.content import load
    from advisor.message import Sms
    from advisor.reading import reader

    now = datetime(2026, 11, 23, 20, 30, tzinfo=SHANGHAI)
    reads = reader(load(Path(__file__).resolve().parents[2])).read
    return lambda text: reads(Sms(text), {}, now)


def plain_loop() -> Callable[[str], object]:
    patterns = [re.compile(pattern) for pattern in workload()["patterns"]]
    return lambda text: [pattern for pattern in patterns if pattern.search(text)]


def ngrams() -> Callable[[str], object]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2)
    found = workload()
    model = make_pipeline(vectors, LogisticRegression(C=20, max_iter=2000)).fit(found["messages"], found["kinds"])
    return lambda text: model.predict([text])


def measure(read: Callable[[str], object], texts: Sequence[str], rounds: int) -> tuple[float, float]:
    """Give p99 in microseconds and messages per second, after a warm-up."""
    for text in texts[:500]:
        read(text)
    taken = []
    for _ in range(rounds):
        for text in texts:
            began = perf_counter()
            read(text)
            taken.append(perf_counter() - began)
    taken.sort()
    return taken[int(len(taken) * 0.99)] * 1e6, len(taken) / sum(taken)


def hostile(read: Callable[[str], object], texts: Sequence[str]) -> float:
    """Give the cost of a character of the worst hostile text, in characters of ordinary text."""
    _, a_second = measure(read, texts, 1)
    ordinary = 1 / a_second / (sum(map(len, texts)) / len(texts))
    worst = 0.0
    for unit in UNITS:
        text = (unit * (LENGTH // len(unit) + 1))[:LENGTH]
        began = perf_counter()
        read(text)
        ratio = (perf_counter() - began) / LENGTH / ordinary
        print(f"{unit[:8]!r}: {ratio:.2f}", file=sys.stderr)
        worst = max(worst, ratio)
    return worst


READERS = {"ours": ours, "re": plain_loop, "ngrams": ngrams}


def main() -> None:
    name, rounds, texts = sys.argv[1], int(sys.argv[2]), workload()["messages"]
    if name == "hostile":
        print(hostile(ours(), texts))
    else:
        print(*measure(READERS[name](), texts, rounds))


if __name__ == "__main__":
    main()
