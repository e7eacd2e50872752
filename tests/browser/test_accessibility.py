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
LAPTOP, PHONE = 1440, 390
ENLARGED = {200: 640, 400: 320}  # percent of a window of 1280: CSS pixels that are left
TARGET = 44  # CSS pixels (DADS; WCAG 2.5.8 asks for 24)

RUN_AXE = """async options => {
    const {violations} = await axe.run(document, {...options, resultTypes: ['violations']});
    return violations.flatMap(({id, nodes}) => nodes.map(node => `${id}: ${node.target} ${node.failureSummary}`));
}"""

WIDER_THAN_THE_SCREEN = """async () => {
    // What follows the width by a listener (a dialog, a table that becomes cards) is drawn a frame after the resize.
    for (let frame = 0; frame < 10; frame++) await new Promise(requestAnimationFrame);
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


def _problems(page: Page, language: str, width: int) -> dict[str, list[str]]:
    found = {"axe": _axe(page, {"runOnly": TAGS})}
    if language == "ja":  # no colour depends on the language
        page.emulate_media(color_scheme="dark")
        found["axe in the dark"] = _axe(page, {"runOnly": ["color-contrast"]})
        page.emulate_media(color_scheme="light")
    if width == PHONE:
        found["too small for a finger"] = page.evaluate(SMALL_TARGETS, TARGET)
    else:
        for percent, enlarged in ENLARGED.items():
            page.set_viewport_size({"width": enlarged, "height": 512})
            found[f"at {percent} %"] = page.evaluate(WIDER_THAN_THE_SCREEN)
        page.set_viewport_size({"width": width, "height": 900})
    return found


@pytest.mark.parametrize("width", [LAPTOP, PHONE])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_accessible(open_page: OpenPage, open_as: OpenAs, language: str, width: int) -> None:
    """One walk through all screens for all checks: the walk costs more than they do."""
    found: dict[str, list[str]] = {}
    # Without motion no colour is caught half way between light and dark.
    for name, page in every_screen(open_page, open_as, language, width, reduced_motion="reduce"):
        for check, problems in _problems(page, language, width).items():
            found[f"{name}, {check}"] = problems

    assert {name: problems for name, problems in found.items() if problems} == {}
