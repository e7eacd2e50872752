"""A stage's image in its repository: found there, named by the company, put together here, or built by an engine."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from deploy.artefact import build
from deploy.aws import Account
from deploy.container import assembly, base, context, engine
from deploy.container.registry import Repository
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

THERE = Words("{image} is there already.", "{image} は登録済みです。")
NAMED = Words(
    "{image}, as containers.image says; whether it is made of this release's code, nobody can tell from here.",
    "{image}（containers.image の指定どおり）。このリリースのコードで作られたかどうかは、ここでは確認できません。",
)
NOT_THERE = Words(
    "containers.image = {digest} is not in the repository {repository}. Push it there first (python -m deploy image "
    '{name} prepares its folder and shows the commands), or write "".',
    "containers.image = {digest} はリポジトリ {repository} にありません。先に登録するか"
    '（python -m deploy image {name} でフォルダーとコマンドが得られます）、"" にしてください。',
)
WOULD = Words("{repository}:{tag} would be made and pushed.", "{repository}:{tag} を作って登録する予定です。")
ASSEMBLING = Words(
    "Putting {repository}:{tag} together upon {base} ...", "{base} に重ねて {repository}:{tag} を作成中..."
)
BUILDING = Words("{engine} builds {repository}:{tag} ...", "{engine} で {repository}:{tag} を作成中...")
PUSHED = Words("{image} is pushed.", "{image} を登録しました。")
NO_WAY = Words(
    "No image {repository}:{tag} is there, and none can be made here: no container engine answers ({engines}), and "
    "containers.base names no file. One of: write containers.base (a base image as a file; no engine is needed then); "
    "or on a machine with an engine run python -m deploy image {name}, push, and run this again; or let the company's "
    "own builds push and write containers.image.",
    "イメージ {repository}:{tag} がなく、ここでは作れません（応答するコンテナエンジン {engines} がなく、"
    "containers.base も空です）。次のいずれかを行ってください: containers.base に基のイメージのファイルを書く"
    "（エンジンは不要）／エンジンのある環境で python -m deploy image {name} を実行して登録し、もう一度実行する／"
    "会社のビルドで登録し、containers.image に書く。",
)


class Images:
    """The images of one stage; `say` prints a line."""

    def __init__(self, stage: Stage, account: Account, say: Callable[[str], None]) -> None:
        self._stage, self._account, self._say = stage, account, say
        self._client = account.client("ecr")
        self._repository = Repository(self._client, stage.prefix)
        self.name = f"{account.number}.dkr.ecr.{stage.region}.amazonaws.com/{stage.prefix}"

    def holds(self, image: str) -> bool:
        """Say whether an image, as `of` has returned it, is still there."""
        return bool(self._repository.digest_of(imageDigest=image.rpartition("@")[2]))

    def of(self, built: build.Artefact, *, plan: bool = False) -> str:
        """Return the image of an artefact by its digest, made and pushed where it is missing; empty in a plan."""
        named = self._stage.text("containers.image")
        if named:
            return self._named(named, plan=plan)
        below = self._base(built)
        tag = context.identity(built, below.identity if below else "")[:16]
        digest = self._repository.digest_of(imageTag=tag)
        if digest:
            self._tell(THERE, image=f"{self.name}:{tag}")
        elif plan:
            self._tell(WOULD, repository=self.name, tag=tag)
            return ""
        else:
            digest = self._make(built, below, tag)
            self._tell(PUSHED, image=f"{self.name}@{digest}")
        return f"{self.name}@{digest}"

    def _named(self, digest: str, *, plan: bool) -> str:
        if not self._repository.digest_of(imageDigest=digest):
            if plan:
                return ""
            raise Failure(NOT_THERE.say(language(), digest=digest, repository=self.name, name=self._stage.name))
        image = f"{self.name}@{digest}"
        self._tell(NAMED, image=image)
        return image

    def _base(self, built: build.Artefact) -> base.Base | None:
        path = self._stage.text("containers.base")
        return base.read(build.ROOT / path, built.architecture) if path else None

    def _make(self, built: build.Artefact, below: base.Base | None, tag: str) -> str:
        if below:
            self._tell(ASSEMBLING, repository=self.name, tag=tag, base=below.path.name)
            with tempfile.TemporaryDirectory(prefix="cloister-image-") as temporary:
                folder = Path(temporary)
                context.make(built, folder / "context")
                made = assembly.assemble(below, folder / "context", folder / "blobs")
                return self._repository.send(made, tag)
        program = engine.found()
        if not program:
            engines = ", ".join(engine.ENGINES)
            name = self._stage.name
            raise Failure(NO_WAY.say(language(), repository=self.name, tag=tag, engines=engines, name=name))
        self._tell(BUILDING, engine=Path(program).name, repository=self.name, tag=tag)
        with tempfile.TemporaryDirectory(prefix="cloister-image-") as temporary:
            folder = Path(temporary) / "context"
            context.make(built, folder)
            engine.run(engine.building(program, f"{self.name}:{tag}", built.architecture), folder, say=self._say)
            engine.sign_in(program, self.name.partition("/")[0], self._client)
            engine.run([program, "push", f"{self.name}:{tag}"], folder, say=self._say)
            shutil.rmtree(folder)
        return self._repository.digest_of(imageTag=tag)

    def _tell(self, words: Words, **values: object) -> None:
        self._say("  " + words.say(language(), **values))
