"""What was typed survives an expired token, a lost connection, a reload, and somebody else's change."""

import re

from knox.models import AuthToken
from playwright.sync_api import Page, expect

from api.management.commands.seed_company import DEMO_PASSWORD
from api.proposals.models import Decision, Proposal
from tests.browser.conftest import OpenAs
from tests.browser.guard import Guard
from tests.browser.people import APPLICANT, SECTION_HEAD
from tests.browser.writing import TITLE, fill_purchase

NO_CONNECTION = "ERR_INTERNET_DISCONNECTED"


def _expect_filled(page: Page) -> None:
    expect(page.get_by_label("件名")).to_have_value(TITLE)
    expect(page.get_by_label("購入先")).to_have_value("株式会社青空システムズ")
    expect(page.get_by_label("数量(1行目)")).to_have_value("5")
    expect(page.get_by_label("希望納期")).to_have_value("2030-03-29")
    expect(page.get_by_role("combobox", name="費用負担部署")).to_have_value("営業一課")
    expect(page.get_by_role("main")).to_contain_text("1,500,000円")


def _sign_out_and_in(page: Page, username: str) -> None:
    page.get_by_role("button", name=re.compile("メニュー")).click()
    page.get_by_role("button", name="サインアウト").click()
    page.get_by_label("ユーザー名").fill(username)
    page.get_by_label("パスワード").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="サインイン").click()


class TestExpiredToken:
    def test_asks_for_the_password_over_the_form_and_then_does_what_was_asked(self, open_as: OpenAs) -> None:
        page = open_as(APPLICANT, "#/new/purchase")
        fill_purchase(page)
        AuthToken.objects.all().delete()

        page.get_by_role("button", name="下書きを保存").click()
        again = page.get_by_role("dialog", name="もう一度サインインしてください")
        expect(again.get_by_label("ユーザー名")).to_have_value(APPLICANT)
        again.get_by_label("パスワード").fill(DEMO_PASSWORD)
        again.get_by_label("パスワード").press("Enter")

        expect(page.get_by_role("status").filter(has_text="下書きを保存しました")).to_be_visible()
        _expect_filled(page)
        assert Proposal.objects.filter(title=TITLE).count() == 1

    def test_cannot_be_dismissed_by_escape(self, open_as: OpenAs) -> None:
        page = open_as(APPLICANT, "#/new/purchase")
        expect(page.get_by_label("件名")).to_be_visible()
        AuthToken.objects.all().delete()
        page.get_by_role("button", name="下書きを保存").click()
        again = page.get_by_role("dialog")
        expect(again).to_be_visible()

        page.keyboard.press("Escape")
        page.keyboard.press("Escape")

        expect(again).to_be_visible()

    def test_keeps_what_was_typed_for_whoever_signs_in_later(self, open_as: OpenAs) -> None:
        page = open_as(APPLICANT, "#/new/purchase")
        fill_purchase(page)
        AuthToken.objects.all().delete()
        page.get_by_role("button", name="下書きを保存").click()

        page.get_by_role("button", name="別の人としてサインインする").click()
        page.get_by_label("ユーザー名").fill(APPLICANT)
        page.get_by_label("パスワード").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="サインイン").click()

        _expect_filled(page)

    def test_keeps_a_comment_from_whoever_signs_in_next_in_the_same_tab(self, open_as: OpenAs) -> None:
        proposal = Proposal.objects.filter(applicant__username=APPLICANT, state="in_progress").latest("pk")
        page = open_as(APPLICANT, f"#/proposals/{proposal.pk}")
        page.get_by_label("コメントを書く").fill("まだ送っていない言葉")

        _sign_out_and_in(page, SECTION_HEAD)
        expect(page.get_by_role("heading", level=1)).to_contain_text(proposal.title)
        for field in page.get_by_role("textbox").all():
            expect(field).to_have_value("")

        _sign_out_and_in(page, APPLICANT)
        expect(page.get_by_label("コメントを書く")).to_have_value("まだ送っていない言葉")


class TestLostConnection:
    def test_says_so_and_saves_when_it_is_back(self, open_as: OpenAs, guard: Guard) -> None:
        guard.expected.append(NO_CONNECTION)
        page = open_as(APPLICANT, "#/new/purchase")
        fill_purchase(page)
        page.context.set_offline(True)

        page.get_by_role("button", name="下書きを保存").click()
        expect(page.get_by_role("status").filter(has_text="ネットワークにつながっていません")).to_be_visible()
        expect(page.get_by_role("alert")).to_contain_text("サーバーから応答がありませんでした")
        expect(page.get_by_role("alert")).to_contain_text(re.compile("問い合わせ番号: [0-9a-f-]{36}"))
        _expect_filled(page)
        page.context.set_offline(False)
        page.get_by_role("button", name="もう一度試す").click()

        expect(page.get_by_role("status").filter(has_text="下書きを保存しました")).to_be_visible()
        assert Proposal.objects.filter(title=TITLE).count() == 1

    def test_undoes_a_decision_visibly_and_keeps_its_comment(self, open_as: OpenAs, guard: Guard) -> None:
        guard.expected.append(NO_CONNECTION)
        before = Decision.objects.count()
        page = open_as(SECTION_HEAD)
        page.locator("[data-row]").first.click()
        page.get_by_label("コメント", exact=True).fill("問題ありません。")
        page.context.set_offline(True)

        page.get_by_role("button", name="承認する").click()

        expect(page.get_by_role("alert")).to_contain_text("決裁を記録できませんでした")
        expect(page.get_by_role("list", name="承認経路").locator(".seal[data-kind=approve]")).to_have_count(0)
        expect(page.get_by_label("コメント", exact=True)).to_have_value("問題ありません。")
        assert Decision.objects.count() == before

    def test_finds_a_decision_that_was_made_although_its_answer_was_lost(self, open_as: OpenAs, guard: Guard) -> None:
        guard.expected.append("ERR_FAILED")
        before = Decision.objects.count()
        page = open_as(SECTION_HEAD)
        page.locator("[data-row]").first.click()
        page.route("**/decision", lambda route: (route.fetch(), route.abort()), times=1)

        page.get_by_role("button", name="承認する").click()

        expect(page.get_by_role("status").filter(has_text="承認しました")).to_be_visible()
        assert Decision.objects.count() == before + 1

    def test_decides_once_where_it_could_not_even_look_what_became_of_it(self, open_as: OpenAs, guard: Guard) -> None:
        guard.expected.append("ERR_FAILED")
        guard.expected.append("409 (Conflict)")
        before = Decision.objects.count()
        page = open_as(SECTION_HEAD)
        page.locator("[data-row]").first.click()
        expect(page.get_by_role("button", name="承認する")).to_be_visible()
        page.route("**/decision", lambda route: (route.fetch(), route.abort()), times=1)
        page.route(re.compile(r"/proposals/\d+$"), lambda route: route.abort(), times=1)

        page.get_by_role("button", name="承認する").click()
        expect(page.get_by_role("alert")).to_contain_text("もう一度操作しても、二重になることはありません。")
        page.get_by_role("button", name="承認する").click()

        expect(page.get_by_role("status").filter(has_text="承認しました")).to_be_visible()
        assert Decision.objects.count() == before + 1


class TestReload:
    def test_restores_what_was_not_saved_and_can_drop_it(self, open_as: OpenAs) -> None:
        page = open_as(APPLICANT, "#/new/purchase")
        fill_purchase(page)

        page.reload()

        _expect_filled(page)
        page.get_by_role("button", name="復元をやめて元に戻す").click()
        expect(page.get_by_label("件名")).to_have_value("")

    def test_keeps_a_comment_that_was_not_sent(self, open_as: OpenAs) -> None:
        page = open_as(SECTION_HEAD)
        page.locator("[data-row]").first.click()
        page.get_by_label("コメントだけ").fill("見積書はありますか。")

        page.reload()

        expect(page.get_by_label("コメントだけ")).to_have_value("見積書はありますか。")


class TestTwoTabsWithOneDraft:
    def test_the_second_to_save_is_told_and_chooses(self, open_as: OpenAs) -> None:
        draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
        first = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")
        second = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")
        second.get_by_label("件名").fill("二つ目のタブの件名")
        first.get_by_label("件名").fill("一つ目のタブの件名")
        first.get_by_role("button", name="下書きを保存").click()
        expect(first.get_by_role("status").filter(has_text="保存しました")).to_be_visible()

        second.get_by_role("button", name="下書きを保存").click()
        expect(second.get_by_role("alert")).to_contain_text(re.compile("別|ほか|変更"))
        expect(second.get_by_label("件名")).to_have_value("二つ目のタブの件名")
        second.get_by_role("button", name="ここでの入力で上書きする").click()

        expect(second.get_by_role("status").filter(has_text="保存しました")).to_be_visible()
        draft.refresh_from_db()
        assert draft.title == "二つ目のタブの件名"

    def test_the_newest_can_be_loaded_instead(self, open_as: OpenAs) -> None:
        draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
        page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")
        page.get_by_label("件名").fill("画面の件名")
        Proposal.objects.filter(pk=draft.pk).update(title="保存済みの件名", version=draft.version + 1)

        page.get_by_role("button", name="下書きを保存").click()
        page.get_by_role("button", name="最新の内容を読み込む").click()

        expect(page.get_by_label("件名")).to_have_value("保存済みの件名")
