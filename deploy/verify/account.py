"""The account by which a stage is verified: made and removed by the application's command, in the tasks function."""

import base64
import hashlib
import json
import secrets
import shlex
from typing import Any

from deploy import application, tasks_function
from deploy.aws import Account
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

ITERATIONS = 1_000_000
"""Of PBKDF2, as Django 5.2 hashes passwords; with fewer it would hash this one anew at sign-in."""

REFUSED = Words(
    "The account for signing in could not be made: {function} answered {reason}. Without signing in: --no-sign-in",
    "サインイン用アカウントを作れませんでした（{function}: {reason}）。"
    "サインインを省くには --no-sign-in を付けてください。",
)
NOT_REMOVED = Words(
    "The account {name} could not be removed ({reason}). It cannot do much, and the stage's timer removes it within an "
    "hour; or now: python -m deploy verify {stage} --remove-account {name}",
    "アカウント {name} を削除できませんでした（{reason}）。1 時間以内にタイマーが削除します。"
    "すぐに削除するには python -m deploy verify {stage} --remove-account {name} を実行してください。",
)


class NotDone(Exception):
    """The tasks function did not do what it was asked; the message is its own."""


class Accounts:
    """Accounts for verification of one stage. A password is known to this process and to whoever is given it."""

    def __init__(self, stage: Stage, account: Account, *, iterations: int = ITERATIONS) -> None:
        self.stage = stage
        self.function = f"{stage.prefix}-tasks"
        self._account = account
        self._iterations = iterations
        self._command: str = application.read()["account"]

    def open(self) -> tuple[str, str]:
        """Make one; return its user name and password. Raises `Failure`."""
        name, password = f"verify-{secrets.token_hex(6)}", secrets.token_urlsafe(32)
        try:
            self._run("open", name, hashed(password, iterations=self._iterations))
        except NotDone as error:
            raise Failure(REFUSED.say(language(), function=self.function, reason=error)) from error
        return name, password

    def close(self, name: str) -> None:
        """Remove one, with all that it made. Raises `Failure`, which says that the timer will."""
        try:
            self._run("close", name)
        except NotDone as error:
            said = NOT_REMOVED.say(language(), name=name, reason=error, stage=self.stage.name)
            raise Failure(said) from error

    def _run(self, *words: str) -> None:
        """Send the command; harmless when the line drops and it is sent again."""
        from botocore.exceptions import BotoCoreError, ClientError

        if self.stage.in_containers:
            self._run_as_task(*words)
            return
        event = {"manage": shlex.join([self._command, *words])}
        try:
            response: Any = self._account.client("lambda").invoke(FunctionName=self.function, Payload=json.dumps(event))
        except (BotoCoreError, ClientError) as error:
            raise NotDone(str(error)) from error
        answer = json.loads(response["Payload"].read() or "null")
        told = answer if isinstance(answer, dict) else {}
        if "FunctionError" in response:
            reason = str(told.get("errorMessage") or response["FunctionError"])
            raise NotDone(reason.replace(words[-1], "..."))  # the hash is of no use to whoever reads this

    def _run_as_task(self, *words: str) -> None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            tasks_function.of_stage(self.stage, self._account).manage(self._command, *words)
        except tasks_function.CallFailed as error:
            raise NotDone(error.reason.replace(words[-1], "...")) from error
        except (BotoCoreError, ClientError) as error:
            raise NotDone(str(error)) from error


def hashed(password: str, *, iterations: int) -> str:
    """Return a password's hash as Django writes it (django.contrib.auth.hashers, `PBKDF2PasswordHasher`)."""
    salt = secrets.token_hex(16)
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations)
    return f"pbkdf2_sha256${iterations}${salt}${base64.b64encode(digest).decode()}"
