"""Nobody reads another's case, and no other site speaks in somebody's name."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.web.office import PNG, Office, Visitor
from tests.web.test_talk import draft, rows

WORDS = "想协商，欠青苗金融三万"


def test_two_people_have_two_talks(office: Office) -> None:
    office.visitor().say(WORDS)
    assert "青苗" not in office.visitor().text


@pytest.mark.parametrize("cookie", ["a" * 24, "A" * 24, "", "' OR 1=1 --", "web:1", "../../etc/passwd", "a" * 5000])
def test_a_forged_cookie_opens_nothing(office: Office, cookie: str) -> None:
    office.visitor().say(WORDS)
    stranger = office.visitor()
    stranger.client.cookies.clear()
    response = stranger.client.get("/", headers={"cookie": f"s={cookie}"})
    assert response.status_code == 200 and "青苗" not in response.text


def test_the_name_of_a_person_is_not_what_opens_their_talk(office: Office) -> None:
    visitor = office.visitor().say(WORDS)
    (person,) = rows(office, "SELECT DISTINCT person FROM talks")[0]
    assert visitor.cookie not in str(person)
    for cookie in (str(person), str(person).removeprefix("web:"), str(person)[4:28]):
        assert "青苗" not in office.visitor().client.get("/", headers={"cookie": f"s={cookie}"}).text


def test_the_cookie_is_out_of_reach_and_secure_behind_https(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    (told,) = Visitor(office, "192.0.2.1").client.get("/").headers.get_list("set-cookie")
    assert "HttpOnly" in told and "SameSite=lax" in told and "Secure" not in told
    assert "Secure" in office.visitor(url="https://page.test").client.get("/").headers["set-cookie"]


def test_behind_a_proxy_with_an_https_address_the_cookie_is_secure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGE_URL", "https://page.test")
    office = Office(tmp_path)
    assert "Secure" in office.visitor().client.get("/").headers["set-cookie"]
    office.close()


@pytest.mark.parametrize("path", ["/say", "/clear", "/code"])
@pytest.mark.parametrize("token", ["", "0" * 40, "é", "theirs"])
def test_a_form_from_another_page_does_nothing(office: Office, path: str, token: str) -> None:
    visitor, other = office.visitor().say(WORDS), office.visitor()
    response = visitor.post(path, text="怕坐牢", token=other.token if token == "theirs" else token)
    assert response.status_code == 403 and "重新打开" in response.text
    assert "青苗" in visitor.look().text and "坐牢" not in visitor.text


def test_a_form_without_a_cookie_does_nothing(office: Office) -> None:
    visitor = office.visitor()
    visitor.client.cookies.clear()
    assert visitor.post(text=WORDS).status_code == 403
    assert rows(office, "SELECT count(*) FROM talks") == [(0,)]


def test_the_id_of_anothers_message_gets_none_of_their_replies(office: Office) -> None:
    first, second = office.visitor(), office.visitor()
    theirs = first.id
    first.say(WORDS)
    assert "青苗" not in second.say("你好", id=theirs).text


def test_anothers_files_are_not_there(office: Office) -> None:
    visitor, other = draft(office.visitor()), office.visitor().say("你好")
    (path,) = visitor.files()
    assert visitor.client.get(path).status_code == 200
    assert other.client.get(path).status_code == 404
    other.client.cookies.clear()
    assert other.client.get(path).status_code == 404


PATHS = [
    "/file/1/0/../../../etc/passwd", "/file/..%2f..%2fetc%2fpasswd/0", "/file/-1/0", "/file/1/-1", "/file/1/99",
    "/file/99999999999999999999999/0", "/beside/..%2fchannel.py", "/beside/channel.py", "/beside/%2e%2e%2fface.py",
    "/beside/../../../../bot.py", "/letter/x/../../etc/passwd", "/letter/", "/letter/a.b", "/letter/é.é/0",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_out(office: Office, path: str) -> None:
    assert office.visitor().say("你好").client.get(path).status_code == 404


def linked(office: Office) -> tuple[Visitor, str]:
    return draft(office.visitor()), last_link(office)


def last_link(office: Office) -> str:
    """Give the path of the page with what was said last."""
    ((person, reply_id),) = rows(office, "SELECT person, message_id FROM replies ORDER BY number DESC LIMIT 1")
    return office.web.link(str(person), str(reply_id))


def test_a_link_opens_a_letter_until_it_expires(office: Office) -> None:
    _, path = linked(office)
    stranger = office.visitor().client
    page = stranger.get(path)
    assert "草稿" in page.text and "no-store" in page.headers["cache-control"]
    file = re.findall(r'href="(/letter/[^"]+)"', page.text)[0]
    assert stranger.get(file).content.startswith(b"PK")
    office.now += timedelta(days=3)
    assert stranger.get(path).status_code == 404 and stranger.get(file).status_code == 404


def test_a_link_that_was_changed_opens_nothing(office: Office) -> None:
    _, path = linked(office)
    stranger = office.visitor().client
    body, _, signature = path.removeprefix("/letter/").partition(".")
    for changed in (f"{body[:-2]}AA.{signature}", f"{body}.{signature[::-1]}", f"{body}.", body, f".{signature}"):
        assert stranger.get(f"/letter/{changed}").status_code == 404


def test_a_link_to_a_reply_opens_no_other(office: Office) -> None:
    visitor, path = linked(office)
    visitor.post("/clear")
    assert visitor.client.get(path).status_code == 404


def test_the_code_brings_the_talk_to_another_phone(office: Office) -> None:
    visitor = office.visitor().say(WORDS)
    code = re.findall(r'class="code">([A-Z2-7 ]+)<', visitor.client.get("/code").text)[0]
    other = office.visitor("192.0.2.2")
    assert other.post("/code", code=code.lower().replace(" ", "-")).status_code == 303
    assert "青苗" in other.look().text


def test_a_wrong_code_is_told_and_opens_nothing(office: Office) -> None:
    other = office.visitor()
    for code in ("", "A" * 24, "ABCD", "<b>"):
        response = other.post("/code", code=code)
        assert response.status_code == 200 and "没有找到" in response.text
    assert "青苗" not in other.look().text


def test_codes_cannot_be_tried_for_long(office: Office) -> None:
    statuses = [office.visitor().post("/code", code="A" * 24).status_code for _ in range(25)]
    assert statuses[0] == 200 and statuses[-1] == 429


def test_one_person_cannot_flood_and_others_go_on(office: Office) -> None:
    visitor = office.visitor()
    visitor.say("你好")
    statuses = {visitor.post(text="你好", id=f"number-{number}").status_code for number in range(80)}
    assert statuses == {303, 429}
    assert "你好" in office.visitor("192.0.2.9").say("你好").text


def test_many_new_people_from_one_address_are_held_back(office: Office) -> None:
    visitor = office.visitor("192.0.2.7")
    for _ in range(1300):
        visitor.client.cookies.clear()
        response = visitor.client.get("/cleared")
        if response.status_code == 429:
            break
    assert response.status_code == 429 and response.headers["retry-after"] == "60"


def test_behind_a_proxy_only_what_the_proxy_says_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGE_URL", "https://page.test")
    office = Office(tmp_path)

    def tried(number: int) -> int:
        visitor = office.visitor()
        token = {"token": visitor.token, "code": "A" * 24}
        told = {"X-Forwarded-For": f"203.0.113.{number}, 198.51.100.1", "Cookie": f"s={visitor.cookie}"}
        return visitor.client.post("/code", data=token, headers=told).status_code

    assert [tried(number) for number in range(25)][-1] == 429
    office.close()


def test_too_large_a_picture_is_refused_in_words(office: Office) -> None:
    visitor = office.visitor()
    response = visitor.post(files=[("files", ("a.png", PNG + b"\0" * 17_000_000, "image/png"))])
    assert response.status_code == 413 and "16MB" in response.text
    response = visitor.post(files=[("files", (f"{number}.png", PNG, "image/png")) for number in range(10)])
    assert response.status_code == 413
    assert rows(office, "SELECT count(*) FROM talks") == [(0,)]


def test_a_body_without_a_length_is_cut_off(office: Office) -> None:
    visitor = office.visitor()

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 1_000_000

    kind = {"content-type": "multipart/form-data; boundary=b"}
    assert visitor.client.post("/say", content=pieces(), headers=kind).status_code == 413


@pytest.mark.parametrize("body", [b"", b"--b", b"--b\r\nx\r\n\r\n", b"\xff" * 200])
def test_a_form_that_is_none_is_refused(office: Office, body: bytes) -> None:
    kind = {"content-type": "multipart/form-data; boundary=b"}
    assert office.visitor().client.post("/say", content=body, headers=kind).status_code in (403, 413)


def test_every_answer_is_strict(office: Office) -> None:
    visitor = office.visitor()
    for path in ("/", "/code", "/cleared", "/file/1/1", "/new?after=0"):
        headers = visitor.client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert headers["cache-control"] == "no-store" and headers["referrer-policy"] == "no-referrer"
    assert " style=" not in visitor.html and " onclick" not in visitor.html and "<style" not in visitor.html


def test_when_the_store_is_away_it_is_said_and_the_same_may_be_sent_again(office: Office) -> None:
    visitor = office.visitor().say("想协商")
    id_ = visitor.id
    office.desk.store.close()
    response = visitor.post(text="青苗金融", id=id_)
    assert response.status_code == 503 and "再发一次" in response.text
