"""Proposals shown to people who do not decide, and copied for the next time."""

import pytest
from playwright.sync_api import Page, expect

from api.organization.models import Person
from api.proposals.models import Proposal, Viewer
from api.proposals.states import ProposalState
from tests.browser.conftest import OpenAs
from tests.browser.guard import Guard
from tests.browser.people import APPLICANT, SECTION_HEAD
from tests.browser.words import LANGUAGES, words


def _mine(state: ProposalState) -> Proposal:
    return Proposal.objects.filter(applicant__username=APPLICANT, state=state).latest("pk")


def _outsider(proposal: Proposal) -> Person:
    """Return somebody who has nothing to do with the proposal."""
    involved = proposal.revisions.values("steps__assignments__person")
    people = Person.objects.filter(is_active=True, is_administrator=False).exclude(pk__in=involved)
    return people.exclude(pk=proposal.applicant_id).exclude(name_en="").order_by("pk")[5]


def _pick(page: Page, label: str, name: str) -> None:
    page.get_by_role("combobox", name=label).fill(name)
    page.get_by_role("option", name=name).first.click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_viewer_reads_a_proposal_and_says_so(open_as: OpenAs, language: str) -> None:
    t = words(language)
    proposal = _mine(ProposalState.IN_PROGRESS)
    viewer = _outsider(proposal)
    name = viewer.name if language == "ja" else viewer.name_en
    page = open_as(APPLICANT, f"#/proposals/{proposal.pk}", language=language)

    _pick(page, t("viewers.add"), name)
    page.get_by_role("button", name=t("viewers.send")).click()
    circle = page.get_by_role("list", name=t("viewers.title"))
    expect(circle.get_by_role("listitem").filter(has_text=name)).to_contain_text(t("viewers.unseen"))

    expect(page.locator(".history li").last).to_contain_text(name)

    reader = open_as(viewer.username, "#/list/circulated", language=language, width=390)
    reader.get_by_role("link", name=proposal.title).click()
    reader.get_by_role("button", name=t("viewers.acknowledge")).click()
    expect(reader.get_by_role("status").filter(has_text=t("viewers.acknowledged"))).to_be_visible()
    expect(reader.get_by_role("button", name=t("viewers.acknowledge"))).to_have_count(0)
    expect(reader.get_by_role("button", name=t("decide.verb.approve"))).to_have_count(0)
    assert Viewer.objects.get(proposal=proposal, person=viewer).seen_at is not None


def test_an_approver_circulates_to_several_by_keyboard_and_can_think_again(open_as: OpenAs) -> None:
    page = open_as(SECTION_HEAD)
    page.locator("[data-row]").first.click()
    expect(page.locator(".decision-bar")).to_be_visible()
    proposal = Proposal.objects.get(pk=int(page.url.rsplit("/", 1)[1]))
    first = _outsider(proposal)
    second = Person.objects.exclude(pk__in=[first.pk, proposal.applicant_id]).filter(
        is_active=True, is_administrator=False
    )[40]
    for person in (first, second):
        page.get_by_role("combobox", name="回覧する人を選ぶ").focus()
        page.keyboard.type(person.name)
        expect(page.get_by_role("option", name=person.name).first).to_be_visible()
        page.keyboard.press("Enter")

    page.get_by_role("button", name=f"{second.name}を取り消す").click()
    page.get_by_role("button", name="回覧する", exact=True).click()

    expect(page.get_by_role("status").filter(has_text="1人に回覧しました")).to_be_visible()
    assert list(Viewer.objects.filter(proposal=proposal).values_list("person", flat=True)) == [first.pk]


def test_an_applicant_copies_a_past_proposal(open_as: OpenAs) -> None:
    past = _mine(ProposalState.APPROVED)
    page = open_as(APPLICANT, f"#/proposals/{past.pk}")

    page.get_by_role("button", name="コピーして新しく申請").click()

    expect(page.get_by_role("status").filter(has_text="コピーした下書きを作りました")).to_be_visible()
    expect(page.get_by_label("件名")).to_have_value(past.title)
    copy = Proposal.objects.filter(applicant__username=APPLICANT).latest("pk")
    assert (copy.state, copy.title, copy.content) == (ProposalState.DRAFT, past.title, past.content)
    assert f"/proposals/{copy.pk}/edit" in page.url


def test_a_lost_answer_makes_no_second_copy(open_as: OpenAs, guard: Guard) -> None:
    guard.expected.append("net::ERR_FAILED")
    past = _mine(ProposalState.APPROVED)
    before = Proposal.objects.count()
    page = open_as(APPLICANT, f"#/proposals/{past.pk}")
    page.route("**/copy", lambda route: (route.fetch(), route.abort()), times=1)

    page.get_by_role("button", name="コピーして新しく申請").click()
    expect(page.get_by_role("alert")).to_contain_text("コピーできませんでした")
    page.get_by_role("button", name="コピーして新しく申請").click()

    expect(page.get_by_label("件名")).to_have_value(past.title)
    assert Proposal.objects.count() == before + 1
