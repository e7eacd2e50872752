"""What leads in and out of a VPC: endpoints, the company's link, and the record of connections."""

from typing import Any, ClassVar

from deploy.rehearsal.cloud.ec2_network import one, retag, tagged
from deploy.rehearsal.cloud.resource import CloudError, Context, Gone, Properties, ResourceType, document, pick, text


class VpcEndpoint(ResourceType):
    """An interface or gateway endpoint."""

    name = "AWS::EC2::VPCEndpoint"
    replace_on = frozenset({"VpcId", "ServiceName", "VpcEndpointType"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        arguments = pick(
            properties,
            ("VpcEndpointType", "ServiceName", "VpcId", "SubnetIds", "SecurityGroupIds", "RouteTableIds"),
        )
        if "PolicyDocument" in properties:
            arguments["PolicyDocument"] = text(properties["PolicyDocument"])
        private = properties.get("PrivateDnsEnabled", False) in (True, "true")
        made = context.client("ec2").create_vpc_endpoint(
            **arguments,
            PrivateDnsEnabled=private,
            TagSpecifications=tagged("vpc-endpoint", properties, context),
        )["VpcEndpoint"]
        return made["VpcEndpointId"], self._attributes(made["VpcEndpointId"], context)

    def _attributes(self, physical_id: str, context: Context) -> Properties:
        found = one(context.client("ec2").describe_vpc_endpoints, "VpcEndpoints", VpcEndpointIds=[physical_id])
        return {
            "Id": physical_id,
            "DnsEntries": [f"{entry['HostedZoneId']}:{entry['DnsName']}" for entry in found.get("DnsEntries", [])],
            "NetworkInterfaceIds": found.get("NetworkInterfaceIds", []),
        }

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        arguments: dict[str, Any] = {"VpcEndpointId": physical_id}
        if "PolicyDocument" in new:
            arguments["PolicyDocument"] = text(new["PolicyDocument"])
        for key, short in (
            ("SubnetIds", "SubnetIds"),
            ("SecurityGroupIds", "SecurityGroupIds"),
            ("RouteTableIds", "RouteTableIds"),
        ):
            before, after = set(old.get(key, [])), set(new.get(key, []))
            if after - before:
                arguments[f"Add{short}"] = sorted(after - before)
            if before - after:
                arguments[f"Remove{short}"] = sorted(before - after)
        if "PrivateDnsEnabled" in new:
            arguments["PrivateDnsEnabled"] = new["PrivateDnsEnabled"] in (True, "true")
        context.client("ec2").modify_vpc_endpoint(**arguments)
        retag(physical_id, old, new, context)
        return self._attributes(physical_id, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[physical_id])

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        found = one(context.client("ec2").describe_vpc_endpoints, "VpcEndpoints", VpcEndpointIds=[physical_id])
        if found["State"] == "deleted":
            raise Gone(physical_id)
        told = pick(
            found, ("VpcEndpointType", "ServiceName", "VpcId", "SubnetIds", "RouteTableIds", "PrivateDnsEnabled")
        )
        told["SecurityGroupIds"] = [group["GroupId"] for group in found.get("Groups", [])]
        told["PolicyDocument"] = document(found["PolicyDocument"])
        return {**told, "Tags": context.own_tags(found.get("Tags", []))}


class Peering(ResourceType):
    """A peering connection; within one account CloudFormation accepts it too."""

    name = "AWS::EC2::VPCPeeringConnection"
    replace_on = frozenset({"VpcId", "PeerVpcId", "PeerOwnerId", "PeerRegion", "PeerRoleArn"})
    unseen = frozenset({"PeerRoleArn"})  # it acts while connecting and leaves no trace

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        ec2 = context.client("ec2")
        made = ec2.create_vpc_peering_connection(
            **pick(properties, ("VpcId", "PeerVpcId", "PeerOwnerId", "PeerRegion")),
            TagSpecifications=tagged("vpc-peering-connection", properties, context),
        )["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        if properties.get("PeerOwnerId", context.account) == context.account:
            ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=made)
        elif "PeerRoleArn" not in properties:
            raise CloudError("peering with another account needs PeerRoleArn, the role there that accepts it")
        return made, {"Id": made}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        retag(physical_id, old, new, context)
        return {"Id": physical_id}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ec2").delete_vpc_peering_connection(VpcPeeringConnectionId=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        found = one(
            context.client("ec2").describe_vpc_peering_connections,
            "VpcPeeringConnections",
            VpcPeeringConnectionIds=[physical_id],
        )
        if found["Status"]["Code"] == "deleted":
            raise Gone(physical_id)
        return {
            "VpcId": found["RequesterVpcInfo"]["VpcId"],
            "PeerVpcId": found["AccepterVpcInfo"]["VpcId"],
            "PeerOwnerId": found["AccepterVpcInfo"]["OwnerId"],
            "Tags": context.own_tags(found.get("Tags", [])),
        }


class TransitGatewayVpcAttachment(ResourceType):
    """A VPC's place at a transit gateway that somebody else owns."""

    name = "AWS::EC2::TransitGatewayVpcAttachment"
    replace_on = frozenset({"TransitGatewayId", "VpcId"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        made = context.client("ec2").create_transit_gateway_vpc_attachment(
            **pick(properties, ("TransitGatewayId", "VpcId", "SubnetIds"))
        )["TransitGatewayVpcAttachment"]["TransitGatewayAttachmentId"]
        retag(made, {}, properties, context)  # moto drops tags that come with the creation
        return made, {"Id": made}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        before, after = set(old["SubnetIds"]), set(new["SubnetIds"])
        if before != after:
            context.client("ec2").modify_transit_gateway_vpc_attachment(
                TransitGatewayAttachmentId=physical_id,
                AddSubnetIds=sorted(after - before),
                RemoveSubnetIds=sorted(before - after),
            )
        retag(physical_id, old, new, context)
        return {"Id": physical_id}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ec2").delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        found = one(
            context.client("ec2").describe_transit_gateway_vpc_attachments,
            "TransitGatewayVpcAttachments",
            TransitGatewayAttachmentIds=[physical_id],
        )
        if found["State"] == "deleted":
            raise Gone(physical_id)
        told = pick(found, ("TransitGatewayId", "VpcId", "SubnetIds"))
        return {**told, "Tags": context.own_tags(found.get("Tags", []))}


class FlowLog(ResourceType):
    """A record of connections."""

    name = "AWS::EC2::FlowLog"
    keys: ClassVar[tuple[str, ...]] = (
        "ResourceId",
        "ResourceType",
        "TrafficType",
        "LogDestinationType",
        "LogGroupName",
        "DeliverLogsPermissionArn",
        "MaxAggregationInterval",
    )
    replace_on = frozenset(keys)

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        arguments = {
            **pick(properties, self.keys[1:-1]),
            "ResourceIds": [properties["ResourceId"]],
            "MaxAggregationInterval": int(properties.get("MaxAggregationInterval", 600)),
            "TagSpecifications": tagged("vpc-flow-log", properties, context),
        }
        made = context.client("ec2").create_flow_logs(**arguments)
        if made.get("Unsuccessful"):
            raise CloudError(str(made["Unsuccessful"]))
        return made["FlowLogIds"][0], {"Id": made["FlowLogIds"][0]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        retag(physical_id, old, new, context)
        return {"Id": physical_id}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ec2").delete_flow_logs(FlowLogIds=[physical_id])

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        found = one(context.client("ec2").describe_flow_logs, "FlowLogs", FlowLogIds=[physical_id])
        told = pick(found, self.keys)
        # describe_flow_logs names no resource type: the id's prefix does.
        told["ResourceType"] = {"vpc": "VPC", "subnet": "Subnet"}.get(found["ResourceId"].split("-")[0])
        return {**told, "Tags": context.own_tags(found.get("Tags", []))}
