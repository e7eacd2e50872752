"""`deploy stacks`: told before done, resumed after anything, named when changed by hand, taken down without loss."""

import argparse
import datetime
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto.core import set_initial_no_auth_action_count

from deploy import blueprint, shelf, stack_words, stage_file
from deploy.failure import Failure
from deploy.rehearsal.cloud import local_cloud
from deploy.stacks import Stacks, plan_offline, run
from deploy.stage import Stage
from deploy.stage_file import parse
from tests.deploy import cloud
from tests.deploy.paths import ROOT, STAGE_FILE
from tests.deploy.surroundings import client

BUCKETS = ("site", "attachments", "audit", "artefacts")
SMALL = '[alarms]\nenabled = false\n[buckets]\nattachments = false\n[aws]\naccount = "123456789012"\n'
UNPROTECTED = SMALL + "[database]\ndeletion_protection = false\n"


@pytest.fixture(autouse=True)
def empty_cloud() -> Iterator[None]:
    with local_cloud():
        yield


def stage(text: str = SMALL) -> Stage:
    return parse(text, name="poc", path=STAGE_FILE)


def statuses() -> dict[str, str]:
    told = client("cloudformation").describe_stacks()["Stacks"]
    return {entry["StackName"].removeprefix("cloister-poc-"): entry["StackStatus"] for entry in told}


def test_changes_are_told_in_words_before_they_are_made() -> None:
    said: list[str] = []
    cloud.stacks(stage(), said).up()

    assert said[0] == "cloister-poc-network:"
    assert "  make    Vpc (VPC)" in said
    made = next(place for place, line in enumerate(said) if line.endswith("Vpc (VPC) made"))
    assert said.index("  make    Vpc (VPC)") < made
    assert said[made].strip().split()[0].endswith("/19")
    assert said[-1].startswith("cloister-poc-tasks: comes with the artefact")
    assert set(statuses().values()) == {"CREATE_COMPLETE"}


def test_a_second_run_changes_nothing_and_says_so() -> None:
    cloud.stacks(stage()).up()
    before = {live.physical_id for _, live in cloud.standing()}
    said: list[str] = []
    cloud.stacks(stage(), said).up()

    assert [line for line in said if "nothing to change" not in line] == said[-1:]
    assert {live.physical_id for _, live in cloud.standing()} == before


def test_refusing_leaves_everything_as_it_was() -> None:
    asked: list[str] = []
    stacks = cloud.stacks(stage())

    def refuse(stack: str) -> bool:
        asked.append(stack)
        return False

    stacks.runner.confirm = refuse

    with pytest.raises(Failure, match="Stopped before changing cloister-poc-network"):
        stacks.up()
    assert asked == ["cloister-poc-network"]
    assert statuses() == {"network": "REVIEW_IN_PROGRESS"}

    cloud.stacks(stage()).up()
    assert statuses()["network"] == "CREATE_COMPLETE"


class Killed(Exception):
    """The process ends here."""


@pytest.mark.parametrize("calls", [2, 5, 8, 11, 14, 18, 23, 29, 36, 44])
def test_a_run_killed_anywhere_is_continued_by_the_next(calls: int, monkeypatch: pytest.MonkeyPatch) -> None:
    stacks = cloud.stacks(stage())
    left = [calls]
    whole = type(stacks.account).client

    def counting(account: Any, service: str) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return whole(account, service)

    monkeypatch.setattr(type(stacks.account), "client", counting)
    with pytest.raises(Killed):
        stacks.up()
    monkeypatch.undo()

    cloud.stacks(stage()).up()
    assert set(statuses().values()) == {"CREATE_COMPLETE"}
    assert len(statuses()) == len(blueprint.nouns(stage()))
    assert cloud.absent() == []


def test_a_stack_that_failed_to_be_made_is_cleared_and_made() -> None:
    client("s3").create_bucket(
        Bucket="cloister-poc-audit-123456789012", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"}
    )
    with pytest.raises(Failure, match=r"cloister-poc-audit failed \(ROLLBACK_COMPLETE\): Audit: "):
        cloud.stacks(stage()).up()
    client("s3").delete_bucket(Bucket="cloister-poc-audit-123456789012")

    said: list[str] = []
    cloud.stacks(stage(), said).up()
    assert any("an earlier attempt had failed (ROLLBACK_COMPLETE)" in line for line in said)
    assert statuses()["audit"] == "CREATE_COMPLETE"


def test_a_plan_shows_changes_and_changes_nothing() -> None:
    stacks = cloud.stacks(stage())
    stacks.up()
    before = statuses()
    said: list[str] = []
    more = SMALL + "[logs]\nretention_days = 7\nflow_logs = true\n[corporate]\ncidrs = ['10.2.0.0/16']\n"
    cloud.stacks(stage(more), said).plan()

    assert "  change  CorporateRanges (list of ranges): Entries" in said
    assert "  make    FlowLog (flow log)" in said
    assert statuses() == before
    assert client("cloudformation").list_change_sets(StackName="cloister-poc-network")["Summaries"] == []


def test_a_plan_of_a_stage_that_does_not_exist_begins_no_stack() -> None:
    said: list[str] = []
    cloud.stacks(stage(), said).plan()

    assert "cloister-poc-network: would be made, 19 resources" in said
    assert statuses() == {}


def test_a_plan_needs_no_credentials(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    plan_offline(stage(), "ja", said.append)

    assert said[0] == "cloister-poc-network: 新しく作成（19 個）"
    assert "  作成  Vpc（VPC）" in said


def test_replacement_of_what_holds_data_is_shouted() -> None:
    entry = {
        "Action": "Modify",
        "Replacement": "True",
        "LogicalResourceId": "Database",
        "ResourceType": "AWS::RDS::DBInstance",
        "Details": [{"Target": {"Attribute": "Properties", "Name": "KmsKeyId"}}],
    }

    assert stack_words.change(entry, "en") == [
        "REPLACE Database (database): KmsKeyId",
        "        its data does not move along: the old one goes into a snapshot or is kept, the new one is empty",
    ]
    assert stack_words.change({**entry, "Replacement": "Conditional"}, "ja")[0].startswith("変更または置換  Database")


def test_every_type_of_the_templates_has_a_name_in_words() -> None:
    types = {resource.type for noun in blueprint.ORDER for resource in blueprint.template(noun).resources.values()}

    assert types <= stack_words.KINDS.keys()


def test_what_was_changed_by_hand_is_named() -> None:
    cloud.stacks(stage()).up()
    said: list[str] = []
    assert cloud.stacks(stage(), said).drift() == 0
    assert said == ["Nothing differs from the templates."]

    group = next(live for _, live in cloud.standing() if live.logical_id == "EndpointGroup")
    client("ec2").authorize_security_group_ingress(
        GroupId=group.physical_id,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
    )
    client("s3").delete_bucket_policy(Bucket="cloister-poc-site-123456789012")

    said = []
    assert cloud.stacks(stage(), said).drift() == 1
    assert any("cloister-poc-endpoints / EndpointGroup (security group): /SecurityGroupIngress" in s for s in said)
    assert "cloister-poc-site / SitePolicy (bucket policy) is gone" in said


def test_down_refuses_while_the_database_is_protected() -> None:
    cloud.stacks(stage()).up()

    with pytest.raises(Failure, match=r"deletion_protection = false"):
        cloud.stacks(stage()).down()
    assert set(statuses().values()) == {"CREATE_COMPLETE"}


def test_down_refuses_while_the_web_function_stands() -> None:
    cloud.stacks(stage(UNPROTECTED)).up()
    cloud.upload_artefact(stage())
    awslambda = client("lambda")
    awslambda.create_function(
        FunctionName="cloister-poc",
        Runtime="python3.13",
        Handler="project.lambda_handler.handler",
        Role="arn:aws:iam::123456789012:role/cloister-poc-web",
        Code={"S3Bucket": "cloister-poc-artefacts-123456789012", "S3Key": "tasks.zip"},
    )

    with pytest.raises(Failure, match="zappa undeploy poc"):
        cloud.stacks(stage(UNPROTECTED)).down()
    assert set(statuses().values()) == {"CREATE_COMPLETE"}

    awslambda.delete_function(FunctionName="cloister-poc")
    cloud.stacks(stage(UNPROTECTED)).down()
    assert statuses().keys() == {"audit"}


def test_down_keeps_data_and_up_brings_the_database_back() -> None:
    whole = UNPROTECTED.replace("attachments = false", "attachments = true")
    cloud.stacks(stage(whole)).up()
    client("s3").put_object(Bucket="cloister-poc-site-123456789012", Key="index.html", Body=b"page")
    client("s3").put_object(Bucket="cloister-poc-attachments-123456789012", Key="a.pdf", Body=b"file")

    cloud.stacks(stage(whole)).down()
    assert statuses().keys() == {"attachments", "audit"}

    said: list[str] = []
    cloud.stacks(stage(whole), said).up()
    assert "The database is restored from cloister-poc-snapshot" in said[0]
    assert (
        client("s3").get_object(Bucket="cloister-poc-attachments-123456789012", Key="a.pdf")["Body"].read() == b"file"
    )
    assert cloud.absent() == []

    said = []
    cloud.stacks(stage(whole), said).up()
    assert all("nothing to change" in line for line in said[:-1])


def test_data_is_deleted_only_by_the_whole_phrase() -> None:
    whole = UNPROTECTED.replace("attachments = false", "attachments = true")
    cloud.stacks(stage(whole)).up()
    client("s3").put_object(Bucket="cloister-poc-attachments-123456789012", Key="a.pdf", Body=b"file")

    with pytest.raises(Failure, match="delete all data of poc"):
        cloud.stacks(stage(whole)).down(delete_data="yes")
    cloud.stacks(stage(whole)).down(delete_data="delete all data of poc")

    assert statuses() == {}
    assert {kind: len(found) for kind, found in cloud.left_behind().items()} == {
        "endpoints": 0,
        "buckets": 0,
        "databases": 0,
        "snapshots": 0,
        "roles": 0,
    }


@pytest.mark.parametrize("place", ["secretsmanager", "ssm"])
def test_secrets_in_a_service_go_with_the_data_and_stay_without(place: str) -> None:
    known = stage(f'secrets = "{place}"\n{UNPROTECTED}')
    made = cloud.stacks(known)
    made.up()
    kept = shelf.of_stage(known, made.account, made.runner)
    kept.complete(by_token=False, unknown=lambda: None)
    secrets = kept.read()
    if place == "secretsmanager":  # of the company, in our secret
        client("secretsmanager").put_secret_value(
            SecretId="cloister-poc/web", SecretString=json.dumps({**secrets, "THEIRS": "1"})
        )

    made.down()
    assert kept.read() == secrets
    made.up()
    made.down(delete_data="delete all data of poc")

    assert kept.read() == {}
    left = client("ssm").describe_parameters()["Parameters"] if place == "ssm" else []
    assert [one["Name"] for one in left if "cloister" in one["Name"]] == []
    if place == "secretsmanager":
        (theirs,) = (one["Name"] for one in client("secretsmanager").list_secrets()["SecretList"] if "/" in one["Name"])
        held = client("secretsmanager").get_secret_value(SecretId=theirs)["SecretString"]
        assert (theirs, json.loads(held)) == ("cloister-poc/web", {"THEIRS": "1"})


def test_records_whose_lock_lasts_stay_with_their_stack_and_can_be_deleted_later() -> None:
    cloud.stacks(stage(UNPROTECTED)).up()
    later = {"Mode": "GOVERNANCE", "RetainUntilDate": datetime.datetime(2099, 1, 1, tzinfo=datetime.UTC)}
    s3, bucket = client("s3"), "cloister-poc-audit-123456789012"
    version = s3.put_object(Bucket=bucket, Key="head", Body=b"anchor")["VersionId"]
    s3.put_object_retention(Bucket=bucket, Key="head", VersionId=version, Retention=later)
    said: list[str] = []
    cloud.stacks(stage(UNPROTECTED), said).down(delete_data="delete all data of poc")

    assert statuses().keys() == {"audit"}
    assert any(line.startswith(f"{bucket}: 1 locked records stay, and cloister-poc-audit with") for line in said)
    cloud.stacks(stage(UNPROTECTED)).up()
    assert cloud.absent() == []

    s3.delete_object(Bucket=bucket, Key="head", VersionId=version, BypassGovernanceRetention=True)
    cloud.stacks(stage(UNPROTECTED)).down(delete_data="delete all data of poc")
    assert statuses() == {}
    assert cloud.left_behind()["buckets"] == []


def test_a_restored_database_that_failed_to_be_made_is_restored_by_the_next_run() -> None:
    cloud.stacks(stage(UNPROTECTED)).up()
    cloud.stacks(stage(UNPROTECTED)).down()
    client("rds").create_db_instance(  # in the way
        DBInstanceIdentifier="cloister-poc", DBInstanceClass="db.t4g.micro", Engine="postgres"
    )
    with pytest.raises(Failure, match="cloister-poc-data failed"):
        cloud.stacks(stage(UNPROTECTED)).up()
    client("rds").delete_db_instance(DBInstanceIdentifier="cloister-poc", SkipFinalSnapshot=True)
    assert statuses()["data"] == "ROLLBACK_COMPLETE"

    planned: list[str] = []
    cloud.stacks(stage(UNPROTECTED), planned).plan()
    cloud.stacks(stage(UNPROTECTED)).up()
    database = next(live for _, live in cloud.standing() if live.logical_id == "Database")
    assert "The database is restored from" in planned[0]
    assert database.properties["DBSnapshotIdentifier"].startswith("cloister-poc-snapshot")


def test_a_restored_database_that_was_refused_once_is_restored_by_the_next_run() -> None:
    cloud.stacks(stage(UNPROTECTED)).up()
    cloud.stacks(stage(UNPROTECTED)).down()
    stacks = cloud.stacks(stage(UNPROTECTED))
    stacks.runner.confirm = lambda stack: stack != "cloister-poc-data"
    with pytest.raises(Failure, match="Stopped before changing cloister-poc-data"):
        stacks.up()
    assert statuses()["data"] == "REVIEW_IN_PROGRESS"

    cloud.stacks(stage(UNPROTECTED)).up()
    database = next(live for _, live in cloud.standing() if live.logical_id == "Database")
    assert database.properties["DBSnapshotIdentifier"].startswith("cloister-poc-snapshot")


def test_down_removes_what_was_only_planned() -> None:
    stacks = cloud.stacks(stage(UNPROTECTED))
    stacks.runner.confirm = lambda stack: stack != "cloister-poc-data"
    with pytest.raises(Failure, match="Stopped before changing"):
        stacks.up()
    cloud.stacks(stage(UNPROTECTED)).down()

    assert statuses() == {}


def test_a_stack_that_the_stage_no_longer_asks_for_goes() -> None:
    cloud.stacks(stage(SMALL.replace("enabled = false", "enabled = true"))).up()
    said: list[str] = []
    cloud.stacks(stage(), said).up()

    assert "alarms" not in statuses()
    assert "cloister-poc-alarms: removed" in said


def test_another_account_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from deploy.aws import Account

    with pytest.raises(Failure, match="belong to account 123456789012, but the stage file says"):
        Account(stage(SMALL.replace("123456789012", "999999999999")))


def test_a_peering_with_another_account_names_the_role_there() -> None:
    other = SMALL + (
        '[corporate]\nlink = "peering"\npeer_vpc = "vpc-0a0a0a0a0a0a0a0a0"\npeer_account = "111122223333"\n'
        'peer_role = "arn:aws:iam::111122223333:role/accept"\n'
    )
    (found,) = [
        found
        for found in blueprint.assembly(stage(other)).parts["corporate"].resources()
        if found.logical_id == "Peering"
    ]

    assert found.properties["PeerOwnerId"] == "111122223333"
    assert found.properties["PeerRoleArn"] == "arn:aws:iam::111122223333:role/accept"


def test_the_verb_runs_from_a_stage_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                         capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    (tmp_path / "poc.toml").write_text(SMALL)
    arguments = argparse.Namespace(
        stage="poc", plan=False, drift=False, down=False, delete_data="", empty_database=False, yes=True
    )
    monkeypatch.setattr(stage_file.read, "__kwdefaults__", {"folder": tmp_path})

    assert run(arguments) == 0
    assert run(argparse.Namespace(**{**vars(arguments), "drift": True})) == 0
    assert "Nothing differs from the templates." in capsys.readouterr().out


@set_initial_no_auth_action_count(1)  # who am I is answered; after that the made-up credentials have no rights
def test_a_refusal_by_aws_is_told_without_a_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "poc.toml").write_text(SMALL)
    monkeypatch.setattr(stage_file.read, "__kwdefaults__", {"folder": tmp_path})
    arguments = argparse.Namespace(
        stage="poc", plan=True, drift=False, down=False, delete_data="", empty_database=False, yes=True
    )

    with pytest.raises(Failure, match=r"AWS refused or could not be reached: .*AuthFailure.*deploy request poc"):
        run(arguments)


def test_a_snapshot_once_restored_from_never_changes() -> None:
    cloud.stacks(stage(UNPROTECTED)).up()
    cloud.stacks(stage(UNPROTECTED)).down()
    cloud.stacks(stage(UNPROTECTED)).up()
    stacks: Stacks = cloud.stacks(stage(UNPROTECTED))
    template = blueprint.template("data")
    found = replace(stacks.found(), snapshot="another")
    values = {**stacks.runner.outputs("cloister-poc-network"), **blueprint.parameters(stage(UNPROTECTED), found)}

    assert stacks.runner.change_set("cloister-poc-data", template, values) == {}
    with pytest.raises(ClientError):
        client("rds").describe_db_snapshots(DBSnapshotIdentifier="another")


def test_the_way_by_hand_needs_what_the_guide_says_and_nothing_else() -> None:
    guide = (ROOT / "docs" / "guide" / "network.md").read_text(encoding="utf-8")
    (prefix_list,) = client("ec2").describe_managed_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": ["com.amazonaws.ap-northeast-1.s3"]}]
    )["PrefixLists"]
    told = {"Prefix": "cloister-poc", "S3PrefixList": prefix_list["PrefixListId"], "SecretKey": "s" * 50}
    told |= {f"{noun.capitalize()}Bucket": f"cloister-poc-{noun}-123456789012" for noun in BUCKETS}
    told |= {"ArtefactKey": "tasks.zip"}
    cloudformation = client("cloudformation")
    for noun in blueprint.nouns(stage(), cloud.ARTEFACT):
        template = blueprint.template(noun)
        if noun == "tasks":
            cloud.upload_artefact(stage())
        stack = cloudformation.create_stack(
            StackName=f"cloister-poc-{noun}",
            TemplateBody=template.text,
            Capabilities=["CAPABILITY_NAMED_IAM"],
            Parameters=[
                {"ParameterKey": name, "ParameterValue": told[name]} for name in template.parameters if name in told
            ],
        )["StackId"]
        (described,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
        assert described["StackStatus"] == "CREATE_COMPLETE", noun
        told |= {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}

    asked = {
        name
        for noun in blueprint.ORDER
        for name, parameter in blueprint.template(noun).parameters.items()
        if parameter.default is None
    }
    outputs = {name for noun in blueprint.ORDER for name in blueprint.template(noun).outputs}
    assert {name for name in asked - outputs if f"`{name}`" not in guide} == set()
    assert cloud.absent() == []
