"""Load balancers: what listens, what is listened to, and where it is sent."""

from typing import Any, ClassVar

from botocore.exceptions import ClientError

from deploy.rehearsal.cloud.ec2_network import one
from deploy.rehearsal.cloud.resource import Context, Gone, Properties, ResourceType, hold, pick


def _tags(properties: Properties, context: Context) -> dict[str, Any]:
    tags = context.all_tags(properties)
    return {"Tags": tags} if tags else {}


def _declared(found: list[dict[str, str]], properties: Properties, key: str) -> list[dict[str, str]]:
    """Those attributes that were declared, with the values that stand; AWS lists all it knows."""
    wanted = [entry["Key"] for entry in properties.get(key, [])]
    return [pick(entry, ("Key", "Value")) for entry in found if entry["Key"] in wanted]


class LoadBalancer(ResourceType):
    """A load balancer."""

    name = "AWS::ElasticLoadBalancingV2::LoadBalancer"
    keys: ClassVar[tuple[str, ...]] = (
        "Name",
        "Type",
        "Scheme",
        "IpAddressType",
        "Subnets",
        "SecurityGroups",
        "LoadBalancerAttributes",
    )
    replace_on = frozenset({"Name", "Type", "Scheme"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        hold("a load balancer", properties, self.keys)
        balancers = context.client("elbv2")
        made = balancers.create_load_balancer(**pick(properties, self.keys[:-1]), **_tags(properties, context))
        found = made["LoadBalancers"][0]
        self._attributes(found["LoadBalancerArn"], properties, context)
        return found["LoadBalancerArn"], self._told(found)

    def _attributes(self, arn: str, properties: Properties, context: Context) -> None:
        if properties.get("LoadBalancerAttributes"):
            context.client("elbv2").modify_load_balancer_attributes(
                LoadBalancerArn=arn, Attributes=properties["LoadBalancerAttributes"]
            )

    def _told(self, found: dict[str, Any]) -> Properties:
        return {
            "LoadBalancerFullName": found["LoadBalancerArn"].partition(":loadbalancer/")[2],
            "DNSName": found["DNSName"],
            "LoadBalancerArn": found["LoadBalancerArn"],
        }

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        balancers = context.client("elbv2")
        balancers.set_subnets(LoadBalancerArn=physical_id, Subnets=new["Subnets"])
        balancers.set_security_groups(LoadBalancerArn=physical_id, SecurityGroups=new["SecurityGroups"])
        self._attributes(physical_id, new, context)
        return self._told(one(balancers.describe_load_balancers, "LoadBalancers", LoadBalancerArns=[physical_id]))

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("elbv2").delete_load_balancer(LoadBalancerArn=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        balancers = context.client("elbv2")
        found = one(balancers.describe_load_balancers, "LoadBalancers", LoadBalancerArns=[physical_id])
        attributes = balancers.describe_load_balancer_attributes(LoadBalancerArn=physical_id)["Attributes"]
        return {
            **pick(found, ("Type", "Scheme", "IpAddressType", "SecurityGroups")),
            "Name": found["LoadBalancerName"],
            "Subnets": [zone["SubnetId"] for zone in found["AvailabilityZones"]],
            "LoadBalancerAttributes": _declared(attributes, properties, "LoadBalancerAttributes"),
        }


class TargetGroup(ResourceType):
    """A group of addresses, or one function."""

    name = "AWS::ElasticLoadBalancingV2::TargetGroup"
    checks: ClassVar[tuple[str, ...]] = (
        "HealthCheckProtocol",
        "HealthCheckPath",
        "HealthCheckIntervalSeconds",
        "HealthCheckTimeoutSeconds",
        "HealthyThresholdCount",
        "UnhealthyThresholdCount",
        "Matcher",
    )
    fixed: ClassVar[tuple[str, ...]] = ("Name", "TargetType", "Protocol", "Port", "VpcId")
    replace_on = frozenset(fixed)

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        hold("a target group", properties, (*self.fixed, *self.checks, "Targets", "TargetGroupAttributes"))
        made = context.client("elbv2").create_target_group(
            **pick(properties, (*self.fixed, *self.checks)), **_tags(properties, context)
        )
        arn: str = made["TargetGroups"][0]["TargetGroupArn"]
        self._settle(arn, {}, properties, context)
        return arn, self._told(arn)

    def _told(self, arn: str) -> Properties:
        return {"TargetGroupFullName": arn.rpartition(":")[2], "TargetGroupArn": arn}

    def _settle(self, arn: str, old: Properties, new: Properties, context: Context) -> None:
        balancers = context.client("elbv2")
        before, after = old.get("Targets", []), new.get("Targets", [])
        leaving = [target for target in before if target not in after]
        if leaving:
            balancers.deregister_targets(TargetGroupArn=arn, Targets=leaving)
        if after:
            balancers.register_targets(TargetGroupArn=arn, Targets=after)
        if new.get("TargetGroupAttributes"):
            balancers.modify_target_group_attributes(TargetGroupArn=arn, Attributes=new["TargetGroupAttributes"])

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        context.client("elbv2").modify_target_group(TargetGroupArn=physical_id, **pick(new, self.checks))
        self._settle(physical_id, old, new, context)
        return self._told(physical_id)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("elbv2").delete_target_group(TargetGroupArn=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        balancers = context.client("elbv2")
        found = one(balancers.describe_target_groups, "TargetGroups", TargetGroupArns=[physical_id])
        attributes = balancers.describe_target_group_attributes(TargetGroupArn=physical_id)["Attributes"]
        health = balancers.describe_target_health(TargetGroupArn=physical_id)["TargetHealthDescriptions"]
        targets = [entry["Target"] for entry in health if entry["TargetHealth"]["State"] != "draining"]
        keys = ("Id",) if found["TargetType"] == "lambda" else ("Id", "Port")
        return {
            **pick(found, (*self.fixed, *self.checks)),
            "Name": found["TargetGroupName"],
            "Targets": [pick(target, keys) for target in targets],
            "TargetGroupAttributes": _declared(attributes, properties, "TargetGroupAttributes"),
        }


class Listener(ResourceType):
    """A port with what happens there when no rule matches."""

    name = "AWS::ElasticLoadBalancingV2::Listener"
    keys: ClassVar[tuple[str, ...]] = ("Port", "Protocol", "SslPolicy", "Certificates", "DefaultActions")
    replace_on = frozenset({"LoadBalancerArn"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        hold("a listener", properties, (*self.keys, "LoadBalancerArn", "ListenerAttributes"))
        made = context.client("elbv2").create_listener(
            **pick(properties, (*self.keys, "LoadBalancerArn")), **_tags(properties, context)
        )
        arn: str = made["Listeners"][0]["ListenerArn"]
        self._attributes(arn, properties, context)
        return arn, {"ListenerArn": arn}

    def _attributes(self, arn: str, properties: Properties, context: Context) -> None:
        if properties.get("ListenerAttributes"):
            context.client("elbv2").modify_listener_attributes(
                ListenerArn=arn, Attributes=properties["ListenerAttributes"]
            )

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        context.client("elbv2").modify_listener(ListenerArn=physical_id, **pick(new, self.keys))
        self._attributes(physical_id, new, context)
        return {"ListenerArn": physical_id}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("elbv2").delete_listener(ListenerArn=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        balancers = context.client("elbv2")
        found = one(balancers.describe_listeners, "Listeners", ListenerArns=[physical_id])
        attributes = balancers.describe_listener_attributes(ListenerArn=physical_id)["Attributes"]
        told = pick(found, (*self.keys, "LoadBalancerArn"))
        told["DefaultActions"] = _actions(found["DefaultActions"])
        if "Certificates" in told:
            told["Certificates"] = [pick(held, ("CertificateArn",)) for held in told["Certificates"]]
        return {**told, "ListenerAttributes": _declared(attributes, properties, "ListenerAttributes")}


def _actions(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Actions without the order and the second spelling of a forward that AWS adds to them."""
    return [{key: value for key, value in action.items() if key not in ("Order", "ForwardConfig")} for action in found]


class ListenerRule(ResourceType):
    """A rule of a listener, with what it rewrites."""

    name = "AWS::ElasticLoadBalancingV2::ListenerRule"
    keys: ClassVar[tuple[str, ...]] = ("Conditions", "Actions", "Transforms")
    replace_on = frozenset({"ListenerArn"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        hold("a listener rule", properties, (*self.keys, "ListenerArn", "Priority"))
        made = context.client("elbv2").create_rule(
            ListenerArn=properties["ListenerArn"],
            Priority=int(properties["Priority"]),
            **pick(properties, self.keys),
            **_tags(properties, context),
        )
        return made["Rules"][0]["RuleArn"], {}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        rules = context.client("elbv2")
        rules.modify_rule(RuleArn=physical_id, **pick(new, self.keys))
        if old["Priority"] != new["Priority"]:
            rules.set_rule_priorities(RulePriorities=[{"RuleArn": physical_id, "Priority": int(new["Priority"])}])
        return {}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("elbv2").delete_rule(RuleArn=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        try:
            found = context.client("elbv2").describe_rules(RuleArns=[physical_id])["Rules"]
        except ClientError as error:
            raise Gone(physical_id) from error
        if not found:
            raise Gone(physical_id)
        told = pick(found[0], (*self.keys, "Priority"))
        told["Actions"] = _actions(told["Actions"])
        # AWS also writes a condition's values in the old place; templates use the new one.
        told["Conditions"] = [
            {key: value for key, value in held.items() if key != "Values"} for held in told["Conditions"]
        ]
        return {**told, "ListenerArn": properties["ListenerArn"]}
