"""Clients for a stage's account and region, and what went wrong in a sentence that helps."""

import contextlib
import datetime as dt
import threading
from typing import Any

from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

NO_CREDENTIALS = Words(
    "No AWS credentials were found ({error}). Sign in first (aws sso login, or set AWS_PROFILE); behind a proxy also "
    "set HTTPS_PROXY and AWS_CA_BUNDLE.",
    "AWS の認証情報が見つかりません（{error}）。先にサインインしてください（aws sso login、または AWS_PROFILE "
    "の設定）。"
    "プロキシの内側では HTTPS_PROXY と AWS_CA_BUNDLE も設定してください。",
)
UNTRUSTED = Words(
    "The answer to a question to AWS was signed by an authority that is not trusted here ({error}). A proxy that opens "
    "TLS does that: set AWS_CA_BUNDLE to a PEM file with the company's authority (and what "
    "python -m deploy doctor names for the other tools).",
    "AWS への接続が、信頼していない認証局の証明書で応答されました（{error}）。TLS を復号するプロキシがあると"
    "起こります。社内認証局の PEM ファイルを AWS_CA_BUNDLE に指定してください（他のツールの設定は "
    "python -m deploy doctor で確認できます）。",
)
UNREACHED = Words(
    "AWS cannot be reached ({error}). Behind a proxy set HTTPS_PROXY to its address, such as http://proxy:8080.",
    "AWS に接続できません（{error}）。プロキシがある場合は、HTTPS_PROXY にそのアドレス（http://proxy:8080 など）"
    "を指定してください。",
)
WRONG_ACCOUNT = Words(
    "These credentials belong to account {found}, but the stage file says aws.account = {wanted}. Nothing was done.",
    "認証情報のアカウントは {found} ですが、ステージファイルでは aws.account = {wanted} です。何も行いませんでした。",
)


READS = ("Describe", "Detect", "Filter", "Get", "Head", "List", "Simulate")
"""How the names of calls begin that change nothing."""

ASKS = frozenset({"CreateChangeSet", "DeleteChangeSet"})
"""How CloudFormation is asked what it would do."""


SENT_AT_ONCE = 2 * 2**20
"""Bytes of an object up to which it is sent without asking S3 first, which costs a round trip (100-continue).

The AWS SDK for Go draws the line there, too (`ContinueHeaderThresholdBytes` of its S3 client); botocore always asks.
"""


AT_ONCE = 20
"""Calls under way together, and connections that a client keeps for them.

Enough to hide a proxy's latency, few enough for its limits. botocore keeps ten connections: what is beyond them is
opened anew for each call.
"""


class NoCredentials(Failure):
    """Nobody is signed in, or AWS cannot be reached; `cause` is botocore's own sentence."""

    def __init__(self, cause: Exception) -> None:
        from botocore.exceptions import ConnectionError as NoConnection
        from botocore.exceptions import HTTPClientError, SSLError

        self.cause = cause
        sentence = NO_CREDENTIALS
        if isinstance(cause, SSLError):
            sentence = UNTRUSTED
        elif isinstance(cause, (HTTPClientError, NoConnection)):
            sentence = UNREACHED
        self.words = sentence.fill(error=cause)
        super().__init__(self.words.plain(language()))


def session(region: str) -> Any:
    """Give a boto3 session of a region, whose clients put small objects in one round trip, many at a time."""
    import boto3
    from botocore.config import Config
    from botocore.session import get_session

    core = get_session()
    core.set_default_client_config(Config(max_pool_connections=AT_ONCE))
    core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=instant)
    made = boto3.Session(region_name=region, botocore_session=core)
    made.events.register_last("before-call.s3", _send_at_once)  # after botocore's own, which asks
    return made


def instant(told: Any) -> dt.datetime:
    """Read a time from an answer, as botocore does: what is ISO 8601 in UTC, as each line of a listing is, at once.

    botocore hands every one to a parser of dates in any shape, which takes longer than the rest of a listing.
    """
    from botocore.utils import parse_timestamp

    if isinstance(told, str) and told.endswith("Z"):
        with contextlib.suppress(ValueError):
            return dt.datetime.fromisoformat(told)
    read: dt.datetime = parse_timestamp(told)
    return read


def _send_at_once(params: dict[str, Any], **_: Any) -> None:
    from botocore.utils import determine_content_length

    if "Expect" in params["headers"] and (determine_content_length(params["body"]) or 0) <= SENT_AT_ONCE:
        del params["headers"]["Expect"]


class Account:
    """One signed-in account, in a stage's region; the region never comes from the environment."""

    endpoint: str | None = None
    """Where every call goes that is given no address of its own; None: to AWS, or where the environment says."""

    def __init__(self, stage: Stage) -> None:
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        self.region = stage.region
        self.changes: list[str] = []
        """Calls that may have changed something, as SERVICE:CALL."""
        self._session = session(stage.region)
        self._session.events.register("before-call", self._note)
        self._config = Config(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=10)
        self._clients: dict[tuple[str, str | None], Any] = {}
        self._making = threading.Lock()  # a session is no thing for many threads (Boto3 guide, "Session")
        try:
            self.number = str(self.client("sts").get_caller_identity()["Account"])
        except (BotoCoreError, ClientError) as error:
            raise NoCredentials(error) from error
        wanted = stage.text("aws.account")
        if wanted and wanted != self.number:
            raise Failure(WRONG_ACCOUNT.say(language(), found=self.number, wanted=wanted))

    def client(self, service: str, address: str | None = None) -> Any:
        """Give a client of the stage's region, made once; `address` leads through an endpoint of our own."""
        address = address or self.endpoint
        with self._making:
            if (service, address) not in self._clients:
                made = self._session.client(service, config=self._config, endpoint_url=address)
                self._clients[service, address] = made
            return self._clients[service, address]

    def _note(self, model: Any, **_: Any) -> None:
        if not model.name.startswith(READS) and model.name not in ASKS:
            self.changes.append(f"{model.service_model.service_name}:{model.name}")

    def caller(self, *, longest: int) -> Any:
        """Give a client that calls functions of up to `longest` seconds, each call once whatever becomes of the line.

        botocore would send it again when the connection drops while a migration runs, and run that twice.
        """
        from botocore.config import Config

        patience = Config(
            connect_timeout=10,
            read_timeout=longest,
            tcp_keepalive=True,  # a company's proxy forgets a silent connection within minutes
            retries={"total_max_attempts": 1},
        )
        return self._session.client("lambda", config=patience, endpoint_url=self.endpoint)
