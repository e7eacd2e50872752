"""Zappa's callbacks: with them, plain `zappa deploy STAGE` makes what a closed network needs.

Zappa loads this file by itself, in its own process and without the repository on its path, and calls

- `settings` before every command: puts in what the stage's own stacks say, checks the stage, then puts in what Zappa
  lacks (deploy/zappa/);
- `post` after `deploy` and `update`: keeps the logs' retention and proves that the function answers.

Everything of Zappa that is touched here is named in tests/deploy/test_zappa_internals.py, and Zappa is pinned.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # what follows is found by it

from click.exceptions import ClickException

from deploy.failure import Failure
from deploy.zappa import api, artefact, filled, invoke, stage
from deploy.zappa import environment as variables


def settings(cli: Any) -> None:
    """Check the stage and complete the command; raises ClickException, which Zappa prints, before anything is made."""
    try:
        filled.fill(cli)
        stage.check(cli)
        if cli.command in ("deploy", "update", "template") and cli.stage_config.get("apigateway_enabled", True):
            api.complete(cli)
        if cli.command == "update":
            api.make_what_is_missing(cli)
        if cli.command in ("deploy", "update", "package"):
            artefact.replace_package(cli)
        if cli.command in ("deploy", "update"):
            variables.complete(cli)
        if cli.command == "rollback":
            artefact.replace_rollback(cli)
        if cli.command in ("manage", "invoke"):
            invoke.ask_once(cli)
    except Failure as failure:
        raise ClickException(str(failure)) from failure


def post(cli: Any) -> None:
    """Keep the logs for as long as the stage says, and have the function answer once."""
    try:
        stage.keep_logs(cli)
        invoke.prove(cli)
        if cli.stage_config.get("apigateway_enabled", True):
            api.tell_addresses(cli)
    except Failure as failure:
        raise ClickException(str(failure)) from failure
