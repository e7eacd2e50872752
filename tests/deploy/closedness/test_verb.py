"""`python -m deploy prove` as it is typed: what it says, in which language, with which exit status."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from deploy.__main__ import main
from deploy.closedness import cases
from deploy.closedness.zappa_side import Zappa
from deploy.problems import StageError
from deploy.stage_file import parse
from tests.deploy.paths import ROOT, STAGE_FILE

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
def stage(tmp_path: Path) -> Callable[[str], list[str]]:
    """Write a stage file named poc; give the words that ask about it."""

    def write(text: str) -> list[str]:
        (tmp_path / "poc.toml").write_text(text, encoding="utf-8")
        return ["prove", "poc", "--folder", str(tmp_path)]

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
        self, stage: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(stage(SIGNED.format(until="2021-03-31"))) == 1
        told = capsys.readouterr().out
        assert "Exceptions that do not hold" in told
        assert "until 2021-03-31" in told

    def test_what_others_made_cannot_be_told_without_an_inventory(
        self, stage: Callable[[str], list[str]], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main([*stage('[network]\nvpc = "vpc-0e000000000000001"\n'), "--json"]) == 1
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
            (["--parameter", "Open=yes"], "Open=yes"),
            (["poc", "--parameter", "Open=yes"], "Open=yes"),
            (["poc", "--corporate-cidr", "10.9.0.0/16"], "corporate.cidrs"),
            (["--template", str(DESIGNS / "documents.yaml"), "--parameter", "Opne=yes"], "Opne"),
        ],
    )
    def test_what_cannot_be_read_is_no_proof(
        self, arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["prove", *arguments]) == 2
        assert word in capsys.readouterr().err


class TestWrongArguments:
    """Each names the argument, what was given and what to do, and is no proof."""

    def refused(self, capsys: pytest.CaptureFixture[str], *words: str) -> str:
        assert main(["prove", *words]) == 2
        held = capsys.readouterr().err
        assert "Traceback" not in held
        return held

    @pytest.mark.parametrize("cidr", ["0.0.0.0/0", "0.0.0.0/1", "::/0", "2000::/3"])
    def test_a_company_that_is_most_of_the_internet(self, cidr: str, capsys: pytest.CaptureFixture[str]) -> None:
        told = self.refused(capsys, "--template", str(DESIGNS / "origin.yaml"), "--corporate-cidr", cidr)

        assert f"--corporate-cidr {cidr}" in told
        assert "10.1.0.0/16" in told

    @pytest.mark.parametrize("held", [None, "# 閉域".encode("utf-16"), "# 閉域".encode("cp932")])
    def test_a_template_that_is_not_there_or_not_utf_8(
        self, held: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "theirs.yaml"
        if held is not None:
            path.write_bytes(held)

        assert f"--template {path}: 読み取れません" in self.refused(capsys, "--language", "ja", "--template", str(path))

    def test_an_inventory_of_nothing(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "vpc.json"
        path.write_text(json.dumps({"format": 2, "held": {"vpcs": []}, "refused": {}}), encoding="utf-8")

        assert "vpcs" in self.refused(capsys, "--inventory", str(path))

    def test_a_report_that_cannot_be_written(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        page = tmp_path / "nowhere" / "page.html"

        told = self.refused(capsys, "--template", str(DESIGNS / "origin.yaml"), "--report", str(page))

        assert str(page) in told

    def test_whole_private_ranges_may_be_the_company_s(self, capsys: pytest.CaptureFixture[str]) -> None:
        ranges = ("10.0.0.0/8", "fc00::/7")

        assert main(["prove", "--template", str(DESIGNS / "origin.yaml"), "--corporate-cidr", *ranges]) == 1
        assert "internet-gateway" in capsys.readouterr().out


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
    """Zappa itself is asked once its settings name endpoints; it asks nobody."""

    def tree(self, folder: Path, **keys: object) -> Zappa:
        document = json.loads((ROOT / "zappa_settings.json").read_text(encoding="utf-8"))
        document["common"] |= keys
        (folder / "zappa_settings.json").write_text(json.dumps(document, indent=1), encoding="utf-8")
        for name in ("deploy", "project"):
            (folder / name).symlink_to(ROOT / name)
        return Zappa(folder)

    def test_its_template_is_judged(self, tmp_path: Path) -> None:
        zappa = self.tree(tmp_path, vpc_endpoint_ids=["vpce-0123456789abcdef0"])
        case = cases.of_stage("poc", None, date(2026, 11, 22), zappa=zappa)

        assert case.asked_zappa
        assert {one.rule.group for one in case.judgement.findings} == {"nature"}
        assert case.judgement.questions == ()

    def test_an_endpoint_that_nobody_knows_is_a_question(self, tmp_path: Path) -> None:
        zappa = self.tree(tmp_path, vpc_endpoint_ids=["vpce-0123456789abcdef0", "vpce-0fedcba9876543210"])
        case = cases.of_stage("poc", None, date(2026, 11, 22), zappa=zappa)

        assert [one.given for one in case.judgement.questions] == ["vpce-0fedcba9876543210"]

    @pytest.mark.parametrize(
        ("key", "rule"),
        [("function_url_enabled", "function-url"), ("alb_enabled", "public-load-balancer"), ("domain", "public-api")],
    )
    def test_keys_that_open_a_way_are_found(self, tmp_path: Path, key: str, rule: str) -> None:
        case = cases.of_stage("poc", None, date(2026, 11, 22), zappa=self.tree(tmp_path, **{key: True}))
        found = {one.rule.id: one.place for one in case.judgement.findings}

        assert found[rule].startswith("zappa_settings.json:")

    def test_an_api_that_is_not_private_is_found(self, tmp_path: Path) -> None:
        zappa = self.tree(tmp_path, endpoint_configuration=["REGIONAL"])
        case = cases.of_stage("poc", None, date(2026, 11, 22), zappa=zappa)

        assert ("public-api", "zappa.Api") in {one.key for one in case.judgement.findings}
