"""`python -m deploy verification STAGE up|run|down`: a second VPC that stands for the company, to look at a stage from.

It costs by the hour and needs rights that a deployer does not have (instances, roles): made for looking, then removed.
"""

import argparse
import datetime as dt
import ipaddress
import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deploy import blueprint, waiting
from deploy import verification_words as words
from deploy.aws import Account
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Language, language

if TYPE_CHECKING:
    from deploy.verify.account import Accounts

NOUN = "verification"
PROBE_IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
WINDOWS_IMAGE = "/aws/service/ami-windows-latest/Windows_Server-2022-Japanese-Full-Base"
"""Public parameters by which AWS names its newest images (Systems Manager User Guide, "Finding public parameters")."""
FOR_THE_PROBE = ("verify.py", "ca.pem", "language", "account")
"""What it fetches at each start: what to look with, the company's authorities, the reader's language, and who to sign
in as (two lines)."""
SMALLEST, USUAL = 28, 26
"""Prefix lengths: a VPC's smallest range, and the one that is taken where there is room."""
PATIENCE = 15 * 60
EVERY = 10
"""Seconds: how long a report is waited for, and how often it is asked for."""
ERROR = 2
"""What `run` answers where the probe could not look; else what its report says, as `verify` does."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser(NOUN, help="look at a stage from a VPC that stands for the company")
    parser.description = __doc__
    parser.add_argument("stage", metavar="STAGE")
    parser.add_argument("what", choices=("up", "run", "down"))
    parser.add_argument("--cidr", default="", help="its range (as it is; first the last /26 of corporate.cidrs)")
    parser.add_argument("--windows", action="store_true", help="with up: also a Windows host, to look with Edge")
    parser.add_argument("--file", type=Path, help="with run: what `verify --write` wrote (it is written anew)")
    parser.add_argument("--ca", metavar="FILE", type=Path, help="with run: the company's own authorities, as PEM")
    parser.add_argument("--no-sign-in", action="store_true", help="with run: leave the person out")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked; of `run` what the report says: 0 all proved, 1 something refuted, 2 something not proved."""
    from botocore.exceptions import BotoCoreError, ClientError

    from deploy import stage_file
    from deploy.stacks import asker

    stage = stage_file.read(arguments.stage)
    # The report alone is the output of `run`, for whatever reads it.
    say = partial(print, file=sys.stderr) if arguments.what == "run" else print
    place = Verification(stage, Account(stage), language(), say, asker(yes=arguments.yes))
    try:
        if arguments.what == "up":
            place.up(arguments.cidr, windows=arguments.windows)
        elif arguments.what == "run":
            return hand_out(place.run(arguments.file, arguments.ca, sign_in=not arguments.no_sign_in))
        else:
            place.down()
    except (BotoCoreError, ClientError) as error:
        raise Failure(words.REFUSED.say(language(), error=error, name=stage.name)) from error
    return 0


def hand_out(report: Mapping[str, object]) -> int:
    """Print a report; return what it says of itself, ERROR where the probe could not look."""
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return int(str(report.get("exit", ERROR)))


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
            stack = f"{self.stage.prefix}-network"
            raise Failure(words.NO_STAGE.say(self.language, stack=stack, name=self.stage.name))
        values = self._values(network, self._range(cidr), windows=windows)
        self.say(words.TAKES.say(self.language, cidr=values["VerificationCidr"]))
        outputs = self.runner.up(self.stack, blueprint.template(NOUN), values)
        if self._theirs:
            asked = words.THEIR_GATEWAY if values["TransitGateway"] else words.THEIR_ROUTES
            known = {"subnets": self._theirs, "cidr": values["VerificationCidr"], "link": outputs["LinkId"]}
            self.say(asked.say(self.language, **known))
        self.say(words.HOW.say(self.language, name=self.stage.name))
        if "WindowsId" in outputs:
            host = outputs["WindowsId"]
            self.say(words.WINDOWS.say(self.language, region=self.stage.region, host=host, page=self._page()))
        self.say(words.AFTERWARDS.say(self.language, name=self.stage.name))
        return outputs

    @property
    def _theirs(self) -> str:
        """The subnets that answer users, where others have made them; their routes are not ours then."""
        return ", ".join(self.stage.several("network.lb_subnets"))

    def _page(self) -> str:
        from deploy.site import verb as site

        try:
            return site.addresses(self.stage, self.account)["page"]
        except Failure:  # the stage is not up so far
            return words.NO_PAGE.say(self.language, name=self.stage.name)

    def _held(self) -> str:
        """The range that it stands with; empty while it does not stand."""
        given = self.runner.describe(self.stack).get("Parameters", [])
        return next((str(one["ParameterValue"]) for one in given if one["ParameterKey"] == "VerificationCidr"), "")

    def _range(self, cidr: str) -> str:
        corporate = [ipaddress.IPv4Network(one) for one in self.stage.several("corporate.cidrs")]
        vpc = ipaddress.IPv4Network(self.stage.text("network.cidr"))
        ranges = ", ".join(map(str, corporate))
        chosen = cidr or self._held() or next(map(_last, (one for one in corporate if one.prefixlen <= SMALLEST)), "")
        if not chosen:
            raise Failure(words.NO_ROOM.say(self.language, ranges=ranges, name=self.stage.name))
        try:
            network = ipaddress.IPv4Network(chosen)
        except ValueError:
            network = None
        inside = network is not None and any(network.subnet_of(one) for one in corporate)
        if network is None or not inside or not 24 <= network.prefixlen <= SMALLEST or network.overlaps(vpc):
            raise Failure(words.OUTSIDE.say(self.language, cidr=chosen, ranges=ranges, vpc=vpc))
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
            raise Failure(words.NO_FILE.say(self.language, path=path, name=self.stage.name))
        return path.read_text(encoding="utf-8")

    def _outputs(self) -> dict[str, str]:
        outputs = self.runner.outputs(self.stack)
        if not outputs:
            raise Failure(words.NOT_UP.say(self.language, stack=self.stack, name=self.stage.name))
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
        given = {"verify.py": program.encode(), "language": self.language.encode()}
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
        self.say(words.WAITING.plain(self.language))
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
            raise Failure(words.LATE.say(self.language, minutes=PATIENCE // 60, region=self.stage.region, probe=probe))

    def down(self) -> None:
        """Remove all of it: machines, link, routes on both sides, bucket."""
        from deploy import emptying

        cidr = self._held()
        emptying.empty(self.account, self.bucket)
        self.runner.delete(self.stack)
        self.say(words.GONE.plain(self.language))
        if cidr and self._theirs and self.stage.text("corporate.link") != "transit-gateway":
            self.say(words.THEIR_ROUTES_STAY.say(self.language, cidr=cidr, subnets=self._theirs))


def _last(corporate: ipaddress.IPv4Network) -> str:
    """Give the end of a range, where addresses are handed out last: 64 of them, or all that there are."""
    length = max(corporate.prefixlen, USUAL)
    return str(ipaddress.IPv4Network((int(corporate.broadcast_address) - 2 ** (32 - length) + 1, length)))


def _pem(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError:
        content = b""
    if b"-----BEGIN CERTIFICATE-----" not in content:
        raise Failure(words.NOT_PEM.say(language(), path=path))
    return content
