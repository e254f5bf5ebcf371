"""The files that start it elsewhere are right, by their own linters where a machine has them, and a copy restores."""

import re
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml

from advisor.commands.serving import shared_folder
from advisor.desk import Desk
from advisor.message import Message
from bot import open_store
from tests.conversation import ROOT, advisor
from tests.databases import Database
from tests.postgres import Postgres
from tests.running import Bot, running
from tests.telegram.screen import asked, begin, says
from tests.test_docs import settings

DEPLOY = ROOT / "deploy"
LINTERS = (
    ("haproxy", "-c", "-f", "haproxy.cfg"),
    ("dockerfile-utils", "lint", "Dockerfile"),
    ("hadolint", "Dockerfile"),
    ("dclint", "--quiet", "compose.yaml"),
    ("kubernetes-validate", "--strict", "kubernetes.yaml"),
    ("kubeconform", "-strict", "kubernetes.yaml"),
)


@pytest.mark.parametrize("command", LINTERS, ids=lambda command: command[0])
def test_its_own_linter_finds_nothing(command: tuple[str, ...]) -> None:
    if not shutil.which(command[0]):
        pytest.skip(f"there is no {command[0]} here")
    ran = subprocess.run(command, cwd=DEPLOY, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_unit_is_one_and_gives_little_away(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd here")
    unit = tmp_path / "advisor.service"
    text = (DEPLOY / "advisor.service").read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/advisor/.venv/bin/python", "/bin/true"), encoding="utf-8")
    verified = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert verified.returncode == 0 and verified.stderr == ""
    secure = [
        "systemd-analyze",
        "security",
        "--offline=true",
        "--threshold=20",
        str(unit),
    ]  # of 100
    assert subprocess.run(secure, capture_output=True, check=False).returncode == 0


def documents(name: str) -> list[Any]:
    return list(yaml.safe_load_all((DEPLOY / name).read_text(encoding="utf-8")))


def test_replicas_are_asked_whether_they_are_ready_and_given_time_to_end() -> None:
    deployment, service, budget = documents("kubernetes.yaml")
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert {container[probe]["httpGet"]["path"] for probe in ("livenessProbe", "startupProbe")} == {"/healthz"}
    drain = next(int(one["value"]) for one in container["env"] if one["name"] == "DRAIN_SECONDS")
    assert drain + 10 < pod["terminationGracePeriodSeconds"]
    assert pod["securityContext"]["runAsNonRoot"] and container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"] == budget["spec"]["selector"]["matchLabels"] == labels
    assert budget["spec"]["minAvailable"] < deployment["spec"]["replicas"]


def test_the_balancer_asks_the_same_and_shows_nobody_the_figures() -> None:
    (compose,) = documents("compose.yaml")
    services, balancer = compose["services"], (DEPLOY / "haproxy.cfg").read_text(encoding="utf-8")
    assert services["advisor"]["deploy"]["replicas"] == 3 and "ports" not in services["advisor"]
    assert "uri /readyz" in balancer and "deny_status 404 if { path /metrics }" in balancer
    assert re.search(r"server-template replica 3 advisor:8080 ", balancer)
    assert not re.search(r"^\s*(log|option httplog|capture)\b", balancer, re.MULTILINE), "addresses hold names"
    assert services["advisor"]["read_only"] and services["advisor"]["cap_drop"] == ["ALL"]
    drain = int(services["advisor"]["environment"]["DRAIN_SECONDS"])
    assert drain + 10 < int(services["advisor"]["stop_grace_period"].removesuffix("s"))


def test_every_setting_that_is_set_is_one() -> None:
    (compose,) = documents("compose.yaml")
    image = re.findall(r"^\s*(?:ENV )?([A-Z_]+)=", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    unit = re.findall(r"\b([A-Z_]+)=", (DEPLOY / "advisor.service").read_text(encoding="utf-8"))
    others = {"PATH", "PYTHONDONTWRITEBYTECODE", "MPLCONFIGDIR"}
    assert {*compose["services"]["advisor"]["environment"], *image, *unit} - others <= settings()


def test_every_setting_can_be_given_to_the_replicas_and_stands_in_the_example() -> None:
    (compose,) = documents("compose.yaml")
    given = compose["services"]["advisor"]["environment"]
    fixed_by_the_image = {"HOST", "PORT", "LOG_FORMAT", "DOCUMENT_FONT", "TELEGRAM_API_URL"}
    assert set(given) == settings() - fixed_by_the_image
    asked = re.findall(r"\$\{([A-Z_]+)(:.)", (DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    lines = re.findall(r"^(#?)([A-Z_]+)=", (DEPLOY / "example.env").read_text(encoding="utf-8"), re.MULTILINE)
    told = {name: bool(left_out) for left_out, name in lines}
    assert set(told) == {name for name, _ in asked} | {"DATABASE_URL"} <= settings() | {"POSTGRES_PASSWORD"}
    assert {name for name, left_out in told.items() if not left_out} == {name for name, how in asked if how == ":?"}


def test_behind_the_balancer_each_person_keeps_an_address_of_their_own() -> None:
    """Who calls is read from the last address: the balancer must not put that of what ends HTTPS behind it."""
    balancer = (DEPLOY / "haproxy.cfg").read_text(encoding="utf-8")
    assert re.findall(r"^\s*option forwardfor\b([^#\n]*)", balancer, re.MULTILINE) == [" if-none "]


def test_what_processes_on_postgresql_share_lies_where_a_container_may_write() -> None:
    one, other = (shared_folder(f"postgresql://host/{name}") for name in "ab")
    assert one.parent == other.parent == Path(tempfile.gettempdir()) and one != other
    assert shared_folder("sqlite:////var/lib/advisor/advisor.db") == Path("/var/lib/advisor")


def test_the_image_runs_as_nobody_and_holds_what_is_needed() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert text.count("FROM ") == 2 and "--require-hashes" in text
    assert next(number for number, line in enumerate(lines) if line.startswith("USER ")) < lines.index('CMD ["serve"]')
    copied = {line.split()[1] for line in lines if line.startswith("COPY ") and "--from" not in line}
    let_in = {
        line[1:]
        for line in (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    assert copied == let_in
    needed = {"bot.py", "advisor", "flows", "templates", "knowledge", "requirements.lock"}
    assert copied == needed and all((ROOT / name).exists() for name in needed)


# ---- backup and restore ----


def copy_while_it_runs(database: Path, to: Path) -> None:
    """Do what `sqlite3 DATABASE ".backup COPY"` does."""
    with closing(sqlite3.connect(database)) as running_one, closing(sqlite3.connect(to)) as copy:
        running_one.backup(copy)


def test_a_copy_made_while_it_runs_is_restored_and_the_talk_goes_on(tmp_path: Path) -> None:
    with running(tmp_path / "bot") as (peer, bot):
        person = peer.person(7)
        begin(person)
        person.say("想协商")
        person.wait(says("哪家机构"), 30)
        copy_while_it_runs(bot.database, tmp_path / "copy.db")
        person.say("青苗消费金融")
        person.wait(lambda screen: screen[-1]["from_bot"] and asked(screen), 30)
        bot.kill()  # and the disk with it
        restored = Bot(peer, tmp_path / "restored")
        shutil.copyfile(tmp_path / "copy.db", restored.database)
        with closing(sqlite3.connect(restored.database)) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        restored.start()
        try:
            asked_before = len([m for m in person.screen if m["from_bot"] and "哪家机构" in m["text"]])
            person.say("继续")
            screen = person.wait(
                lambda screen: len([m for m in screen if m["from_bot"] and "哪家机构" in m["text"]]) > asked_before, 30
            )
            assert asked(screen), "it stands where it stood when the copy was made"
        finally:
            restored.stop()


@pytest.mark.parametrize("into", ["the same database", "an empty one"])
def test_a_dump_of_postgresql_is_restored_and_the_talk_goes_on(server: Postgres, shared: Database, into: str) -> None:
    desk = Desk(advisor(), shared.open())
    assert desk.answer_now(Message("a", "想协商")).state == "negotiate.lender"
    dump = server.tool("pg_dump", "--format=custom", shared.url)
    desk.answer_now(Message("a", "青苗金融"))
    desk.close()
    url = shared.url if into == "the same database" else server.database()
    how, told = ("--clean", "--if-exists"), (DEPLOY / "README.md").read_text("utf-8")
    assert f"pg_restore --username=advisor --dbname=advisor {' '.join(how)}" in told
    server.tool("pg_restore", f"--dbname={url}", *how, given=dump)
    desk = Desk(advisor(), open_store(url))
    assert desk.answer_now(Message("a", "继续")).state == "negotiate.lender"
    assert desk.answer_now(Message("a", "青苗金融")).state == "negotiate.lender_kind"
    desk.close()
