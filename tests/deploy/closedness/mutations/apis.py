"""Holes in the policy of the private API."""

from collections.abc import Iterator, Mapping
from typing import Any

from deploy.zappa import api
from tests.deploy.closedness.mutations.mutation import Finding, Mutation


def apis() -> Iterator[tuple[str, Mapping[str, Any], frozenset[Finding]]]:
    """Yield policies of the API with a hole each, and what must be found."""
    endpoint = next(
        thing.token
        for thing in Mutation("", "site", "", frozenset()).world().things
        if thing.name == "endpoints.ExecuteApi"
    )
    deny, allow = api.policy([endpoint])["Statement"]
    opened = frozenset({("api-open", "zappa.Api")})

    def policy(*statements: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"Version": "2012-10-17", "Statement": list(statements)}

    yield "everybody", policy(allow), opened
    yield "any VPC endpoint", policy({**deny, "Condition": {"Null": {"aws:SourceVpce": "true"}}}, allow), opened
    yield (
        "wrong way round",
        policy({**deny, "Condition": {"StringEquals": {"aws:SourceVpce": [endpoint]}}}, allow),
        opened,
    )
    if_exists = {"StringNotEqualsIfExists": {"aws:SourceVpce": [endpoint]}}
    by_vpc = {"StringEquals": {"aws:SourceVpc": "vpc-0e00000000000beef"}}
    yield "another VPC too", policy({**allow, "Condition": by_vpc}), opened
    yield (
        "somebody's private address",
        policy({**allow, "Condition": {"IpAddress": {"aws:VpcSourceIp": "192.168.0.0/16"}}}),
        opened,
    )
    yield "still closed", policy({**deny, "Condition": if_exists}, allow), frozenset()
