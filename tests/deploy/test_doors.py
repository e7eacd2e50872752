"""What browsers meet: what each door asks of a stage file, makes, costs, and leaves closed."""

from dataclasses import replace
from itertools import pairwise
from typing import Any, ClassVar

import pytest

from deploy import addresses, blueprint, combinations, doors, lookups
from deploy.cfn import Evaluated, Evaluation, Template
from deploy.closedness import subject
from deploy.closedness.judgement import judge
from deploy.cost import model, prices
from deploy.problems import StageError
from deploy.stage import Stage
from deploy.stage_file import parse
from deploy.zappa import filled
from tests.deploy.cloud import ARTEFACT
from tests.deploy.paths import STAGE_FILE

BALANCER = f"""door = "load-balancer"
[balancer]
host = "ringi.corp.example.co.jp"
certificate = "{combinations.EXISTING["certificate"]}"
"""
DESTINATION = '[destinations.mail]\naddresses = ["10.1.3.1"]\nports = [587]\nfrom = ["tasks"]\n'
RELAYED = 'door = "api"\n[buckets]\nattachments_by = "function"'
CONTAINERS = f'backend = "fargate"\n{BALANCER}[containers]\n'


def stage(text: str) -> Stage:
    return parse(text, name="poc", path=STAGE_FILE)


def resources(text: str, **found: object) -> dict[str, Evaluated]:
    whole = replace(ARTEFACT, **found)  # type: ignore[arg-type]  # names of its fields
    return {one.logical_id: one for one in blueprint.assembly(stage(text), whole).resources()}


class TestAStageFile:
    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ('door = "load-balancer"', "balancer.host"),
            ('door = "load-balancer"\n[balancer]\nhost = "ringi.corp.example.co.jp"', "balancer.certificate"),
            ('backend = "fargate"\ndoor = "api"', "stand behind a load balancer"),
            ('[balancer]\nhost = "ringi.corp.example.co.jp"', 'only with door = "load-balancer"'),
            ('[buckets]\nattachments_by = "function"', 'only with door = "api"'),
            (f"{RELAYED}\nattachments = false", "only with buckets.attachments = true"),
            ('[containers]\nsize = "512/1024"', 'only with backend = "fargate"'),
            (f"{CONTAINERS}minimum = 5", "more than containers.maximum"),
            (f'{CONTAINERS}wakes = "07:00"', "both containers.wakes and containers.sleeps"),
            (f'{CONTAINERS}wakes = "07:00"\nsleeps = "07:00"', "the minute at which they wake"),
            (f'{CONTAINERS}wakes = "7:00"', 'a time like "07:00"'),
            (f'aws.region = "us-east-1"\n{BALANCER}', "Use a certificate of us-east-1."),
            (f'names.prefix = "{"a" * 20}"\n{BALANCER}', f"{'a' * 20}-poc-function has 33 characters"),
            (f'names.prefix = "{"a" * 18}"\n{CONTAINERS}', "shorten it, or the stage's name, by 1"),
            (f'names.prefix = "internal"\n{BALANCER}', 'that begin with "internal-"'),
        ],
    )
    def test_is_refused_with_the_remedy(self, text: str, problem: str) -> None:
        with pytest.raises(StageError) as error:
            stage(text)

        assert problem in str(error.value)

    @pytest.mark.parametrize(
        "text",
        [
            BALANCER,
            CONTAINERS,
            'door = "api"',
            RELAYED,
            f'names.prefix = "{"a" * 19}"\n{BALANCER}',
            f'names.prefix = "{"a" * 17}"\n{CONTAINERS}',
            'names.prefix = "internal"\n',
        ],
    )
    def test_is_accepted(self, text: str) -> None:
        assert stage(text).endpoints


class TestTheLoadBalancer:
    def test_answers_one_name_by_https_and_sends_everything_else_there(self) -> None:
        made = resources(BALANCER, web_function="cloister-poc")
        rules = [one for one in made.values() if one.type == "AWS::ElasticLoadBalancingV2::ListenerRule"]
        priorities = [rule.properties["Priority"] for rule in rules]

        assert made["Balancer"].properties["Scheme"] == "internal"
        assert made["Http"].properties["DefaultActions"][0]["Type"] == "redirect"
        assert all(first < second for first, second in pairwise(priorities))
        for rule in rules:
            (host,) = [each for each in rule.properties["Conditions"] if each["Field"] == "host-header"]
            assert host["HostHeaderConfig"]["Values"] == ["ringi.corp.example.co.jp"]

    def test_sends_what_a_bucket_cannot(self) -> None:
        attributes = resources(BALANCER)["Https"].properties["ListenerAttributes"]
        headers = {entry["Key"].split(".")[3]: entry["Value"] for entry in attributes}

        assert "frame-ancestors 'none'" in headers["content_security_policy"]
        assert headers["strict_transport_security"] == "max-age=31536000"
        assert headers["x_content_type_options"] == "nosniff"

    def test_says_that_nothing_is_deployed_until_there_is_a_function(self) -> None:
        before = resources(BALANCER)["Api"].properties["Actions"][0]
        after = resources(BALANCER, web_function="cloister-poc")["Api"].properties["Actions"][0]

        assert (before["Type"], after["Type"]) == ("fixed-response", "forward")

    def test_is_told_of_the_endpoints_addresses_and_alarms_when_they_drift(self) -> None:
        made = resources(BALANCER, site_addresses=("10.20.0.132", "10.20.0.164"))
        addresses = [target["Id"] for target in made["SiteTargets"].properties["Targets"]]
        alarm = made["SiteTargetsLost"].properties
        watched = {each["Name"]: blueprint.readable(each["Value"]) for each in alarm["Dimensions"]}

        assert addresses == ["10.20.0.132", "10.20.0.164"]
        assert (alarm["MetricName"], alarm["Threshold"]) == ("UnHealthyHostCount", 1)
        assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert alarm["TreatMissingData"] == "breaching"  # as when nothing is registered any more
        assert watched["TargetGroup"] == "<loadbalancer.SiteTargets.TargetGroupFullName>"
        assert "SiteTargetsLost" not in resources("")

    def test_leaves_the_endpoint_to_it_alone_without_attachments(self) -> None:
        def admitted(text: str) -> set[str]:
            rules = resources(text)["EndpointGroup"].properties["SecurityGroupIngress"]
            return {rule["Description"] for rule in rules}

        assert admitted(BALANCER) == {"users", "load balancer"}
        assert admitted(f"{BALANCER}[buckets]\nattachments = false") == {"load balancer"}


class Functions:
    """Lambda as it tells of one function; moto knows no SnapStart."""

    def __init__(self, apply_on: str) -> None:
        self.told: dict[str, object] = {
            "FunctionName": "cloister-poc",
            "SnapStart": {"ApplyOn": apply_on, "OptimizationStatus": "Off"},
        }

    def client(self, _service: str) -> "Functions":
        return self

    def get_function_configuration(self, **_: str) -> dict[str, object]:
        return self.told

    def get_policy(self, *, FunctionName: str, Qualifier: str) -> dict[str, str]:  # noqa: N803  AWS's names
        assert (FunctionName, Qualifier) == ("cloister-poc", "snapstart")
        return {"Policy": '{"Statement": [{"Principal": {"Service": "elasticloadbalancing.amazonaws.com"}}]}'}


class TestSnapStart:
    @pytest.mark.parametrize(
        ("apply_on", "target"), [("None", "cloister-poc"), ("PublishedVersions", "cloister-poc:snapstart")]
    )
    def test_has_the_load_balancer_call_the_alias_of_published_versions(self, apply_on: str, target: str) -> None:
        account: Any = Functions(apply_on)
        assert lookups.web_function(stage(BALANCER), account) == target

        made = resources(BALANCER, web_function=target)
        (told,) = made["ApiFunction"].properties["Targets"]
        assert told["Id"].endswith(f":function:{target}")
        assert made["BalancerMayCall"].properties["FunctionName"] == target

    def test_asks_for_the_aliass_own_right(self) -> None:
        account: Any = Functions("PublishedVersions")
        assert lookups.may_call("cloister-poc:snapstart", account)


class TestContainers:
    def test_have_no_secret_in_their_definitions(self) -> None:
        made = resources(CONTAINERS)
        for name in ("WebDefinition", "TasksDefinition"):
            (container,) = made[name].properties["ContainerDefinitions"]
            names = {variable["Name"] for variable in container["Environment"]}
            assert not {name for name in names if "PASSWORD" in name or name.endswith("SECRET_KEY")}
            assert container["EnvironmentFiles"][0]["Value"].partition("/")[2].startswith("environment/")
            assert (container["ReadonlyRootFilesystem"], container["StopTimeout"] >= 60) == (True, True)

    def test_sleep_by_the_clock_where_the_stage_says_so(self) -> None:
        asleep = resources(f'{CONTAINERS}wakes = "07:05"\nsleeps = "22:00"')["Scale"].properties["ScheduledActions"]
        awake = resources(CONTAINERS)["Scale"].properties

        assert [action["Schedule"] for action in asleep] == ["cron(5 7 ? * MON-FRI *)", "cron(0 22 ? * MON-FRI *)"]
        assert asleep[1]["ScalableTargetAction"] == {"MinCapacity": 0, "MaxCapacity": 0}
        assert "ScheduledActions" not in awake

    def test_are_the_only_ones_that_need_ecr_and_logs(self) -> None:
        services = {endpoint.service for endpoint in stage(CONTAINERS).endpoints}

        assert {"ecr.api", "ecr.dkr", "logs", "s3-gateway"} <= services
        assert not {"ecr.api", "ecr.dkr", "logs"} & {endpoint.service for endpoint in stage(BALANCER).endpoints}


class TestAddresses:
    OUTPUTS: ClassVar = {
        "ExecuteApiId": "vpce-0a",
        "SiteBucketName": "site",
        "S3Host": "vpce-0b.s3.example",
        "AttachmentsBucketName": "files",
    }

    @pytest.mark.parametrize(
        ("text", "page", "api"),
        [
            (
                "",
                "https://site.vpce-0b.s3.example/index.html",
                "https://abc-vpce-0a.execute-api.ap-northeast-1.amazonaws.com/poc/api/",
            ),
            (BALANCER, "https://ringi.corp.example.co.jp/", ""),
            ('door = "api"', "https://abc-vpce-0a.execute-api.ap-northeast-1.amazonaws.com/poc/", ""),
        ],
    )
    def test_are_one_origin_behind_one_door(self, text: str, page: str, api: str) -> None:
        found = addresses.of_stage(stage(text), self.OUTPUTS, api_id="abc")

        assert found == {"page": page, "api": api, "attachments": "https://files.vpce-0b.s3.example"}

    def test_of_files_are_none_where_the_function_takes_them(self) -> None:
        outputs = {name: value for name, value in self.OUTPUTS.items() if name != "S3Host"}
        found = addresses.of_stage(stage(RELAYED), outputs, api_id="abc")

        assert (found["api"], found["attachments"]) == ("", "")


class TestZappasSettings:
    OUTPUTS: ClassVar = {
        **dict.fromkeys(("WebRoleArn", "ArtefactsBucketName", "AppSubnet1", "AppSubnet2", "WebGroupId"), "x"),
        "DatabaseHost": "db.example",
        "SiteBucketName": "site",
    }

    def filled(self, text: str, **outputs: str) -> dict[str, Any]:
        return filled.settings(stage(text), {}, self.OUTPUTS | outputs, {})

    def test_make_no_api_where_a_load_balancer_calls_the_function(self) -> None:
        found = self.filled(BALANCER, BalancerName="app/cloister-poc/1", S3Host="vpce.example")

        assert (found["apigateway_enabled"], found["vpc_endpoint_ids"]) == (False, [])
        assert found["aws_environment_variables"]["CLOISTER_ALLOWED_HOSTS"] == "ringi.corp.example.co.jp"
        assert "CLOISTER_SPA_ORIGINS" not in found["aws_environment_variables"]

    def test_have_the_api_serve_the_page_where_it_is_the_door(self) -> None:
        found = self.filled('door = "api"', ExecuteApiId="vpce-0a")

        assert (found["site_bucket"], found["vpc_endpoint_ids"]) == ("site", ["vpce-0a"])
        assert "CLOISTER_SPA_ORIGINS" not in found["aws_environment_variables"]

    def test_have_files_travel_through_the_function_where_the_stage_says_so(self) -> None:
        told = {"ExecuteApiId": "vpce-0a", "AttachmentsBucketName": "files"}
        by_function = self.filled(RELAYED, **told)["aws_environment_variables"]
        by_endpoint = self.filled('door = "api"', **told, S3Host="vpce.example")["aws_environment_variables"]

        assert by_function["CLOISTER_ATTACHMENTS_BY"] == "function"
        assert "CLOISTER_ATTACHMENTS_ENDPOINT" not in by_function
        assert by_endpoint["CLOISTER_ATTACHMENTS_ENDPOINT"] == "vpce.example"
        assert "CLOISTER_ATTACHMENTS_BY" not in by_endpoint

    @pytest.mark.parametrize(("then", "now"), [(BALANCER, 'door = "api"'), ('door = "api"', BALANCER)])
    def test_keep_the_door_of_today_when_a_release_goes_back(self, then: str, now: str) -> None:
        told = {"ExecuteApiId": "vpce-0a", "S3Host": "vpce.example"}
        before, today = ({"runtime": "python3.13", **self.filled(text, **told)} for text in (then, now))
        kept = filled.kept_of(before, today)

        doors = ("apigateway_enabled", "vpc_endpoint_ids", "site_bucket")
        assert {key: kept.get(key) for key in doors} == {key: today.get(key) for key in doors}
        assert kept["runtime"] == "python3.13"

    def test_have_another_origin_for_the_page_with_endpoints_only(self) -> None:
        found = self.filled("", ExecuteApiId="vpce-0a", S3Host="vpce.example")

        assert "site_bucket" not in found
        assert found["aws_environment_variables"]["CLOISTER_SPA_ORIGINS"] == "https://site.vpce.example"


class TestTheApiAsDoor:
    def test_needs_one_endpoint_that_costs_unless_there_are_attachments(self) -> None:
        def priced(text: str) -> set[str]:
            return {endpoint.service for endpoint in stage(text).endpoints if not endpoint.gateway}

        assert priced('door = "api"\n[buckets]\nattachments = false') == {"execute-api"}
        assert priced('door = "api"') == {"execute-api", "s3"}
        assert priced(RELAYED) == {"execute-api"}

    def test_lets_nobody_but_functions_to_files_that_travel_through_them(self) -> None:
        made = resources(RELAYED)
        statements = made["AttachmentsPolicy"].properties["PolicyDocument"]["Statement"]
        ways = {
            str(statement["Condition"]["StringNotEquals"]["aws:SourceVpce"])
            for statement in blueprint.readable(statements)
            if "StringNotEquals" in statement["Condition"]
        }

        assert ways == {"['<endpoints.S3Gateway>']"}
        assert "CorsConfiguration" not in made["Attachments"].properties

    @pytest.mark.parametrize("page", ["", "https://abc-vpce-0a.execute-api.ap-northeast-1.amazonaws.com/poc/"])
    def test_is_told_to_letters_once_it_has_an_address(self, page: str) -> None:
        text = f'{RELAYED}\n[mail]\nhost = "m.example"\nsender = "a@b.example"\n{DESTINATION}'
        known = {**blueprint.parameters(stage(text), ARTEFACT), "SiteUrl": page}
        made = Evaluation(blueprint.template("tasks"), known, {}).resources()
        (function,) = (one for one in made if one.logical_id == "Tasks")
        variables = function.properties["Environment"]["Variables"]

        assert variables.get("CLOISTER_SITE_URL") == (page or None)
        # The application refuses mail without the page's address: it begins with it.
        assert ("CLOISTER_SMTP_HOST" in variables) == bool(page)

    def test_reads_the_pages_by_its_role_and_nobody_else_does(self) -> None:
        made = resources('door = "api"')
        statements = made["SitePolicy"].properties["PolicyDocument"]["Statement"]
        (refused,) = [statement for statement in statements if statement["Sid"] == "NowhereElse"]
        exempt = blueprint.readable(refused["Condition"]["ArnNotLike"]["aws:PrincipalArn"])

        assert exempt == ["<roles.DeployerRole.Arn>", "<roles.WebRole.Arn>"]
        role = blueprint.readable(made["WebRole"].properties["Policies"][0]["PolicyDocument"])["Statement"]
        assert "ServePages" in {statement["Sid"] for statement in role}


class TestProve:
    @pytest.mark.parametrize("door", doors.DOORS, ids=lambda door: door.name.en)
    def test_finds_each_door_of_the_table_closed(self, door: doors.Door) -> None:
        judged = judge(subject.of_stage(door.stage))

        assert (judged.findings, judged.questions) == ((), ())

    @pytest.mark.parametrize(
        ("noun", "old", "new", "rule"),
        [
            ("loadbalancer", "Scheme: internal", "Scheme: internet-facing", "public-load-balancer"),
            ("loadbalancer", "        - Type: redirect\n          RedirectConfig: {Protocol: HTTPS, Port",
             "        - Type: redirect\n          RedirectConfig: {Protocol: HTTP, Port", "plain-listener"),
            ("fargate", "AssignPublicIp: DISABLED", "AssignPublicIp: ENABLED", "public-address"),
            ("network", "ToPort: 8000, SourceSecurityGroupId: !Ref BalancerGroup",
             "ToPort: 8000, CidrIp: 0.0.0.0/0", "ingress-wide"),
            ("network", "FromPort: 8000, ToPort: 8000, SourceSecurityGroupId: !Ref BalancerGroup",
             "FromPort: 80, ToPort: 80, SourcePrefixListId: !Ref CorporateRanges", "plain-ingress"),
        ],
    )  # fmt: skip
    def test_finds_a_hole_in_it(self, noun: str, old: str, new: str, rule: str) -> None:
        text = blueprint.template(noun).text
        assert old in text
        holed = Template.parse(text.replace(old, new), name=noun)

        judged = judge(subject.of_stage(stage(CONTAINERS), templates={noun: holed}))

        assert rule in {found.rule.id for found in judged.findings}


def test_an_alarm_that_tells_a_stranger_is_still_asked_about() -> None:
    text = blueprint.template("alarms").text
    old = "AlarmActions: !If [WithEmail, [!Ref Topic], !Ref AWS::NoValue]"
    told = "AlarmActions: [arn:aws:sns:ap-northeast-1:999999999999:theirs]"
    holed = Template.parse(text.replace(old, told), name="alarms")

    judged = judge(subject.of_stage(stage(BALANCER), templates={"alarms": holed}))

    assert {(question.resource, question.where) for question in judged.questions} >= {
        ("alarms.BalancerCertificate", "AlarmActions")
    }


def test_the_table_of_doors_is_said_in_the_readers_language() -> None:
    tokyo = prices.read("ap-northeast-1")
    english, japanese = doors.document("en", tokyo), doors.document("ja", tokyo)

    assert "prices of Tokyo" in english
    assert "東京" in japanese
    assert "Tokyo" not in japanese
    assert "住所" not in japanese  # a place where somebody lives, which a page has not


def test_containers_that_sleep_cost_less_and_a_load_balancer_has_its_price() -> None:
    tokyo = prices.read("ap-northeast-1")

    def compute(text: str) -> float:
        return model.stage_bill(stage(text), tokyo, 100_000).group("compute")

    assert compute(BALANCER) - compute("") == pytest.approx(0.0243 * 730 + 0.008 * 73 - 0.425, abs=0.01)
    assert compute(f'{CONTAINERS}wakes = "08:00"\nsleeps = "20:00"') < compute(CONTAINERS)
    assert model.awake_hours(stage(f'{CONTAINERS}wakes = "08:00"\nsleeps = "20:00"')) == pytest.approx(260.7, abs=0.1)
