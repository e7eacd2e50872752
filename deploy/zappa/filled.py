"""What the stage file and the stage's stacks say, in Zappa's words: nobody copies ids into zappa_settings.json.

A stage whose `vpc_endpoint_ids` are written there is left as it is written.
"""

from collections.abc import Mapping
from typing import Any

from deploy import lookups, stage_file
from deploy.aws import Account
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

COMMANDS = ("deploy", "update", "template", "manage", "invoke", "rollback")
"""Commands of Zappa that need ids."""

OTHER_REGION = Words(
    "aws_region is {found} in zappa_settings.json, but aws.region is {wanted} in the stage file {name}.toml. Make "
    "them the same.",
    "zappa_settings.json の aws_region は {found} ですが、{name}.toml の aws.region は {wanted} です。"
    "同じ値にしてください。",
)


def fill(cli: Any) -> None:
    """Complete a stage of ours whose ids are left empty, once its stacks stand; Zappa then reads its settings again."""
    if cli.command not in COMMANDS or cli.stage_config.get("vpc_endpoint_ids"):
        return
    if not (stage_file.STAGES / f"{cli.api_stage}.toml").exists():
        return
    stage = stage_file.read(cli.api_stage)
    account = Account(stage)
    outputs = lookups.outputs(stage, account)
    if not {"ExecuteApiId", "BalancerName"} & outputs.keys():
        return
    for key, value in settings(stage, cli.stage_config, outputs, lookups.tasks_variables(stage, account)).items():
        cli.override_stage_config_setting(key, value)
    cli.load_settings(cli.vargs.get("settings_file"))


def settings(
    stage: Stage, written: Mapping[str, Any], outputs: Mapping[str, str], kept: Mapping[str, str]
) -> dict[str, Any]:
    """Return what to put over a stage's written settings; `kept`: the tasks function's variables, secrets among them.

    What is written keeps its place among variables and sources of secrets, except sources that only say
    "environment": the stage's own are kept by its tasks function.
    """
    region = written.get("aws_region", stage.region)
    if region != stage.region:
        raise Failure(OTHER_REGION.say(language(), found=region, wanted=stage.region, name=stage.name))
    sources = {name: source for name, source in (written.get("secrets") or {}).items() if source != "environment"}
    return {
        "project_name": stage.text("names.prefix"),
        "aws_region": stage.region,
        "role_arn": outputs["WebRoleArn"],
        "s3_bucket": outputs["ArtefactsBucketName"],
        "tasks_function": outputs.get("TasksFunction", ""),
        **_door(stage, outputs),
        "vpc_config": {
            "SubnetIds": [outputs["AppSubnet1"], outputs["AppSubnet2"]],
            "SecurityGroupIds": [outputs["WebGroupId"]],
        },
        "aws_kms_key_arn": stage.text("encryption.key"),
        "log_retention_days": int(stage.number("logs.retention_days")),
        "tags": {**(written.get("tags") or {}), **stage.tags},
        "aws_environment_variables": {
            **_variables(stage, outputs, kept),
            **(written.get("aws_environment_variables") or {}),
        },
        "secrets": {**_secrets(kept), **sources},
    }


def kept_of(release: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return an earlier release's keys over what the stacks say now: those, and secrets, do not go back with a release.

    Both are complete, as `settings` makes them. A key renewed since, or a role that signs in otherwise, stays so.
    """
    then, today = (dict(keys.get("aws_environment_variables") or {}) for keys in (release, now))
    sources, found = (dict(keys.get("secrets") or {}) for keys in (release, now))
    return {
        **{key: value for key, value in release.items() if key not in GIVEN},
        **{key: now[key] for key in GIVEN if key in now},
        "aws_environment_variables": {name: value for name, value in then.items() if name not in _GIVEN_VARIABLES}
        | {name: value for name, value in today.items() if name in _GIVEN_VARIABLES},
        "secrets": {name: source for name, source in sources.items() if source != "tasks"}
        | {name: source for name, source in found.items() if source == "tasks"},
    }


GIVEN = (
    "project_name",
    "aws_region",
    "role_arn",
    "s3_bucket",
    "tasks_function",
    "apigateway_enabled",
    "vpc_endpoint_ids",
    "site_bucket",
    "vpc_config",
    "aws_kms_key_arn",
    "log_retention_days",
    "tags",
)
"""Keys that `settings` takes from the stage file and the stacks."""


def _door(stage: Stage, outputs: Mapping[str, str]) -> dict[str, Any]:
    """Say what Zappa makes in front of the function: a private API, one that serves the page too, or nothing."""
    if not stage.has_api:
        return {"apigateway_enabled": False, "vpc_endpoint_ids": []}
    page = {"site_bucket": outputs["SiteBucketName"]} if stage.text("door") == "api" else {}
    return {"vpc_endpoint_ids": [outputs["ExecuteApiId"]], **page}


_SHARED = (
    "DATABASE_USER",
    "DATABASE_SIGN_IN",
    "MAIL_FROM",
    "SECRETS_VERSION",
    "SITE_URL",
    "SMTP_HOST",
    "SMTP_PORT",
    "SMTP_SECURITY",
)


_OWN = (
    "PREFIX",
    "DATABASE_HOST",
    "SPA_ORIGINS",
    "ATTACHMENTS_BUCKET",
    "ATTACHMENTS_ENDPOINT",
    "ATTACHMENTS_BY",
    "SECRETS",
)
_GIVEN_VARIABLES = frozenset(f"CLOISTER_{name}" for name in (*_SHARED, *_OWN))


def _variables(stage: Stage, outputs: Mapping[str, str], kept: Mapping[str, str]) -> dict[str, str]:
    """Return the web function's variables; those that both functions have are the tasks function's."""
    values = {f"CLOISTER_{name}": kept.get(f"CLOISTER_{name}", "") for name in _SHARED}
    values |= {"CLOISTER_PREFIX": stage.prefix, "CLOISTER_DATABASE_HOST": outputs["DatabaseHost"]}
    if not stage.has_api:
        values["CLOISTER_ALLOWED_HOSTS"] = stage.text("balancer.host")
    if stage.text("door") == "endpoints" and "SiteBucketName" in outputs:  # with other doors the page is on our origin
        values["CLOISTER_SPA_ORIGINS"] = f"https://{outputs['SiteBucketName']}.{outputs['S3Host']}"
    if "AttachmentsBucketName" in outputs:
        values["CLOISTER_ATTACHMENTS_BUCKET"] = outputs["AttachmentsBucketName"]
        if stage.relays_files:
            values["CLOISTER_ATTACHMENTS_BY"] = "function"
        else:
            values["CLOISTER_ATTACHMENTS_ENDPOINT"] = outputs["S3Host"]
    place = stage.text("secrets")
    if place == "secretsmanager":
        values["CLOISTER_SECRETS"] = f"secretsmanager:{stage.prefix}/web"
    elif place == "ssm":
        values["CLOISTER_SECRETS"] = f"ssm:/{stage.prefix}/web/"
    return {name: value for name, value in values.items() if value}


def _secrets(kept: Mapping[str, str]) -> dict[str, str]:
    """Name the secrets that the tasks function keeps and the web function needs.

    Those are all but the tables' owner's, and the mail relay's: letters are sent by the tasks function.
    """
    from deploy import application

    known = [variable["name"] for variable in application.read()["variables"] if variable["secret"]]
    needless = ("CLOISTER_DATABASE_OWNER_", "CLOISTER_SMTP_")
    return {name: "tasks" for name in known if kept.get(name) and not name.startswith(needless)}
