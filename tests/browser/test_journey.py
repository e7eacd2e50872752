"""What the product is for: a proposal goes from a browser to a decision."""

import re

import pytest
from playwright.sync_api import Page, expect

from api.management.commands.seed_company import DEMO_PASSWORD
from api.proposals.models import Proposal
from api.proposals.states import ProposalState
from tests.browser.conftest import OpenAs, OpenPage
from tests.browser.people import APPLICANT, asked_now
from tests.browser.words import LANGUAGES, words
from tests.browser.writing import TITLE, choose_purchase, fill_purchase

AMOUNT = {"ja": "1,500,000円", "en": "¥1,500,000"}


def _sign_in(page: Page, language: str) -> None:
    t = words(language)
    # Choosing counts: otherwise the page would follow the person's own language after the sign-in.
    page.get_by_role("button", name={"ja": "日本語", "en": "English"}[language]).click()
    page.get_by_label(t("signIn.username")).fill(APPLICANT)
    page.get_by_label(t("signIn.password")).fill(DEMO_PASSWORD)
    page.get_by_label(t("signIn.password")).press("Enter")
    expect(page.get_by_role("heading", level=1, name=t("inbox.title"))).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_purchase_of_1500000_yen_is_approved_by_each_superior_in_turn(
    open_page: OpenPage, open_as: OpenAs, language: str
) -> None:
    t = words(language)
    applicant = open_page(language=language)
    _sign_in(applicant, language)

    choose_purchase(applicant, language)
    fill_purchase(applicant, language)
    expect(applicant.get_by_role("main")).to_contain_text(AMOUNT[language])
    applicant.get_by_role("button", name=t("form.confirm")).click()
    expect(applicant.get_by_role("list", name=t("route.title")).get_by_role("listitem")).to_have_count(4)
    applicant.get_by_role("button", name=t("confirm.submit")).click()
    expect(applicant.get_by_role("status").filter(has_text=t("confirm.submitted", title=TITLE))).to_be_visible()

    proposal = Proposal.objects.get(title=TITLE)
    approvals = 0
    while username := asked_now(proposal.pk):
        superior = open_as(username, language=language)
        superior.get_by_role("link", name=TITLE).click()
        expect(superior.get_by_role("heading", level=1)).to_contain_text(TITLE)
        superior.get_by_role("button", name=t("decide.verb.approve")).click()
        expect(superior.get_by_role("status").filter(has_text=TITLE)).to_be_visible()
        approvals += 1

    proposal.refresh_from_db()
    assert (approvals, proposal.state) == (3, ProposalState.APPROVED)
    number = str(proposal.decision_number)
    expect(superior.get_by_role("status").filter(has_text=number)).to_be_visible()
    applicant.reload()
    main = applicant.get_by_role("main")
    expect(main.get_by_text(number)).to_be_visible()
    expect(main.get_by_text(t("state.approved"), exact=True)).to_be_visible()
    expect(main.locator(".seal")).to_have_count(4)


def test_after_a_decision_the_next_opens_by_itself(open_as: OpenAs) -> None:
    superior = open_as("yamashita.chihiro")
    titles = superior.locator("[data-row]")
    expect(titles.first).to_be_visible()
    waiting = titles.all_inner_texts()
    titles.first.click()

    for title in waiting:
        expect(superior.get_by_role("heading", level=1)).to_contain_text(title)
        superior.get_by_role("button", name="承認する").click()
        expect(superior.get_by_role("status").filter(has_text=f"「{title}」を承認しました")).to_be_visible()

    expect(superior.get_by_role("heading", name="承認依頼はありません")).to_be_visible()


def test_the_language_can_be_changed_at_any_time_and_is_remembered(open_as: OpenAs) -> None:
    page = open_as(APPLICANT, "#/new/purchase")
    page.get_by_label("件名").fill(TITLE)

    page.get_by_role("button", name="English").click()

    expect(page.get_by_label("Title")).to_have_value(TITLE)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page).to_have_title(re.compile("Purchase: fill in"))
    page.reload()
    expect(page.get_by_label("Title")).to_have_value(TITLE)
