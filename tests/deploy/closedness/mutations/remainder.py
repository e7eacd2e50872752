"""Nothing missing, nothing idle; and what remains open by nature."""

from tests.deploy.closedness.mutations.exposure import DATABASE_WEB, USERS, WEB_EGRESS
from tests.deploy.closedness.mutations.mutation import change, rule

COMPLETENESS = (
    change(
        "gateway endpoint left out",
        "endpoints",
        "  MakeS3Gateway: !Equals [!Ref S3GatewayEndpoint, make]",
        "  MakeS3Gateway: !Equals [!Ref S3GatewayEndpoint, never]",
        ("missing-endpoint", "network.Vpc"),
    ),
    change(
        "secrets without an endpoint",
        "roles",
        "  FromSecretsManager: !Equals [!Ref Secrets, secretsmanager]",
        "  FromSecretsManager: !Equals [!Ref Secrets, deployer]",
        ("missing-endpoint", "roles.WebRole"),
        ("missing-endpoint", "roles.TasksRole"),
    ),
    change(
        "endpoint for logs that functions do not need",
        "endpoints",
        "  MakeLogs: !Equals [!Ref LogsEndpoint, make]",
        "  MakeLogs: !Equals [!Ref LogsEndpoint, none]",
        ("unused-endpoint", "endpoints.Logs"),
    ),
    change(
        "endpoint for secrets that nobody reads",
        "endpoints",
        "  MakeSecretsmanager: !Equals [!Ref SecretsmanagerEndpoint, make]",
        "  MakeSecretsmanager: !Equals [!Ref SecretsmanagerEndpoint, none]",
        ("unused-endpoint", "endpoints.Secretsmanager"),
    ),
    change(
        "endpoints for the VPC only",
        "endpoints",
        USERS,
        rule("FromPort: 443, ToPort: 443", "CidrIp: 10.20.0.0/24"),
        ("locked-out", "endpoints.ExecuteApi"),
        ("locked-out", "endpoints.S3"),
    ),
    change(
        "database that does not admit the web function",
        "data",
        DATABASE_WEB,
        DATABASE_WEB.replace("5432", "5433"),
        ("no-way", "zappa.Function"),
    ),
    change(
        "gateway endpoint in another route table",
        "endpoints",
        "      RouteTableIds: [!Ref AppRouteTable, ",
        "      RouteTableIds: [rtb-0e00000000000000f, ",
        ("no-way", "endpoints.S3Gateway"),
    ),
    change(
        "tasks function that may not send to S3",
        "network",
        "        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, DestinationPrefixListId: !Ref S3PrefixList, "
        "Description: S3 gateway}\n",
        "",
        ("no-way", "tasks.Tasks"),
    ),
    change(
        "secrets endpoint that does not admit functions",
        "endpoints",
        '  FunctionsCall: !Equals [!Ref CallsEndpoints, "true"]',
        '  FunctionsCall: !Equals [!Ref CallsEndpoints, "never"]',
        ("no-way", "zappa.Function"),
        ("no-way", "tasks.Tasks"),
        secrets="secretsmanager",
    ),
)

NATURE = (
    change(
        "alarms by e-mail",
        "alarms",
        '  WithEmail: !Not [!Equals [!Ref AlarmEmail, ""]]',
        '  WithEmail: !Equals [!Ref AlarmEmail, ""]',
        ("mail-notice", "alarms.Mail"),
    ),
    change(
        "web function may send to a system of the company",
        "network",
        WEB_EGRESS,
        WEB_EGRESS + "        " + rule("FromPort: 636, ToPort: 636", "CidrIp: 10.1.0.10/32") + "\n",
        ("declared-destination", "network.WebGroup"),
    ),
)
