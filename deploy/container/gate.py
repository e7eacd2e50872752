"""Letting people in to containers, or keeping them out while a database is exchanged: as many as wanted, or none.

Source: Application Auto Scaling API Reference, "RegisterScalableTarget" (`SuspendedState`: neither load nor clock may
start one meanwhile).
"""

from deploy.aws import Account
from deploy.stage import Stage

NOT_THERE = ("ClusterNotFoundException", "ServiceNotFoundException", "ServiceNotActiveException")


def gate(stage: Stage, account: Account, *, is_open: bool) -> None:
    """Let web containers run, the least number first, or none at all; nothing where there is no service yet."""
    from botocore.exceptions import ClientError

    least, most = (int(stage.number(f"containers.{name}")) if is_open else 0 for name in ("minimum", "maximum"))
    waits = not is_open
    try:
        found = account.client("ecs").describe_services(cluster=stage.prefix, services=["web"])["services"]
        if not any(service["status"] == "ACTIVE" for service in found):
            return
        account.client("application-autoscaling").register_scalable_target(
            ServiceNamespace="ecs",
            ScalableDimension="ecs:service:DesiredCount",
            ResourceId=f"service/{stage.prefix}/web",
            MinCapacity=least,
            MaxCapacity=most,
            SuspendedState={
                "DynamicScalingInSuspended": waits,
                "DynamicScalingOutSuspended": waits,
                "ScheduledScalingSuspended": waits,
            },
        )
        account.client("ecs").update_service(cluster=stage.prefix, service="web", desiredCount=least)
    except ClientError as error:
        if error.response["Error"]["Code"] not in NOT_THERE:
            raise
