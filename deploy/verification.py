"""`python -m deploy verification STAGE up|run|down`: a second VPC that stands for the company, to look at a stage from.

It costs by the hour and needs rights that a deployer does not have (instances, roles): made for looking, then removed.
"""

import argparse
import datetime as dt
import ipaddress
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from deploy import blueprint, waiting
from deploy.aws import Account
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Language, Words, language

if TYPE_CHECKING:
    from deploy.verify.account import Accounts

NOUN = "verification"
PROBE_IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
WINDOWS_IMAGE = "/aws/service/ami-windows-latest/Windows_Server-2022-Japanese-Full-Base"
"""Public parameters by which AWS names its newest images (Systems Manager User Guide, "Finding public parameters")."""
FOR_THE_PROBE = ("verify.py", "ca.pem", "account")
"""What it fetches at each start: what to look with, the company's authorities, and who to sign in as (two lines)."""
PATIENCE = 15 * 60
EVERY = 10
"""Seconds: how long a report is waited for, and how often it is asked for."""

OUTSIDE = Words(
    "--cidr {cidr}: it must lie inside a range of corporate.cidrs ({ranges}), which the stage admits, be from /28 to "
    "/24, and overlap {vpc} nowhere.",
    "--cidr {cidr}: corporate.cidrs（{ranges}）のどれかの中の /28〜/24 で、{vpc} と重ならない範囲にしてください。",
)
NO_STAGE = Words(
    "{stack} does not stand, so there is nothing to look at. First: python -m deploy stacks {name}",
    "{stack} がないため、確認する相手がありません。先に python -m deploy stacks {name} を実行してください。",
)
NOT_UP = Words(
    "{stack} does not stand. First: python -m deploy verification {name} up",
    "{stack} がありません。先に python -m deploy verification {name} up を実行してください。",
)
NOT_PEM = Words(
    "--ca {path}: name a file of certificates in PEM form.",
    "--ca {path}: PEM 形式の証明書ファイルを指定してください。",
)
NO_FILE = Words(
    "{path} is not there. It is written by: python -m deploy verify {name} --write {path}",
    "{path} がありません。python -m deploy verify {name} --write {path} で作成してください。",
)
LATE = Words(
    "No report after {minutes} minutes. What the probe said while starting: aws ec2 get-console-output --latest "
    "--region {region} --instance-id {probe}",
    "{minutes} 分待ちましたが報告がありません。プローブの起動時の出力: aws ec2 get-console-output --latest "
    "--region {region} --instance-id {probe}",
)
THEIR_ROUTES = Words(
    "The stage's subnets belong to others: please have them route {cidr} to the new {link} for as long as this stands.",
    "ステージのサブネットは他者の管理です。これがある間だけ、{cidr} への経路を新しい{link}に向けてもらってください。",
)
HOW = Words(
    "Look from there: python -m deploy verification {name} run",
    "そこから確認するには: python -m deploy verification {name} run",
)
WINDOWS = Words(
    "Look with Edge (Session Manager's plugin is needed here; RDP listens on this machine only):\n"
    "  aws ssm start-session --region {region} --target {host}\n"
    "    net user viewer * /add\n"
    '    net localgroup "Remote Desktop Users" viewer /add\n'
    "    exit\n"
    "  aws ssm start-session --region {region} --target {host} --document-name AWS-StartPortForwardingSession "
    '--parameters "portNumber=3389,localPortNumber=13389"\n'
    "  mstsc /v:localhost:13389",
    "Edge で見るには（手元に Session Manager プラグインが必要です。RDP は手元のマシンだけで待ち受けます）:\n"
    "  aws ssm start-session --region {region} --target {host}\n"
    "    net user viewer * /add\n"
    '    net localgroup "Remote Desktop Users" viewer /add\n'
    "    exit\n"
    "  aws ssm start-session --region {region} --target {host} --document-name AWS-StartPortForwardingSession "
    '--parameters "portNumber=3389,localPortNumber=13389"\n'
    "  mstsc /v:localhost:13389",
)
AFTERWARDS = Words(
    "Afterwards: python -m deploy verification {name} down",
    "終わったら: python -m deploy verification {name} down",
)
WAITING = Words("The probe looks; its report is waited for.", "プローブが確認しています。報告を待ちます。")
GONE = Words("Nothing of it is left.", "何も残っていません。")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser(NOUN, help="look at a stage from a VPC that stands for the company")
    parser.description = __doc__
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("what", choices=("up", "run", "down"))
    parser.add_argument("--cidr", default="", help="its range (the last /26 of the first of corporate.cidrs)")
    parser.add_argument("--windows", action="store_true", help="with up: also a Windows host, to look with Edge")
    parser.add_argument("--file", type=Path, help="with run: what `verify --write` wrote (it is written anew)")
    parser.add_argument("--ca", metavar="FILE", type=Path, help="with run: the company's own authorities, as PEM")
    parser.add_argument("--no-sign-in", action="store_true", help="with run: leave the person out")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; of `run` 0 where the report came, whatever it says."""
    from deploy import stage_file
    from deploy.stacks import asker

    stage = stage_file.read(arguments.stage)
    place = Verification(stage, Account(stage), language(), print, asker(yes=arguments.yes))
    if arguments.what == "up":
        place.up(arguments.cidr, windows=arguments.windows)
    elif arguments.what == "run":
        report = place.run(arguments.file, arguments.ca, sign_in=not arguments.no_sign_in)
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        place.down()
    return 0


@dataclass
class Verification:
    """The second VPC of a stage."""

    stage: Stage
    account: Account
    language: Language
    say: Callable[[str], None]
    ask: Callable[[str], bool]
    pause: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        from deploy.stack_runner import Runner

        self.runner = Runner(self.account, self.language, self.say, self.ask, self.stage.tags, pause=self.pause)
        self.stack = f"{self.stage.prefix}-{NOUN}"
        self.bucket = self.stage.bucket(NOUN, self.account.number)

    def up(self, cidr: str = "", *, windows: bool = False) -> dict[str, str]:
        """Make it; say how to look from there."""
        network = self.runner.outputs(f"{self.stage.prefix}-network")
        if not network:
            words = NO_STAGE.say(self.language, stack=f"{self.stage.prefix}-network", name=self.stage.name)
            raise Failure(words)
        values = self._values(network, self._range(cidr), windows=windows)
        outputs = self.runner.up(self.stack, blueprint.template(NOUN), values)
        if "LbRouteTable" not in network:
            link = "Transit Gateway" if values["TransitGateway"] else "VPC peering"
            self.say(THEIR_ROUTES.say(self.language, cidr=values["VerificationCidr"], link=link))
        self.say(HOW.say(self.language, name=self.stage.name))
        if "WindowsId" in outputs:
            self.say(WINDOWS.say(self.language, region=self.stage.region, host=outputs["WindowsId"]))
        self.say(AFTERWARDS.say(self.language, name=self.stage.name))
        return outputs

    def _range(self, cidr: str) -> str:
        corporate = [ipaddress.ip_network(one) for one in self.stage.several("corporate.cidrs")]
        vpc = ipaddress.ip_network(self.stage.text("network.cidr"))
        chosen = cidr or str(ipaddress.ip_network((int(corporate[0].broadcast_address) - 63, 26)))
        try:
            network = ipaddress.ip_network(chosen)
        except ValueError:
            network = None
        inside = isinstance(network, ipaddress.IPv4Network) and any(
            isinstance(one, ipaddress.IPv4Network) and network.subnet_of(one) for one in corporate
        )
        if network is None or not inside or not 24 <= network.prefixlen <= 28 or network.overlaps(vpc):
            ranges = ", ".join(map(str, corporate))
            raise Failure(OUTSIDE.say(self.language, cidr=chosen, ranges=ranges, vpc=vpc))
        return str(network)

    def _values(self, network: dict[str, str], cidr: str, *, windows: bool) -> dict[str, str]:
        from deploy import lookups

        attached = self.stage.text("corporate.link") == "transit-gateway"
        return {
            **blueprint.parameters(self.stage),
            **network,
            "VerificationCidr": cidr,
            "VerificationBucket": self.bucket,
            "TransitGateway": self.stage.text("corporate.transit_gateway") if attached else "",
            "S3PrefixList": lookups.s3_prefix_list(self.account),
            "ProbeImage": self._image(PROBE_IMAGE),
            **self._name(),
            "Windows": "true" if windows else "false",
            "WindowsImage": self._image(WINDOWS_IMAGE),
        }

    def _name(self) -> dict[str, str]:
        """Give what the company's DNS says of the load balancer; nothing where none stands."""
        balancer = self.runner.outputs(f"{self.stage.prefix}-loadbalancer").get("BalancerAddress", "")
        host = self.stage.text("balancer.host")
        if not balancer:
            return {}
        return {"BalancerHost": host, "BalancerZone": host.partition(".")[2], "BalancerAddress": balancer}

    def _image(self, name: str) -> str:
        return str(self.account.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])

    def written(self, path: Path | None = None) -> str:
        """Return what the probe looks with: the file that `verify --write` wrote, or the same text made now."""
        self._outputs()  # before anything else is asked for
        if path is None:
            from deploy.verify import plan, written

            document = plan.document(plan.find(self.stage, self.account), made=dt.datetime.now(dt.UTC))
            return written.python(document)
        if not path.exists():
            raise Failure(NO_FILE.say(self.language, path=path, name=self.stage.name))
        return path.read_text(encoding="utf-8")

    def _outputs(self) -> dict[str, str]:
        outputs = self.runner.outputs(self.stack)
        if not outputs:
            raise Failure(NOT_UP.say(self.language, stack=self.stack, name=self.stage.name))
        return outputs

    def run(self, path: Path | None, authorities: Path | None, *, sign_in: bool) -> dict[str, object]:
        """Have the probe look, by an account that is removed afterwards; where none can be made, at the rest."""
        from deploy.verify.account import Accounts

        program, accounts = self.written(path), Accounts(self.stage, self.account)
        try:
            signed_in = accounts.open() if sign_in else None
        except Failure as failure:
            self.say(str(failure))
            signed_in = None
        try:
            return self.look(program, authorities, signed_in)
        finally:
            if signed_in:
                self._remove(accounts, signed_in[0])

    def _remove(self, accounts: "Accounts", name: str) -> None:
        """Remove the account, or say what becomes of it: that must not hide what was found."""
        try:
            accounts.close(name)
        except Failure as failure:
            self.say(str(failure))

    def look(
        self, program: str, authorities: Path | None = None, signed_in: tuple[str, str] | None = None
    ) -> dict[str, object]:
        """Have the probe look with this program, the company's authorities and an account; answer its report."""
        given = {"verify.py": program.encode()}
        if authorities is not None:
            given["ca.pem"] = _pem(authorities)
        if signed_in is not None:
            given["account"] = "".join(f"{line}\n" for line in signed_in).encode()
        s3, probe = self.account.client("s3"), self._outputs()["ProbeId"]
        for key in ("report.json", *FOR_THE_PROBE):
            s3.delete_object(Bucket=self.bucket, Key=key)
        try:
            for key, content in given.items():
                s3.put_object(Bucket=self.bucket, Key=key, Body=content)
            self._start(probe)
        finally:
            s3.delete_object(Bucket=self.bucket, Key="account")
        report: dict[str, object] = json.loads(s3.get_object(Bucket=self.bucket, Key="report.json")["Body"].read())
        return report

    def _start(self, probe: str) -> None:
        """Have the probe look once, and wait for its report."""
        # It may still be ending its last round, or its very first, which found nothing to look with.
        self._until(lambda: self._state(probe) in ("stopped", "stopping"), probe, stop=True)
        self._until(lambda: self._state(probe) == "stopped", probe)
        self.account.client("ec2").start_instances(InstanceIds=[probe])
        self.say(WAITING.plain(self.language))
        self._until(self._has_report, probe)

    def _state(self, probe: str) -> str:
        found = self.account.client("ec2").describe_instances(InstanceIds=[probe])["Reservations"][0]["Instances"][0]
        return str(found["State"]["Name"])

    def _has_report(self) -> bool:
        held = self.account.client("s3").list_objects_v2(Bucket=self.bucket, Prefix="report.json")
        return bool(held.get("KeyCount"))

    def _until(self, condition: Callable[[], bool], probe: str, *, stop: bool = False) -> None:
        """Ask every EVERY seconds, for PATIENCE at most.

        Of a machine's state and a bucket's objects AWS tells only those who keep a queue for its events; this is a
        matter of minutes, now and then.
        """
        if stop and not condition():
            self.account.client("ec2").stop_instances(InstanceIds=[probe])
        if not waiting.until(condition, tries=PATIENCE // EVERY, seconds=EVERY, pause=self.pause):
            raise Failure(LATE.say(self.language, minutes=PATIENCE // 60, region=self.stage.region, probe=probe))

    def down(self) -> None:
        """Remove all of it: machines, link, routes on both sides, bucket."""
        from deploy import emptying

        emptying.empty(self.account, self.bucket)
        self.runner.delete(self.stack)
        self.say(GONE.plain(self.language))


def _pem(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError:
        content = b""
    if b"-----BEGIN CERTIFICATE-----" not in content:
        raise Failure(NOT_PEM.say(language(), path=path))
    return content
