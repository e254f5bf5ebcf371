"""`chat --json`, `analyze`, `letter`, `law` and the other commands, as other programs use them."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.botapi.contents import PICTURE
from tests.conversation import ROOT, Player, read

NOW = "2026-11-23T20:30"


def bot(*words: str, given: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[str]:
    data = given if isinstance(given, bytes) else given.encode()
    ran = subprocess.run(
        [sys.executable, str(ROOT / "bot.py"), *words], input=data, capture_output=True, cwd=ROOT,
        env={**os.environ, **environment}, timeout=60, check=False,
    )  # fmt: skip
    return subprocess.CompletedProcess(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode())


def talk(db: Path, *lines: Any, person: str = "p") -> list[Any]:
    given = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    ran = bot("chat", "--json", "--db", f"sqlite:///{db}", "--now", NOW, "--person", person, given=given + "\n")
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_one_object_in_one_object_out(tmp_path: Path) -> None:
    replies = talk(tmp_path / "a.db", {"text": "你好", "id": "1"}, {"text": "想协商", "id": 2})
    assert [set(reply) for reply in replies] == [{"id", "state", "routes", "messages", "files"}] * 2
    assert [reply["id"] for reply in replies] == ["1", 2]
    assert replies[1]["state"] == "negotiate.lender"
    assert all(set(choice) == {"id", "label"} for choice in replies[0]["messages"][-1]["choices"])
    assert all("choices" not in message for message in replies[0]["messages"][:-1])


def test_a_tapped_choice_leads_on_and_a_stale_one_is_answered_kindly(tmp_path: Path) -> None:
    (first,) = talk(tmp_path / "a.db", {"text": "催收联系我家人"})
    choice = next(c["id"] for c in first["messages"][-1]["choices"] if c["label"] == "没有别人")
    second, third = talk(tmp_path / "a.db", {"choice": choice}, {"choice": choice})
    assert second["state"] == third["state"] == "contacted_others.signed"
    assert "前面一步" in third["messages"][0]["text"]


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "3", '"text"', "{}", '{"text": 3}', '{"text": "a", "choice": "b"}', '{"word": "a"}', '{"sms": []}',
     '{"sms": [{"sender": "1"}]}', '{"sms": {"text": "a", "received_at": "yesterday"}}', '{"text": "a", "id": {}}',
     "[" * 100_000],
)  # fmt: skip
def test_a_bad_line_gets_an_error_and_the_talk_goes_on(tmp_path: Path, line: str) -> None:
    bad, good = talk(tmp_path / "a.db", line, {"text": "你好"})
    assert set(bad) == {"error"} and set(bad["error"]) == {"code", "message"}
    assert good["state"] == "home.what_happened"


def test_an_image_is_taken_as_a_file_and_a_missing_one_is_answered_kindly(tmp_path: Path) -> None:
    picture = tmp_path / "a.png"
    picture.write_bytes(PICTURE.data)
    here, there = {"image": str(picture)}, {"image": str(tmp_path / "none.png")}
    missing, _, kept, shown = talk(tmp_path / "a.db", there, {"text": "同意保存"}, here, {"text": "证据册"})
    assert "error" not in missing and "打出来" in missing["messages"][1]["text"]
    assert any("已放进你的证据册" in message["text"] for message in kept["messages"])
    assert "图片1件" in shown["messages"][0]["text"]


@pytest.mark.parametrize("kind", ["endless", "pipe", "huge"])
def test_of_an_image_that_does_not_end_no_more_is_read_than_a_picture_may_have(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "a.png"
    if kind == "endless":
        place.symlink_to("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        with place.open("wb") as file:
            file.truncate(10**10)  # of which nothing is on the disk
    told, after = talk(tmp_path / "a.db", {"image": str(place)}, {"text": "你好"})
    words = "\n".join(message["text"] for message in told["messages"])
    assert ("太大" if kind == "huge" else "打出来") in words
    assert after["state"] == "home.what_happened"


def test_people_in_one_process_do_not_meet(tmp_path: Path) -> None:
    one, two = talk(tmp_path / "a.db", {"text": "想协商", "person": "a"}, {"text": "继续", "person": "b"})
    assert (one["state"], two["state"]) == ("negotiate.lender", "home.what_happened")


def test_several_sms_get_one_reading(tmp_path: Path) -> None:
    one = {"text": "【速贷】再不还钱就把你欠款的事发给通讯录所有人", "sender": "13800138000"}
    sms = [{**one, "received_at": f"2026-11-2{day}T23:10"} for day in range(3)]
    (reply,) = talk(tmp_path / "a.db", {"sms": sms})
    assert "3条" in reply["messages"][1]["text"]
    assert "evidence" in reply["routes"]


def test_input_that_is_not_utf8_is_answered(tmp_path: Path) -> None:
    ran = bot("chat", "--json", "--db", f"sqlite:///{tmp_path}/a.db", "--now", NOW, given=b'{"text": "\xff\xfe"}\n')
    assert json.loads(ran.stdout)["messages"]


def test_output_is_utf8_whatever_the_locale(tmp_path: Path) -> None:
    ran = bot("letter", LC_ALL="C", LANG="C", PYTHONIOENCODING="ascii")
    assert "报案情况说明" in ran.stdout


def test_a_database_that_cannot_be_opened_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    ran = bot("chat", "--db", f"sqlite:///{tmp_path}/file/a.db")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert len(ran.stderr.splitlines()) == 1


def test_analyze_gives_the_place_of_every_quote() -> None:
    text = "【速贷】逾期不还，明天把你欠钱的事发给你通讯录所有人"
    lines = "\n".join(json.dumps({"id": n, "text": text}) for n in range(2))
    ran = bot("analyze", "--json", "--now", NOW, given=lines)
    results = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [result["id"] for result in results] == [0, 1]
    fixed = {"id", "kind", "sure", "grade", "findings", "routes", "laws"}
    assert set(results[0]) == fixed | {"ask", "evidence", "sentences"}
    assert "".join(one["quote"] for one in results[0]["sentences"]) == text
    assert results[0]["kind"] == "collection"
    for found in results[0]["findings"]:
        assert text[found["start"] : found["end"]] == found["quote"]
    assert "threat_exposure" in {found["id"] for found in results[0]["findings"]}


def test_analyze_cites_the_law_of_the_day_the_sms_came() -> None:
    text = "再不还钱就找人打断你的腿"
    lines = [json.dumps({"id": d, "text": text, "received_at": f"{d}T10:00"}) for d in ("2025-12-31", "2026-01-01")]
    ran = bot("analyze", "--json", "--now", NOW, given="\n".join(lines))
    before, after = (json.dumps(json.loads(line)["laws"], ensure_ascii=False) for line in ran.stdout.splitlines())
    assert "第四十二条" in before and "第五十条" not in before
    assert "第五十条" in after and "第四十二条" not in after


PARAGRAPHS = "还款提醒\n\n再不还砍死你"


def test_analyze_reads_paragraphs_and_answers_a_bad_line() -> None:
    whole = bot("analyze", "--now", NOW, given=PARAGRAPHS).stdout
    first, second, together = re.split(r"\[2\] |\n\n(?=现在觉得不安全，先打110。\n收到2条)", whole)
    assert first.startswith("[1] ") and "砍死你" not in first
    assert second.startswith("现在觉得不安全，先打110") and "因为有“再不还砍死你”" in second
    assert second.count("· “砍死你”") == 1
    assert "合起来看" in together and together.count("· “砍死你”") == 1
    ran = bot("analyze", "--json", given='{"id": 1}\nnonsense\n{"id": 2, "text": "你好"}')
    assert ran.returncode == 1
    assert ["error" in json.loads(line) for line in ran.stdout.splitlines()] == [True, True, False]


def test_a_letter_leaves_marked_blanks_and_names_what_it_does_not_know() -> None:
    ran = bot("letter", "police_statement", "times=5", "--now", NOW)
    assert "共约 5 次" in ran.stdout and "＿＿＿＿" in ran.stdout
    assert bot("letter", "nothing").returncode == 2
    assert bot("letter", "police_statement", "times=whatever").returncode == 2
    assert "complaint_to_lender" in [line.split()[0] for line in bot("letter").stdout.splitlines() if line.split()]


def test_law_gives_the_version_of_the_day_and_both_across_a_change() -> None:
    days = ("2025-12-31", "2026-01-01")
    old, new = (bot("law", "harassing_messages", "--on", day, "--now", NOW).stdout for day in days)
    assert "第四十二条" in old and "第五十条" not in old
    assert "第五十条" in new and "第四十二条" not in new
    both = bot("law", "harassing_messages", "--on", "2025-12-01/2026-02-01", "--now", NOW).stdout
    assert both.index("第五十条") < both.index("第四十二条") and "公安机关决定" in both
    assert bot("law", "反复发骚扰短信", "--now", NOW).stdout.startswith("harassing_messages")


def test_an_expired_review_withholds_the_number_and_says_so() -> None:
    later = bot("law", "harassing_messages", "--now", "2030-01-01").stdout
    assert "第五十条" not in later and "未复核" in later


def test_the_tree_is_drawn_and_the_schema_written() -> None:
    assert bot("draw").stdout.startswith("flowchart")
    assert "body_threat" in bot("draw", "harassed").stdout
    assert bot("draw", "nothing").returncode == 2
    assert "SignalFile" in json.loads(bot("schema").stdout)["$defs"]


def test_a_recorded_talk_is_a_test_conversation(tmp_path: Path) -> None:
    record = tmp_path / "talk.yaml"
    given = json.dumps({"text": "想协商"}) + "\n" + json.dumps({"text": "青苗金融"}) + "\n"
    bot("chat", "--json", "--db", f"sqlite:///{tmp_path}/a.db", "--now", NOW, "--record", str(record), given=given)
    written = record.read_text(encoding="utf-8")
    assert 'user: "想协商"' in written and "state: negotiate.lender_kind" in written


def test_a_talk_can_begin_in_the_middle(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/a.db"
    ran = bot("chat", "--db", db, "--now", NOW, "--at", "negotiate.offer", "monthly_income=4500")
    assert "每月最多能拿出多少" in ran.stdout
    assert bot("chat", "--db", f"sqlite:///{tmp_path}/b.db", "--at", "no.where").returncode == 2


def test_a_recorded_talk_plays(tmp_path: Path) -> None:
    record = tmp_path / "talk.yaml"
    given = "".join(json.dumps(line) + "\n" for line in ({"text": "4500"}, {"text": "3000"}, {"text": "800"}))
    begin = ("--at", "negotiate.monthly_income", "lender=青苗金融")
    db = f"sqlite:///{tmp_path}/a.db"
    bot("chat", "--json", "--db", db, "--now", NOW, *begin, "--record", str(record), given=given)
    player = Player(*read(record, tmp_path))
    player.play()
    assert player.session.state == "negotiate.first_payment_on"


def test_every_part_of_the_schema_is_there() -> None:
    schema = json.loads(bot("schema").stdout)
    named = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))
    assert named and named <= set(schema["$defs"])


@pytest.mark.parametrize(
    "words", [("law", "x", "--on", "bad"), ("chat", "--at", "no.where"), ("analyze", "/no/such/file"), ("letter", "x")]
)
def test_what_cannot_be_done_is_said_in_one_sentence(words: tuple[str, ...], tmp_path: Path) -> None:
    ran = bot(*words, DATABASE_URL=f"sqlite:///{tmp_path}/a.db")
    assert ran.returncode == 2 and len(ran.stderr.splitlines()) == 1 and not ran.stderr.isascii()


@pytest.mark.parametrize(
    ("name", "value"), [("RETENTION_DAYS", "x"), ("DATA_KEY", "abc"), ("DATABASE_URL", "mysql://x")]
)
def test_a_wrong_setting_is_said_in_one_sentence(name: str, value: str) -> None:
    ran = bot("chat", "--json", **{name: value})
    assert ran.returncode == 2 and len(ran.stderr.splitlines()) == 1


def test_what_speaks_against_a_letter_is_told_beside_it() -> None:
    old = bot("letter", "negotiate_deferral", "overdue_on=2021年3月", "admit=承认", "--now", "2026-11-29")
    assert old.returncode == 0 and "诉讼时效" in old.stderr and "诉讼时效" not in old.stdout
    assert bot("letter", "negotiate_deferral", "overdue_on=2026年9月", "--now", "2026-11-29").stderr == ""


def test_the_files_of_a_reply_are_saved_and_named(tmp_path: Path) -> None:
    said = ("退款信", "老周咨询", "代谈分期", "3800", "上个月15号", "都对", "退款信", "都对")
    lines = "\n".join(json.dumps({"text": text}) for text in said)
    ran = bot("chat", "--json", "--db", f"sqlite:///{tmp_path / 'a.db'}", "--files", str(tmp_path), given=lines)
    files = [file for line in ran.stdout.splitlines() for file in json.loads(line)["files"]]
    assert [file["name"] for file in files] == ["draft.docx", "draft.docx"]
    assert all(Path(file["path"]).read_bytes().startswith(b"PK") for file in files)
    places = [Path(file["path"]) for file in files]
    assert len(set(places)) == 2 and all(tmp_path in place.parents for place in places)


def test_a_provision_names_all_that_cites_it() -> None:
    said = bot("law", "civil_penalty_reduction").stdout
    assert "templates/zh/letters/waive_penalty.j2" in said and "money.yaml：penalty_too_high" in said
    assert "tests/conversations/letter_waive_penalty.yaml" in said
    assert "用在" not in bot("law", "违约金").stdout


def test_a_change_of_words_is_shown_before_and_after(tmp_path: Path) -> None:
    for folder in ("flows", "templates", "knowledge"):
        shutil.copytree(ROOT / "tests/broken/_base" / folder, tmp_path / folder)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *command], check=True)
    assert "一样" in bot("check", "--root", str(tmp_path), "--diff", "HEAD").stdout
    template = tmp_path / "templates/zh/contacted_others/report.j2"
    template.write_text(template.read_text("utf-8").replace("。", "，真的。", 1), "utf-8")
    shown = bot("check", "--root", str(tmp_path), "--diff", "HEAD").stdout
    assert "report.j2（以前）" in shown and "真的" in shown and shown.count("（以前）") == 1
    assert bot("check", "--root", str(tmp_path), "--diff", "nothing").returncode == 2
