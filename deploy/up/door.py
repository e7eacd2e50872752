"""The endpoint's policy, narrowed to the API that Zappa has made: until then it admits every API of the account."""

from deploy import blueprint, lookups
from deploy.failure import Failure
from deploy.site.verb import NO_API
from deploy.up.deployment import Deployment
from deploy.words import Words

ALREADY = Words("The endpoint admits only the API {api}.", "エンドポイントは API {api} だけを通します。")
WOULD = Words(
    "The endpoint would admit only this stage's API.", "エンドポイントをこのステージの API だけに絞る予定です。"
)
THEIRS = Words(
    "The endpoint is not ours; whoever has it writes its policy (python -m deploy request {name}).",
    "エンドポイントは既存のものです。ポリシーは管理者が設定します（python -m deploy request {name}）。",
)


def run(deployment: Deployment, *, plan: bool = False) -> bool:
    """Tell the endpoints' stack the API's id; answer whether that was needed."""
    if "endpoints" not in blueprint.nouns(deployment.stage):
        deployment.tell(THEIRS, name=deployment.stage.name)
        return False
    api = lookups.api_id(deployment.stage, deployment.account)
    described = deployment.stacks.runner.describe(deployment.stacks.name("endpoints"))
    held = {entry["ParameterKey"]: entry["ParameterValue"] for entry in described.get("Parameters", [])}
    if api and held.get("ApiId") == api:
        deployment.tell(ALREADY, api=api)
        return False
    if plan:
        deployment.tell(WOULD)
        return True
    if not api:
        raise Failure(NO_API.say(deployment.language, name=deployment.stage.prefix, stage=deployment.stage.name))
    deployment.up("endpoints", {"ApiId": api})
    return True
