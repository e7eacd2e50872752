"""What copies of instances and of clusters have in common; a kind says what RDS calls it and its parts."""

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from deploy import waiting
from deploy.failure import Failure
from deploy.words import Language, Words

WAITS = Words("{name} is {status}; waiting ...", "{name} の状態: {status}。待機しています...")
TOO_LONG = Words(
    "{name} is still {status} after an hour. See the RDS console; then run this again, which goes on from here.",
    "{name} が 1 時間たっても {status} のままです。RDS コンソールで確認し、もう一度実行すると続きから再開します。",
)
TRIES, SECONDS = 240, 15.0
ABSENT = "not there yet"


@dataclass(frozen=True)
class Databases(ABC):
    """The databases of one kind in a stage's account; `say` prints a line, `pause` waits for seconds."""

    rds: Any
    language: Language
    say: Callable[[str], None]
    pause: Callable[[float], None]

    KIND: ClassVar[str]
    """How RDS's parameters and errors about one begin."""
    CALLS: ClassVar[str]
    """How the names of its calls end."""
    STATUS: ClassVar[str]
    ID: ClassVar[str]
    """What IAM policies name it by."""

    @abstractmethod
    def copy(
        self, source: Mapping[str, Any], name: str, at: dt.datetime, tags: Mapping[str, str], *, passing: bool = False
    ) -> None:
        """Ask for a copy of one as it was at a moment, in the same place, as well guarded.

        `passing`: it is to be deleted soon.
        """

    @abstractmethod
    def delete(self, name: str) -> None:
        """Remove a copy and keep nothing of it."""

    @staticmethod
    @abstractmethod
    def address(found: Mapping[str, Any]) -> str:
        """Return the name under which it takes connections."""

    @staticmethod
    @abstractmethod
    def removal(name: str) -> str:
        """Say how a person removes one, with a last snapshot."""

    def identity(self, found: Mapping[str, Any]) -> str:
        """Return the id that IAM policies name."""
        return str(found[self.ID])

    def find(self, name: str) -> dict[str, Any] | None:
        """Return what RDS says of one, None where there is none."""
        from botocore.exceptions import ClientError

        try:
            told = getattr(self.rds, f"describe_{self.CALLS}s")(**{f"{self.KIND}Identifier": name})
        except ClientError as error:
            if error.response["Error"]["Code"] not in (f"{self.KIND}NotFound", f"{self.KIND}NotFoundFault"):
                raise
            return None
        return dict(told[f"{self.KIND}s"][0])

    def begin_with(self, start: str) -> list[str]:
        """Return the names of those whose names begin like this."""
        pages = self.rds.get_paginator(f"describe_{self.CALLS}s").paginate()
        names = [str(found[f"{self.KIND}Identifier"]) for page in pages for found in page[f"{self.KIND}s"]]
        return [name for name in names if name.startswith(start)]

    def wait(self, name: str) -> dict[str, Any]:
        """Return what RDS says of one once it is available; raises `Failure` when that takes an hour."""
        status = ""

        def available() -> dict[str, Any] | None:
            nonlocal status
            found = self.find(name)
            before, status = status, found[self.STATUS] if found else ABSENT
            if found and status == "available":
                return found
            if status != before:
                self.say("  " + WAITS.say(self.language, name=name, status=status))
            return None

        found = waiting.until(available, tries=TRIES, seconds=SECONDS, pause=self.pause)
        if found is None:
            raise Failure(TOO_LONG.say(self.language, name=name, status=status))
        return found

    def complete(self, name: str, source: Mapping[str, Any]) -> None:
        """Give a copy what a restore cannot: a password of its own that RDS keeps, the same backups and upkeep."""
        secret = source.get("MasterUserSecret", {}).get("KmsKeyId")
        if "MasterUserSecret" not in self.wait(name):
            self._modify(
                name,
                ManageMasterUserPassword=True,
                BackupRetentionPeriod=source["BackupRetentionPeriod"],
                PreferredMaintenanceWindow=source["PreferredMaintenanceWindow"],
                **({"MasterUserSecretKmsKeyId": secret} if secret else {}),
            )
            self.wait(name)

    def rename(self, name: str, new: str) -> None:
        """Give one another name, and wait until it answers to it."""
        self._modify(name, **{f"New{self.KIND}Identifier": new})
        self.wait(new)

    def _modify(self, name: str, **changes: object) -> None:
        which = {f"{self.KIND}Identifier": name}
        getattr(self.rds, f"modify_{self.CALLS}")(**which, ApplyImmediately=True, **changes)
