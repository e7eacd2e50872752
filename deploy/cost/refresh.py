"""Fetch prices from AWS's public price list; through the company's proxy and CA like every other call.

The list's file for one service and region is CSV with five lines of preamble; a price is found by its usage type.
Source: AWS Billing User Guide, "Getting price list files manually". Usage types unverified here: a type that is not
found leaves its price out, which then counts as unknown.
"""

import csv
import datetime
import io
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterable

from deploy.cost.prices import Price, Prices
from deploy.failure import Failure
from deploy.words import Words, language

ADDRESS = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/{service}/current/{region}/index.csv"
SOURCE = "AWS public price list"
TIMEOUT_SECONDS = 60

REGIONS = {
    "ap-northeast-1": ("Tokyo", "APN1-"),
    "ap-northeast-3": ("Osaka", "APN3-"),
    "us-east-1": ("N. Virginia", "USE1-"),
}
"""Region -> its name and the prefix of its usage types; N. Virginia's are mostly written without any."""

WANTED: dict[str, tuple[str, str, str]] = {
    "endpoint.hour": ("AmazonVPC", "VpcEndpoint-Hours", "zone-hour"),
    "endpoint.gb": ("AmazonVPC", "VpcEndpoint-Bytes", "GB"),
    "nat.hour": ("AmazonEC2", "NatGateway-Hours", "hour"),
    "nat.gb": ("AmazonEC2", "NatGateway-Bytes", "GB"),
    "lambda.million": ("AWSLambda", "Request", "million requests"),
    "lambda.gb_second_x86": ("AWSLambda", "Lambda-GB-Second", "GB-second"),
    "lambda.gb_second_arm": ("AWSLambda", "Lambda-GB-Second-ARM", "GB-second"),
    "api.million": ("AmazonApiGateway", "ApiGatewayRequest", "million requests"),
    "secret.month": ("AWSSecretsManager", "AWSSecretsManager-Secrets", "secret-month"),
    "fargate.vcpu_hour": ("AmazonECS", "Fargate-vCPU-Hours:perCPU", "vCPU-hour"),
    "fargate.gb_hour": ("AmazonECS", "Fargate-GB-Hours", "GB-hour"),
    "balancer.hour": ("AWSELB", "LoadBalancerUsage", "hour"),
    "balancer.lcu_hour": ("AWSELB", "LCUUsage", "LCU-hour"),
    "t3.small.hour": ("AmazonEC2", "BoxUsage:t3.small", "hour"),
    "t3.medium.hour": ("AmazonEC2", "BoxUsage:t3.medium", "hour"),
    "ebs.gb_month": ("AmazonEC2", "EBS:VolumeUsage.gp3", "GB-month"),
    "rds.db.t4g.micro.hour": ("AmazonRDS", "InstanceUsage:db.t4g.micro", "hour"),
    "rds.db.t4g.small.hour": ("AmazonRDS", "InstanceUsage:db.t4g.small", "hour"),
    "rds.db.t4g.medium.hour": ("AmazonRDS", "InstanceUsage:db.t4g.medium", "hour"),
    "rds.db.t4g.large.hour": ("AmazonRDS", "InstanceUsage:db.t4g.large", "hour"),
    "rds.db.m7g.large.hour": ("AmazonRDS", "InstanceUsage:db.m7g.large", "hour"),
    "rds.storage.gb_month": ("AmazonRDS", "RDS:GP3-Storage", "GB-month"),
    "aurora.acu_hour": ("AmazonRDS", "Aurora:ServerlessV2Usage", "ACU-hour"),
    "aurora.storage.gb_month": ("AmazonRDS", "Aurora:StorageUsage", "GB-month"),
    "s3.gb_month": ("AmazonS3", "TimedStorage-ByteHrs", "GB-month"),
    "logs.gb": ("AmazonCloudWatch", "DataProcessing-Bytes", "GB ingested"),
    "resolver.address_hour": ("AmazonRoute53", "ResolverNetworkInterface", "address-hour"),
    "transit.attachment_hour": ("AmazonVPC", "TransitGateway-Hours", "hour"),
    "zone.month": ("AmazonRoute53", "HostedZone", "zone-month"),
    "key.month": ("awskms", "KMS-Keys", "key-month"),
}
"""Our key -> (service in the list, usage type without the region's prefix, unit)."""

MILLIONS = frozenset({"lambda.million", "api.million"})
"""The list gives these for one request."""

CHOICE: dict[str, dict[str, str]] = {
    "t3.small.hour": {
        "Operating System": "Linux",
        "Tenancy": "Shared",
        "Pre Installed S/W": "NA",
        "CapacityStatus": "Used",
    },
    "t3.medium.hour": {
        "Operating System": "Linux",
        "Tenancy": "Shared",
        "Pre Installed S/W": "NA",
        "CapacityStatus": "Used",
    },
    **{
        key: {"Database Engine": "PostgreSQL", "Deployment Option": "Single-AZ"}
        for key in WANTED
        if key.startswith("rds.")
    },
}
"""Columns that tell rows of one usage type apart."""

CANNOT = Words(
    "The price list at {address} cannot be reached ({error}). Set HTTPS_PROXY, and SSL_CERT_FILE for a company's own "
    "CA; nothing was changed.",
    "価格表 {address} に届きません（{error}）。HTTPS_PROXY と、社内 CA がある場合は SSL_CERT_FILE "
    "を設定してください。何も変更していません。",
)
NOT_KNOWN = Words(
    "Region {region} is not prepared for: {known}.", "リージョン {region} には対応していません（対応: {known}）。"
)


def fetch(region: str, *, address: str = ADDRESS, today: datetime.date | None = None) -> Prices:
    """Fetch a region's prices; services that are not needed are not asked for.

    Raises:
        Failure: the list cannot be reached, or the region is not known.

    """
    if region not in REGIONS:
        raise Failure(NOT_KNOWN.say(language(), region=region, known=", ".join(REGIONS)))
    name, prefix = REGIONS[region]
    read = f"{today or datetime.datetime.now(datetime.UTC).date():%Y-%m-%d}"
    held: dict[str, Price] = {}
    for service in sorted({wanted[0] for wanted in WANTED.values()}):
        url = address.format(service=service, region=region)
        for key, usd in _found(_rows(url), service, prefix).items():
            held[key] = Price(key, WANTED[key][2], round(usd * (1e6 if key in MILLIONS else 1), 10), SOURCE, read)
    return Prices(region, name, {key: held[key] for key in WANTED if key in held})


def _rows(url: str) -> Iterable[dict[str, str]]:
    """Read a file of the list row by row; EC2's alone is hundreds of megabytes."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS, context=_trust(url)) as answer:  # noqa: S310  https, or a test's loopback
            lines = io.TextIOWrapper(answer, encoding="utf-8")
            for _ in range(5):
                next(lines)
            yield from csv.DictReader(lines)
    except (urllib.error.URLError, OSError, StopIteration) as error:
        raise Failure(CANNOT.say(language(), address=url, error=error)) from error


def _trust(url: str) -> ssl.SSLContext | None:
    return ssl.create_default_context() if url.startswith("https:") else None


def _found(rows: Iterable[dict[str, str]], service: str, prefix: str) -> dict[str, float]:
    """Find our prices among a service's rows: on demand, first tier, paid."""
    wanted = {usage: key for key, (theirs, usage, _) in WANTED.items() if theirs == service}
    held: dict[str, float] = {}
    for row in rows:
        usage = row.get("usageType") or ""
        key = wanted.get(usage.removeprefix(prefix))
        if key is None or row.get("TermType") != "OnDemand" or row.get("StartingRange", "0") not in ("", "0"):
            continue
        if any(row.get(column, value) != value for column, value in CHOICE.get(key, {}).items()):
            continue
        usd = float(row.get("PricePerUnit") or 0)
        if usd > 0:
            held.setdefault(key, usd)
    return held
