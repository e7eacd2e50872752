"""Machines, and the roles that they carry."""

from typing import Any, ClassVar

from botocore.exceptions import ClientError

from deploy.rehearsal.cloud.ec2_network import one, retag, tagged
from deploy.rehearsal.cloud.resource import Context, Gone, Properties, ResourceType, hold, pick


class InstanceProfile(ResourceType):
    """What hands a role to a machine."""

    name = "AWS::IAM::InstanceProfile"
    replace_on = frozenset({"InstanceProfileName"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        iam, name = context.client("iam"), properties["InstanceProfileName"]
        made = iam.create_instance_profile(InstanceProfileName=name)["InstanceProfile"]
        for role in properties["Roles"]:
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)
        return name, {"Arn": made["Arn"]}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        iam = context.client("iam")
        for role in properties["Roles"]:
            iam.remove_role_from_instance_profile(InstanceProfileName=physical_id, RoleName=role)
        iam.delete_instance_profile(InstanceProfileName=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        try:
            found = context.client("iam").get_instance_profile(InstanceProfileName=physical_id)["InstanceProfile"]
        except ClientError as error:
            raise Gone(physical_id) from error
        return {"InstanceProfileName": physical_id, "Roles": [role["RoleName"] for role in found["Roles"]]}


class Instance(ResourceType):
    """A machine."""

    name = "AWS::EC2::Instance"
    # Each has a describe call of its own, of which moto knows none that answers what was asked for.
    unseen = frozenset({"InstanceInitiatedShutdownBehavior", "MetadataOptions", "UserData"})
    keys: ClassVar[tuple[str, ...]] = (
        "ImageId",
        "InstanceType",
        "SubnetId",
        "SecurityGroupIds",
        "InstanceInitiatedShutdownBehavior",
        "UserData",
        "MetadataOptions",
    )
    replace_on = frozenset({"ImageId", "SubnetId"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        hold("a machine", properties, (*self.keys, "IamInstanceProfile"))
        arguments: dict[str, Any] = pick(properties, self.keys)
        if "MetadataOptions" in arguments:
            hops = arguments["MetadataOptions"].get("HttpPutResponseHopLimit", 1)
            arguments["MetadataOptions"] = {**arguments["MetadataOptions"], "HttpPutResponseHopLimit": int(hops)}
        if "IamInstanceProfile" in properties:
            arguments["IamInstanceProfile"] = {"Name": properties["IamInstanceProfile"]}
        made = context.client("ec2").run_instances(
            **arguments, MinCount=1, MaxCount=1, TagSpecifications=tagged("instance", properties, context)
        )["Instances"][0]
        return made["InstanceId"], {"InstanceId": made["InstanceId"], "PrivateIp": made["PrivateIpAddress"]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        retag(physical_id, old, new, context)
        return {}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ec2").terminate_instances(InstanceIds=[physical_id])

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        reservation = one(context.client("ec2").describe_instances, "Reservations", InstanceIds=[physical_id])
        found = reservation["Instances"][0]
        if found["State"]["Name"] == "terminated":
            raise Gone(physical_id)
        told = pick(found, ("ImageId", "InstanceType", "SubnetId"))
        told["SecurityGroupIds"] = [group["GroupId"] for group in found["SecurityGroups"]]
        if "IamInstanceProfile" in found:
            told["IamInstanceProfile"] = found["IamInstanceProfile"]["Arn"].rpartition("/")[2]
        return {**told, "Tags": context.own_tags(found.get("Tags", []))}
