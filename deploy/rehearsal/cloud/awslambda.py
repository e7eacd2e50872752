"""Functions, who may call them, and how asynchronous calls are retried."""

import json
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from deploy.rehearsal.cloud.resource import CloudError, Context, Gone, Properties, ResourceType, hold, pick


class Function(ResourceType):
    """A function from an archive in a bucket."""

    name = "AWS::Lambda::Function"
    unseen = frozenset({"Code"})  # Lambda copies the archive and no longer says where it came from
    replace_on = frozenset({"FunctionName", "PackageType"})
    settings: ClassVar[tuple[str, ...]] = (
        "Description",
        "Runtime",
        "Handler",
        "Role",
        "MemorySize",
        "Timeout",
        "KmsKeyArn",
        "VpcConfig",
        "Environment",
    )

    def _arguments(self, properties: Properties) -> dict[str, Any]:
        hold("a function", properties, (*self.settings, "FunctionName", "Architectures", "Code"))
        told = pick(properties, self.settings)
        for key in ("MemorySize", "Timeout"):
            if key in told:
                told[key] = int(told[key])
        if "KmsKeyArn" in told:
            told["KMSKeyArn"] = told.pop("KmsKeyArn")
        return told

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        name = properties.get("FunctionName") or context.name()
        made = context.client("lambda").create_function(
            FunctionName=name,
            Code=properties["Code"],
            Architectures=properties.get("Architectures", ["x86_64"]),
            Tags={tag["Key"]: tag["Value"] for tag in context.all_tags(properties)},
            **self._arguments(properties),
        )
        return name, {"Arn": made["FunctionArn"]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        functions = context.client("lambda")
        if old["Code"] != new["Code"] or old.get("Architectures") != new.get("Architectures"):
            functions.update_function_code(
                FunctionName=physical_id, Architectures=new.get("Architectures", ["x86_64"]), **new["Code"]
            )
        found = functions.update_function_configuration(FunctionName=physical_id, **self._arguments(new))
        return {"Arn": found["FunctionArn"]}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("lambda").delete_function(FunctionName=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        try:
            answer = context.client("lambda").get_function(FunctionName=physical_id)
        except ClientError as error:
            raise Gone(physical_id) from error
        found = answer["Configuration"]
        told = pick(found, (*self.settings, "FunctionName", "Architectures"))
        if "KMSKeyArn" in found:
            told["KmsKeyArn"] = found["KMSKeyArn"]
        if "VpcConfig" in found:
            told["VpcConfig"] = pick(found["VpcConfig"], ("SubnetIds", "SecurityGroupIds"))
        return told


class Permission(ResourceType):
    """Who may call a function."""

    name = "AWS::Lambda::Permission"
    keys: ClassVar[tuple[str, ...]] = ("FunctionName", "Action", "Principal", "SourceArn", "SourceAccount")
    replace_on = frozenset(keys)

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        statement = context.name()
        context.client("lambda").add_permission(StatementId=statement, **pick(properties, self.keys))
        return statement, {"Id": statement}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        try:
            context.client("lambda").remove_permission(FunctionName=properties["FunctionName"], StatementId=physical_id)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        try:
            policy = json.loads(context.client("lambda").get_policy(FunctionName=properties["FunctionName"])["Policy"])
        except ClientError as error:
            raise Gone(physical_id) from error
        for statement in policy["Statement"]:
            if statement["Sid"] == physical_id:
                condition = statement.get("Condition", {})
                principal = statement["Principal"]
                return {
                    "FunctionName": statement["Resource"].split(":")[6],
                    "Action": statement["Action"],
                    "Principal": principal.get("Service") if isinstance(principal, dict) else principal,
                    "SourceArn": condition.get("ArnLike", {}).get("AWS:SourceArn"),
                    "SourceAccount": condition.get("StringEquals", {}).get("AWS:SourceAccount"),
                }
        raise Gone(physical_id)


class EventInvokeConfig(ResourceType):
    """How often an asynchronous call is tried again, and until when."""

    name = "AWS::Lambda::EventInvokeConfig"
    replace_on = frozenset({"FunctionName", "Qualifier"})

    def _put(self, properties: Properties, context: Context) -> None:
        numbers = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds")
        context.client("lambda").put_function_event_invoke_config(
            FunctionName=properties["FunctionName"],
            **{key: int(properties[key]) for key in numbers if key in properties},
        )

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        if properties["Qualifier"] != "$LATEST":
            raise CloudError("the local cloud keeps this for $LATEST only")
        self._put(properties, context)
        return f"{properties['FunctionName']}:{properties['Qualifier']}", {}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        self._put(new, context)
        return {}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        try:
            context.client("lambda").delete_function_event_invoke_config(FunctionName=properties["FunctionName"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        function, _, qualifier = physical_id.partition(":")
        try:
            found = context.client("lambda").get_function_event_invoke_config(FunctionName=function)
        except ClientError as error:
            raise Gone(physical_id) from error
        told = pick(found, ("MaximumRetryAttempts", "MaximumEventAgeInSeconds"))
        return {**told, "FunctionName": function, "Qualifier": qualifier}
