"""`python -m deploy doctor STAGE`: what would go wrong on the way up, before anything is made. Changes nothing."""

import argparse
import datetime as dt
from collections.abc import Iterator

from deploy.aws import Account, NoCredentials
from deploy.doctor.finding import Finding
from deploy.stage import Stage
from deploy.words import Words, language

WELL = Words("Nothing stands in the way.", "問題は見つかりませんでした。")
ILL = Words("What stands in the way: {count}.", "{count} 件の問題があります。")
_IDENTITY = Words("signed in as", "サインイン")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb's parser."""
    parser = subparsers.add_parser("doctor", help="what would go wrong on the way up", description=__doc__)
    parser.add_argument("stage", metavar="STAGE")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print every finding; 1 when one is bad."""
    from deploy import stage_file

    bad = 0
    for finding in findings(stage_file.read(arguments.stage), dt.datetime.now(dt.UTC)):
        bad += finding.verdict == "bad"
        print(finding.say(language()), flush=True)
    print(ILL.say(language(), count=bad) if bad else WELL.plain(language()))
    return 1 if bad else 0


def findings(stage: Stage, now: dt.datetime, signed_in: Account | None = None) -> Iterator[Finding]:
    """Look at the machine, the versions, and the account where somebody is signed in (or is already known to be)."""
    from deploy.doctor import account, images, machine, versions

    yield from machine.findings()
    yield from images.findings(stage)
    yield from versions.findings(now.date())
    try:
        signed_in = signed_in or Account(stage)
    except NoCredentials as error:
        yield Finding(verdict="bad", subject=_IDENTITY, found=Words("nobody", "未サインイン"), remedy=error.words)
        return
    yield from account.findings(stage, signed_in, now)
