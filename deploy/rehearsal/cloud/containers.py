"""Containers: images, clusters, definitions, services, and how many run."""

import json
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from deploy.rehearsal.cloud.resource import Context, Gone, Properties, ResourceType, document, hold, pick


def lowered(value: Any) -> Any:
    """Write CloudFormation's `ContainerPort` as ECS's own API does, `containerPort`; free names stay."""
    return _renamed(value, lambda key: key if "-" in key else key[0].lower() + key[1:])


def raised(value: Any) -> Any:
    """Write ECS's names as CloudFormation does."""
    return _renamed(value, lambda key: key if "-" in key else key[0].upper() + key[1:])


def _renamed(value: Any, rename: Any) -> Any:
    if isinstance(value, dict):
        return {rename(key): _renamed(inner, rename) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, rename) for inner in value]
    return value


def _tags(properties: Properties, context: Context) -> list[dict[str, str]]:
    return [{"key": tag["Key"], "value": tag["Value"]} for tag in context.all_tags(properties)]


class Repository(ResourceType):
    """A repository of images."""

    name = "AWS::ECR::Repository"
    unseen = frozenset({"EmptyOnDelete"})  # it acts when the repository goes
    replace_on = frozenset({"RepositoryName", "EncryptionConfiguration"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        registry = context.client("ecr")
        settings = {
            "imageScanningConfiguration": lowered(properties.get("ImageScanningConfiguration", {"ScanOnPush": False})),
            "encryptionConfiguration": lowered(properties.get("EncryptionConfiguration", {"EncryptionType": "AES256"})),
            "imageTagMutability": properties.get("ImageTagMutability", "MUTABLE"),
        }
        made = registry.create_repository(
            repositoryName=properties["RepositoryName"], tags=context.all_tags(properties), **settings
        )["repository"]
        self._lifecycle(properties, context)
        return properties["RepositoryName"], {"Arn": made["repositoryArn"], "RepositoryUri": made["repositoryUri"]}

    def _lifecycle(self, properties: Properties, context: Context) -> None:
        if "LifecyclePolicy" in properties:
            context.client("ecr").put_lifecycle_policy(
                repositoryName=properties["RepositoryName"],
                lifecyclePolicyText=properties["LifecyclePolicy"]["LifecyclePolicyText"],
            )

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        forced = properties.get("EmptyOnDelete", False) in (True, "true")
        context.client("ecr").delete_repository(repositoryName=physical_id, force=forced)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        registry = context.client("ecr")
        try:
            found = registry.describe_repositories(repositoryNames=[physical_id])["repositories"][0]
            policy = registry.get_lifecycle_policy(repositoryName=physical_id)["lifecyclePolicyText"]
        except ClientError as error:
            raise Gone(physical_id) from error
        told = raised(pick(found, ("imageScanningConfiguration", "encryptionConfiguration", "imageTagMutability")))
        declared = properties.get("LifecyclePolicy", {}).get("LifecyclePolicyText", "{}")
        same = document(policy) == json.loads(declared)  # ECR keeps the text without its blanks
        return {
            **told,
            "RepositoryName": found["repositoryName"],
            "LifecyclePolicy": {"LifecyclePolicyText": declared if same else policy},
        }


class Cluster(ResourceType):
    """A cluster."""

    name = "AWS::ECS::Cluster"
    replace_on = frozenset({"ClusterName"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        made = context.client("ecs").create_cluster(
            clusterName=properties["ClusterName"],
            settings=lowered(properties.get("ClusterSettings", [])),
            tags=_tags(properties, context),
        )["cluster"]
        return made["clusterName"], {"Arn": made["clusterArn"]}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ecs").delete_cluster(cluster=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        found = context.client("ecs").describe_clusters(clusters=[physical_id], include=["SETTINGS"])["clusters"]
        if not found or found[0]["status"] == "INACTIVE":
            raise Gone(physical_id)
        return {"ClusterName": found[0]["clusterName"], "ClusterSettings": raised(found[0]["settings"])}


class TaskDefinition(ResourceType):
    """What a task runs; every change is a new revision."""

    name = "AWS::ECS::TaskDefinition"
    keys: ClassVar[tuple[str, ...]] = (
        "Family",
        "RequiresCompatibilities",
        "NetworkMode",
        "Cpu",
        "Memory",
        "RuntimePlatform",
        "TaskRoleArn",
        "ExecutionRoleArn",
        "ContainerDefinitions",
    )
    replace_on = frozenset(keys)

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        hold("a task definition", properties, self.keys)
        arguments = lowered(pick(properties, self.keys))
        if _tags(properties, context):
            arguments["tags"] = _tags(properties, context)
        made = context.client("ecs").register_task_definition(**arguments)["taskDefinition"]["taskDefinitionArn"]
        return made, {"TaskDefinitionArn": made}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ecs").deregister_task_definition(taskDefinition=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        try:
            found = context.client("ecs").describe_task_definition(taskDefinition=physical_id)["taskDefinition"]
        except ClientError as error:
            raise Gone(physical_id) from error
        if found["status"] == "INACTIVE":
            raise Gone(physical_id)
        told: Properties = raised(pick(found, tuple(lowered(dict.fromkeys(self.keys)))))
        # ECS adds what was not asked for, empty.
        for place, declared in enumerate(properties["ContainerDefinitions"]):
            told["ContainerDefinitions"][place] = pick(told["ContainerDefinitions"][place], tuple(declared))
            ports = told["ContainerDefinitions"][place].get("PortMappings", [])
            for port, wanted in zip(ports, declared.get("PortMappings", []), strict=True):
                port.update({key: port[key] for key in wanted})
                for key in port.keys() - wanted.keys():
                    del port[key]
        return told


class Service(ResourceType):
    """A number of tasks that is kept running behind a load balancer."""

    name = "AWS::ECS::Service"
    keys: ClassVar[tuple[str, ...]] = (
        "TaskDefinition",
        "PlatformVersion",
        "EnableExecuteCommand",
        "HealthCheckGracePeriodSeconds",
        "DeploymentConfiguration",
        "LoadBalancers",
        "NetworkConfiguration",
    )
    fixed: ClassVar[tuple[str, ...]] = ("LaunchType", "ServiceName", "Cluster")
    replace_on = frozenset(fixed)

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        hold("a service", properties, (*self.keys, *self.fixed))
        if _tags(properties, context):
            properties = {**properties, "Tags": _tags(properties, context)}
        arguments = lowered(pick(properties, (*self.keys, *self.fixed, "Tags")))
        made = context.client("ecs").create_service(**arguments, desiredCount=1)["service"]
        return made["serviceArn"], {"Name": made["serviceName"], "ServiceArn": made["serviceArn"]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        arguments = lowered(pick(new, self.keys))
        made = context.client("ecs").update_service(cluster=new["Cluster"], service=new["ServiceName"], **arguments)[
            "service"
        ]
        return {"Name": made["serviceName"], "ServiceArn": made["serviceArn"]}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("ecs").delete_service(cluster=properties["Cluster"], service=physical_id, force=True)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        cluster = properties["Cluster"]
        found = context.client("ecs").describe_services(cluster=cluster, services=[physical_id])["services"]
        if not found or found[0]["status"] == "INACTIVE":
            raise Gone(physical_id)
        told: Properties = raised(pick(found[0], tuple(lowered(dict.fromkeys((*self.keys, *self.fixed))))))
        return {**told, "Cluster": found[0]["clusterArn"].rpartition("/")[2]}


class ScalableTarget(ResourceType):
    """Between which numbers a service may be scaled, and when that changes."""

    name = "AWS::ApplicationAutoScaling::ScalableTarget"
    keys: ClassVar[tuple[str, ...]] = ("ServiceNamespace", "ScalableDimension", "ResourceId")
    replace_on = frozenset(keys)

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        self._put({}, properties, context)
        return "|".join(properties[key] for key in ("ResourceId", "ScalableDimension", "ServiceNamespace")), {}

    def _put(self, old: Properties, new: Properties, context: Context) -> None:
        scaling = context.client("application-autoscaling")
        numbers = {key: int(new[key]) for key in ("MinCapacity", "MaxCapacity")}
        scaling.register_scalable_target(**pick(new, self.keys), **numbers)
        names = {action["ScheduledActionName"] for action in new.get("ScheduledActions", [])}
        for action in old.get("ScheduledActions", []):
            if action["ScheduledActionName"] not in names:
                scaling.delete_scheduled_action(
                    **pick(old, self.keys), ScheduledActionName=action["ScheduledActionName"]
                )
        for action in new.get("ScheduledActions", []):
            limits = {key: int(value) for key, value in action["ScalableTargetAction"].items()}
            scaling.put_scheduled_action(**pick(new, self.keys), **{**action, "ScalableTargetAction": limits})

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        self._put(old, new, context)
        return {}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        self._put(properties, {**properties, "ScheduledActions": []}, context)
        context.client("application-autoscaling").deregister_scalable_target(**pick(properties, self.keys))

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        scaling = context.client("application-autoscaling")
        about = {"ServiceNamespace": properties["ServiceNamespace"]}
        held = scaling.describe_scalable_targets(**about, ResourceIds=[properties["ResourceId"]])["ScalableTargets"]
        if not held:
            raise Gone(physical_id)
        actions = scaling.describe_scheduled_actions(**about, ResourceId=properties["ResourceId"])["ScheduledActions"]
        keys = ("ScheduledActionName", "Schedule", "Timezone", "ScalableTargetAction")
        told = pick(held[0], (*self.keys, "MinCapacity", "MaxCapacity"))
        return {**told, "ScheduledActions": [pick(action, keys) for action in actions]}


class ScalingPolicy(ResourceType):
    """By what a service is scaled."""

    name = "AWS::ApplicationAutoScaling::ScalingPolicy"
    replace_on = frozenset({"PolicyName", "ScalingTargetId"})
    settings = "TargetTrackingScalingPolicyConfiguration"

    def _about(self, properties: Properties) -> dict[str, str]:
        resource, dimension, namespace = properties["ScalingTargetId"].split("|")
        return {"ResourceId": resource, "ScalableDimension": dimension, "ServiceNamespace": namespace}

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        made = context.client("application-autoscaling").put_scaling_policy(
            **self._about(properties), **pick(properties, ("PolicyName", "PolicyType", self.settings))
        )
        return made["PolicyARN"], {"Arn": made["PolicyARN"]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        return self.create(new, context)[1]

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("application-autoscaling").delete_scaling_policy(
            **self._about(properties), PolicyName=properties["PolicyName"]
        )

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        about = pick(self._about(properties), ("ServiceNamespace", "ResourceId"))
        every = context.client("application-autoscaling").describe_scaling_policies(**about)["ScalingPolicies"]
        found = next((policy for policy in every if policy["PolicyARN"] == physical_id), None)
        if found is None:
            raise Gone(physical_id)
        told = pick(found, ("PolicyName", "PolicyType", self.settings))
        return {**told, "ScalingTargetId": properties["ScalingTargetId"]}
