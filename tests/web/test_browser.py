"""A real browser holds whole conversations, and keeps them through what happens to phones."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.conversation import CONVERSATIONS, advisor, read
from tests.figures import tell
from tests.web.browser import ELSEWHERE, Phone
from tests.web.office import PNG

HELD = [
    "several_two_debts_next_lender", "harassed_letters_by_name", "illegal_loan_seven_days_contacts",
    "enforced_farmer_card_frozen", "interest_private_alike_months", "evidence_deleted_grandpa", "foreigner_lost_job",
    "enforced_judged_offer", "never_stolen_id_full", "student_unknown_platforms", "student_private_iou",
    "en_illegal_loan",
]  # fmt: skip
THREAT = "【青苗金融】再不还钱就上你家门，让你全村知道你是骗子，畜生。"


def named(choice: str) -> str:
    """Select the button of a choice by the name it has in conversations."""
    content = advisor().content
    place = content.place(choice, choice) if choice in content.flows else choice
    ids = [choice, f"={choice}", f"!{choice}", f"go:{choice}", f"go:{place}", f"fix:{choice}", f"short:{choice}"]
    return ", ".join(f'.choices button[value$=".{one}"]' for one in ids)


def draft(phone: Phone) -> None:
    """Lead a talk to a letter."""
    for words in ("我要写信", "报案陈述", *["跳过"] * 9, "都对"):
        phone.say(words)
        if phone.page.locator(".draft").count():
            return
    raise AssertionError(phone.talk[-600:])


def play(phone: Phone, name: str) -> None:
    """Hold a conversation as it is written."""
    transcript, _ = read(CONVERSATIONS / f"{name}.yaml")
    for step in transcript.talk:
        if step.choose is not None:
            phone.tap(named(step.choose))
        elif step.sms:
            phone.paste_sms(*(one.text for one in step.sms))
        elif step.user is not None:
            phone.say(step.user)
        for words in step.bot:
            assert words in phone.last
        for words in step.not_:
            assert words not in phone.last
        if step.letter:
            paper = phone.page.locator("#talk > .it").last.locator(".paper").first.inner_text()
            assert all(words in paper for words in step.has)
            assert not any(words in paper for words in step.lacks)


@pytest.mark.parametrize("name", HELD)
def test_a_whole_conversation(phone: Phone, name: str) -> None:
    play(phone, name)


def test_pictures_are_chosen_and_sent(phone: Phone) -> None:
    phone.page.click(".more summary")
    files: Any = [{"name": f"{number}.png", "mimeType": "image/png", "buffer": PNG} for number in (1, 2)]
    phone.page.set_input_files("[name=files]", files)
    assert "2" in phone.page.inner_text(".pick .hint")
    phone.say("这两张是他发的")
    assert "图片 2 张" in phone.talk and "这两张是他发的" in phone.talk
    assert phone.page.evaluate("document.getElementById('say').elements.files.files.length") == 0


@pytest.mark.parametrize("event", ["paste", "drop"])
def test_a_screenshot_is_pasted_or_dropped(phone: Phone, event: str) -> None:
    phone.page.evaluate(
        """(kind) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array([137, 80, 78, 71])], "a.png", { type: "image/png" }));
            const more = { bubbles: true, cancelable: true };
            const event = kind === "paste"
                ? new ClipboardEvent(kind, { ...more, clipboardData: data })
                : new DragEvent(kind, { ...more, dataTransfer: data });
            document.getElementById("text").dispatchEvent(event);
        }""",
        event,
    )
    phone.say("")
    assert "图片 1 张" in phone.talk


def test_a_letter_is_downloaded_and_opened(phone: Phone, tmp_path: Path) -> None:
    draft(phone)
    title = phone.page.inner_text(".paper").splitlines()[0].strip()
    with phone.page.expect_download() as download:
        phone.page.click(".tools a")
    assert download.value.suggested_filename == "draft.docx"
    download.value.save_as(tmp_path / "draft.docx")
    with zipfile.ZipFile(tmp_path / "draft.docx") as opened:
        assert title[:4] in opened.read("word/document.xml").decode()


def test_a_draft_is_copied_whole(phone: Phone) -> None:
    phone.context.grant_permissions(["clipboard-read", "clipboard-write"])
    draft(phone)
    phone.page.click(".copy")
    phone.page.wait_for_selector("#state:text('复制好了')")
    copied = phone.page.evaluate("navigator.clipboard.readText()")
    assert copied == phone.page.locator(".paper").text_content()


def test_a_reload_in_the_middle_changes_nothing(phone: Phone) -> None:
    phone.tap_label("被辱骂、威胁或轰炸")
    phone.tap_label("没有")
    before = phone.talk
    phone.page.reload()
    assert phone.talk == before
    phone.page.goto(phone.url + "code")
    phone.page.go_back()
    assert phone.talk == before
    phone.say("想协商")
    assert phone.talk.startswith(before.split("\n\n")[0])


def test_what_is_said_offline_is_sent_once_when_the_network_is_back(phone: Phone) -> None:
    phone.say("想协商")
    phone.context.set_offline(True)
    phone.page.fill("#text", "青苗金融")
    phone.page.click(".send")
    phone.page.wait_for_selector(".failed .again")
    assert "青苗金融" in phone.page.inner_text(".failed")
    phone.context.set_offline(False)
    phone.page.wait_for_selector(".failed", state="detached")
    phone.page.locator("#talk > .me[data-n]").nth(1).wait_for()  # the server has it
    phone.page.reload()
    assert phone.page.locator("#talk > .me").count() == 2 and phone.talk.count("青苗金融") >= 1
    phone.complaints.clear()  # of the network that was away


def test_two_tabs_show_one_talk(phone: Phone) -> None:
    phone.tap_label("被辱骂、威胁或轰炸")
    other: Page = phone.open()
    phone.tap_label("没有")
    phone.tap_label("说过", other)
    assert "那个按钮是前面一步的" in other.inner_text("#talk")
    phone.say("想协商", other)
    phone.say("青苗金融")
    texts = [page.locator("#talk > .me[data-n]").all_inner_texts() for page in (phone.page, phone.open())]
    assert texts[0] == texts[1]


def test_enter_sends_but_not_while_characters_are_being_composed(browser: Browser, address: str) -> None:
    desk = Phone(browser, address, has_touch=False, viewport={"width": 1280, "height": 800})
    desk.page.fill("#text", "想协商")
    compose = "new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })"
    desk.page.evaluate(f"document.getElementById('text').dispatchEvent({compose})")
    assert desk.page.input_value("#text") == "想协商"
    desk.page.press("#text", "Enter")
    desk.page.wait_for_selector("#talk > .me[data-n]")
    assert desk.page.input_value("#text") == ""
    desk.close()


def test_all_can_be_done_with_keys(phone: Phone) -> None:
    phone.page.keyboard.press("Tab")
    assert phone.page.evaluate("document.activeElement.className") == "skip"
    choice = phone.page.locator(".choices button").first
    choice.focus()
    phone.page.keyboard.press("Enter")
    phone.page.wait_for_selector("#talk > .it[tabindex]:focus")
    phone.page.keyboard.press("Tab")
    assert phone.page.evaluate("document.activeElement.closest('.choices') !== null")


def test_leaving_replaces_the_page_in_the_history(phone: Phone) -> None:
    phone.say(THREAT)
    phone.context.route(f"{ELSEWHERE}**", lambda route: route.fulfill(body="weather"))
    phone.page.click("#leave")
    phone.page.wait_for_url(ELSEWHERE)
    phone.page.go_back()
    assert phone.page.url == "about:blank"
    phone.asked[:] = [url for url in phone.asked if not url.startswith(ELSEWHERE)]


def test_clearing_leaves_nothing_on_the_page(phone: Phone) -> None:
    phone.say(THREAT)
    phone.page.click(".menu > summary")
    phone.page.click(".sheetlet summary")
    phone.page.click(".danger")
    phone.page.wait_for_url("**/cleared")
    assert phone.context.cookies() == []
    phone.page.go_back()
    assert "青苗" not in phone.page.content()


def test_deleting_in_words_takes_it_off_the_page_at_once(phone: Phone) -> None:
    phone.say(THREAT)
    phone.say("删除")
    phone.tap_label("确认删除")
    assert "青苗" not in phone.talk and "删好了" in phone.talk


def test_without_script_a_conversation_is_held(browser: Browser, address: str) -> None:
    phone = Phone(browser, address, java_script_enabled=False)
    phone.page.click(".choices button:text-is('被辱骂、威胁或轰炸')")
    phone.page.click(".choices button:text-is('没有')")
    phone.page.fill("#text", THREAT)
    phone.page.click(".send")
    assert "让你全村知道" in phone.last
    assert phone.page.locator("#now").is_visible() and not phone.page.locator(".copy:visible").count()
    phone.close()


def test_how_light_it_is(phone: Phone) -> None:
    session = phone.context.new_cdp_session(phone.page)
    session.send("Performance.enable")
    phone.page.reload()
    phone.page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    paint = phone.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    loaded = "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
    size = phone.page.evaluate(f"{loaded}.reduce((sum, one) => sum + one.encodedBodySize, 0)")
    measured: Any = session.send("Performance.getMetrics")
    script = next(one["value"] for one in measured["metrics"] if one["name"] == "ScriptDuration")
    tell(f"page: {size} bytes, first paint after {paint:.0f} ms, {script * 1000:.1f} ms of script")
    assert 0 < size < 100_000
