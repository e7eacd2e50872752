"""Security groups with exactly the rules that are declared, egress included."""

from typing import Any

from deploy.rehearsal.cloud.ec2_network import one, retag, tagged
from deploy.rehearsal.cloud.resource import Context, Properties, ResourceType, changed

DEFAULT_EGRESS = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
"""What AWS puts into a group for which no egress rule is given."""


def _permission(rule: Properties, *, peer: str) -> dict[str, Any]:
    """A rule in the words of a template -> one of `authorize_security_group_*`."""
    told: dict[str, Any] = {"IpProtocol": str(rule["IpProtocol"])}
    if rule["IpProtocol"] != "-1":
        told |= {"FromPort": int(rule["FromPort"]), "ToPort": int(rule["ToPort"])}
    note = {"Description": rule["Description"]} if "Description" in rule else {}
    if "CidrIp" in rule:
        told["IpRanges"] = [{"CidrIp": rule["CidrIp"], **note}]
    if "CidrIpv6" in rule:
        told["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **note}]
    if f"{peer}PrefixListId" in rule:
        told["PrefixListIds"] = [{"PrefixListId": rule[f"{peer}PrefixListId"], **note}]
    if f"{peer}SecurityGroupId" in rule:
        told["UserIdGroupPairs"] = [{"GroupId": rule[f"{peer}SecurityGroupId"], **note}]
    return told


def _rules(found: list[dict[str, Any]], *, egress: bool) -> list[Properties]:
    """The reverse: what `describe_security_group_rules` gives -> rules in the words of a template."""
    peer = "Destination" if egress else "Source"
    told = []
    for rule in found:
        if rule["IsEgress"] is not egress:
            continue
        read: Properties = {"IpProtocol": rule["IpProtocol"]}
        if rule["IpProtocol"] != "-1":
            read |= {"FromPort": rule["FromPort"], "ToPort": rule["ToPort"]}
        if rule.get("CidrIpv4"):
            read["CidrIp"] = rule["CidrIpv4"]
        if rule.get("CidrIpv6"):
            read["CidrIpv6"] = rule["CidrIpv6"]
        if rule.get("PrefixListId"):
            read[f"{peer}PrefixListId"] = rule["PrefixListId"]
        if rule.get("ReferencedGroupInfo", {}).get("GroupId"):
            read[f"{peer}SecurityGroupId"] = rule["ReferencedGroupInfo"]["GroupId"]
        if rule.get("Description"):
            read["Description"] = rule["Description"]
        told.append(read)
    return told


class SecurityGroup(ResourceType):
    """A security group; no egress rule means AWS's own, which allows everything."""

    name = "AWS::EC2::SecurityGroup"
    replace_on = frozenset({"GroupName", "GroupDescription", "VpcId"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        ec2 = context.client("ec2")
        made = ec2.create_security_group(
            GroupName=properties.get("GroupName") or context.name(),
            Description=properties["GroupDescription"],
            VpcId=properties["VpcId"],
            TagSpecifications=tagged("security-group", properties, context),
        )["GroupId"]
        for rule in properties.get("SecurityGroupIngress", []):
            ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[_permission(rule, peer="Source")])
        if properties.get("SecurityGroupEgress"):
            open_to_all = _permission(DEFAULT_EGRESS, peer="Destination")
            ec2.revoke_security_group_egress(GroupId=made, IpPermissions=[open_to_all])
            for rule in properties["SecurityGroupEgress"]:
                permission = _permission(rule, peer="Destination")
                ec2.authorize_security_group_egress(GroupId=made, IpPermissions=[permission])
        return made, {"GroupId": made, "Id": made, "VpcId": properties["VpcId"]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        ec2 = context.client("ec2")
        calls = {
            "SecurityGroupIngress": ("Source", ec2.authorize_security_group_ingress, ec2.revoke_security_group_ingress),
            "SecurityGroupEgress": (
                "Destination",
                ec2.authorize_security_group_egress,
                ec2.revoke_security_group_egress,
            ),
        }
        for key in changed(old, new) & calls.keys():
            peer, allow, refuse = calls[key]
            before, after = old.get(key, []), new.get(key, [])
            if key == "SecurityGroupEgress":
                before, after = before or [DEFAULT_EGRESS], after or [DEFAULT_EGRESS]
            for rule in (rule for rule in before if rule not in after):
                refuse(GroupId=physical_id, IpPermissions=[_permission(rule, peer=peer)])
            for rule in (rule for rule in after if rule not in before):
                allow(GroupId=physical_id, IpPermissions=[_permission(rule, peer=peer)])
        retag(physical_id, old, new, context)
        return {"GroupId": physical_id, "Id": physical_id, "VpcId": new["VpcId"]}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ec2").delete_security_group(GroupId=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        found = one(context.client("ec2").describe_security_groups, "SecurityGroups", GroupIds=[physical_id])
        filters = [{"Name": "group-id", "Values": [physical_id]}]
        rules = context.client("ec2").describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
        return {
            "GroupName": found["GroupName"],
            "GroupDescription": found["Description"],
            "VpcId": found["VpcId"],
            "SecurityGroupIngress": _rules(rules, egress=False),
            "SecurityGroupEgress": _rules(rules, egress=True),
            "Tags": context.own_tags(found.get("Tags", [])),
        }
