"""One document that says what to look at: made where AWS can be asked, carried out where nothing but the stage can be.

It holds no secret: names, digests, and sentences.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy import application, blueprint
from deploy.aws import Account
from deploy.cfn import Evaluation
from deploy.failure import Failure
from deploy.site.files import PAGE
from deploy.site.sync import RELEASES, identity, listed
from deploy.stage import Stage
from deploy.verify.place import Place
from deploy.verify.table import checks
from deploy.verify.words import SAID
from deploy.words import Words, language
from deploy.zappa import pages

FORMAT = 1
PORT = 5432
_POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')

NOT_A_RECORD = Words(
    '{path} is no record of a release ({reason}): it is JSON with "files", each with sha256, bytes, type, encoding and '
    "caching, as the artefacts' bucket keeps below site-releases/.",
    '{path} はリリースの記録として読めません（{reason}）。成果物バケットの site-releases/ にある、"files"（それぞれ '
    "sha256、bytes、type、encoding、caching）を持つ JSON を指定してください。",
)
NO_RELEASE = Words(
    "{bucket} keeps no record of a page that was sent. First: python -m deploy site {name}",
    "{bucket} に画面のリリース記録がありません。先に python -m deploy site {name} を実行してください。",
)


def document(place: Place, *, made: dt.datetime) -> dict[str, Any]:
    """Return the document of a place; `made` is shown to whoever runs it."""
    files = {key: place.recorded[key] for key in sorted(place.recorded)}
    return {
        "format": FORMAT,
        "stage": place.stage,
        "made": f"{made:%Y-%m-%d %H:%M} UTC",
        "release": identity({"files": files}) if files else "",
        "api": place.api,
        "site": {"host": place.page.partition("://")[2].partition(":")[0], "base": f"{place.page}/", "files": files},
        "journey": [
            {**step, "line": leg["name"]}
            for leg in place.journey
            if place.takes_files or not leg["files"]
            for step in leg["steps"]
        ],
        "checks": checks(place),
        "words": {name: {"en": words.en, "ja": words.ja} for name, words in SAID.items()},
    }


def find(stage: Stage, account: Account, manifest: Path | None = None) -> Place:
    """Ask AWS where a stage stands and what was released there, or take the release from a file; raises `Failure`."""
    from deploy.site.verb import addresses
    from deploy.stack_runner import Runner

    known = addresses(stage, account)
    runner = Runner(account, language(), print, lambda _stack: False)
    database = runner.outputs(f"{stage.prefix}-data").get("DatabaseHost", "")
    recorded, page = (read(manifest), b"") if manifest else last_release(stage, account)
    facts = application.read()
    door = stage.text("door")
    address = known["page"].removesuffix(PAGE).removesuffix("/")
    api = known["api"].removesuffix("/api/") or address
    by_endpoint = f"https://{known['bucket']}.{known['s3_host']}" if known["s3_host"] else ""
    return Place(
        stage=stage.name,
        region=stage.region,
        door=door,
        page=address,
        bucket=known["bucket"],
        bucket_origin=by_endpoint if by_endpoint != address else "",
        balancer=runner.outputs(f"{stage.prefix}-loadbalancer").get("BalancerAddress", ""),
        headers=headers(door),
        relays_files=stage.relays_files,
        api=api,
        api_id=api.partition("://")[2].partition("-")[0] if stage.has_api else "",
        files=known["attachments"],
        files_bucket=stage.bucket("attachments", account.number),
        database=f"{database}:{PORT}" if database else "",
        private_dns=stage.flag("endpoints.private_dns"),
        functions_call_endpoints=stage.calls_endpoints,
        recorded=recorded,
        policy=policy(page, recorded),
        acceptance=facts["acceptance"],
        journey=facts["journey"],
    )


def headers(door: str) -> dict[str, str]:
    """Return what a door says with every file of the page; a bucket can say none of it."""
    if door == "load-balancer":
        made = {one.logical_id: one for one in Evaluation(blueprint.template("loadbalancer"), {}, {}).resources()}
        told = {entry["Key"].split(".")[3]: entry["Value"] for entry in made["Https"].properties["ListenerAttributes"]}
        return {name.replace("_", "-"): value for name, value in told.items() if name != "server"}
    return {name.lower(): value for name, value in pages.OF_OURS.items()} if door == "api" else {}


def read(path: Path) -> dict[str, Any]:
    """Read what a release consists of from a file: the site's own record, or a manifest that holds it as `site`.

    Raises:
        Failure: when it is neither, with the reason.

    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        files = (told if "files" in told else told["site"])["files"]
        return {key: {name: file[name] for name in _FIELDS} for key, file in files.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise Failure(NOT_A_RECORD.say(language(), path=path, reason=reason)) from error


_FIELDS = ("sha256", "bytes", "type", "encoding", "caching")


def last_release(stage: Stage, account: Account) -> tuple[dict[str, Any], bytes]:
    """Return the files of what was sent last, and its page as it was sent; raises `Failure` where nothing was."""
    client, bucket = account.client("s3"), stage.bucket("artefacts", account.number)
    records = [key for key in listed(client, bucket, RELEASES) if key.endswith(".json")]
    if not records:
        raise Failure(NO_RELEASE.say(language(), bucket=bucket, name=stage.name))
    newest = max(records, key=lambda key: key.split("-")[-2])  # `site` names records by their time
    files = json.loads(client.get_object(Bucket=bucket, Key=newest)["Body"].read())["files"]
    page = client.get_object(Bucket=bucket, Key=f"{newest.removesuffix('.json')}.html")["Body"].read()
    return files, page


def policy(page: bytes, recorded: Mapping[str, Any]) -> str | None:
    """Return the Content-Security-Policy of a page as it was sent; None where there is no page to read it from."""
    if not page:
        return None
    encoding = recorded[PAGE]["encoding"]
    if encoding == "br":
        import brotli

        page = brotli.decompress(page)
    elif encoding == "gzip":
        import gzip

        page = gzip.decompress(page)
    found = _POLICY.search(page.decode())
    return found.group(1) if found else ""
