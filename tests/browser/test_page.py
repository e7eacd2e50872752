"""What the page is allowed to do, and how much of it there is."""

import gzip
import re

import pytest
from playwright.sync_api import Response, expect
from pytest_django import Settings

from api.proposals.models import Attachment, AttachmentState, Proposal, RevisionAttachment
from api.proposals.states import ProposalState
from tests.browser.conftest import OpenAs, OpenPage, Served
from tests.browser.guard import Guard
from tests.browser.people import APPLICANT, SECTION_HEAD
from tests.browser.screens import go
from tests.browser.words import LANGUAGES, words

BUDGET = 150_000  # bytes of gzip JavaScript to a usable inbox (docs/adr/0005)
_PDF_PAGE = re.compile(rb"/Type /Page\b")


def test_refuses_to_be_shown_inside_a_frame(open_page: OpenPage, served: Served) -> None:
    page = open_page("api/nothing")  # any document of the same origin that is not the page itself

    page.evaluate(
        """address => {
            const frame = document.createElement('iframe');
            frame.src = address;
            document.body.append(frame);
        }""",
        f"{served.url}/",
    )

    inside = page.frame_locator("iframe")
    expect(inside.locator("body")).to_contain_text("枠の中では表示しません")
    expect(inside.locator("input, button, a")).to_have_count(0)


def test_scripts_from_elsewhere_and_inline_ones_do_not_run(open_page: OpenPage, guard: Guard) -> None:
    guard.expected += ["Content Security Policy", "Trusted", "is not allowed by"]
    page = open_page()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.evaluate(
        """() => {
            const script = document.createElement('div');
            try { script.innerHTML = '<img src=x onerror="window.broken = true">'; document.body.append(script); }
            catch {}
            const inline = document.createElement('script');
            try { inline.text = 'window.broken = true'; document.body.append(inline); } catch {}
        }"""
    )
    page.wait_for_load_state("networkidle")

    assert page.evaluate("window.broken") is None


@pytest.mark.parametrize("reaches", [[], ["http://files.test"]])
def test_the_page_talks_to_its_api_and_to_the_bucket_that_is_set(
    open_page: OpenPage, guard: Guard, settings: Settings, reaches: list[str]
) -> None:
    guard.expected += ["Content Security Policy", "files.test"]
    settings.PAGE_REACHES = reaches
    page = open_page()
    page.route("http://files.test/**", lambda route: route.fulfill(headers={"Access-Control-Allow-Origin": "*"}))

    answered = page.evaluate("fetch('http://files.test/').then(() => true, () => false)")

    assert answered == bool(reaches)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_proposal_of_the_demo_prints_on_one_page(open_as: OpenAs, language: str) -> None:
    t = words(language)
    mine = Proposal.objects.filter(applicant__username=APPLICANT).order_by("pk")
    page = open_as(APPLICANT, language=language)

    pages = {}
    for proposal in mine:
        go(page, f"/proposals/{proposal.pk}", proposal.title)
        expect(page.get_by_role("heading", name=t("history.title"))).to_be_visible()
        pages[proposal.pk] = len(_PDF_PAGE.findall(page.pdf(prefer_css_page_size=True)))

    assert len(pages) > 5
    assert set(pages.values()) == {1}, pages


def test_a_decided_proposal_prints_with_its_route_numbers_and_files(open_as: OpenAs) -> None:
    proposal = Proposal.objects.filter(applicant__username=APPLICANT, state=ProposalState.APPROVED).earliest("pk")
    revision = proposal.revisions.get(number=proposal.revision)
    for number in range(12):
        file = Attachment.objects.create(
            proposal=proposal,
            uploaded_by=proposal.applicant,
            name=f"見積書({number}).pdf",
            content_type="application/pdf",
            size=1000,
            sha256=f"{number:064x}",
            key=f"attachments/{number:032x}",
            state=AttachmentState.AVAILABLE,
            created_at=proposal.created_at,
            offered_until=proposal.created_at,
            checked_at=proposal.created_at,
        )
        RevisionAttachment.objects.create(revision=revision, attachment=file)
    page = open_as(APPLICANT, f"#/proposals/{proposal.pk}")
    expect(page.locator(".seal").first).to_be_visible()

    document = page.pdf(prefer_css_page_size=True)

    assert len(_PDF_PAGE.findall(document)) == 1
    page.emulate_media(media="print")
    expect(page.get_by_text("決裁書", exact=True)).to_be_visible()
    expect(page.get_by_text(str(proposal.decision_number))).to_be_visible()
    expect(page.locator(".print-only").filter(has_text="申請番号")).to_contain_text(str(proposal.pk))
    expect(page.get_by_text("見積書(11).pdf")).to_be_visible()
    expect(page.locator(".seal").last).to_be_visible()
    for gone in (page.get_by_role("navigation"), page.get_by_role("button"), page.get_by_role("textbox")):
        expect(gone.locator("visible=true")).to_have_count(0)


def test_a_usable_inbox_needs_no_more_script_than_the_budget(open_as: OpenAs, open_page: OpenPage) -> None:
    sizes: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if response.url.endswith(".js"):
            sizes[response.url] = len(gzip.compress(response.body(), 9))

    page = open_as(SECTION_HEAD)
    expect(page.locator("[data-row]").first).to_be_visible()
    page.on("response", weigh)
    page.reload()
    expect(page.locator("[data-row]").first).to_be_visible()

    assert 50_000 < sum(sizes.values()) <= BUDGET, sizes
