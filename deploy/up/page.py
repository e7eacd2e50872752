"""The built page in its bucket, as `python -m deploy site` sends it."""

from deploy.site import sync, verb
from deploy.up.deployment import Deployment
from deploy.words import Words

LATER = Words(
    "What differs of the page would be sent, once the API's address is known.",
    "API のアドレスが決まり次第、画面の変更されたファイルを送信する予定です。",
)


def run(deployment: Deployment, *, plan: bool = False) -> str:
    """Send what differs; return the digest of the page's record, empty while it is not known."""
    from deploy import lookups

    made = not deployment.stage.has_api or lookups.api_id(deployment.stage, deployment.account)
    if plan and not (made and deployment.has_its_door):
        deployment.tell(LATER)
        return ""
    known = verb.addresses(deployment.stage, deployment.account)
    site = verb.of_stage(deployment.stage, deployment.account, known, say=lambda line: deployment.say(f"  {line}"))
    files = verb.pages(deployment.stage, known)
    if plan:
        site.plan(files)
    else:
        site.send(files)
    return sync.identity(sync.release(files))
