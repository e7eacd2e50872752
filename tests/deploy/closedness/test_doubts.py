"""Reasons why something cannot be told: whoever adds one says it in Japanese too."""

import ast
from collections.abc import Iterator

import pytest

from deploy.closedness.doubts import told
from tests.deploy.paths import ROOT

PLACE = {"Undecided": 2, "Question": 2, "TemplateError": 2, "Unknown": 0, "doubt": 0}
"""What is called with a reason -> the place of that among its arguments."""


def reasons() -> Iterator[str]:
    """Yield every reason that is written in the code, with a number where a value is filled in."""
    for folder in ("deploy/cfn", "deploy/closedness"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
                if isinstance(node, ast.Call) and len(node.args) > PLACE.get(name, 99):
                    yield from _texts(node.args[PLACE[name]])


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)


def test_every_reason_is_said_in_japanese() -> None:
    found = set(reasons())

    assert len(found) > 80
    assert {reason for reason in found if told(reason, "ja") == reason} == set()


@pytest.mark.parametrize(
    ("reason", "japanese"),
    [
        (
            "statement OursOnly: whether the request has the key aws:SourceVpce",
            "ステートメント OursOnly: 要求に aws:SourceVpce が含まれるか分かりません",
        ),
        ("statement 2: the CanonicalUser principal is not known", "ステートメント 2: CanonicalUser のプリンシパル"),
        ("nobody has written this one", "nobody has written this one"),
    ],
)
def test_a_reason_keeps_its_values(reason: str, japanese: str) -> None:
    assert told(reason, "ja").startswith(japanese)
    assert told(reason, "en") == reason
