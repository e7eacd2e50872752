"""The built page in its bucket, as `python -m deploy site` sends it."""

from deploy.site import sync, verb
from deploy.up.deployment import Deployment
from deploy.words import Words

LATER = Words(
    "All files of the page would be sent, once the API's address is known.",
    "API のアドレスが決まり次第、画面の全ファイルを送信する予定です。",
)


def run(deployment: Deployment, *, plan: bool = False) -> str:
    """Send what differs; return the digest of the page's record, empty while it is not known."""
    from deploy import lookups

    if deployment.stage.has_api:
        ready = bool(lookups.api_id(deployment.stage, deployment.account))
    else:
        ready = "SiteBucketName" in deployment.outputs
    if plan and not ready:
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
