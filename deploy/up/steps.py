"""The steps of `up` in their order, each with what it is called and whether it may be run by itself."""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from deploy.artefact.build import Artefact
from deploy.failure import Failure
from deploy.up import artefact, bootstrap, containers, door, manifest, migrate, page, tasks, web
from deploy.up.deployment import Deployment
from deploy.words import Words

DOCTOR = Words("Doctor: what would go wrong", "診断: 途中で失敗する原因がないか")
STACKS = Words("Stacks: network, database, buckets, roles", "スタック: ネットワーク・データベース・バケット・ロール")
ARTEFACT = Words("Artefact: the code of this release", "アーティファクト: このリリースのコード")
TASKS = Words("Tasks function: migrations, commands, timers", "タスク関数: マイグレーション・コマンド・定期処理")
BOOTSTRAP = Words("Bootstrap: the database's roles", "初期化: データベースのロール")
MIGRATE = Words("Migrate: the database's tables", "マイグレーション: データベースの表")
WEB = Words("Web: the function and its private API, by Zappa", "Web: 関数とプライベート API（Zappa）")
IMAGE = Words("Image: the code that containers run", "イメージ: コンテナが実行するコード")
BEGIN = Words("Tasks: migrations, commands, timers", "タスク: マイグレーション・コマンド・定期処理")
SERVE = Words("Web: the containers behind the load balancer", "Web: ロードバランサーの後ろのコンテナ")
DOOR = Words("Door: what leads to the function", "入口: 関数への通り道")
SITE = Words("Site: the page in its bucket", "サイト: バケットの画面")
RELEASE = Words("Release: what stands now", "リリース: 現在の構成の記録")

VERIFY = Words("Verify: what can be seen from this host", "検証: このホストから確認できること")

NOT_LOOKED = Words("Not looked at in this run.", "今回は確認しません。")
UNWELL = Words(
    "What stands in the way: {count} (marked BAD above). Mend them and run this again; nothing was changed.",
    "{count} 件の問題があります（上の BAD）。解消してから再度実行してください。何も変更していません。",
)
TOOK = Words("({seconds:.0f} s)", "（{seconds:.0f} 秒）")


@dataclass
class Run:
    """One run of the steps: what is worked on, and what steps hand on to later ones."""

    deployment: Deployment
    plan: bool = False
    empty_database: bool = False
    built: Artefact | None = None
    image: str | None = None
    site: str = ""
    zappa_ran: bool = False
    first_release: bool = False
    verify: bool = True
    verified: int | None = None

    def artefact(self) -> Artefact:
        """Return what this tree builds, looked up once."""
        if self.built is None:
            self.built = artefact.run(self.deployment, plan=self.plan)
        return self.built

    def pushed(self) -> str:
        """Return the image of what this tree builds, looked up or made once; empty where a plan cannot know it."""
        if self.image is None:
            self.image = containers.image(self.deployment, self.artefact(), plan=self.plan)
        return self.image


def doctor(run: Run) -> None:
    from deploy.doctor.verb import findings

    bad = 0
    for finding in findings(run.deployment.stage, dt.datetime.now(dt.UTC), run.deployment.account):
        bad += finding.verdict == "bad"
        run.deployment.say(f"  {finding.say(run.deployment.language)}")
    if bad and not run.plan:
        raise Failure(UNWELL.say(run.deployment.language, count=bad))


def stacks(run: Run) -> None:
    if run.plan:
        run.deployment.stacks.plan()
    else:
        run.deployment.stacks.up(empty_database=run.empty_database)
        run.deployment.changed()


def _artefact(run: Run) -> None:
    run.artefact()


def _image(run: Run) -> None:
    run.pushed()


def _tasks(run: Run) -> None:
    if run.deployment.stage.in_containers:
        containers.begin(run.deployment, run.pushed(), plan=run.plan)
    else:
        tasks.run(run.deployment, run.artefact(), plan=run.plan)


def _bootstrap(run: Run) -> None:
    bootstrap.run(run.deployment, plan=run.plan)


def _migrate(run: Run) -> None:
    migrate.run(run.deployment, run.artefact(), plan=run.plan)


def _web(run: Run) -> None:
    if run.deployment.stage.in_containers:
        containers.serve(run.deployment, run.pushed(), plan=run.plan)
        return
    run.zappa_ran = web.run(run.deployment, run.artefact(), plan=run.plan)


def _door(run: Run) -> None:
    changed = door.run(run.deployment, plan=run.plan)
    if changed and not run.plan and run.deployment.stage.text("door") == "api":
        # The page's address is part of the API's, which nobody knew before: the function learns it now.
        run.zappa_ran |= web.run(run.deployment, run.artefact())


def _site(run: Run) -> None:
    run.site = page.run(run.deployment, plan=run.plan)


def _release(run: Run) -> None:
    if not run.plan:
        now = dt.datetime.now(dt.UTC)
        image = run.pushed() if run.deployment.stage.in_containers else ""
        run.first_release = manifest.run(run.deployment, run.artefact(), run.site, now, image=image) == 1


def _verify(run: Run) -> None:
    from deploy.up import prove

    if run.plan or not run.verify:
        run.deployment.tell(NOT_LOOKED)
    else:
        run.verified = prove.run(run.deployment)


@dataclass(frozen=True)
class Step:
    """One step: its heading, and what it does."""

    title: Words
    work: Callable[[Run], None]


STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "doctor": Step(DOCTOR, doctor),
        "stacks": Step(STACKS, stacks),
        "artefact": Step(ARTEFACT, _artefact),
        "tasks": Step(TASKS, _tasks),
        "bootstrap": Step(BOOTSTRAP, _bootstrap),
        "migrate": Step(MIGRATE, _migrate),
        "web": Step(WEB, _web),
        "door": Step(DOOR, _door),
        "site": Step(SITE, _site),
        "release": Step(RELEASE, _release),
        "verify": Step(VERIFY, _verify),
    }
)
"""Verb -> step. `doctor`, `stacks`, `site` and `verify` have modules of their own; `release` only ends the others."""

IN_CONTAINERS: Mapping[str, Step] = MappingProxyType(
    {
        **{name: STEPS[name] for name in ("doctor", "stacks", "artefact")},
        "image": Step(IMAGE, _image),
        "tasks": Step(BEGIN, _tasks),
        **{name: STEPS[name] for name in ("bootstrap", "migrate")},
        "web": Step(SERVE, _web),
        **{name: STEPS[name] for name in ("site", "release", "verify")},
    }
)
"""The same where containers run the application: no Zappa, and no API whose endpoint would be narrowed."""


def go(run: Run, clock: Callable[[], float] = time.monotonic) -> None:
    """Run every step, numbered, each with the seconds that it took."""
    steps = IN_CONTAINERS if run.deployment.stage.in_containers else STEPS
    for number, step in enumerate(steps.values(), start=1):
        run.deployment.say(f"[{number}/{len(steps)}] {step.title.plain(run.deployment.language)}")
        began = clock()
        step.work(run)
        run.deployment.tell(TOOK, seconds=clock() - began)
