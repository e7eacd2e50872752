"""Texts of a policy against values of a request: wildcards, policy variables, and places that are not known.

An answer is True, False, or None where it cannot be told. Source: IAM User Guide, "IAM JSON policy elements: Resource",
"Variables and tags", "String condition operators", "ARN condition operators".
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

HOLE = "\ue000"
"""Stands in a text for a part that is not known; a character of Unicode's private use area, so never in a policy."""

Answer = bool | None
Variables = Callable[[str], str | None]
"""Gives a policy variable's value: a text, HOLE where it is not known, None where the request has no such key."""


class NoValue(Exception):
    """A policy variable names a key that the request does not have: nothing is equal to such a text."""


def either(answers: Iterable[Answer]) -> Answer:
    """Give True when any answer is, else None when any is open, else False."""
    unsure = False
    for answer in answers:
        if answer:
            return True
        unsure = unsure or answer is None
    return None if unsure else False


def every(answers: Iterable[Answer]) -> Answer:
    """Give False when any answer is, else None when any is open, else True."""
    unsure = False
    for answer in answers:
        if answer is False:
            return False
        unsure = unsure or answer is None
    return None if unsure else True


def negate(answer: Answer) -> Answer:
    """Turn an answer round; what is open stays open."""
    return None if answer is None else not answer


_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_DEFAULT = re.compile(r"([^,]+?)\s*,\s*'([^']*)'")


def _pieces(pattern: str, variables: Variables) -> list[tuple[bool, str]]:
    """Cut a text into (literal, part): `*` and `?` outside variables are not literal, a variable's value is."""
    pieces: list[tuple[bool, str]] = []
    end = 0
    for found in _VARIABLE.finditer(pattern):
        pieces.append((False, pattern[end : found.start()]))
        pieces.append((True, _variable(found.group(1), variables)))
        end = found.end()
    return [*pieces, (False, pattern[end:])]


def _variable(name: str, variables: Variables) -> str:
    if name in ("*", "?", "$"):
        return name
    default = _DEFAULT.fullmatch(name)
    value = variables((default.group(1) if default else name).strip())
    if value is None and default is None:
        raise NoValue
    return default.group(2) if value is None and default else str(value)


@lru_cache(maxsize=4096)
def _expression(pieces: tuple[tuple[bool, str], ...], *, wildcards: bool, ignore_case: bool) -> re.Pattern[str]:
    parts = []
    for literal, text in pieces:
        for character in text:
            if character == HOLE or (character == "*" and wildcards and not literal):
                parts.append(".*")
            elif character == "?" and wildcards and not literal:
                parts.append(".")
            else:
                parts.append(re.escape(character))
    return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if ignore_case else 0))


def matches(
    pattern: str,
    value: str,
    variables: Variables | None = None,
    *,
    wildcards: bool = True,
    ignore_case: bool = False,
) -> Answer:
    """Compare a policy's text with a request's value; `variables` is None where the policy's version has none.

    Raises:
        NoValue: the text names a key that the request does not have.

    """
    if variables is None or "${" not in pattern:
        return _plainly(pattern, value, wildcards, ignore_case)
    return _compared(tuple(_pieces(pattern, variables)), pattern, value, wildcards, ignore_case)


@lru_cache(maxsize=65536)
def _plainly(pattern: str, value: str, wildcards: bool, ignore_case: bool) -> Answer:
    return _compared(((False, pattern),), pattern, value, wildcards, ignore_case)


def _compared(
    pieces: tuple[tuple[bool, str], ...], pattern: str, value: str, wildcards: bool, ignore_case: bool
) -> Answer:
    if wildcards and all(part in ("", "*") and not literal for literal, part in pieces) and "*" in pattern:
        return True
    expression = _expression(pieces, wildcards=wildcards, ignore_case=ignore_case)
    if HOLE in value:
        # What is known of the value may already differ from what is known of the text.
        before = value.split(HOLE, maxsplit=1)[0]
        start = "".join(part for _, part in pieces)
        fixed = re.split(f"[*?{HOLE}]" if wildcards else HOLE, start)[0]
        shorter = min(len(before), len(fixed))
        return None if before[:shorter] == fixed[:shorter] or ignore_case else False
    if expression.fullmatch(value) is None:
        return False
    return None if any(HOLE in part for _, part in pieces) else True


def arn_matches(pattern: str, value: str, variables: Variables | None = None, *, wildcards: bool = True) -> Answer:
    """Compare ARNs part by part: each of the six stands for itself, and only the last may hold colons.

    Where the parts differ and the texts as a whole would match, it cannot be told: AWS's pages disagree on whether a
    wildcard reaches over a colon.

    Raises:
        NoValue: as for `matches`.

    """
    if pattern == "*" and wildcards:
        return True
    if pattern.replace(HOLE, "") == "":
        return None
    wanted, given = _arn(pattern), _arn(value)
    if wanted is None or given is None:
        whole = matches(pattern, value, variables, wildcards=wildcards)
        return False if whole is False else None
    parts = every(matches(one, other, variables, wildcards=wildcards) for one, other in zip(wanted, given, strict=True))
    if parts is False and matches(pattern, value, variables, wildcards=wildcards) is not False:
        return None
    return parts


@lru_cache(maxsize=4096)
def _arn(text: str) -> list[str] | None:
    """Cut an ARN at its first five colons that stand outside variables; None when it has fewer."""
    parts: list[str] = []
    depth = start = 0
    for place, character in enumerate(text):
        if character == "{" and text[place - 1 : place] == "$":
            depth += 1
        elif character == "}" and depth:
            depth -= 1
        elif character == ":" and not depth and len(parts) < 5:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]] if len(parts) == 5 else None
