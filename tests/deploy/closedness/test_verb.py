"""`python -m deploy prove` as it is typed: what it says, in which language, with which exit status."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy import stage_file
from deploy.__main__ import main
from deploy.closedness import zappa_side
from deploy.problems import StageError
from deploy.stage_file import parse
from tests.deploy.paths import STAGE_FILE

DESIGNS = Path(__file__).parent / "designs"
SIGNED = """
[exceptions.names]
rule = "dns-resolver"
resource = "network.Vpc"
reason = "DNS Firewall follows in the next fiscal year."
by = "Hanako Tanaka"
signed = 2020-04-01
until = {until}
[exceptions.callers]
rule = "control-plane"
reason = "Only deployers hold keys, from the office."
by = "Hanako Tanaka"
signed = 2020-04-01
until = {until}
"""


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOISTER_LANGUAGE", "en")


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Write a stage file named poc, which the verb then reads."""
    monkeypatch.setattr(stage_file, "STAGES", tmp_path)
    monkeypatch.setattr(stage_file.read, "__kwdefaults__", {"folder": tmp_path})

    def write(text: str) -> None:
        (tmp_path / "poc.toml").write_text(text, encoding="utf-8")

    return write


class TestWithoutArguments:
    def test_every_combination_is_closed_and_nature_is_listed_apart(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["prove"]) == 0
        told = capsys.readouterr().out
        assert "0 not closed, 0 cannot be told" in told
        assert "network.Vpc: its resolver" in told
        assert "vpc-0e000000000000001" in told

    def test_all_of_it_as_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["prove", "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert len(told) > 50
        assert {one["verdict"] for one in told} == {"closed"}


class TestOfAStage:
    def test_what_nobody_signed_for_is_a_finding(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["prove", "poc", "--language", "ja"]) == 1
        told = capsys.readouterr().out
        assert "署名されていません" in told
        assert "deploy/templates/network.yaml:" in told

    def test_what_is_signed_for_is_shown_and_does_not_count(
        self, stage: Callable[[str], None], capsys: pytest.CaptureFixture[str]
    ) -> None:
        stage(SIGNED.format(until="2021-03-31"))
        assert main(["prove", "poc"]) == 1
        told = capsys.readouterr().out
        assert "Exceptions that do not hold" in told
        assert "until 2021-03-31" in told

    def test_what_others_made_cannot_be_told_without_an_inventory(
        self, stage: Callable[[str], None], capsys: pytest.CaptureFixture[str]
    ) -> None:
        stage('[network]\nvpc = "vpc-0e000000000000001"\n')
        assert main(["prove", "poc", "--json"]) == 1
        told = json.loads(capsys.readouterr().out)
        assert [one["resource"] for one in told["questions"]] == ["existing VPC"]

    def test_a_stage_that_is_not_there_is_no_proof(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["prove", "nowhere"]) == 2
        assert "nowhere.toml" in capsys.readouterr().err


class TestOfTemplates:
    def test_findings_come_with_place_reason_and_change(self, capsys: pytest.CaptureFixture[str]) -> None:
        status = main(["prove", "--template", str(DESIGNS / "documents.yaml"), "--corporate-cidr", "10.1.0.0/16"])
        told = capsys.readouterr().out
        assert status == 1
        assert "documents.yaml:21: [locked-out] documents.Api does not admit 10.1.0.0/16 on port 443." in told
        assert "why: " in told
        assert "change: " in told

    def test_without_the_company_s_ranges_it_says_what_it_took(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["prove", "--template", str(DESIGNS / "documents.yaml")]) == 0
        assert "--corporate-cidr" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("arguments", "word"),
        [
            (["--template", "nowhere.yaml"], "nowhere"),
            (["--template", str(STAGE_FILE)], "poc"),
            (["--template", str(DESIGNS / "documents.yaml"), "--corporate-cidr", "office"], "office"),
            (["--template", str(DESIGNS / "documents.yaml"), "--parameter", "Open"], "Open"),
            (["--inventory", "nowhere.json"], "nowhere.json"),
            (["poc", "--template", str(DESIGNS / "documents.yaml")], "STAGE"),
            (["--report", "x.html"], "--report"),
        ],
    )
    def test_what_cannot_be_read_is_no_proof(
        self, arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["prove", *arguments]) == 2
        assert word in capsys.readouterr().err


class TestReport:
    def test_is_one_file_in_both_languages_with_the_map(self, tmp_path: Path) -> None:
        path = tmp_path / "report.html"
        main(["prove", "poc", "--report", str(path)])
        page = path.read_text(encoding="utf-8")

        assert page.count("<main") == 2
        assert page.count("<svg") == 2
        assert "署名または印" in page
        assert "Signature or seal" in page
        assert "<script" not in page
        assert 'href="http' not in page
        assert "src=" not in page.replace("-src", "")

    def test_writes_what_templates_say_as_text(self, tmp_path: Path) -> None:
        template = tmp_path / "theirs.yaml"
        template.write_text("Resources: {'<b>Gate</b>': {Type: AWS::EC2::InternetGateway}}", encoding="utf-8")
        path = tmp_path / "report.html"
        main(["prove", "--template", str(template), "--report", str(path)])

        assert "<b>" not in path.read_text(encoding="utf-8")
        assert "&lt;b&gt;Gate" in path.read_text(encoding="utf-8")


class TestExceptions:
    @pytest.mark.parametrize(
        ("text", "key"),
        [
            (SIGNED.format(until="2021-03-31").replace("dns-resolver", "internet-gateway"), "exceptions.names.rule"),
            (SIGNED.format(until="2019-03-31"), "exceptions.names.until"),
            (SIGNED.format(until="2030-03-31"), "exceptions.names.until"),
            (SIGNED.format(until='"2021-03-31"'), "exceptions.names.until"),
            (
                SIGNED.format(until="2021-03-31").replace("DNS Firewall follows in the next fiscal year.", "later"),
                "exceptions.names.reason",
            ),
            ('[exceptions.names]\nrule = "dns-resolver"\n', "exceptions.names.by"),
            (SIGNED.format(until="2021-03-31") + 'bye = "x"\n', "exceptions.callers.bye"),
        ],
    )
    def test_that_say_too_little_or_too_much_are_refused(self, text: str, key: str) -> None:
        with pytest.raises(StageError) as refused:
            parse(text, name="poc", path=STAGE_FILE)

        assert key in {problem.key for problem in refused.value.problems}

    def test_are_read(self) -> None:
        held = parse(SIGNED.format(until="2021-03-31"), name="poc", path=STAGE_FILE).exceptions

        assert [(one.name, one.rule, one.resource) for one in held] == [
            ("names", "dns-resolver", "network.Vpc"),
            ("callers", "control-plane", "*"),
        ]


class TestZappa:
    def test_its_own_template_is_judged_where_the_settings_name_endpoints(self) -> None:
        stage = parse("", name="poc", path=STAGE_FILE)

        assert not zappa_side.is_filled(stage)
