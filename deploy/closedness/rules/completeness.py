"""Every service that is called has a way in, every endpoint has a user, and who calls reaches what is called."""

from collections.abc import Iterator, Mapping
from typing import Any

from deploy.closedness.findings import Check, Found, finding
from deploy.closedness.graph import table_of
from deploy.closedness.policy import statements, texts
from deploy.closedness.rules.endpoints import short_name
from deploy.closedness.rules.groups import Permission, permissions
from deploy.closedness.rules.roles import documents, is_of_a_function
from deploy.closedness.world import Path, Thing, Undecided, World, inside
from deploy.words import Words

HTTPS = 443
GROUP = ("AWS::EC2::SecurityGroup",)

CALLED: Mapping[str, tuple[str, ...]] = {
    "s3": ("s3",),
    "secretsmanager": ("secretsmanager",),
    "ssm": ("ssm",),
    "sqs": ("sqs",),
    "sns": ("sns",),
    "dynamodb": ("dynamodb",),
    "states": ("states",),
    "events": ("events",),
    "kinesis": ("kinesis-streams",),
    "firehose": ("kinesis-firehose",),
    "bedrock": ("bedrock-runtime", "bedrock"),
    "textract": ("textract",),
    "transcribe": ("transcribe",),
    "translate": ("translate",),
    "comprehend": ("comprehend",),
    "rekognition": ("rekognition",),
    "sagemaker": ("sagemaker.runtime", "sagemaker.api"),
    "athena": ("athena",),
    "glue": ("glue",),
    "cognito-idp": ("cognito-idp",),
    "ses": ("email-smtp", "email"),
    "appsync": ("appsync-api",),
    "kendra": ("kendra",),
    "rds-data": ("rds-data",),
    "cloudformation": ("cloudformation",),
}
"""IAM prefix -> endpoint services by which code reaches it; what the Lambda service itself does for a function (logs,
network interfaces, keys of its environment) is not here, since it needs no way out of the VPC.

Source: AWS PrivateLink Guide, "AWS services that integrate with AWS PrivateLink".
"""

BY_LAMBDA = ("logs", "ec2", "xray")
"""Rights in a function's role that the Lambda service uses from its own side."""

OF_CONTAINERS = ("ecr.api", "ecr.dkr", "logs", "s3")
OF_MACHINES = ("ssm", "ssmmessages", "ec2messages", "ec2", "kms", "logs", "monitoring", "sts")


def _endpoints(world: World) -> dict[str, list[Thing]]:
    found: dict[str, list[Thing]] = {}
    for endpoint in world.of("AWS::EC2::VPCEndpoint"):
        found.setdefault(short_name(endpoint), []).append(endpoint)
    return found


def _callers(world: World) -> list[Thing]:
    """Roles of what runs inside."""
    return [role for role in world.of("AWS::IAM::Role") if is_of_a_function(role)]


def _calls(role: Thing, world: World) -> Iterator[tuple[Thing, Path, str]]:
    """Yield what a role's policies allow: where it stands and the service's IAM prefix."""
    for thing, path, document in documents(role, world):
        for place, statement in enumerate(statements(document)):
            if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow":
                continue
            if _is_of_pages(statement, world):
                continue
            for action in texts(statement.get("Action", [])):
                yield thing, (*path, "Statement", place), action.split(":", maxsplit=1)[0].lower()


def _is_of_pages(statement: Mapping[str, Any], world: World) -> bool:
    """Whether it is about the pages only: API Gateway reads them by the function's role, from its own side."""
    resources = texts(statement.get("Resource", []))
    return bool(resources) and all(one.partition(":::")[2].partition("/")[0] in world.pages for one in resources)


def _is_open(world: World) -> bool:
    return any(True for _ in world.of("AWS::EC2::NatGateway", "AWS::EC2::InternetGateway"))


def _missing(role: Thing, world: World) -> Found:
    """A service that code calls from inside and no endpoint leads to; with the internet open it goes that way."""
    if not is_of_a_function(role) or _is_open(world) or not any(True for _ in world.of("AWS::EC2::VPCEndpoint")):
        return
    there = {*_endpoints(world), *world_services(world)}
    told: set[str] = set()
    for thing, path, service in _calls(role, world):
        ways = CALLED.get(service, ())
        if ways and service not in told and not there & set(ways):
            told.add(service)
            yield finding("missing-endpoint", thing, *path, service=service)


def world_services(world: World) -> set[str]:
    """Give the services of endpoints that others made and the stage names."""
    return {words.en for token, words in world.given.items() if token.startswith("vpce-")}


def _needed(_: Thing, world: World) -> Found:
    """What browsers need, by the stage's own table."""
    there = {
        (name, endpoint.get("VpcEndpointType", default="Gateway") == "Gateway")
        for name, held in _endpoints(world).items()
        for endpoint in held
    }
    given = world_services(world)
    for service in world.needed:
        wanted = (service.removesuffix("-gateway"), service.endswith("-gateway"))
        if wanted not in there and service not in given:
            anchor = next(iter(world.of("AWS::EC2::VPC", "AWS::EC2::PrefixList")))
            yield finding("missing-endpoint", anchor, service=service)


def _code(_: Thing, world: World) -> Found:
    """What the application's code calls; signing in to the database by token calls nobody."""
    there = {*_endpoints(world), *world_services(world)}
    for call in world.calls:
        ways = CALLED.get(call.service, () if call.service == "rds-db" else (call.service,))
        if ways and not there & set(ways):
            caller = Thing("", call.file, "", {}, call.file, lambda *_, line=call.line: line)
            yield finding("missing-endpoint", caller, service=call.service)


def _unused(endpoint: Thing, world: World) -> Found:
    name = short_name(endpoint)
    callers = _callers(world)
    runs = callers or any(True for _ in world.of("AWS::Lambda::Function", "AWS::ECS::Service", "AWS::EC2::Instance"))
    if not runs and not world.staged:
        return
    used = set(world.needed)
    used |= {
        one
        for role in callers
        for _, _, service in _calls(role, world)
        if service not in BY_LAMBDA
        for one in CALLED.get(service, (service,))
    }
    if any(True for _ in world.of("AWS::ECS::Service", "AWS::ECS::TaskDefinition")):
        used |= set(OF_CONTAINERS)
    if any(True for _ in world.of("AWS::EC2::Instance", "AWS::AutoScaling::AutoScalingGroup")):
        used |= set(OF_MACHINES)
    # Of a stranger's templates, APIs and buckets may stand elsewhere.
    if not world.staged or any(True for _ in world.of("AWS::ApiGateway::RestApi")):
        used.add("execute-api")
    if not world.staged or any(True for _ in world.of("AWS::S3::Bucket")) or "s3-gateway" in used:
        used.add("s3")
    if name not in used and name.split(".", maxsplit=1)[0] not in used and "*" not in used:
        yield finding("unused-endpoint", endpoint, service=name)


def _for_users(endpoint: Thing, world: World) -> Found:
    """Browsers reach interface endpoints of `execute-api` and `s3` from every corporate range."""
    if world.bounds.corporate is None or endpoint.get("VpcEndpointType", default="Gateway") != "Interface":
        return
    if short_name(endpoint) not in ("execute-api", "s3"):
        return
    if any(True for _ in world.of("AWS::ElasticLoadBalancingV2::LoadBalancer")):
        return  # users meet the load balancer, and it meets the endpoint
    admitted = [
        one
        for group in world.each(endpoint, "SecurityGroupIds", among=GROUP)
        for one in permissions(world, group, "Ingress")
        if one.covers(HTTPS)
    ]
    for corporate in world.bounds.corporate:
        held = [one for one in admitted if inside(corporate, one.ranges)]
        if not held:
            yield finding("locked-out", endpoint, "SecurityGroupIds", source=corporate)


def _gateways(endpoint: Thing, world: World) -> Found:
    """A gateway endpoint must stand in the route tables of the functions' subnets."""
    if endpoint.get("VpcEndpointType", default="Gateway") != "Gateway":
        return
    tables = {str(one) for one in endpoint.several("RouteTableIds")}
    for function in world.of("AWS::Lambda::Function"):
        for subnet in world.each(function, "VpcConfig", "SubnetIds", among=("AWS::EC2::Subnet",)):
            table = table_of(world, subnet)
            if table and table not in tables:
                yield finding(
                    "no-way",
                    endpoint,
                    "RouteTableIds",
                    target=subnet.name,
                    reason=Words("its route table is not named here", "そのルートテーブルが指定されていません"),
                )
                return


def _to_database(function: Thing, world: World) -> Found:
    """A function that may send to a database must be admitted there, and the other way round."""
    groups = list(world.each(function, "VpcConfig", "SecurityGroupIds", among=GROUP))
    for database in world.of("AWS::RDS::DBInstance", "AWS::RDS::DBCluster"):
        port = int(str(database.get("Port", default=5432)))
        paths = ("VPCSecurityGroups", "VpcSecurityGroupIds")
        guards = [guard for path in paths for guard in world.each(database, path, among=GROUP)]
        if not guards or not groups or not world.staged:
            continue
        ours = {group.token for group in groups}
        admitted = any(
            one.covers(port) and one.peer in ours for guard in guards for one in permissions(world, guard, "Ingress")
        )
        sent = any(one.covers(port) for group in groups for one in permissions(world, group, "Egress"))
        yield from _no_way(function, database, admitted=admitted, sent=sent)


def _no_way(function: Thing, target: Thing, *, admitted: bool, sent: bool) -> Found:
    if not admitted or not sent:
        reason = NOT_SENT if admitted else NOT_ADMITTED
        yield finding("no-way", function, "VpcConfig", "SecurityGroupIds", target=target.name, reason=reason)


NOT_ADMITTED = Words("its security group does not admit the function", "そのセキュリティグループが関数を受け付けません")
NOT_SENT = Words("the function's security group does not let it out", "関数のセキュリティグループが送信を許しません")


def _to_services(function: Thing, world: World) -> Found:
    """What functions call through gateway or interface endpoints must be in their groups' egress."""
    if not world.staged:
        return
    for group in world.each(function, "VpcConfig", "SecurityGroupIds", among=GROUP):
        held = list(permissions(world, group, "Egress"))
        role = next((one for one in _callers(world) if one.attributes["Arn"] == function.get("Role")), None)
        called = {service for _, _, service in _calls(role, world)} if role is not None else set()
        if "s3" in called and not any(one.peer in world.lists and one.covers(HTTPS) for one in held):
            reason = Words("its security group does not let it out", "セキュリティグループが送信を許しません")
            yield finding("no-way", function, "VpcConfig", "SecurityGroupIds", target="S3", reason=reason)
        for name in sorted(called & {"secretsmanager", "ssm"}):
            for endpoint in _endpoints(world).get(name, []):
                yield from _to_interface(function, group, held, endpoint, world)


def _to_interface(function: Thing, group: Thing, held: list[Permission], endpoint: Thing, world: World) -> Found:
    admitted = any(
        one.covers(HTTPS) and one.peer == group.token
        for guard in world.each(endpoint, "SecurityGroupIds", among=GROUP)
        for one in permissions(world, guard, "Ingress")
    )
    subnets = [subnet.network("CidrBlock") for subnet in world.each(endpoint, "SubnetIds", among=("AWS::EC2::Subnet",))]
    sent = all(
        any(one.covers(HTTPS) and subnet is not None and inside(subnet, one.ranges) for one in held)
        for subnet in subnets
    )
    yield from _no_way(function, endpoint, admitted=admitted, sent=sent)


def _others(_: Thing, world: World) -> Found:
    """What others made and the stage names by id: nothing of it is seen, unless an inventory shows it."""
    for token, words in world.given.items():
        if token not in world.by_token:
            holder = Thing("", words.en, token, {}, file=STAGE_FILE)
            yield Undecided(holder, (token,), f"{token} is not among what is judged here", given=token)


STAGE_FILE = "deploy/stages"


CHECKS = (
    Check(("AWS::IAM::Role",), _missing),
    Check((), _needed),
    Check((), _code),
    Check(("AWS::EC2::VPCEndpoint",), _unused),
    Check(("AWS::EC2::VPCEndpoint",), _for_users),
    Check(("AWS::EC2::VPCEndpoint",), _gateways),
    Check(("AWS::Lambda::Function",), _to_database),
    Check(("AWS::Lambda::Function",), _to_services),
    Check((), _others),
)
