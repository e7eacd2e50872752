"""The way up by doors other than the default one, from one to the other, up to date, back, and down."""

import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from deploy.combinations import EXISTING
from deploy.rehearsal.events import Call, alb_event, rest_event
from deploy.verify.runner.command import PASSWORD as PASSWORD_OF
from deploy.verify.runner.command import USER
from deploy.verify.runner.journey import travel
from deploy.verify.runner.network import Answer, Network
from deploy.verify.runner.session import PROVED, Session
from tests.deploy import surroundings
from tests.deploy.surroundings import REGION, client
from tests.deploy.up.rig import ASSET, STAGE, Clone, function, keys, sha256

HOST = "ringi.corp.example.co.jp"
MAIL = (
    '[mail]\nhost = "mail.corp.example.co.jp"\nsender = "ringi@corp.example.co.jp"\nuser = "ringi"\n'
    '[destinations.mail]\naddresses = ["10.1.3.1"]\nports = [587]\nfrom = ["tasks"]\n'
)
BY_API = f'door = "api"\n{STAGE}[buckets]\nattachments_by = "function"\n{MAIL}'
BALANCER = (
    f'door = "load-balancer"\n{STAGE}[balancer]\nhost = "{HOST}"\ncertificate = "{EXISTING["certificate"]}"\n{MAIL}'
)
PASSWORD = "told-once-and-kept"
SITE = "cloister-poc-site-123456789012"
UP = ("up", "poc", "--yes", "--no-verify")


def variables(part: str = "") -> dict[str, str]:
    return dict(function(f"cloister-poc{part}")["Environment"]["Variables"])


def targets(name: str) -> list[str]:
    """What a target group of the load balancer sends to."""
    balancers = client("elbv2")
    (group,) = balancers.describe_target_groups(Names=[f"cloister-poc-{name}"])["TargetGroups"]
    health = balancers.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
    return sorted(entry["Target"]["Id"] for entry in health if entry["TargetHealth"]["State"] != "draining")


def endpoint_addresses() -> list[str]:
    """The addresses of the S3 endpoint."""
    ec2 = client("ec2")
    (endpoint,) = (
        each
        for each in ec2.describe_vpc_endpoints()["VpcEndpoints"]
        if each["ServiceName"].endswith(".s3") and each["VpcEndpointType"] == "Interface" and each["State"] != "deleted"
    )
    found = ec2.describe_network_interfaces(NetworkInterfaceIds=endpoint["NetworkInterfaceIds"])["NetworkInterfaces"]
    return sorted(each["PrivateIpAddress"] for each in found)


def by_balancer(clone: Clone, path: str, host: str = HOST) -> int:
    """Call the web function as the load balancer would and return its answer's status."""
    return clone.call(alb_event(Call(path=path, headers=(("Host", host),)))).status


class Gateway(Network):
    """What the private API does with a request: it makes an event for the web function, with the stage in no path."""

    def __init__(self, clone: Clone, api: str) -> None:
        super().__init__(timeout=10)
        self.clone, self.api = clone, api

    def ask(self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        assert url.startswith(f"{self.api}/"), url  # files too: on the API's own origin, below its stage
        parts = urlsplit(url.removeprefix(self.api))
        sent = (("Host", urlsplit(self.api).netloc), *(headers or {}).items())
        call = Call(method=method, path=parts.path, query=parts.query, headers=sent, body=body)
        answer = self.clone.call(rest_event(call))
        return Answer(answer.status, {name.lower(): value for name, value in answer.headers}, answer.body)


def permission() -> str:
    """The statement by which load balancers may call the function."""
    policy = json.loads(client("lambda").get_policy(FunctionName="cloister-poc")["Policy"])
    (found,) = (one["Sid"] for one in policy["Statement"] if "elasticloadbalancing" in str(one["Principal"]))
    return str(found)


class TestTheApiAlone:
    def test_comes_up_with_its_page_and_learns_its_own_address(self, clone: Clone) -> None:
        clone.write_stage(BY_API)
        clone.environment["CLOISTER_SMTP_PASSWORD"] = PASSWORD
        assert clone.deploy(*UP) == 0, clone.said
        del clone.environment["CLOISTER_SMTP_PASSWORD"]  # told once, it is kept

        (api,) = client("apigateway").get_rest_apis()["items"]
        paths = {each["path"] for each in client("apigateway").get_resources(restApiId=api["id"])["items"]}
        assert {"/", "/index.html", "/assets/{proxy+}", "/{proxy+}"} <= paths
        page = re.search(r"The page: (\S+)\nThe API:  (\S+)", clone.said)
        assert page is not None
        assert re.fullmatch(rf"https://{api['id']}-vpce-\w+\.execute-api\.{REGION}\.amazonaws\.com/poc/", page[1])
        assert page[2] == f"{page[1]}api/"
        assert variables()["CLOISTER_SITE_URL"] == variables("-tasks")["CLOISTER_SITE_URL"] == page[1]
        # Letters lead to the page: they could not begin before it had an address.
        assert variables()["CLOISTER_SMTP_HOST"] == variables("-tasks")["CLOISTER_SMTP_HOST"]
        assert variables("-tasks")["CLOISTER_SMTP_PASSWORD"] == PASSWORD
        assert "CLOISTER_SMTP_PASSWORD" not in variables()  # which sends no letters
        assert PASSWORD not in clone.said
        assert variables()["CLOISTER_ATTACHMENTS_BY"] == "function"
        assert not {"CLOISTER_SPA_ORIGINS", "CLOISTER_ATTACHMENTS_ENDPOINT"} & variables().keys()
        kinds = {each["VpcEndpointType"] for each in client("ec2").describe_vpc_endpoints()["VpcEndpoints"]}
        assert kinds == {"Interface", "Gateway"}
        assert clone.status("/ready") == 200

    def test_done_again_changes_nothing(self, clone: Clone) -> None:
        assert clone.changes(*UP) == []
        assert "Nothing was changed: poc is as it should be." in clone.said

    def test_takes_and_gives_files_through_the_function(self, clone: Clone) -> None:
        assert clone.deploy("verify", "poc", "--write", "look.json") == 0, clone.said
        document = json.loads((clone.folder / "look.json").read_text(encoding="utf-8"))
        assert clone.deploy("verify", "poc", "--account") == 0
        given = re.search(rf"{USER}=(\S+)\s+{PASSWORD_OF}=(\S+)", clone.said)
        assert given is not None
        session = Session(document, Gateway(clone, document["api"]), credentials=(given[1], given[2]))

        lines = list(dict.fromkeys(step["line"] for step in document["journey"]))
        outcomes = {line: travel({"line": line}, session) for line in lines}

        assert {line: found for line, found in outcomes.items() if found.verdict != PROVED} == {}
        assert {"upload", "download"} <= outcomes.keys()
        assert clone.deploy("verify", "poc", "--remove-account", given[1]) == 0, clone.said


class TestTheLoadBalancer:
    def test_takes_the_place_of_the_api(self, clone: Clone) -> None:
        text = BALANCER
        for example, made in surroundings.make(text).items():
            text = text.replace(example, made)
        clone.write_stage(text)
        assert clone.changes("up", "poc", "--plan") == []

        assert clone.deploy(*UP) == 0, clone.said

        assert f"The page: https://{HOST}/\nThe API:  https://{HOST}/api/" in clone.said
        assert f"The company's DNS must lead {HOST} to the load balancer" in clone.said
        assert [target.rpartition(":")[2] for target in targets("function")] == ["cloister-poc"]
        assert targets("site") == endpoint_addresses()
        assert client("apigateway").get_rest_apis()["items"] == []
        assert variables()["CLOISTER_ALLOWED_HOSTS"] == HOST
        assert variables()["CLOISTER_SITE_URL"] == variables("-tasks")["CLOISTER_SITE_URL"] == f"https://{HOST}/"
        assert not {"CLOISTER_SPA_ORIGINS", "CLOISTER_ATTACHMENTS_BY"} & variables().keys()
        assert variables("-tasks")["CLOISTER_SMTP_PASSWORD"] == PASSWORD
        assert (by_balancer(clone, "/ready"), by_balancer(clone, "/ready", "stranger.invalid")) == (200, 400)

    def test_done_again_changes_nothing(self, clone: Clone) -> None:
        assert clone.changes(*UP) == []
        assert "Nothing was changed: poc is as it should be." in clone.said
        assert clone.deploy("status", "poc", "--no-drift") == 0, clone.said
        assert clone.deploy("verify", "poc", "--write", "look.json") == 0, clone.said
        written = json.loads((clone.folder / "look.json").read_text(encoding="utf-8"))
        assert (written["api"], written["site"]["base"]) == (f"https://{HOST}", f"https://{HOST}/")
        assert {"certificate.page", "page.headers", "wall.other-name"} <= {one["id"] for one in written["checks"]}

    def test_is_led_right_again_by_its_step_alone(self, clone: Clone) -> None:
        client("lambda").remove_permission(FunctionName="cloister-poc", StatementId=permission())
        assert clone.deploy("status", "poc", "--no-drift") == 1
        assert "may not call cloister-poc" in clone.said

        assert clone.deploy("door", "poc", "--yes") == 0, clone.said

        assert permission()
        assert clone.changes("door", "poc", "--yes") == []

    def test_takes_the_next_release_and_the_one_before_it(self, clone: Clone) -> None:
        before = sha256(function())
        clone.change_everything()
        assert clone.deploy(*UP) == 0, clone.said
        assert sha256(function()) != before
        assert ASSET in keys(SITE)

        assert clone.deploy("rollback", "poc", "--yes") == 0, clone.said

        assert sha256(function()) == before
        assert by_balancer(clone, "/ready") == 200
        assert [target.rpartition(":")[2] for target in targets("function")] == ["cloister-poc"]

    def test_goes_down_but_for_data(self, clone: Clone) -> None:
        assert clone.deploy("down", "poc", "--yes") == 0, clone.said
        assert client("elbv2").describe_load_balancers()["LoadBalancers"] == []
        assert client("lambda").list_functions()["Functions"] == []
