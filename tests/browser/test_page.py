"""What the page is allowed to do, and how much of it there is."""

import gzip
import re

from playwright.sync_api import Response, expect

from api.proposals.models import Proposal
from api.proposals.states import ProposalState
from tests.browser.conftest import OpenAs, OpenPage, Served
from tests.browser.guard import Guard
from tests.browser.people import APPLICANT, SECTION_HEAD

BUDGET = 150_000  # bytes of gzip JavaScript to a usable inbox (docs/adr/0005)


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


def test_a_decided_proposal_prints_on_one_page(open_as: OpenAs) -> None:
    proposal = Proposal.objects.filter(applicant__username=APPLICANT, state=ProposalState.APPROVED).earliest("pk")
    page = open_as(APPLICANT, f"#/proposals/{proposal.pk}")
    expect(page.locator(".seal").first).to_be_visible()

    document = page.pdf(prefer_css_page_size=True)

    assert len(re.findall(rb"/Type /Page\b", document)) == 1
    page.emulate_media(media="print")
    expect(page.get_by_text("決裁書", exact=True)).to_be_visible()
    expect(page.get_by_text(str(proposal.decision_number))).to_be_visible()
    expect(page.get_by_role("navigation")).to_be_hidden()


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
