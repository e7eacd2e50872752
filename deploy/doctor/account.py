"""The account: who is signed in, where, by which clock, what they may do, and what stands in the way."""

import datetime as dt
import email.utils
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from deploy.aws import Account
from deploy.doctor.finding import Finding
from deploy.stage import Endpoint, Stage
from deploy.words import Words

ROOT = Path(__file__).parents[2]
CLOCK_LOOK, CLOCK_BAD = dt.timedelta(seconds=60), dt.timedelta(minutes=5)
"""AWS refuses a signature that is more than five minutes off (IAM User Guide, "Signature Version 4")."""

_IDENTITY = Words("signed in as", "サインイン")
_CLOCK = Words("clock", "時計")
_REGION = Words("region", "リージョン")
_ZAPPA = Words("Zappa's settings", "Zappa の設定")
_RIGHTS = Words("permissions", "権限")
_ENDPOINTS = Words("VPC endpoints", "VPC エンドポイント")
_NAMES = Words("bucket names", "バケット名")
_QUOTAS = Words("quotas", "クォータ")


def findings(stage: Stage, account: Account, now: dt.datetime) -> Iterator[Finding]:
    """Look at everything that only AWS knows."""
    told = account.client("sts").get_caller_identity()
    yield identity(told)
    yield clock(told["ResponseMetadata"]["HTTPHeaders"], now)
    yield from regions(stage, os.environ)
    yield from zappa_stage(stage)
    yield permissions(account, told["Arn"])
    yield from private_names(stage, account)
    yield from buckets(stage, account)
    yield from quotas(stage, account)


def identity(told: Mapping[str, Any]) -> Finding:
    """Nobody should deploy as root."""
    arn = str(told["Arn"])
    if not arn.endswith(":root"):
        return Finding.good(_IDENTITY, arn)
    return Finding(
        verdict="bad",
        subject=_IDENTITY,
        found=Words(f"{arn}, the account's root user", f"{arn}（ルートユーザー）"),
        remedy=Words(
            "Sign in as a role that may deploy (python -m deploy request STAGE lists what it needs).",
            "デプロイ用ロールでサインインしてください（必要な権限は python -m deploy request STAGE）。",
        ),
    )


def clock(headers: Mapping[str, str], now: dt.datetime) -> Finding:
    """A clock that is wrong makes every signature refused."""
    date = headers.get("date")
    if not date:
        return Finding(verdict="look", subject=_CLOCK, found=Words("AWS did not say its time", "AWS の時刻が不明です"))
    off = abs(email.utils.parsedate_to_datetime(date) - now)
    found = Words(f"{off.total_seconds():.0f} s from AWS's", f"AWS との差 {off.total_seconds():.0f} 秒")
    if off < CLOCK_LOOK:
        return Finding.good(_CLOCK, found)
    return Finding(
        verdict="bad" if off > CLOCK_BAD else "look",
        subject=_CLOCK,
        found=found,
        remedy=Words(
            "Set it by NTP: AWS refuses signatures more than five minutes off.",
            "NTP で合わせてください。5 分以上ずれると署名が拒否されます。",
        ),
    )


def regions(stage: Stage, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Every place that names a region must name the same one."""
    places = {name: environment[name] for name in ("AWS_REGION", "AWS_DEFAULT_REGION") if environment.get(name)}
    settings = json.loads((ROOT / "zappa_settings.json").read_text(encoding="utf-8"))
    if stage.name in settings:
        places["zappa_settings.json"] = str(settings[stage.name].get("aws_region", ""))
    wrong = {place: found for place, found in places.items() if found != stage.region}
    for place, found in wrong.items():
        yield Finding(
            verdict="bad",
            subject=_REGION,
            found=Words(
                f"the stage says {stage.region}, {place} says {found}", f"{stage.region} に対し {place} は {found}"
            ),
            remedy=Words(f"Make them the same, or unset {place}.", f"{place} を合わせるか、削除してください。"),
        )
    if not wrong:
        yield Finding.good(_REGION, stage.region)


def zappa_stage(stage: Stage, file: Path = ROOT / "zappa_settings.json") -> Iterator[Finding]:
    """Zappa must know the stage by name; its ids it finds by itself."""
    if stage.name in json.loads(file.read_text(encoding="utf-8")):
        return
    line = json.dumps({"extends": "common", "aws_region": stage.region})
    yield Finding(
        verdict="bad",
        subject=_ZAPPA,
        found=Words(f"{file.name} has no stage {stage.name}", f"{file.name} に {stage.name} がありません"),
        remedy=Words(
            f'Add beside "poc": "{stage.name}": {line}', f'"poc" の隣に追加してください: "{stage.name}": {line}'
        ),
    )


def permissions(account: Account, arn: str) -> Finding:
    """Ask IAM which of the calls that every deployment makes it would refuse."""
    from botocore.exceptions import ClientError

    wanted = [
        "cloudformation:CreateChangeSet",
        "ec2:CreateVpcEndpoint",
        "rds:CreateDBInstance",
        "s3:CreateBucket",
        "lambda:CreateFunction",
        "apigateway:POST",
        "iam:PassRole",
        "logs:PutRetentionPolicy",
    ]
    try:
        told = account.client("iam").simulate_principal_policy(PolicySourceArn=_role(arn), ActionNames=wanted)
    except ClientError as error:
        return Finding(
            verdict="look",
            subject=_RIGHTS,
            found=_not_asked(error),
            remedy=Words(
                "Compare with python -m deploy request STAGE; the first refused call will name what is missing.",
                "python -m deploy request STAGE の一覧と比べてください。不足は最初に拒否された呼び出しで分かります。",
            ),
        )
    refused = [r["EvalActionName"] for r in told["EvaluationResults"] if r["EvalDecision"] != "allowed"]
    if not refused:
        return Finding.good(_RIGHTS, Words("as IAM simulates them", "IAM シミュレーションで確認"))
    what = ", ".join(refused)
    return Finding(
        verdict="look",
        subject=_RIGHTS,
        found=Words(f"IAM would refuse {what} on all resources", f"全リソースに対しては拒否されます: {what}"),
        remedy=Words(
            "Fine where the role is limited to this stage's names; otherwise ask for what deploy request lists.",
            "ステージ名に限定した権限なら問題ありません。そうでなければ deploy request の内容を申請してください。",
        ),
    )


def _not_asked(error: Exception) -> Words:
    return Words(f"not asked: {error}", f"確認できませんでした: {error}")


def _role(arn: str) -> str:
    """Give the role behind an assumed role's session, which is what IAM can simulate."""
    if ":assumed-role/" not in arn:
        return arn
    head, _, rest = arn.partition(":assumed-role/")
    return f"{head.replace(':sts:', ':iam:')}:role/{rest.partition('/')[0]}"


def private_names(stage: Stage, account: Account) -> Iterator[Finding]:
    """Only one endpoint of a VPC may answer at a service's public name, and only where the VPC gives names at all.

    Source: AWS PrivateLink Guide, "Private DNS" of interface endpoints. Containers need such names in any case.
    """
    from botocore.exceptions import ClientError

    vpc = stage.text("network.vpc")
    wanted = {f"com.amazonaws.{stage.region}.{one.service}": one for one in stage.endpoints if _is_named(stage, one)}
    if not vpc or not wanted:
        return
    ec2, services = account.client("ec2"), ", ".join(one.service for one in wanted.values())
    for attribute in ("enableDnsSupport", "enableDnsHostnames"):
        try:
            answer = ec2.describe_vpc_attribute(VpcId=vpc, Attribute=attribute)
        except ClientError as error:
            yield Finding(verdict="look", subject=_ENDPOINTS, found=_not_asked(error))
            return
        if not answer[f"E{attribute[1:]}"]["Value"]:
            yield Finding(
                verdict="bad",
                subject=_ENDPOINTS,
                found=Words(f"{attribute} of {vpc} is off", f"{vpc} の {attribute} が無効です"),
                remedy=Words(
                    f"Have it switched on: no endpoint can have private names without it ({services}).",
                    f"有効にしてください。無効のままではエンドポイントのプライベート名を使えません（{services}）。",
                ),
            )
    filters = [{"Name": "vpc-id", "Values": [vpc]}, {"Name": "service-name", "Values": list(wanted)}]
    for held in ec2.describe_vpc_endpoints(Filters=filters)["VpcEndpoints"]:
        endpoint = wanted[held["ServiceName"]]
        tags = {tag["Key"]: tag["Value"] for tag in held.get("Tags", [])}
        if held.get("PrivateDnsEnabled") and tags.get("Name") != f"{stage.prefix}-{endpoint.service.replace('.', '-')}":
            yield _taken(vpc, endpoint, held["VpcEndpointId"])


def _is_named(stage: Stage, endpoint: Endpoint) -> bool:
    """Say whether an endpoint that is to be made answers at its service's public name."""
    if endpoint.gateway or endpoint.service == "s3" or stage.text(f"endpoints.{endpoint.key}"):
        return False
    return endpoint.service != "execute-api" or stage.flag("endpoints.private_dns")


def _taken(vpc: str, endpoint: Endpoint, name: str) -> Finding:
    service, key = endpoint.service, f'endpoints.{endpoint.key} = "{name}"'
    remedy = Words(f"Use it: {key}.", f"{key} で共用してください。")
    if service == "execute-api":
        remedy = Words(
            f"Use it: {key}, or set endpoints.private_dns = false.",
            f"{key} で共用するか、endpoints.private_dns = false にしてください。",
        )
    return Finding(
        verdict="bad",
        subject=_ENDPOINTS,
        found=Words(
            f"{name} in {vpc} serves {service}'s private names already; a VPC may have one such endpoint",
            f"{vpc} では {name} が既に {service} のプライベート名を提供しています（VPC に一つだけ）",
        ),
        remedy=remedy,
    )


def buckets(stage: Stage, account: Account) -> Iterator[Finding]:
    """Bucket names are the world's: somebody else may have one of ours."""
    from botocore.exceptions import ClientError

    taken = []
    for noun in ("site", "attachments", "audit", "artefacts"):
        name = stage.bucket(noun, account.number)
        try:
            account.client("s3").head_bucket(Bucket=name, ExpectedBucketOwner=account.number)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("403", "AccessDenied"):
                taken.append(name)
    for name in taken:
        yield Finding(
            verdict="bad",
            subject=_NAMES,
            found=Words(
                f"{name} belongs to somebody else, or may not be seen", f"{name} は他者の所有か、参照できません"
            ),
            remedy=Words("Choose another names.prefix.", "names.prefix を変えてください。"),
        )
    if not taken:
        yield Finding.good(_NAMES, Words("free, or ours", "未使用、または自アカウントのもの"))


def quotas(stage: Stage, account: Account) -> Iterator[Finding]:
    """How many more VPCs and interface endpoints the account may have, where that can be asked."""
    from botocore.exceptions import ClientError

    if stage.text("network.vpc"):
        return
    try:
        told = account.client("service-quotas").get_service_quota(ServiceCode="vpc", QuotaCode="L-F678F1CE")
        allowed = int(told["Quota"]["Value"])
    except ClientError as error:
        yield Finding(verdict="look", subject=_QUOTAS, found=_not_asked(error))
        return
    held = account.client("ec2").describe_vpcs()["Vpcs"]
    ours = any(tag == {"Key": "Name", "Value": stage.prefix} for vpc in held for tag in vpc.get("Tags", []))
    found = Words(f"{len(held)} of {allowed} VPCs are used", f"VPC {len(held)} / {allowed}")
    if ours or len(held) < allowed:
        yield Finding.good(_QUOTAS, found)
    else:
        yield Finding(
            verdict="bad",
            subject=_QUOTAS,
            found=found,
            remedy=Words(
                "Ask AWS for more (Service Quotas, VPCs per Region), or use an existing one: network.vpc.",
                "上限緩和（Service Quotas「VPCs per Region」）の申請か、network.vpc に既存の VPC の指定が必要です。",
            ),
        )
