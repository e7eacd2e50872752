"""An inventory (deploy/inventory.py) -> things: the same types and properties that templates declare."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.closedness.findings import Question
from deploy.closedness.graph import DESTINATIONS, TARGETS
from deploy.closedness.world import Thing
from deploy.failure import Failure
from deploy.inventory import FORMAT
from deploy.words import Words, language

UNREADABLE = Words(
    "{path} is no inventory: {problem}. Make one with: python -m deploy inventory VPC",
    "{path} は棚卸しファイルではありません（{problem}）。作成: python -m deploy inventory VPC",
)

Entry = dict[str, Any]


@dataclass(frozen=True)
class Observed:
    """What an inventory holds; `questions` are what could not be read when it was taken."""

    things: tuple[Thing, ...]
    questions: list[Question]
    account: str
    region: str
    lists: dict[str, str]


def read(path: Path) -> Observed:
    """Read an inventory.

    Raises:
        Failure: it is none.

    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise Failure(UNREADABLE.say(language(), path=path, problem=f"format {FORMAT} is expected"))
        if not document["held"]["vpcs"]:
            # Of nothing anything is true, also that it is closed.
            raise Failure(UNREADABLE.say(language(), path=path, problem="vpcs: []"))
        file = str(path)
        found = tuple(_Inventory(document, file).things())
        questions = [
            Question("inventory", name, f"it could not be read: {problem}", file, 0)
            for name, problem in document["refused"].items()
        ]
        lists = {
            entry["PrefixListId"]: entry["PrefixListName"].rpartition(".")[2]
            for entry in document["held"]["prefix_lists"]
            if entry.get("OwnerId") == "AWS"
        }
        return Observed(found, questions, document["account"], document["region"], lists)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failure(UNREADABLE.say(language(), path=path, problem=error)) from None


class _Inventory:
    def __init__(self, document: Entry, file: str) -> None:
        self.held: dict[str, Any] = document["held"]
        self.account = document["account"]
        self.region = document["region"]
        self.file = file

    def things(self) -> Iterator[Thing]:
        readers: dict[str, Callable[[Entry], Iterator[Thing]]] = {
            "vpcs": self._vpc,
            "subnets": self._subnet,
            "route_tables": self._table,
            "internet_gateways": self._gateway("AWS::EC2::InternetGateway", "InternetGatewayId"),
            "egress_only_gateways": self._gateway("AWS::EC2::EgressOnlyInternetGateway", "EgressOnlyInternetGatewayId"),
            "nat_gateways": self._nat,
            "vpn_gateways": self._gateway("AWS::EC2::VPNGateway", "VpnGatewayId"),
            "vpn_connections": self._vpn,
            "client_vpn": self._gateway("AWS::EC2::ClientVpnEndpoint", "ClientVpnEndpointId"),
            "security_groups": self._group,
            "endpoints": self._endpoint,
            "endpoint_services": self._gateway("AWS::EC2::VPCEndpointService", "ServiceId"),
            "interfaces": self._interface,
            "prefix_lists": self._list,
            "balancers": self._balancer,
            "classic_balancers": self._classic,
            "databases": self._database,
            "functions": self._function,
            "apis": self._api,
            "firewalls": self._firewall,
            "roles": self._role,
            "buckets": self._bucket,
        }
        for name, reader in readers.items():
            for entry in self.held[name]:
                yield from reader(entry)

    def _thing(self, kind: str, token: str, properties: Entry, *, shown: str = "", arn: str = "") -> Thing:
        attributes = {"Arn": arn} if arn else {}
        return Thing(kind, shown or token, token, properties, self.file, attributes=attributes, source="inventory")

    def _gateway(self, kind: str, key: str) -> Callable[[Entry], Iterator[Thing]]:
        def reader(entry: Entry) -> Iterator[Thing]:
            yield self._thing(kind, entry[key], {})

        return reader

    def _vpc(self, entry: Entry) -> Iterator[Thing]:
        vpc = entry["VpcId"]
        properties = {"CidrBlock": entry["CidrBlock"], "EnableDnsSupport": self.held["dns"].get(vpc) is not False}
        yield self._thing("AWS::EC2::VPC", vpc, properties)

    def _subnet(self, entry: Entry) -> Iterator[Thing]:
        properties = {key: entry.get(key) for key in ("VpcId", "CidrBlock", "MapPublicIpOnLaunch")}
        yield self._thing("AWS::EC2::Subnet", entry["SubnetId"], properties)

    def _table(self, entry: Entry) -> Iterator[Thing]:
        table = entry["RouteTableId"]
        main = any(link.get("Main") for link in entry.get("Associations", []))
        yield self._thing("AWS::EC2::RouteTable", table, {"VpcId": entry["VpcId"], "Main": main})
        for link in entry.get("Associations", []):
            if link.get("SubnetId"):
                yield self._thing(
                    "AWS::EC2::SubnetRouteTableAssociation",
                    link["RouteTableAssociationId"],
                    {"SubnetId": link["SubnetId"], "RouteTableId": table},
                )
        for place, route in enumerate(entry.get("Routes", []), start=1):
            destination = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock")
            shown = f"{table} {destination or route.get('DestinationPrefixListId')}"
            yield self._thing("AWS::EC2::Route", f"{table}-{place}", self._route(table, route), shown=shown)

    def _route(self, table: str, route: Entry) -> Entry:
        found = {key: route[key] for key in (*DESTINATIONS, *TARGETS) if route.get(key)}
        gateway = str(found.get("GatewayId", ""))
        if gateway.startswith("eigw-"):
            found["EgressOnlyInternetGatewayId"] = found.pop("GatewayId")
        return {"RouteTableId": table, **found}

    def _nat(self, entry: Entry) -> Iterator[Thing]:
        if entry.get("State") not in ("deleted", "failed"):
            kind = entry.get("ConnectivityType", "public")
            yield self._thing("AWS::EC2::NatGateway", entry["NatGatewayId"], {"ConnectivityType": kind})

    def _vpn(self, entry: Entry) -> Iterator[Thing]:
        """Only those that end at a gateway of these VPCs, or at a transit gateway that a route of theirs names."""
        own = {gateway["VpnGatewayId"] for gateway in self.held["vpn_gateways"]}
        transit = {
            route.get("TransitGatewayId") for table in self.held["route_tables"] for route in table.get("Routes", [])
        } - {None}
        if entry.get("VpnGatewayId") in own or entry.get("TransitGatewayId") in transit:
            yield self._thing("AWS::EC2::VPNConnection", entry["VpnConnectionId"], {})

    def _group(self, entry: Entry) -> Iterator[Thing]:
        properties = {
            "VpcId": entry.get("VpcId"),
            "SecurityGroupIngress": list(_rules(entry.get("IpPermissions", []), "Source")),
            # What AWS shows is what holds: a group without egress sends nothing.
            "SecurityGroupEgress": list(_rules(entry.get("IpPermissionsEgress", []), "Destination"))
            or [{"IpProtocol": "tcp", "FromPort": 0, "ToPort": 0, "CidrIp": "127.0.0.1/32"}],
        }
        shown = f"{entry['GroupId']} ({entry['GroupName']})"
        yield self._thing("AWS::EC2::SecurityGroup", entry["GroupId"], properties, shown=shown)

    def _endpoint(self, entry: Entry) -> Iterator[Thing]:
        properties = {
            "ServiceName": entry["ServiceName"],
            "VpcEndpointType": entry.get("VpcEndpointType", "Gateway"),
            "VpcId": entry["VpcId"],
            "SubnetIds": entry.get("SubnetIds", []),
            "RouteTableIds": entry.get("RouteTableIds", []),
            "SecurityGroupIds": [group["GroupId"] for group in entry.get("Groups", [])],
            "PolicyDocument": entry.get("PolicyDocument"),
        }
        shown = f"{entry['VpcEndpointId']} ({entry['ServiceName']})"
        yield self._thing("AWS::EC2::VPCEndpoint", entry["VpcEndpointId"], properties, shown=shown)

    def _interface(self, entry: Entry) -> Iterator[Thing]:
        public = entry.get("Association", {}).get("PublicIp")
        if public:
            shown = f"{entry['NetworkInterfaceId']} ({public})"
            token = f"{entry['NetworkInterfaceId']} address"
            yield self._thing("AWS::EC2::EIPAssociation", token, {}, shown=shown)
        yield from self._routed(entry)

    def _routed(self, entry: Entry) -> Iterator[Thing]:
        """An interface that a route leads through."""
        routes = (route for table in self.held["route_tables"] for route in table.get("Routes", []))
        if any(route.get("NetworkInterfaceId") == entry["NetworkInterfaceId"] for route in routes):
            groups = [group["GroupId"] for group in entry.get("Groups", [])]
            properties = {"SubnetId": entry.get("SubnetId"), "GroupSet": groups}
            yield self._thing("AWS::EC2::NetworkInterface", entry["NetworkInterfaceId"], properties)

    def _list(self, entry: Entry) -> Iterator[Thing]:
        if entry.get("OwnerId") != "AWS":
            entries = [{"Cidr": one["Cidr"]} for one in entry.get("Entries") or []]
            yield self._thing("AWS::EC2::PrefixList", entry["PrefixListId"], {"Entries": entries})

    def _balancer(self, entry: Entry) -> Iterator[Thing]:
        name = entry["LoadBalancerName"]
        properties = {
            "Scheme": entry.get("Scheme", "internal"),
            "Type": entry.get("Type"),
            "Subnets": [zone["SubnetId"] for zone in entry.get("AvailabilityZones", [])],
            "SecurityGroups": entry.get("SecurityGroups", []),
        }
        yield self._thing("AWS::ElasticLoadBalancingV2::LoadBalancer", name, properties)
        for listener in entry.get("Listeners") or []:
            held = {key: listener.get(key) for key in ("Protocol", "Port", "DefaultActions")}
            shown = f"{name}:{listener.get('Port')}"
            yield self._thing("AWS::ElasticLoadBalancingV2::Listener", shown, held)

    def _classic(self, entry: Entry) -> Iterator[Thing]:
        listeners = [held["Listener"] for held in entry.get("ListenerDescriptions", [])]
        properties = {"Scheme": entry.get("Scheme", "internet-facing"), "Listeners": listeners}
        yield self._thing("AWS::ElasticLoadBalancing::LoadBalancer", entry["LoadBalancerName"], properties)

    def _database(self, entry: Entry) -> Iterator[Thing]:
        properties = {
            "PubliclyAccessible": entry.get("PubliclyAccessible", False),
            "DBSubnetGroupName": entry["DBSubnetGroup"]["DBSubnetGroupName"],
            "VPCSecurityGroups": [group["VpcSecurityGroupId"] for group in entry.get("VpcSecurityGroups", [])],
        }
        yield self._thing("AWS::RDS::DBInstance", entry["DBInstanceIdentifier"], properties)

    def _function(self, entry: Entry) -> Iterator[Thing]:
        config = {key: entry["VpcConfig"].get(key, []) for key in ("SubnetIds", "SecurityGroupIds")}
        properties = {"VpcConfig": config, "Role": entry.get("Role")}
        yield self._thing("AWS::Lambda::Function", entry["FunctionName"], properties)
        for url in entry.get("Urls") or []:
            yield self._thing("AWS::Lambda::Url", f"{entry['FunctionName']} {url.get('FunctionUrl', '')}".strip(), {})

    def _api(self, entry: Entry) -> Iterator[Thing]:
        """Private APIs that answer through endpoints of these VPCs; others have nothing to do with them."""
        configuration = entry.get("endpointConfiguration", {})
        own = {endpoint["VpcEndpointId"] for endpoint in self.held["endpoints"]}
        if configuration.get("types") == ["PRIVATE"] and own & set(configuration.get("vpcEndpointIds", [])):
            policy = entry.get("policy")
            properties = {
                "EndpointConfiguration": {"Types": ["PRIVATE"], "VpcEndpointIds": configuration["vpcEndpointIds"]},
                # The API gives its policy with quotes escaped once more.
                "Policy": policy.replace('\\"', '"') if isinstance(policy, str) else policy,
            }
            yield self._thing("AWS::ApiGateway::RestApi", entry["id"], properties)

    def _firewall(self, entry: Entry) -> Iterator[Thing]:
        """A firewall of whose rules nothing is known here does not answer for itself: the resolver stays a finding."""
        yield self._thing("AWS::Route53Resolver::FirewallRuleGroupAssociation", entry["Id"], {"VpcId": ""})

    def _role(self, entry: Entry) -> Iterator[Thing]:
        policies = [{"PolicyName": name, "PolicyDocument": held} for name, held in entry["Policies"].items()]
        properties = {"AssumeRolePolicyDocument": entry["Trust"], "Policies": policies}
        name = entry["Arn"].rpartition("/")[2]
        yield self._thing("AWS::IAM::Role", name, properties, shown=entry["Arn"], arn=entry["Arn"])

    def _bucket(self, entry: Entry) -> Iterator[Thing]:
        """A bucket of the account; what was refused is asked about already, and taken as it should be."""
        held, account = entry["Block"], self.held["account_block"]
        blocks = [(one or {}).get("PublicAccessBlockConfiguration", {}) for one in (held, account)]
        refused = held is None or account is None
        effective = {name: refused or any(block.get(name) for block in blocks) for name in BLOCKS}
        properties: Entry = {"BucketName": entry["Name"], "PublicAccessBlockConfiguration": effective}
        if entry["Website"]:
            properties["WebsiteConfiguration"] = entry["Website"]
        grants = (entry["Acl"] or {}).get("Grants", [])
        groups = {str(one.get("Grantee", {}).get("URI", "")).rpartition("/")[2] for one in grants}
        if not effective["IgnorePublicAcls"] and groups & set(PUBLIC_GROUPS):
            properties["AccessControl"] = next(PUBLIC_GROUPS[one] for one in PUBLIC_GROUPS if one in groups)
        name = entry["Name"]
        yield self._thing("AWS::S3::Bucket", name, properties, arn=f"arn:aws:s3:::{name}")
        if entry["Policy"]:
            policy = {"Bucket": name, "PolicyDocument": entry["Policy"]["Policy"]}
            yield self._thing("AWS::S3::BucketPolicy", f"{name} policy", policy, shown=name)


BLOCKS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
PUBLIC_GROUPS = {"AllUsers": "PublicRead", "AuthenticatedUsers": "AuthenticatedRead"}
"""Groups of Amazon's that an ACL may name -> the canned ACL that gives them the same.

Source: Amazon S3 User Guide, "Access control list (ACL) overview"."""


def _rules(permissions: list[Entry], side: str) -> Iterator[Entry]:
    for permission in permissions:
        base = {
            "IpProtocol": permission["IpProtocol"],
            "FromPort": permission.get("FromPort", -1),
            "ToPort": permission.get("ToPort", -1),
        }
        yield from ({**base, "CidrIp": one["CidrIp"]} for one in permission.get("IpRanges", []))
        yield from ({**base, "CidrIpv6": one["CidrIpv6"]} for one in permission.get("Ipv6Ranges", []))
        yield from ({**base, f"{side}PrefixListId": one["PrefixListId"]} for one in permission.get("PrefixListIds", []))
        yield from (
            {**base, f"{side}SecurityGroupId": one["GroupId"]} for one in permission.get("UserIdGroupPairs", [])
        )
