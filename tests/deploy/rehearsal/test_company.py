"""What a company hands out: the stage file that is rehearsed with, and the load balancer that its name leads to."""

import pytest

from deploy import combinations, lookups, stage_file
from deploy.aws import Account
from deploy.rehearsal import company, handed, picture, plan, reading
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


class TestAHandedOutNetwork:
    """Closed as our own would be: the same hosts reach the same ones."""

    @pytest.mark.parametrize("groups", ["new", "existing"])
    def test_lets_through_what_our_own_would(self, groups: str) -> None:
        chosen = dict(combinations.FACTORS["network"]["existing-subnets"]) | dict(
            combinations.FACTORS["groups"][groups]
        )
        ours, theirs = self.reached({}), self.reached(chosen)
        assert ours == theirs
        assert ours["corporate"] >= {"execute-api-1:443", "s3-1:443"}

    def reached(self, values: combinations.Values) -> dict[str, set[str]]:
        text = combinations.toml(values)
        with local_cloud():
            stage = read(text)
            account = Account(stage)
            for named, given in handed.network(stage, account).items():
                text = text.replace(named, given)
            stage = read(text)
            stacks(stage).up(empty_database=True)
            vpc = lookups.outputs(stage, account)["VpcId"]
            made = plan.make(reading.read(stage, account, vpc))
        sides = ("corporate", "outside", "db-2", "execute-api-1", "s3-1")
        return {side: set(picture.reached(made, made.host(side))) for side in sides}
