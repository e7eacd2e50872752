"""People come in: invited from the screen, by a link, with a password of their own; and by the company's files."""

from playwright.sync_api import FilePayload, Page, expect

from api.organization.models import Person
from tests.browser.conftest import OpenAs, OpenPage
from tests.browser.newcomers import newcomer
from tests.browser.people import ADMINISTRATOR, APPLICANT
from tests.browser.words import words
from tests.organization_files import contents

PASSWORD = "shiroi-kasa-wo-motsu"


def test_an_invitation_leads_from_the_screen_to_an_inbox(open_as: OpenAs, open_page: OpenPage) -> None:
    t = words("ja")
    person = newcomer()
    administrator = open_as(ADMINISTRATOR, "#/people")
    administrator.get_by_label(t("accounts.search")).fill("青木")
    row = administrator.get_by_role("listitem").filter(has_text="青木 春")
    row.get_by_role("button", name=t("accounts.named.inviteOne", name="青木 春")).click()
    link = administrator.get_by_role("textbox", name=t("accounts.linkOf", name="青木 春")).input_value()
    administrator.get_by_role("button", name=t("accounts.handedOver")).click()
    expect(administrator.get_by_role("dialog")).to_have_count(0)

    page = open_page(link[link.index("#") :])
    expect(page.get_by_label(t("signIn.username"))).to_have_value("aoki.haru")
    field = page.get_by_label(t("invitation.password"), exact=True)
    field.fill("aoki.haru-2026")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("似ています")
    expect(field).to_be_focused()
    field.fill(PASSWORD)
    field.press("Enter")

    expect(page.get_by_role("heading", name=t("inbox.emptyTitle"))).to_be_visible()
    assert "invitation" not in page.url
    assert Person.objects.get(pk=person.pk).check_password(PASSWORD)
    again = open_page(link[link.index("#") :])
    expect(again.get_by_role("alert")).to_contain_text(t("invitation.unusable"))


def choose(page: Page, count: int, *, leaving: int = 0) -> None:
    files = contents(count, leaving=leaving)
    for noun, data in files.items():
        file: FilePayload = {"name": f"{noun}.csv", "mimeType": "text/csv", "buffer": data}
        page.get_by_label(words("ja")(f"organization.file.{noun}")).set_input_files(file)
    page.get_by_role("button", name=words("ja")("organization.look")).click()


def test_files_are_looked_at_then_taken_over_and_mass_departures_need_their_number(open_as: OpenAs) -> None:
    t = words("ja")
    page = open_as(ADMINISTRATOR, "#/organization")
    choose(page, 20)
    expect(page.get_by_role("heading", name=t("organization.difference", number=22))).to_be_visible()
    page.get_by_role("button", name=t("organization.apply", number=22)).click()
    expect(page.get_by_text(t("organization.done", number=22))).to_be_visible()
    assert Person.objects.filter(source="csv").count() == 20

    choose(page, 20, leaving=6)
    page.get_by_role("button", name=t("organization.apply", number=6)).click()
    typed = page.get_by_label(t("organization.confirm"))
    expect(typed).to_be_focused()
    typed.fill("６")  # as an input method leaves it
    typed.press("Enter")
    expect(page.get_by_text(t("organization.done", number=6))).to_be_visible()
    assert Person.objects.filter(source="csv", is_active=True).count() == 14


def test_no_administrators_screen_is_anybody_elses(open_as: OpenAs) -> None:
    t = words("ja")
    page = open_as(APPLICANT, "#/people")
    for path in ("/people", "/organization", "/outbox"):
        page.evaluate("path => { location.hash = path }", path)
        expect(page.get_by_text(t("administratorsOnly.text"))).to_be_visible()
