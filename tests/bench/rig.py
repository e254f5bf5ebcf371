"""What any bench needs: the peers' environment, one pinned process a measurement, a disk probe, a Redis."""

import hashlib
import os
import re
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv-bench"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
NODE_PACKAGES = ENVIRONMENT / "npm"
TELEGRAM_TEST_API = "telegram-test-api@4.2.1"
CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set[int]()
LEFT_OUT = 69  # a variant's exit code for "cannot run here, see the message"


class LeftOutError(Exception):
    """The variant cannot run here; the message says why."""


class FailedError(Exception):
    """The variant broke; the message is the end of what it said."""


def peers_python() -> str:
    """The interpreter of `.venv-bench`, which is made anew when its pins or the Python version changed."""
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = ENVIRONMENT / "made-from"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest() + " " + sys.version
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"making {ENVIRONMENT.name} from {REQUIREMENTS.relative_to(ROOT)} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True)
        install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([str(python), *install, "-r", str(REQUIREMENTS)], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return str(python)


def has_telegram_test_api() -> bool:
    """Tell whether node is here and finds the wanted telegram-test-api in NODE_PACKAGES."""
    stamp = NODE_PACKAGES / "made-from"
    return bool(shutil.which("node")) and stamp.is_file() and stamp.read_text(encoding="utf-8") == TELEGRAM_TEST_API


def make_telegram_test_api() -> None:
    """Have npm install telegram-test-api into NODE_PACKAGES, unless it is there. LeftOutError: no node or no npm."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        raise LeftOutError(f"node and npm are needed for {TELEGRAM_TEST_API}")
    if not has_telegram_test_api():
        print(f"installing {TELEGRAM_TEST_API} ...", flush=True)
        NODE_PACKAGES.mkdir(parents=True, exist_ok=True)
        quiet = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run([npm, "install", *quiet, "--prefix", str(NODE_PACKAGES), TELEGRAM_TEST_API], check=True)
        (NODE_PACKAGES / "made-from").write_text(TELEGRAM_TEST_API, encoding="utf-8")


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for databases and the like: in $BENCH_DIR, or in the project, so on the project's own disk."""
    ENVIRONMENT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="run-", dir=os.environ.get("BENCH_DIR") or ENVIRONMENT) as folder:
        yield Path(folder)


def pinned(core: int) -> list[str]:
    """The words before a command that hold it to one core, none where that cannot be done."""
    taskset = shutil.which("taskset")
    return [taskset, "-c", str(core)] if taskset and core in CORES else []


@contextmanager
def held(core: int) -> Iterator[None]:
    """Hold this process to one core until the block ends, where that can be done."""
    if core in CORES:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        if core in CORES:
            os.sched_setaffinity(0, CORES)


def rate(python: str, module: str, variant: str, n: int, settings: dict[str, str]) -> float:
    """Run `python -m MODULE VARIANT N` from the project's root on core 0; it prints turns per second."""
    return figures(python, module, variant, n, settings)[-1]


def figures(python: str, module: str, variant: str, n: int, settings: dict[str, str]) -> list[float]:
    """Do the same and give every figure of the last line."""
    try:
        done = subprocess.run(
            [*pinned(0), python, "-m", module, variant, str(n)],
            cwd=ROOT,
            env={**os.environ, **settings},
            capture_output=True,
            encoding="utf-8",
            timeout=600,
        )
    except subprocess.TimeoutExpired:
        raise FailedError("not done after 600 seconds") from None
    said = done.stderr.strip() or done.stdout.strip()
    if done.returncode == LEFT_OUT:
        raise LeftOutError(said)
    try:
        if done.returncode:
            raise ValueError
        return [float(word) for word in done.stdout.splitlines()[-1].split()]
    except (ValueError, IndexError):
        raise FailedError(f"exit code {done.returncode}: {said[-600:]}") from None


def sync_time(folder: Path, times: int = 200) -> float:
    """Median seconds that the disk takes to sync after 4 KiB were appended to a file in the folder."""
    sync = getattr(os, "fdatasync", os.fsync)
    taken = []
    with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(times):
            file.write(bytes(4096))
            began = time.perf_counter()
            sync(file.fileno())
            taken.append(time.perf_counter() - began)
    return statistics.median(taken)


@contextmanager
def redis_server(folder: Path) -> Iterator[str | None]:
    """A Redis that syncs its log at each write, on a free loopback port; yields its address.

    Yields None when no `redis-server` is installed.  The server reads its settings from standard input and
    wants a password made for this run; that the password is taken also proves that the port is ours.
    """
    binary = shutil.which("redis-server")
    if binary is None:
        yield None
        return
    data = folder / "redis"
    data.mkdir()
    password = secrets.token_hex(16)
    port, process = 0, None
    try:
        for _ in range(3):  # the port found free may be taken by someone else before the server has it
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            process = start_redis(binary, data, port, password)
            if answers(process, port, password):
                break
            end(process)
        else:
            log = data / "log"
            raise RuntimeError("redis-server did not start: " + (log.read_text() if log.is_file() else ""))
        yield f"redis://:{password}@127.0.0.1:{port}/0"
    finally:
        if process is not None:
            end(process)


def start_redis(binary: str, data: Path, port: int, password: str) -> "subprocess.Popen[str]":
    settings = {
        "bind": "127.0.0.1",
        "port": port,
        "requirepass": password,
        "dir": f'"{data}"',
        "logfile": "log",
        "save": '""',
        "appendonly": "yes",
        "appendfsync": "always",
        "auto-aof-rewrite-percentage": 0,
    }
    own_core = pinned(1)
    process = subprocess.Popen([*own_core, binary, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stdin is not None
    process.stdin.write("".join(f"{name} {value}\n" for name, value in settings.items()))
    process.stdin.close()
    return process


def answers(process: "subprocess.Popen[str]", port: int, password: str) -> bool:
    """Wait until the server takes the password; False when it ended or does not within ten seconds."""
    until = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as link:
                link.sendall(f"AUTH {password}\r\n".encode())
                if link.recv(64).startswith(b"+OK"):
                    return True
        except OSError:
            pass
        time.sleep(0.05)
    return False


def redis_memory(address: str) -> float:
    """Give what a Redis that `redis_server` started says that it holds, in MB."""
    server = urlsplit(address)
    with socket.create_connection((str(server.hostname), server.port or 0), timeout=10) as link:
        link.sendall(f"AUTH {server.password}\r\nINFO memory\r\nQUIT\r\n".encode())
        said = link.makefile("rb").read().decode()
    return float(re.findall(r"^used_memory:(\d+)", said, re.MULTILINE)[0]) / 1e6


def end(process: "subprocess.Popen[Any]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def resident(pid: int) -> float:
    """Give the resident memory of a process in MB."""
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
