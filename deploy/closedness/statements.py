"""One policy document under one request: which of its statements apply."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from deploy.closedness import conditions
from deploy.closedness.patterns import HOLE, Answer, NoValue, Variables, arn_matches, either, every, matches, negate
from deploy.closedness.request import Request

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Reason:
    """A statement that had a say: which policy, its place in it from 0, its Sid or place as shown."""

    policy: str
    index: int
    statement: str
    effect: str


def statements(document: Document) -> list[Any]:
    """Give a policy's statements as a list; one alone may stand without."""
    held = document.get("Statement", [])
    return list(held) if isinstance(held, list) else [held]


def texts(value: object) -> list[str]:
    """Give the texts of an element that takes one or several; what is not known is a HOLE."""
    items = value if isinstance(value, list) else [value]
    return [item if type(item) is str else _scalar(item) for item in items]


def _scalar(item: object) -> str:
    return str(item).lower() if isinstance(item, bool) else str(item)


_KNOWN = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
_DIRECT, _ACCOUNT = "direct", "account"


@lru_cache(maxsize=1024)
def _lowered(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)


@lru_cache(maxsize=65536)
def _speaks_of(wanted: tuple[str, ...], action: str) -> tuple[Answer, tuple[str, ...]]:
    """Say whether an action is one of a statement's, and what could not be told on the way.

    Kept, since a statement is asked about the same action by every caller, in every stage that has it.
    """
    doubts: list[str] = []

    def one(text: str) -> Answer:
        if text != "*" and ":" not in text and HOLE not in text:
            doubts.append(f"the action {text!r} names no service")
            return None
        found = matches(text, action, ignore_case=True)
        if found is None:
            doubts.append("an action is not known")
        return found

    return either(one(text) for text in wanted), tuple(doubts)


class Policy:
    """One document under one request; every statement is decided once."""

    def __init__(self, document: Document, name: str, request: Request, *, bounded: bool = False) -> None:
        self.name = name
        self.request = request
        self.bounded = bounded
        self.document = document
        self.context = request.values
        self.doubts: list[str] = []
        self.has_principals = name != "boundary" and not name.startswith("identity")
        # Variables came with this version; under the older one they are plain text.
        self.variables: Variables | None = self._variable if document.get("Version") == "2012-10-17" else None
        if document.get("Version", "2008-10-17") not in ("2012-10-17", "2008-10-17"):
            self.doubts.append(f"the policy's version {document.get('Version')!r} is not known")
        self.decided = list(self._decided())

    def _decided(self) -> Iterator[tuple[int, str, str, Answer, str]]:
        """Yield (place, label, effect, whether it applies, how its principal matched)."""
        for place, statement in enumerate(statements(self.document)):
            if not isinstance(statement, dict):
                self.doubts.append(f"statement {place + 1} is not known")
                yield place, f"{place + 1}", "Allow", None, _DIRECT
                yield place, f"{place + 1}", "Deny", None, _DIRECT
                continue
            label = str(statement.get("Sid") or place + 1)
            effect = statement.get("Effect")
            applies, how = self._applies(statement, label)
            if effect not in ("Allow", "Deny"):
                self.doubts.append(f"statement {label}: Effect is {effect!r}".replace(HOLE, "?"))
                if applies is not False:
                    yield place, label, "Allow", None, how
                    yield place, label, "Deny", None, how
                continue
            yield place, label, effect, applies, how

    def effect(self, effect: str) -> Answer:
        """Say whether any statement with this effect applies."""
        return either(applies for _, _, held, applies, _ in self.decided if held == effect)

    def direct(self) -> Answer:
        """Say whether a statement allows the caller itself, not only its account as a whole."""
        return either(a for _, _, held, a, how in self.decided if held == "Allow" and how == _DIRECT)

    def reasons(self, effect: str) -> Iterator[Reason]:
        """Yield the statements with this effect that apply."""
        for place, label, held, applies, _ in self.decided:
            if held == effect and applies:
                yield Reason(self.name, place, label, effect)

    def _applies(self, statement: Mapping[str, Any], label: str) -> tuple[Answer, str]:
        if not statement.keys() <= _KNOWN:
            unknown = sorted(set(statement) - _KNOWN)
            self.doubts.append(f"statement {label}: {', '.join(unknown)} is not known here")
            return None, _DIRECT
        doubts: list[str] = []
        applies = self._element(statement, "Action", doubts.append)
        if applies is False:
            return False, _DIRECT
        applies = every([applies, self._element(statement, "Resource", doubts.append)])
        how = _DIRECT
        if applies is not False:
            principal, how = self._principal(statement, doubts.append)
            applies = every([applies, principal])
        if applies is not False:
            applies = every([applies, self._conditions(statement.get("Condition") or {}, doubts.append)])
        if applies is None:
            self.doubts += [f"statement {label}: {doubt}" for doubt in doubts]
        return applies, how

    def _element(self, statement: Mapping[str, Any], name: str, doubt: Callable[[str], None]) -> Answer:
        negative = f"Not{name}" in statement
        if negative == (name in statement):
            # A trust policy has no Resource: it speaks of the role that it belongs to.
            if name == "Resource" and not negative and self.name == "resource":
                return True
            doubt(f"exactly one of {name} and Not{name} is needed")
            return None
        wanted = texts(statement[f"Not{name}" if negative else name])
        if name == "Action":
            found, doubts = _speaks_of(tuple(wanted), self.request.action)
            for one in doubts:
                doubt(one)
        else:
            found = either(self._resource(each, doubt, negative=negative) for each in wanted)
        return negate(found) if negative else found

    def _resource(self, wanted: str, doubt: Callable[[str], None], *, negative: bool) -> Answer:
        try:
            found = arn_matches(wanted, self.request.resource, self.variables)
        except NoValue:
            # Nothing is such a resource; whether everything is then "not" it, AWS's pages leave open.
            if negative:
                doubt(f"NotResource {wanted} names a variable that the request does not have")
            return None if negative else False
        if found is None:
            doubt(f"whether {wanted.replace(HOLE, '?')} is {self.request.resource.replace(HOLE, '?')}")
        return found

    def _conditions(self, held: object, doubt: Callable[[str], None]) -> Answer:
        if not isinstance(held, Mapping):
            doubt("the Condition is not known")
            return None
        return every(self._condition(operator, keys, doubt) for operator, keys in held.items())

    def _condition(self, operator: str, keys: object, doubt: Callable[[str], None]) -> Answer:
        if not isinstance(keys, Mapping):
            doubt(f"the Condition {operator} is not known")
            return None
        answers: list[Answer] = []
        for key, wanted in keys.items():
            given = self.context.get(key.lower())
            if given is None and self._unsettled(key):
                doubt(f"whether the request has the key {key}")
                answers.append(None)
                continue
            answers.append(conditions.test(operator, texts(wanted), given, self.variables, doubt))
        return every(answers)

    def _unsettled(self, key: str) -> bool:
        settled = self.request.settled
        return settled is not None and key.lower() not in _lowered(settled)

    def _variable(self, name: str) -> str | None:
        given = self.context.get(name.lower())
        if given is None:
            return HOLE if self._unsettled(name) else None
        return given[0] if len(given) == 1 else None

    def _principal(self, statement: Mapping[str, Any], doubt: Callable[[str], None]) -> tuple[Answer, str]:
        negative = "NotPrincipal" in statement
        if not self.has_principals:
            if negative or "Principal" in statement:
                doubt("a policy of an identity names a principal")
                return None, _DIRECT
            return True, _DIRECT
        if negative == ("Principal" in statement):
            doubt("exactly one of Principal and NotPrincipal is needed")
            return None, _DIRECT
        found = list(self._principals(statement["NotPrincipal" if negative else "Principal"], doubt))
        answer = either(applies for applies, _ in found)
        if negative and self.bounded and statement.get("Effect") == "Deny":
            # Whoever has a permissions boundary is always denied. Source: IAM User Guide, "NotPrincipal".
            return True, _DIRECT
        if negative:
            return negate(answer), _DIRECT
        direct = any(applies is not False and how == _DIRECT for applies, how in found)
        return answer, _DIRECT if direct else _ACCOUNT

    def _principals(self, held: object, doubt: Callable[[str], None]) -> Iterator[tuple[Answer, str]]:
        if held == "*":
            yield True, _DIRECT
            return
        if not isinstance(held, Mapping):
            doubt("the Principal is not known")
            yield None, _DIRECT
            return
        for kind, names in held.items():
            for name in texts(names):
                yield self._one_principal(kind, name, doubt)

    def _one_principal(self, kind: str, name: str, doubt: Callable[[str], None]) -> tuple[Answer, str]:
        principal = self.request.principal
        if HOLE in name or kind not in ("AWS", "Service", "Federated", "CanonicalUser"):
            doubt(f"the {kind} principal is not known")
            return None, _DIRECT
        if kind != "AWS":
            # No question is asked as somebody federated or as a canonical user.
            return (kind, principal.kind, principal.arn) == ("Service", "service", name), _DIRECT
        if name == "*" or principal.kind != "aws":
            return name == "*", _DIRECT
        whole = re.fullmatch(r"(?:arn:[^:]*:iam::)?(\d{12})(?::root)?", name)
        if not whole and ("*" in name or "?" in name or not name.startswith("arn:")):
            doubt(f"the principal {name!r} is neither an ARN nor an account")
            return None, _DIRECT
        if whole:
            return principal.account == whole[1], _ACCOUNT
        return name in (principal.arn, principal.role), _DIRECT
