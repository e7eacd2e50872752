"""Where a container's image and variables will come from: known before the database has been waited for."""

from collections.abc import Iterator

from deploy import variables
from deploy.artefact import build
from deploy.container import base, engine
from deploy.doctor.finding import Finding
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words

_IMAGE = Words("container image", "コンテナイメージ")
_VARIABLES = Words("variables", "環境変数")
_NAMED = Words("containers.image names it", "containers.image で指定")
_NOWHERE = Words(
    "no container engine answers here, and containers.base names no file",
    "応答するコンテナエンジンがなく、containers.base も空です",
)
_WAYS = Words(
    "Write containers.base (docs/guide/network.md, In containers); an image that was pushed before serves too.",
    "containers.base を書いてください（docs/guide/network.ja.md の「コンテナで動かす」）。登録済みのイメージがあれば"
    "不要です。",
)


def findings(stage: Stage) -> Iterator[Finding]:
    """Look at what `up` would take; nothing for a stage of functions."""
    if not stage.in_containers:
        return
    try:
        variables.own(stage)
    except Failure as failure:
        yield Finding(verdict="bad", subject=_VARIABLES, found=Words(str(failure), str(failure)))
    path = stage.text("containers.base")
    if stage.text("containers.image"):
        yield Finding(verdict="good", subject=_IMAGE, found=_NAMED)
    elif path:
        try:
            base.read(build.ROOT / path, "x86_64")
        except Failure as failure:
            yield Finding(verdict="bad", subject=_IMAGE, found=Words(str(failure), str(failure)))
        else:
            yield Finding(verdict="good", subject=_IMAGE, found=Words(f"upon {path}", f"{path} に重ねて作成"))
    elif program := engine.found():
        yield Finding(verdict="good", subject=_IMAGE, found=Words(f"built by {program}", f"{program} で作成"))
    else:
        yield Finding(verdict="look", subject=_IMAGE, found=_NOWHERE, remedy=_WAYS)
