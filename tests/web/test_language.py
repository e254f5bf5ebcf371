"""The page says its own words in the language of the talk; where there is none, in that of the browser."""

import re
from datetime import timedelta
from html import unescape

import pytest
from playwright.sync_api import Browser

from advisor.commands.serving import page_words
from advisor.message import ENGLISH, SIMPLIFIED, TRADITIONAL, Message
from advisor.traditional import is_simplified
from tests.conversation import ROOT, advisor
from tests.web.axe import SCRIPT, failures
from tests.web.browser import Phone
from tests.web.office import NOW, PNG, Office, Visitor
from tests.web.test_looks import assert_all_fits, assert_fits
from tests.web.test_sessions import last_link
from tests.web.test_talk import rows

WISHES = {
    "": SIMPLIFIED,
    "*": SIMPLIFIED,
    "zh-CN,zh;q=0.9,en;q=0.8": SIMPLIFIED,
    "zh": SIMPLIFIED,
    "zh-Hans-HK": SIMPLIFIED,
    "zh-Hans": SIMPLIFIED,
    "fr-FR,fr;q=0.9": SIMPLIFIED,
    "zh-TW": TRADITIONAL,
    "zh-HK,zh;q=0.9,en;q=0.8": TRADITIONAL,
    "zh-Hant": TRADITIONAL,
    "zh-Hant-MO;q=0.7, zh-CN;q=0.3": TRADITIONAL,
    "en": ENGLISH,
    "en-GB,en;q=0.9,zh-CN;q=0.8": ENGLISH,
    "ja, EN-us;q=0.5": ENGLISH,
    "zh-CN;q=0.2, en;q=0.9": ENGLISH,
    "en;q=0": SIMPLIFIED,
    "en;q=lots": SIMPLIFIED,
    ";;,,-;q": SIMPLIFIED,
}
OWN = {SIMPLIFIED: "快速离开", TRADITIONAL: "快速離開", ENGLISH: "Quick exit"}
TOLD = {SIMPLIFIED: "不是律师意见", TRADITIONAL: "不是律師意見", ENGLISH: "not a lawyer's opinion"}
_HAN = re.compile(r"[\u3000-\u9fff\uff00-\uffef]+")
_NOT_OWN = re.compile(r'<(div class="bubble"|p class="paper").*?</p>', re.DOTALL)  # the talk, and what is drafted


def in_language(visitor: Visitor, language: str) -> bool:
    return f'<html lang="{language}">' in visitor.html and OWN[language] in visitor.text


def drafted(office: Office) -> tuple[Visitor, str]:
    """Lead a talk in English to a letter; give the path of the page with it as well."""
    visitor = office.visitor()
    for words in ("write a letter", "police statement", "skip", "skip", "all correct"):
        visitor.say(words)
    return visitor, last_link(office)


def own(html: str) -> str:
    """Give a page without the talk on it."""
    return unescape(_NOT_OWN.sub("", html))


@pytest.mark.parametrize("accepts", WISHES)
def test_somebody_new_finds_the_page_in_the_language_of_the_browser(office: Office, accepts: str) -> None:
    visitor, language = office.visitor(accepts=accepts), WISHES[accepts]
    assert in_language(visitor, language) and TOLD[language] in visitor.text


@pytest.mark.parametrize("accepts", ["zh-CN", "zh-TW", "en"])
@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("I owe money and they threaten me", ENGLISH),
        ("我欠了錢，他們罵我", TRADITIONAL),
        ("我欠了钱，他们骂我", SIMPLIFIED),
    ],
)
def test_the_page_goes_on_in_the_language_of_the_talk(office: Office, accepts: str, words: str, language: str) -> None:
    visitor = office.visitor(accepts=accepts).say(words)
    assert in_language(visitor, language)
    for path in ("/code", "/file/1/1"):
        page = visitor.client.get(path).text
        assert f'<html lang="{language}">' in page
        assert bool(_HAN.search(page)) is (language != ENGLISH)


def test_the_page_turns_with_the_talk(office: Office) -> None:
    visitor = office.visitor().say("I owe money and they threaten me")
    assert in_language(visitor, ENGLISH)
    assert in_language(visitor.say("我还是说中文吧"), SIMPLIFIED)


@pytest.mark.parametrize("number", range(5))
@pytest.mark.parametrize("accepts", ["en", "zh-TW"])
def test_what_is_offered_to_somebody_new_goes_on_in_their_language(office: Office, accepts: str, number: int) -> None:
    visitor = office.visitor(accepts=accepts)
    label = unescape(re.findall(r'<button name="choice" value="[^"]*">([^<]*)<', visitor.html)[number])
    assert in_language(visitor.tap(label), accepts)
    said = visitor.html.rpartition('<li class="it"')[2]
    assert (not _HAN.search(own(said))) if accepts == "en" else not is_simplified(own(said))


def test_nothing_of_the_page_is_chinese_in_english(office: Office) -> None:
    visitor, path = drafted(office)
    visitor.say(files=[("files", ("a.png", PNG, "image/png"))])
    pages = [visitor.html, *(visitor.client.get(one).text for one in ("/code", path, "/file/1/1"))]
    pages += [office.visitor(accepts="en").client.get(one).text for one in ("/", "/code", "/cleared", "/letter/x.y")]
    pages += [visitor.post(token=token, text="x").text for token in ("", "0")]
    for page in pages:
        assert '<html lang="en">' in page
        assert not _HAN.findall(own(page))


@pytest.mark.parametrize("language", [ENGLISH, TRADITIONAL])
def test_no_word_of_the_page_stays_in_another_language(language: str) -> None:
    for name, said in vars(page_words(advisor(), language)).items():
        words = said if isinstance(said, str) else said(NOW if name == "moment" else 2)
        assert words.strip()
        assert not (_HAN.search(words) if language == ENGLISH else is_simplified(words)), name


def test_each_word_of_the_page_is_said_and_none_is_lacking() -> None:
    there = set(vars(page_words(advisor(), SIMPLIFIED)))
    markup = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates/page").glob("*.j2"))
    asking = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "advisor/channels/web").glob("*.py"))
    why = {f"refused_{one}" for one in re.findall(r'RefusedError\(\d+, "(\w+)"\)', asking)}
    assert set(re.findall(r"words\.(\w+)", markup)) | why == there
    assert not _HAN.search(markup)


def test_no_title_tells_of_debts(office: Office) -> None:
    for accepts in ("en", "zh-TW", "zh-CN"):
        for path in ("/", "/code", "/cleared", "/letter/x.y"):
            html = office.visitor(accepts=accepts).client.get(path).text
            (title,) = re.findall("<title>(.*)</title>", html)
            assert title == {"en": "Messages"}.get(accepts, "留言")


def test_a_draft_in_chinese_is_marked_as_chinese_on_an_english_page(office: Office) -> None:
    visitor, path = drafted(office)
    assert '<p class="paper" lang="zh-CN">' in visitor.html
    assert '<p class="paper" lang="zh-CN">' in office.visitor().client.get(path).text


def test_a_letter_is_shown_in_the_language_of_its_talk_to_whoever_opens_it(office: Office) -> None:
    _, path = drafted(office)
    page = office.visitor().client.get(path).text
    assert '<html lang="en">' in page and "Copy all" in page and "Download as a Word file" in page


def test_who_clears_all_is_told_so_in_the_language_of_the_talk(office: Office) -> None:
    visitor = office.visitor().say("I owe money and they threaten me")
    response = visitor.post("/clear")
    page = visitor.client.get(response.headers["location"]).text
    assert '<html lang="en">' in page and "All cleared" in page and not _HAN.search(page)


def test_what_is_refused_is_told_in_the_language_of_the_talk(office: Office) -> None:
    visitor = office.visitor().say("I owe money and they threaten me")
    assert "Open it again" in visitor.post(token="0", text="x").text
    statuses = [visitor.post(text="hello", id=f"number-{number}") for number in range(80)]
    assert statuses[-1].status_code == 429 and "Wait a minute" in statuses[-1].text


def test_when_the_store_is_away_it_is_said_in_the_language_of_the_browser(office: Office) -> None:
    visitor = office.visitor(accepts="en").say("I owe money")
    id_ = visitor.id
    office.desk.store.close()
    response = visitor.post(text="and more", id=id_)
    assert response.status_code == 503 and "Please send it again" in response.text


def test_a_damaged_session_takes_nobodys_page_away(office: Office) -> None:
    visitor = office.visitor(accepts="en").say("I owe money and they threaten me")
    ((person,),) = rows(office, "SELECT person FROM sessions")
    with office.desk.store.transaction() as transaction:
        transaction.save(str(person), b"{", office.now + timedelta(days=1))
    assert visitor.client.get("/").status_code == 200
    assert office.desk.language("web:nobody") == ""
    office.desk.take([Message(str(person), "hello", id="later")])


# ---- in a real browser ----


@pytest.mark.parametrize("locale", ["en-US", "zh-TW"])
def test_the_first_view_is_in_the_language_of_the_browser_and_small(
    browser: Browser, address: str, locale: str
) -> None:
    phone = Phone(browser, address, locale=locale)
    expected = {"en-US": ENGLISH, "zh-TW": TRADITIONAL}[locale]
    assert phone.page.locator("html").get_attribute("lang") == expected
    assert OWN[expected] in phone.page.inner_text("header")
    loaded = "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
    assert 0 < phone.page.evaluate(f"{loaded}.reduce((sum, one) => sum + one.encodedBodySize, 0)") < 100_000
    assert not phone.complaints
    phone.close()


def test_the_page_turns_to_english_with_the_first_english_words(phone: Phone) -> None:
    phone.say("I owe money and they threaten me")
    phone.page.wait_for_selector("html[lang=en]")
    assert phone.page.title() == "Messages"
    assert phone.page.get_attribute("#text", "placeholder") == "Type, or paste an SMS"
    assert phone.page.inner_text(".send") == "Send"
    assert "threaten me" in phone.talk
    phone.say("我还是说中文吧")
    phone.page.wait_for_selector("html[lang=zh-CN]")


def test_what_is_being_typed_is_not_lost_when_the_language_changes(phone: Phone) -> None:
    phone.page.fill("#text", "I owe money and they threaten me")
    phone.page.evaluate("document.querySelector('.send').click(), document.getElementById('text').value = 'and also'")
    phone.page.wait_for_selector("#talk[lang=en]")
    assert phone.page.input_value("#text") == "and also"
    phone.page.click(".send")
    phone.page.wait_for_selector("html[lang=en]")


def test_what_goes_wrong_is_said_in_english(browser: Browser, address: str) -> None:
    phone = Phone(browser, address, locale="en-US")
    phone.say("I owe money and they threaten me")
    phone.context.set_offline(True)
    phone.page.fill("#text", "and more")
    phone.page.click(".send")
    phone.page.wait_for_selector(".failed .again")
    assert phone.page.inner_text(".failed .again") == "Send again"
    assert phone.page.inner_text("#state") == "Not sent. It will be sent when you are online again."
    phone.close()


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_runs_over_the_edge_in_english(browser: Browser, address: str, width: int) -> None:
    phone = Phone(browser, address, locale="en-US", viewport={"width": width, "height": 700})
    assert_fits(phone, width)
    assert_all_fits(phone, address, width)
    phone.close()


def test_no_page_in_english_fails_wcag(browser: Browser, address: str) -> None:
    if not SCRIPT.is_file():
        pytest.skip("axe-core is not installed: python -m tests.web.axe")
    phone = Phone(browser, address, bypass_csp=True, locale="en-US")
    assert failures(phone.page) == []
    phone.say("I owe money and they threaten me")
    for summary in (".more > summary", ".menu > summary", ".sheetlet summary"):
        phone.page.click(summary)
    assert failures(phone.page) == []
    for path in ("code", "cleared", "file/1/1"):
        phone.page.goto(address + path)
        assert failures(phone.page) == []
    phone.close()
