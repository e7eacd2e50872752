"""Signing in and out, in one tab and in several."""

import re

from playwright.sync_api import Page, expect

from api.management.commands.seed_company import DEMO_PASSWORD
from api.organization.models import Person
from api.proposals.models import Proposal
from tests.browser.conftest import OpenAs, OpenPage
from tests.browser.people import APPLICANT


def _enter(page: Page, password: str) -> None:
    page.get_by_label("ユーザー名").fill(APPLICANT)
    page.get_by_label("パスワード").fill(password)
    page.get_by_role("button", name="サインイン").click()


def test_a_wrong_password_is_told_in_words(open_page: OpenPage) -> None:
    page = open_page()

    _enter(page, "wrong")

    expect(page.get_by_role("alert")).to_contain_text("ユーザー名またはパスワード")
    expect(page.get_by_label("ユーザー名")).to_have_value(APPLICANT)


def test_a_link_opens_what_it_names_after_the_sign_in(open_page: OpenPage) -> None:
    proposal = Proposal.objects.filter(applicant__username=APPLICANT, state="approved").latest("pk")
    page = open_page(f"#/proposals/{proposal.pk}")
    expect(page.get_by_role("heading", level=1, name="サインイン")).to_be_visible()

    _enter(page, DEMO_PASSWORD)

    expect(page.get_by_role("heading", level=1)).to_contain_text(proposal.title)


def test_whoever_never_chose_a_language_gets_their_own(open_page: OpenPage) -> None:
    Person.objects.filter(username=APPLICANT).update(language="en")
    page = open_page()

    _enter(page, DEMO_PASSWORD)

    expect(page.get_by_role("heading", level=1, name="To approve")).to_be_visible()


def test_a_second_tab_is_signed_in_too_and_signing_out_in_one_signs_out_both(open_as: OpenAs) -> None:
    first = open_as(APPLICANT)
    second = first.context.new_page()
    second.goto(first.url + "#/list/mine")
    expect(second.get_by_role("heading", level=1, name="自分の申請")).to_be_visible()

    first.get_by_role("button", name=re.compile("メニュー")).click()
    first.get_by_role("button", name="サインアウト").click()

    for tab in (first, second):
        expect(tab.get_by_role("heading", level=1, name="サインイン")).to_be_visible()


def test_signing_out_ends_the_token_on_the_server(open_as: OpenAs) -> None:
    page = open_as(APPLICANT)
    token = page.evaluate("JSON.parse(localStorage.getItem('cloister.session')).token")
    page.get_by_role("button", name=re.compile("メニュー")).click()

    with page.expect_response(lambda response: response.request.method == "DELETE"):
        page.get_by_role("button", name="サインアウト").click()

    ask = "token => fetch('api/me', {headers: {Authorization: `Bearer ${token}`}}).then(answer => answer.status)"
    assert page.evaluate(ask, token) == 401
