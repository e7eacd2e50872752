"""Templates as text: lines, short tags, and what CloudFormation would not take."""

import pytest

from deploy.cfn import TemplateError, source

TEMPLATE = """\
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties:
      CidrBlock: !Ref Cidr
      Tags:
        - {Key: Name, Value: !Sub "${Name}-x"}
"""


def test_every_key_and_item_knows_its_line() -> None:
    body = source.load(TEMPLATE, "t")

    assert source.line_of(body, "Resources", "Vpc", "Properties", "CidrBlock") == 5
    assert source.line_of(body, "Resources", "Vpc", "Properties", "Tags", 0, "Value") == 7
    assert source.line_of(body, "Resources", "Vpc", "Missing") == 2


@pytest.mark.parametrize(
    ("written", "long"),
    [
        ("!Ref A", {"Ref": "A"}),
        ("!GetAtt A.B.C", {"Fn::GetAtt": ["A", "B.C"]}),
        ("!Condition X", {"Condition": "X"}),
        ("!Join [',', [a, !Ref B]]", {"Fn::Join": [",", ["a", {"Ref": "B"}]]}),
        ("!If [X, 1, !Ref AWS::NoValue]", {"Fn::If": ["X", 1, {"Ref": "AWS::NoValue"}]}),
    ],
)
def test_short_tags_become_the_long_form(written: str, long: object) -> None:
    assert source.load(f"a: {written}", "t")["a"] == long


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2012-10-17", "2012-10-17"),
        ("012345678901", "012345678901"),
        ("1_000", "1_000"),
        ("yes", True),
        ('"yes"', "yes"),
        ("0", 0),
        ("1.5", 1.5),
        ("~", None),
        ("12:30:00", "12:30:00"),
    ],
)
def test_scalars_are_what_cloudformation_takes_them_for(written: str, value: object) -> None:
    assert source.load(f"a: {written}", "t")["a"] == value


def test_json_with_tabs_is_read_too() -> None:
    assert source.load('{\n\t"Resources": {"A": {"Type": "X", "List": [1]}}\n}', "t")["Resources"]["A"]["List"] == [1]


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "given twice"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", 3, "merge"),
        ("a: [1\nb: 2\n", 2, "not readable"),
        ("- a\n", 1, "mapping"),
        ("&x [*x]", 1, "mapping"),
        ("a: &x [*x]\n", 1, "contains itself"),
    ],
)
def test_what_cannot_be_a_template_is_refused_with_its_line(text: str, line: int, part: str) -> None:
    with pytest.raises(TemplateError, match=part) as caught:
        source.load(text, "t.yaml")

    assert caught.value.line == line
    assert str(caught.value).startswith(f"t.yaml:{line}: ")
