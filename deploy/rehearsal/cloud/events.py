"""Timer rules."""

from botocore.exceptions import ClientError

from deploy.rehearsal.cloud.resource import Context, Gone, Properties, ResourceType, pick

_VPC = ("AwsVpcConfiguration", "awsvpcConfiguration")


def _spelled(target: Properties, key: str) -> Properties:
    """Write the one member that CloudFormation and EventBridge spell otherwise as `key`."""
    held = target.get("EcsParameters", {}).get("NetworkConfiguration", {})
    inner = next((held[name] for name in _VPC if name in held), None)
    if inner is None:
        return target
    return {**target, "EcsParameters": {**target["EcsParameters"], "NetworkConfiguration": {key: inner}}}


class Rule(ResourceType):
    """A rule with its targets."""

    name = "AWS::Events::Rule"
    replace_on = frozenset({"Name"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        name = properties.get("Name") or context.name()
        return name, self._put(name, {}, properties, context)

    def _put(self, name: str, old: Properties, new: Properties, context: Context) -> Properties:
        events = context.client("events")
        made = events.put_rule(Name=name, **pick(new, ("Description", "ScheduleExpression", "State")))
        leaving = [target["Id"] for target in old.get("Targets", []) if target not in new.get("Targets", [])]
        if leaving:
            events.remove_targets(Rule=name, Ids=leaving)
        if new.get("Targets"):
            events.put_targets(Rule=name, Targets=[_spelled(target, _VPC[1]) for target in new["Targets"]])
        return {"Arn": made["RuleArn"]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        return self._put(physical_id, old, new, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        events = context.client("events")
        targets = [target["Id"] for target in events.list_targets_by_rule(Rule=physical_id)["Targets"]]
        if targets:
            events.remove_targets(Rule=physical_id, Ids=targets)
        events.delete_rule(Name=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        events = context.client("events")
        try:
            found = events.describe_rule(Name=physical_id)
        except ClientError as error:
            raise Gone(physical_id) from error
        told = pick(found, ("Name", "Description", "ScheduleExpression", "State"))
        targets = events.list_targets_by_rule(Rule=physical_id)["Targets"]
        return {**told, "Targets": [_spelled(target, _VPC[0]) for target in targets]}
