"""Letting people in to containers, or keeping them out while a database is exchanged: as many as wanted, or none.

Source: Application Auto Scaling API Reference, "RegisterScalableTarget" (`SuspendedState`: neither load nor clock may
start one meanwhile).
"""

from collections.abc import Callable

from deploy import waiting
from deploy.aws import Account
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

NOT_THERE = ("ClusterNotFoundException", "ServiceNotFoundException", "ServiceNotActiveException")


STILL = Words(
    "{count} web containers of {prefix} still run after ten minutes. See them in the ECS console; then run this again, "
    "which goes on from here.",
    "{prefix} の Web コンテナ {count} 個が 10 分たっても停止していません。ECS コンソールで確認し、"
    "もう一度実行すると続きから再開します。",
)
TRIES, SECONDS = 200, 3.0


def gate(stage: Stage, account: Account, *, is_open: bool, pause: Callable[[float], None]) -> None:
    """Let web containers run, the least number first, or none at all; nothing where there is no service yet.

    None at all is waited for: a container that leaves answers for up to a minute and a half what it has taken. `pause`
    waits between questions: ECS tells of its end by EventBridge only, to which a deployer has no ear.
    """
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
        if not is_open:
            _wait_until_none(stage, account, pause)
    except ClientError as error:
        if error.response["Error"]["Code"] not in NOT_THERE:
            raise


def _wait_until_none(stage: Stage, account: Account, pause: Callable[[float], None]) -> None:
    left = 0

    def none_runs() -> bool:
        nonlocal left
        (service,) = account.client("ecs").describe_services(cluster=stage.prefix, services=["web"])["services"]
        left = int(service["runningCount"])
        return not left

    if not waiting.until(none_runs, tries=TRIES, seconds=SECONDS, pause=pause):
        raise Failure(STILL.say(language(), count=left, prefix=stage.prefix))
