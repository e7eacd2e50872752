"""`deploy init`: Zappa is told of the stage as well, and what else its settings hold stays as it is."""

import json
from pathlib import Path

import pytest

from deploy.failure import Failure
from deploy.init import ZAPPA, make_known_to_zappa

REGION = "ap-northeast-3"


def test_a_stage_is_added_once_beside_the_others(tmp_path: Path) -> None:
    path = tmp_path / "zappa_settings.json"
    before = ZAPPA.read_text(encoding="utf-8")
    path.write_text(before, encoding="utf-8")

    assert make_known_to_zappa(path, "trial", REGION)
    after = path.read_text(encoding="utf-8")
    assert not make_known_to_zappa(path, "trial", "another")

    assert path.read_text(encoding="utf-8") == after
    assert after.startswith(before.removesuffix("\n    }\n}\n"))
    own = {"extends": "common", "aws_region": REGION}
    assert json.loads(after) == {**json.loads(before), "trial": own}


def test_settings_that_are_no_json_are_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "zappa_settings.json"
    path.write_text('{"poc": {},}', encoding="utf-8")
    with pytest.raises(Failure, match=r"zappa_settings\.json is not JSON"):
        make_known_to_zappa(path, "trial", REGION)
    assert path.read_text(encoding="utf-8") == '{"poc": {},}'
