"""Every option alone, and every pair of options together, comes up whole, changes, and goes down."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from deploy import blueprint, combinations
from deploy.combinations import Combination
from deploy.rehearsal.cloud import TYPES, local_cloud
from deploy.stage import Stage
from deploy.stage_file import parse
from tests.deploy import cloud, surroundings
from tests.deploy.paths import STAGE_FILE

SINGLES = list(combinations.singles())
PAIRWISE = list(combinations.pairwise())
DEFAULT = SINGLES[0]


@pytest.fixture(autouse=True)
def empty_cloud() -> Iterator[None]:
    with local_cloud():
        yield


def read(text: str, ids: dict[str, str]) -> Stage:
    """Read a stage file's text with real ids in the examples' places."""
    for example, made in ids.items():
        text = text.replace(example, made)
    return parse(text, name="poc", path=STAGE_FILE)


def changed(combination: Combination) -> str:
    """The same stage with what people change later: logs, users' ranges, a destination, backups, protection."""
    values = dict(combination.values) | {
        "logs.retention_days": 14,
        "database.backup_days": 7,
        "database.deletion_protection": False,
        "buckets.old_version_days": 60,
    }
    ranges = combination.values.get("corporate.cidrs", ["10.1.0.0/16"])
    values["corporate.cidrs"] = [*ranges[:7], "172.16.0.0/20"]
    inside = combination.values.get("destinations", {})
    added = {"addresses": ["10.1.9.9"], "ports": [8443], "from": ["web"]}
    return combinations.toml(values | {"destinations": {**inside, "added": added}})


@pytest.mark.parametrize("combination", PAIRWISE, ids=[str(number) for number in range(len(PAIRWISE))])
def test_every_pair_of_options_comes_up_changes_and_goes_down(combination: Combination) -> None:
    ids = surroundings.make(combination.text)
    before = cloud.left_behind()

    stage = read(combination.text, ids)
    cloud.stacks(stage).up()
    assert cloud.absent() == []

    cloud.upload_artefact(stage)
    stage = read(changed(combination), ids)
    cloud.stacks(stage, given=cloud.ARTEFACT).up()
    assert cloud.absent() == []

    cloud.stacks(stage).down()
    after = cloud.left_behind()
    kept = [stage.bucket("audit", "123456789012")]
    kept += [stage.bucket("attachments", "123456789012")] if stage.flag("buckets.attachments") else []
    assert sorted(after["buckets"]) == sorted(kept)
    assert len(after["snapshots"]) == 1
    for kind in ("endpoints", "databases", "roles"):
        assert len(after[kind]) == len(before[kind]), kind


def affected(combination: Combination) -> list[str]:
    """The templates that differ from the default stage's, with all whose outputs they need, in order."""
    standard = blueprint.parameters(DEFAULT.stage)
    wanted = blueprint.parameters(combination.stage)
    differing = {name for name in standard.keys() | wanted.keys() if standard.get(name) != wanted.get(name)}
    nouns = blueprint.nouns(combination.stage, cloud.ARTEFACT)
    needed = {
        noun
        for noun in nouns
        if differing & blueprint.template(noun).parameters.keys() or noun not in blueprint.nouns(DEFAULT.stage)
    } or set(nouns)
    for noun in reversed(nouns):
        if noun in needed:
            wants = blueprint.template(noun).parameters.keys()
            needed |= {other for other in nouns if wants & blueprint.template(other).outputs.keys()}
    return [noun for noun in nouns if noun in needed and noun not in ("tasks", "fargate")]


@pytest.mark.parametrize("combination", SINGLES, ids=[single.name for single in SINGLES])
def test_every_option_alone_comes_up_whole(combination: Combination) -> None:
    stage = surroundings.stage(combination.text)
    stacks = cloud.stacks(stage)
    values = blueprint.parameters(stage, stacks.found())
    outputs: dict[str, str] = {}
    for noun in affected(combination):
        outputs |= stacks.runner.up(stacks.name(noun), blueprint.template(noun), {**outputs, **values})

    assert cloud.absent() == []


def test_every_resource_and_property_of_the_templates_is_declared_by_some_combination() -> None:
    whole = replace(cloud.ARTEFACT, web_function="cloister-poc", site_addresses=("10.20.0.132", "10.20.0.164"))
    declared: set[tuple[str, str, str]] = set()
    for combination in [*SINGLES, *PAIRWISE]:
        assembly = blueprint.assembly(combination.stage, whole)
        declared |= {
            (found.resource.template, found.logical_id, key)
            for found in assembly.resources()
            for key in found.properties
        }
    written = {
        (noun, resource.logical_id, key)
        for noun in blueprint.ORDER
        for resource in blueprint.template(noun).resources.values()
        for key in resource.properties
    }

    # A second company account, a second table of routes, and a restore: each has its own test.
    assert written - declared == {
        ("corporate", "Peering", "PeerOwnerId"),
        ("corporate", "Peering", "PeerRoleArn"),
        ("corporate", "AppToInside2", "RouteTableId"),
        ("corporate", "AppToInside2", "DestinationPrefixListId"),
        ("corporate", "AppToInside2", "VpcPeeringConnectionId"),
        ("corporate", "AppToInside2", "TransitGatewayId"),
        ("data", "Database", "DBSnapshotIdentifier"),
        ("data", "Cluster", "SnapshotIdentifier"),
    }


def test_the_local_cloud_says_which_properties_no_describe_call_gives() -> None:
    unseen = {(name, key) for name, kind in TYPES.items() for key in kind.unseen}

    assert unseen == {
        # Each has a describe call of its own, which moto does not answer.
        ("AWS::EC2::Instance", "InstanceInitiatedShutdownBehavior"),
        ("AWS::EC2::Instance", "MetadataOptions"),
        ("AWS::EC2::Instance", "UserData"),
        ("AWS::EC2::VPCPeeringConnection", "PeerRoleArn"),
        ("AWS::ECR::Repository", "EmptyOnDelete"),
        ("AWS::Lambda::Function", "Code"),
        ("AWS::RDS::DBCluster", "SnapshotIdentifier"),
        ("AWS::RDS::DBInstance", "DBSnapshotIdentifier"),
        ("AWS::RDS::DBInstance", "DeleteAutomatedBackups"),
    }
