"""Everything by keyboard alone; single keys never while somebody types; Enter in a composition never submits."""

from typing import Any

from playwright.sync_api import CDPSession, Locator, Page, expect

from api.management.commands.seed_company import DEMO_PASSWORD
from api.proposals.models import Proposal
from api.proposals.states import ProposalState
from tests.browser.conftest import OpenAs, OpenPage
from tests.browser.people import APPLICANT, SECTION_HEAD
from tests.browser.writing import choose_purchase

MOST_TABS = 60


def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until `target` has the focus, as who has no mouse does."""
    target.wait_for()
    for _press in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by {MOST_TABS} presses of Tab")


class TestKeyboardOnly:
    def test_signs_in_writes_and_submits_a_proposal(self, open_page: OpenPage) -> None:
        page = open_page()
        _tab_to(page, page.get_by_label("ユーザー名"))
        page.keyboard.type(APPLICANT)
        page.keyboard.press("Tab")
        page.keyboard.type(DEMO_PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name="承認依頼")).to_be_visible()

        page.keyboard.press("n")
        expect(page.get_by_role("heading", level=1, name="新しい申請")).to_be_focused()
        _tab_to(page, page.get_by_role("link", name="汎用稟議"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        _tab_to(page, page.get_by_label("件名"))
        page.keyboard.type("キーボードだけで書いた稟議")
        _tab_to(page, page.get_by_label("起案内容"))
        page.keyboard.type("マウスは使いません。")
        _tab_to(page, page.get_by_role("combobox", name="担当者"))
        page.keyboard.type("山下 千尋")
        expect(page.get_by_role("option")).to_have_count(1)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        expect(page.get_by_role("combobox", name="担当者")).to_have_value("山下 千尋")
        _tab_to(page, page.get_by_label("金額(税込"))
        page.keyboard.type("５０，０００")
        _tab_to(page, page.get_by_role("button", name="承認経路を確認する"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        _tab_to(page, page.get_by_role("button", name="この内容で申請する"))
        page.keyboard.press("Enter")

        expect(page.get_by_role("status").filter(has_text="申請しました")).to_be_visible()
        assert Proposal.objects.get(title="キーボードだけで書いた稟議").amount == 50_000

    def test_decides_from_the_inbox_by_single_keys(self, open_as: OpenAs) -> None:
        page = open_as(SECTION_HEAD)
        rows = page.locator("[data-row]")
        expect(rows.first).to_be_visible()

        page.keyboard.press("j")
        expect(rows.first).to_be_focused()
        page.keyboard.press("j")
        page.keyboard.press("k")
        expect(rows.first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".decision-bar")).to_be_visible()
        proposal = Proposal.objects.get(pk=int(page.url.rsplit("/", 1)[1]))
        page.keyboard.press("b")
        expect(page.get_by_role("dialog").get_by_label("コメント")).to_be_focused()
        page.keyboard.type("数字を直してください。abr")
        page.keyboard.press("Control+Enter")

        expect(page.get_by_role("status").filter(has_text="差し戻しました")).to_be_visible()
        proposal.refresh_from_db()
        assert proposal.state == ProposalState.RETURNED

    def test_who_goes_back_to_the_list_finds_the_row(self, open_as: OpenAs) -> None:
        page = open_as(APPLICANT, "#/list/mine")
        row = page.locator("[data-row]").nth(2)
        title = row.inner_text()
        row.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text(title)

        page.go_back()

        expect(page.locator("[data-row]").nth(2)).to_be_focused()

    def test_the_skip_link_leads_to_the_heading(self, open_as: OpenAs) -> None:
        page = open_as(APPLICANT)
        expect(page.get_by_role("heading", level=1)).to_be_visible()

        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="本文へ移動")).to_be_focused()
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_be_focused()

    def test_errors_are_summed_up_and_lead_to_their_fields(self, open_as: OpenAs) -> None:
        page = open_as(APPLICANT, "#/new/purchase")
        page.get_by_role("button", name="承認経路を確認する").click()
        summary = page.get_by_role("group", name="確認が必要な項目が9件あります")
        expect(summary).to_be_focused()

        summary.get_by_role("link", name="購入先").click()

        expect(page.get_by_label("購入先")).to_be_focused()
        expect(page.get_by_label("購入先")).to_have_attribute("aria-invalid", "true")


class TestSingleKeys:
    def test_are_letters_while_somebody_types(self, open_as: OpenAs) -> None:
        page = open_as(SECTION_HEAD)
        page.locator("[data-row]").first.click()
        comment = page.get_by_label("コメント", exact=True)
        comment.click()

        page.keyboard.type("arb n/?")

        expect(comment).to_have_value("arb n/?")
        expect(page.get_by_role("dialog")).to_have_count(0)

    def test_can_be_turned_off(self, open_as: OpenAs) -> None:
        page = open_as(APPLICANT)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.keyboard.press("?")
        page.get_by_label("1文字のショートカットを使う").uncheck()
        page.keyboard.press("Escape")

        page.keyboard.press("n")

        expect(page.get_by_role("heading", level=1, name="承認依頼")).to_be_visible()


class TestComposition:
    """An input method is simulated by the browser's own interface for it: keys carry `isComposing`."""

    @staticmethod
    def _compose(page: Page, text: str) -> CDPSession:
        browser = page.context.new_cdp_session(page)
        browser.send("Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)})
        return browser

    @staticmethod
    def _requests(page: Page) -> list[str]:
        sent: list[str] = []

        def note(request: Any) -> None:
            if request.method != "GET":
                sent.append(f"{request.method} {request.url}")

        page.on("request", note)
        return sent

    def test_enter_does_not_sign_in(self, open_page: OpenPage) -> None:
        page = open_page()
        sent = self._requests(page)
        page.get_by_label("パスワード").fill("x")
        page.get_by_label("ユーザー名").click()

        self._compose(page, "こやま")
        page.keyboard.press("Enter")

        expect(page.get_by_label("ユーザー名")).to_have_value("こやま")
        assert sent == []

    def test_enter_with_key_code_229_does_not_sign_in(self, open_page: OpenPage) -> None:
        """Safari reports the Enter that ends a composition so, when `isComposing` is false already."""
        page = open_page()
        sent = self._requests(page)
        page.get_by_label("パスワード").fill("x")
        page.get_by_label("ユーザー名").fill("koyama")
        browser = page.context.new_cdp_session(page)

        key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
        browser.send("Input.dispatchKeyEvent", {"type": "keyDown", "text": "\r", **key})
        browser.send("Input.dispatchKeyEvent", {"type": "keyUp", **key})

        expect(page.get_by_label("ユーザー名")).to_have_value("koyama")
        assert sent == []

    def test_enter_does_not_choose_in_a_list_or_submit_the_form(self, open_as: OpenAs) -> None:
        page = open_as(APPLICANT)
        choose_purchase(page)
        sent = self._requests(page)
        payer = page.get_by_role("combobox", name="費用負担部署")
        payer.click()
        self._compose(page, "営業一課")
        expect(page.get_by_role("option")).to_have_count(1)

        page.keyboard.press("Enter")

        expect(payer).to_have_attribute("aria-expanded", "true")
        page.get_by_label("件名").click()
        self._compose(page, "けんめい")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("内容を入力する")
        assert sent == []

    def test_keys_of_a_composition_are_no_shortcuts(self, open_as: OpenAs) -> None:
        page = open_as(SECTION_HEAD)
        page.locator("[data-row]").first.click()
        expect(page.locator(".decision-bar")).to_be_visible()

        page.evaluate(
            """() => ['a', 'b', 'r', 'n', '?'].forEach(key => document.body.dispatchEvent(
                new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true, isComposing: true})))"""
        )

        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator(".decision-bar")).to_be_visible()
