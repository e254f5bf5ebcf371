"""Only the platform is let in, and nothing it could be made to bring does harm."""

import secrets
import time
from collections.abc import Iterator, Mapping

import httpx
import pytest

from tests.wechat.platform import Follower, record, seal, sign
from tests.wechat.service import Service, running

BOMB = '<!DOCTYPE xml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("sealed")) as service:
        yield service


@pytest.fixture
def person(service: Service) -> Follower:
    return service.platform.follower("oA")


def post(service: Service, sealed: str, changed: Mapping[str, str] = {}, away: int = 0) -> int:
    """Post a sealed body with right signatures, or changed ones; give the status."""
    stamp, nonce = str(int(time.time()) + away), secrets.token_hex(4)
    query = {"signature": sign(stamp, nonce), "timestamp": stamp, "nonce": nonce}
    query |= {"msg_signature": sign(stamp, nonce, sealed), **changed}
    return httpx.post(service.platform.url, params=query, content=record({"Encrypt": sealed}).encode()).status_code


def test_the_platform_is_greeted_with_its_own_word(service: Service) -> None:
    stamp = str(int(time.time()))
    query = {"signature": sign(stamp, "n"), "timestamp": stamp, "nonce": "n", "echostr": "8139<b>"}
    assert httpx.get(service.platform.url, params=query).text == "8139<b>"
    for wrong in ({"signature": "0" * 40}, {"nonce": "m"}, {"timestamp": str(int(stamp) + 1)}, {"signature": "é"}):
        assert httpx.get(service.platform.url, params={**query, **wrong}).status_code == 403
    assert httpx.get(service.platform.url).status_code == 403


def test_what_the_platform_seals_is_let_in(service: Service, person: Follower) -> None:
    assert post(service, seal(record(person.fields("text", Content="你好", MsgId="1")))) == 200


@pytest.mark.parametrize("changed", [{"signature": "0" * 40}, {"msg_signature": "0" * 40}, {"nonce": "other"}])
def test_a_forged_signature_is_refused(service: Service, person: Follower, changed: dict[str, str]) -> None:
    before = service.desk.turns
    assert post(service, seal(record(person.fields("text", Content="你好", MsgId="2"))), changed) == 403
    assert service.desk.turns == before


@pytest.mark.parametrize("away", [-3600, 3600])
def test_an_old_request_is_refused_when_it_is_played_again(service: Service, person: Follower, away: int) -> None:
    assert post(service, seal(record(person.fields("text", Content="你好", MsgId="3"))), away=away) == 403


def test_an_account_that_seals_takes_nothing_plain(service: Service, person: Follower) -> None:
    stamp = str(int(time.time()))
    query = {"signature": sign(stamp, "n"), "timestamp": stamp, "nonce": "n"}
    body = record(person.fields("text", Content="你好", MsgId="4")).encode()
    assert httpx.post(service.platform.url, params=query, content=body).status_code == 403


def test_what_is_for_another_account_is_refused(service: Service, person: Follower) -> None:
    message = record(person.fields("text", Content="你好", MsgId="5"))
    assert post(service, seal(message, appid="wxfedcba9876543210")) == 400
    assert post(service, seal(message, key="A" * 43)) == 400


@pytest.mark.parametrize(
    "sealed", ["", "=", "not base64!", "AAAA", "A" * 64, "A" * 43 + "=", "汉字", seal("<xml>")[:-8] + "AAAAAAA="]
)
def test_what_is_garbled_is_refused(service: Service, sealed: str) -> None:
    assert post(service, sealed) in (400, 403)


@pytest.mark.parametrize("body", [BOMB + "<xml>&b;</xml>", "<xml>", "no xml", "", "<xml>\x00</xml>", "<a/>" * 2])
def test_no_xml_but_a_plain_record_is_read(service: Service, body: str) -> None:
    assert post(service, seal(body)) == 400
    stamp = str(int(time.time()))
    query = {"signature": sign(stamp, "n"), "timestamp": stamp, "nonce": "n"}
    for encoded in (body.encode(), body.encode("utf-16")):
        assert httpx.post(service.platform.url, params=query, content=encoded).status_code == 400


@pytest.mark.parametrize("fields", [{}, {"MsgType": "text"}, {"FromUserName": "oA"}, {"Encrypt": "x"}])
def test_a_record_that_lacks_something_gets_no_answer(service: Service, fields: dict[str, str]) -> None:
    assert service.platform.post(record(fields)).text == "success"
    assert service.platform.post(record({"FromUserName": "o A", "MsgType": "text", "MsgId": "1"})).text == "success"


def test_a_body_that_is_too_large_is_not_read(service: Service, person: Follower) -> None:
    assert post(service, seal(record(person.fields("text", Content="长" * 30_000, MsgId="6")))) == 413
    stamp = str(int(time.time()))
    query = {"signature": sign(stamp, "n"), "timestamp": stamp, "nonce": "n"}
    chunks = (b"x" * 1000 for _ in range(100))
    assert httpx.post(service.platform.url, params=query, content=chunks).status_code == 413
