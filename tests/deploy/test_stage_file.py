"""A stage file: every wrong key is named with file, line, value and remedy, in both languages."""

from pathlib import Path

import pytest

from deploy import init, stage_file
from deploy.keys import KEYS
from deploy.problems import StageError
from deploy.stage import Stage

PATH = Path("deploy/stages/poc.toml")


def parse(text: str) -> Stage:
    return stage_file.parse(text, name="poc", path=PATH)


def problems(text: str) -> list[str]:
    with pytest.raises(StageError) as caught:
        parse(text)
    return [problem.say("en") for problem in caught.value.problems]


def test_an_empty_file_is_the_default_stage() -> None:
    stage = parse("")

    assert stage.prefix == "cloister-poc"
    assert stage.zones == ("ap-northeast-1a", "ap-northeast-1c")
    assert stage.ranges("app") == ("10.20.0.0/26", "10.20.0.64/26")
    assert stage.ranges("lb") == ("10.20.0.128/27", "10.20.0.160/27")
    assert stage.ranges("db") == ("10.20.0.192/28", "10.20.0.208/28")
    assert [endpoint.service for endpoint in stage.endpoints] == ["execute-api", "s3", "s3-gateway"]


def test_the_file_that_init_writes_is_the_default_stage() -> None:
    written, empty = parse(init.text()), parse("")

    assert written.values == empty.values
    assert all(f"\n{key.name} = " in init.text() for key in KEYS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dor = 1", "deploy/stages/poc.toml:1: dor = 1: There is no such key. Did you mean door?"),
        ("[network]\ncird = 1", "poc.toml:2: network.cird = 1: There is no such key. Did you mean network.cidr?"),
        ("[vpn]\nx = 1", "poc.toml:1: vpn = {'x': 1}: There is no such key. Remove it"),
        (
            '[network]\n\ncidr = "10.0.0.0/8"',
            "poc.toml:3: network.cidr = '10.0.0.0/8': It must be a private IPv4 range",
        ),
        ('[corporate]\ncidrs = ["8.8.8.0/24"]', "poc.toml:2: corporate.cidrs = ['8.8.8.0/24']: It must be a private"),
        ('[corporate]\ncidrs = ["10.0.0.0/8"]', "poc.toml:2: corporate.cidrs"),
        ('[corporate]\ncidrs = ["10.0.0.0/9", "10.128.0.0/9"]', "Together they are all of 10.0.0.0/8"),
        ("[corporate]\ncidrs = []", "It must be a list of 1 to 8 values"),
        ('[names]\nprefix = "a.b"', "no dots"),
        ("[logs]\nretention_days = 8", "poc.toml:2: logs.retention_days = 8: It must be one of 7, 14, 30"),
        ("[database]\nbackup_days = 0", "It must be a whole number from 1 to 35"),
        ("[database]\nminimum = 0.3", "in steps of 0.5"),
        ("[database]\nminimum = 8\nmaximum = 2", "poc.toml:2: database.minimum = 8.0: It is more than"),
        (
            'backend = "fargate"',
            "poc.toml:1: backend = 'fargate': Containers stand behind a load balancer: write door = \"load-balancer\"",
        ),
        ('door = "tunnel"', 'It must be one of "endpoints", "load-balancer", "api"'),
        ('[aws]\nregion = "eu-west-1"', "Write two zones of eu-west-1"),
        ('[aws]\nzones = ["us-east-1a", "us-east-1b"]', "It is not a zone of ap-northeast-1"),
        ('[network]\nweb_group = "sg-0123456789"', "write network.vpc too"),
        ('[network]\nvpc = "vpc-01234567"\nlb_subnets = ["subnet-01234567", "subnet-12345678"]', "Write the ranges"),
        ('[network]\nlb_cidrs = ["10.9.0.0/27", "10.9.0.32/27"]', "It must lie inside network.cidr"),
        ('[network]\nlb_cidrs = ["10.20.0.0/27", "10.20.0.32/27"]', "It overlaps"),
        ('[corporate]\ncidrs = ["10.20.0.0/16"]', "It overlaps the VPC"),
        ('[corporate]\nlink = "peering"', "corporate.peer_vpc = '': corporate.link = \"peering\" needs it"),
        ('[corporate]\ntransit_gateway = "tgw-01234567"', "It is used only with"),
        ('[corporate]\nlink = "peering"\npeer_vpc = "vpc-01234567"\npeer_account = "123456789012"', "the role there"),
        ('[dns]\noutbound = "own-endpoint"', "needs it"),
        ('[dns.fixed]\n"UPPER" = ["10.1.1.1"]', "in small letters"),
        ("[destinations.erp]\nports = [443]", "destinations.erp.addresses = '': Write addresses"),
        ('[destinations.erp]\naddresses = ["10.0.0.0/8"]\nports = [443]', "a range of /24 or smaller"),
        ('[destinations.erp]\naddresses = ["10.20.0.5"]\nports = [443]', "It lies in the VPC itself"),
        ('[destinations.erp]\naddresses = ["10.1.0.5"]\nports = [443]\nprot = 1', "There is no such key"),
        ('[destinations.a]\naddresses = ["10.1.0.5", "10.1.0.6", "10.1.0.7"]\nports = [1, 2, 3]', "At most 8 fit"),
        ("destinations = 1", "It must be a table: [destinations]"),
        ("[tags]\nowner = 1", "tags.owner = 1"),
        ("[logs]\nflow_logs = true\n[network]\nvpc = 'vpc-01234567'", "are its owner's"),
        ("a = [1", "poc.toml:1: This is not TOML"),
        ("network = 3", "poc.toml:1: network = 3: It must be a table: [network]"),
        ('[network]\nvpc = "vpc-01234567"\napp_subnets = ["", "subnet-01234567"]', "a list without empty values"),
        (
            '[network]\ndb_subnets = ["subnet-01234567", "subnet-1234abcd"]\n'
            'lb_subnets = ["subnet-01234567", "subnet-89abcdef"]',
            "poc.toml:2: network.db_subnets = 'subnet-01234567': It is named for two purposes",
        ),
        ('[dns]\nservers = ["10.1.0.0/24"]', "poc.toml:2: dns.servers = ['10.1.0.0/24']: It must be one private IPv4"),
        ('[dns.fixed]\n"erp.example.jp" = ["10.1.0.0/24"]', "It must be one private IPv4 address"),
        ('[dns.fixed]\nerp.example.jp = ["10.1.0.1"]', "Put a name with dots into quotes"),
        ('[destinations.erp]\naddresses = ["8.8.8.8"]\nports = [443]', "a private IPv4 address"),
        ('[destinations."a|b"]\naddresses = ["10.1.0.5"]\nports = [443]', "a name of at most 40 letters"),
        ('[tags]\n"aws:owner" = "x"', "neither aws:... nor Name"),
        ('[tags]\nName = "x"', "neither aws:... nor Name"),
        ('[tags]\nowner = "<x>"', "tags.owner = '<x>': It must be text of at most 256 letters"),
        ("[tags]\n" + "\n".join(f'tag{n} = ""' for n in range(46)), "poc.toml:1: tags = 46: At most 45 tags"),
        (
            '[corporate]\nlink = "peering"\npeer_vpc = "vpc-01234567"\n[network]\nvpc = "vpc-01234567"',
            "It is network.vpc itself",
        ),
        ('[aws]\nregion = "ap-northeast-1"\nzones = ["ap-northeast-10a", "ap-northeast-1a"]', "aws.zones = "),
        (
            '[aws]\naccount = "999999999999"\n[roles]\nweb = "arn:aws:iam::123456789012:role/web"',
            "It belongs to another account than 999999999999",
        ),
    ],
)
def test_a_wrong_key_is_named_with_file_line_value_and_remedy(text: str, expected: str) -> None:
    assert expected in "\n".join(problems(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '[network]\nvpc = "vpc-01234567"\n[endpoints]\nlogs = "vpce-01234567"',
            ":4: endpoints.logs = 'vpce-01234567': This stage",
        ),
        ('[network]\nvpc = "vpc-01234567"\n[endpoints]\nssm = "vpce-01234567"', "needs no such endpoint"),
        (
            '[network]\nvpc = "vpc-01234567"\n[endpoints]\nexecute_api = "vpce-01234567"\nprivate_dns = true',
            ':5: endpoints.private_dns = True: It is used only with endpoints.execute_api = ""',
        ),
        ('[network]\napp_route_tables = ["rtb-01234567"]', "It is used only with network.app_subnets"),
        ('[corporate]\npeer_account = "123456789012"', 'It is used only with corporate.link = "peering"'),
        (
            '[corporate]\nlink = "peering"\npeer_vpc = "vpc-01234567"\npeer_role = "arn:aws:iam::123456789012:role/a"',
            "It is used only with corporate.peer_account",
        ),
        ('[roles]\nflow_logs = "arn:aws:iam::123456789012:role/f"', "It is used only with logs.flow_logs = true"),
        ('[database]\nkind = "aurora"\nstandby = true', 'It is used only with database.kind = "rds"'),
        ("[database]\nmaximum = 4", 'It is used only with database.kind = "aurora"'),
        ('[mail]\nuser = "ringi"', "It is used only with mail.host"),
        (
            '[mail]\nhost = "m.example"\nsender = "a@b.example"\nuser = "ringi"\nsecurity = "none"',
            "sent in the clear",
        ),
        ('[alarms]\nenabled = false\nemail = "it@example.co.jp"', "It is used only with alarms.enabled = true"),
    ],
)
def test_a_key_that_nothing_would_act_on_is_refused(text: str, expected: str) -> None:
    assert expected in "\n".join(problems(text))


def test_keys_that_init_writes_at_their_defaults_are_never_idle() -> None:
    for kind in ("rds", "aurora"):
        assert parse(init.text().replace('kind = "rds"', f'kind = "{kind}"')).text("database.kind") == kind


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    (tmp_path / "poc.toml").write_bytes("\ufeff# ステージ\r\n[logs]\r\nretention_days = 30\r\n".encode())

    assert stage_file.read("poc", folder=tmp_path).number("logs.retention_days") == 30
    assert stage_file.written("poc", folder=tmp_path)[1].startswith("# ステージ")


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "poc.toml").write_bytes("[logs]\n# 保存日数\n".encode("cp932"))

    with pytest.raises(StageError, match=r"poc.toml:2: This is not UTF-8"):
        stage_file.read("poc", folder=tmp_path)


def test_a_multi_region_key_is_a_key() -> None:
    arn = "arn:aws:kms:ap-northeast-1:123456789012:key/mrk-0123456789abcdef0123456789abcdef"

    assert parse(f'[encryption]\nkey = "{arn}"').text("encryption.key") == arn


def test_every_problem_is_told_at_once_in_order_of_lines() -> None:
    told = problems('[database]\nkind = "x"\nsize = "y"\n[logs]\nretention_days = 1\n')

    assert [line.split(":")[1] for line in told] == ["2", "3", "5"]


def test_problems_are_told_in_japanese_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOISTER_LANGUAGE", "ja")
    with pytest.raises(StageError) as caught:
        parse("[logs]\nretention_days = 8")

    assert "のいずれかにしてください" in str(caught.value)


def test_a_missing_stage_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(StageError, match="python -m deploy init poc"):
        stage_file.read("poc", folder=tmp_path)


@pytest.mark.parametrize("name", ["Poc", "a", "poc-tasks", "poc-1", "poc-", "1poc", "x" * 17])
def test_a_stage_name_that_breaks_names_of_aws_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(StageError, match="2 to 16 small letters"):
        stage_file.read(name, folder=tmp_path)
