"""What an evaluated template may contain besides plain values."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Unknown:
    """A value that cannot be known from the template; `alternatives` holds what it may be, when that is known.

    `astray`: it is written so that nobody could compute it here, or leads out of what was given, and not merely left
    open by a parameter. Who judges a template must name it, wherever it stands.
    """

    reason: str
    alternatives: tuple[Any, ...] = ()
    astray: bool = False


@dataclass(frozen=True)
class Reference:
    """What a resource will answer once it exists: its `Ref` (its id, mostly) or an attribute of `Fn::GetAtt`."""

    template: str
    logical_id: str
    attribute: str = "Ref"


@dataclass(frozen=True)
class Text:
    """A text of which parts are known only later: an ARN around a `Reference`, for example."""

    parts: tuple[str | Reference | Unknown, ...]


class _NoValue:
    """`AWS::NoValue`: the property or list item is as if it had not been written."""

    def __repr__(self) -> str:
        return "NO_VALUE"


NO_VALUE: Final = _NoValue()


def join(parts: list[object]) -> str | Text | Unknown:
    """Join texts; known neighbours melt together, and the result is a `str` when all is known."""
    flat: list[str | Reference | Unknown] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Text) else (part,):
            if isinstance(piece, Reference | Unknown):
                flat.append(piece)
            elif isinstance(piece, dict | list) or piece is NO_VALUE or piece is None:
                return Unknown(f"{piece!r} cannot be part of a text")
            elif flat and isinstance(flat[-1], str):
                flat[-1] += text(piece)
            else:
                flat.append(text(piece))
    if not flat:
        return ""
    if len(flat) == 1 and isinstance(flat[0], str):
        return flat[0]
    return Text(tuple(piece for piece in flat if piece != ""))


def text(value: object) -> str:
    """Write a scalar as CloudFormation does: booleans in small letters."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def is_known(value: object) -> bool:
    """Say whether nothing inside `value` is left open."""
    return not any(True for _ in unknowns(value, references=True))


def astray(value: object) -> Iterator[Unknown]:
    """Yield what went astray inside `value`, also within what it may be."""
    for one in unknowns(value):
        if isinstance(one, Unknown):
            if one.astray:
                yield one
            for alternative in one.alternatives:
                yield from astray(alternative)


def unknowns(value: object, *, references: bool = False) -> Iterator[Unknown | Reference]:
    """Yield every `Unknown` inside `value`, and every `Reference` too when asked."""
    if isinstance(value, Unknown):
        yield value
    elif isinstance(value, Reference):
        if references:
            yield value
    elif isinstance(value, Text):
        for part in value.parts:
            yield from unknowns(part, references=references)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from unknowns(inner, references=references)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from unknowns(inner, references=references)
