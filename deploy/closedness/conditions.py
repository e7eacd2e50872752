"""Condition operators of IAM policies, with set qualifiers, IfExists and Null.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators", "Set operators for multivalued context keys".
Not evaluated, and said so: BinaryEquals, and several values of a key under an operator without a set qualifier.
"""

import ipaddress
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from deploy.closedness.patterns import HOLE, Answer, NoValue, Variables, arn_matches, either, every, matches, negate

Compare = Callable[[str, str, Variables | None], Answer]


def _number(compare: Callable[[float, float], bool]) -> Compare:
    def test(wanted: str, value: str, _: Variables | None) -> Answer:
        try:
            return compare(float(value), float(wanted))
        except ValueError:
            return None

    return test


def _moment(text: str) -> datetime:
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        read = datetime.fromisoformat(text)
        return read if read.tzinfo else read.replace(tzinfo=UTC)


def _date(compare: Callable[[datetime, datetime], bool]) -> Compare:
    def test(wanted: str, value: str, _: Variables | None) -> Answer:
        try:
            return compare(_moment(value), _moment(wanted))
        except (ValueError, OverflowError, OSError):
            return None

    return test


def _boolean(wanted: str, value: str, _: Variables | None) -> Answer:
    pair = wanted.lower(), value.lower()
    return pair[0] == pair[1] if set(pair) <= {"true", "false"} else None


def _address(wanted: str, value: str, _: Variables | None) -> Answer:
    try:
        network, address = ipaddress.ip_network(wanted, strict=False), ipaddress.ip_address(value)
    except ValueError:
        return None
    return address in network if network.version == address.version else False


def _not_address(wanted: str, value: str, variables: Variables | None) -> Answer:
    """Whether an IPv6 address is "not" in a range of IPv4 is not written; other evaluators say no."""
    mixed = (":" in wanted) != (":" in value)
    return None if mixed else _address(wanted, value, variables)


def _text(*, wildcards: bool = False, ignore_case: bool = False) -> Compare:
    def test(wanted: str, value: str, variables: Variables | None) -> Answer:
        return matches(wanted, value, variables, wildcards=wildcards, ignore_case=ignore_case)

    return test


# A lone "*" is no ARN; whether it matches is not written anywhere.
def _arn(wanted: str, value: str, variables: Variables | None) -> Answer:
    return None if wanted == "*" else arn_matches(wanted, value, variables)


_OPERATORS: Mapping[str, tuple[Compare, bool]] = {
    "stringequals": (_text(), False),
    "stringnotequals": (_text(), True),
    "stringequalsignorecase": (_text(ignore_case=True), False),
    "stringnotequalsignorecase": (_text(ignore_case=True), True),
    "stringlike": (_text(wildcards=True), False),
    "stringnotlike": (_text(wildcards=True), True),
    "arnequals": (_arn, False),
    "arnlike": (_arn, False),
    "arnnotequals": (_arn, True),
    "arnnotlike": (_arn, True),
    "bool": (_boolean, False),
    "ipaddress": (_address, False),
    "notipaddress": (_not_address, True),
    "numericequals": (_number(lambda value, wanted: value == wanted), False),
    "numericnotequals": (_number(lambda value, wanted: value == wanted), True),
    "numericlessthan": (_number(lambda value, wanted: value < wanted), False),
    "numericlessthanequals": (_number(lambda value, wanted: value <= wanted), False),
    "numericgreaterthan": (_number(lambda value, wanted: value > wanted), False),
    "numericgreaterthanequals": (_number(lambda value, wanted: value >= wanted), False),
    "dateequals": (_date(lambda value, wanted: value == wanted), False),
    "datenotequals": (_date(lambda value, wanted: value == wanted), True),
    "datelessthan": (_date(lambda value, wanted: value < wanted), False),
    "datelessthanequals": (_date(lambda value, wanted: value <= wanted), False),
    "dategreaterthan": (_date(lambda value, wanted: value > wanted), False),
    "dategreaterthanequals": (_date(lambda value, wanted: value >= wanted), False),
}
"""Operator in small letters -> comparison of one wanted with one given value, and whether it is turned round."""


def test(
    operator: str,
    wanted: list[str],
    given: tuple[str, ...] | None,
    variables: Variables | None,
    doubt: Callable[[str], None],
) -> Answer:
    """Test one key: `given` are the request's values of it, None when it has none.

    `doubt` is told why, where the answer is None.
    """
    name = operator.lower()
    qualifier, _, base = name.rpartition(":")
    if base == "null":
        return _null(wanted, given, doubt)
    if_exists = base.endswith("ifexists")
    known = _OPERATORS.get(base.removesuffix("ifexists"))
    if known is None or qualifier not in ("", "forallvalues", "foranyvalue"):
        doubt(f"the condition operator {operator} is not evaluated here")
        return None
    compare, negative = known
    if given is None:
        return if_exists or qualifier == "forallvalues" or (negative and qualifier == "")
    if not qualifier and len(given) != 1:
        doubt(f"{operator} without ForAllValues or ForAnyValue meets a key with {len(given)} values")
        return None

    def one(value: str) -> Answer:
        answers = [_compared(compare, each, value, variables) for each in wanted]
        known_answers = [answer for answer in answers if not isinstance(answer, _Nothing)]
        if len(known_answers) < len(answers) and negative:
            doubt(f"{operator} compares with a variable that the request does not have")
            return None
        found = either(known_answers)
        if found is None:
            doubt(f"{operator} compares {', '.join(wanted).replace(HOLE, '?')} with {value.replace(HOLE, '?')}")
        return negate(found) if negative else found

    return (either if qualifier == "foranyvalue" else every)(one(value) for value in given)


class _Nothing:
    """A wanted value that nothing is equal to."""


_NOTHING = _Nothing()


def _compared(compare: Compare, wanted: str, value: str, variables: Variables | None) -> Answer | _Nothing:
    if wanted == HOLE:
        return None
    try:
        return compare(wanted, value, variables)
    except NoValue:
        return _NOTHING


def _null(wanted: list[str], given: tuple[str, ...] | None, doubt: Callable[[str], None]) -> Answer:
    if any(value.lower() not in ("true", "false") for value in wanted):
        doubt(f"Null compares with {', '.join(wanted).replace(HOLE, '?')}")
        return None
    return any((value.lower() == "true") == (given is None) for value in wanted)
