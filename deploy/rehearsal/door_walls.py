"""The walls of the doors that are no endpoint: the same rules, opened where that door has them."""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType

from deploy.rehearsal.breakages import ANYWHERE, APP, CORPORATE, OUTSIDE, WALLS, Wall
from deploy.rehearsal.changes import Changes
from deploy.words import Words


def _ingress_wide(make: Changes) -> None:
    make.ingress("balancer", 443, ANYWHERE)
    make.egress("web", 443, ANYWHERE)


def _internet_gateway(make: Changes) -> None:
    make.internet_gateway("Lb")
    make.ingress("balancer", 443, ANYWHERE)


def _locked_out(make: Changes) -> None:
    make.without_ingress("balancer")
    make.ingress("balancer", 443, make.stage.text("network.cidr"))


def _no_way(make: Changes) -> None:
    make.without_ingress("endpoints")


_SAME = ("exposure.database-ingress", "exposure.public-database", "policy.bucket-write", "policy.bucket-read",
         "completeness.no-way", "completeness.missing-endpoint")  # fmt: skip
_BUCKET = {"policy.bucket-write": ((CORPORATE, "wall.bucket-write"), (CORPORATE, "wall.bucket-delete"))}
_SHARED = {rule: dataclasses.replace(WALLS[rule], lines=_BUCKET.get(rule, WALLS[rule].lines)) for rule in _SAME}
_OPEN = {"policy.bucket-open": WALLS["policy.bucket-open"]}

BALANCER: Mapping[str, Wall] = MappingProxyType(
    {
        "graph.internet-gateway": Wall(
            Words("an internet gateway with a default route for the load balancer's subnets; its group lets anybody in",
                  "ロードバランサーのサブネットにインターネットゲートウェイと既定経路を付け、全アドレスからの着信を許可"),
            _internet_gateway,
            ((OUTSIDE, "wall.page-port"),),
        ),
        "exposure.ingress-wide": Wall(
            Words("the load balancer's group lets anybody in, and what runs the application may call anybody",
                  "ロードバランサーへの着信と、アプリケーションの発信を全アドレスに許可"),
            _ingress_wide,
            ((APP, "wall.page-port"),),
        ),
        "completeness.locked-out": Wall(
            Words("the load balancer's group lets in the VPC's own range instead of the company's",
                  "ロードバランサーが社内ではなく VPC 自身からの着信だけを許可"),
            _locked_out,
            ((CORPORATE, "certificate.page"), (CORPORATE, "api:GET /health")),
            alone=True,
        ),
        "completeness.no-way": Wall(
            Words("the endpoint's group does not let the load balancer in",
                  "エンドポイントがロードバランサーからの着信を許可しない"),
            _no_way,
            ((CORPORATE, "page.headers"),),
            alone=True,
        ),
        **_OPEN,
        **{rule: wall for rule, wall in _SHARED.items() if rule != "completeness.no-way"},
    }
)  # fmt: skip
API: Mapping[str, Wall] = MappingProxyType({"policy.api-open": WALLS["policy.api-open"], **_OPEN, **_SHARED})
DOORS: Mapping[str, Mapping[str, Wall]] = MappingProxyType({"endpoints": WALLS, "load-balancer": BALANCER, "api": API})
"""Door -> its walls. What is of the endpoints' own ports is opened by their door."""
