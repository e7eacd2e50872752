"""Every screen and dialog there is, one after the other, for checks that hold everywhere."""

import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import FilePayload, Page, expect

from api.proposals.models import Proposal
from api.proposals.states import ProposalState
from tests.browser.conftest import OpenAs, OpenPage
from tests.browser.happenings import give_up_a_message, work_off_messages
from tests.browser.newcomers import invited, newcomer
from tests.browser.people import ADMINISTRATOR, APPLICANT, SECTION_HEAD
from tests.browser.words import words
from tests.browser.writing import fill_purchase
from tests.organization_files import broken, contents

type Screen = tuple[str, Page]


def every_screen(open_page: OpenPage, open_as: OpenAs, language: str, width: int, **context: Any) -> Iterator[Screen]:
    """Yield (name, page) with the page at rest on each screen in turn."""
    stranger = open_page(language=language, width=width, **context)
    expect(stranger.get_by_role("heading", level=1)).to_be_visible()
    yield "sign in", stranger
    stranger.context.close()
    person = newcomer(language)
    coming = open_page(invited(person), language=language, width=width, **context)
    expect(coming.get_by_role("textbox")).to_have_count(2)
    yield "choosing a password", coming
    coming.context.close()
    applicant = open_as(APPLICANT, language=language, width=width, **context)
    yield from _of_applicant(applicant, language)
    applicant.context.close()
    approver = open_as(SECTION_HEAD, language=language, width=width, **context)
    yield from _of_approver(approver, language)
    approver.context.close()
    administrator = open_as(ADMINISTRATOR, "#/list/all", language=language, width=width, **context)
    expect(administrator.locator("[data-row]").first).to_be_visible()
    yield "all proposals", administrator
    t = words(language)
    give_up_a_message()
    go(administrator, "/outbox", t("outbox.title"))
    expect(administrator.get_by_role("button", name=t("outbox.retry"))).to_be_visible()
    yield "messages that were given up", administrator
    administrator.get_by_role("button", name=t("outbox.settle")).click()
    expect(administrator.get_by_role("dialog")).to_be_visible()
    yield "settling by hand", administrator
    administrator.keyboard.press("Escape")
    go(administrator, "/notices", t("notices.title"))
    yield "no notices", administrator
    yield from _of_administrator(administrator, language)


def _of_administrator(page: Page, language: str) -> Iterator[Screen]:
    t = words(language)
    name = "青木 春" if language == "ja" else "Haru Aoki"
    go(page, "/people/pending", t("accounts.title"))
    page.get_by_role("button", name=t("accounts.named.revoke", name=name)).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "taking an invitation back", page
    page.keyboard.press("Escape")
    yield "people who are invited", page
    page.get_by_role("button", name=t("accounts.named.again", name=name)).click()
    expect(page.get_by_role("dialog", name=t("accounts.links"))).to_be_visible()
    yield "a link to hand over", page
    page.get_by_role("button", name=t("accounts.handedOver")).click()
    go(page, "/organization", t("organization.title"))
    for files, heading in (
        (broken(), t("organization.problemsText")),
        (contents(), t("organization.difference", number=7)),
    ):
        for noun, data in files.items():
            file: FilePayload = {"name": f"{noun}.csv", "mimeType": "text/csv", "buffer": data}
            page.get_by_label(t(f"organization.file.{noun}")).set_input_files(file)
        page.get_by_role("button", name=t("organization.look")).click()
        expect(page.get_by_text(heading).first).to_be_visible()
        yield f"files of the organisation: {heading}", page


def go(page: Page, path: str, heading: str) -> None:
    """Go to an address within the page and wait until its heading stands there and nothing is loading."""
    page.evaluate("path => { location.hash = path }", path)
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    expect(page.locator(".skeleton")).to_have_count(0)


def _of_applicant(page: Page, language: str) -> Iterator[Screen]:
    t = words(language)
    expect(page.get_by_role("heading", name=t("inbox.emptyTitle"))).to_be_visible()
    yield "empty inbox", page
    go(page, "/list/mine", t("list.title.mine"))
    yield "my proposals", page
    go(page, "/new", t("new.title"))
    yield "choose a type", page
    go(page, "/new/purchase", t("form.stepWrite"))
    page.get_by_role("button", name=t("form.confirm")).click()
    expect(page.get_by_role("group", name=re.compile("9"))).to_be_focused()
    yield "form with errors", page
    if page.locator(".item-table").is_visible():  # elsewhere the rows' fields have other names
        fill_purchase(page, language)
        page.get_by_role("button", name=t("form.confirm")).click()
        expect(page.locator(".route .route-step")).to_have_count(4)
        yield "confirm", page
    go(page, "/new/travel", t("form.stepWrite"))
    yield "form of a trip", page
    plan: FilePayload = {"name": "旅程表.pdf", "mimeType": "application/pdf", "buffer": b"plan"}
    program: FilePayload = {"name": "program.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}
    page.locator("input[type=file]").set_input_files([plan, program])
    expect(page.locator(".file-error")).to_have_count(1)
    expect(page.get_by_text(t("file.state.available"), exact=True)).to_be_visible()
    yield "form with files", page
    for state in ProposalState:
        proposal = Proposal.objects.filter(applicant__username=APPLICANT, state=state).latest("pk")
        go(page, f"/proposals/{proposal.pk}", proposal.title)
        yield f"proposal {state}", page
    page.locator(".menu-button").click()
    yield "menu of the person", page
    page.keyboard.press("Escape")
    go(page, "/nowhere", t("missing.title"))
    yield "no such page", page


def _of_approver(page: Page, language: str) -> Iterator[Screen]:
    t = words(language)
    work_off_messages()
    go(page, "/notices", t("notices.title"))
    expect(page.locator("[data-row]").first).to_be_visible()
    yield "notices", page
    go(page, "/", t("inbox.title"))
    expect(page.locator("[data-row]").first).to_be_visible()
    yield "inbox", page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name=t("shortcuts.title"))).to_be_visible()
    yield "keyboard shortcuts", page
    page.keyboard.press("Escape")
    page.locator("[data-row]").first.click()
    expect(page.locator(".decision-bar")).to_be_visible()
    yield "proposal to decide", page
    page.get_by_role("button", name=t("decide.verb.reject")).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    yield "rejecting", page
    page.keyboard.press("Escape")
