"""What a company hands out: the stage file that is rehearsed with, and the load balancer that its name leads to."""

import contextlib

import pytest

from deploy import combinations, lookups, stage_file
from deploy.aws import Account
from deploy.failure import Failure
from deploy.rehearsal import company, granted, handed, picture, plan, reading
from deploy.rehearsal.breakages import WALLS
from deploy.rehearsal.changes import Changes
from deploy.rehearsal.cloud import local_cloud
from deploy.rehearsal.dns import look_up
from deploy.stage import Stage
from tests.deploy.cloud import stacks
from tests.deploy.paths import STAGE_FILE
from tests.deploy.rehearsal.resources import NOTHING, group, resources, tcp

WHOLE = STAGE_FILE.read_text(encoding="utf-8")
BALANCER = {
    "LoadBalancerName": "cloister-poc",
    "DNSName": "internal-cloister-poc-1.ap-northeast-1.elb.amazonaws.com",
    "SecurityGroups": ["balancer"],
    "AvailabilityZones": [{"SubnetId": "lb"}, {"SubnetId": "lb2"}],
}


def read(text: str) -> Stage:
    return stage_file.parse(text, name="poc", path=STAGE_FILE)


class TestAnotherDoor:
    def test_is_written_into_the_stage_file_with_what_it_needs(self) -> None:
        for text in (WHOLE, "", '[balancer]\nhost = "x.example"\n'):
            stage = read(company.asked(text, door="load-balancer"))
            assert stage.text("door") == "load-balancer"
            assert stage.text("balancer.host") == ("x.example" if "x.example" in text else company.HOST)
            assert stage.text("balancer.certificate")

    def test_is_written_where_the_file_has_comments_and_other_hosts(self) -> None:
        inside = '[destinations.mail]\naddresses = ["10.1.3.1"]\nports = [587]\n'
        mail = f'{inside}[mail]\nhost = "smtp.example"\nsender = "ringi@example.co.jp"\n'
        for text in (mail, f"{mail}[balancer] # the company's\n", f"{mail}[ balancer ]\n  host = ''\n"):
            stage = read(company.asked(text, door="load-balancer"))
            assert (stage.text("balancer.host"), stage.text("mail.host")) == (company.HOST, "smtp.example")

    def test_of_containers_is_a_load_balancer(self) -> None:
        stage = read(company.asked(WHOLE, backend="fargate"))
        assert (stage.text("backend"), stage.text("door")) == ("fargate", "load-balancer")

    def test_leaves_a_file_alone_that_nobody_asked_to_change(self) -> None:
        assert company.asked(WHOLE) == WHOLE
        certified = company.asked(WHOLE, door="load-balancer")
        assert company.asked(certified, door="load-balancer") == certified


class TestALoadBalancer:
    GIVEN = resources(
        balancers=[BALANCER],
        company_names={"ringi.example": "cloister-poc"},
        groups=[
            *(held for held in resources().groups if held["GroupId"] != "doors"),
            group("balancer", into=[tcp(443, prefix_list="pl-company")], out=[tcp(443, group="doors")]),
            group("doors", into=[tcp(443, group="balancer")], out=[NOTHING]),
        ],
    )

    def test_stands_in_each_of_its_subnets_between_the_company_and_the_pages(self) -> None:
        made = plan.make(self.GIVEN)
        balancers = list(made.of("balancer"))
        assert [host.subnet for host in balancers] == ["lb", "lb2"]
        assert set(picture.reached(made, made.host("corporate"))) == {"outside", "balancer-1:443", "balancer-2:443"}
        # The API's endpoint has the same group here; what matters is that only the load balancer comes to them.
        assert set(picture.reached(made, balancers[0])) == {"execute-api-1:443", "s3-1:443", "s3-2:443"}

    def test_is_known_by_its_own_name_to_everybody_and_by_the_companys_to_the_company(self) -> None:
        made = plan.make(self.GIVEN)
        addresses = tuple(host.address for host in made.of("balancer"))
        assert look_up(made.names, str(BALANCER["DNSName"]), "outside") == addresses
        assert look_up(made.names, "ringi.example", "corporate") == addresses
        assert look_up(made.names, "ringi.example", "vpc") is None
        assert look_up(made.names, "ringi.example", "outside") is None


WHOLLY = {"network": "existing-subnets", "groups": "existing", "endpoints": "existing"}


@pytest.fixture(scope="module")
def ours() -> dict[str, set[str]]:
    """What the sides of a network reach that is our own from end to end."""
    return reached({})


class TestAHandedOutNetwork:
    """Closed as our own would be: the same hosts reach the same ones."""

    @pytest.mark.parametrize(
        "handed_out",
        [
            {"network": "existing-subnets"},
            WHOLLY,
            {"network": "existing-vpc", "endpoints": "existing"},  # whose subnets and group nothing names
        ],
        ids=["subnets", "all", "endpoints"],
    )
    def test_lets_through_what_our_own_would(self, handed_out: dict[str, str], ours: dict[str, set[str]]) -> None:
        assert reached(levels(handed_out)) == ours
        assert ours["corporate"] >= {"execute-api-1:443", "s3-1:443"}

    @pytest.mark.parametrize(
        ("handed_out", "wall", "seen"),
        [
            (WHOLLY, "graph.internet-gateway", {"execute-api-1:443", "s3-1:443"}),
            (WHOLLY, "exposure.public-database", {"db:5432"}),
            # Two groups then: that of the API's endpoint, which is others', and ours.
            ({"network": "existing-vpc", "endpoints": "existing-api"}, "completeness.locked-out", set()),
        ],
        ids=["gateway", "database", "locked out"],
    )
    def test_has_walls_that_are_opened_where_they_stand(
        self, handed_out: dict[str, str], wall: str, seen: set[str]
    ) -> None:
        found = reached(levels(handed_out), wall)
        assert found["outside"] >= seen
        if wall == "completeness.locked-out":
            assert found["corporate"] == {"outside"}

    def test_has_endpoints_that_functions_call(self) -> None:
        stands = levels({"network": "existing-vpc"}) | {"secrets": "ssm", "endpoints.ssm": "vpce-0e00000000000e004"}
        assert {"ssm-1", "ssm-2"} <= reached(stands).keys()

    def test_without_room_for_what_stands_in_it_is_refused(self) -> None:
        vpc = levels({"network": "existing-vpc"}) | {
            "endpoints.s3": combinations.EXISTING["s3"],
            "network.app_cidrs": ["10.20.0.0/26", "10.20.0.64/26"],
            "network.lb_cidrs": ["10.20.0.128/27", "10.20.0.160/27"],
            "network.db_cidrs": ["10.20.0.192/27", "10.20.0.224/27"],
        }
        with pytest.raises(Failure, match=r"network\.lb_subnets"):
            reached(vpc)


class TestWhatIsGranted:
    @pytest.mark.parametrize("given", [{"link": "peering"}, {"link": "transit-gateway", "names": "shared-rule"}])
    def test_a_link_leads_to_the_company(self, given: dict[str, str], ours: dict[str, set[str]]) -> None:
        assert reached(levels(given))["corporate"] == ours["corporate"]

    def test_roles_may_do_what_our_own_would(self) -> None:
        own = "arn:aws:iam::210987654321:role/team/{}"
        text = combinations.toml(
            {
                "aws.account": "210987654321",
                "roles.permissions_boundary": "arn:aws:iam::210987654321:policy/edge",
                **{f"roles.{role}": own.format(role) for role in ("web", "tasks", "deployer")},
            }
        )
        text = granted.here(text, read(text))
        with local_cloud():
            stage = read(text)
            account = Account(stage)
            granted.make(stage, account)
            stacks(stage).up(empty_database=True)
            outputs = lookups.outputs(stage, account)
            iam = account.client("iam")
            given = iam.get_role_policy(RoleName="web", PolicyName="cloister-poc-web")["PolicyDocument"]
            trust = iam.get_role(RoleName="web")["Role"]["AssumeRolePolicyDocument"]
        sids = {statement["Sid"] for statement in given["Statement"]}
        assert {"SignAttachments", "WriteLogs"} <= sids
        # Zappa is told of the role also where no stack of ours tells of one.
        assert outputs["WebRoleArn"] == own.format("web").replace("210987654321", "123456789012")
        assert "lambda.amazonaws.com" in trust["Statement"][0]["Principal"]["Service"]
        assert "<" not in str(given)


def levels(choice: dict[str, str]) -> combinations.Values:
    """Give the keys that these levels of factors set."""
    return {
        key: value for factor, level in choice.items() for key, value in combinations.FACTORS[factor][level].items()
    }


def reached(values: combinations.Values, wall: str = "") -> dict[str, set[str]]:
    """Bring a stage's network up, with what the company hands out, and open a wall; answer what its sides reach."""
    text = combinations.toml(values)
    with local_cloud():
        stage = read(text)
        account = Account(stage)
        for named, given in {**handed.network(stage, account), **granted.make(stage, account)}.items():
            text = text.replace(named, given)
        stage = read(text)
        stacks(stage).up(empty_database=True)
        if wall:
            WALLS[wall].open(Changes(stage, account, contextlib.ExitStack()))
        vpc = lookups.outputs(stage, account)["VpcId"]
        made = plan.make(reading.read(stage, account, vpc))
    return {host.name: set(picture.reached(made, host)) for host in made.hosts}
