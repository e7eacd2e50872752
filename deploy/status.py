"""`python -m deploy status STAGE`: what stands, what differs from it, and what ends soon. Changes nothing."""

import argparse
import base64
import datetime as dt
import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from deploy.aws import Account
from deploy.doctor.finding import Finding
from deploy.release import Release, Releases
from deploy.words import Words

if TYPE_CHECKING:
    from deploy.up.deployment import Deployment

NOTHING = Words(
    "{name} has no release yet. First: python -m deploy up {name}",
    "{name} はまだリリースされていません。先に python -m deploy up {name} を実行してください。",
)
_RELEASE = Words("release", "リリース")
_TABLES = Words("tables", "表")
_PAGE = Words("page", "画面")
_DATABASE = Words("database", "データベース")
_BALANCER = Words("load balancer", "ロードバランサー")
_EXCEPTION = Words("exception", "例外")
_CERTIFICATE = Words("database's certificate", "データベースの証明書")
_GONE = Words("is gone", "ありません")
_WEB = Words("web containers", "Web コンテナ")
_TASKS = Words("tasks", "タスク")
_OTHER_IMAGE = Words("run another image than the release", "リリースと異なるイメージです")
_UP = Words("python -m deploy up STAGE", "python -m deploy up STAGE")
SOON = dt.timedelta(days=45)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("status", help="what stands, and what differs from it", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--no-drift", action="store_true", help="do not ask CloudFormation for drift (minutes)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print every finding; 1 when one is bad or a stack was changed by hand."""
    from deploy import stage_file
    from deploy.up.verb import aws_may_refuse, deployment

    stage = stage_file.read(arguments.stage)
    known = deployment(stage, Account(stage))
    bad = 0

    def tell() -> None:
        nonlocal bad
        for finding in findings(known, dt.datetime.now(dt.UTC)):
            bad += finding.verdict == "bad"
            known.say(finding.say(known.language))
        if not arguments.no_drift:
            bad += known.stacks.drift()

    aws_may_refuse(stage, tell)
    return 1 if bad else 0


def findings(known: "Deployment", now: dt.datetime) -> Iterator[Finding]:
    """Look at the release, both functions or the containers, the page, the database, exceptions and end dates."""
    from deploy.doctor import versions

    release = _last(known)
    if release is None:
        words = NOTHING.fill(name=known.stage.name)
        yield Finding(verdict="bad", subject=_RELEASE, found=words)
        return
    yield _release(release)
    yield Finding.good(_TABLES, ", ".join(f"{app} {last}" for app, last in sorted(release.schema.items())))
    if known.stage.in_containers:
        yield from _containers(known, release)
    else:
        for function in (known.stage.prefix, f"{known.stage.prefix}-tasks"):
            yield _function(known, function, release)
    yield _page(known, release)
    if "BalancerName" in known.outputs:
        yield from _balancer(known)
    yield from _database(known, now)
    for signed in known.stage.exceptions:
        found = f"{signed.rule} {signed.resource}: {signed.reason} ({signed.by}, {signed.signed} - {signed.until})"
        if signed.in_force(now.date()):
            yield Finding.good(_EXCEPTION, found)
        else:
            remedy = Words("Sign it anew, or mend it.", "更新するか、解消してください。")
            yield Finding(verdict="bad", subject=_EXCEPTION, found=Words(found, found), remedy=remedy)
    yield from versions.ends(now.date())


def _last(known: "Deployment") -> Release | None:
    bucket = known.outputs.get("ArtefactsBucketName", "")
    return Releases(known.account.client("s3"), bucket).last() if bucket else None


def _release(release: Release) -> Finding:
    commit = release.commit or "?"
    versions = ", ".join(f"{name} {version}" for name, version in sorted(release.versions.items()))
    back = Words(f" (back to {release.back_to})", f"（{release.back_to} に復帰）") if release.back_to else Words("", "")
    told = f"{release.time}, {commit}, {release.artefact['key']} ({versions})"
    found = Words(f"{release.number}{back.en}, {told}", f"{release.number}{back.ja}, {told}")
    return Finding.good(_RELEASE, found)


def _function(known: "Deployment", name: str, release: Release) -> Finding:
    from deploy import lookups

    subject = Words(f"function {name}", f"関数 {name}")
    held = lookups.function(name, known.account)
    if not held:
        return Finding(verdict="bad", subject=subject, found=_GONE, remedy=_UP)
    if held["CodeSha256"] == base64.b64encode(bytes.fromhex(release.artefact["sha256"])).decode():
        return Finding.good(subject, f"{held['Runtime']}, {held['MemorySize']} MB")
    return Finding(
        verdict="bad",
        subject=subject,
        found=Words("runs other code than the release", "リリースと異なるコードです"),
        remedy=_UP,
    )


def _containers(known: "Deployment", release: Release) -> Iterator[Finding]:
    """Compare the images that tasks and web containers run with the release's, and count the latter."""
    ecs = known.account.client("ecs")
    services = ecs.describe_services(cluster=known.stage.prefix, services=["web"])["services"]
    service = next((one for one in services if one["status"] == "ACTIVE"), None)
    if service is None:
        yield Finding(verdict="bad", subject=_WEB, found=Words("are gone", "ありません"), remedy=_UP)
        return
    running, wanted = service["runningCount"], service["desiredCount"]
    found = Words(f"{running} of {wanted} run", f"{wanted} 個中 {running} 個が稼働")
    wakes = known.stage.text("containers.wakes")
    if not wanted and wakes:
        found = Words(f"asleep until {wakes}", f"停止時間帯です（{wakes} に起動）")
    definitions = ((_WEB, service["taskDefinition"]), (_TASKS, known.output("TasksDefinitionArn", "fargate")))
    for subject, name in definitions:
        held = ecs.describe_task_definition(taskDefinition=name)["taskDefinition"]["containerDefinitions"][0]["image"]
        if held != release.artefact.get("image"):
            yield Finding(verdict="bad", subject=subject, found=_OTHER_IMAGE, remedy=_UP)
        elif subject is _TASKS:
            yield Finding.good(subject, held.rpartition("@")[2])
        else:
            yield Finding(verdict="good" if running >= wanted else "look", subject=subject, found=found)


def _page(known: "Deployment", release: Release) -> Finding:
    """Compare the page in the bucket with the one that the release kept."""
    from botocore.exceptions import ClientError

    from deploy.site.files import PAGE
    from deploy.site.sync import RELEASES, listed

    s3 = known.account.client("s3")
    # The ETag of what was kept says nothing where the stage has a KMS key of its own; the page's is its MD5.
    bodies = (
        s3.get_object(Bucket=known.bucket, Key=key)["Body"].read()
        for key in listed(s3, known.bucket, RELEASES)
        if key.endswith(f"-{release.site}.html")
    )
    wanted = {hashlib.md5(body, usedforsecurity=False).hexdigest() for body in bodies}
    try:
        held = s3.head_object(Bucket=known.output("SiteBucketName", "site"), Key=PAGE)["ETag"].strip('"')
    except ClientError:
        held = ""
    if held and held in wanted:
        return Finding.good(_PAGE, release.site)
    other = Words("is another than the release's", "リリースと異なります")
    return Finding(verdict="bad", subject=_PAGE, found=other, remedy=_UP)


def _balancer(known: "Deployment") -> Iterator[Finding]:
    """Hold what the load balancer sends to against the addresses that the S3 endpoint has, and its right to call."""
    from deploy import lookups

    wanted = set(lookups.endpoint_addresses(known.output("S3Id", "endpoints"), known.account, known.outputs))
    balancers = known.account.client("elbv2")
    (group,) = balancers.describe_target_groups(Names=[f"{known.stage.prefix}-site"])["TargetGroups"]
    health = balancers.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
    held = {entry["Target"]["Id"] for entry in health if entry["TargetHealth"]["State"] != "draining"}
    if wanted and held == wanted:
        yield Finding.good(_BALANCER, f"S3: {', '.join(sorted(held))}")
    else:
        told = f"{', '.join(sorted(held)) or '-'} != {', '.join(sorted(wanted)) or '-'}"
        other = Words(
            f"sends to other addresses than the S3 endpoint has: {told}", f"S3 エンドポイントと異なる送り先です: {told}"
        )
        yield Finding(verdict="bad", subject=_BALANCER, found=other, remedy=_UP)
    function = lookups.web_function(known.stage, known.account)
    if function and not lookups.may_call(function, known.account):
        barred = Words(f"may not call {function}", f"{function} を呼び出す権限がありません")
        yield Finding(verdict="bad", subject=_BALANCER, found=barred, remedy=_UP)


def _database(known: "Deployment", now: dt.datetime) -> Iterator[Finding]:
    """Tell the database's version and state, and when its certificate ends."""
    from deploy import lookups

    held = lookups.database_held(known.stage, known.account)
    if not held:
        yield Finding(verdict="bad", subject=_DATABASE, found=_GONE, remedy=_UP)
        return
    status = str(held.get("DBInstanceStatus") or held.get("Status"))
    found = f"{held['Engine']} {held['EngineVersion']}, {status}"
    yield Finding(verdict="good" if status == "available" else "look", subject=_DATABASE, found=Words(found, found))
    ends = held.get("CertificateDetails", {}).get("ValidTill")
    if ends:
        left = ends - now
        yield Finding(
            verdict="bad" if left < dt.timedelta() else "look" if left < SOON else "good",
            subject=_CERTIFICATE,
            found=Words(f"until {ends:%Y-%m-%d}", f"{ends:%Y-%m-%d} まで"),
        )
