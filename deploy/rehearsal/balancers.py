"""What a load balancer's fronts ask the local cloud: listeners, rules, target groups, and which targets are in service.

Read anew each time, as everything that fronts ask. A target's health is looked at when somebody asks for it, at most
once in the group's interval, and the last look counts.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from deploy.aws import Account
from deploy.closedness.policy import Principal, Request, decide
from deploy.rehearsal.events import Answer, Call
from deploy.rehearsal.fronts.balancer import Group, Listener
from deploy.rehearsal.fronts.rules import Rule

CHECKER = "ELB-HealthChecker/2.0"
SERVICE = "elasticloadbalancing.amazonaws.com"
Look = Callable[[str, tuple[str, int], Call, float], Answer]
"""Asks a target by a protocol and gives its answer; raises OSError."""


class Balancers:
    """The load balancers of an account, and the health of what stands behind them."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._client = account.client("elbv2")
        self._seen: dict[tuple[str, str, int], tuple[float, bool]] = {}

    def of(self, name: str) -> list[Mapping[str, Any]]:
        """Give what is told of a load balancer, in a list; empty while there is none of that name."""
        try:
            return list(self._client.describe_load_balancers(Names=[name])["LoadBalancers"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "LoadBalancerNotFound":
                raise
            return []

    def ports(self, name: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the ports that a load balancer listens on, each with the names of its certificate: none for HTTP."""
        for balancer in self.of(name):
            for held in self._client.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]:
                yield held["Port"], self._certified(held.get("Certificates") or [])

    def _certified(self, certificates: list[Mapping[str, str]]) -> tuple[str, ...]:
        names: dict[str, None] = {}
        for one in certificates:
            told = self.account.client("acm").describe_certificate(CertificateArn=one["CertificateArn"])["Certificate"]
            names |= dict.fromkeys([told["DomainName"], *told.get("SubjectAlternativeNames", [])])
        return tuple(names)

    def listener(self, name: str, port: int) -> Listener:
        """Give what happens at a port."""
        (balancer,) = self.of(name)
        arn = balancer["LoadBalancerArn"]
        held = next(one for one in self._client.describe_listeners(LoadBalancerArn=arn)["Listeners"]
                    if one["Port"] == port)  # fmt: skip
        rules = self._client.describe_rules(ListenerArn=held["ListenerArn"])["Rules"]
        rules.sort(key=lambda rule: (rule["IsDefault"], 0 if rule["IsDefault"] else int(rule["Priority"])))
        of_balancer = _attributes(self._client.describe_load_balancer_attributes(LoadBalancerArn=arn))
        of_listener = _attributes(self._client.describe_listener_attributes(ListenerArn=held["ListenerArn"]))
        return Listener(
            protocol=held["Protocol"],
            port=port,
            rules=[
                Rule(rule.get("Conditions", []), _ordered(rule["Actions"]), rule.get("Transforms", []))
                for rule in rules
            ],
            attributes=of_listener,
            drops_invalid_headers=of_balancer.get("routing.http.drop_invalid_header_fields.enabled") == "true",
            patience=float(of_balancer.get("idle_timeout.timeout_seconds", "60")),
        )

    def group(self, arn: str, look: Look) -> Group:
        """Give a target group with those targets that are in service; all, where none is (it fails open)."""
        held = self._client.describe_target_groups(TargetGroupArns=[arn])["TargetGroups"][0]
        told = self._client.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        targets = [one["Target"] for one in told if one["TargetHealth"]["State"] != "draining"]
        if held["TargetType"] == "lambda":
            attributes = _attributes(self._client.describe_target_group_attributes(TargetGroupArn=arn))
            function = str(targets[0]["Id"]).rpartition(":function:")[2] if targets else ""
            return Group(
                arn=arn,
                function=function,
                callable=bool(function) and self._may_call(function, arn),
                multi_value=attributes.get("lambda.multi_value_headers.enabled") == "true",
            )
        addresses = [(str(one["Id"]), int(one["Port"])) for one in targets]
        well = [target for target in addresses if self._is_well(held, target, look)]
        return Group(arn=arn, protocol=held["Protocol"], targets=well or addresses)

    def _may_call(self, function: str, group: str) -> bool:
        """Ask the function's policy whether the load balancer may call it for this group."""
        try:
            text = self.account.client("lambda").get_policy(FunctionName=function)["Policy"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
            return False
        resource = f"arn:aws:lambda:{self.account.region}:{self.account.number}:function:{function}"
        asked = Request(
            "lambda:InvokeFunction",
            resource,
            Principal("service", SERVICE),
            {"aws:SourceArn": group, "aws:SourceAccount": self.account.number},
        )
        return decide(asked, resource=json.loads(text), account=self.account.number).allowed

    def _is_well(self, group: Mapping[str, Any], target: tuple[str, int], look: Look) -> bool:
        """Look at a target as the group says, or remember the last look."""
        key, now = (group["TargetGroupArn"], *target), time.monotonic()
        before = self._seen.get(key)
        if before is not None and now - before[0] < group["HealthCheckIntervalSeconds"]:
            return before[1]
        call = Call(path=group["HealthCheckPath"],
                    headers=(("Host", f"{target[0]}:{target[1]}"), ("User-Agent", CHECKER)))  # fmt: skip
        try:
            answer = look(group["HealthCheckProtocol"], target, call, float(group["HealthCheckTimeoutSeconds"]))
            well = _fits(group["Matcher"]["HttpCode"], answer.status)
        except OSError:
            well = False
        self._seen[key] = (now, well)
        return well


def _fits(wanted: str, status: int) -> bool:
    """Say whether a status is among those of "200,307-399"."""
    for part in wanted.split(","):
        first, _, last = part.partition("-")
        if int(first) <= status <= int(last or first):
            return True
    return False


def _ordered(actions: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(actions, key=lambda action: int(action.get("Order", 0)))


def _attributes(told: Mapping[str, Any]) -> dict[str, str]:
    return {entry["Key"]: entry["Value"] for entry in told["Attributes"]}
