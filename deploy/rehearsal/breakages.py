"""Walls that are opened on purpose: a rule of `prove`, the change that breaks it, and the lines that must then fail.

Where two walls stand in each other's shelter both are opened, and `what` says so: that one alone holds is the point of
having two, and of no line of the acceptance.
"""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from deploy.failure import Failure
from deploy.rehearsal.changes import Changes
from deploy.words import Words, language

if TYPE_CHECKING:
    from deploy.rehearsal.rig import Rig

NO_WALL = Words(
    "There is nothing to open for {name}. What there is:\n{known}",
    "{name} に開けられる壁はありません。選べるもの:\n{known}",
)
ANYWHERE = "0.0.0.0/0"
APP, CORPORATE, DB, OUTSIDE = "app", "corporate", "db", "outside"


@dataclass(frozen=True)
class Wall:
    """One wall: what opening it means, how it is opened, and (vantage, line) of the acceptance that must be refuted."""

    what: Words
    open: Callable[[Changes], None]
    lines: tuple[tuple[str, str], ...]
    signs_in: bool = False
    """Whether the lines are among those of a person who signs in."""
    alone: bool = False
    """Whether its lines alone are looked at: where others would only wait, for what is no longer reached."""


@dataclass
class Opened:
    """A wall that is open."""

    undo: contextlib.ExitStack

    def shut(self) -> None:
        """Take every change back, the last one first."""
        self.undo.close()


def open_wall(wall: Wall, rig: "Rig") -> Opened:
    """Make the changes of a wall in the cloud; the network follows."""
    undo = contextlib.ExitStack()
    with contextlib.ExitStack() as failed:
        failed.push(undo)
        wall.open(Changes(rig.stage, rig.account, undo))
        failed.pop_all()
    rig.refresh()
    return Opened(undo)


def _internet_gateway(make: Changes) -> None:
    make.internet_gateway("Lb")
    make.ingress("endpoints", 443, ANYWHERE)


def _ingress_wide(make: Changes) -> None:
    make.ingress("endpoints", 443, ANYWHERE)
    make.egress("web", 443, ANYWHERE)


def _egress_default(make: Changes) -> None:
    make.egress("database", None, ANYWHERE)
    make.ingress("endpoints", 443, ANYWHERE)


def _plain(make: Changes) -> None:
    make.ingress("endpoints", 80, ANYWHERE)
    make.bucket_policy("site", without=("TlsOnly",))


def _database_ingress(make: Changes) -> None:
    make.ingress("database", 5432, ANYWHERE)
    make.egress("database", 5432, ANYWHERE)


def _public_database(make: Changes) -> None:
    make.internet_gateway("Db")
    make.ingress("database", 5432, ANYWHERE)


def _api_open(make: Changes) -> None:
    make.api_policy({"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"})


def _bucket_open(make: Changes) -> None:
    make.bucket_policy("site", without=("NowhereElse",), adding=[_anybody("s3:GetObject")])


def _bucket_write(make: Changes) -> None:
    make.bucket_policy("site", adding=[_anybody("s3:PutObject"), _anybody("s3:DeleteObject")])
    make.endpoint_policy("S3Id", adding=[_everything("s3:PutObject", "s3:DeleteObject")])


def _bucket_read(make: Changes) -> None:
    whole = {"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", "Resource": "{bucket}"}
    make.bucket_policy("attachments", adding=[whole])
    make.endpoint_policy("S3Id", adding=[_everything("s3:ListBucket")])


def _locked_out(make: Changes) -> None:
    make.without_ingress("endpoints")
    make.ingress("endpoints", 443, make.stage.text("network.cidr"))


def _no_way(make: Changes) -> None:
    make.without_ingress("database")


def _endpoint_refuses(make: Changes) -> None:
    make.endpoint_policy("S3GatewayId", without=("CheckAttachments",))


def _anybody(action: str) -> dict[str, object]:
    return {"Effect": "Allow", "Principal": "*", "Action": action, "Resource": "{bucket}/*"}


def _everything(*actions: str) -> dict[str, object]:
    return {"Effect": "Allow", "Principal": "*", "Action": list(actions), "Resource": "*"}


WALLS: Mapping[str, Wall] = MappingProxyType(
    {
        "graph.internet-gateway": Wall(
            Words("an internet gateway with a default route for the endpoints' subnets, whose group lets anybody in",
                  "エンドポイントのサブネットにインターネットゲートウェイと既定経路を付け、全アドレスからの着信を許可"),
            _internet_gateway,
            ((OUTSIDE, "wall.page-port"), (OUTSIDE, "wall.api-port")),
        ),
        "exposure.ingress-wide": Wall(
            Words("the endpoints' group lets anybody in, and the web function may call anybody",
                  "エンドポイントへの着信と Web 関数の発信を全アドレスに許可"),
            _ingress_wide,
            ((APP, "wall.page-port"), (APP, "wall.api-port")),
        ),
        "exposure.egress-default": Wall(
            Words("the database's group has AWS's own outbound rule, and the endpoints' group lets anybody in",
                  "データベースのグループが既定の発信許可のままで、エンドポイントが全アドレスからの着信を許可"),
            _egress_default,
            ((DB, "wall.page-port"), (DB, "wall.api-port")),
        ),
        "exposure.plain-transport": Wall(
            Words("port 80 of the endpoints is open, and the page's bucket takes requests without TLS",
                  "エンドポイントのポート 80 を開け、画面のバケットで TLS なしを許可"),
            _plain,
            ((CORPORATE, "wall.page-plain"),),
        ),
        "exposure.database-ingress": Wall(
            Words("the database's group lets anybody in, and lets what stands beside it out",
                  "データベースへの着信を全アドレスに許可し、隣のホストからの発信も許可"),
            _database_ingress,
            ((DB, "wall.database"),),
        ),
        "exposure.public-database": Wall(
            Words("the database's subnets have an internet gateway, and its group lets anybody in",
                  "データベースのサブネットにインターネットゲートウェイを付け、全アドレスからの着信を許可"),
            _public_database,
            ((OUTSIDE, "wall.database"),),
        ),
        "policy.api-open": Wall(
            Words("the API's policy lets everybody's endpoints call",
                  "API のポリシーが全エンドポイントからの呼び出しを許可"),
            _api_open,
            ((CORPORATE, "wall.api-foreign"),),
        ),
        "policy.bucket-open": Wall(
            Words("the page's bucket may be read by any way", "画面のバケットがどの経路からも読める"),
            _bucket_open,
            ((CORPORATE, "wall.page-public"), (CORPORATE, "wall.page-foreign"), (OUTSIDE, "wall.page-public")),
        ),
        "policy.bucket-write": Wall(
            Words("anybody may write into the page's bucket, and the endpoint lets them",
                  "画面のバケットに誰でも書き込め、エンドポイントも許可"),
            _bucket_write,
            ((CORPORATE, "wall.page-write"), (CORPORATE, "wall.page-delete")),
        ),
        "policy.bucket-read": Wall(
            Words("anybody may list the attachments, and the endpoint lets them",
                  "添付ファイルの一覧を誰でも取得でき、エンドポイントも許可"),
            _bucket_read,
            ((CORPORATE, "wall.files-unsigned"),),
        ),
        "completeness.locked-out": Wall(
            Words("the endpoints' group lets in the VPC's own range instead of the company's",
                  "エンドポイントが社内ではなく VPC 自身からの着信だけを許可"),
            _locked_out,
            ((CORPORATE, "certificate.page"), (CORPORATE, "api:GET /health")),
            alone=True,
        ),
        "completeness.no-way": Wall(
            Words("the database's group lets nobody in", "データベースへの着信を誰にも許可しない"),
            _no_way,
            ((APP, "open.database"),),
        ),
        "completeness.missing-endpoint": Wall(
            Words("the gateway endpoint's policy does not know the attachments",
                  "ゲートウェイエンドポイントのポリシーに添付ファイルの許可がない"),
            _endpoint_refuses,
            ((CORPORATE, "person.upload"),),
            signs_in=True,
            alone=True,
        ),
    }
)  # fmt: skip
"""Rule -> its wall. What has nothing to run (keys, logs, names of accounts) is for `prove` alone."""


def find(rule: str, walls: Mapping[str, Wall] = WALLS) -> Wall:
    """Give a rule's wall among a door's; raises `Failure`, which lists them all, where it has none."""
    if rule not in walls:
        known = "\n".join(f"  {name:<30} {wall.what.plain(language())}" for name, wall in walls.items())
        raise Failure(NO_WALL.say(language(), name=rule, known=known))
    return walls[rule]
