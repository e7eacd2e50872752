"""What AWS itself carries elsewhere by its own network: events, failures, news of them, logs, calls of an API.

No route, security group or endpoint is on that way, so whoever is named there must be one of ours.
"""

import re
from collections.abc import Iterator, Mapping

from deploy.cfn import Unknown
from deploy.cfn.source import walk
from deploy.closedness.findings import Check, Found, finding
from deploy.closedness.patterns import HOLE
from deploy.closedness.world import Path, Thing, Undecided, World

CARRYING: Mapping[str, tuple[str, ...]] = {
    "AWS::ApiGateway::Authorizer": ("AuthorizerUri", "ProviderARNs"),
    "AWS::ApiGateway::Deployment": ("StageDescription",),
    "AWS::ApiGateway::Stage": ("AccessLogSetting",),
    "AWS::AutoScaling::AutoScalingGroup": (
        "LifecycleHookSpecificationList",
        "NotificationConfiguration",
        "NotificationConfigurations",
    ),
    "AWS::CloudTrail::Trail": ("CloudWatchLogsLogGroupArn", "SnsTopicName"),
    "AWS::CloudWatch::Alarm": ("AlarmActions", "InsufficientDataActions", "OKActions"),
    "AWS::Config::ConfigRule": ("Source",),
    "AWS::DynamoDB::Table": ("KinesisStreamSpecification",),
    "AWS::EC2::FlowLog": ("DeliverCrossAccountRole", "LogDestination"),
    "AWS::Events::Rule": ("Targets",),
    "AWS::Lambda::EventInvokeConfig": ("DestinationConfig",),
    "AWS::Lambda::EventSourceMapping": ("DestinationConfig", "EventSourceArn"),
    "AWS::Lambda::Function": ("DeadLetterConfig", "FileSystemConfigs"),
    "AWS::RDS::DBCluster": ("AssociatedRoles", "ReplicationSourceIdentifier"),
    "AWS::RDS::DBInstance": ("AssociatedRoles", "SourceDBInstanceIdentifier"),
    "AWS::Route53Resolver::ResolverQueryLoggingConfig": ("DestinationArn",),
    "AWS::SNS::Subscription": ("Endpoint", "RedrivePolicy"),
    "AWS::SNS::Topic": ("Subscription",),
    "AWS::SQS::Queue": ("RedrivePolicy",),
}
"""Type -> properties by which AWS carries something on: there, also what is not known is asked about."""

WATCHED = {"AWS::CloudWatch::Alarm": ("Dimensions",)}
"""Type -> properties that only say which numbers of this account are looked at: nothing is handed to what they name."""

ARN = re.compile(r"(?=(arn:[^:/\s\"]*:([^:\s\"]*):[^:\s\"]*:([^:\s\"]*):([^\s\",]*)))")
"""Also one within another: a call of a function through API Gateway names the function in its path."""
ACCOUNT = re.compile(r"\d{12}")


def strangers(thing: Thing, world: World) -> Found:
    """A thing that names another account's may hand data to it; layers come from others and carry nothing to them."""
    carrying = CARRYING.get(thing.type, ())
    for key, value in thing.properties.items():
        if key in WATCHED.get(thing.type, ()):
            continue
        whose = (_whose(inner, key in carrying, world) for inner in walk(value))
        reason = next((one for one in whose if one), "")
        if reason:
            yield Undecided(thing, (key,), reason)


def _whose(value: object, carries: bool, world: World) -> str:
    """Give the reason why it is not known whose this is; empty where it is ours, or names nobody."""
    if isinstance(value, Unknown):
        return value.reason if carries else ""
    if not isinstance(value, str):
        return ""
    for found in ARN.finditer(value):
        arn, service, owner, name = found.groups()
        strange = owner != world.account if ACCOUNT.fullmatch(owner) else HOLE in owner
        # A bucket's ARN names no account.
        bucket = service == "s3" and carries and name.split("/")[0] not in world.buckets
        if (strange or bucket) and not name.startswith("layer:"):
            return f"whose {arn.replace(HOLE, '?')} is"
    if not carries:
        return ""
    if value.startswith(("http://", "https://", "kafka://")):
        return f"whose {value.replace(HOLE, '?')} is"
    return "part of it is known only to AWS" if HOLE in value else ""


def _broker(thing: Thing, _: World) -> Found:
    if thing.get("SelfManagedEventSource") is not None:
        yield Undecided(thing, ("SelfManagedEventSource",), "it calls addresses that are written there")


def _rule_targets(thing: Thing, world: World) -> Found:
    """A timer or event that calls the web, or starts a container in subnets that are not known."""
    for place, _ in enumerate(thing.several("Targets")):
        arn = str(thing.get("Targets", place, "Arn"))
        if ":api-destination/" in arn or thing.get("Targets", place, "HttpParameters") is not None:
            yield Undecided(thing, ("Targets", place, "Arn"), "it passes requests on to a web address")
        if thing.get("Targets", place, "EcsParameters") is not None:
            yield from _container(thing, ("Targets", place, "EcsParameters"), world)


def _container(thing: Thing, base: Path, world: World) -> Found:
    path = (*base, "NetworkConfiguration", "AwsVpcConfiguration")
    if thing.get(*path, "AssignPublicIp", default="DISABLED") != "DISABLED":
        yield finding("public-address", thing, *path, "AssignPublicIp")
    list(world.each(thing, *path, "Subnets", among=("AWS::EC2::Subnet",)))
    if thing.get(*base, "TaskDefinitionArn") is not None:
        world.find(thing, *base, "TaskDefinitionArn", among=("AWS::ECS::TaskDefinition",))


def _method(thing: Thing, world: World) -> Found:
    """A method that passes requests on to a web address sends them out of AWS, unless through a link into a VPC."""
    kind = str(thing.get("Integration", "Type", default="MOCK")).upper()
    if kind.startswith("HTTP") and thing.get("Integration", "ConnectionType", default="INTERNET") != "VPC_LINK":
        raise Undecided(thing, ("Integration",), "it passes requests on to a web address")
    if kind.startswith("HTTP"):
        world.find(thing, "Integration", "ConnectionId")
    uri = str(thing.get("Integration", "Uri", default=""))
    if kind.startswith("AWS"):
        # arn:aws:apigateway:REGION:SERVICE:path/... ; a function's own ARN, with its account, stands in the path.
        service, _, path = ":".join(uri.split(":")[4:]).partition(":")
        inner = path.partition("functions/")[2].split(":")
        if service != "lambda" or inner[4:5] != [world.account]:
            raise Undecided(thing, ("Integration", "Uri"), f"whose {uri} is")
    return ()


LOGS = ("access_logs.s3.bucket", "connection_logs.s3.bucket", "health_check_logs.s3.bucket")


def _balancer_logs(thing: Thing, world: World) -> Found:
    """Logs of a load balancer go to a bucket by its name, whoever owns it."""
    places: Iterator[Path] = (
        ("LoadBalancerAttributes", place, "Value")
        for place, _ in enumerate(thing.several("LoadBalancerAttributes"))
        if thing.get("LoadBalancerAttributes", place, "Key") in LOGS
    )
    for path in (*places, ("AccessLoggingPolicy", "S3BucketName")):
        bucket = str(thing.get(*path, default=""))
        if bucket and bucket not in world.buckets:
            yield Undecided(thing, path, f"whose {bucket} is")


def _sessions(cluster: Thing, world: World) -> Found:
    """What people type in containers is written to a bucket by its name, whoever owns it."""
    path = ("Configuration", "ExecuteCommandConfiguration", "LogConfiguration", "S3BucketName")
    bucket = str(cluster.get(*path, default=""))
    if bucket and bucket not in world.buckets:
        yield Undecided(cluster, path, f"whose {bucket} is")


def _findings_elsewhere(group: Thing, world: World) -> Found:
    """A data protection policy writes what it found in a log to a bucket or stream by its name.

    Source: Amazon CloudWatch Logs User Guide, "Data protection policy syntax".
    """
    for inner in walk(group.get("DataProtectionPolicy")):
        held = inner.get("S3") if isinstance(inner, Mapping) else None
        bucket = held.get("Bucket") if isinstance(held, Mapping) else None
        if bucket is not None and bucket not in world.buckets:
            yield Undecided(group, ("DataProtectionPolicy",), f"whose {str(bucket).replace(HOLE, '?')} is")
        if isinstance(inner, Mapping) and "Firehose" in inner:
            yield Undecided(group, ("DataProtectionPolicy",), "part of it is known only to AWS")


COPIED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("AWS::RDS::DBInstance", ("AutomaticBackupReplicationRegion",)),
    ("AWS::SecretsManager::Secret", ("ReplicaRegions",)),
)
"""Type, and where it has AWS keep a copy in another region, where nothing is judged."""


def _copied(thing: Thing, _: World) -> Found:
    for kind, path in COPIED:
        if kind == thing.type and thing.get(*path) not in (None, "", []):
            yield Undecided(thing, path, "who may do what with its copy in another region")


def _files(thing: Thing, world: World) -> Found:
    """A file system that is copied to another: in another region, of another account, or one that is not known."""
    base: Path = ("ReplicationConfiguration", "Destinations")
    for place, _ in enumerate(thing.several(*base)):
        region = str(thing.get(*base, place, "Region", default=world.region))
        if region != world.region or thing.get(*base, place, "RoleArn") is not None:
            yield finding(
                "copy-out", thing, *base, place, target=thing.get(*base, place, "FileSystemId", default=region)
            )
        elif thing.get(*base, place, "FileSystemId") is not None:
            world.find(thing, *base, place, "FileSystemId", among=("AWS::EFS::FileSystem",))


def _global(thing: Thing, _: World) -> Found:
    """A member of a global database is copied to other regions."""
    if thing.get("GlobalClusterIdentifier") is not None:
        yield Undecided(thing, ("GlobalClusterIdentifier",), "where its global database is copied to")


CHECKS = (
    Check(("AWS::Lambda::EventSourceMapping",), _broker),
    Check(("AWS::Events::Rule",), _rule_targets),
    Check(("AWS::ApiGateway::Method",), _method),
    Check(("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancing::LoadBalancer"), _balancer_logs),
    Check(("AWS::EFS::FileSystem",), _files),
    Check(("AWS::ECS::Cluster",), _sessions),
    Check(("AWS::Logs::LogGroup",), _findings_elsewhere),
    Check(tuple(kind for kind, _ in COPIED), _copied),
    Check(("AWS::RDS::DBCluster",), _global),
)
