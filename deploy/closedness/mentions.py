"""What a policy document names: values of its conditions, actions and resources, one of each kind to ask about."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from deploy.cfn import Unknown
from deploy.closedness.patterns import HOLE, matches
from deploy.closedness.policy import Document, statements, texts
from deploy.closedness.world import Thing, Undecided

UNNAMED = "SomethingElse"
"""An action, or the end of a resource, that no policy names."""


def named(document: Document, key: str) -> list[str]:
    """Give every value that the conditions of a document name for a key, with wildcards filled in."""
    found: list[str] = []
    for statement in statements(document):
        held = statement.get("Condition") if isinstance(statement, dict) else None
        for keys in (held or {}).values() if isinstance(held, dict) else ():
            for name, wanted in keys.items() if isinstance(keys, dict) else ():
                if name.lower() == key.lower():
                    found += [filled(text) for text in texts(wanted)]
    return list(dict.fromkeys(found))


def keys(document: Document) -> set[str]:
    """Give every condition key that a document names, in small letters, also within a text (`${aws:username}`)."""
    found: set[str] = set()
    for statement in statements(document):
        if isinstance(statement, dict):
            every = (text for key in ("Resource", "NotResource") for text in texts(statement.get(key, [])))
            places = [text for text in every if "${" in text]
            found |= {name.strip().lower() for text in places for name in re.findall(r"\$\{([^},]+)", text)}
        held = statement.get("Condition") if isinstance(statement, dict) else None
        for inner in (held or {}).values() if isinstance(held, dict) else ():
            found |= {name.lower() for name in inner} if isinstance(inner, dict) else set()
    return found


_WILD = re.compile(r"\$\{[^}]*\}|\*")


def filled(pattern: str) -> str:
    """Fill in wildcards, so that the text is one that the pattern matches."""
    return _WILD.sub("stranger", pattern).replace("?", "x")


def actions(document: Document, service: str, known: Iterable[str]) -> list[str]:
    """Give the actions to ask about: known ones of the service, and for each that the document names one of its kind.

    `s3:*Tagging` is asked about as an action with such a name; whether AWS has it is no matter.
    """
    found = dict.fromkeys(known)
    beginning = f"{service}:"
    pairs = [
        (statement.get("Effect"), key, text)
        for statement in statements(document)
        if isinstance(statement, dict)
        for key in ("Action", "NotAction")
        for text in texts(statement.get(key, []))
    ]
    for effect, key, text in pairs:
        if effect == "Deny":
            continue
        if key == "NotAction":
            found.setdefault(f"{service}:{UNNAMED}")
        elif not text.lower().startswith(beginning) or HOLE in text or text.endswith(":*"):
            continue
        elif not any(matches(text, one, ignore_case=True) for one in found):
            found.setdefault(text.replace("*", "").replace("?", "x"))
    return list(found)


def resources(document: Document, among: Iterable[str], beyond: str = "") -> list[str]:
    """Give the resources to ask about: some of `among`, and one for each pattern of the document.

    `beyond` is the beginning that they must share; empty: any. Who allows `bucket/uploads/*` is not asked in vain
    about `bucket/index.html`.
    """
    found = dict.fromkeys(among)
    for statement in statements(document):
        if not isinstance(statement, dict):
            continue
        for text in texts(statement.get("Resource", [])):
            if HOLE not in text and text != "*" and not any(_is_of(text, one) for one in found):
                one = filled(text)
                if one.startswith(beyond):
                    found.setdefault(one)
        if "NotResource" in statement:
            found.setdefault(f"{next(iter(found))}-{UNNAMED}")
    return list(found)


def _is_of(pattern: str, resource: str) -> bool:
    return "${" not in pattern and bool(matches(pattern, resource))


def document_of(thing: Thing, *path: str | int) -> dict[str, Any] | None:
    """Give the policy at a property with holes for what is not known, None where there is none.

    Raises:
        Undecided: the whole of it is not known.

    """
    value = thing.get(*path)
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except ValueError:
            raise Undecided(thing, path, "it is no policy in JSON") from None
    if value in (None, "", {}):
        return None
    if not isinstance(value, Mapping):
        raise Undecided(thing, path, "it is no policy")
    return dict(_holed(value).items())


def _holed(value: Any) -> Any:
    if type(value) is str:
        return value  # as most are
    match value:
        case Unknown():
            return HOLE
        case dict():
            return {key: _holed(inner) for key, inner in value.items()}
        case list():
            return [_holed(inner) for inner in value]
    return value
