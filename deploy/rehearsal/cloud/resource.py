"""What one resource type of the local cloud is: how it is made, changed, removed and read back."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

import boto3

Properties = dict[str, Any]


class CloudError(Exception):
    """The local cloud refuses; the text becomes the resource's status reason."""


@cache
def _client(service: str, region: str) -> Any:
    make: Any = boto3.client  # its overloads take the name of a service, not a variable
    return make(
        service,
        region_name=region,
        aws_access_key_id="testing",
        aws_secret_access_key="testing",  # noqa: S106  no secret: moto takes any, and AWS would refuse it
    )


@dataclass(frozen=True)
class Context:
    """Where a resource is made: its stack, account and region, and the tags that the stack puts on everything."""

    account: str
    region: str
    stack: str
    logical_id: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Give a boto3 client; calls stay inside this process."""
        return _client(service, self.region)

    def name(self) -> str:
        """Make up a name as CloudFormation does for resources that were given none."""
        return f"{self.stack}-{self.logical_id}-{secrets.token_hex(6).upper()}"

    def all_tags(self, properties: Properties) -> list[dict[str, str]]:
        """The resource's own tags with the stack's, as `[{Key, Value}]`."""
        own = {tag["Key"]: str(tag["Value"]) for tag in properties.get("Tags", [])}
        return [{"Key": key, "Value": value} for key, value in {**self.tags, **own}.items()]

    def own_tags(self, tags: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
        """Tags as read back, without those that came from the stack or from CloudFormation."""
        return [
            {"Key": tag["Key"], "Value": tag["Value"]}
            for tag in tags
            if not tag["Key"].startswith("aws:") and self.tags.get(tag["Key"]) != tag["Value"]
        ]


class ResourceType:
    """One CloudFormation type; subclasses register themselves under `name`.

    `replace_on` names the properties whose change makes CloudFormation build a new resource
    (source: AWS CloudFormation Template Reference, "Update requires" of each property).
    """

    name: ClassVar[str] = ""
    replace_on: ClassVar[frozenset[str]] = frozenset()
    unseen: ClassVar[frozenset[str]] = frozenset()
    """Properties that AWS's own describe calls do not give either, so that nothing can compare them."""

    def __init_subclass__(cls) -> None:
        if cls.name:
            TYPES[cls.name] = cls()

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        """Make it; answer what `Ref` gives and the attributes of `Fn::GetAtt`."""
        raise NotImplementedError

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        """Change it in place; answer its attributes. A type that cannot is refused loudly."""
        different = ", ".join(sorted(changed(old, new)))
        raise CloudError(f"the local cloud cannot change {self.name} in place: {different}")

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        """Remove it; what is gone already is no error."""
        raise NotImplementedError

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        """Read it back through describe calls, in the words of the template.

        `properties` is what was declared; it may decide only how a value is written (text or number), never its
        content.

        Raises:
            Gone: it no longer exists.

        """
        raise NotImplementedError


class Gone(Exception):
    """What should be there is not."""


TYPES: dict[str, ResourceType] = {}


def changed(old: Properties, new: Properties) -> set[str]:
    """Name the properties that differ."""
    return {key for key in old.keys() | new.keys() if plain(old.get(key)) != plain(new.get(key))}


def plain(value: Any) -> Any:
    """Write a value so that two that mean the same compare equal: scalars as text, keys sorted, tags by key."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) else str(value)
    if isinstance(value, Mapping):
        return {key: plain(inner) for key, inner in sorted(value.items())}
    if isinstance(value, list | tuple):
        items = [plain(inner) for inner in value]
        # What is still to be made has no id yet: a reference stands for it.
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True, default=str))
    return value


def hold(kind: str, properties: Properties, known: Iterable[str]) -> None:
    """Refuse what nothing here would heed: a template that says more must not seem to be carried out.

    Raises:
        CloudError: there is a property that is none of `known`.

    """
    unknown = properties.keys() - {*known, "Tags"}
    if unknown:
        raise CloudError(f"the local cloud does not know {sorted(unknown)} of {kind}")


def text(value: Any) -> str:
    """Write a policy or another document as JSON text."""
    return value if isinstance(value, str) else json.dumps(value)


def document(value: Any) -> Any:
    """Read a policy that came back as text."""
    return json.loads(value) if isinstance(value, str) else value


def pick(found: Mapping[str, Any], properties: Iterable[str]) -> Properties:
    """Take those entries that are there."""
    return {key: found[key] for key in properties if found.get(key) is not None}
