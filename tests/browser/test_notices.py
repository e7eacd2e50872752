"""What people are told, and what administrators see of what could not be delivered."""

import pytest
from playwright.sync_api import Page, expect

from api.proposals.models import Notice, OutboxState, Proposal
from tests.browser.conftest import OpenAs
from tests.browser.happenings import give_up_a_message, work_off_messages
from tests.browser.people import ADMINISTRATOR, APPLICANT, SECTION_HEAD
from tests.browser.words import LANGUAGES, words


def _unread(username: str) -> int:
    return Notice.objects.filter(person__username=username, read_at__isnull=True).count()


class TestBell:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("width", [1440, 390])
    def test_counts_what_is_new_and_leads_to_it(self, open_as: OpenAs, language: str, width: int) -> None:
        t = words(language)
        work_off_messages()
        unread = _unread(SECTION_HEAD)
        assert unread > 0
        page = open_as(SECTION_HEAD, language=language, width=width)
        bell = page.get_by_role("banner").get_by_role("link", name=t("notices.title"))
        expect(bell).to_contain_text(str(unread))

        bell.click()

        expect(page.get_by_role("heading", level=1, name=t("notices.title"))).to_be_focused()
        expect(page.get_by_text(t("notices.new"), exact=True)).to_have_count(min(unread, 20))
        expect(bell.locator(".count")).to_have_count(0)
        assert _unread(SECTION_HEAD) == 0
        page.reload()
        expect(page.locator("[data-row]").first).to_be_visible()
        expect(page.get_by_text(t("notices.new"), exact=True)).to_have_count(0)

    def test_leads_to_what_happened_since_the_page_was_opened(self, open_as: OpenAs) -> None:
        work_off_messages()
        Notice.objects.filter(person__username=APPLICANT).delete()
        proposal = Proposal.objects.filter(
            applicant__username=APPLICANT,
            state="in_progress",
            revisions__steps__assignments__state="pending",
            revisions__steps__assignments__person__username=SECTION_HEAD,
        ).latest("pk")
        page = open_as(APPLICANT)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        superior = open_as(SECTION_HEAD, f"#/proposals/{proposal.pk}")
        superior.get_by_role("button", name="差し戻す").click()
        superior.get_by_role("dialog").get_by_label("コメント").fill("根拠を書いてください。")
        superior.get_by_role("dialog").get_by_role("button", name="差し戻す").click()
        expect(superior.get_by_role("status").filter(has_text="差し戻しました")).to_be_visible()
        work_off_messages()

        page.get_by_role("banner").get_by_role("link", name="お知らせ").click()
        page.get_by_role("link", name=proposal.title).click()

        expect(page.get_by_role("link", name="直して再申請する")).to_be_visible()

    def test_is_walked_by_keyboard(self, open_as: OpenAs) -> None:
        work_off_messages()
        page = open_as(SECTION_HEAD, "#/notices")
        rows = page.locator("[data-row]")
        expect(rows.first).to_be_visible()

        page.keyboard.press("j")
        page.keyboard.press("j")
        expect(rows.nth(1)).to_be_focused()
        title = rows.nth(1).inner_text()
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", level=1)).to_contain_text(title)

    def test_says_when_there_is_nothing(self, open_as: OpenAs) -> None:
        page = open_as(APPLICANT, "#/notices")
        expect(page.get_by_role("heading", name="お知らせはありません")).to_be_visible()


class TestOutbox:
    def _open(self, open_as: OpenAs, language: str, width: int) -> Page:
        t = words(language)
        page = open_as(ADMINISTRATOR, language=language, width=width)
        page.locator(".menu-button").click()
        page.get_by_role("link", name=t("outbox.title")).click()
        expect(page.get_by_role("heading", level=1, name=t("outbox.title"))).to_be_visible()
        return page

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("width", [1440, 390])
    def test_an_administrator_tries_again_or_settles_by_hand(self, open_as: OpenAs, language: str, width: int) -> None:
        t = words(language)
        again, by_hand = give_up_a_message(), give_up_a_message()
        page = self._open(open_as, language, width)
        name = t("outbox.kind.mail")
        expect(page.get_by_role("list", name=t("outbox.caption")).get_by_role("listitem")).to_have_count(2)
        expect(page.get_by_role("main")).to_contain_text(t("outbox.because.mail_refused"))

        page.get_by_role("button", name=t("outbox.retryNamed", name=name, id=again.pk)).click()
        expect(page.get_by_role("status").filter(has_text=t("outbox.retried", name=name))).to_be_visible()
        page.get_by_role("button", name=t("outbox.settleNamed", name=name, id=by_hand.pk)).click()
        asking = page.get_by_role("dialog", name=t("outbox.askSettle", name=name))
        expect(asking).to_contain_text(t("outbox.consequence"))
        asking.get_by_role("button", name=t("outbox.settle")).click()
        expect(asking).to_contain_text(t("outbox.howNeeded"))
        asking.get_by_label(t("outbox.how")).fill("電話で伝えました。")
        asking.get_by_role("button", name=t("outbox.settle")).click()

        expect(page.get_by_role("heading", name=t("outbox.empty.dead"))).to_be_visible()
        page.get_by_role("link", name=t("outbox.state.settled")).click()
        expect(page.get_by_role("main")).to_contain_text("電話で伝えました。")
        again.refresh_from_db()
        by_hand.refresh_from_db()
        assert (again.state, by_hand.state) == (OutboxState.WAITING, OutboxState.SETTLED)

    def test_shows_kinds_and_reasons_that_the_page_does_not_know(self, open_as: OpenAs) -> None:
        give_up_a_message(kind="erp.purchase", error="ConnectionRefusedError")
        page = self._open(open_as, "ja", 1440)

        expect(page.get_by_role("main")).to_contain_text("erp.purchase")
        expect(page.get_by_role("main")).to_contain_text("ConnectionRefusedError")

    def test_is_for_administrators_only(self, open_as: OpenAs) -> None:
        give_up_a_message()
        page = open_as(APPLICANT)
        page.locator(".menu-button").click()
        expect(page.get_by_role("button", name="サインアウト")).to_be_visible()
        expect(page.get_by_role("link", name="外部への連携")).to_have_count(0)

        page.evaluate("location.hash = '/outbox'")

        expect(page.get_by_role("main")).to_contain_text("管理者だけが使えます")
        expect(page.get_by_role("button", name="もう一度試す")).to_have_count(0)
