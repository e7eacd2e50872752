"""What answers to whom."""

from tests.deploy.closedness.mutations.graph import PEERING
from tests.deploy.closedness.mutations.mutation import add, change, rule

USERS = (
    "- !If [UsersCome, {IpProtocol: tcp, FromPort: 443, ToPort: 443, SourcePrefixListId: !Ref CorporateRangesId, "
    "Description: users}, !Ref AWS::NoValue]"
)
NO_EGRESS = (
    "      SecurityGroupEgress:\n"
    "        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 127.0.0.1/32, Description: nothing}\n"
)
DATABASE_WEB = (
    "- {IpProtocol: tcp, FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: !Ref WebGroupId, "
    "Description: web function}"
)
DATABASE_GROUP = ("database-ingress", "data.DatabaseGroup")
ENDPOINT_GROUP = "endpoints.EndpointGroup"
WEB_EGRESS = (
    "      GroupDescription: Web function\n      VpcId: !If [NewVpc, !Ref Vpc, !Ref ExistingVpc]\n"
    "      SecurityGroupEgress:\n"
)


EXPOSURE = (
    change(
        "endpoints open to the world",
        "endpoints",
        USERS,
        USERS + "\n        " + rule("FromPort: 443, ToPort: 443", "CidrIp: 0.0.0.0/0"),
        ("ingress-wide", ENDPOINT_GROUP),
    ),
    change(
        "remote desktop from the world",
        "endpoints",
        USERS,
        USERS + "\n        " + rule("FromPort: 3389, ToPort: 3389", "CidrIp: 0.0.0.0/0"),
        ("ingress-wide", ENDPOINT_GROUP),
    ),
    change(
        "endpoints open to the IPv6 world",
        "endpoints",
        USERS,
        USERS + "\n        " + rule("FromPort: 443, ToPort: 443", 'CidrIpv6: "::/0"'),
        ("ingress-wide", ENDPOINT_GROUP),
    ),
    change(
        "endpoints open to all private addresses",
        "endpoints",
        USERS,
        USERS + "\n        " + rule("FromPort: 443, ToPort: 443", "CidrIp: 10.0.0.0/8"),
        ("ingress-wide", ENDPOINT_GROUP),
    ),
    add(
        "ingress written apart",
        "endpoints",
        "  Apart:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties: "
        "{GroupId: !Ref EndpointGroup, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 198.51.100.0/24}\n",
        ("ingress-wide", "endpoints.Apart"),
    ),
    change(
        "users on every port",
        "endpoints",
        USERS,
        '- {IpProtocol: "-1", SourcePrefixListId: !Ref CorporateRangesId, Description: users}',
        ("ingress-all-ports", ENDPOINT_GROUP),
    ),
    change(
        "users on half of the ports",
        "endpoints",
        USERS,
        USERS.replace("FromPort: 443, ToPort: 443", "FromPort: 443, ToPort: 32768"),
        ("ingress-all-ports", ENDPOINT_GROUP),
    ),
    change(
        "users over plain HTTP too",
        "endpoints",
        USERS,
        USERS + "\n        " + rule("FromPort: 80, ToPort: 80", "SourcePrefixListId: !Ref CorporateRangesId"),
        ("plain-ingress", ENDPOINT_GROUP),
    ),
    change("egress left out", "endpoints", NO_EGRESS, "", ("egress-default", ENDPOINT_GROUP)),
    change(
        "egress an empty list",
        "endpoints",
        NO_EGRESS,
        "      SecurityGroupEgress: []\n",
        ("egress-default", ENDPOINT_GROUP),
    ),
    change(
        "endpoints may send anywhere",
        "endpoints",
        NO_EGRESS,
        '      SecurityGroupEgress:\n        - {IpProtocol: "-1", CidrIp: 0.0.0.0/0}\n',
        ("egress-wide", ENDPOINT_GROUP),
    ),
    change(
        "web function may send anywhere over HTTPS",
        "network",
        WEB_EGRESS,
        WEB_EGRESS + "        " + rule("FromPort: 443, ToPort: 443", "CidrIp: 0.0.0.0/0") + "\n",
        ("egress-wide", "network.WebGroup"),
    ),
    change(
        "web function may use every port of the database's zone",
        "network",
        WEB_EGRESS,
        WEB_EGRESS + '        - {IpProtocol: "-1", CidrIp: !Ref DbCidr1}\n',
        ("egress-all-ports", "network.WebGroup"),
    ),
    change(
        "database open to users",
        "data",
        DATABASE_WEB,
        DATABASE_WEB + "\n        " + rule("FromPort: 5432, ToPort: 5432", "CidrIp: 10.1.0.0/16"),
        DATABASE_GROUP,
    ),
    change(
        "database public",
        "data",
        "      PubliclyAccessible: false\n      MultiAZ",
        "      PubliclyAccessible: true\n      MultiAZ",
        ("public-database", "data.Database"),
    ),
    change(
        "Aurora member public",
        "data",
        "      PubliclyAccessible: false\n      AutoMinorVersionUpgrade: true\n      PreferredMaintenanceWindow",
        "      PubliclyAccessible: true\n      AutoMinorVersionUpgrade: true\n      PreferredMaintenanceWindow",
        ("public-database", "data.ClusterMember"),
        database__kind="aurora",
    ),
    change(
        "Aurora over the Data API",
        "data",
        "      Engine: aurora-postgresql\n      EngineVersion: !Ref AuroraVersion\n      DatabaseName",
        "      EnableHttpEndpoint: true\n      Engine: aurora-postgresql\n      EngineVersion: !Ref AuroraVersion\n"
        "      DatabaseName",
        ("data-api", "data.Cluster"),
        database__kind="aurora",
    ),
    add(
        "load balancer without a scheme",
        "endpoints",
        "  Balancer:\n    Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n"
        "    Properties: {Subnets: [!Ref LbSubnet1, !Ref LbSubnet2], SecurityGroups: [!Ref EndpointGroup]}\n",
        ("public-load-balancer", "endpoints.Balancer"),
    ),
    add(
        "listener without TLS",
        "endpoints",
        "  Balancer:\n    Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n"
        "    Properties: {Scheme: internal, Subnets: [!Ref LbSubnet1, !Ref LbSubnet2], "
        "SecurityGroups: [!Ref EndpointGroup]}\n"
        "  Listener:\n    Type: AWS::ElasticLoadBalancingV2::Listener\n"
        "    Properties: {LoadBalancerArn: !Ref Balancer, "
        "Protocol: HTTP, Port: 80, DefaultActions: [{Type: fixed-response}]}\n",
        ("plain-listener", "endpoints.Listener"),
    ),
    add(
        "function URL",
        "tasks",
        "  Url:\n    Type: AWS::Lambda::Url\n    Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt Tasks.Arn}\n",
        ("function-url", "tasks.Url"),
    ),
    change(
        "function outside the VPC",
        "tasks",
        "      VpcConfig:\n        SubnetIds: [!Ref AppSubnet1, !Ref AppSubnet2]\n"
        "        SecurityGroupIds: [!Ref TasksGroupId]\n",
        "",
        ("function-outside", "tasks.Tasks"),
    ),
    add(
        "regional API",
        "tasks",
        "  Open:\n    Type: AWS::ApiGateway::RestApi\n    Properties: "
        "{Name: open, EndpointConfiguration: {Types: [REGIONAL]}}\n",
        ("public-api", "tasks.Open"),
    ),
    add(
        "HTTP API",
        "tasks",
        "  Open:\n    Type: AWS::ApiGatewayV2::Api\n    Properties: {Name: open, ProtocolType: HTTP}\n",
        ("public-api", "tasks.Open"),
    ),
    add(
        "CloudFront",
        "site",
        "  Edge:\n    Type: AWS::CloudFront::Distribution\n    Properties: {DistributionConfig: {Enabled: true}}\n",
        ("public-service", "site.Edge"),
    ),
    add(
        "sign-in on the internet",
        "tasks",
        "  People:\n    Type: AWS::Cognito::UserPool\n    Properties: {UserPoolName: people}\n",
        ("public-service", "tasks.People"),
    ),
    add(
        "public DNS zone",
        "corporate",
        "  Zone:\n    Type: AWS::Route53::HostedZone\n    Properties: {Name: approvals.example.co.jp}\n",
        ("public-zone", "corporate.Zone"),
        **PEERING,
    ),
    change(
        "site as a website",
        "site",
        "      BucketName: !Ref SiteBucket\n",
        "      BucketName: !Ref SiteBucket\n      WebsiteConfiguration: {IndexDocument: index.html}\n",
        ("website-bucket", "site.Site"),
    ),
    change(
        "site replicated to another account's bucket",
        "site",
        "      BucketName: !Ref SiteBucket\n",
        "      BucketName: !Ref SiteBucket\n      ReplicationConfiguration:\n"
        "        Role: arn:aws:iam::000000000000:role/copy\n"
        "        Rules: [{Status: Enabled, Destination: {Bucket: 'arn:aws:s3:::theirs', Account: '999999999999'}}]\n",
        ("copy-out", "site.Site"),
    ),
    change(
        "site's changes told to another account",
        "site",
        "      BucketName: !Ref SiteBucket\n",
        "      BucketName: !Ref SiteBucket\n      NotificationConfiguration:\n        QueueConfigurations:\n"
        "          - {Event: 's3:*', Queue: 'arn:aws:sqs:ap-northeast-1:999999999999:theirs'}\n",
        ("copy-out", "site.Site"),
    ),
    change(
        "public policies not blocked",
        "attachments",
        "BlockPublicPolicy: true",
        "BlockPublicPolicy: false",
        ("public-access-block", "attachments.Attachments"),
    ),
    change(
        "public list",
        "attachments",
        "      BucketName: !Ref AttachmentsBucket\n",
        "      BucketName: !Ref AttachmentsBucket\n      AccessControl: PublicRead\n",
        ("public-acl", "attachments.Attachments"),
    ),
    change(
        "plain HTTP not refused",
        "audit",
        '            Condition: {Bool: {aws:SecureTransport: "false"}}\n',
        '            Condition: {Bool: {aws:SecureTransport: "true"}, StringEquals: {aws:SourceVpce: vpce-0e0}}\n',
        ("plain-transport", "audit.AuditPolicy"),
    ),
)
