"""Returning, rejecting, withdrawing, pulling back; and deciding what has been decided already."""

from playwright.sync_api import Route, expect

from api.proposals.models import Proposal
from api.proposals.states import ProposalState
from tests.browser.conftest import OpenAs
from tests.browser.people import APPLICANT, SECTION_HEAD


def _waiting_for_section_head() -> Proposal:
    """Return a proposal of APPLICANT's whose first approver is asked and nobody has decided."""
    mine = Proposal.objects.filter(applicant__username=APPLICANT, state=ProposalState.IN_PROGRESS, revision=1)
    return mine.filter(
        revisions__steps__assignments__person__username=SECTION_HEAD, revisions__steps__assignments__state="pending"
    ).latest("pk")


def test_what_is_returned_is_corrected_and_submitted_again(open_as: OpenAs) -> None:
    proposal = _waiting_for_section_head()
    superior = open_as(SECTION_HEAD, f"#/proposals/{proposal.pk}")
    superior.get_by_role("button", name="差し戻す").click()
    asking = superior.get_by_role("dialog")
    asking.get_by_role("button", name="差し戻す").click()
    expect(asking).to_contain_text("理由を入力してください")
    asking.get_by_label("コメント").fill("根拠を書いてください。")
    asking.get_by_role("button", name="差し戻す").click()
    expect(superior.get_by_role("status").filter(has_text="差し戻しました")).to_be_visible()

    applicant = open_as(APPLICANT, "#/list/mine/returned")
    applicant.get_by_role("link", name=proposal.title).click()
    expect(applicant.get_by_role("main")).to_contain_text("根拠を書いてください。")
    applicant.get_by_role("link", name="直して再申請する").click()
    applicant.get_by_label("件名").fill("根拠を書いた件名")
    applicant.get_by_role("button", name="承認経路を確認する").click()
    applicant.get_by_role("button", name="この内容で申請する").click()

    expect(applicant.get_by_role("status").filter(has_text="申請しました")).to_be_visible()
    expect(applicant.get_by_role("main")).to_contain_text("第2版")
    superior.goto(superior.url.split("#")[0])
    expect(superior.get_by_role("link", name="根拠を書いた件名")).to_be_visible()


def test_rejecting_asks_once_and_names_what_will_happen(open_as: OpenAs) -> None:
    proposal = _waiting_for_section_head()
    page = open_as(SECTION_HEAD, f"#/proposals/{proposal.pk}")

    page.get_by_role("button", name="却下する").click()
    asking = page.get_by_role("dialog", name=f"「{proposal.title}」を却下しますか")
    expect(asking).to_contain_text("元には戻せません")
    expect(asking.get_by_label("コメント")).to_be_focused()
    asking.get_by_role("button", name="やめる").click()
    expect(asking).to_be_hidden()
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.IN_PROGRESS
    page.get_by_role("button", name="却下する").click()
    asking.get_by_label("コメント").fill("予算がありません。")
    asking.get_by_role("button", name="却下する").click()

    expect(page.get_by_role("status").filter(has_text="却下しました")).to_be_visible()
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.REJECTED


def test_the_applicant_withdraws(open_as: OpenAs) -> None:
    proposal = _waiting_for_section_head()
    page = open_as(APPLICANT, f"#/proposals/{proposal.pk}")

    page.get_by_role("button", name="取り下げる").click()
    asking = page.get_by_role("dialog")
    expect(asking).to_contain_text("元には戻せません")
    asking.get_by_role("button", name="取り下げる").click()

    expect(page.get_by_role("status").filter(has_text="取り下げました")).to_be_visible()
    expect(page.get_by_role("main").get_by_text("取下げ", exact=True)).to_be_visible()


def test_the_applicant_pulls_back_and_goes_on_writing(open_as: OpenAs) -> None:
    proposal = _waiting_for_section_head()
    page = open_as(APPLICANT, f"#/proposals/{proposal.pk}")

    page.get_by_role("button", name="引き戻す").click()

    expect(page.get_by_label("件名")).to_have_value(proposal.title)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DRAFT


def test_a_comment_joins_the_history(open_as: OpenAs) -> None:
    proposal = _waiting_for_section_head()
    page = open_as(APPLICANT, f"#/proposals/{proposal.pk}")

    page.get_by_label("コメントを書く").fill("急ぎでお願いします。")
    page.get_by_role("button", name="コメントする").click()

    expect(page.locator(".history li").last).to_contain_text("急ぎでお願いします。")
    expect(page.get_by_label("コメントを書く")).to_have_value("")


def test_deciding_twice_in_two_tabs_says_what_happened_and_shows_it(open_as: OpenAs) -> None:
    proposal = _waiting_for_section_head()
    first, second = (open_as(SECTION_HEAD, f"#/proposals/{proposal.pk}") for _tab in range(2))
    expect(second.get_by_role("button", name="承認する")).to_be_visible()
    first.get_by_role("button", name="承認する").click()
    expect(first.get_by_role("status").filter(has_text="承認しました")).to_be_visible()

    second.get_by_role("button", name="承認する").click()

    refusal = second.get_by_role("alert")
    expect(refusal).to_contain_text("承認")  # which decision stands already
    refusal.get_by_role("button", name="最新の内容を読み込む").click()
    expect(second.get_by_role("region", name="決裁")).to_be_hidden()
    expect(second.get_by_role("list", name="承認経路").locator(".seal[data-kind=approve]")).to_be_visible()


def test_deciding_on_a_revision_that_was_replaced_decides_nothing(open_as: OpenAs) -> None:
    proposal = _waiting_for_section_head()
    superior = open_as(SECTION_HEAD, f"#/proposals/{proposal.pk}")
    expect(superior.get_by_role("button", name="承認する")).to_be_visible()
    applicant = open_as(APPLICANT, f"#/proposals/{proposal.pk}")
    applicant.get_by_role("button", name="引き戻す").click()
    applicant.get_by_role("button", name="承認経路を確認する").click()
    applicant.get_by_role("button", name="この内容で申請する").click()
    expect(applicant.get_by_role("status").filter(has_text="申請しました")).to_be_visible()

    superior.get_by_role("button", name="承認する").click()
    superior.get_by_role("alert").get_by_role("button", name="最新の内容を読み込む").click()

    expect(superior.get_by_role("main")).to_contain_text("第2版")
    superior.get_by_role("button", name="新しい内容を見る").click()
    expect(superior.get_by_role("button", name="承認する")).to_be_visible()
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.IN_PROGRESS


def test_a_newer_revision_is_not_approved_unnoticed(open_as: OpenAs) -> None:
    proposal = _waiting_for_section_head()
    superior = open_as(SECTION_HEAD, f"#/proposals/{proposal.pk}")
    superior.get_by_label("コメント", exact=True).fill("了解しました。")
    applicant = open_as(APPLICANT, f"#/proposals/{proposal.pk}")
    applicant.get_by_role("button", name="引き戻す").click()
    applicant.get_by_label("件名").fill("黙って変えた件名")
    applicant.get_by_role("button", name="承認経路を確認する").click()
    applicant.get_by_role("button", name="この内容で申請する").click()
    expect(applicant.get_by_role("status").filter(has_text="申請しました")).to_be_visible()

    # A comment's answer is the proposal as it is now: the page shows the new revision.
    superior.get_by_label("コメントだけ").fill("どうなりましたか。")
    superior.get_by_role("button", name="コメントする").click()

    expect(superior.get_by_role("heading", level=1)).to_contain_text("黙って変えた件名")
    changed = superior.get_by_role("alert").filter(has_text="もう一度申請しました(第2版)")
    expect(changed).to_be_visible()
    expect(superior.get_by_role("button", name="承認する")).to_have_count(0)
    superior.keyboard.press("Escape")
    superior.get_by_role("heading", level=1).focus()
    superior.keyboard.press("a")
    expect(superior.get_by_role("dialog")).to_have_count(0)
    changed.get_by_role("button", name="新しい内容を見る").click()
    expect(superior.get_by_role("heading", level=1)).to_be_focused()
    expect(superior.get_by_label("コメント", exact=True)).to_have_value("了解しました。")
    superior.get_by_role("button", name="承認する").click()
    expect(superior.get_by_role("status").filter(has_text="承認しました")).to_be_visible()


def test_whoever_went_elsewhere_before_the_answer_came_stays_there(open_as: OpenAs) -> None:
    proposal = _waiting_for_section_head()
    page = open_as(SECTION_HEAD, f"#/proposals/{proposal.pk}")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/decision", hold)
    page.get_by_role("button", name="承認する").click()
    expect(page.locator(".seal[data-kind=approve]")).to_be_visible()  # at once, before the server answers
    page.get_by_role("navigation").get_by_role("link", name="申請一覧").click()
    expect(page.get_by_role("heading", level=1, name="自分の申請")).to_be_visible()

    with page.expect_response(lambda response: response.url.endswith("/api/inbox?limit=20")):
        held[0].continue_()

    expect(page.get_by_role("status").filter(has_text="承認しました")).to_be_visible()
    expect(page.get_by_role("heading", level=1, name="自分の申請")).to_be_visible()
