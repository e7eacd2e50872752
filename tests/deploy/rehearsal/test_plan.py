"""A network follows from resources: who reaches whom, by which names."""

import dataclasses

import pytest

from deploy.rehearsal import network, picture, plan
from deploy.rehearsal.dns import look_up
from deploy.rehearsal.plan import Plan, Resources
from tests.deploy.rehearsal.resources import (
    NOTHING,
    SITE,
    TO_ANYWHERE,
    TO_COMPANY,
    TO_S3,
    group,
    resources,
    table,
    tcp,
)


def reached(made: Plan, host: str) -> set[str]:
    return set(picture.reached(made, made.host(host)))


def tables(**routes: dict[str, str]) -> list[dict[str, object]]:
    """The VPC's tables, with one more route in some of them."""
    given = {"app": (["app"], [TO_S3]), "lb": (["lb", "lb2"], [TO_COMPANY]), "db": (["db"], [])}
    return [
        table(name, subnets, *own, *([routes[name]] if name in routes else []))
        for name, (subnets, own) in given.items()
    ]


class TestAClosedNetwork:
    def test_lets_the_company_reach_the_endpoints_and_nothing_else_of_it(self) -> None:
        assert reached(plan.make(resources()), "corporate") == {"outside", "execute-api-1:443", "s3-1:443", "s3-2:443"}

    def test_lets_functions_reach_the_database_and_the_gateway(self) -> None:
        assert reached(plan.make(resources()), "web-1") == {"db:5432", "db-2:5432", "s3-gateway:443"}

    @pytest.mark.parametrize("host", ["db", "db-2", "execute-api-1", "s3-1"])
    def test_lets_database_and_endpoints_open_no_connection(self, host: str) -> None:
        assert reached(plan.make(resources()), host) == set()

    def test_is_not_reached_from_outside(self) -> None:
        assert reached(plan.make(resources()), "outside") == {"corporate"}


class TestAnOpening:
    """Each of these opens what the class above says is closed."""

    OPEN_DOORS = group("doors", into=[tcp(443, cidr="0.0.0.0/0")], out=[NOTHING])
    OPEN_DATA = group("data", into=[tcp(5432, cidr="0.0.0.0/0")], out=[NOTHING])

    def with_groups(self, **groups: dict[str, object]) -> list[object]:
        return [groups.get(held["GroupId"], held) for held in resources().groups]

    def test_by_an_internet_gateway_and_a_wide_group_is_seen_from_outside(self) -> None:
        made = plan.make(resources(route_tables=tables(lb=TO_ANYWHERE), groups=self.with_groups(doors=self.OPEN_DOORS)))
        assert {"execute-api-1:443", "s3-1:443"} <= reached(made, "outside")

    def test_by_a_wide_group_alone_is_not(self) -> None:
        made = plan.make(resources(groups=self.with_groups(doors=self.OPEN_DOORS)))
        assert reached(made, "outside") == {"corporate"}

    def test_by_a_default_route_lets_functions_out_as_far_as_their_group_does(self) -> None:
        wide = group("web", into=[], out=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
        opened = tables(app=TO_ANYWHERE)
        assert "outside" not in str(reached(plan.make(resources(route_tables=opened)), "web-1"))
        made = plan.make(resources(route_tables=opened, groups=self.with_groups(web=wide)))
        assert "outside:80/443/5432" in reached(made, "web-1")

    def test_of_the_database_group_alone_leaves_it_without_a_way_back_to_the_company(self) -> None:
        made = plan.make(resources(groups=self.with_groups(data=self.OPEN_DATA)))
        assert "db:5432" not in reached(made, "corporate")
        made = plan.make(
            resources(groups=self.with_groups(data=self.OPEN_DATA), route_tables=tables(db=TO_COMPANY)),
        )
        assert "db:5432" in reached(made, "corporate")

    def test_of_the_link_cuts_the_company_off(self) -> None:
        local = [table("t-app", ["app"], TO_S3), table("t-lb", ["lb", "lb2"]), table("t-db", ["db"], TO_COMPANY)]
        assert reached(plan.make(resources(route_tables=local)), "corporate") == {"outside"}


class TestTheLink:
    def test_is_taken_for_granted_where_no_route_leads_to_the_company(self) -> None:
        made = plan.make(resources(route_tables=[table("t", ["app", "lb", "lb2", "db"])]))
        assert made.assumed == ("link",)
        assert "s3-1:443" in reached(made, "corporate")

    def test_is_the_stages_own_where_one_does(self) -> None:
        assert plan.make(resources()).assumed == ()


class TestNames:
    def asked(self, name: str, view: str, given: Resources | None = None) -> tuple[str, ...] | None:
        return look_up(plan.make(given or resources()).names, name, view)

    @pytest.mark.parametrize("view", ["corporate", "vpc", "outside"])
    def test_of_endpoints_are_public_and_say_private_addresses(self, view: str) -> None:
        assert self.asked(SITE, view) == ("10.20.0.133", "10.20.0.164")
        api = "abcdefghij-vpce-0a.execute-api.ap-northeast-1.amazonaws.com"
        assert self.asked(api, view) == ("10.20.0.132",)
        assert self.asked("db.rds.amazonaws.com", view) == ("10.20.0.205",)

    def test_of_a_zone_say_that_zones_address(self) -> None:
        assert self.asked(SITE.replace("-cd.", "-cd-ap-northeast-1c."), "corporate") == ("10.20.0.164",)

    def test_of_services_are_public_unless_private_dns_is_on(self) -> None:
        public = "abcdefghij.execute-api.ap-northeast-1.amazonaws.com"
        assert self.asked(public, "vpc") == ("203.0.113.10",)
        on = [{**held, "PrivateDnsEnabled": held["VpcEndpointId"] == "vpce-0a"} for held in resources().endpoints]
        assert self.asked(public, "vpc", resources(endpoints=on)) == ("10.20.0.132",)
        assert self.asked(public, "corporate", resources(endpoints=on)) == ("203.0.113.10",)

    def test_of_s3_lead_to_the_gateways_addresses(self) -> None:
        assert self.asked("b.s3.ap-northeast-1.amazonaws.com", "vpc") == ("52.216.0.1",)

    def test_that_nobody_has_do_not_exist(self) -> None:
        assert self.asked("telemetry.invalid", "corporate") is None


class TestAnAddress:
    def test_stays_when_more_hosts_come(self) -> None:
        first = plan.make(resources())
        more = {"a-tasks": {"SubnetIds": ["app"], "SecurityGroupIds": ["web"]}, **resources().functions}
        second = plan.make(resources(functions=more), first)
        assert second.host("web-1").address == first.host("web-1").address
        assert second.host("tasks-1").address not in {host.address for host in first.hosts}


class TestTheTextForTheKernel:
    def test_has_a_table_for_each_host_that_ends_in_nothing_but_the_companys(self) -> None:
        made = plan.make(resources())
        places = {host.name: place for place, host in enumerate(made.hosts)}
        lines = [way.line for way in network.ways(made, places)]
        for host in made.hosts:
            table = f"table {100 + places[host.name]}"
            ends = [line for line in lines if line.endswith(table) and "0.0.0.0/0" in line]
            assert len(ends) == 1, host.name
            assert ("blackhole" in ends[0]) == (host.name != "corporate"), host.name

    def test_touches_no_route_that_stays(self) -> None:
        made = plan.make(resources())
        ways = list(network.ways(made, {host.name: place for place, host in enumerate(made.hosts)}))
        assert list(network.steps([], ways)) == [way.line for way in ways]
        assert list(network.steps(ways, ways)) == []

        first, *others = ways
        led = dataclasses.replace(first, to="via 10.1.0.10 dev v0 onlink")
        assert list(network.steps(ways, [led, *others])) == [led.line]  # with no moment in which there is none
        assert list(network.steps(ways, others)) == [f"route delete {first.destination} table {first.table}"]

    def test_drops_what_no_group_lets_through(self) -> None:
        text = network.filters(plan.make(resources()))
        assert "policy drop" in text
        assert text.count("    drop\n") == 2 * len(plan.make(resources()).filters)

    def test_merges_ranges_that_lie_in_each_other(self) -> None:
        wide = group("web", into=[], out=[tcp(443, cidr="10.0.0.0/8"), tcp(443, prefix_list="pl-company")])
        rules = [
            dataclasses.replace(rule)
            for rule in plan.make(resources(groups=[wide, *resources().groups[1:]])).filters["10.20.0.62"].out
        ]
        both = dataclasses.replace(rules[0], ranges=("10.0.0.0/8", "10.1.0.0/16"))
        made = plan.make(resources())
        held = dataclasses.replace(made, filters={"10.20.0.62": plan.Filter((both,), ())})
        assert "{ 10.0.0.0/8 } tcp dport 443-443" in network.filters(held)
