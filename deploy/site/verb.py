"""`python -m deploy site STAGE`: send the built page to the stage's bucket; only what changed, the page itself last."""

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from deploy import addresses as doors
from deploy.aws import Account
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

if TYPE_CHECKING:
    from deploy.site.files import File
    from deploy.site.sync import Site

NO_STACKS = Words(
    "{stack} does not stand yet, so there is nowhere to send the page. First: python -m deploy stacks {name}",
    "{stack} がまだないため、画面の送り先がありません。先に python -m deploy stacks {name} を実行してください。",
)
NO_API = Words(
    "The API {name} does not exist yet, and the page must know its address. First: zappa deploy {stage}",
    "API {name} がまだありません。画面に API のアドレスが必要です。先に zappa deploy {stage} を実行してください。",
)
DONE = Words("The site is at {address}", "サイトのアドレス: {address}")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("site", help="send the built page to its bucket", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--plan", action="store_true", help="show what would be sent, send nothing")
    parser.add_argument(
        "--through-endpoint", action="store_true", help="send through the stage's own S3 endpoint, not S3's public name"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Send, or show what would be sent."""
    from deploy import stage_file

    stage = stage_file.read(arguments.stage)
    account = Account(stage)
    known = addresses(stage, account)
    site = of_stage(stage, account, known, through_endpoint=arguments.through_endpoint)
    files = pages(stage, known)
    if arguments.plan:
        site.plan(files)
        return 0
    site.send(files)
    print(DONE.say(language(), address=known["page"]))
    return 0


def pages(stage: Stage, known: Mapping[str, str]) -> "list[File]":
    """Return the built page's files, the page itself last, with this stage's addresses in it."""
    from deploy.site.files import built, page

    reaches = [known["attachments"]] if known["attachments"] else []
    return built(page(known["api"], reaches), stage.text("site.compression"))


def of_stage(
    stage: Stage,
    account: Account,
    known: Mapping[str, str],
    *,
    through_endpoint: bool = False,
    say: Callable[[str], None] = print,
) -> "Site":
    """Return a stage's bucket of pages; `through_endpoint` leads through the stage's own S3 endpoint."""
    from deploy.site.sync import Site

    return Site(
        pages=account.client("s3", f"https://{known['s3_host']}" if through_endpoint else None),
        records=account.client("s3"),
        bucket=known["bucket"],
        archive=stage.bucket("artefacts", account.number),
        language=language(),
        say=say,
    )


def addresses(stage: Stage, account: Account) -> dict[str, str]:
    """Return where the page goes and what it must know; raises `Failure` where a part does not stand yet."""
    from deploy import lookups
    from deploy.stack_runner import Runner

    runner = Runner(account, language(), print, lambda _stack: False)
    outputs = lookups.given_endpoints(stage, account)
    for noun in (
        *([] if outputs else ["endpoints"]),
        "site",
        *(["attachments"] if stage.flag("buckets.attachments") else []),
    ):
        found = runner.outputs(f"{stage.prefix}-{noun}")
        if not found:
            raise Failure(NO_STACKS.say(language(), stack=f"{stage.prefix}-{noun}", name=stage.name))
        outputs |= found
    api = lookups.api_id(stage, account) if stage.has_api else ""
    if stage.has_api and not api:
        raise Failure(NO_API.say(language(), name=stage.prefix, stage=stage.name))
    return {
        **doors.of_stage(stage, outputs, api_id=api),
        "bucket": outputs["SiteBucketName"],
        "s3_host": outputs.get("S3Host", ""),
    }
