"""What the value of one stage key may be: a kind checks a value and says in words what it wants."""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from deploy.words import Words


class Refused(Exception):
    """A value of the wrong kind; `wanted` completes the sentence "it must be ..."."""

    def __init__(self, wanted: Words) -> None:
        self.wanted = wanted
        super().__init__(wanted.en)


@dataclass(frozen=True)
class Kind:
    """A checker and its name in the table of keys."""

    name: str
    check: Callable[[Any], Any]


def text(pattern: str, wanted: Words, *, empty: bool = False) -> Kind:
    """Text that matches `pattern` from end to end; `empty` also allows "" for "none"."""

    def check(value: Any) -> str:
        if isinstance(value, str) and ((empty and value == "") or re.fullmatch(pattern, value)):
            return value
        raise Refused(wanted)

    return Kind("text", check)


def choice(*values: str) -> Kind:
    """One of the given words."""
    listed = ", ".join(f'"{value}"' for value in values)

    def check(value: Any) -> str:
        if isinstance(value, str) and value in values:
            return value
        raise Refused(Words(f"one of {listed}", f"{listed} のいずれか"))

    return Kind(" | ".join(values), check)


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise Refused(Words("a date without quotes, for example 2027-03-31", "引用符なしの日付（例: 2027-03-31）"))


DAY = Kind("date", _day)


def whole(low: int, high: int) -> Kind:
    """A whole number between the two, both included."""

    def check(value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise Refused(Words(f"a whole number from {low} to {high}", f"{low} から {high} までの整数"))

    return Kind(f"{low}-{high}", check)


def one_of_numbers(*values: float) -> Kind:
    """One of the given numbers."""
    listed = ", ".join(f"{value:g}" for value in values)

    def check(value: Any) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and value in values:
            return value
        raise Refused(Words(f"one of {listed}", f"{listed} のいずれか"))

    return Kind(listed, check)


def capacity(low: float, high: float) -> Kind:
    """Aurora capacity units: steps of a half."""

    def check(value: Any) -> float:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and low <= value <= high and value * 2 == int(value * 2):
            return float(value)
        raise Refused(Words(f"from {low:g} to {high:g} in steps of 0.5", f"{low:g} から {high:g} まで 0.5 刻み"))

    return Kind(f"{low:g}-{high:g}", check)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise Refused(Words("true or false", "true か false"))


BOOLEAN = Kind("true | false", _boolean)


def identifier(prefix: str) -> Kind:
    """An id that AWS gave, such as `vpc-0a1b2c3d`; "" means: make one."""
    wanted = Words(
        f'an id like "{prefix}-0123456789abcdef0", or "" to have one made',
        f'"{prefix}-0123456789abcdef0" のような ID、または "" (新しく作る)',
    )
    return Kind(f"{prefix}-...", text(rf"{prefix}-[0-9a-f]{{8,17}}", wanted, empty=True).check)


def arn(service: str, resource: str, example: str) -> Kind:
    """An ARN of one service; "" means none."""
    pattern = rf"arn:aws[a-z-]*:{service}:[a-z0-9-]*:\d{{12}}:{resource}"
    return Kind(
        "ARN",
        text(
            pattern,
            Words(f'an ARN like "{example}", or ""', f'"{example}" のような ARN、または ""'),
            empty=True,
        ).check,
    )


def listed(kind: Kind, *, low: int, high: int) -> Kind:
    """A list of `low` to `high` values of one kind, none twice."""

    def check(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not low <= len(value) <= high:
            counts = f"{low}" if low == high else f"{low} to {high}"
            counts_ja = f"{low}" if low == high else f"{low}〜{high}"
            raise Refused(Words(f"a list of {counts} values", f"{counts_ja} 個の値の並び"))
        checked = tuple(kind.check(item) for item in value)
        if "" in checked:
            raise Refused(Words("a list without empty values", "空の値を含まない並び"))
        if len(set(checked)) != len(checked):
            raise Refused(Words("a list without the same value twice", "同じ値を二度含まない並び"))
        return checked

    return Kind(f"[{kind.name}, ...]", check)


def none_or_two(kind: Kind) -> Kind:
    """Either nothing or exactly two, one a zone."""

    def check(value: Any) -> tuple[Any, ...]:
        if isinstance(value, list) and len(value) in (0, 2):
            checked: tuple[Any, ...] = listed(kind, low=0, high=2).check(value)
            return checked
        raise Refused(Words("a list of two values, one a zone, or []", "ゾーンごとに一つ、計二つの値の並び、または []"))

    return Kind(f"[{kind.name}, {kind.name}]", check)


def empty_or(kind: Kind) -> Kind:
    """The same, or "" for none."""

    def check(value: Any) -> Any:
        return value if value == "" else kind.check(value)

    return Kind(f'{kind.name} | ""', check)


PRIVATE = tuple(
    ipaddress.IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)


def cidr(*, shortest: int, longest: int) -> Kind:
    """A private IPv4 range whose prefix length lies between the two.

    Private means RFC 1918 and the shared space of RFC 6598.
    """

    def check(value: Any) -> str:
        wanted = Words(
            f'a private IPv4 range like "10.20.0.0/24", from /{shortest} to /{longest}, its host bits zero',
            f'"10.20.0.0/24" のようなプライベート IPv4 範囲（/{shortest}〜/{longest}、ホスト部は 0）',
        )
        try:
            network = ipaddress.ip_network(value) if isinstance(value, str) and "/" in value else None
        except ValueError:
            network = None
        if not isinstance(network, ipaddress.IPv4Network) or not shortest <= network.prefixlen <= longest:
            raise Refused(wanted)
        if not any(network.subnet_of(block) for block in PRIVATE):
            raise Refused(wanted)
        return str(network)

    return Kind("CIDR", check)


def _address(wanted: Words, *, shortest: int) -> Kind:
    def check(value: Any) -> str:
        try:
            network = ipaddress.ip_network(value) if isinstance(value, str) else None
        except ValueError:
            network = None
        if not isinstance(network, ipaddress.IPv4Network) or network.prefixlen < shortest:
            raise Refused(wanted)
        if not any(network.subnet_of(block) for block in PRIVATE):
            raise Refused(wanted)
        return str(network)

    return Kind("address", check)


ADDRESS = _address(
    Words(
        'a private IPv4 address like "10.1.0.10", or a range of /24 or smaller',
        '"10.1.0.10" のようなプライベート IPv4 アドレス、または /24 以下の範囲',
    ),
    shortest=24,
)
"""One address, or a small range: what a destination points at."""

ONE_ADDRESS = _address(
    Words('one private IPv4 address like "10.1.0.10"', '"10.1.0.10" のような一つのプライベート IPv4 アドレス'),
    shortest=32,
)
"""What a name points at, or a server answers on: never a range."""

HOST = text(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
    Words(
        'a host or domain name in small letters like "erp.corp.example.co.jp"',
        '"erp.corp.example.co.jp" のような小文字のホスト名',
    ),
)
PORT = whole(1, 65535)
EMAIL = text(
    r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+",
    Words('a mail address, or ""', 'メールアドレス、または ""'),
    empty=True,
)
