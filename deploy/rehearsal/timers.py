"""The stage's timers, told by hand: EventBridge delivers at least once, and so now and then twice (Amazon EventBridge
User Guide, "What is Amazon EventBridge?")."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deploy.rehearsal.rig import Rig


def deliver(rig: "Rig", times: int) -> list[Any]:
    """Deliver the event of each timer of the stage this many times at once; give what the functions answered."""
    client = rig.account.client("events")
    told = [
        (target["Arn"].rpartition(":")[2], json.loads(target["Input"]))
        for rule in client.list_rules()["Rules"]
        for target in client.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        if target["Arn"].rpartition(":")[2].startswith(rig.stage.prefix)
    ]
    with ThreadPoolExecutor(max(1, len(told) * times)) as threads:
        return list(threads.map(lambda one: rig.invoke(*one), told * times))
