"""What fails while people work: nothing is lost or doubled, the screen says so clearly, and work goes on without help.

What is true afterwards is asked of the database itself.
"""

import re

import pytest
from playwright.sync_api import expect

from tests.deploy.rehearsal.conftest import SitDown
from tests.deploy.rehearsal.people import APPLICANT, SECTION_HEAD, Desk
from tests.deploy.rehearsal.standing import Rehearsal


@pytest.fixture(autouse=True)
def mended(rehearsal: Rehearsal) -> object:
    """Leave nothing broken to the next test."""
    yield
    rehearsal.ask("mend")


def state(rehearsal: Rehearsal, title: str) -> list[str]:
    """Return the state of every proposal with a title."""
    return [row[0] for row in rehearsal.rows("SELECT state FROM proposals_proposal WHERE title = %s", title)]


def audited(rehearsal: Rehearsal, title: str) -> dict[str, int]:
    """Count what the audit trail knows of a proposal, by kind."""
    rows = rehearsal.rows(
        "SELECT e.kind, count(*) FROM proposals_auditevent e JOIN proposals_proposal p ON p.id = e.proposal_id "
        "WHERE p.title = %s GROUP BY 1",
        title,
    )
    return dict(rows)


def ready_to_submit(desk: Desk, title: str) -> None:
    desk.write(title)
    desk.confirm()


class TestTheFunctionIsKilled:
    def test_in_the_middle_of_a_transaction(self, rehearsal: Rehearsal, sit_down: SitDown) -> None:
        title = "途中で止まった申請"
        desk = sit_down(APPLICANT)
        ready_to_submit(desk, title)
        before = audited(rehearsal, title)

        rehearsal.ask("fault midway proposals_auditevent")
        desk.submit()
        expect(desk.alert).to_contain_text(desk.t("confirm.notSubmitted"))
        assert rehearsal.ask("mend")[0] == 0  # it was in the middle, and died there
        assert state(rehearsal, title) == ["draft"]
        assert audited(rehearsal, title) == before

        desk.retry()
        expect(desk.says(title)).to_be_visible()
        assert state(rehearsal, title) == ["in_progress"]
        assert audited(rehearsal, title)["submitted"] == 1

    def test_after_the_commit_and_before_the_answer(self, rehearsal: Rehearsal, sit_down: SitDown) -> None:
        title = "応答だけが失われた申請"
        applicant, head = sit_down(APPLICANT), sit_down(SECTION_HEAD)
        ready_to_submit(applicant, title)

        rehearsal.ask("fault answer /submit")
        applicant.submit()
        applicant.expect_done(title, applicant.retry)
        assert rehearsal.ask("mend")[0] == 0
        assert state(rehearsal, title) == ["in_progress"]
        assert audited(rehearsal, title)["submitted"] == 1

        head.open(title)
        rehearsal.ask("fault answer /decision")
        head.approve()
        head.expect_done(title, head.approve)
        assert rehearsal.ask("mend")[0] == 0
        assert audited(rehearsal, title)["approved"] == 1


def test_the_database_is_restarted(rehearsal: Rehearsal, sit_down: SitDown) -> None:
    title = "再起動をまたぐ申請"
    desk = sit_down(APPLICANT)
    desk.write(title)
    desk.expect_saved()

    assert rehearsal.ask("fault database")[0] == 0
    desk.summary.fill("再起動の後に書き足しました。")
    desk.confirm()
    desk.submit()

    expect(desk.says(title)).to_be_visible()
    assert state(rehearsal, title) == ["in_progress"]
    assert desk.broken == []


def test_the_database_is_silent_until_the_api_gives_up(rehearsal: Rehearsal, sit_down: SitDown) -> None:
    """Of real length once, the 29 seconds of API Gateway; three people wait through it together."""
    title, other, waiting = "沈黙の間の申請", "沈黙の間の下書き", "沈黙の間の決裁"
    writer = sit_down(APPLICANT)
    ready_to_submit(writer, waiting)
    writer.submit()
    expect(writer.says(waiting)).to_be_visible()
    applicant, head = sit_down(APPLICANT), sit_down(SECTION_HEAD)
    ready_to_submit(applicant, title)
    writer.write(other)
    writer.expect_saved()
    head.open(waiting)

    rehearsal.ask("fault silence")
    applicant.submit()
    head.approve()
    writer.summary.fill("沈黙の間に書き足しました。")
    expect(applicant.alert).to_contain_text(applicant.t("confirm.notSubmitted"))
    expect(head.alert).to_contain_text(head.t("decide.failed"))
    expect(writer.page.get_by_text(writer.t("saved.kept.no_answer"))).to_be_visible()
    rehearsal.ask("mend")

    applicant.page.get_by_role("button", name=applicant.t("failure.retry")).click()
    expect(applicant.says(title)).to_be_visible()
    head.page.get_by_role("button", name=head.t("decide.reload")).click()
    head.approve()
    expect(head.says(waiting)).to_be_visible()
    writer.expect_saved()  # by itself
    assert state(rehearsal, title) == ["in_progress"]
    assert audited(rehearsal, waiting)["approved"] == 1
    assert state(rehearsal, other) == ["draft"]


def test_the_endpoints_are_down_for_ten_seconds(rehearsal: Rehearsal, sit_down: SitDown) -> None:
    title = "入口が止まっている間の申請"
    desk = sit_down(APPLICANT)
    desk.write(title)
    desk.expect_saved()

    rehearsal.ask("fault doors")
    desk.summary.fill("入口が止まっている間に書きました。")
    expect(desk.page.get_by_text(desk.t("saved.kept.no_answer"))).to_be_visible()
    rehearsal.ask("mend")

    desk.expect_saved()  # by itself
    desk.confirm()
    desk.submit()
    expect(desk.says(title)).to_be_visible()
    assert state(rehearsal, title) == ["in_progress"]


def test_the_disk_of_the_attachments_is_full(rehearsal: Rehearsal, sit_down: SitDown) -> None:
    title, file = "保管先がいっぱいの申請", "見積書.pdf"
    desk = sit_down(APPLICANT)
    desk.write(title)

    rehearsal.ask("fault disk")
    desk.attach(file)
    expect(desk.page.locator(".file-error")).to_have_text(desk.t("file.storeRefused"))
    rehearsal.ask("mend")
    desk.page.get_by_role("button", name=desk.t("file.retryNamed", name=file)).click()

    expect(desk.attached).to_be_visible()
    desk.expect_written(title)
    rows = rehearsal.rows(
        "SELECT a.state FROM proposals_attachment a JOIN proposals_proposal p ON p.id = a.proposal_id "
        "WHERE p.title = %s",
        title,
    )
    assert rows == [["available"]]


def test_a_sign_in_ends_in_the_middle_of_a_form(rehearsal: Rehearsal, sit_down: SitDown) -> None:
    title = "入力の途中でサインインが切れた申請"
    desk = sit_down(APPLICANT)
    desk.write(title)
    desk.expect_saved()

    rehearsal.rows("UPDATE knox_authtoken SET expiry = now() - interval '1 second' RETURNING 1")
    desk.summary.fill("切れた後も書き続けました。")
    again = desk.page.get_by_role("dialog", name=desk.t("signIn.againTitle"))
    expect(again).to_be_visible()
    desk.enter(again)

    expect(again).to_be_hidden()
    desk.expect_written(title, "切れた後も書き続けました。")
    desk.confirm()
    desk.submit()
    expect(desk.says(title)).to_be_visible()
    assert state(rehearsal, title) == ["in_progress"]


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_is_an_hour_off(rehearsal: Rehearsal, sit_down: SitDown, hours: int) -> None:
    title = f"時計が {hours} 時間ずれた申請"
    desk = sit_down(APPLICANT, clock=hours)
    desk.write(title)
    desk.attach("見積書.pdf")
    expect(desk.attached).to_be_visible()
    desk.page.reload()
    desk.expect_written(title)
    desk.confirm()
    desk.submit()
    expect(desk.says(title)).to_be_visible()
    assert state(rehearsal, title) == ["in_progress"]
    # The server's time counts: what it wrote is of now.
    [[seconds]] = rehearsal.rows(
        "SELECT abs(extract(epoch FROM now() - created_at))::int FROM proposals_proposal WHERE title = %s", title
    )
    assert seconds < 1800


def test_the_timer_tells_twice(rehearsal: Rehearsal, sit_down: SitDown) -> None:
    title = "二度届いた定期処理の申請"
    applicant, head = sit_down(APPLICANT), sit_down(SECTION_HEAD)
    ready_to_submit(applicant, title)
    applicant.submit()
    expect(applicant.says(title)).to_be_visible()

    status, said = rehearsal.ask("tick 2")
    assert status == 0, said
    head.go("/notices")
    expect(head.page.get_by_text(re.compile(title))).to_have_count(1)
    status, said = rehearsal.ask("tick 1")
    assert status == 0, said
    head.page.reload()
    expect(head.page.get_by_text(re.compile(title))).to_have_count(1)
