"""Where people open the page and where it finds the API, by the door of the stage."""

from collections.abc import Mapping

from deploy.stage import Stage

PAGE = "index.html"


def of_stage(stage: Stage, outputs: Mapping[str, str], *, api_id: str) -> dict[str, str]:
    """Give `page` (what people open), `api` (empty: beside the page), `attachments` (an origin; empty where
    there are none, or they travel by the API).

    `outputs` are those of the stage's stacks, `api_id` the private API's, which a load balancer has none of.
    """
    door, bucket = stage.text("door"), outputs.get("AttachmentsBucketName", "")
    attachments = f"https://{bucket}.{outputs['S3Host']}" if bucket and not stage.relays_files else ""
    if door == "load-balancer":
        return {"page": f"https://{stage.text('balancer.host')}/", "api": "", "attachments": attachments}
    host = f"{api_id}-{outputs['ExecuteApiId']}.execute-api.{stage.region}.amazonaws.com"
    if door == "api":
        # The slash at the end matters: assets are named relative to it.
        return {"page": f"https://{host}/{stage.name}/", "api": "", "attachments": attachments}
    page = f"https://{outputs['SiteBucketName']}.{outputs['S3Host']}/{PAGE}"
    return {"page": page, "api": f"https://{host}/{stage.name}/api/", "attachments": attachments}
