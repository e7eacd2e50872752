"""WCAG 2.2 AA as far as machines see it, on every screen: axe, enlargement, sizes of what is pressed."""

from typing import Any

import pytest
from playwright.sync_api import Page

from project.bootstrap import ROOT
from tests.browser.conftest import OpenAs, OpenPage
from tests.browser.screens import every_screen
from tests.browser.words import LANGUAGES

AXE = (ROOT / "spa/node_modules/axe-core/axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TARGET = 44  # CSS pixels (DADS; WCAG 2.5.8 asks for 24)

RUN_AXE = """async options => {
    const {violations} = await axe.run(document, {...options, resultTypes: ['violations']});
    return violations.flatMap(({id, nodes}) => nodes.map(node => `${id}: ${node.target} ${node.failureSummary}`));
}"""

WIDER_THAN_THE_SCREEN = """() => {
    const {scrollWidth, clientWidth} = document.documentElement;
    return scrollWidth > clientWidth ? [`page: ${scrollWidth} in ${clientWidth}`] : [];
}"""

SMALL_TARGETS = """target => [...document.querySelectorAll('button, .button, nav a, select, textarea, ' +
        'input:not([type=radio], [type=checkbox])')]
    .filter(element => element.checkVisibility() && element.getBoundingClientRect().height < target - 0.5)
    .map(element => `${element.tagName} ${element.className} ${element.textContent}: ` +
        element.getBoundingClientRect().height)"""


def _axe(page: Page, options: dict[str, Any]) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[str] = page.evaluate(RUN_AXE, options)
    return found


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_light_or_dark(open_page: OpenPage, open_as: OpenAs, language: str, width: int) -> None:
    found: dict[str, list[str]] = {}
    # Without motion no colour is caught half way between light and dark.
    for name, page in every_screen(open_page, open_as, language, width, reduced_motion="reduce"):
        found[name] = _axe(page, {"runOnly": TAGS})
        if language == "ja":  # no colour depends on the language
            page.emulate_media(color_scheme="dark")
            found[f"{name}, dark"] = _axe(page, {"runOnly": ["color-contrast"]})
            page.emulate_media(color_scheme="light")

    assert {name: problems for name, problems in found.items() if problems} == {}


@pytest.mark.parametrize("width", [640, 320], ids=["200 % of 1280", "400 % of 1280"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_enlarged_nothing_has_to_be_scrolled_sideways(
    open_page: OpenPage, open_as: OpenAs, language: str, width: int
) -> None:
    context = {"viewport": {"width": width, "height": 512}, "is_mobile": False, "has_touch": False}
    screens = every_screen(open_page, open_as, language, width, **context)
    found = {name: page.evaluate(WIDER_THAN_THE_SCREEN) for name, page in screens}

    assert {name: problems for name, problems in found.items() if problems} == {}


def test_what_is_pressed_is_large_enough_for_a_finger(open_page: OpenPage, open_as: OpenAs) -> None:
    screens = every_screen(open_page, open_as, "ja", 390)
    found = {name: page.evaluate(SMALL_TARGETS, TARGET) for name, page in screens}

    assert {name: problems for name, problems in found.items() if problems} == {}
