"""The database's master, who signs in only to make roles: RDS keeps its password, and renews it once it was used."""

import json
from collections.abc import Callable
from typing import Any

from deploy import lookups, waiting
from deploy.aws import Account
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Language, Words

WAITS = Words(
    "The master's password is being renewed ({status}); waiting ...",
    "マスターのパスワードを更新中です（{status}）。待機しています...",
)
NOT_ACTIVE = Words(
    "The master's secret {secret} stays {status}. Renew it in the RDS console (Manage in Secrets Manager), then run "
    "this again: it goes on where it was.",
    "マスターのシークレット {secret} が {status} のままです。RDS コンソールで更新してから、"
    "もう一度実行すると続きから再開します。",
)
TRIES, SECONDS = 60, 5.0


class Master:
    """The master of one stage's database; `say` prints a line, `pause` waits for seconds."""

    def __init__(
        self,
        stage: Stage,
        account: Account,
        speak: Language,
        say: Callable[[str], None],
        pause: Callable[[float], None],
    ) -> None:
        self._stage, self._account = stage, account
        self._speak, self._say, self._pause = speak, say, pause

    def sign_in(self, secret: str) -> dict[str, str]:
        """Return {"user", "password"} from the secret with this ARN, once it is what the database takes.

        Raises `Failure` when an earlier renewal has not ended after five minutes.
        """
        self._settled(secret)
        text = self._account.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
        held: dict[str, Any] = json.loads(text)
        return {"user": held["username"], "password": held["password"]}

    def renew(self) -> None:
        """Have RDS renew the password (Amazon RDS User Guide, "Rotating the master user password secret")."""
        rds, renewal = self._account.client("rds"), {"RotateMasterUserPassword": True, "ApplyImmediately": True}
        if self._stage.text("database.kind") == "aurora":
            rds.modify_db_cluster(DBClusterIdentifier=self._stage.prefix, **renewal)
        else:
            rds.modify_db_instance(DBInstanceIdentifier=self._stage.prefix, **renewal)

    def _settled(self, secret: str) -> None:
        status = ""

        def active() -> bool:
            nonlocal status
            held = lookups.database_held(self._stage, self._account)
            status = held.get("MasterUserSecret", {}).get("SecretStatus", "active")
            if status != "active":
                self._say("  " + WAITS.say(self._speak, status=status))
            return bool(status == "active")

        if not waiting.until(active, tries=TRIES, seconds=SECONDS, pause=self._pause):
            raise Failure(NOT_ACTIVE.say(self._speak, secret=secret, status=status))
