"""Roles and managed policies."""

from botocore.exceptions import ClientError

from deploy.rehearsal.cloud.resource import Context, Gone, Properties, ResourceType, text


class Role(ResourceType):
    """A role with its inline policies and the managed ones attached to it."""

    name = "AWS::IAM::Role"
    replace_on = frozenset({"RoleName", "Path"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        iam = context.client("iam")
        name = properties.get("RoleName") or context.name()
        arguments = {key: properties[key] for key in ("Description", "PermissionsBoundary") if key in properties}
        if "MaxSessionDuration" in properties:
            arguments["MaxSessionDuration"] = int(properties["MaxSessionDuration"])
        iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=text(properties["AssumeRolePolicyDocument"]),
            Tags=context.all_tags(properties),
            **arguments,
        )
        self._policies(name, {}, properties, context)
        return name, self._attributes(name, context)

    def _attributes(self, name: str, context: Context) -> Properties:
        found = context.client("iam").get_role(RoleName=name)["Role"]
        return {"Arn": found["Arn"], "RoleId": found["RoleId"]}

    def _policies(self, name: str, old: Properties, new: Properties, context: Context) -> None:
        iam = context.client("iam")
        before = {policy["PolicyName"] for policy in old.get("Policies", [])}
        after = {policy["PolicyName"]: policy for policy in new.get("Policies", [])}
        for gone in before - after.keys():
            iam.delete_role_policy(RoleName=name, PolicyName=gone)
        for policy in after.values():
            iam.put_role_policy(
                RoleName=name, PolicyName=policy["PolicyName"], PolicyDocument=text(policy["PolicyDocument"])
            )
        attached, wanted = set(old.get("ManagedPolicyArns", [])), set(new.get("ManagedPolicyArns", []))
        for arn in attached - wanted:
            iam.detach_role_policy(RoleName=name, PolicyArn=arn)
        for arn in wanted - attached:
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        iam = context.client("iam")
        iam.update_assume_role_policy(RoleName=physical_id, PolicyDocument=text(new["AssumeRolePolicyDocument"]))
        if old.get("Description") != new.get("Description"):
            iam.update_role_description(RoleName=physical_id, Description=new.get("Description", ""))
        if "PermissionsBoundary" in new:
            iam.put_role_permissions_boundary(RoleName=physical_id, PermissionsBoundary=new["PermissionsBoundary"])
        elif "PermissionsBoundary" in old:
            iam.delete_role_permissions_boundary(RoleName=physical_id)
        self._policies(physical_id, old, new, context)
        return self._attributes(physical_id, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        self._policies(physical_id, properties, {}, context)
        context.client("iam").delete_role(RoleName=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        iam = context.client("iam")
        try:
            found = iam.get_role(RoleName=physical_id)["Role"]
        except ClientError as error:
            raise Gone(physical_id) from error
        names = iam.list_role_policies(RoleName=physical_id)["PolicyNames"]
        inline = [iam.get_role_policy(RoleName=physical_id, PolicyName=name) for name in names]
        attached = iam.list_attached_role_policies(RoleName=physical_id)["AttachedPolicies"]
        return {
            "RoleName": physical_id,
            "Description": found.get("Description"),
            "MaxSessionDuration": found.get("MaxSessionDuration"),
            "PermissionsBoundary": found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "AssumeRolePolicyDocument": found["AssumeRolePolicyDocument"],
            "Policies": [{key: policy[key] for key in ("PolicyName", "PolicyDocument")} for policy in inline],
            "ManagedPolicyArns": [policy["PolicyArn"] for policy in attached],
        }


class ManagedPolicy(ResourceType):
    """A policy of its own."""

    name = "AWS::IAM::ManagedPolicy"
    replace_on = frozenset({"ManagedPolicyName", "Description", "Path"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        made = context.client("iam").create_policy(
            PolicyName=properties["ManagedPolicyName"],
            Description=properties.get("Description", ""),
            PolicyDocument=text(properties["PolicyDocument"]),
            Tags=context.all_tags(properties),
        )["Policy"]["Arn"]
        return made, {"PolicyArn": made}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        iam = context.client("iam")
        iam.create_policy_version(PolicyArn=physical_id, PolicyDocument=text(new["PolicyDocument"]), SetAsDefault=True)
        for version in iam.list_policy_versions(PolicyArn=physical_id)["Versions"]:
            if not version["IsDefaultVersion"]:
                iam.delete_policy_version(PolicyArn=physical_id, VersionId=version["VersionId"])
        return {"PolicyArn": physical_id}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("iam").delete_policy(PolicyArn=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        iam = context.client("iam")
        try:
            found = iam.get_policy(PolicyArn=physical_id)["Policy"]
        except ClientError as error:
            raise Gone(physical_id) from error
        version = iam.get_policy_version(PolicyArn=physical_id, VersionId=found["DefaultVersionId"])
        return {
            "ManagedPolicyName": found["PolicyName"],
            "Description": found.get("Description"),
            "PolicyDocument": version["PolicyVersion"]["Document"],
        }
