"""Endpoints as `deploy stacks` follows them: narrowed to our API, made anew behind a load balancer, or of others."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from moto.ec2.models import ec2_backends

from deploy import lookups
from deploy.combinations import EXISTING, FACTORS, combine, default, toml
from deploy.rehearsal.cloud import local_cloud
from deploy.site import verb as site
from tests.deploy import cloud, surroundings
from tests.deploy.surroundings import client

SMALL = '[alarms]\nenabled = false\n[buckets]\nattachments = false\n[aws]\naccount = "123456789012"\n'


@pytest.fixture(autouse=True)
def empty_cloud() -> Iterator[None]:
    with local_cloud():
        yield


def test_the_api_endpoint_is_narrowed_to_our_api_once_it_is_made() -> None:
    cloud.stacks(surroundings.stage(SMALL)).up()
    api = client("apigateway").create_rest_api(name="cloister-poc")["id"]
    said: list[str] = []
    cloud.stacks(surroundings.stage(SMALL), said).up()

    assert "  change  ExecuteApi (VPC endpoint): PolicyDocument" in said
    (endpoint,) = [live for _, live in cloud.standing() if live.logical_id == "ExecuteApi"]
    statement = endpoint.properties["PolicyDocument"]["Statement"][0]
    assert statement["Resource"] == f"arn:aws:execute-api:ap-northeast-1:123456789012:{api}/*"
    assert cloud.absent() == []


class TestTheLoadBalancersTargets:
    def test_are_the_addresses_that_an_endpoint_made_anew_has(self) -> None:
        text = f'door = "load-balancer"\n{SMALL.replace("enabled = false", "enabled = true")}'
        known = surroundings.stage(
            f'{text}[balancer]\nhost = "ringi.corp.example.co.jp"\ncertificate = "{EXISTING["certificate"]}"\n'
        )
        stacks = cloud.stacks(known)
        outputs = stacks.up()
        endpoint = ec2_backends["123456789012"][known.region].vpc_end_points[outputs["S3Id"]]
        before = _targets()
        assert len(before) == 2

        # As when somebody deletes it and CloudFormation, told to, makes it again.
        places = {outputs["LbSubnet1"]: "10.20.0.150", outputs["LbSubnet2"]: "10.20.0.180"}
        made = [
            client("ec2").create_network_interface(SubnetId=subnet, PrivateIpAddress=address)["NetworkInterface"]
            for subnet, address in places.items()
        ]
        endpoint.network_interface_ids = [interface["NetworkInterfaceId"] for interface in made]
        said: list[str] = []
        cloud.stacks(known, said).up()

        assert before != _targets() == ["10.20.0.150", "10.20.0.180"]
        assert [line for line in said if line.endswith(":")] == ["cloister-poc-loadbalancer:"]
        # Between two runs somebody hears of it.
        (alarm,) = client("cloudwatch").describe_alarms(AlarmNames=["cloister-poc-site-targets"])["MetricAlarms"]
        watched = {entry["Name"]: entry["Value"] for entry in alarm["Dimensions"]}
        assert watched["TargetGroup"] == outputs["SiteTargetsName"]

    def test_are_those_of_anothers_endpoint_in_the_load_balancers_own_zones(self) -> None:
        given = {"endpoints.s3": EXISTING["s3"], "endpoints.s3_gateway": EXISTING["s3_gateway"]}
        levels = (FACTORS["network"]["existing-subnets"], FACTORS["door"]["load-balancer"])
        values = {**levels[0], **levels[1], **given, "aws.account": "123456789012", "alarms.enabled": False}
        known = surroundings.stage(toml(values))
        ec2 = client("ec2")
        first, second = known.several("network.lb_subnets")
        third = ec2.create_subnet(
            VpcId=known.text("network.vpc"), CidrBlock="10.20.0.224/28", AvailabilityZone="ap-northeast-1d"
        )["Subnet"]["SubnetId"]
        known = replace(
            known,
            values={
                **known.values,
                "network.lb_subnets": (second, third),
                "network.lb_cidrs": ("10.20.0.160/27", "10.20.0.224/28"),
            },
        )
        places = {first: "10.20.0.150", second: "10.20.0.180", third: "10.20.0.230"}
        made = [
            ec2.create_network_interface(SubnetId=subnet, PrivateIpAddress=address)["NetworkInterface"]
            for subnet, address in places.items()
        ]
        endpoint = ec2_backends["123456789012"][known.region].vpc_end_points[known.text("endpoints.s3")]
        endpoint.network_interface_ids = [interface["NetworkInterfaceId"] for interface in made]
        stacks = cloud.stacks(known)

        for _ in range(2):  # the second changes nothing of it
            stacks.up()
            assert _targets() == ["10.20.0.180", "10.20.0.230"]
        outputs = lookups.outputs(known, stacks.account)
        assert lookups.endpoint_addresses(outputs["S3Id"], stacks.account, outputs) == ("10.20.0.180", "10.20.0.230")


def test_endpoints_of_others_are_known_to_page_and_function_without_a_stack_of_ours() -> None:
    made = combine({**default(), "network": "existing-vpc", "endpoints": "existing", "alarms": "off"})
    assert made is not None
    known = surroundings.stage(made.text)
    stacks = cloud.stacks(known)
    stacks.up()
    api = client("apigateway").create_rest_api(name="cloister-poc")["id"]
    assert "cloister-poc-endpoints" not in {
        told["StackName"] for told in client("cloudformation").describe_stacks()["Stacks"]
    }

    outputs = lookups.outputs(known, stacks.account)
    assert outputs["ExecuteApiId"] == known.text("endpoints.execute_api")
    found = site.addresses(known, stacks.account)
    assert found["page"] == f"https://cloister-poc-site-123456789012.{outputs['S3Host']}/index.html"
    assert found["api"].startswith(f"https://{api}-{outputs['ExecuteApiId']}.execute-api.")


def _targets() -> list[str]:
    balancers = client("elbv2")
    (group,) = balancers.describe_target_groups(Names=["cloister-poc-site"])["TargetGroups"]
    health = balancers.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
    return sorted(entry["Target"]["Id"] for entry in health if entry["TargetHealth"]["State"] != "draining")
