"""The methods of a REST API: which one a request means, and what one that asks S3 itself says.

Sources: API Gateway Developer Guide, "Methods for REST APIs" (paths: what is written out counts before a name in
braces, and that before {NAME+}), "Create a REST API as an Amazon S3 proxy", "Data mappings" (parameters),
"Set up an integration response" (a pattern is compared with the status).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from deploy.rehearsal.events import Answer

OBJECT = re.compile(r"arn:aws[a-z-]*:apigateway:[a-z0-9-]+:s3:path/([^/]+)/(.+)")
HEADER, HEARD = "method.response.header.", "integration.response.header."


@dataclass(frozen=True, kw_only=True)
class Said:
    """One integration response: the statuses it is for ("" every other), its own status, and its headers."""

    pattern: str
    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method: its resource's path, its verb or ANY, and what stands behind it: a function, or objects of S3."""

    path: str
    verb: str
    function: str = ""
    bucket: str = ""
    key: str = ""
    """The object's key, with `{names}` of the path's parameters."""
    role: str = ""
    """The role that API Gateway takes on for S3."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Name in the key -> parameter of the path."""
    said: Sequence[Said] = ()


def chosen(methods: Sequence[Method], verb: str, path: str) -> tuple[Method, Mapping[str, str]] | None:
    """Give the method that a request means, and the parameters of its path; None where there is none."""
    asked = [part for part in path.split("/") if part]
    found: tuple[tuple[int, ...], str, Mapping[str, str]] | None = None
    for resource in {method.path for method in methods}:
        fitting = _fit([part for part in resource.split("/") if part], asked)
        if fitting is not None and (found is None or fitting[0] < found[0]):
            found = (fitting[0], resource, fitting[1])
    if found is None:
        return None
    here = {method.verb: method for method in methods if method.path == found[1]}
    method = here.get(verb) or here.get("ANY")
    return (method, found[2]) if method else None


def _fit(parts: Sequence[str], asked: Sequence[str]) -> tuple[tuple[int, ...], Mapping[str, str]] | None:
    """Say how exactly a resource's path fits, less being more, and with which parameters; None where it does not."""
    rank, named = list[int](), dict[str, str]()
    for place, part in enumerate(parts):
        if part.endswith("+}"):
            rest = asked[place:]
            return ((*rank, 2), {**named, part[1:-2]: "/".join(rest)}) if rest else None
        if place >= len(asked):
            return None
        if part.startswith("{"):
            rank.append(1)
            named[part[1:-1]] = asked[place]
        elif part == asked[place]:
            rank.append(0)
        else:
            return None
    return (tuple(rank), named) if len(parts) == len(asked) else None


def fetched(method: Method, parameters: Mapping[str, str], read: Callable[[str, str], Answer]) -> Answer:
    """Have S3 give the object, and say of it what the method maps: nothing else of S3's headers goes on.

    Every type is declared binary, so that bytes pass as they are ("Content type conversions").
    """
    key = method.key
    for name, source in method.parameters.items():
        key = key.replace(f"{{{name}}}", parameters[source])
    heard = read(method.bucket, key)
    usual = [said for said in method.said if not said.pattern]
    fitting = [said for said in method.said if said.pattern and re.fullmatch(said.pattern, str(heard.status))]
    (said, *_) = [*fitting, *usual]
    headers = []
    for name, source in said.headers.items():
        value = source[1:-1] if source.startswith("'") else "".join(heard.header(source.removeprefix(HEARD))[:1])
        if value:
            headers.append((name.removeprefix(HEADER), value))
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    return Answer(status=said.status, headers=tuple(headers), body=heard.body)
