"""The `passive` bench: how long a person in WeChat waits for an answer, signed and sealed both ways.

Ours has core 0 to itself and answers the dialog of `workload` on SQLite with synchronous=FULL: the signature is
checked, the message opened, the turn taken and committed, the answer sealed and marked. Beside it stands starlette
alone, which gives the sealed body back. The client, 16 connections, is on core 1; it seals before the measurement,
and opens no answers. The platform gives five seconds. Settings: ROUNDS (3), BENCH_PEOPLE, BENCH_DIR.
"""

import asyncio
import os
import statistics
import sys
import time
from urllib.parse import urlencode

from . import client, rig
from .dialog import where
from .servers import SECRET
from .workload import LAP, PEOPLE, Turn, turns

APPID, AES_KEY = "wx0000000000000000", "bench" * 8 + "ben"
VARIANTS = {"passive": "ours: signed, sealed, durable, deduplicated", "echo": "starlette alone, the body back"}


def run() -> int:
    """Measure and print; 1 only when a server broke, never because of a figure."""
    rounds = max(1, int(os.environ.get("ROUNDS", "3")))
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in VARIANTS}
    with rig.scratch() as folder, rig.held(1):
        os.environ["BENCH_SCRATCH"] = str(folder)
        for number in range(1, rounds + 1):
            print(f"round {number} of {rounds}", file=sys.stderr, flush=True)
            for name in VARIANTS:
                try:
                    with client.server(sys.executable, name, "", 0) as (port, _):
                        found[name].append(asyncio.run(play(port)))
                except (rig.FailedError, OSError, EOFError) as why:
                    print(f"{name} FAILED: {why}")
                    return 1
    print(f"\n{PEOPLE} people, {client.CONNECTIONS} connections, {where()}")
    line = "{:10}{:>12}{:>12}{:>12}  {}"
    print(line.format("server", "answers/s", "median ms", "p99 ms", "what"))
    for name, about in VARIANTS.items():
        rate, median, p99 = (statistics.median(column) for column in zip(*found[name], strict=True))
        print(line.format(name, f"{rate:,.0f}", f"{median:.1f}", f"{p99:.1f}", about))
    return 0


async def play(port: int) -> tuple[float, float, float]:
    """Post the dialog, a lap to warm up first; give answers a second, and the median and p99 wait in milliseconds."""
    played = turns(LAP)
    await client.post_shares(port, requests(played[:LAP], 0))
    measured = requests(played[LAP:], LAP)
    began = time.perf_counter()
    waits = sorted(await client.post_shares(port, measured))
    took = time.perf_counter() - began
    return len(waits) / took, 1000 * waits[len(waits) // 2], 1000 * waits[len(waits) * 99 // 100]


def requests(played: list[Turn], before: int) -> list[list[bytes]]:
    """Divide turns among the connections, each person's on one, signed and sealed as the platform does."""
    from advisor.channels.wechat.crypto import Sealer, Signer
    from advisor.channels.wechat.wire import build

    signer, sealer = Signer(SECRET), Sealer(AES_KEY, APPID)
    at, nonce = str(int(time.time())), "nonce"
    found: list[list[bytes]] = [[] for _ in range(client.CONNECTIONS)]
    for number, turn in enumerate(played, before + 1):
        text = "/start the bench" if turn.text == "/start" else turn.text
        told = {"ToUserName": "gh", "FromUserName": f"o{turn.person}", "MsgType": "text", "Content": text}
        sealed = sealer.seal(build({**told, "CreateTime": int(at), "MsgId": number}))
        signed = {"signature": signer.sign(at, nonce), "msg_signature": signer.sign(at, nonce, sealed)}
        query = urlencode({**signed, "timestamp": at, "nonce": nonce, "encrypt_type": "aes"})
        body = build({"ToUserName": "gh", "Encrypt": sealed}).encode()
        head = f"POST /wechat?{query} HTTP/1.1\r\nhost: bench\r\ncontent-length: {len(body)}\r\n\r\n"
        found[turn.person % client.CONNECTIONS].append(head.encode() + body)
    return found
