"""Names: private zones and their records, Resolver endpoints and rules."""

import secrets
from typing import Any

from botocore.exceptions import ClientError

from deploy.rehearsal.cloud.resource import Context, Gone, Properties, ResourceType, pick


def _dotted(name: str) -> str:
    return name if name.endswith(".") else f"{name}."


class HostedZone(ResourceType):
    """A private zone."""

    name = "AWS::Route53::HostedZone"
    replace_on = frozenset({"Name"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        route53 = context.client("route53")
        first, *more = [pick(vpc, ("VPCId", "VPCRegion")) for vpc in properties["VPCs"]]
        made = route53.create_hosted_zone(
            Name=properties["Name"],
            VPC=first,
            CallerReference=secrets.token_hex(8),
            HostedZoneConfig={"PrivateZone": True},
        )["HostedZone"]["Id"].removeprefix("/hostedzone/")
        for vpc in more:
            route53.associate_vpc_with_hosted_zone(HostedZoneId=made, VPC=vpc)
        return made, {"Id": made}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("route53").delete_hosted_zone(Id=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        try:
            found = context.client("route53").get_hosted_zone(Id=physical_id)
        except ClientError as error:
            raise Gone(physical_id) from error
        name = found["HostedZone"]["Name"]
        return {
            "Name": name if properties["Name"].endswith(".") else name.removesuffix("."),
            "VPCs": [pick(vpc, ("VPCId", "VPCRegion")) for vpc in found["VPCs"]],
        }


class RecordSet(ResourceType):
    """One record."""

    name = "AWS::Route53::RecordSet"
    replace_on = frozenset({"HostedZoneId", "Name"})

    def _change(self, action: str, properties: Properties, context: Context) -> None:
        record = {
            "Name": properties["Name"],
            "Type": properties["Type"],
            "TTL": int(properties["TTL"]),
            "ResourceRecords": [{"Value": value} for value in properties["ResourceRecords"]],
        }
        context.client("route53").change_resource_record_sets(
            HostedZoneId=properties["HostedZoneId"],
            ChangeBatch={"Changes": [{"Action": action, "ResourceRecordSet": record}]},
        )

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        self._change("CREATE", properties, context)
        return properties["Name"], {}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        self._change("UPSERT", new, context)
        return {}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        self._change("DELETE", properties, context)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        zone = properties["HostedZoneId"]
        records = context.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        for found in records:
            if (found["Name"], found["Type"]) == (_dotted(physical_id), properties["Type"]):
                return {
                    "HostedZoneId": zone,
                    "Name": physical_id,
                    "Type": found["Type"],
                    "TTL": found["TTL"],
                    "ResourceRecords": [record["Value"] for record in found["ResourceRecords"]],
                }
        raise Gone(physical_id)


class ResolverEndpoint(ResourceType):
    """Addresses in our subnets that ask, or answer, for others."""

    name = "AWS::Route53Resolver::ResolverEndpoint"
    replace_on = frozenset({"Direction", "SecurityGroupIds"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        made = context.client("route53resolver").create_resolver_endpoint(
            CreatorRequestId=secrets.token_hex(8),
            **pick(properties, ("Name", "Direction", "SecurityGroupIds", "IpAddresses")),
            Tags=context.all_tags(properties),
        )["ResolverEndpoint"]
        return made["Id"], {"ResolverEndpointId": made["Id"], "Arn": made["Arn"]}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("route53resolver").delete_resolver_endpoint(ResolverEndpointId=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        resolver = context.client("route53resolver")
        try:
            found = resolver.get_resolver_endpoint(ResolverEndpointId=physical_id)["ResolverEndpoint"]
        except ClientError as error:
            raise Gone(physical_id) from error
        addresses = resolver.list_resolver_endpoint_ip_addresses(ResolverEndpointId=physical_id)["IpAddresses"]
        declared = [entry.keys() for entry in properties["IpAddresses"]]
        chosen = {"SubnetId"} if all("Ip" not in keys for keys in declared) else {"SubnetId", "Ip"}
        told = pick(found, ("Name", "Direction", "SecurityGroupIds"))
        return {**told, "IpAddresses": [{key: entry[key] for key in sorted(chosen)} for entry in addresses]}


class ResolverRule(ResourceType):
    """Which names are asked where."""

    name = "AWS::Route53Resolver::ResolverRule"
    replace_on = frozenset({"RuleType", "DomainName"})

    def _targets(self, properties: Properties) -> list[dict[str, Any]]:
        return [{"Ip": target["Ip"], "Port": int(target.get("Port", 53))} for target in properties["TargetIps"]]

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        made = context.client("route53resolver").create_resolver_rule(
            CreatorRequestId=secrets.token_hex(8),
            **pick(properties, ("Name", "RuleType", "DomainName", "ResolverEndpointId")),
            TargetIps=self._targets(properties),
            Tags=context.all_tags(properties),
        )["ResolverRule"]
        return made["Id"], {"ResolverRuleId": made["Id"], "Arn": made["Arn"]}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("route53resolver").delete_resolver_rule(ResolverRuleId=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        try:
            found = context.client("route53resolver").get_resolver_rule(ResolverRuleId=physical_id)["ResolverRule"]
        except ClientError as error:
            raise Gone(physical_id) from error
        told = pick(found, ("Name", "RuleType", "DomainName", "ResolverEndpointId"))
        if not properties["DomainName"].endswith("."):
            told["DomainName"] = told["DomainName"].removesuffix(".")
        targets = [pick(target, ("Ip", "Port")) for target in found["TargetIps"]]
        return {**told, "TargetIps": targets}


class ResolverRuleAssociation(ResourceType):
    """Which VPC a rule serves."""

    name = "AWS::Route53Resolver::ResolverRuleAssociation"
    replace_on = frozenset({"ResolverRuleId", "VPCId", "Name"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        made = context.client("route53resolver").associate_resolver_rule(
            **pick(properties, ("ResolverRuleId", "VPCId", "Name"))
        )["ResolverRuleAssociation"]["Id"]
        return made, {"ResolverRuleAssociationId": made}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("route53resolver").disassociate_resolver_rule(
            ResolverRuleId=properties["ResolverRuleId"], VPCId=properties["VPCId"]
        )

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        call = context.client("route53resolver").get_resolver_rule_association
        try:
            found = call(ResolverRuleAssociationId=physical_id)["ResolverRuleAssociation"]
        except ClientError as error:
            raise Gone(physical_id) from error
        return pick(found, ("ResolverRuleId", "VPCId", "Name"))
