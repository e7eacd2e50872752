"""What templates need to be told and only AWS knows; each look-up has its command for whoever works by hand."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from deploy.aws import Account
from deploy.blueprint import ORDER, Found, nouns, parameters
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language

NO_PREFIX_LIST = Words(
    "The region {region} has no prefix list for S3; see: aws ec2 describe-managed-prefix-lists --filters "
    "Name=prefix-list-name,Values=com.amazonaws.{region}.s3",
    "リージョン {region} に S3 のプレフィックスリストがありません。確認: aws ec2 describe-managed-prefix-lists "
    "--filters "
    "Name=prefix-list-name,Values=com.amazonaws.{region}.s3",
)
NO_ENDPOINT = Words(
    "endpoints.s3 = {endpoint} does not exist in {region}, or is no interface endpoint.",
    "endpoints.s3 = {endpoint} は {region} に存在しないか、インターフェイス型ではありません。",
)


def look_up(stage: Stage, account: Account, given: Found | None = None) -> Found:
    """Find the S3 prefix list, an existing endpoint's name, and the API's id once Zappa has made it."""
    return replace(
        given or Found(),
        account=account.number,
        s3_prefix_list=s3_prefix_list(account),
        s3_host=s3_host(stage, account),
        api_id=api_id(stage, account) if stage.has_api else "",
        web_function=web_function(stage, account),
    )


def s3_prefix_list(account: Account) -> str:
    """Find the region's list of S3's addresses, through which the gateway endpoint is reached."""
    name = f"com.amazonaws.{account.region}.s3"
    lists = account.client("ec2").describe_managed_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": [name]}]
    )["PrefixLists"]
    if not lists:
        raise Failure(NO_PREFIX_LIST.say(language(), region=account.region))
    return str(lists[0]["PrefixListId"])


def s3_host(stage: Stage, account: Account) -> str:
    """Find the DNS name by which buckets are reached through an S3 endpoint that others made."""
    endpoint = stage.text("endpoints.s3")
    if not endpoint:
        return ""
    from botocore.exceptions import ClientError

    try:
        found = account.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    except ClientError:
        found = []
    names = [entry["DnsName"] for held in found for entry in held.get("DnsEntries", [])]
    if not names:
        raise Failure(NO_ENDPOINT.say(language(), endpoint=endpoint, region=account.region))
    return f"bucket.{str(names[0]).removeprefix('*.')}"


def api_id(stage: Stage, account: Account) -> str:
    """Find the private API by its name; empty until Zappa has made it."""
    pages = account.client("apigateway").get_paginator("get_rest_apis").paginate()
    for page in pages:
        for api in page["items"]:
            if api["name"] == stage.prefix:
                return str(api["id"])
    return ""


def outputs(stage: Stage, account: Account) -> dict[str, str]:
    """Give the outputs of all of the stage's stacks that stand, and what endpoints of others give in their place."""
    from botocore.exceptions import ClientError

    told: dict[str, str] = {}
    for noun in ORDER:
        try:
            found = account.client("cloudformation").describe_stacks(StackName=f"{stage.prefix}-{noun}")["Stacks"][0]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
        else:
            told |= {entry["OutputKey"]: entry["OutputValue"] for entry in found.get("Outputs", [])}
    told |= database(stage, account) if "DatabaseResourceId" in told else {}
    return told | (given_endpoints(stage, account) if told else {})


def given_endpoints(stage: Stage, account: Account) -> dict[str, str]:
    """Give what our own stack of endpoints would tell, where the stage has none: every endpoint is another's."""
    if "endpoints" in nouns(stage):
        return {}
    known = parameters(stage, Found(account=account.number, s3_host=s3_host(stage, account)))
    return {name: known[name] for name in ("ExecuteApiId", "S3Id", "S3GatewayId", "S3Host") if name in known}


def database(stage: Stage, account: Account) -> dict[str, str]:
    """Find what IAM sign-in and the master's secret are called now; empty while no database stands.

    A restore puts another database under the same name, and CloudFormation would go on telling of the one before.
    """
    found = database_held(stage, account)
    if not found:
        return {}
    secret = found.get("MasterUserSecret", {}).get("SecretArn")
    id_ = found.get("DbClusterResourceId") or found.get("DbiResourceId")
    return {"DatabaseResourceId": id_, **({"MasterSecretArn": secret} if secret else {})}


def database_held(stage: Stage, account: Account) -> dict[str, Any]:
    """Describe the stage's database as RDS does; empty while none stands."""
    from botocore.exceptions import ClientError

    rds = account.client("rds")
    try:
        if stage.text("database.kind") == "aurora":
            return dict(rds.describe_db_clusters(DBClusterIdentifier=stage.prefix)["DBClusters"][0])
        return dict(rds.describe_db_instances(DBInstanceIdentifier=stage.prefix)["DBInstances"][0])
    except ClientError as error:
        if not error.response["Error"]["Code"].startswith(("DBInstanceNotFound", "DBClusterNotFound")):
            raise
        return {}


def tasks_variables(stage: Stage, account: Account) -> dict[str, str]:
    """Give the tasks function's variables, the stage's own secrets among them; empty until it is made."""
    return variables(f"{stage.prefix}-tasks", account)


def variables(name: str, account: Account) -> dict[str, str]:
    """Give a function's variables; empty until it is made."""
    return dict(function(name, account).get("Environment", {}).get("Variables", {}))


def function(name: str, account: Account) -> dict[str, Any]:
    """Describe a function as Lambda does; empty until it is made."""
    from botocore.exceptions import ClientError

    try:
        return dict(account.client("lambda").get_function_configuration(FunctionName=name))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return {}


def function_stands(stage: Stage, account: Account) -> bool:
    """Say whether Zappa's web function is there: its interfaces hold our subnets and groups."""
    return bool(function(stage.prefix, account))


def web_function(stage: Stage, account: Account) -> str:
    """Name the web function for a load balancer to call; empty until Zappa has made it, or where there is none.

    Only published versions are resumed from a snapshot: with SnapStart it is the alias that Zappa keeps on the newest.
    """
    held = {} if stage.has_api or stage.in_containers else function(stage.prefix, account)
    if not held:
        return ""
    resumed = held.get("SnapStart", {}).get("ApplyOn", "None") != "None"
    return f"{stage.prefix}:snapstart" if resumed else stage.prefix


def may_call(function: str, account: Account) -> bool:
    """Say whether a function or alias (`NAME:ALIAS`) may be called by load balancers: a new one may not yet."""
    from botocore.exceptions import ClientError

    name, _, alias = function.partition(":")
    qualifier = {"Qualifier": alias} if alias else {}
    try:
        policy = json.loads(account.client("lambda").get_policy(FunctionName=name, **qualifier)["Policy"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return False
    callers = [statement.get("Principal", {}) for statement in policy["Statement"]]
    return {"Service": "elasticloadbalancing.amazonaws.com"} in callers


def endpoint_addresses(endpoint: str, account: Account, outputs: Mapping[str, str]) -> tuple[str, ...]:
    """Give the addresses of an interface endpoint that the load balancer can send to, in the order of their zones.

    An endpoint of others may lie in more zones than the load balancer, which sends nothing to addresses in a zone that
    is not its own (Elastic Load Balancing User Guide, "Availability Zones and load balancer nodes").
    """
    ec2 = account.client("ec2")
    subnets = ec2.describe_subnets(SubnetIds=[outputs["LbSubnet1"], outputs["LbSubnet2"]])["Subnets"]
    zones = {str(one["AvailabilityZone"]) for one in subnets}
    held = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]["NetworkInterfaceIds"]
    found = ec2.describe_network_interfaces(NetworkInterfaceIds=held)["NetworkInterfaces"] if held else []
    placed = {str(one["AvailabilityZone"]): str(one["PrivateIpAddress"]) for one in found}
    return tuple(placed[zone] for zone in sorted(zones & placed.keys()))


def latest_snapshot(stage: Stage, account: Account) -> tuple[str, str]:
    """Find the newest snapshot that a deletion left behind: its name (or ARN) and its time, both empty without one."""
    rds = account.client("rds")
    if stage.text("database.kind") == "aurora":
        found = rds.describe_db_cluster_snapshots(DBClusterIdentifier=stage.prefix, SnapshotType="manual")
        held = [(one["SnapshotCreateTime"], one["DBClusterSnapshotIdentifier"]) for one in found["DBClusterSnapshots"]]
    else:
        found = rds.describe_db_snapshots(DBInstanceIdentifier=stage.prefix, SnapshotType="manual")
        held = [(one["SnapshotCreateTime"], one["DBSnapshotIdentifier"]) for one in found["DBSnapshots"]]
    if not held:
        return "", ""
    moment, name = max(held)
    return str(name), f"{moment:%Y-%m-%d %H:%M} UTC"
