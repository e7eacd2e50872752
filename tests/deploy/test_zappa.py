"""Zappa's commands as a Zappa user types them, against moto and functions that really run.

HTTPS_PROXY is a dead port, so that nothing here can reach a network. moto drops the API's endpoint configuration and
its policy: what they are is read from `zappa template --json`.
"""

import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from zappa.cli import ZappaCLI

from deploy.rehearsal.cloud.front import Cloud
from tests import postgresql
from tests.deploy.conftest import stage_variables

ROOT = Path(__file__).parent.parent.parent
DeployHere = Callable[[dict[str, Any], dict[str, str]], tuple[object, str]]
REGION = "ap-northeast-1"
ENDPOINTS = ["vpce-0123456789abcdef0", "vpce-0fedcba9876543210"]


class Deployer:
    """Someone with a shell in a clone of the repository, credentials, and a stage's keys filled in."""

    def __init__(self, folder: Path, cloud: Cloud, variables: dict[str, str]) -> None:
        self.folder = folder
        self.variables = variables
        self.cloud = cloud
        self.function = "cloister-poc"
        self.said = ""
        """What `zappa deploy` printed, once `deployed` has run it."""
        self.environment = {
            "PATH": f"{sys.prefix}/bin:{os.defpath}",
            "VIRTUAL_ENV": sys.prefix,
            "HOME": str(folder),
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_ENDPOINT_URL": cloud.endpoint,
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "NO_PROXY": "127.0.0.1",
            "CLOISTER_SECRET_KEY": variables["CLOISTER_SECRET_KEY"],
            "POC_DATABASE_PASSWORD": variables["CLOISTER_DATABASE_PASSWORD"],
        }
        (folder / "deploy").symlink_to(ROOT / "deploy")
        self.keys = self._made_beforehand()
        self.write()

    def client(self, service: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]  # any of them
            region_name=REGION,
            endpoint_url=self.cloud.endpoint,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    def _made_beforehand(self) -> dict[str, Any]:
        """Make what a stage's templates make, and return the keys that name it."""
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]
        subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.2.{n}.0/24")["Subnet"]["SubnetId"] for n in range(2)]
        group = ec2.create_security_group(VpcId=vpc, GroupName="function", Description="function")["GroupId"]
        trust = {"Version": "2012-10-17", "Statement": []}
        role = self.client("iam").create_role(RoleName="cloister-poc", AssumeRolePolicyDocument=json.dumps(trust))
        self.client("s3").create_bucket(
            Bucket="cloister-artefacts", CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        key = self.client("kms").create_key()["KeyMetadata"]["Arn"]
        return {
            "vpc_endpoint_ids": ENDPOINTS,
            "vpc_config": {"SubnetIds": subnets, "SecurityGroupIds": [group]},
            "role_arn": role["Role"]["Arn"],
            "s3_bucket": "cloister-artefacts",
            "aws_kms_key_arn": key,
            "tags": {"project": "cloister", "cost-centre": "4711"},
            "aws_environment_variables": {
                name: value
                for name, value in self.variables.items()
                if name.startswith("CLOISTER_DATABASE_") and not name.endswith("PASSWORD")
            },
            "secrets": {
                "CLOISTER_SECRET_KEY": "environment",
                "CLOISTER_DATABASE_PASSWORD": "environment:POC_DATABASE_PASSWORD",
            },
        }

    def write(self, **changes: Any) -> None:
        """Write zappa_settings.json: the repository's own, with the stage's keys filled in."""
        settings = json.loads((ROOT / "zappa_settings.json").read_text())
        settings["poc"] |= self.keys | changes
        (self.folder / "zappa_settings.json").write_text(json.dumps(settings))

    def zappa(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [f"{sys.prefix}/bin/zappa", *words],
            cwd=self.folder,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def made(self) -> list[str]:
        """Return the names of the stacks and functions in the stage's region."""
        stacks = self.client("cloudformation").describe_stacks()["Stacks"]
        functions = self.client("lambda").list_functions()["Functions"]
        return [stack["StackName"] for stack in stacks] + [function["FunctionName"] for function in functions]

    def configuration(self) -> dict[str, Any]:
        configuration: dict[str, Any] = self.client("lambda").get_function_configuration(FunctionName=self.function)
        return configuration


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with Cloud() as cloud:
        yield cloud


@pytest.fixture(scope="module")
def deployer(cloud: Cloud, server: postgresql.Server, tmp_path_factory: pytest.TempPathFactory) -> Deployer:
    return Deployer(tmp_path_factory.mktemp("clone"), cloud, stage_variables(server))


@pytest.fixture(scope="module")
def deployed(deployer: Deployer) -> Deployer:
    """A deployed stage; the fixture fails where `zappa deploy` does."""
    done = deployer.zappa("deploy", "poc")
    assert done.returncode == 0, done.stdout + done.stderr
    deployer.said = done.stdout
    return deployer


class TestPackage:
    def test_is_our_artefact(self, deployer: Deployer, artefact: Any) -> None:
        done = deployer.zappa("package", "poc", "--output", "out.zip")

        assert done.returncode == 0, done.stdout + done.stderr
        assert (deployer.folder / "out.zip").read_bytes() == artefact.archive.read_bytes()

    def test_that_cannot_be_built_says_why_without_a_trace(self, deployer: Deployer, tmp_path: Path) -> None:
        for part in ("api", "project", "deploy"):
            shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
        (tmp_path / "requirements.txt").write_text(f"no-such-package==1 --hash=sha256:{'0' * 64}\n")
        shutil.copy(deployer.folder / "zappa_settings.json", tmp_path)

        done = subprocess.run(
            [f"{sys.prefix}/bin/zappa", "package", "poc"],
            cwd=tmp_path,
            env=deployer.environment | {"PIP_RETRIES": "0"},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

        assert done.returncode != 0
        assert "Error: The requirements in requirements.txt could not be installed for x86_64" in done.stderr
        assert "Traceback" not in done.stdout + done.stderr


class TestDeploy:
    def test_makes_the_function_of_the_stage(self, deployed: Deployer, artefact: Any) -> None:
        configuration = deployed.configuration()

        assert configuration["Handler"] == "project.lambda_handler.handler"
        assert configuration["Runtime"] == "python3.13"
        assert configuration["Architectures"] == ["x86_64"]
        assert configuration["Role"] == deployed.keys["role_arn"]
        assert configuration["VpcConfig"]["SubnetIds"] == deployed.keys["vpc_config"]["SubnetIds"]
        assert configuration["VpcConfig"]["SecurityGroupIds"] == deployed.keys["vpc_config"]["SecurityGroupIds"]
        assert configuration["KMSKeyArn"] == deployed.keys["aws_kms_key_arn"]
        assert configuration["CodeSize"] == artefact.zipped

    def test_gives_it_its_variables_and_secrets(self, deployed: Deployer) -> None:
        variables = deployed.configuration()["Environment"]["Variables"]

        assert variables["CLOISTER_STAGE"] == "poc"
        assert variables["CLOISTER_SECRET_KEY"] == deployed.environment["CLOISTER_SECRET_KEY"]
        assert variables["CLOISTER_ALLOWED_HOSTS"] == f".execute-api.{REGION}.amazonaws.com"

    def test_never_prints_a_secret(self, deployed: Deployer) -> None:
        assert deployed.environment["CLOISTER_SECRET_KEY"] not in deployed.said

    def test_tags_it(self, deployed: Deployer) -> None:
        arn = deployed.configuration()["FunctionArn"]

        tags = deployed.client("lambda").list_tags(Resource=arn)["Tags"]
        assert tags["cost-centre"] == "4711"

    def test_makes_no_timer_that_keeps_it_warm(self, deployed: Deployer) -> None:
        assert deployed.client("events").list_rules()["Rules"] == []

    def test_keeps_its_logs_for_the_stages_days(self, deployed: Deployer) -> None:
        (group,) = deployed.client("logs").describe_log_groups(logGroupNamePrefix="/aws/lambda/cloister")["logGroups"]

        assert group["retentionInDays"] == 90

    def test_proves_that_the_function_answers(self, deployed: Deployer, cloud: Cloud) -> None:
        assert ("GET", "/api/me") in [(event.get("httpMethod"), event.get("path")) for _, event in cloud.calls]

    def test_tells_the_addresses_inside(self, deployed: Deployer) -> None:
        api = deployed.client("apigateway").get_rest_apis()["items"][0]["id"]

        for endpoint in ENDPOINTS:
            address = f"https://{api}-{endpoint}.execute-api.{REGION}.amazonaws.com/poc/"
            assert address in deployed.said

    def test_leaves_nothing_in_the_folder(self, deployed: Deployer) -> None:
        assert not list(deployed.folder.glob("cloister-poc-*"))


@pytest.fixture(scope="module")
def api(deployer: Deployer) -> dict[str, Any]:
    """The API's properties in the template that Zappa gives to CloudFormation."""
    function = f"arn:aws:lambda:{REGION}:123456789012:function:cloister-poc"
    words = ["--lambda-arn", function, "--role-arn", deployer.keys["role_arn"], "--json", "--output", "api.json"]
    done = deployer.zappa("template", "poc", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    template: dict[str, Any] = json.loads((deployer.folder / "api.json").read_text())
    properties: dict[str, Any] = template["Resources"]["Api"]["Properties"]
    return properties


class TestTheTemplate:
    def test_makes_a_private_api_with_our_endpoints(self, api: dict[str, Any]) -> None:
        assert api["EndpointConfiguration"] == {"Types": ["PRIVATE"], "VpcEndpointIds": ENDPOINTS}

    def test_takes_every_type_as_binary(self, api: dict[str, Any]) -> None:
        assert api["BinaryMediaTypes"] == ["*/*"]

    def test_denies_whoever_does_not_come_through_them(self, api: dict[str, Any]) -> None:
        deny, allow = api["Policy"]["Statement"]

        assert deny["Effect"] == "Deny"
        assert deny["Condition"] == {"StringNotEquals": {"aws:SourceVpce": ENDPOINTS}}
        assert allow["Effect"] == "Allow"
        assert len(json.dumps(api["Policy"])) < 8192  # AWS's limit


class TestOneDoor:
    """With `site_bucket` the API serves the page as well."""

    def test_the_api_answers_with_the_page_and_leaves_everything_else_to_the_function(self, deployer: Deployer) -> None:
        role = deployer.keys["role_arn"]
        deployer.write(site_bucket="cloister-poc-site-123456789012")
        function = f"arn:aws:lambda:{REGION}:123456789012:function:cloister-poc"
        words = ["--lambda-arn", function, "--role-arn", role, "--json", "--output", "one-door.json"]
        done = deployer.zappa("template", "poc", *words)
        deployer.write()
        assert done.returncode == 0, done.stdout + done.stderr

        made = json.loads((deployer.folder / "one-door.json").read_text())["Resources"]
        uris = {name: made[name]["Properties"]["Integration"]["Uri"] for name in ("PageRoot", "Page", "Asset", "ANY1")}
        place = f"arn:aws:apigateway:{REGION}:s3:path/cloister-poc-site-123456789012"
        assert uris["PageRoot"] == uris["Page"] == f"{place}/index.html"
        assert uris["Asset"] == f"{place}/assets/{{proxy}}"
        assert ":lambda:path/" in uris["ANY1"]
        assert made["Asset"]["Properties"]["Integration"]["Credentials"] == role
        assert made["ResourceAssets"]["Properties"]["PathPart"] == "assets"


class TestManage:
    def test_runs_the_migration(self, deployed: Deployer) -> None:
        done = deployed.zappa("manage", "poc", "migrate --noinput")

        assert done.returncode == 0, done.stdout + done.stderr
        assert "Applying organization.0001_initial... OK" in done.stdout

    def test_shows_all_that_a_command_wrote(self, deployed: Deployer) -> None:
        done = deployed.zappa("manage", "poc", "showmigrations")

        assert done.stdout.startswith("auth\n") or "\nauth\n" in f"\n{done.stdout}"

    def test_refuses_what_is_not_on_the_list_and_says_so_to_the_shell(self, deployed: Deployer) -> None:
        done = deployed.zappa("manage", "poc", "flush --noinput")

        assert done.returncode != 0
        assert "may not be run by an event" in done.stdout

    @pytest.mark.parametrize("tasks", ["", "cloister-poc-tasks"])
    def test_sends_the_event_once_also_when_the_answer_is_lost(self, deployer: Deployer, tasks: str) -> None:
        deployer.write(tasks_function=tasks)
        asked: list[str] = []

        class HangsUp(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked.append(self.path)
                self.close_connection = True

        with http.server.HTTPServer(("127.0.0.1", 0), HangsUp) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            there = f"http://127.0.0.1:{server.server_port}"
            done = deployer.zappa("manage", "poc", "migrate --noinput", AWS_ENDPOINT_URL_LAMBDA=there)
            server.shutdown()

        assert done.returncode != 0
        assert asked == [f"/2015-03-31/functions/{tasks or 'cloister-poc'}/invocations"]

    def test_refuses_code(self, deployed: Deployer) -> None:
        done = deployed.zappa("invoke", "poc", "print(1)", "--raw")

        assert done.returncode != 0
        assert "raw_command is refused" in done.stdout


class TestStatus:
    def test_tells_of_the_stage(self, deployed: Deployer) -> None:
        done = deployed.zappa("status", "poc", "--json")

        assert done.returncode == 0, done.stdout + done.stderr
        assert json.loads(done.stdout)["Lambda Handler"] == "project.lambda_handler.handler"


class TestUpdateAndBack:
    def test_changes_the_code_and_drops_a_variable_and_rollback_returns(
        self, deployed: Deployer, artefact: Any, tmp_path: Path
    ) -> None:
        before = deployed.configuration()
        secret = deployed.client("secretsmanager").create_secret(
            Name="cloister/poc", SecretString=json.dumps({"password": "kept in Secrets Manager"})
        )
        sources = deployed.keys["secrets"] | {"CLOISTER_DATABASE_PASSWORD": f"{secret['ARN']}#password"}
        deployed.write(secrets=sources)
        deployed.client("lambda").update_function_configuration(
            FunctionName=deployed.function,
            Environment={"Variables": before["Environment"]["Variables"] | {"CLOISTER_OLD": "1"}},
        )

        updated = deployed.zappa("update", "poc")
        assert updated.returncode == 0, updated.stdout + updated.stderr
        variables = deployed.configuration()["Environment"]["Variables"]
        assert "CLOISTER_OLD" not in variables
        assert variables["CLOISTER_DATABASE_PASSWORD"] == "kept in Secrets Manager"

        other = tmp_path / "other.zip"
        other.write_bytes(artefact.archive.read_bytes())
        with zipfile.ZipFile(other, "a") as archive:
            archive.writestr("RELEASE", "another")
        by_hand = deployed.zappa("update", "poc", "--zip", str(other))
        assert by_hand.returncode == 0, by_hand.stdout + by_hand.stderr
        assert deployed.configuration()["CodeSha256"] != before["CodeSha256"]

        back = deployed.zappa("rollback", "poc", "-n", "1")
        assert back.returncode == 0, back.stdout + back.stderr
        assert deployed.configuration()["CodeSha256"] == before["CodeSha256"]

    def test_rollback_to_what_is_not_retained_says_what_to_do(self, deployed: Deployer) -> None:
        done = deployed.zappa("rollback", "poc", "-n", "9")

        assert done.returncode != 0
        assert "retained" in done.stdout + done.stderr


@pytest.fixture
def deploy_here(
    deployer: Deployer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[DeployHere]:
    """Run what `zappa deploy poc` runs, with other keys, in this process to save its start."""

    def deploy(changes: dict[str, Any], environment: dict[str, str]) -> tuple[object, str]:
        deployer.write(project_name="another", **changes)
        for name, value in (deployer.environment | environment).items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(deployer.folder)
        monkeypatch.setattr(sys, "path", [*sys.path])
        with warnings.catch_warnings(action="ignore"), pytest.raises(SystemExit) as end:
            ZappaCLI().handle(["deploy", "poc"])
        output = capsys.readouterr()
        return end.value.code, output.out + output.err

    yield deploy
    deployer.write()


class TestAStageThatIsNotRight:
    """Each of these stops before anything is made."""

    @pytest.mark.parametrize(
        ("changes", "environment", "said"),
        [
            ({}, {"AWS_DEFAULT_REGION": "us-east-1"}, "AWS_DEFAULT_REGION=us-east-1"),
            ({}, {"AWS_REGION": "eu-west-1"}, "AWS_REGION=eu-west-1"),
            ({"aws_region": "us-west-2"}, {}, "aws_kms_key_arn is in ap-northeast-1"),
            ({"vpc_endpoint_ids": []}, {}, "vpc_endpoint_ids is empty"),
            ({"vpc_endpoint_ids": ["vpc-123"]}, {}, "vpc_endpoint_ids has 'vpc-123'"),
            ({"role_arn": ""}, {}, "role_arn is empty"),
            ({"s3_bucket": "not-there"}, {}, "s3_bucket 'not-there' cannot be used"),
            ({"endpoint_configuration": ["REGIONAL"]}, {}, "must not be reachable from the internet"),
            ({"function_url_enabled": True}, {}, "function_url_enabled may not be used"),
            ({"apigateway_version": "v2"}, {}, "an HTTP API cannot be private"),
            ({"websocket_handler_module": "sockets"}, {}, "sockets handles WebSockets"),
            ({"keep_warm": True}, {}, "keep_warm is True"),
            ({"manage_roles": True}, {}, "manage_roles is True"),
            ({"secrets": {"CLOISTER_SECRET_KEY": "a value"}}, {}, 'must be "environment"'),
            ({"secrets": {}}, {}, "CLOISTER_SECRET_KEY is missing"),
            (
                {"secrets": {"CLOISTER_SECRET_KEY": f"arn:aws:secretsmanager:{REGION}:123456789012:secret:none"}},
                {},
                "read",
            ),
            ({"aws_environment_variables": {"CLOISTER_SECRET_KEY": "x" * 60}}, {}, "is a secret"),
            ({"aws_environment_variables": {"CLOISTER_NOTE": "x" * 5000}}, {}, "Lambda takes 4096"),
        ],
    )
    def test_stops_and_says_which_key(
        self,
        deploy_here: DeployHere,
        deployer: Deployer,
        changes: dict[str, Any],
        environment: dict[str, str],
        said: str,
    ) -> None:
        before = deployer.made()

        status, output = deploy_here(changes, environment)

        assert status != 0
        assert said in output
        assert deployer.made() == before

    def test_is_one_whose_folder_has_a_websocket_that_no_key_names(
        self, deploy_here: DeployHere, deployer: Deployer
    ) -> None:
        before = deployer.made()
        sockets = deployer.folder / "sockets.py"
        sockets.write_text("import zappa.websocket\n")

        status, output = deploy_here({}, {})
        sockets.unlink()

        assert status != 0
        assert "sockets handles WebSockets" in output
        assert deployer.made() == before

    def test_is_told_so_at_the_command_line_without_a_trace(self, deployer: Deployer) -> None:
        done = deployer.zappa("deploy", "poc", AWS_DEFAULT_REGION="us-east-1")

        assert done.returncode != 0
        assert "Error: Stage 'poc' in zappa_settings.json:" in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr


class TestUndeploy:
    def test_removes_the_function_and_the_apis_stack(self, deployed: Deployer) -> None:
        done = deployed.zappa("undeploy", "poc", "--yes")

        assert done.returncode == 0, done.stdout + done.stderr
        assert deployed.client("lambda").list_functions()["Functions"] == []
        stacks = deployed.client("cloudformation").describe_stacks()["Stacks"]
        assert [stack for stack in stacks if stack["StackName"] == deployed.function] == []
