"""Log groups."""

from deploy.rehearsal.cloud.resource import Context, Gone, Properties, ResourceType


class LogGroup(ResourceType):
    """A log group."""

    name = "AWS::Logs::LogGroup"
    replace_on = frozenset({"LogGroupName"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        logs = context.client("logs")
        name = properties.get("LogGroupName") or context.name()
        key = {"kmsKeyId": properties["KmsKeyId"]} if "KmsKeyId" in properties else {}
        tags = {tag["Key"]: tag["Value"] for tag in context.all_tags(properties)}
        logs.create_log_group(logGroupName=name, **key, **({"tags": tags} if tags else {}))
        self._retention(name, properties, context)
        return name, {"Arn": f"arn:aws:logs:{context.region}:{context.account}:log-group:{name}:*"}

    def _retention(self, name: str, properties: Properties, context: Context) -> None:
        if "RetentionInDays" in properties:
            days = int(properties["RetentionInDays"])
            context.client("logs").put_retention_policy(logGroupName=name, retentionInDays=days)

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        logs = context.client("logs")
        if new.get("KmsKeyId") == old.get("KmsKeyId"):
            pass
        elif "KmsKeyId" in new:
            logs.associate_kms_key(logGroupName=physical_id, kmsKeyId=new["KmsKeyId"])
        else:
            logs.disassociate_kms_key(logGroupName=physical_id)
        self._retention(physical_id, new, context)
        return {"Arn": f"arn:aws:logs:{context.region}:{context.account}:log-group:{physical_id}:*"}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("logs").delete_log_group(logGroupName=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        groups = context.client("logs").describe_log_groups(logGroupNamePrefix=physical_id)["logGroups"]
        for found in groups:
            if found["logGroupName"] == physical_id:
                return {
                    "LogGroupName": physical_id,
                    "RetentionInDays": found.get("retentionInDays"),
                    "KmsKeyId": found.get("kmsKeyId"),
                }
        raise Gone(physical_id)
