"""VPC, subnets, routes, prefix lists."""

from typing import Any, ClassVar

from botocore.exceptions import ClientError

from deploy.rehearsal.cloud.resource import (
    CloudError,
    Context,
    Gone,
    Properties,
    ResourceType,
    pick,
)


def tagged(kind: str, properties: Properties, context: Context) -> list[dict[str, Any]]:
    """Tags as EC2's create calls take them."""
    tags = context.all_tags(properties)
    return [{"ResourceType": kind, "Tags": tags}] if tags else []


def retag(physical_id: str, old: Properties, new: Properties, context: Context) -> None:
    """Bring the tags of an EC2 resource to what is declared."""
    ec2 = context.client("ec2")
    leaving = {tag["Key"] for tag in old.get("Tags", [])} - {tag["Key"] for tag in new.get("Tags", [])}
    if leaving:
        ec2.delete_tags(Resources=[physical_id], Tags=[{"Key": key} for key in leaving])
    if context.all_tags(new):
        ec2.create_tags(Resources=[physical_id], Tags=context.all_tags(new))


def one(call: Any, key: str, **arguments: Any) -> dict[str, Any]:
    """Describe one thing by id; `Gone` when AWS does not know it."""
    try:
        found = call(**arguments)[key]
    except ClientError as error:
        raise Gone(str(error)) from error
    if not found:
        raise Gone(str(arguments))
    return dict(found[0])


class Vpc(ResourceType):
    """A VPC."""

    name = "AWS::EC2::VPC"
    replace_on = frozenset({"CidrBlock", "InstanceTenancy"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        ec2 = context.client("ec2")
        made = ec2.create_vpc(CidrBlock=properties["CidrBlock"], TagSpecifications=tagged("vpc", properties, context))[
            "Vpc"
        ]
        self._attributes(made["VpcId"], properties, context)
        groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [made["VpcId"]]}])
        attributes = {
            "VpcId": made["VpcId"],
            "CidrBlock": made["CidrBlock"],
            "DefaultSecurityGroup": groups["SecurityGroups"][0]["GroupId"],
        }
        return made["VpcId"], attributes

    def _attributes(self, physical_id: str, properties: Properties, context: Context) -> None:
        ec2 = context.client("ec2")
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            if name in properties:
                ec2.modify_vpc_attribute(VpcId=physical_id, **{name: {"Value": properties[name] in (True, "true")}})

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        self._attributes(physical_id, new, context)
        retag(physical_id, old, new, context)
        return {"VpcId": physical_id, "CidrBlock": new["CidrBlock"]}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ec2").delete_vpc(VpcId=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        ec2 = context.client("ec2")
        found = one(ec2.describe_vpcs, "Vpcs", VpcIds=[physical_id])
        told = {"CidrBlock": found["CidrBlock"], "Tags": context.own_tags(found.get("Tags", []))}
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            answer = ec2.describe_vpc_attribute(VpcId=physical_id, Attribute=name[0].lower() + name[1:])
            told[name] = answer[name]["Value"]
        return told


class Subnet(ResourceType):
    """A subnet."""

    name = "AWS::EC2::Subnet"
    replace_on = frozenset({"VpcId", "CidrBlock", "AvailabilityZone"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        made = context.client("ec2").create_subnet(
            **pick(properties, ("VpcId", "CidrBlock", "AvailabilityZone")),
            TagSpecifications=tagged("subnet", properties, context),
        )["Subnet"]
        self._public(made["SubnetId"], properties, context)
        return made["SubnetId"], {"SubnetId": made["SubnetId"], "AvailabilityZone": made["AvailabilityZone"]}

    def _public(self, physical_id: str, properties: Properties, context: Context) -> None:
        wanted = properties.get("MapPublicIpOnLaunch", False) in (True, "true")
        context.client("ec2").modify_subnet_attribute(SubnetId=physical_id, MapPublicIpOnLaunch={"Value": wanted})

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        self._public(physical_id, new, context)
        retag(physical_id, old, new, context)
        return {"SubnetId": physical_id}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ec2").delete_subnet(SubnetId=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        found = one(context.client("ec2").describe_subnets, "Subnets", SubnetIds=[physical_id])
        told = pick(found, ("VpcId", "CidrBlock", "AvailabilityZone", "MapPublicIpOnLaunch"))
        return {**told, "Tags": context.own_tags(found.get("Tags", []))}


class RouteTable(ResourceType):
    """A route table, empty but for the VPC's own range."""

    name = "AWS::EC2::RouteTable"
    replace_on = frozenset({"VpcId"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        made = context.client("ec2").create_route_table(
            VpcId=properties["VpcId"], TagSpecifications=tagged("route-table", properties, context)
        )["RouteTable"]["RouteTableId"]
        return made, {"RouteTableId": made}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        retag(physical_id, old, new, context)
        return {"RouteTableId": physical_id}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ec2").delete_route_table(RouteTableId=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        found = one(context.client("ec2").describe_route_tables, "RouteTables", RouteTableIds=[physical_id])
        return {"VpcId": found["VpcId"], "Tags": context.own_tags(found.get("Tags", []))}


class SubnetRouteTableAssociation(ResourceType):
    """Which table a subnet uses."""

    name = "AWS::EC2::SubnetRouteTableAssociation"
    replace_on = frozenset({"SubnetId"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        made = context.client("ec2").associate_route_table(**pick(properties, ("SubnetId", "RouteTableId")))
        return made["AssociationId"], {"Id": made["AssociationId"]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        ec2 = context.client("ec2")
        ec2.replace_route_table_association(AssociationId=physical_id, RouteTableId=new["RouteTableId"])
        return {"Id": physical_id}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ec2").disassociate_route_table(AssociationId=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        tables = context.client("ec2").describe_route_tables(
            Filters=[{"Name": "association.route-table-association-id", "Values": [physical_id]}]
        )["RouteTables"]
        for association in (held for table in tables for held in table["Associations"]):
            if association["RouteTableAssociationId"] == physical_id:
                return pick(association, ("SubnetId", "RouteTableId"))
        raise Gone(physical_id)


class Route(ResourceType):
    """One route; its id is made of table and destination, as CloudFormation does."""

    name = "AWS::EC2::Route"
    destinations: ClassVar[tuple[str, ...]] = (
        "DestinationCidrBlock",
        "DestinationIpv6CidrBlock",
        "DestinationPrefixListId",
    )
    targets: ClassVar[tuple[str, ...]] = (
        "GatewayId",
        "NatGatewayId",
        "TransitGatewayId",
        "VpcPeeringConnectionId",
        "NetworkInterfaceId",
        "EgressOnlyInternetGatewayId",
        "VpcEndpointId",
        "InstanceId",
    )
    replace_on = frozenset({"RouteTableId", *destinations})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        context.client("ec2").create_route(**properties)
        destination = next(properties[key] for key in self.destinations if key in properties)
        return f"{properties['RouteTableId']}|{destination}", {}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        self.delete(physical_id, old, context)
        self.create(new, context)
        return {}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        named = pick(properties, ("RouteTableId", *self.destinations))
        context.client("ec2").delete_route(**named)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        table_id, _, destination = physical_id.partition("|")
        table = one(context.client("ec2").describe_route_tables, "RouteTables", RouteTableIds=[table_id])
        for route in table["Routes"]:
            if destination in (route.get(key) for key in self.destinations):
                return {"RouteTableId": table_id, **pick(route, (*self.destinations, *self.targets))}
        raise Gone(physical_id)


class PrefixList(ResourceType):
    """A list of ranges that rules and routes name."""

    name = "AWS::EC2::PrefixList"
    replace_on = frozenset({"AddressFamily"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        made = context.client("ec2").create_managed_prefix_list(
            PrefixListName=properties["PrefixListName"],
            AddressFamily=properties["AddressFamily"],
            MaxEntries=int(properties["MaxEntries"]),
            Entries=properties.get("Entries", []),
            TagSpecifications=tagged("prefix-list", properties, context),
        )["PrefixList"]
        return made["PrefixListId"], {"PrefixListId": made["PrefixListId"], "Arn": made["PrefixListArn"]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        ec2 = context.client("ec2")
        before = {entry["Cidr"]: entry for entry in old.get("Entries", [])}
        after = {entry["Cidr"]: entry for entry in new.get("Entries", [])}
        described = one(ec2.describe_managed_prefix_lists, "PrefixLists", PrefixListIds=[physical_id])
        if before.keys() != after.keys():
            ec2.modify_managed_prefix_list(
                PrefixListId=physical_id,
                CurrentVersion=described["Version"],
                AddEntries=[entry for cidr, entry in after.items() if cidr not in before],
                RemoveEntries=[{"Cidr": cidr} for cidr in before if cidr not in after],
            )
        if old.get("MaxEntries") != new.get("MaxEntries") or old["PrefixListName"] != new["PrefixListName"]:
            raise CloudError("the local cloud changes only the entries of a prefix list")
        retag(physical_id, old, new, context)
        return {"PrefixListId": physical_id}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ec2").delete_managed_prefix_list(PrefixListId=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        ec2 = context.client("ec2")
        found = one(ec2.describe_managed_prefix_lists, "PrefixLists", PrefixListIds=[physical_id])
        if found.get("State", "").startswith("delete"):
            raise Gone(physical_id)
        entries = ec2.get_managed_prefix_list_entries(PrefixListId=physical_id)["Entries"]
        return {
            **pick(found, ("PrefixListName", "AddressFamily", "MaxEntries")),
            "Entries": [pick(entry, ("Cidr", "Description")) for entry in entries],
            "Tags": context.own_tags(found.get("Tags", [])),
        }
