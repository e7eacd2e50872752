"""The local cloud in tests: an account signed in to it, a stage's stacks, and what stands."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from moto.cloudformation.models import cloudformation_backends

from deploy.aws import Account
from deploy.blueprint import Found
from deploy.rehearsal.cloud import TYPES
from deploy.rehearsal.cloud.engine import Live, Stack
from deploy.rehearsal.cloud.resource import changed
from deploy.stacks import Stacks
from deploy.stage import Stage
from tests.deploy.surroundings import REGION, client

ARTEFACT = Found(
    artefact_key="tasks.zip",
    secret_key="s" * 50,
    database_password="p" * 32,
    owner_password="o" * 32,
    image=f"123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/cloister-poc@sha256:{'0' * 64}",
    web_environment="environment/web-0123456789abcdef.env",
    tasks_environment="environment/tasks-0123456789abcdef.env",
)


@cache
def _account(region: str) -> Account:
    from deploy.stage_file import parse
    from tests.deploy.paths import STAGE_FILE

    return Account(parse(f'[aws]\nregion = "{region}"\n', name="poc", path=STAGE_FILE))


def stacks(stage: Stage, said: list[str] | None = None, given: Found | None = None) -> Stacks:
    """A stage's stacks in the local cloud; what would be printed goes into `said`, every question is answered yes."""
    say = (said if said is not None else []).append
    account = _account(stage.region)
    return Stacks(stage, account, "en", say, lambda _question: True, pause=lambda _seconds: None, given=given)


def standing() -> Iterator[tuple[Stack, Live]]:
    """Every resource of every stack that stands."""
    held: dict[str, Stack] = cloudformation_backends["123456789012"][REGION].__dict__.get("cloister_stacks", {})
    for stack in held.values():
        for live in stack.resources.values():
            yield stack, live


def absent() -> list[str]:
    """Every declared property that describe calls do not give back as declared."""
    found = []
    for stack, live in standing():
        actual = TYPES[live.type].read(live.physical_id, live.properties, stack.context(live.logical_id))
        seen = {key: value for key, value in live.properties.items() if key not in TYPES[live.type].unseen}
        found += [
            f"{stack.name}/{live.logical_id}.{key}: declared {seen[key]!r}, described {actual.get(key)!r}"
            for key in sorted(changed(seen, {key: actual.get(key) for key in seen}))
        ]
    return found


def upload_artefact(stage: Stage) -> None:
    """Put something into the artefact bucket that a function can be made from."""
    client("s3").put_object(Bucket=stage.bucket("artefacts", "123456789012"), Key="tasks.zip", Body=b"PK")


def left_behind() -> dict[str, list[Any]]:
    """What stands in the account besides what AWS and the surroundings put there."""
    ec2, s3, rds = client("ec2"), client("s3"), client("rds")
    return {
        "endpoints": [e for e in ec2.describe_vpc_endpoints()["VpcEndpoints"] if e["State"] != "deleted"],
        "buckets": [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]],
        "databases": rds.describe_db_instances()["DBInstances"] + rds.describe_db_clusters()["DBClusters"],
        "snapshots": rds.describe_db_snapshots(SnapshotType="manual")["DBSnapshots"]
        + rds.describe_db_cluster_snapshots(SnapshotType="manual")["DBClusterSnapshots"],
        "roles": [role["RoleName"] for role in client("iam").list_roles()["Roles"]],
    }
