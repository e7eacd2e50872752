"""Files beside a proposal: from the browser to the store and back, also over a line that breaks."""

import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, expect
from pytest_django import Settings

from api.proposals.models import Attachment, AttachmentState, Proposal
from api.proposals.ports import ScanVerdict
from tests.browser.conftest import OpenAs, OpenPage, Served
from tests.browser.fragile import fragile_line
from tests.browser.guard import Guard
from tests.browser.people import APPLICANT, SECTION_HEAD, signed_in
from tests.browser.scanners import SCANNER
from tests.browser.words import LANGUAGES, words
from tests.browser.writing import TITLE, fill_purchase

NAME = "見積書(青空システムズ・髙﨑様).pdf"
MEGABYTE = 1024 * 1024
STORE = "**/local-storage**"


def _file(folder: Path, name: str = NAME, *, size: int = 3000) -> Path:
    file = folder / name
    file.write_bytes(hashlib.shake_128(name.encode()).digest(size))
    return file


def _choose(page: Page, *files: Path) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


def _row(page: Page, name: str = NAME) -> Locator:
    return page.locator(".file").filter(has_text=name)


def _saved_file(page: Page, button: Locator, to: Path) -> tuple[str, bytes]:
    with page.expect_download() as download:
        button.click()
    download.value.save_as(to)
    return download.value.suggested_filename, to.read_bytes()


def _hold(page: Page) -> list[Route]:
    """Keep what is sent to the store from getting there; return what was held, to go on with `continue_`."""
    held: list[Route] = []

    def keep(route: Route) -> None:
        held.append(route)

    page.route(STORE, keep)
    return held


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [1440, 390])
def test_a_file_is_chosen_in_a_new_form_and_read_by_the_approver(
    open_as: OpenAs, tmp_path: Path, language: str, width: int
) -> None:
    t = words(language)
    file = _file(tmp_path)
    page = open_as(APPLICANT, "#/new/general", language=language, width=width)
    page.get_by_label(t("form.title")).fill(TITLE)
    page.get_by_label({"ja": "起案内容", "en": "What is proposed"}[language]).fill("見積書のとおりです。")

    _choose(page, file)

    expect(_row(page)).to_contain_text(t("file.state.available"))
    expect(page.get_by_role("status").filter(has_text=NAME)).to_contain_text(t("file.state.available"))
    page.get_by_role("button", name=t("form.confirm")).click()
    expect(page.get_by_role("list", name=t("file.title")).get_by_text(NAME)).to_be_visible()
    page.get_by_role("button", name=t("confirm.submit")).click()
    expect(page.get_by_role("status").filter(has_text=TITLE)).to_be_visible()
    assert Proposal.objects.filter(title=TITLE).count() == 1

    approver = open_as(SECTION_HEAD, language=language, width=width)
    approver.get_by_role("link", name=TITLE).click()
    expect(approver.locator(".history li[data-kind=attachment_added]")).to_contain_text(NAME)
    download = approver.get_by_role("button", name=t("file.downloadNamed", name=NAME))
    assert _saved_file(approver, download, tmp_path / "read") == (NAME, file.read_bytes())
    # A second press gets another address: the first one ends after two minutes.
    assert _saved_file(approver, download, tmp_path / "again")[1] == file.read_bytes()


def test_50_megabytes_survive_a_line_that_breaks(
    open_page: OpenPage, served: Served, guard: Guard, tmp_path: Path
) -> None:
    file = _file(tmp_path, size=50 * MEGABYTE)
    with fragile_line(served.url) as line:
        guard.expected += [line.url, "net::ERR_"]
        page = open_page(storage_state=signed_in(line.url, APPLICANT, "ja"))
        page.goto(f"{line.url}/#/new/purchase")
        fill_purchase(page)
        expect(page.get_by_text(re.compile("保存済み"))).to_be_visible()
        line.break_after(25 * MEGABYTE)

        _choose(page, file)
        expect(_row(page).get_by_role("progressbar")).to_be_visible()
        retry = page.get_by_role("button", name=f"{NAME}をもう一度試す")
        expect(retry).to_be_visible(timeout=60_000)
        assert line.breaks > 0
        assert Attachment.objects.get(name=NAME).state == AttachmentState.EXPECTED
        expect(page.get_by_label("件名")).to_have_value(TITLE)
        expect(_row(page)).to_contain_text("サーバーから応答がありませんでした")
        line.mend()
        retry.click()

        expect(_row(page)).to_contain_text("添付しました")
        attachment = Attachment.objects.get(name=NAME)  # one, however often it was sent
        assert attachment.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
        download = page.get_by_role("button", name=f"{NAME}をダウンロード")
        assert _saved_file(page, download, tmp_path / "read") == (NAME, file.read_bytes())


def test_an_upload_that_a_reload_interrupted_goes_on_with_the_same_file(
    open_as: OpenAs, served: Served, tmp_path: Path
) -> None:
    file = _file(tmp_path)
    draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
    page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")
    _hold(page)
    page.on("dialog", lambda dialog: dialog.accept())  # leaving while a file is sent is asked about
    _choose(page, file)
    expect(_row(page)).to_contain_text("送信中")
    page.reload()
    page.unroute_all()
    expect(_row(page)).to_contain_text("送信が途中で止まりました")

    _choose(page, file)

    expect(_row(page)).to_contain_text("添付しました")
    assert Attachment.objects.filter(proposal=draft, name=NAME).count() == 1


def test_a_form_that_ended_is_renewed_without_anyone_noticing(open_as: OpenAs, tmp_path: Path) -> None:
    draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
    page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")
    refused: list[str] = []

    def refuse_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.fulfill(status=403, body="<Error><Code>AccessDenied</Code></Error>")

    page.route(STORE, refuse_once)

    _choose(page, _file(tmp_path))

    expect(_row(page)).to_contain_text("添付しました")
    assert refused


def test_what_cannot_be_attached_is_said_beside_the_file(open_as: OpenAs, tmp_path: Path) -> None:
    draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
    page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")

    turned = _file(tmp_path, "見積\u202ecod.pdf")
    _choose(page, _file(tmp_path, "macro.exe"), _file(tmp_path, "空.pdf", size=0), turned, _file(tmp_path, "よい.pdf"))

    expect(_row(page, "macro.exe")).to_contain_text("この種類のファイルは添付できません")
    expect(_row(page, "空.pdf").locator(".file-error")).to_contain_text("空")
    expect(page.locator(".file-error").filter(has_text="見積\ufffdcod.pdf")).to_have_count(1)
    # The same file once more would be refused once more.
    expect(page.get_by_role("button", name=re.compile("もう一度試す"))).to_have_count(0)
    expect(_row(page, "よい.pdf")).to_contain_text("添付しました")
    page.get_by_role("button", name="macro.exeを一覧から消す").click()
    expect(_row(page, "macro.exe")).to_have_count(0)


def test_too_large_and_too_many_are_refused_before_anything_is_sent(open_as: OpenAs, tmp_path: Path) -> None:
    draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
    page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")
    expect(page.get_by_role("button", name="ファイルを選ぶ")).to_be_visible()
    large = tmp_path / "大きい.pdf"
    with large.open("wb") as file:
        file.truncate(51 * MEGABYTE)

    _choose(page, large, *(_file(tmp_path, f"{number}.pdf", size=number + 1) for number in range(21)))

    expect(_row(page, "大きい.pdf")).to_contain_text("大きすぎます。50 MBまで")
    expect(_row(page, "20.pdf")).to_contain_text("添付できるのは20件まで")
    expect(page.locator(".file").filter(has_text="添付しました")).to_have_count(20)


def test_a_file_is_taken_out_again(open_as: OpenAs, tmp_path: Path) -> None:
    draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
    page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")
    _choose(page, _file(tmp_path))
    expect(_row(page)).to_contain_text("添付しました")

    page.get_by_role("button", name=f"{NAME}を外す").click()

    expect(_row(page)).to_have_count(0)
    assert Attachment.objects.get(name=NAME).state == AttachmentState.REMOVED


def test_an_answer_of_before_does_not_bring_back_what_was_taken_out(open_as: OpenAs, tmp_path: Path) -> None:
    draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
    page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")
    expect(page.get_by_role("button", name="ファイルを選ぶ")).to_be_visible()
    asked: list[Route] = []
    answers: list[APIResponse] = []

    holding = True

    def hold(route: Route) -> None:
        if not holding:
            route.continue_()  # one held to the end of the test would fail the next one
            return
        asked.append(route)
        answers.append(route.fetch())

    of_this_draft = re.compile(rf"/api/proposals/{draft.pk}$")
    page.route(of_this_draft, hold)
    with page.expect_request(of_this_draft):
        _choose(page, _file(tmp_path))
    expect(_row(page)).to_contain_text("添付しました")
    for _ in range(1000):
        if asked and len(answers) == len(asked):
            break
        page.evaluate("() => 0")  # what is held is held by this thread, while it waits for the page
    holding = False
    assert asked
    assert len(answers) == len(asked)
    assert all(NAME in answer.text() for answer in answers)

    page.get_by_role("button", name=f"{NAME}を外す").click()
    expect(_row(page)).to_have_count(0)
    for route, answer in zip(asked, answers, strict=True):
        route.fulfill(response=answer)
    page.evaluate("() => new Promise((drawn) => setTimeout(() => requestAnimationFrame(drawn)))")

    expect(_row(page)).to_have_count(0)


def test_sending_can_be_given_up(open_as: OpenAs, tmp_path: Path) -> None:
    draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
    page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")
    _hold(page)
    _choose(page, _file(tmp_path))
    expect(_row(page)).to_contain_text("送信中")

    with page.expect_response(lambda response: response.request.method == "DELETE"):
        page.get_by_role("button", name=f"{NAME}の送信をやめる").click()

    expect(_row(page)).to_have_count(0)
    assert Attachment.objects.get(name=NAME).state == AttachmentState.REMOVED


def test_submitting_waits_for_a_file_that_is_still_sent(open_as: OpenAs, tmp_path: Path) -> None:
    page = open_as(APPLICANT, "#/new/purchase")
    fill_purchase(page)
    held = _hold(page)
    _choose(page, _file(tmp_path))
    expect(_row(page)).to_contain_text("送信中")

    page.get_by_role("button", name="承認経路を確認する").click()
    page.get_by_role("button", name="この内容で申請する").click()
    expect(page.get_by_role("status").filter(has_text="送信が終わりしだい申請します")).to_be_visible()
    assert Proposal.objects.get(title=TITLE).revision == 0
    held[0].continue_()

    expect(page.get_by_role("status").filter(has_text="申請しました")).to_be_visible()
    expect(_row(page).get_by_role("button", name="ダウンロード")).to_be_visible()


def test_submitting_with_a_file_that_failed_says_so(open_as: OpenAs, guard: Guard, tmp_path: Path) -> None:
    guard.expected.append("net::ERR_FAILED")
    page = open_as(APPLICANT, "#/new/purchase")
    fill_purchase(page)
    page.route(STORE, lambda route: route.abort())
    _choose(page, _file(tmp_path))
    expect(_row(page)).to_contain_text("添付できませんでした")

    page.get_by_role("button", name="承認経路を確認する").click()
    page.get_by_role("button", name="この内容で申請する").click()

    expect(page.get_by_role("alert").filter(has_text="まだ申請していません")).to_be_visible()
    assert Proposal.objects.get(title=TITLE).revision == 0


def test_sending_goes_on_while_another_screen_is_looked_at(open_as: OpenAs, tmp_path: Path) -> None:
    draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
    page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")
    held = _hold(page)
    _choose(page, _file(tmp_path))
    expect(_row(page)).to_contain_text("送信中")
    page.evaluate("location.hash = '/list/mine'")
    expect(page.locator("[data-row]").first).to_be_visible()

    with page.expect_response(lambda response: response.url.endswith("/confirm")):
        held[0].continue_()

    page.evaluate(f"location.hash = '/proposals/{draft.pk}'")
    expect(_row(page).get_by_role("button", name="ダウンロード")).to_be_visible()


class TestScanner:
    @pytest.fixture(autouse=True)
    def scanner(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.MALWARE_SCANNER = "tests.browser.scanners.scripted"
        monkeypatch.setattr(SCANNER, "verdict", ScanVerdict.PENDING)

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_keeps_a_file_to_its_owner_until_it_has_said_yes(
        self, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, language: str
    ) -> None:
        t = words(language)
        draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
        page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit", language=language)
        _choose(page, _file(tmp_path))
        expect(page.get_by_role("status").filter(has_text=NAME)).to_contain_text(t("file.state.quarantined"))
        expect(_row(page).get_by_role("button", name=t("file.download"))).to_have_count(0)

        monkeypatch.setattr(SCANNER, "verdict", ScanVerdict.CLEAN)
        page.get_by_role("button", name=t("file.checkNamed", name=NAME)).click()

        expect(page.get_by_role("status").filter(has_text=NAME)).to_contain_text(t("file.state.available"))
        expect(_row(page).get_by_role("button", name=t("file.download"))).to_be_visible()

    def test_is_asked_again_by_the_page(self, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
        page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")
        _choose(page, _file(tmp_path))
        expect(_row(page)).to_contain_text("検査しています")

        monkeypatch.setattr(SCANNER, "verdict", ScanVerdict.CLEAN)

        expect(_row(page)).to_contain_text("添付しました")

    def test_that_finds_a_virus_has_the_file_refused_and_nothing_is_submitted_past_it(
        self, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(SCANNER, "verdict", ScanVerdict.INFECTED)
        page = open_as(APPLICANT, "#/new/purchase")
        fill_purchase(page)
        _choose(page, _file(tmp_path))
        expect(page.get_by_role("status").filter(has_text=NAME)).to_contain_text("ウイルスが見つかった")

        page.get_by_role("button", name="承認経路を確認する").click()
        page.get_by_role("button", name="この内容で申請する").click()
        expect(page.get_by_role("alert")).to_contain_text(NAME)
        page.get_by_role("link", name="入力に戻る").click()
        page.get_by_role("button", name=f"{NAME}を外す").click()
        expect(page.get_by_role("button", name="ファイルを選ぶ")).to_be_focused()
        page.get_by_role("button", name="承認経路を確認する").click()
        page.get_by_role("button", name="この内容で申請する").click()

        expect(page.get_by_role("status").filter(has_text="申請しました")).to_be_visible()


def test_files_are_chosen_by_keyboard(open_as: OpenAs, tmp_path: Path) -> None:
    draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
    page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")

    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="ファイルを選ぶ").press("Enter")
    assert chooser.value.is_multiple()
    chooser.value.set_files(_file(tmp_path))

    expect(_row(page)).to_contain_text("添付しました")


def test_files_are_dropped_and_only_where_they_belong(open_as: OpenAs) -> None:
    drop = """(element, name) => {
        const files = new DataTransfer()
        files.items.add(new File(['text'], name, {type: 'text/plain'}))
        element.dispatchEvent(new DragEvent('drop', {dataTransfer: files, bubbles: true, cancelable: true}))
    }"""
    draft = Proposal.objects.filter(applicant__username=APPLICANT, state="draft").latest("pk")
    page = open_as(APPLICANT, f"#/proposals/{draft.pk}/edit")
    page.get_by_label("件名").evaluate(drop, "よそ.txt")

    page.locator(".drop").evaluate(drop, "ここ.txt")

    expect(_row(page, "ここ.txt")).to_contain_text("添付しました")
    expect(_row(page, "よそ.txt")).to_have_count(0)
    expect(page.get_by_label("件名")).to_have_value(draft.title)
