"""`python -m deploy rollback STAGE`: the release before, or an earlier one: its page, its code, its settings.

The database stays as it is. That is safe for one change of the tables: migrations only expand what the code before
them uses, and contract it one release later. Further back the manifests cannot promise it, and this refuses.
"""

import argparse
import datetime as dt
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from deploy.aws import Account
from deploy.failure import Failure
from deploy.release import Release, Releases, next_one
from deploy.words import Words, language

if TYPE_CHECKING:
    from deploy.up.deployment import Deployment

NONE = Words("{name} has no release before this one to go back to.", "{name} には戻せる以前のリリースがありません。")
NO_SUCH = Words("{name} has no release {number}; it has {all}.", "リリース {number} はありません（あるもの: {all}）。")
TOO_FAR = Words(
    "Release {number} is {steps} changes of the database's tables back, and its code may miss what was removed since. "
    "Go back to one of {near}, or restore the database of that time too: python -m deploy restore {name} --to TIME",
    "リリース {number} の後にデータベースの表が {steps} 回変わっているため、当時のコードは動かないおそれがあります。"
    "{near} に戻すか、データベースも当時に戻してください: python -m deploy restore {name} --to 日時",
)
NO_ARTEFACT = Words(
    "s3://{bucket}/{key} is no longer there. Check out {commit} and run: python -m deploy up {name}",
    "s3://{bucket}/{key} がありません。{commit} をチェックアウトして python -m deploy up {name} を実行してください。",
)
NO_IMAGE = Words(
    "{image} is no longer there: its repository keeps the last ten. Check out {commit} and run: python -m deploy up "
    "{name}",
    "{image} がありません（リポジトリに残るのは最新の 10 個です）。{commit} をチェックアウトして "
    "python -m deploy up {name} を実行してください。",
)
OTHER_BACKEND = Words(
    'Release {number} ran {then}; the stage file says backend = "{now}". Check out {commit} with its stage file and '
    "run: python -m deploy up {name}",
    'リリース {number} は{then}で動いていましたが、ステージファイルは backend = "{now}" です。{commit} とそのときの'
    "ステージファイルで python -m deploy up {name} を実行してください。",
)
IN_CONTAINERS = Words("in containers", "コンテナ")
IN_FUNCTIONS = Words("in functions", "関数")
ASK = Words(
    "Take {name} back from release {now} to {number}? Type yes: ",
    "{name} をリリース {now} から {number} に戻しますか？ yes と入力してください: ",
)
REFUSED = Words(
    "Nothing was changed: the answer was not yes. Where nobody can answer: --yes",
    "yes と入力されなかったため、何も変更していません。入力できない環境では --yes を付けてください。",
)
BACK = Words(
    "Release {number} serves again, as release {now}. The database was not touched: its tables still have what "
    "release {number} uses.",
    "リリース {number} に戻しました（リリース {now} として記録）。データベースは変更していません。"
    "リリース {number} が使う表はそのまま残っています。",
)
PAGE, TASKS, WEB, CONTAINERS = (
    Words("The page", "画面"),
    Words("The tasks function", "タスク関数"),
    Words("The web function", "Web 関数"),
    Words("The containers", "コンテナ"),
)


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("rollback", help="an earlier release's page, code, settings", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("--to", metavar="N", type=int, default=0, help="which release (the one before)")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Ask, then go back; run again, it goes on where it was broken off."""
    from deploy import stage_file
    from deploy.up.verb import aws_may_refuse, deployment

    stage = stage_file.read(arguments.stage)
    known = deployment(stage, Account(stage), yes=arguments.yes)
    aws_may_refuse(stage, lambda: go_back(known, arguments.to))
    return 0


def go_back(known: "Deployment", number: int = 0) -> None:
    """Put an earlier release in place; 0 is the one before what stands."""
    known.refuse_while_restoring()
    releases = Releases(known.account.client("s3"), known.bucket)
    wanted, now = choose(releases.all(), number, known.stage.name)
    _check_artefact(known, wanted)
    question = ASK.say(known.language, name=known.stage.name, now=now.number, number=wanted.number)
    if not known.stacks.ask(question):
        raise Failure(REFUSED.plain(known.language))
    # The page first: it works with the newer API, which takes all that the older one took.
    known.say(PAGE.plain(known.language))
    _page(known, wanted)
    if known.stage.in_containers:
        _containers(known, wanted)
    else:
        _functions(known, wanted)
    written = next_one(
        now,
        dt.datetime.now(dt.UTC),
        artefact=wanted.artefact,
        site=wanted.site,
        schema=now.schema,
        settings=_settings(known, wanted),
        stage=wanted.stage,
        back_to=wanted.number,
    )
    releases.write(written)
    known.tell(BACK, number=wanted.number, now=written.number)


def choose(releases: Sequence[Release], number: int, name: str) -> tuple[Release, Release]:
    """Return the release to go back to and the one that stands; raises `Failure` where that may not work.

    Without a number: the newest one whose content is another than what stands. A release that only went back counts as
    the one it went back to.
    """
    if not releases:
        raise Failure(NONE.say(language(), name=name))
    now = releases[-1]
    others = [release for release in releases if release.content != now.content and not release.back_to]
    if now.back_to:
        others = [release for release in others if release.number < now.back_to]
    if number:
        chosen = next((release for release in releases if release.number == number), None)
        if chosen is None:
            known = ", ".join(str(release.number) for release in releases)
            raise Failure(NO_SUCH.say(language(), name=name, number=number, all=known))
    elif others:
        chosen = others[-1]
    else:
        raise Failure(NONE.say(language(), name=name))
    steps = _changes_since(releases, chosen)
    if steps > 1:
        near = [str(release.number) for release in releases[:-1] if _changes_since(releases, release) <= 1]
        told = ", ".join(near) or "-"
        raise Failure(TOO_FAR.say(language(), number=chosen.number, steps=steps, near=told, name=name))
    return chosen, now


def _changes_since(releases: Sequence[Release], chosen: Release) -> int:
    """Count how often the tables have changed after a release."""
    later = [release.schema for release in releases if release.number >= chosen.number]
    return sum(before != after for before, after in itertools.pairwise(later))


def _check_artefact(known: "Deployment", wanted: Release) -> None:
    from botocore.exceptions import ClientError

    key = wanted.artefact["key"]
    try:
        known.account.client("s3").head_object(Bucket=known.bucket, Key=key)
    except ClientError as error:
        words = NO_ARTEFACT.say(
            known.language, bucket=known.bucket, key=key, commit=wanted.commit or "?", name=known.stage.name
        )
        raise Failure(words) from error
    image = wanted.artefact.get("image", "")
    if bool(image) != known.stage.in_containers:
        then = (IN_CONTAINERS if image else IN_FUNCTIONS).plain(known.language)
        now, commit = known.stage.text("backend"), wanted.commit or "?"
        words = OTHER_BACKEND.say(
            known.language, number=wanted.number, then=then, now=now, commit=commit, name=known.stage.name
        )
        raise Failure(words)
    if image:
        from deploy.container.images import Images

        if not Images(known.stage, known.account, known.say).holds(image):
            told = NO_IMAGE.say(known.language, image=image, commit=wanted.commit or "?", name=known.stage.name)
            raise Failure(told)


def _page(known: "Deployment", wanted: Release) -> None:
    from deploy.site import verb

    site = verb.of_stage(
        known.stage,
        known.account,
        verb.addresses(known.stage, known.account),
        say=lambda line: known.say(f"  {line}"),
    )
    site.restore(wanted.site)


def _settings(known: "Deployment", wanted: Release) -> dict[str, Any]:
    if known.stage.in_containers:
        return dict(wanted.settings)
    from deploy.up import web
    from deploy.zappa import filled

    return filled.kept_of(wanted.settings, web.settings(known))


def _functions(known: "Deployment", wanted: Release) -> None:
    from deploy.up import web

    known.say(TASKS.plain(known.language))
    artefact, settings = wanted.artefact, _settings(known, wanted)
    known.up("tasks", {"ArtefactKey": artefact["key"], "ArtefactArchitecture": artefact["architecture"]})
    known.say(WEB.plain(known.language))
    web.bring(known, settings, artefact["key"], artefact["sha256"])


def _containers(known: "Deployment", wanted: Release) -> None:
    """Let tasks and web containers run the release's image, with today's secrets."""
    from deploy.up import containers

    known.say(CONTAINERS.plain(known.language))
    containers.serve(known, wanted.artefact["image"], settings=wanted.settings)
