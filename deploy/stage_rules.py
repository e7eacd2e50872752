"""What the keys of a stage file must be towards each other, once each is right by itself."""

import difflib
import ipaddress
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

from deploy import door_rules, exception_rules, mail_rules
from deploy.keys.key import (
    MAX_FIXED_NAMES,
    MAX_INSIDE_ADDRESSES,
    MAX_TASKS_DESTINATIONS,
    MAX_WEB_DESTINATIONS,
)
from deploy.keys.kinds import PRIVATE
from deploy.problems import Problem
from deploy.stage_unused import unused
from deploy.words import Words

if TYPE_CHECKING:
    from deploy.stage import Stage

Found = Iterator[tuple[str, object, Words]]


TIERS = ("app", "lb", "db")


_network = cache(ipaddress.IPv4Network)
"""A range read from text; the same few are compared again and again."""


def nearest(key: str, known: list[str]) -> str:
    """Give the known key most like `key`, or nothing when none is near."""
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.7)
    if close:
        return close[0]
    name = key.rpartition(".")[2]
    return next((path for path in known if path.rpartition(".")[2] == name), "")


def problems(stage: "Stage", line: Callable[[str], int], path: Path) -> list[Problem]:
    """Check every rule; `line` gives the line of a key."""
    rules = (
        door_rules.doors,
        _region,
        _ranges,
        _existing,
        _corporate,
        _dns,
        _destinations,
        _database,
        exception_rules.exceptions,
        mail_rules.mail,
        unused,
    )
    found = []
    for rule in rules:
        found += [Problem(path, line(key), key, value, words) for key, value, words in rule(stage)]
    return found


def _region(stage: "Stage") -> Found:
    from deploy.stage import ZONES

    zones = stage.several("aws.zones")
    if not zones and stage.region not in ZONES:
        yield (
            "aws.zones",
            [],
            Words(
                f"Write two zones of {stage.region}; see: aws ec2 describe-availability-zones --region {stage.region}",
                f"{stage.region} のゾーンを二つ書いてください。"
                f"一覧: aws ec2 describe-availability-zones --region {stage.region}",
            ),
        )
    for zone in zones:
        if zone[:-1] != stage.region:
            yield (
                "aws.zones",
                zone,
                Words(f"It is not a zone of {stage.region}.", f"{stage.region} のゾーンではありません。"),
            )
    for path, words in (
        ("encryption.key", Words(f"Use a key of {stage.region}.", f"{stage.region} のキーを使ってください。")),
        (
            "balancer.certificate",
            Words(f"Use a certificate of {stage.region}.", f"{stage.region} の証明書を使ってください。"),
        ),
    ):
        arn = stage.text(path)
        if arn and arn.split(":")[3] != stage.region:
            yield (path, arn, words)
    account = stage.text("aws.account")
    for path in (*(f"roles.{role}" for role in (*stage.roles, "flow_logs")), "encryption.key", "balancer.certificate"):
        arn = stage.text(path)
        if account and arn and arn.split(":")[4] != account:
            yield (
                path,
                arn,
                Words(
                    f"It belongs to another account than {account}.",
                    f"アカウント {account} のものではありません。",
                ),
            )


def _ranges(stage: "Stage") -> Found:
    vpc = _network(stage.text("network.cidr"))
    all_ranges = [(tier, cidr) for tier in TIERS for cidr in stage.ranges(tier)]
    for tier, cidr in all_ranges:
        if not _network(cidr).subnet_of(vpc):
            yield (
                f"network.{tier}_cidrs",
                cidr,
                Words(f"It must lie inside network.cidr, {vpc}.", f"network.cidr ({vpc}) の中に収めてください。"),
            )
    for (tier, first), (_, second) in combinations(all_ranges, 2):
        if _network(first).overlaps(_network(second)):
            yield (
                f"network.{tier}_cidrs",
                first,
                Words(
                    f"It overlaps {second}; give each subnet its own range.",
                    f"{second} と重なっています。分けてください。",
                ),
            )
    for cidr in stage.several("corporate.cidrs"):
        if _network(cidr).overlaps(vpc):
            yield (
                "corporate.cidrs",
                cidr,
                Words(
                    f"It overlaps the VPC, {vpc}: nobody could tell which side an address is on. "
                    "Ask the network team for another network.cidr.",
                    f"VPC の範囲 ({vpc}) と重なり、どちら側のアドレスか区別できません。"
                    "network.cidr に別の範囲をもらってください。",
                ),
            )
    merged = list(ipaddress.collapse_addresses(_network(c) for c in stage.several("corporate.cidrs")))
    for block in PRIVATE:
        if any(block.subnet_of(one) for one in merged) and block.prefixlen < 16:
            yield (
                "corporate.cidrs",
                stage.several("corporate.cidrs"),
                Words(
                    f"Together they are all of {block}: name the ranges where users really sit.",
                    f"合わせると {block} 全体になります。利用者が実際にいる範囲だけを書いてください。",
                ),
            )


def _existing(stage: "Stage") -> Found:
    vpc = stage.text("network.vpc")
    for tier in TIERS:
        if stage.several(f"network.{tier}_subnets"):
            if not vpc:
                yield (f"network.{tier}_subnets", stage.several(f"network.{tier}_subnets"), _NEEDS_VPC)
            if not stage.several(f"network.{tier}_cidrs"):
                yield (
                    f"network.{tier}_cidrs",
                    [],
                    Words(
                        "Write the ranges of these existing subnets: rules name them.",
                        "既存サブネットのアドレス範囲を書いてください（通信規則に使います）。",
                    ),
                )
    subnets = [(tier, subnet) for tier in TIERS for subnet in stage.several(f"network.{tier}_subnets")]
    for (_, first), (tier, second) in combinations(subnets, 2):
        if first == second:
            yield (
                f"network.{tier}_subnets",
                second,
                Words(
                    "It is named for two purposes; each needs subnets of its own, with routes and rules of its own.",
                    "二つの用途に同じサブネットが書かれています。用途ごとに別のサブネットにしてください。",
                ),
            )
    for name in ("web", "tasks", "endpoint", "database", "balancer"):
        group = stage.text(f"network.{name}_group")
        if group and not vpc:
            yield (f"network.{name}_group", group, _NEEDS_VPC)
    for endpoint in stage.endpoints:
        given = stage.text(f"endpoints.{endpoint.key}")
        if given and not vpc:
            yield (f"endpoints.{endpoint.key}", given, _NEEDS_VPC)
    if stage.flag("logs.flow_logs") and vpc:
        yield (
            "logs.flow_logs",
            True,
            Words(
                "Flow logs of an existing VPC are its owner's: set it to false.",
                "既存 VPC のフローログは所有者の管轄です。false にしてください。",
            ),
        )
    gateway = any(endpoint.gateway for endpoint in stage.endpoints) and not stage.text("endpoints.s3_gateway")
    if gateway and stage.several("network.app_subnets") and not stage.several("network.app_route_tables"):
        yield (
            "network.app_route_tables",
            [],
            Words(
                "Write the route tables of the existing app subnets, or give endpoints.s3_gateway.",
                "既存の関数用サブネットのルートテーブルを書くか、endpoints.s3_gateway を指定してください。",
            ),
        )


_NEEDS_VPC = Words(
    "Something that exists lies in an existing VPC: write network.vpc too.",
    "既存のものは既存の VPC にあるはずです。network.vpc も書いてください。",
)


def _corporate(stage: "Stage") -> Found:
    link = stage.text("corporate.link")
    needs = {"peering": "corporate.peer_vpc", "transit-gateway": "corporate.transit_gateway"}
    if link in needs and not stage.text(needs[link]):
        yield (
            needs[link],
            "",
            Words(f'corporate.link = "{link}" needs it.', f'corporate.link = "{link}" に必要です。'),
        )
    for other, path in needs.items():
        if other != link and stage.text(path):
            yield (
                path,
                stage.text(path),
                Words(
                    f'It is used only with corporate.link = "{other}".',
                    f'corporate.link = "{other}" でだけ使います。',
                ),
            )
    if stage.text("network.vpc") and stage.text("network.vpc") == stage.text("corporate.peer_vpc"):
        yield (
            "corporate.peer_vpc",
            stage.text("corporate.peer_vpc"),
            Words("It is network.vpc itself.", "network.vpc と同じ VPC です。"),
        )
    if stage.text("corporate.peer_account") and not stage.text("corporate.peer_role"):
        yield (
            "corporate.peer_role",
            "",
            Words(
                "Peering with another account needs the role there that accepts it.",
                "別アカウントとのピアリングには、承認する側のロールが必要です。",
            ),
        )


def _dns(stage: "Stage") -> Found:
    outbound = stage.text("dns.outbound")
    needs: dict[str, dict[str, object]] = {
        "shared-rule": {"dns.shared_rule": stage.text("dns.shared_rule")},
        "own-endpoint": {
            "dns.domains": stage.several("dns.domains"),
            "dns.servers": stage.several("dns.servers"),
        },
        "fixed": {"dns.fixed": dict(stage.fixed_names)},
    }
    for choice, keys in needs.items():
        for path, value in keys.items():
            if choice == outbound and not value:
                yield (
                    path,
                    value,
                    Words(f'dns.outbound = "{outbound}" needs it.', f'dns.outbound = "{outbound}" に必要です。'),
                )
            if choice != outbound and value:
                yield (
                    path,
                    value,
                    Words(
                        f'It is used only with dns.outbound = "{choice}".',
                        f'dns.outbound = "{choice}" でだけ使います。',
                    ),
                )
    if len(stage.fixed_names) > MAX_FIXED_NAMES:
        yield (
            "dns.fixed",
            list(stage.fixed_names),
            _at_most(MAX_FIXED_NAMES, "a Resolver rule", "Resolver ルール"),
        )


def _destinations(stage: "Stage") -> Found:
    for source, most in (("web", MAX_WEB_DESTINATIONS), ("tasks", MAX_TASKS_DESTINATIONS)):
        rules = sum(len(d.addresses) * len(d.ports) for d in stage.destinations if source in d.sources)
        if rules > most:
            yield (
                "destinations",
                f"{rules} address and port pairs from {source}",
                _at_most(most, "ranges", "範囲指定"),
            )
    if len(stage.inside_addresses) > MAX_INSIDE_ADDRESSES:
        yield (
            "destinations",
            list(stage.inside_addresses),
            _at_most(MAX_INSIDE_ADDRESSES, "ranges", "範囲指定"),
        )
    vpc = _network(stage.text("network.cidr"))
    for destination in stage.destinations:
        for address in destination.addresses:
            if _network(address).overlaps(vpc):
                yield (
                    f"destinations.{destination.name}.addresses",
                    address,
                    Words(f"It lies in the VPC itself, {vpc}.", f"VPC ({vpc}) の中のアドレスです。"),
                )


def _at_most(most: int, instead: str, instead_ja: str) -> Words:
    return Words(
        f"At most {most} fit into the templates; write fewer, or use {instead}.",
        f"テンプレートに入るのは {most} 個までです。減らすか、{instead_ja}を使ってください。",
    )


def _database(stage: "Stage") -> Found:
    if stage.number("database.minimum") > stage.number("database.maximum"):
        yield (
            "database.minimum",
            stage.values["database.minimum"],
            Words("It is more than database.maximum.", "database.maximum を超えています。"),
        )
