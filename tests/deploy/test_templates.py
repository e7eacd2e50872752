"""The templates as a reviewer reads them: small, linted, closed by default, each statement with its reason."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from deploy import application, blueprint, combinations, reasons
from deploy.cfn import Assembly, Evaluated, Reference
from deploy.cfn.evaluation import dependencies
from deploy.cfn.source import walk
from deploy.rehearsal.cloud.resource import text
from deploy.stage_file import parse
from tests.deploy.cloud import ARTEFACT
from tests.deploy.paths import STAGE_FILE, TEMPLATES

INSTANCE = "AWS::RDS::DBInstance"
FILES = sorted(TEMPLATES.glob("*.yaml"))
EVERY = [*combinations.singles(), *combinations.pairwise()]
WHOLE = replace(ARTEFACT, web_function="cloister-poc", site_addresses=("10.20.0.132", "10.20.0.164"))
ASSEMBLIES = [blueprint.assembly(made.stage, WHOLE) for made in EVERY]


@cache
def every() -> list[tuple[Assembly, Evaluated]]:
    return [(assembly, found) for assembly in ASSEMBLIES for found in assembly.resources()]


def resources(kind: str) -> list[tuple[Assembly, Evaluated]]:
    return [(assembly, found) for assembly, found in every() if found.type == kind]


def test_every_template_is_in_the_order_of_stacks() -> None:
    assert sorted(path.stem for path in FILES) == sorted((*blueprint.ORDER, *blueprint.BESIDE))


def test_cfn_lint_finds_nothing() -> None:
    program = Path(sys.executable).parent / "cfn-lint"
    command = [str(program), "--regions", "ap-northeast-1", "--template", *map(str, FILES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_template_can_be_sent_whole(path: Path) -> None:
    # Source: AWS CloudFormation User Guide, quotas: TemplateBody at most 51,200 bytes; 200 parameters, 500 resources.
    template = blueprint.template(path.stem)

    assert path.stat().st_size < 51_200
    assert len(template.parameters) <= 200
    assert template.transforms == ()


def test_schedules_name_exactly_the_timers_that_the_application_has() -> None:
    # A timer that no schedule names never runs, a name that is no timer fails each time.
    inputs = [
        json.loads(target["Input"])
        for assembly, rule in resources("AWS::Events::Rule")
        for target in rule.properties["Targets"]
    ]
    of_functions = {given["command"] for given in inputs if "command" in given}
    variables = [
        variable
        for given in inputs
        for override in given.get("containerOverrides", [])
        for variable in override["environment"]
    ]
    assert {variable["name"] for variable in variables} == {"CLOISTER_EVENT"}
    of_containers = {json.loads(variable["value"])["command"] for variable in variables}
    assert of_functions == of_containers == set(application.read()["timers"])


def test_templates_are_linked_by_outputs_only() -> None:
    given = {name for made in EVERY for name in blueprint.parameters(made.stage, WHOLE)}
    for place, noun in enumerate(blueprint.ORDER):
        earlier = {name for other in blueprint.ORDER[:place] for name in blueprint.template(other).outputs}
        for name, parameter in blueprint.template(noun).parameters.items():
            assert name in given or name in earlier or parameter.default is not None, f"{noun}.{name}"
        assert "Fn::ImportValue" not in blueprint.template(noun).text


def test_outputs_never_share_a_name() -> None:
    names = [name for noun in blueprint.ORDER for name in blueprint.template(noun).outputs]

    assert len(names) == len(set(names))


def test_every_security_group_writes_its_egress_inline_and_none_is_open() -> None:
    groups = resources("AWS::EC2::SecurityGroup")
    assert groups
    for _, group in groups:
        rules = group.properties["SecurityGroupEgress"] + group.properties.get("SecurityGroupIngress", [])
        assert group.properties["SecurityGroupEgress"], group.logical_id
        assert all(rule["IpProtocol"] in ("tcp", "udp") for rule in rules)
        assert all(rule.get("CidrIp", "10.0.0.0/24") not in ("0.0.0.0/0", "10.0.0.0/8") for rule in rules)
        assert all(rule["FromPort"] == rule["ToPort"] for rule in rules)
    assert not resources("AWS::EC2::SecurityGroupEgress")
    assert not resources("AWS::EC2::SecurityGroupIngress")


def test_endpoints_admit_the_declared_corporate_ranges_and_our_functions_only() -> None:
    for _, group in resources("AWS::EC2::SecurityGroup"):
        if group.logical_id != "EndpointGroup":
            continue
        for rule in group.properties["SecurityGroupIngress"]:
            source = rule.get("SourcePrefixListId") or rule["SourceSecurityGroupId"]
            known = {"CorporateRanges", "WebGroup", "TasksGroup", "BalancerGroup"}
            assert str(source).startswith("sg-") or source.logical_id in known


def test_nothing_leads_to_the_internet() -> None:
    gates = {"InternetGateway", "NatGateway", "EgressOnlyInternetGateway", "EIP", "CarrierGateway", "VPNGateway"}
    types = {found.type for _, found in every()}

    assert not {f"AWS::EC2::{gate}" for gate in gates} & types
    assert all(found.properties["MapPublicIpOnLaunch"] is False for _, found in resources("AWS::EC2::Subnet"))
    assert all("DestinationPrefixListId" in found.properties for _, found in resources("AWS::EC2::Route"))
    assert all(found.properties["PubliclyAccessible"] is False for _, found in resources("AWS::RDS::DBInstance"))


def test_a_route_to_a_transit_gateway_waits_for_its_attachment() -> None:
    # Source: aws/aws-cdk issue 8584: "The transitGateway ID does not exist" while it is not attached to the VPC yet.
    template = blueprint.template("corporate")
    routes = [resource for resource in template.resources.values() if resource.type == "AWS::EC2::Route"]

    assert len(routes) == 4
    assert all("Attachment" in dependencies(template, route) for route in routes)
    targets = {str(found.properties.get("TransitGatewayId", "")) for _, found in resources("AWS::EC2::Route")}
    assert targets == {"", combinations.EXISTING["transit_gateway"]}


def test_each_app_subnet_with_its_own_routes_gets_the_way_inside() -> None:
    existing = combinations.FACTORS["network"]["existing-subnets"] | {
        "network.app_route_tables": ["rtb-0a0a0a0a", "rtb-0b0b0b0b"],
        "corporate.link": "peering",
        "corporate.peer_vpc": combinations.EXISTING["peer_vpc"],
        "destinations": {"erp": {"addresses": ["10.1.2.20"], "ports": [443]}},
    }
    stage = parse(combinations.toml(existing), name="poc", path=STAGE_FILE)
    routes = [
        found for found in blueprint.assembly(stage).parts["corporate"].resources() if found.type == "AWS::EC2::Route"
    ]

    assert [route.properties["RouteTableId"] for route in routes] == ["rtb-0a0a0a0a", "rtb-0b0b0b0b"]


def test_the_dashboard_shows_the_database_that_is_made() -> None:
    for assembly, found in resources("AWS::CloudWatch::Dashboard"):
        names = {made.properties["DBInstanceIdentifier"] for made in assembly.resources() if made.type == INSTANCE}
        widgets = json.loads(blueprint.readable(found.properties["DashboardBody"]))["widgets"]
        shown = {
            metric[3] for widget in widgets for metric in widget["properties"]["metrics"] if metric[0] == "AWS/RDS"
        }
        assert shown == names


def test_a_restored_database_takes_its_encryption_from_the_snapshot() -> None:
    # Source: Amazon RDS API Reference, RestoreDBInstanceFromDBSnapshot: it has no parameter for a key.
    keyed = parse(combinations.toml(combinations.FACTORS["key"]["own"]), name="poc", path=STAGE_FILE)
    for snapshot, written in (("", True), ("kept", False)):
        parts = blueprint.assembly(keyed, blueprint.Found(snapshot=snapshot)).parts["data"]
        (database,) = [found for found in parts.resources() if found.type == INSTANCE]
        assert ("KmsKeyId" in database.properties, "StorageEncrypted" in database.properties) == (written, written)


def test_the_deployer_may_touch_this_stage_only() -> None:
    patterns = [
        resource
        for _, policy in resources("AWS::IAM::ManagedPolicy")
        for statement in blueprint.readable(policy.properties["PolicyDocument"])["Statement"]
        for resource in [
            *([statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"]),
            *walk(statement.get("Condition", {})),
        ]
        if isinstance(resource, str) and "cloister-poc" in resource
    ]

    assert patterns
    assert not [pattern for pattern in patterns if "cloister-poc*" in pattern]  # it would be cloister-poc2's as well


def test_the_deployer_can_name_only_what_has_no_name_of_others() -> None:
    for _, policy in resources("AWS::IAM::ManagedPolicy"):
        for statement in policy.properties["PolicyDocument"]["Statement"]:
            if "ec2:CreateTags" in statement["Action"]:
                (condition,) = statement["Condition"]["StringLikeIfExists"].items()
                assert condition == ("aws:ResourceTag/Name", ["cloister-poc", "cloister-poc-*"])


def test_the_deployer_hands_over_the_flow_logs_role_where_there_is_one() -> None:
    for assembly, policy in resources("AWS::IAM::ManagedPolicy"):
        for statement in policy.properties["PolicyDocument"]["Statement"]:
            if statement.get("Sid") != "GiveRoles":
                continue
            recorded = any(found.type == "AWS::EC2::FlowLog" for found in assembly.resources())
            named = any(str(role).endswith("role/cloister-poc-flow-logs") for role in statement["Resource"])
            assert named == recorded


def test_every_endpoint_has_a_policy_of_its_own() -> None:
    for _, found in resources("AWS::EC2::VPCEndpoint"):
        statements = found.properties["PolicyDocument"]["Statement"]
        assert statements
        for statement in statements:
            assert statement["Action"] not in ("*", "s3:*")
            if statement["Resource"] == "*":
                assert statement["Sid"] == "SignInToRegistry"
            if statement["Sid"] not in ("ReadSite", "CallOurApi", "PullLayers"):
                assert "Condition" in statement, statement["Sid"]


@pytest.mark.parametrize("kind", ["AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::S3::Bucket"])
def test_what_holds_data_says_what_becomes_of_it(kind: str) -> None:
    for _, found in resources(kind):
        assert found.resource.deletion_policy
        assert found.resource.update_replace_policy


def test_databases_are_encrypted_backed_up_and_speak_tls_only() -> None:
    for _, found in resources("AWS::RDS::DBInstance") + resources("AWS::RDS::DBCluster"):
        if "DBClusterIdentifier" in found.properties and found.type.endswith("DBInstance"):
            continue
        assert found.properties["StorageEncrypted"] is True
        assert int(found.properties["BackupRetentionPeriod"]) >= 1
        assert "MasterUserPassword" not in found.properties
    for kind in ("DBParameterGroup", "DBClusterParameterGroup"):
        assert all(
            found.properties["Parameters"]["rds.force_ssl"] == "1" for _, found in resources(f"AWS::RDS::{kind}")
        )


def test_buckets_are_closed_and_their_policies_lock_nobody_out() -> None:
    for _, bucket in resources("AWS::S3::Bucket"):
        assert set(bucket.properties["PublicAccessBlockConfiguration"].values()) == {True}
        assert bucket.properties["VersioningConfiguration"] == {"Status": "Enabled"}
        assert "." not in bucket.properties["BucketName"]
    for assembly, found in resources("AWS::S3::BucketPolicy"):
        for statement in found.properties["PolicyDocument"]["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            assert all("Bucket" not in action or action == "s3:ListBucket" for action in actions)
            if statement["Effect"] == "Allow":
                assert (found.resource.template, actions) == ("site", ["s3:GetObject"])
                endpoint = statement["Condition"]["StringEquals"]["aws:SourceVpce"]
                assert isinstance(endpoint, str) or assembly.find(endpoint) is not None
    assert any(isinstance(found.properties["Bucket"], Reference) for _, found in resources("AWS::S3::BucketPolicy"))


def test_every_statement_has_its_reason_and_every_reason_its_statement() -> None:
    assert set(reasons.statements()) == set(reasons.reasons())


def test_role_policies_fit_into_iam() -> None:
    # Source: IAM User Guide, quotas: 6,144 characters a managed policy, 10,240 for a role's inline policies, white
    # space not counted; 2,048 for a trust policy.
    for _, found in resources("AWS::IAM::ManagedPolicy"):
        assert len(text(blueprint.readable(found.properties["PolicyDocument"])).replace(" ", "")) < 6_144
    for _, found in resources("AWS::IAM::Role"):
        held = [text(blueprint.readable(policy["PolicyDocument"])) for policy in found.properties.get("Policies", [])]
        assert sum(len(policy.replace(" ", "")) for policy in held) < 10_240
        assert len(text(blueprint.readable(found.properties["AssumeRolePolicyDocument"]))) < 2_048


def test_no_role_of_a_function_may_do_everything_with_anything() -> None:
    for _, found in resources("AWS::IAM::Role"):
        for inner in walk(found.properties):
            if isinstance(inner, dict) and inner.get("Effect") == "Allow" and inner.get("Resource") == "*":
                assert inner["Sid"] in ("NetworkInterfaces", "SignInToRegistry")
            if isinstance(inner, dict) and "Effect" in inner:
                actions = inner["Action"] if isinstance(inner["Action"], list) else [inner["Action"]]
                assert not any(action.endswith(":*") for action in actions)
