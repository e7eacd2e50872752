"""Which templates a stage uses, in which order, and with which parameters.

A parameter that some earlier template gives out under the same name is not written here: `stacks` and `cfn.assemble`
hand outputs on by name, and nothing else links templates.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from deploy.cfn import Assembly, Reference, Template, Text, Unknown, assemble
from deploy.stage import SERVICES, Stage

TEMPLATES = Path(__file__).parent / "templates"

ORDER = (
    "network",
    "corporate",
    "data",
    "roles",
    "endpoints",
    "site",
    "attachments",
    "audit",
    "artefacts",
    "loadbalancer",
    "tasks",
    "fargate",
    "alarms",
)
"""The order in which stacks come up; they go down in reverse."""

BESIDE = ("verification",)
"""Templates that are no part of a stage."""

DATA = frozenset({"data", "attachments", "audit"})
"""Nouns whose stacks hold what cannot be made again."""

ACCOUNT_UNKNOWN = "000000000000"
"""Stands for the account where none is known yet: in plans, maps and prices without credentials."""

TOKEN_SIZES = frozenset({"db.t4g.small", "db.t4g.medium", "db.t4g.large", "db.m7g.large"})
"""Instances with 2 GiB or more: IAM sign-in takes 300 to 1000 MiB of an instance's memory.

Source: Amazon RDS User Guide, "IAM database authentication", limitations.
"""


@dataclass(frozen=True)
class Found:
    """What only AWS or an earlier verb can tell; `stacks` looks it up, plans and maps leave the defaults."""

    account: str = ACCOUNT_UNKNOWN
    s3_prefix_list: str = "pl-00000000"
    s3_host: str = ""
    snapshot: str = ""
    api_id: str = ""
    artefact_key: str = ""
    artefact_architecture: str = "x86_64"
    secret_key: str = ""
    database_password: str = ""
    owner_password: str = ""
    web_function: str = ""
    site_addresses: tuple[str, ...] = ()
    image: str = ""
    web_environment: str = ""
    tasks_environment: str = ""


def nouns(stage: Stage, found: Found | None = None) -> tuple[str, ...]:
    """Name the templates that this stage needs, in order."""
    present = {
        "corporate": stage.text("corporate.link") != "none"
        or stage.flag("dns.inbound")
        or stage.text("dns.outbound") != "none",
        "roles": not all(stage.text(f"roles.{name}") for name in stage.roles),
        "endpoints": any(not stage.text(f"endpoints.{endpoint.key}") for endpoint in stage.endpoints),
        "attachments": stage.flag("buckets.attachments"),
        "loadbalancer": not stage.has_api,
        "tasks": bool(found and found.artefact_key) and not stage.in_containers,
        "fargate": bool(found and found.image) and stage.in_containers,
        "alarms": stage.flag("alarms.enabled"),
    }
    return tuple(noun for noun in ORDER if present.get(noun, True))


@cache
def template(noun: str) -> Template:
    """Read one of our templates."""
    return Template.read(TEMPLATES / f"{noun}.yaml", name=noun)


def parameters(stage: Stage, found: Found | None = None) -> dict[str, str]:
    """Give every parameter that the stage itself decides; templates take those they declare."""
    known = found or Found()
    every = {
        **_names(stage, known),
        **_network(stage, known),
        **_corporate(stage),
        **_endpoints(stage, known),
        **_database(stage, known),
        **_operation(stage, known),
        **_balancer(stage, known),
        **_containers(stage, known),
    }
    return {name: value for name, value in every.items() if value != ""}


def _names(stage: Stage, found: Found) -> dict[str, str]:
    given = {name: stage.text(f"roles.{name}") for name in stage.roles}
    arns = {f"{name.capitalize()}RoleArn": arn for name, arn in given.items()} if all(given.values()) else {}
    return {
        "Prefix": stage.prefix,
        "StageName": stage.name,
        "SiteBucket": stage.bucket("site", found.account),
        "AttachmentsBucket": stage.bucket("attachments", found.account),
        "AuditBucket": stage.bucket("audit", found.account),
        "ArtefactsBucket": stage.bucket("artefacts", found.account),
        "Attachments": _flag(stage.flag("buckets.attachments")),
        "OldVersionDays": _number(stage, "buckets.old_version_days"),
        "AuditLockDays": _number(stage, "buckets.audit_lock_days"),
        "KeyArn": stage.text("encryption.key"),
        "PermissionsBoundary": stage.text("roles.permissions_boundary"),
        "ExistingWebRole": given["web"],
        "ExistingTasksRole": given["tasks"],
        "ExistingDeployerRole": given["deployer"],
        "ExistingExecutionRole": given.get("execution", ""),
        "ExistingSchedulerRole": given.get("scheduler", ""),
        "ExistingFlowLogsRole": stage.text("roles.flow_logs"),
        "Door": stage.text("door"),
        "Backend": stage.text("backend"),
        "LogRetentionDays": _number(stage, "logs.retention_days"),
        "Secrets": stage.text("secrets"),
        **arns,
    }


def _network(stage: Stage, found: Found) -> dict[str, str]:
    told = {
        "ExistingVpc": stage.text("network.vpc"),
        "VpcCidr": stage.text("network.cidr"),
        "Zone1": stage.zones[0],
        "Zone2": stage.zones[1],
        "ExistingWebGroup": stage.text("network.web_group"),
        "ExistingTasksGroup": stage.text("network.tasks_group"),
        "ExistingEndpointGroup": stage.text("network.endpoint_group"),
        "ExistingDatabaseGroup": stage.text("network.database_group"),
        "ExistingBalancerGroup": stage.text("network.balancer_group"),
        "S3PrefixList": found.s3_prefix_list,
        "CallsEndpoints": _flag(stage.calls_endpoints),
        "FlowLogs": _flag(stage.flag("logs.flow_logs")),
    }
    for tier in ("app", "lb", "db"):
        name = tier.capitalize()
        for place, cidr in enumerate(stage.ranges(tier), start=1):
            told[f"{name}Cidr{place}"] = cidr
        for place, subnet in enumerate(stage.several(f"network.{tier}_subnets"), start=1):
            told[f"Existing{name}Subnet{place}"] = subnet
    told |= _numbered("CorporateCidr", stage.several("corporate.cidrs"))
    for source in ("web", "tasks"):
        pairs = [
            f"{address}:{port}"
            for destination in stage.destinations
            if source in destination.sources
            for address in destination.addresses
            for port in destination.ports
        ]
        told |= _numbered(f"{source.capitalize()}Destination", pairs)
    return told


def _corporate(stage: Stage) -> dict[str, str]:
    told = {
        "Link": stage.text("corporate.link"),
        "PeerVpc": stage.text("corporate.peer_vpc"),
        "PeerAccount": stage.text("corporate.peer_account"),
        "PeerRole": stage.text("corporate.peer_role"),
        "TransitGateway": stage.text("corporate.transit_gateway"),
        "DnsInbound": _flag(stage.flag("dns.inbound")),
        "DnsOutbound": stage.text("dns.outbound"),
        "SharedRule": stage.text("dns.shared_rule"),
    }
    told |= _numbered("InsideCidr", stage.inside_addresses)
    told |= _numbered("Domain", stage.several("dns.domains"))
    told |= _numbered("DnsServer", stage.several("dns.servers"))
    told |= _numbered("FixedName", tuple(stage.fixed_names))
    addresses = [",".join(cidr.split("/")[0] for cidr in cidrs) for cidrs in stage.fixed_names.values()]
    return told | _numbered("FixedAddresses", addresses)


def _endpoints(stage: Stage, found: Found) -> dict[str, str]:
    needed = {endpoint.service: endpoint for endpoint in stage.endpoints}
    told = {
        "PrivateDns": _flag(stage.flag("endpoints.private_dns")),
        "ApiId": found.api_id,
        "ExistingS3Host": found.s3_host,
    }
    for service in SERVICES:
        name = "".join(part.capitalize() for part in service.replace(".", "-").split("-"))
        endpoint = needed.get(service)
        told[f"{name}Endpoint"] = (stage.text(f"endpoints.{endpoint.key}") or "make") if endpoint else "none"
    tables = stage.several("network.app_route_tables")
    told |= dict(zip(("AppRouteTable", "AppRouteTable2"), tables, strict=False))
    if "endpoints" not in nouns(stage):
        ids = {"ExecuteApiId": "execute_api", "S3Id": "s3", "S3GatewayId": "s3_gateway"}
        told |= {name: stage.text(f"endpoints.{key}") for name, key in ids.items()} | {"S3Host": found.s3_host}
    return told


def _database(stage: Stage, found: Found) -> dict[str, str]:
    aurora = stage.text("database.kind") == "aurora"
    return {
        "DatabaseKind": stage.text("database.kind"),
        "DatabaseSize": stage.text("database.size"),
        "DatabaseStorage": _number(stage, "database.storage_gb"),
        "DatabaseMaximumStorage": f"{stage.number('database.storage_gb') * 2:g}",
        "DatabaseStandby": _flag(stage.flag("database.standby")),
        "DatabaseMinimum": _number(stage, "database.minimum"),
        "DatabaseMaximum": _number(stage, "database.maximum"),
        "DatabaseTokens": _flag(aurora or stage.text("database.size") in TOKEN_SIZES),
        "BackupDays": _number(stage, "database.backup_days"),
        "DeletionProtection": _flag(stage.flag("database.deletion_protection")),
        "DatabaseSnapshot": found.snapshot,
    }


def _operation(stage: Stage, found: Found) -> dict[str, str]:
    return {
        "ArtefactKey": found.artefact_key,
        "ArtefactArchitecture": found.artefact_architecture,
        "SecretKey": found.secret_key,
        "DatabasePassword": found.database_password,
        "OwnerPassword": found.owner_password,
        "TimerMinutes": _number(stage, "tasks.minutes"),
        "MailHost": stage.text("mail.host"),
        "MailPort": _number(stage, "mail.port"),
        "MailSecurity": stage.text("mail.security"),
        "MailFrom": stage.text("mail.sender"),
        "MailUser": stage.text("mail.user"),
        "AlarmEmail": stage.text("alarms.email"),
        "AlarmP95Ms": _number(stage, "alarms.p95_ms"),
        "AlarmOutboxMinutes": _number(stage, "alarms.outbox_minutes"),
        "AlarmCertificateDays": _number(stage, "alarms.certificate_days"),
    }


def _balancer(stage: Stage, found: Found) -> dict[str, str]:
    host = stage.text("balancer.host")
    return {
        "BalancerHost": host,
        "CertificateArn": stage.text("balancer.certificate"),
        "PageOrigin": f"https://{host}" if host else "",
        "SiteUrl": f"https://{host}/" if host else "",
        "WebFunction": found.web_function,
        **_numbered("SiteAddress", found.site_addresses[:2]),
    }


def _containers(stage: Stage, found: Found) -> dict[str, str]:
    processor, memory = stage.text("containers.size").split("/")
    return {
        "WebImage": found.image,
        "TasksImage": found.image,
        "WebEnvironment": found.web_environment,
        "TasksEnvironment": found.tasks_environment,
        "ContainerProcessor": processor,
        "ContainerMemory": memory,
        "ContainerMinimum": _number(stage, "containers.minimum"),
        "ContainerMaximum": _number(stage, "containers.maximum"),
        "Wakes": _weekdays(stage.text("containers.wakes")),
        "Sleeps": _weekdays(stage.text("containers.sleeps")),
    }


def _weekdays(time: str) -> str:
    """Write "07:00" as the schedule of every weekday (Application Auto Scaling User Guide, "cron expressions")."""
    hour, _, minute = time.partition(":")
    return f"cron({int(minute)} {int(hour)} ? * MON-FRI *)" if time else ""


def assembly(stage: Stage, found: Found | None = None) -> Assembly:
    """Evaluate a stage's templates together, without AWS."""
    known = found or Found()
    pseudo = {"AccountId": known.account, "Region": stage.region}
    chosen = [template(noun) for noun in nouns(stage, known)]
    return assemble(chosen, parameters(stage, known), pseudo)


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _number(stage: Stage, path: str) -> str:
    return f"{stage.number(path):g}"


def _numbered(name: str, values: tuple[str, ...] | list[str]) -> dict[str, str]:
    return {f"{name}{place}": value for place, value in enumerate(values, start=1)}


def role_policies(stage: Stage, found: Found | None = None) -> dict[str, Any]:
    """Give each role's trust and policies for a person who makes roles by hand, also where they are made already.

    <> marks what is not known yet.
    """
    known = found or Found()
    unmade = {f"roles.{name}": "" for name in stage.roles}
    made = replace(stage, values={**stage.values, **unmade})
    policies: dict[str, Any] = {}
    for resource in assembly(made, known).parts["roles"].resources():
        if resource.type == "AWS::IAM::Role":
            name = resource.properties["RoleName"]
            policies[f"{name} (trust)"] = readable(resource.properties["AssumeRolePolicyDocument"])
            for policy in resource.properties.get("Policies", []):
                policies[name] = readable(policy["PolicyDocument"])
        elif resource.type == "AWS::IAM::ManagedPolicy":
            policies[resource.properties["ManagedPolicyName"]] = readable(resource.properties["PolicyDocument"])
    return policies


def readable(value: Any) -> Any:
    """Write what is known only later as <template.resource.attribute>."""
    match value:
        case dict():
            return {key: readable(inner) for key, inner in value.items()}
        case list():
            return [readable(inner) for inner in value]
        case Reference():
            return f"<{value.template}.{value.logical_id}{'' if value.attribute == 'Ref' else '.' + value.attribute}>"
        case Text():
            return "".join(part if isinstance(part, str) else str(readable(part)) for part in value.parts)
        case Unknown():
            return f"<{value.reason}>"
    return value
