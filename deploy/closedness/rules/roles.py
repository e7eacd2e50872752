"""What roles, users and groups may do by their own policies: send to strangers, or open the network."""

from collections.abc import Iterator, Mapping
from functools import cache

from deploy.closedness.asking import remembered, written
from deploy.closedness.findings import Check, Found, finding
from deploy.closedness.mentions import actions, document_of, resources
from deploy.closedness.mentions import named as policy_names
from deploy.closedness.patterns import HOLE, Answer, matches
from deploy.closedness.policy import Answer as Answered
from deploy.closedness.policy import Decision, Document, Principal, Request, statements, texts
from deploy.closedness.rules.strangers import OF_NOBODY, STRANGE_OWNER, unknown_buckets
from deploy.closedness.witnesses import of_a_stranger, settled
from deploy.closedness.world import Path, Thing, Undecided, World

OUT: Mapping[str, tuple[str, ...]] = {
    "s3": ("s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:ReplicateObject"),
    "sts": ("sts:AssumeRole",),
    "sqs": ("sqs:SendMessage",),
    "sns": ("sns:Publish",),
    "lambda": ("lambda:InvokeFunction",),
    "events": ("events:PutEvents",),
    "kinesis": ("kinesis:PutRecord",),
    "firehose": ("firehose:PutRecord",),
    "dynamodb": ("dynamodb:PutItem",),
    "execute-api": ("execute-api:Invoke",),
    "ecr": ("ecr:PutImage",),
    "secretsmanager": ("secretsmanager:PutSecretValue",),
    "codeartifact": ("codeartifact:PublishPackageVersion",),
    "es": ("es:ESHttpPost",),
    "ses": ("ses:SendEmail", "ses:SendRawEmail"),
}
"""Service -> calls that carry data to whoever owns the resource."""

OPENING = (
    "ec2:CreateInternetGateway",
    "ec2:AttachInternetGateway",
    "ec2:CreateEgressOnlyInternetGateway",
    "ec2:CreateNatGateway",
    "ec2:AllocateAddress",
    "ec2:CreateVpnConnection",
    "ec2:CreateClientVpnEndpoint",
    "lambda:CreateFunctionUrlConfig",
    "cloudfront:CreateDistribution",
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
    "iam:CreateAccessKey",
)
"""Calls that make a way out or in, or give oneself the right to."""

WIDENING = (
    "ec2:CreateRoute",
    "ec2:ReplaceRoute",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:AuthorizeSecurityGroupEgress",
    "ec2:ModifySubnetAttribute",
    "ec2:ModifyVpcEndpoint",
    "ec2:CreateVpcPeeringConnection",
    "s3:PutBucketPolicy",
    "iam:CreatePolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "lambda:AddPermission",
    "lambda:UpdateFunctionConfiguration",
    "lambda:CreateFunction",
    "ec2:RunInstances",
    "ec2:AssociateAddress",
    "ec2:AssociateRouteTable",
    "ec2:ReplaceRouteTableAssociation",
    "ec2:AssociateDhcpOptions",
    "ec2:AcceptVpcPeeringConnection",
    "ec2:CreateTransitGatewayVpcAttachment",
    "ec2:CreateCarrierGateway",
    "ec2:CreateInstanceConnectEndpoint",
    "ec2:CreateVpcEndpoint",
    "ec2:CreateVpcEndpointServiceConfiguration",
    "ec2:CreateTrafficMirrorSession",
    "ec2:CreateFlowLogs",
    "ec2:ModifyInstanceAttribute",
    "ec2:ModifyNetworkInterfaceAttribute",
    "ec2:ModifySnapshotAttribute",
    "ec2:ModifyImageAttribute",
    "rds:ModifyDBSnapshotAttribute",
    "rds:ModifyDBClusterSnapshotAttribute",
    "rds:ModifyDBInstance",
    "rds:ModifyDBCluster",
    "rds:StartExportTask",
    "kms:PutKeyPolicy",
    "logs:PutResourcePolicy",
    "apigateway:PATCH",
    "apigateway:POST",
    "apigateway:PUT",
    "apprunner:CreateService",
    "appsync:CreateGraphqlApi",
    "elasticloadbalancing:CreateLoadBalancer",
    "transfer:CreateServer",
    "s3:PutBucketAcl",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutReplicationConfiguration",
    "logs:PutSubscriptionFilter",
    "sns:Subscribe",
    "events:PutTargets",
    "ram:CreateResourceShare",
    "cloudformation:CreateStack",
)
"""Calls that deployers need and nothing that runs inside does: they open the network, or share with strangers."""

HARMLESS = (
    "AWSLambdaBasicExecutionRole",
    "AWSLambdaVPCAccessExecutionRole",
    "AmazonECSTaskExecutionRolePolicy",
    "AmazonSSMManagedInstanceCore",
    "AWSXRayDaemonWriteAccess",
    "AmazonRDSEnhancedMonitoringRole",
    "AmazonAPIGatewayPushToCloudWatchLogs",
    "AmazonEC2ContainerRegistryReadOnly",
    "CloudWatchAgentServerPolicy",
)
"""Policies of AWS's that name neither of the above. Source: AWS Managed Policy Reference Guide."""

BROAD = ("AdministratorAccess", "PowerUserAccess", "AmazonS3FullAccess", "IAMFullAccess", "AmazonEC2FullAccess")
"""Policies of AWS's that allow at least one of the above on everything."""


ATTACHED: Mapping[str, tuple[str, ...]] = {
    "AWS::IAM::Role": ("Roles", "RoleName"),
    "AWS::IAM::Group": ("Groups", "GroupName"),
    "AWS::IAM::User": ("Users", "UserName"),
}
"""Who may have policies -> where a policy apart names them."""
APART = (
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::GroupPolicy",
    "AWS::IAM::UserPolicy",
)


def of_aws(arn: object) -> str:
    """Give the name of a policy that AWS keeps, empty for anybody else's, whatever it is called."""
    owner, _, name = str(arn).partition(":policy/")
    return name.rpartition("/")[2] if owner.endswith(":iam::aws") else ""


def documents(role: Thing, world: World) -> list[tuple[Thing, Path, Document]]:
    """Give every policy that a role, user or group has, with where it stands.

    Raises:
        Undecided: one of them is made elsewhere and is not known.

    """
    if role.name not in world.remembered:
        world.remembered[role.name] = list(_documents(role, world))
    held: list[tuple[Thing, Path, Document]] = world.remembered[role.name]
    return held


def _documents(role: Thing, world: World) -> Iterator[tuple[Thing, Path, Document]]:
    for place, _ in enumerate(role.several("Policies")):
        path: Path = ("Policies", place, "PolicyDocument")
        document = document_of(role, *path)
        if document is not None:
            yield role, path, document
    for place, arn in enumerate(role.several("ManagedPolicyArns")):
        if of_aws(arn) in (*HARMLESS, *BROAD):
            continue
        held = world.find(role, "ManagedPolicyArns", place, among=("AWS::IAM::ManagedPolicy",))
        document = document_of(held, "PolicyDocument")
        if document is not None:
            yield held, ("PolicyDocument",), document
    for apart in world.of(*APART):
        attached = [token for path in ATTACHED[role.type] for token in apart.several(path)]
        document = document_of(apart, "PolicyDocument") if role.token in map(str, attached) else None
        if document is not None:
            yield apart, ("PolicyDocument",), document


def _decision(role: Thing, action: str, arn: str, world: World, *, stranger: bool = True) -> Decision:
    """Decide an action by a role's own policies, as it is asked from inside; `stranger` says whose the resource is."""
    name = f"{role.name} asked"
    if name not in world.remembered:
        held = [document for _, _, document in documents(role, world)]
        known = frozenset().union(*(settled(document) for document in held), {"aws:RequestedRegion"})
        # Our organisation and endpoints are those that the policies name, where they name any.
        place = {
            wanted: next((value for document in held for value in policy_names(document, wanted)), "")
            for wanted in ("aws:PrincipalOrgID", "aws:SourceVpc", "aws:SourceVpce")
        }
        place = {wanted: value for wanted, value in place.items() if value}
        world.remembered[name] = (held, written(held), known, place)
    held, key, known, place = world.remembered[name]
    owner = STRANGE_OWNER if stranger else {"aws:ResourceAccount": world.account, "s3:ResourceAccount": world.account}
    context = {"aws:SecureTransport": "true", "aws:RequestedRegion": world.region, **place, **owner}
    request = Request(action, arn, Principal("aws", role.attributes["Arn"]), context, known)
    return remembered(key, request, identity=held, account=world.account)


def may(role: Thing, action: str, arn: str, world: World) -> Answer:
    """Say whether a role's own policies allow an action; None where it cannot be told."""
    decision = _decision(role, action, arn, world)
    if any(of_aws(given) in BROAD for given in role.several("ManagedPolicyArns")):
        return True
    return {Answered.ALLOWED: True, Answered.DENIED: False, Answered.CANNOT_TELL: None}[decision.answer]


def _strangers(service: str, held: list[Document], world: World) -> list[str]:
    """Give resources of strangers: a fresh one, and what the policies' own patterns leave room for."""
    found = [of_a_stranger(service, world)]
    kind = "iam" if service == "sts" else service
    for document in held:
        for arn in resources(document, found[:1]):
            parts = arn.split(":")
            if len(parts) < 6 or parts[2] != kind:
                continue
            bucket = parts[5].split("/")[0]
            foreign = "stranger" in bucket and bucket not in world.buckets if kind == "s3" else False
            if foreign or (kind != "s3" and parts[4] not in ("", world.account)):
                found.append(arn)
    return list(dict.fromkeys(found))


def _asked(held: list[Document]) -> Iterator[tuple[str, str]]:
    """Yield (service, action) for what these documents could mean."""
    for service, known in OUT.items():
        for document in held:
            asked = actions(document, service, known)
            yield from ((service, action) for action in asked if action not in OF_NOBODY)


def is_of_a_function(role: Thing) -> bool:
    """Say whether a function, container or machine runs with this role."""
    text = str(role.get("AssumeRolePolicyDocument"))
    return any(
        f"{name}.amazonaws.com" in text for name in ("lambda", "ecs-tasks", "ec2", "states", "codebuild", "batch")
    )


def is_of_a_service(role: Thing) -> bool:
    """Say whether a service of AWS's works with this role; CloudFormation's is a deployer's."""
    text = str(role.get("AssumeRolePolicyDocument"))
    return ".amazonaws.com" in text.replace("cloudformation.amazonaws.com", "")


def _out(role: Thing, world: World) -> Found:
    if not is_of_a_service(role):
        return
    for place, given in enumerate(role.several("ManagedPolicyArns")):
        if of_aws(given) in BROAD:
            yield finding("role-out", role, "ManagedPolicyArns", place, action="*", target="*")
            return
    every = list(documents(role, world))
    held = [document for _, _, document in every]
    strangers = {service: _strangers(service, held, world) for service in OUT}
    spoken_of = _spoken_of(held)
    asked = ((action, arn) for service, action in dict.fromkeys(_asked(held)) for arn in strangers[service])
    for action, arn in asked:
        if not _is_named(action, spoken_of):
            continue
        decision = _decision(role, action, arn, world)
        if decision.allowed:
            thing, path = _where(every, decision)
            found = finding("role-out", thing, *path, action=action, target=arn)
            yield found
            return
        if decision.answer is Answered.CANNOT_TELL:
            raise Undecided(role, ("Policies",), next(iter(decision.doubts), action).replace(HOLE, "?"))
    for thing, path, document in [] if world.staged else every:
        yield from unknown_buckets(thing, path, document, world)


def _where(every: list[tuple[Thing, Path, Document]], decision: Decision) -> tuple[Thing, Path]:
    for reason in decision.reasons:
        thing, path, document = every[int(reason.policy.rpartition(" ")[2])]
        if len(statements(document)) > reason.index:
            return thing, (*path, "Statement", reason.index)
    return every[0][0], every[0][1]


def _opens(role: Thing, world: World) -> Found:
    for place, given in enumerate(role.several("ManagedPolicyArns")):
        if of_aws(given) in BROAD[:2] + BROAD[3:]:
            yield finding("role-opens", role, "ManagedPolicyArns", place, action="*")
            return
    every = documents(role, world)
    held = [document for _, _, document in every]
    known = (*OPENING, *(WIDENING if is_of_a_function(role) else ()))
    spoken_of = _spoken_of(held)
    for action in (one for one in known if _is_named(one, spoken_of)):
        for arn in _own(action, world):
            decision = _decision(role, action, arn, world, stranger=False)
            if decision.allowed:
                thing, path = _where(every, decision)
                yield finding("role-opens", thing, *path, action=action)
                return
            if decision.answer is Answered.CANNOT_TELL:
                raise Undecided(role, ("Policies",), next(iter(decision.doubts), action).replace(HOLE, "?"))


def _spoken_of(held: list[Document]) -> tuple[str, ...]:
    """Give the patterns of actions that any statement names; everything where one names what it is not about."""
    every = [statement for document in held for statement in statements(document)]
    if any(not isinstance(statement, Mapping) or "NotAction" in statement for statement in every):
        return ("*",)
    return tuple(dict.fromkeys(text for statement in every for text in texts(statement.get("Action", []))))


@cache
def _is_named(action: str, spoken_of: tuple[str, ...]) -> bool:
    """Say whether any statement could speak of an action: asking about others is in vain."""
    return any(matches(text, action, ignore_case=True) is not False for text in spoken_of)


def _own(action: str, world: World) -> Iterator[str]:
    """Yield what an action could be done to: our own functions or roles, and something new."""
    service = action.split(":", maxsplit=1)[0]
    kind = {"lambda": "AWS::Lambda::Function", "iam": "AWS::IAM::Role", "s3": "AWS::S3::Bucket"}.get(service, "")
    yield f"arn:aws:{service}:{world.region}:{world.account}:something/anything"
    for thing in world.of(kind):
        yield thing.attributes.get("Arn", f"arn:aws:lambda:{world.region}:{world.account}:function:{thing.token}")


def _given_away(thing: Thing, world: World) -> Found:
    """A policy for roles, users or groups that are made elsewhere: what works with them is not known."""
    for kind, paths in ATTACHED.items():
        for path in paths:
            list(world.each(thing, path, among=(kind,)))
    return ()


def _member(user: Thing, world: World) -> Found:
    """Who signs in as a user, and from where, stands in no template; nor what groups made elsewhere may."""
    list(world.each(user, "Groups", among=("AWS::IAM::Group",)))
    raise Undecided(user, (), "who holds its keys")


CHECKS = (
    Check(APART, _given_away),
    Check(("AWS::IAM::User",), _member),
    Check(("AWS::IAM::Role",), _out),
    Check(tuple(ATTACHED), _opens),
)
