"""The artefact in its bucket: built when its inputs have changed, sent once, under the hash of its bytes."""

from deploy.artefact import build
from deploy.stage import Stage
from deploy.up.deployment import Deployment
from deploy.words import Words
from deploy.zappa import entry
from deploy.zappa.artefact import key

THERE = Words("{key} is there already.", "{key} は送信済みです。")
WOULD_SEND = Words("{key} would be sent, {size:.1f} MiB.", "{key} を送信予定（{size:.1f} MiB）。")
SENDING = Words("Sending {key}, {size:.1f} MiB ...", "{key} を送信しています（{size:.1f} MiB）...")


def run(deployment: Deployment, *, plan: bool = False) -> build.Artefact:
    """Build it and send it; return what was built."""
    built = build.artefact(architecture(deployment.stage))
    name = key(deployment.stage.prefix, built.sha256)
    size = built.zipped / 2**20
    if "ArtefactsBucketName" in deployment.outputs and _held(deployment, name):
        deployment.tell(THERE, key=name)
    elif plan:
        deployment.tell(WOULD_SEND, key=name, size=size)
    else:
        deployment.tell(SENDING, key=name, size=size)
        deployment.account.client("s3").put_object(
            Bucket=deployment.bucket, Key=name, Body=built.archive.read_bytes(), ChecksumAlgorithm="SHA256"
        )
    return built


def architecture(stage: Stage) -> str:
    """Return the processor that the stage's functions run on, as zappa_settings.json says it; containers run on x86."""
    if stage.in_containers:
        return "x86_64"
    return str(entry.written(stage).get("architecture", "x86_64"))


def _held(deployment: Deployment, name: str) -> bool:
    from botocore.exceptions import ClientError

    try:
        deployment.account.client("s3").head_object(Bucket=deployment.bucket, Key=name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchKey"):
            raise
        return False
    return True
