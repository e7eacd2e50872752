"""Conditions and intrinsics: known values are computed, unknown ones stay unknown with a reason."""

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.cfn import Evaluation, Reference, Template, Text, Unknown, assemble, is_known
from deploy.cfn.evaluation import dependencies

FRAME = """\
Parameters:
  Name: {{Type: String, Default: app}}
  Empty: {{Type: String, Default: ""}}
  Needed: {{Type: String}}
  Ranges: {{Type: CommaDelimitedList, Default: "10.0.0.0/24, 10.0.1.0/24"}}
  FromStore: {{Type: "AWS::SSM::Parameter::Value<String>", Default: /a}}
Mappings:
  Zones: {{tokyo: {{first: a}}}}
Conditions:
  Sure: !Equals [!Ref Name, app]
  Never: !Not [!Condition Sure]
  Open: !Equals [!Ref Needed, x]
Resources:
  Made: {{Type: AWS::EC2::VPC, Properties: {{Value: {value}}}}}
  Other: {{Type: AWS::EC2::Subnet}}
  Absent: {{Type: AWS::EC2::Subnet, Condition: Never}}
"""


def value(written: str, **parameters: Any) -> Any:
    template = Template.parse(FRAME.format(value=written), name="t")
    evaluation = Evaluation(template, parameters, {"Region": "ap-northeast-1", "AccountId": "123456789012"})
    found = next(found for found in evaluation.resources() if found.logical_id == "Made")
    return found.properties.get("Value", "no value")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("!Ref Name", "app"),
        ("!Ref Ranges", ["10.0.0.0/24", "10.0.1.0/24"]),
        ("!Ref AWS::Region", "ap-northeast-1"),
        ("!Ref AWS::NoValue", "no value"),
        ("!Ref Other", Reference("t", "Other")),
        ("!GetAtt Other.A.B", Reference("t", "Other", "A.B")),
        ('!Sub "${Name}-${!Name}-${AWS::AccountId}"', "app-${Name}-123456789012"),
        ('!Sub ["${x}$", {x: !Ref Name}]', "app$"),
        ('!Sub "arn:${Other}/*"', Text(("arn:", Reference("t", "Other"), "/*"))),
        ('!Join ["-", [a, 1, true]]', "a-1-true"),
        ('!Select [1, !Split [":", "a:b:c"]]', "b"),
        ('!Select [0, !Split [" ", !Sub "${Name} ${Other}"]]', "app"),
        ('!Select [1, !Split [" ", !Sub "${Name} ${Other}"]]', Reference("t", "Other")),
        ("!If [Sure, 1, 2]", 1),
        ("!If [Never, 1, 2]", 2),
        ("[1, !If [Never, 2, !Ref AWS::NoValue]]", [1]),
        ("!FindInMap [Zones, tokyo, first]", "a"),
        ("!Base64 a", "YQ=="),
        ("!Cidr [10.0.0.0/24, 2, 5]", ["10.0.0.0/27", "10.0.0.32/27"]),
        ("!Length [1, 2]", 2),
        ("!Equals [1, '1']", True),
        ("!And [!Condition Sure, !Condition Sure]", True),
        ("!Or [!Condition Never, !Condition Open, !Condition Sure]", True),
        ("!And [!Condition Never, !Condition Open]", False),
        ('!Equals [!Ref Other, ""]', False),
    ],
)
def test_known_values_are_computed(written: str, expected: object) -> None:
    assert value(written) == expected


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("!Ref Needed", "has no value"),
        ("!Ref FromStore", "Systems Manager"),
        ("!Ref AWS::StackId", "known only to AWS"),
        ("!Ref Nobody", "neither a parameter nor a resource"),
        ("!Ref Absent", "is not made"),
        ("!GetAZs ''", "known only to AWS"),
        ("!ImportValue x", "another stack"),
        ("!Transform {Name: X}", "Fn::Transform is not computed"),
        ("{'Fn::ForEach::A': []}", "is not computed"),
        ("!If [Open, 1, 2]", "has no value"),
        ("!Select [9, [1]]", "cannot be computed"),
        ("!Split [',', !Ref Other]", "not known yet"),
        ("!Cidr [!Ref Needed, 1, 8]", "has no value"),
        ("!Condition Nowhere", "not declared"),
    ],
)
def test_what_cannot_be_known_stays_unknown_with_its_reason(written: str, reason: str) -> None:
    found = value(written)

    assert isinstance(found, Unknown)
    assert reason in found.reason
    assert not is_known(found)


def test_an_open_condition_keeps_what_the_value_may_be() -> None:
    assert value("!If [Open, 1, 2]").alternatives == (1, 2)
    assert value("!If [Open, 3, 3]") == 3


def test_a_condition_that_refers_to_itself_is_unknown() -> None:
    text = "Conditions: {A: !Not [!Condition A]}\nResources: {R: {Type: X, Condition: A}}\n"
    (found,) = Evaluation(Template.parse(text, name="t")).resources()

    assert isinstance(found.present, Unknown)


def test_a_resource_whose_condition_is_false_is_absent() -> None:
    template = Template.parse(FRAME.format(value="1"), name="t")

    assert [found.logical_id for found in Evaluation(template).resources()] == ["Made", "Other"]


def test_dependencies_are_every_resource_that_a_value_names() -> None:
    written = "[!Ref Other, !Sub '${Absent.Arn} ${Name}', !If [Sure, {'Fn::GetAtt': [Other, Id]}, !Ref Name]]"
    template = Template.parse(FRAME.format(value=written), name="t")

    assert dependencies(template, template.resources["Made"]) == {"Other", "Absent"}


def test_templates_are_linked_by_outputs_of_the_same_name() -> None:
    first = Template.parse("Resources: {V: {Type: X}}\nOutputs: {VpcId: {Value: !Ref V}}\n", name="first")
    second = Template.parse(
        "Parameters: {VpcId: {Type: String}}\nResources: {S: {Type: Y, Properties: {Of: !Ref VpcId}}}\n", name="second"
    )

    assembly = assemble([first, second], {})
    (subnet,) = assembly.parts["second"].resources()

    assert subnet.properties["Of"] == Reference("first", "V")
    found = assembly.find(subnet.properties["Of"])
    assert found is not None
    assert found.logical_id == "V"


@given(st.integers(8, 24), st.integers(1, 8), st.integers(1, 16))
def test_cidr_divides_as_the_standard_library_does(prefix: int, bits: int, count: int) -> None:
    block = ipaddress.ip_network((167772160, prefix))
    found = value(f"!Cidr ['{block}', {count}, {bits}]")

    expected = [str(part) for _, part in zip(range(count), block.subnets(new_prefix=32 - bits), strict=False)]
    if len(expected) == count:
        assert found == expected
    else:
        assert isinstance(found, Unknown)


@given(st.lists(st.sampled_from(["a", "${Name}", "${!Name}", "$", "{", "}", "${Other}", " "]), max_size=8))
def test_sub_keeps_every_literal_character(parts: list[str]) -> None:
    written = "".join(parts)
    found = value("!Sub " + repr(written).replace("\\", "")) if written.strip() else ""
    joined = "".join(p if isinstance(p, str) else "<>" for p in found.parts) if isinstance(found, Text) else str(found)

    if not written.strip() or "{}" in written or "${$" in written or "${{" in written:
        return  # names that CloudFormation would refuse
    plain = (
        written.replace("${!Name}", "\0").replace("${Name}", "app").replace("${Other}", "<>").replace("\0", "${Name}")
    )
    if "${" not in plain.replace("${Name}", ""):
        assert joined == plain
