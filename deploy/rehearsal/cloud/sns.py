"""Topics and who is told."""

from botocore.exceptions import ClientError

from deploy.rehearsal.cloud.resource import Context, Gone, Properties, ResourceType, pick


class Topic(ResourceType):
    """A topic."""

    name = "AWS::SNS::Topic"
    replace_on = frozenset({"TopicName"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        attributes = {key: properties[key] for key in ("KmsMasterKeyId", "DisplayName") if key in properties}
        made = context.client("sns").create_topic(
            Name=properties.get("TopicName") or context.name(),
            Attributes=attributes,
            Tags=context.all_tags(properties),
        )["TopicArn"]
        return made, {"TopicArn": made, "TopicName": made.rsplit(":", 1)[1]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        for key in ("KmsMasterKeyId", "DisplayName"):
            if old.get(key) != new.get(key):
                context.client("sns").set_topic_attributes(
                    TopicArn=physical_id, AttributeName=key, AttributeValue=new.get(key, "")
                )
        return {"TopicArn": physical_id, "TopicName": physical_id.rsplit(":", 1)[1]}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("sns").delete_topic(TopicArn=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        try:
            found = context.client("sns").get_topic_attributes(TopicArn=physical_id)["Attributes"]
        except ClientError as error:
            raise Gone(physical_id) from error
        told = {key: found[key] for key in ("KmsMasterKeyId", "DisplayName") if found.get(key)}
        return {**told, "TopicName": physical_id.rsplit(":", 1)[1]}


class Subscription(ResourceType):
    """One subscriber."""

    name = "AWS::SNS::Subscription"
    replace_on = frozenset({"TopicArn", "Protocol", "Endpoint"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        made = context.client("sns").subscribe(
            **pick(properties, ("TopicArn", "Protocol", "Endpoint")), ReturnSubscriptionArn=True
        )["SubscriptionArn"]
        return made, {"Arn": made}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("sns").unsubscribe(SubscriptionArn=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        try:
            found = context.client("sns").get_subscription_attributes(SubscriptionArn=physical_id)["Attributes"]
        except ClientError as error:
            raise Gone(physical_id) from error
        return pick(found, ("TopicArn", "Protocol", "Endpoint"))
