"""Drafts save themselves: nothing on the screen moves, nothing typed is lost, and no draft is made twice."""

import json
import re
from typing import Any

from playwright.sync_api import Page, Route, expect

from api.management.commands.seed_company import DEMO_PASSWORD
from api.proposals.models import Proposal
from tests.browser.conftest import OpenAs
from tests.browser.guard import Guard
from tests.browser.people import APPLICANT, SECTION_HEAD
from tests.browser.writing import TITLE

NEW = "#/new/general"
DRAFTS = "**/api/proposals"
DRAFT = "**/api/proposals/*"


def _mine() -> Any:
    return Proposal.objects.filter(applicant__username=APPLICANT)


def _expect_saved(page: Page) -> None:
    expect(page.locator(".saved-mark")).to_contain_text("保存済み")


def _lose_one_answer(page: Page, address: str, method: str) -> list[str]:
    """Let one request reach the server and its answer get lost; return what was sent, once it was."""
    lost: list[str] = []

    def lose(route: Route) -> None:
        if route.request.method != method or lost:
            route.fallback()
            return
        lost.append(route.request.post_data or "")
        route.fetch()
        route.abort()

    page.route(address, lose)
    return lost


class TestANewForm:
    def test_becomes_a_draft_under_the_hands_of_whoever_types(self, open_as: OpenAs) -> None:
        before = _mine().count()
        page = open_as(APPLICANT, NEW)
        page.get_by_label("件名").press_sequentially("自動")

        _expect_saved(page)
        expect(page.get_by_label("件名")).to_be_focused()
        page.keyboard.type("保存")
        expect(page.get_by_label("件名")).to_have_value("自動保存")

        draft = _mine().latest("pk")
        expect(page).to_have_url(f"{page.url.split('#')[0]}#/proposals/{draft.pk}/edit")
        expect(page.get_by_role("heading", level=1)).to_contain_text("汎用稟議")
        with page.expect_response(lambda response: response.request.method == "PATCH"):
            pass
        draft.refresh_from_db()
        assert (draft.title, _mine().count()) == ("自動保存", before + 1)

    def test_is_not_saved_while_nothing_was_entered(self, open_as: OpenAs) -> None:
        sent: list[str] = []
        page = open_as(APPLICANT, NEW)
        page.on("request", lambda request: sent.append(request.method))

        page.get_by_label("件名").fill("  ")
        page.get_by_label("件名").fill("")
        page.get_by_label("起案内容").fill("x")
        _expect_saved(page)

        assert sent.count("POST") == 1

    def test_keeps_the_rows_that_are_still_empty(self, open_as: OpenAs) -> None:
        page = open_as(APPLICANT, "#/new/purchase")
        page.get_by_label("品名(1行目)").fill("ノートPC")
        page.get_by_role("button", name="行を追加").click()

        _expect_saved(page)

        expect(page.get_by_label("品名(2行目)")).to_have_value("")

    def test_says_quietly_what_cannot_be_saved_yet(self, open_as: OpenAs) -> None:
        page = open_as(APPLICANT, NEW)
        page.get_by_label("件名").fill(TITLE)
        page.get_by_label("金額(税込").fill("五万円くらい")

        expect(page.locator(".saved-mark")).to_contain_text("まだ保存できない項目があります")
        expect(page.get_by_role("alert")).to_have_count(0)
        page.get_by_label("金額(税込").fill("50,000")

        _expect_saved(page)
        assert _mine().get(title=TITLE).amount == 50_000


class TestTwoTabs:
    def test_with_the_same_new_form_write_two_proposals(self, open_as: OpenAs) -> None:
        first = open_as(APPLICANT, NEW)
        second = first.context.new_page()
        second.goto(first.url)

        first.get_by_label("件名").fill("一つ目のタブ")
        expect(second.get_by_label("件名")).to_have_value("")
        second.get_by_label("件名").fill("二つ目のタブ")
        _expect_saved(first)
        _expect_saved(second)

        assert sorted(_mine().filter(title__endswith="目のタブ").values_list("title", flat=True)) == [
            "一つ目のタブ",
            "二つ目のタブ",
        ]
        first.reload()
        expect(first.get_by_label("件名")).to_have_value("一つ目のタブ")


class TestALostAnswer:
    def test_to_the_first_save_makes_no_second_draft(self, open_as: OpenAs, guard: Guard) -> None:
        guard.expected.append("net::ERR_FAILED")
        before = _mine().count()
        page = open_as(APPLICANT, NEW)
        lost = _lose_one_answer(page, DRAFTS, "POST")

        page.get_by_label("件名").fill("最初の保存")
        expect(page.locator(".saved-mark")).to_contain_text("サーバーに保存できていません")
        page.get_by_label("件名").fill("最初の保存のあと")

        _expect_saved(page)
        assert json.loads(lost[0])["title"] == "最初の保存"
        assert _mine().count() == before + 1
        assert _mine().latest("pk").title == "最初の保存のあと"

    def test_to_a_later_save_is_not_taken_for_somebody_elses_change(self, open_as: OpenAs, guard: Guard) -> None:
        guard.expected.append("net::ERR_FAILED")
        page = open_as(APPLICANT, NEW)
        page.get_by_label("件名").fill("一回目")
        _expect_saved(page)
        lost = _lose_one_answer(page, DRAFT, "PATCH")

        page.get_by_label("件名").fill("二回目")
        expect(page.locator(".saved-mark")).to_contain_text("サーバーに保存できていません")
        page.get_by_label("件名").fill("三回目")

        _expect_saved(page)
        expect(page.get_by_role("alert")).to_have_count(0)
        assert lost
        assert _mine().latest("pk").title == "三回目"


class TestALostConnection:
    def test_saves_by_itself_when_it_is_back(self, open_as: OpenAs, guard: Guard) -> None:
        guard.expected.append("ERR_INTERNET_DISCONNECTED")
        page = open_as(APPLICANT, NEW)
        expect(page.get_by_label("件名")).to_be_visible()
        page.context.set_offline(True)
        page.get_by_label("件名").fill(TITLE)
        expect(page.locator(".saved-mark")).to_contain_text("サーバーに保存できていません")

        page.context.set_offline(False)

        _expect_saved(page)
        assert _mine().get(title=TITLE)

    def test_leaves_what_was_typed_to_the_next_tab(self, open_as: OpenAs, guard: Guard) -> None:
        guard.expected.append("ERR_INTERNET_DISCONNECTED")
        page = open_as(APPLICANT, "#/new/purchase")
        expect(page.get_by_label("件名")).to_be_visible()
        page.context.set_offline(True)
        page.get_by_label("件名").fill(TITLE)
        page.get_by_label("購入先").fill("株式会社青空システムズ")
        expect(page.locator(".saved-mark")).to_contain_text("サーバーに保存できていません")
        next_one, address = page.context.new_page(), page.url
        page.close()
        next_one.context.set_offline(False)

        next_one.goto(address)

        expect(next_one.get_by_label("件名")).to_have_value(TITLE)
        expect(next_one.get_by_label("購入先")).to_have_value("株式会社青空システムズ")
        expect(next_one.get_by_role("status").filter(has_text="復元しました")).to_be_visible()


def test_whoever_goes_elsewhere_in_the_midst_of_a_word_has_it_saved(open_as: OpenAs) -> None:
    draft = _mine().filter(state="draft").latest("pk")
    page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")
    page.get_by_label("件名").fill("途中まで書いた件名")

    with page.expect_response(lambda response: response.request.method == "PATCH"):
        page.get_by_role("navigation").get_by_role("link", name="申請一覧").click()

    expect(page.get_by_role("link", name="途中まで書いた件名")).to_be_visible()
    draft.refresh_from_db()
    assert draft.title == "途中まで書いた件名"


def test_nothing_is_saved_in_the_name_of_whoever_signs_in_next(open_as: OpenAs) -> None:
    page = open_as(APPLICANT, NEW)
    page.get_by_label("件名").fill(TITLE)
    page.get_by_role("button", name=re.compile("メニュー")).click()
    page.get_by_role("button", name="サインアウト").click()
    page.get_by_label("ユーザー名").fill(SECTION_HEAD)
    page.get_by_label("パスワード").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="サインイン").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("内容を入力する")
    expect(page.get_by_label("件名")).to_have_value("")
    page.get_by_label("件名").fill("課長の件名")
    _expect_saved(page)

    assert not Proposal.objects.filter(title=TITLE, applicant__username=SECTION_HEAD).exists()
    assert Proposal.objects.get(title="課長の件名").applicant.username == SECTION_HEAD
