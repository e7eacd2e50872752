"""What moto answers that AWS would not: each entry of `ALL` replaces one function while the local cloud stands."""

import secrets
from typing import Any

from moto.awslambda.models import LambdaStorage
from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models.managed_prefixes import ManagedPrefixListBackend
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ec2.models.vpcs import VPCBackend, VPCEndPoint
from moto.ec2.responses.vpcs import VPCs
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.elbv2.responses import ELBV2Response
from moto.iam.access_control import PermissionResult
from moto.iam.exceptions import InvalidInput
from moto.iam.responses import IamResponse
from moto.logs.responses import LogsResponse
from moto.rds.models import RDSBackend
from moto.s3.models import FakeBucket

from deploy.rehearsal.cloud import images, rds_corrections

ZONE_OF_VPCE = "Z2E726K9Y6RL4W"
"""The hosted zone of endpoint names in Tokyo, as AWS's documentation shows it."""

_create_vpc_endpoint = VPCBackend.create_vpc_endpoint


def create_vpc_endpoint(self: Any, *arguments: Any, **named: Any) -> VPCEndPoint:
    """Give an interface endpoint addresses of its subnets, its security groups, and the names that AWS gives.

    Source: AWS PrivateLink Guide, "Interface endpoints", DNS hostnames; Amazon S3 User Guide, "AWS PrivateLink for
    Amazon S3".
    """
    made = _create_vpc_endpoint(self, *arguments, **named)
    if (made.vpc_endpoint_type or "Gateway") == "Interface":
        for interface in made.network_interface_ids:
            self.enis.pop(interface)
        made.network_interface_ids = []
        for subnet in made.subnet_ids or []:
            _add_interface(self, made, subnet)
        made.dns_entries = names(made, self.region_name, [self.get_subnet(s) for s in made.subnet_ids or []])
    return made


def _add_interface(backend: Any, endpoint: VPCEndPoint, subnet_id: str) -> None:
    subnet = backend.get_subnet(subnet_id)
    made = backend.create_network_interface(
        subnet,
        subnet.get_available_subnet_ip(None),
        group_ids=endpoint.security_group_ids,
        description=f"VPC Endpoint Interface {endpoint.id}",
    )
    made.status, made.interface_type = "in-use", "vpc_endpoint"
    endpoint.network_interface_ids.append(made.id)


def names(endpoint: VPCEndPoint, region: str, subnets: list[Any]) -> list[dict[str, str]]:
    """Give an endpoint's DNS names: its own first, then one a zone, then the service's when private DNS is on."""
    service = endpoint.service_name.split(f".{region}.", 1)[1]
    label = ".".join(reversed(service.split(".")))  # ecr.dkr -> dkr.ecr, as in AWS's names
    star = "*." if service == "s3" else ""
    own = f"{endpoint.id}-{secrets.token_hex(4)}"
    hosts = [f"{star}{own}.{label}.{region}.vpce.amazonaws.com"]
    hosts += [f"{star}{own}-{subnet.availability_zone}.{label}.{region}.vpce.amazonaws.com" for subnet in subnets]
    if endpoint.private_dns_enabled:
        hosts.append(f"{label}.{region}.amazonaws.com")
    return [{"HostedZoneId": ZONE_OF_VPCE, "DnsName": host} for host in hosts]


_modify_vpc_endpoint = VPCs.modify_vpc_endpoint


def modify_vpc_endpoint(self: Any) -> ActionResult:
    """Also change private DNS, a gateway's routes and the interfaces, which moto forgets."""
    endpoint = self.ec2_backend.describe_vpc_endpoints(vpc_end_point_ids=[self._get_param("VpcEndpointId")])[0]
    before = (list(endpoint.subnet_ids or []), list(endpoint.route_table_ids or []))
    answer = _modify_vpc_endpoint(self)
    private = self._get_param("PrivateDnsEnabled")
    if private is not None:
        endpoint.private_dns_enabled = str(private).lower() == "true"
    if (endpoint.vpc_endpoint_type or "Gateway") == "Interface":
        _move_interfaces(self.ec2_backend, endpoint)
    else:
        _move_routes(self.ec2_backend, endpoint, before[1])
    return answer


def _move_interfaces(backend: Any, endpoint: VPCEndPoint) -> None:
    """Have one interface in each subnet; those that stay keep their addresses, whatever else was changed."""
    wanted = list(endpoint.subnet_ids or [])
    for interface in list(endpoint.network_interface_ids):
        subnet = backend.enis[interface].subnet.id
        if subnet in wanted:
            wanted.remove(subnet)
        else:
            backend.enis.pop(interface)
            endpoint.network_interface_ids.remove(interface)
    for subnet in wanted:
        _add_interface(backend, endpoint, subnet)


def _move_routes(backend: Any, endpoint: VPCEndPoint, before: list[str]) -> None:
    after = endpoint.route_table_ids or []
    for table in set(after) - set(before):
        backend.create_route(
            table, None, gateway_id=endpoint.id, destination_prefix_list_id=endpoint.destination_prefix_list_id
        )
    for table in set(before) - set(after):
        backend.delete_route(table, endpoint.destination_prefix_list_id)


def get_permission(self: Any, action: str, resource: str) -> PermissionResult:
    """Decide nothing: moto reads a bucket policy without its conditions, and so refuses what AWS allows.

    Who may do what is for the evaluator of `prove` and the fronts that ask it.
    """
    return PermissionResult.PERMITTED


_modify_prefix_list = ManagedPrefixListBackend.modify_managed_prefix_list


def modify_managed_prefix_list(self: Any, *arguments: Any, **named: Any) -> Any:
    """Keep the name of a prefix list whose entries alone are changed; moto empties it."""
    identifier = named.get("prefix_list_id") or arguments[2]
    name = self.managed_prefix_lists[identifier].prefix_list_name
    changed = _modify_prefix_list(self, *arguments, **named)
    changed.prefix_list_name = named.get("prefix_list_name") or name
    return changed


_rule = SecurityGroupRule.__init__


def security_group_rule(self: Any, *arguments: Any, **named: Any) -> None:
    """Keep the description of a rule whatever its peer is; moto keeps it for address ranges alone."""
    _rule(self, *arguments, **named)
    peers = [peer for peer in (*arguments, *named.values()) if isinstance(peer, dict)]
    self.cloister_description = next((peer["Description"] for peer in peers if "Description" in peer), None)


def associate_kms_key(self: Any) -> EmptyResult:
    """Encrypt a log group with a key; moto has no such call."""
    self.logs_backend.groups[self._get_param("logGroupName")].kms_key_id = self._get_param("kmsKeyId")
    return EmptyResult()


def disassociate_kms_key(self: Any) -> EmptyResult:
    """Go back to the service's own key; moto has no such call."""
    self.logs_backend.groups[self._get_param("logGroupName")].kms_key_id = None
    return EmptyResult()


_create_auto_snapshot = RDSBackend.create_auto_snapshot


def create_auto_snapshot(self: Any, db_instance_identifier: str, db_snapshot_identifier: str) -> Any:
    """Give each automated snapshot a name of its own; moto's repeats within a minute and then refuses the database."""
    return _create_auto_snapshot(self, db_instance_identifier, f"{db_snapshot_identifier}-{secrets.token_hex(3)}")


_del_function = LambdaStorage.del_function


def del_function(self: Any, name_or_arn: str, qualifier: str | None = None) -> None:
    """Delete a function with all its versions, also those that moto has twice, or whose ARN it has forgotten."""
    group = self._functions.get(name_or_arn)
    if group and not qualifier:
        group["versions"] = list({version.function_arn: version for version in group["versions"]}.values())
        for version in [group["latest"], *group["versions"]]:
            self._arns.setdefault(version.function_arn, version)
    _del_function(self, name_or_arn, qualifier)


_create_rule, _modify_rule = ELBV2Response.create_rule, ELBV2Response.modify_rule


def create_rule(self: Any) -> Any:
    """Keep what a rule rewrites; moto forgets it."""
    answer: Any = _create_rule(self)
    for rule in answer.result["Rules"]:
        rule.transforms = self._get_params().get("Transforms", [])
    return answer


def modify_rule(self: Any) -> Any:
    """Change what a rule rewrites; moto forgets it."""
    answer: Any = _modify_rule(self)
    for rule in answer.result["Rules"]:
        rule.transforms = self._get_params().get("Transforms", rule.transforms)
    return answer


_create_service, _update_service = (
    EC2ContainerServiceResponse.create_service,
    EC2ContainerServiceResponse.update_service,
)
_SERVICE_MEMBERS = {
    "deploymentConfiguration": "deployment_configuration",
    "healthCheckGracePeriodSeconds": "health_check_grace_period_seconds",
    "enableExecuteCommand": "enable_execute_command",
    "networkConfiguration": "network_configuration",
    "loadBalancers": "load_balancers",
    "platformVersion": "platform_version",
}


def _with_members(self: Any, answer: Any) -> Any:
    service = answer.result["service"]
    for name, attribute in _SERVICE_MEMBERS.items():
        if self._get_param(name) is not None:
            setattr(service, attribute, self._get_param(name))
    return answer


def create_service(self: Any) -> Any:
    """Keep how a service is deployed and checked; moto forgets it."""
    return _with_members(self, _create_service(self))


def update_service(self: Any) -> Any:
    """Change how a service is deployed and checked; moto forgets it."""
    return _with_members(self, _update_service(self))


def simulate_principal_policy(_self: Any) -> Any:
    """Refuse, as IAM does where it cannot simulate whoever is signed in; moto has no answer at all."""
    raise InvalidInput("Invalid Entity Arn: it does not clearly define entity type and name.")


ALL: tuple[tuple[object, str, object], ...] = (
    (VPCBackend, "create_vpc_endpoint", create_vpc_endpoint),
    (EC2ContainerServiceResponse, "create_service", create_service),
    (EC2ContainerServiceResponse, "update_service", update_service),
    (ELBV2Response, "create_rule", create_rule),
    (ELBV2Response, "modify_rule", modify_rule),
    (FakeBucket, "get_permission", get_permission),
    (ManagedPrefixListBackend, "modify_managed_prefix_list", modify_managed_prefix_list),
    (IamResponse, "simulate_principal_policy", simulate_principal_policy),
    (LambdaStorage, "del_function", del_function),
    (LogsResponse, "associate_kms_key", associate_kms_key),
    (LogsResponse, "disassociate_kms_key", disassociate_kms_key),
    (RDSBackend, "create_auto_snapshot", create_auto_snapshot),
    (SecurityGroupRule, "__init__", security_group_rule),
    (SecurityGroupRule, "description", property(lambda rule: getattr(rule, "cloister_description", None))),
    (VPCs, "modify_vpc_endpoint", modify_vpc_endpoint),
    *images.ALL,
    *rds_corrections.ALL,
)
