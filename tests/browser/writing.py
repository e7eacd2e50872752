"""Fill in proposals as people do, in the language of the page."""

from playwright.sync_api import Page, expect

from tests.browser.words import words

TITLE = "開発用ノートパソコン5台の購入"

# Labels of api/proposals/catalogue/purchase.json.
_PURCHASE = {
    "ja": {
        "type": "購買稟議",
        "purpose": "購入の目的",
        "supplier": "購入先",
        "item": "品名(1行目)",
        "quantity": "数量(1行目)",
        "price": "単価(税込)(1行目)",
        "delivery": "希望納期",
        "equipment": "備品",
        "payer": "費用負担部署",
        "department": "営業一課",
    },
    "en": {
        "type": "Purchase",
        "purpose": "Purpose",
        "supplier": "Supplier",
        "item": "Item (row 1)",
        "quantity": "Quantity (row 1)",
        "price": "Unit price (tax incl.) (row 1)",
        "delivery": "Delivery date",
        "equipment": "Equipment",
        "payer": "Department that pays",
        "department": "Sales Section 1",
    },
}


def choose_purchase(page: Page, language: str = "ja") -> None:
    """Go from any screen to the form of a 購買稟議."""
    page.get_by_role("navigation").get_by_role("link", name=words(language)("nav.new")).click()
    page.get_by_role("main").get_by_role("link", name=_PURCHASE[language]["type"]).click()


def fill_purchase(page: Page, language: str = "ja", *, title: str = TITLE, price: str = "300,000") -> None:
    """Fill in five of something at `price` yen each, everything that is required."""
    label = _PURCHASE[language]
    page.get_by_label(words(language)("form.title")).fill(title)
    page.get_by_label(label["purpose"]).fill("老朽化した端末を更新します。")
    page.get_by_label(label["supplier"]).fill("株式会社青空システムズ")
    page.get_by_label(label["item"], exact=True).fill("ノートPC")
    page.get_by_label(label["quantity"], exact=True).fill("５")
    page.get_by_label(label["price"], exact=True).fill(price)
    page.get_by_label(label["delivery"]).fill("2030-03-29")
    page.get_by_label(label["equipment"]).check()
    pick(page, label["payer"], label["department"])


def pick(page: Page, field: str, name: str) -> None:
    """Choose in a combobox by typing a name."""
    combobox = page.get_by_role("combobox", name=field)
    combobox.fill(name)
    page.get_by_role("option", name=name).first.click()
    expect(combobox).to_have_value(name)
