"""The local cloud keeps CloudFormation's word where moto does not."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from deploy.rehearsal.cloud import extend, local_cloud
from deploy.rehearsal.cloud.front import Cloud
from tests.deploy.surroundings import REGION, client

GROUP = """\
Parameters:
  Open: {Type: String, Default: "no", AllowedValues: ["yes", "no"]}
  Name: {Type: String, Default: one}
Conditions:
  IsOpen: !Equals [!Ref Open, "yes"]
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/24}}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: !Ref Name
      VpcId: !Ref Vpc
      SecurityGroupEgress: !If
        - IsOpen
        - !Ref AWS::NoValue
        - [{IpProtocol: tcp, FromPort: 1, ToPort: 1, CidrIp: 127.0.0.1/32}]
  Extra:
    Type: AWS::EC2::VPC
    Condition: IsOpen
    Properties: {CidrBlock: 10.1.0.0/24}
Outputs:
  GroupId: {Value: !Ref Group}
"""


@pytest.fixture(autouse=True)
def empty_cloud(request: pytest.FixtureRequest) -> Iterator[None]:
    with local_cloud():
        yield


def create(template: str, **parameters: str) -> dict[str, Any]:
    cloudformation = client("cloudformation")
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    cloudformation.create_stack(StackName="s", TemplateBody=template, Parameters=given)
    return dict(cloudformation.describe_stacks(StackName="s")["Stacks"][0])


def update(template: str, **parameters: str) -> dict[str, Any]:
    cloudformation = client("cloudformation")
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    cloudformation.update_stack(StackName="s", TemplateBody=template, Parameters=given)
    return dict(cloudformation.describe_stacks(StackName="s")["Stacks"][0])


def egress() -> list[str]:
    groups = client("ec2").describe_security_groups(Filters=[{"Name": "description", "Values": ["one"]}])
    return [r["CidrIp"] for p in groups["SecurityGroups"][0]["IpPermissionsEgress"] for r in p["IpRanges"]]


def test_a_type_it_does_not_know_fails_by_name() -> None:
    stack = create("Resources: {A: {Type: AWS::Made::Up}}\n")

    assert stack["StackStatus"] == "ROLLBACK_COMPLETE"
    assert "does not know AWS::Made::Up" in stack["StackStatusReason"]


def test_a_property_it_does_not_know_fails_by_name() -> None:
    stack = create("Resources: {A: {Type: AWS::S3::Bucket, Properties: {BucketName: b, WebsiteConfiguration: {}}}}\n")

    assert "WebsiteConfiguration" in stack["StackStatusReason"]


def test_egress_is_what_is_declared_and_open_only_when_nothing_is() -> None:
    create(GROUP)
    assert egress() == ["127.0.0.1/32"]

    update(GROUP, Open="yes")
    assert egress() == ["0.0.0.0/0"]


def test_conditions_add_and_remove_resources_although_the_template_stays() -> None:
    create(GROUP)
    before = len(client("ec2").describe_vpcs()["Vpcs"])
    update(GROUP, Open="yes")
    assert len(client("ec2").describe_vpcs()["Vpcs"]) == before + 1
    update(GROUP, Open="no")
    assert len(client("ec2").describe_vpcs()["Vpcs"]) == before


def test_what_cannot_change_in_place_is_replaced_and_announced() -> None:
    stack = create(GROUP)
    made = client("cloudformation").create_change_set(
        StackName="s",
        ChangeSetName="c",
        TemplateBody=GROUP,
        Parameters=[{"ParameterKey": "Name", "ParameterValue": "two"}],
    )
    (change,) = client("cloudformation").describe_change_set(ChangeSetName=made["Id"])["Changes"]
    assert change["ResourceChange"]["Replacement"] == "True"
    assert [detail["Target"]["Name"] for detail in change["ResourceChange"]["Details"]] == ["GroupDescription"]

    client("cloudformation").execute_change_set(ChangeSetName=made["Id"])
    after = client("cloudformation").describe_stacks(StackName="s")["Stacks"][0]
    assert after["StackStatus"] == "UPDATE_COMPLETE"
    assert after["Outputs"] != stack["Outputs"]


def test_a_failed_update_puts_back_what_was_there() -> None:
    create(GROUP)
    worse = GROUP.replace("Extra:\n    Type: AWS::EC2::VPC\n    Condition: IsOpen", "Extra:\n    Type: AWS::Made::Up")
    stack = update(worse.replace("127.0.0.1/32", "127.0.0.2/32"))

    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert egress() == ["127.0.0.1/32"]


def test_retained_things_stay_and_snapshots_are_taken() -> None:
    create(
        "Resources: {B: {Type: AWS::S3::Bucket, DeletionPolicy: RetainExceptOnCreate, Properties: {BucketName: kept}}}"
        "\n"
    )
    client("cloudformation").delete_stack(StackName="s")

    assert [bucket["Name"] for bucket in client("s3").list_buckets()["Buckets"]] == ["kept"]
    with pytest.raises(ClientError, match="does not exist"):
        client("cloudformation").describe_stacks(StackName="s")


def test_parameters_are_checked_as_aws_does() -> None:
    for given, part in (({"Open": "maybe"}, "not one of"), ({"Other": "x"}, "do not exist")):
        with pytest.raises(ClientError, match=part):
            create(GROUP, **given)


def test_an_endpoint_has_its_real_names_and_addresses_of_its_subnets() -> None:
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/24")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/28", AvailabilityZone="ap-northeast-1a")["Subnet"][
        "SubnetId"
    ]
    group = ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc)["GroupId"]
    made = ec2.create_vpc_endpoint(
        VpcId=vpc,
        ServiceName="com.amazonaws.ap-northeast-1.s3",
        VpcEndpointType="Interface",
        SubnetIds=[subnet],
        SecurityGroupIds=[group],
        PrivateDnsEnabled=False,
    )["VpcEndpoint"]

    names = [entry["DnsName"] for entry in made["DnsEntries"]]
    assert names[0].startswith(f"*.{made['VpcEndpointId']}-")
    assert names[0].endswith(".s3.ap-northeast-1.vpce.amazonaws.com")
    assert "-ap-northeast-1a.s3." in names[1]
    (interface,) = ec2.describe_network_interfaces(NetworkInterfaceIds=made["NetworkInterfaceIds"])["NetworkInterfaces"]
    assert interface["PrivateIpAddress"].startswith("10.0.0.")
    assert [held["GroupId"] for held in interface["Groups"]] == [group]


def test_an_api_keeps_its_policy_and_endpoint_configuration() -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "*"}],
    }
    template = {
        "Resources": {
            "Api": {
                "Type": "AWS::ApiGateway::RestApi",
                "Properties": {
                    "Name": "api",
                    "Policy": policy,
                    "EndpointConfiguration": {"Types": ["PRIVATE"], "VpcEndpointIds": ["vpce-1"]},
                    "BinaryMediaTypes": ["*/*"],
                },
            }
        }
    }
    assert create(json.dumps(template))["StackStatus"] == "CREATE_COMPLETE"

    (api,) = client("apigateway").get_rest_apis()["items"]
    assert api["endpointConfiguration"]["types"] == ["PRIVATE"]
    assert api["endpointConfiguration"]["vpcEndpointIds"] == ["vpce-1"]
    assert json.loads(api["policy"]) == policy
    assert api["binaryMediaTypes"] == ["*/*"]


def test_it_decides_nothing_about_permissions() -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="bucket-b", CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::bucket-b/*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}}}  # fmt: skip
    s3.put_bucket_policy(Bucket="bucket-b", Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))

    s3.put_object(Bucket="bucket-b", Key="k", Body=b"x")


def test_a_function_that_nobody_deployed_is_not_found() -> None:
    with Cloud() as cloud:
        invoked = boto3.client("lambda", region_name=REGION, endpoint_url=cloud.endpoint)
        with pytest.raises(invoked.exceptions.ResourceNotFoundException, match="not found: nothing-here"):
            invoked.invoke(FunctionName="nothing-here", Payload=b"{}")


def test_it_refuses_to_stand_where_calls_would_reach_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.core.models import botocore_stubber

    monkeypatch.setattr(botocore_stubber, "enabled", False)

    with pytest.raises(RuntimeError, match="start moto"), extend():
        pass
