"""What leads to what Zappa has made: the endpoint's policy, narrowed to its API, or the load balancer's targets."""

from dataclasses import replace

from deploy import blueprint, lookups
from deploy.blueprint import Found
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
ADDRESSED = Words(
    "The load balancer calls {function} and fetches the page from {addresses}.",
    "ロードバランサーは {function} を呼び出し、画面を {addresses} から取得します。",
)
WOULD_CALL = Words(
    "The load balancer would call the web function.", "ロードバランサーが Web 関数を呼び出すように設定する予定です。"
)
NO_FUNCTION = Words(
    "The function {function} does not exist yet, and the load balancer has nothing to call. First: python -m deploy "
    "web {name}",
    "関数 {function} がまだないため、ロードバランサーの呼び出し先がありません。先に python -m deploy web {name} を"
    "実行してください。",
)
BY_STACKS = Words(
    "Containers and the page's addresses are led to by the stacks: python -m deploy stacks {name}",
    "コンテナと画面への通り道はスタックが設定します: python -m deploy stacks {name}",
)
TOLD = Words("The page's address is told to what needs it.", "画面のアドレスを必要な箇所に設定しました。")


def run(deployment: Deployment, *, plan: bool = False) -> bool:
    """Lead to what Zappa has made, by the stage's own door; answer whether that was needed."""
    if deployment.stage.in_containers:
        deployment.tell(BY_STACKS, name=deployment.stage.name)
        return False
    if not deployment.stage.has_api:
        return _balance(deployment, plan=plan)
    narrowed = _narrow(deployment, plan=plan)
    return (_tell_page(deployment, plan=plan) or narrowed) if deployment.stage.text("door") == "api" else narrowed


def _narrow(deployment: Deployment, *, plan: bool) -> bool:
    """Tell the endpoints' stack the API's id; until then its policy admits every API of the account."""
    if "endpoints" not in blueprint.nouns(deployment.stage):
        deployment.tell(THEIRS, name=deployment.stage.name)
        return False
    api = lookups.api_id(deployment.stage, deployment.account)
    if api and _held(deployment, "endpoints").get("ApiId") == api:
        deployment.tell(ALREADY, api=api)
        return False
    if plan:
        deployment.tell(WOULD)
        return True
    if not api:
        raise Failure(NO_API.say(deployment.language, name=deployment.stage.prefix, stage=deployment.stage.name))
    deployment.up("endpoints", {"ApiId": api})
    return True


def _balance(deployment: Deployment, *, plan: bool) -> bool:
    """Have the load balancer call the web function, and send to the addresses that the S3 endpoint has now."""
    function = lookups.web_function(deployment.stage, deployment.account)
    if not function:
        if not plan:
            words = NO_FUNCTION.say(deployment.language, function=deployment.stage.prefix, name=deployment.stage.name)
            raise Failure(words)
        deployment.tell(WOULD_CALL)
        return True
    found = deployment.stacks.addresses("loadbalancer", deployment.outputs, Found())
    held = _held(deployment, "loadbalancer")
    calls = held.get("WebFunction") == function
    allowed = lookups.may_call(function, deployment.account)
    if calls and allowed and all(held.get(name, "") == address for name, address in found.items()):
        deployment.tell(ADDRESSED, function=function, addresses=", ".join(filter(None, found.values())))
        return False
    if plan:
        deployment.tell(WOULD_CALL)
        return True
    if calls and not allowed:  # made again behind CloudFormation's back: the right went with the one before
        deployment.up("loadbalancer", {"WebFunction": ""})
    deployment.up("loadbalancer", {"WebFunction": function})
    return True


def _tell_page(deployment: Deployment, *, plan: bool) -> bool:
    """Tell letters and attachments where the page is: the API serves it, so that nobody knew before."""
    api = lookups.api_id(deployment.stage, deployment.account)
    nouns = [noun for noun in ("attachments", "tasks") if _held(deployment, noun)]
    if not api or not nouns:
        return plan
    found = replace(Found(), api_id=api)
    late = []
    for noun in nouns:
        wanted, held = deployment.stacks.addresses(noun, deployment.outputs, found), _held(deployment, noun)
        taken = blueprint.template(noun).parameters
        if any(held.get(name) != value for name, value in wanted.items() if name in taken):
            late.append(noun)
    if late and not plan:
        for noun in late:
            deployment.up(noun, {})
        deployment.tell(TOLD)
    return bool(late)


def _held(deployment: Deployment, noun: str) -> dict[str, str]:
    """Return the parameters that a stack stands with; empty while it does not stand."""
    described = deployment.stacks.runner.describe(deployment.stacks.name(noun))
    return {entry["ParameterKey"]: entry["ParameterValue"] for entry in described.get("Parameters", [])}
