"""Holes, each put into our own templates by one change, with what must be found of it: rule and resource.

`python -m tests.deploy.closedness.compare` puts the same changes before other scanners.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deploy import blueprint
from deploy.cfn import Template
from deploy.closedness import subject
from deploy.closedness.world import World
from deploy.combinations import toml
from deploy.stage import Stage
from deploy.stage_file import parse
from deploy.zappa import api
from tests.deploy.paths import STAGE_FILE

Finding = tuple[str, str]


@dataclass(frozen=True)
class Mutation:
    """One change of one template: `old` becomes `new`; without `old`, `new` is added to its resources.

    `values` are the stage file's keys, where the hole needs others than the default ones.
    """

    name: str
    template: str
    new: str
    found: frozenset[Finding]
    old: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def stage(self) -> Stage:
        """The stage in which the hole is."""
        return parse(toml(dict(self.values)), name="poc", path=STAGE_FILE)

    def text(self) -> str:
        """Give the template's text with the hole in it."""
        text = blueprint.template(self.template).text
        if not self.old:
            head, outputs, tail = text.partition("\nOutputs:")
            return head + "\n" + self.new + outputs + tail
        assert text.count(self.old) == 1, f"{self.name}: {self.old!r} stands {text.count(self.old)} times"
        return text.replace(self.old, self.new)

    def world(self) -> World:
        """Give the stage's world with the hole in it."""
        changed = {self.template: Template.parse(self.text(), name=self.template)}
        return subject.of_stage(self.stage, templates=changed)


def _change(name: str, template: str, old: str, new: str, *found: Finding, **values: Any) -> Mutation:
    keys = {key.replace("__", "."): value for key, value in values.items()}
    return Mutation(name, template, new, frozenset(found), old, keys)


def _add(name: str, template: str, new: str, *found: Finding, **values: Any) -> Mutation:
    return _change(name, template, "", new, *found, **values)


PEERING = {"corporate__link": "peering", "corporate__peer_vpc": "vpc-0e000000000000002"}
GATEWAY = """  Gateway:
    Type: AWS::EC2::InternetGateway
"""
ATTACHED = """  Attached:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: igw-0e000000000000001}
"""


def _route(name: str, table: str, destination: str, target: str) -> str:
    return f"""  {name}:
    Type: AWS::EC2::Route
    Properties: {{RouteTableId: !Ref {table}, {destination}, {target}}}
"""


GRAPH = (
    _add("internet gateway", "network", GATEWAY, ("internet-gateway", "network.Gateway")),
    _add("somebody's internet gateway attached", "network", ATTACHED, ("internet-gateway", "network.Attached")),
    _add(
        "egress-only gateway",
        "network",
        "  Out:\n    Type: AWS::EC2::EgressOnlyInternetGateway\n    Properties: {VpcId: !Ref Vpc}\n",
        ("egress-only-gateway", "network.Out"),
    ),
    _add(
        "NAT gateway",
        "network",
        "  Nat:\n    Type: AWS::EC2::NatGateway\n"
        "    Properties: {SubnetId: !Ref AppSubnet1, AllocationId: eipalloc-0e000000000000001}\n",
        ("nat-gateway", "network.Nat"),
    ),
    _add(
        "client VPN",
        "network",
        "  Vpn:\n    Type: AWS::EC2::ClientVpnEndpoint\n    Properties: {ClientCidrBlock: 10.99.0.0/22}\n",
        ("vpn-entrance", "network.Vpn"),
    ),
    _add(
        "elastic address",
        "network",
        "  Address:\n    Type: AWS::EC2::EIP\n    Properties: {Domain: vpc}\n",
        ("public-address", "network.Address"),
    ),
    _change(
        "public subnet",
        "network",
        "CidrBlock: !Ref AppCidr1\n      MapPublicIpOnLaunch: false",
        "CidrBlock: !Ref AppCidr1\n      MapPublicIpOnLaunch: true",
        ("public-subnet", "network.AppSubnet1"),
    ),
    _change(
        "public subnet, as text",
        "network",
        "CidrBlock: !Ref LbCidr2\n      MapPublicIpOnLaunch: false",
        'CidrBlock: !Ref LbCidr2\n      MapPublicIpOnLaunch: "true"',
        ("public-subnet", "network.LbSubnet2"),
    ),
    _add(
        "default route to an internet gateway",
        "network",
        _route("Hole", "AppRoutes", "DestinationCidrBlock: 0.0.0.0/0", "GatewayId: igw-0e000000000000001"),
        ("internet-route", "network.Hole"),
    ),
    _add(
        "narrow route to an internet gateway",
        "network",
        _route("Hole", "LbRoutes", "DestinationCidrBlock: 203.0.113.0/24", "GatewayId: igw-0e000000000000001"),
        ("internet-route", "network.Hole"),
    ),
    _add(
        "IPv6 route to an egress-only gateway",
        "network",
        _route("Hole", "AppRoutes", 'DestinationIpv6CidrBlock: "::/0"', "EgressOnlyInternetGatewayId: eigw-0e00001"),
        ("internet-route", "network.Hole"),
    ),
    _add(
        "default route to somebody's NAT gateway",
        "network",
        _route("Hole", "AppRoutes", "DestinationCidrBlock: 0.0.0.0/0", "NatGatewayId: nat-0e000000000000001"),
        ("internet-route", "network.Hole"),
    ),
    _add(
        "default route to a transit gateway",
        "network",
        _route("Hole", "AppRoutes", "DestinationCidrBlock: 0.0.0.0/0", "TransitGatewayId: tgw-0e000000000000001"),
        ("default-route", "network.Hole"),
    ),
    _add(
        "half of everything to a peering",
        "network",
        _route("Hole", "LbRoutes", "DestinationCidrBlock: 128.0.0.0/1", "VpcPeeringConnectionId: pcx-0e0000000001"),
        ("default-route", "network.Hole"),
    ),
    _add(
        "default IPv6 route to a network interface",
        "network",
        _route("Hole", "DbRoutes", 'DestinationIpv6CidrBlock: "::/0"', "NetworkInterfaceId: eni-0e00000000001"),
        ("default-route", "network.Hole"),
    ),
    _add(
        "default route to a gateway load balancer's endpoint",
        "network",
        _route("Hole", "AppRoutes", "DestinationCidrBlock: 0.0.0.0/0", "VpcEndpointId: vpce-0e000000000000009"),
        ("default-route", "network.Hole"),
    ),
    _add(
        "route to all of 10.0.0.0/8",
        "network",
        _route("Hole", "AppRoutes", "DestinationCidrBlock: 10.0.0.0/8", "TransitGatewayId: tgw-0e000000000000001"),
        ("wide-route", "network.Hole"),
    ),
    _add(
        "route to a range that nobody declared",
        "network",
        _route("Hole", "LbRoutes", "DestinationCidrBlock: 10.9.0.0/16", "VpcPeeringConnectionId: pcx-0e0000000001"),
        ("wide-route", "network.Hole"),
    ),
    _change(
        "corporate list with more in it",
        "network",
        "        - {Cidr: !Ref CorporateCidr1}\n",
        "        - {Cidr: !Ref CorporateCidr1}\n        - {Cidr: 198.51.100.0/24}\n",
        ("ingress-wide", "endpoints.EndpointGroup"),
    ),
    _change(
        "users' route to everywhere",
        "corporate",
        "      RouteTableId: !Ref LbRouteTable\n      DestinationPrefixListId: !Ref CorporateRangesId\n",
        "      RouteTableId: !Ref LbRouteTable\n      DestinationCidrBlock: 0.0.0.0/0\n",
        ("default-route", "corporate.LbToUsers"),
        **PEERING,
    ),
    _add(
        "service offered to other VPCs",
        "network",
        "  Offer:\n    Type: AWS::EC2::VPCEndpointService\n    Properties: {AcceptanceRequired: false}\n",
        ("endpoint-service", "network.Offer"),
    ),
)

USERS = (
    "- {IpProtocol: tcp, FromPort: 443, ToPort: 443, SourcePrefixListId: !Ref CorporateRangesId, Description: users}"
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


def _rule(port: str, peer: str) -> str:
    return "- {IpProtocol: tcp, %s, %s}" % (port, peer)  # noqa: UP031  braces are YAML's


EXPOSURE = (
    _change(
        "endpoints open to the world",
        "endpoints",
        USERS,
        USERS + "\n        " + _rule("FromPort: 443, ToPort: 443", "CidrIp: 0.0.0.0/0"),
        ("ingress-wide", ENDPOINT_GROUP),
    ),
    _change(
        "remote desktop from the world",
        "endpoints",
        USERS,
        USERS + "\n        " + _rule("FromPort: 3389, ToPort: 3389", "CidrIp: 0.0.0.0/0"),
        ("ingress-wide", ENDPOINT_GROUP),
    ),
    _change(
        "endpoints open to the IPv6 world",
        "endpoints",
        USERS,
        USERS + "\n        " + _rule("FromPort: 443, ToPort: 443", 'CidrIpv6: "::/0"'),
        ("ingress-wide", ENDPOINT_GROUP),
    ),
    _change(
        "endpoints open to all private addresses",
        "endpoints",
        USERS,
        USERS + "\n        " + _rule("FromPort: 443, ToPort: 443", "CidrIp: 10.0.0.0/8"),
        ("ingress-wide", ENDPOINT_GROUP),
    ),
    _add(
        "ingress written apart",
        "endpoints",
        "  Apart:\n    Type: AWS::EC2::SecurityGroupIngress\n    Properties: "
        "{GroupId: !Ref EndpointGroup, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 198.51.100.0/24}\n",
        ("ingress-wide", "endpoints.Apart"),
    ),
    _change(
        "users on every port",
        "endpoints",
        USERS,
        '- {IpProtocol: "-1", SourcePrefixListId: !Ref CorporateRangesId, Description: users}',
        ("ingress-all-ports", ENDPOINT_GROUP),
    ),
    _change(
        "users on half of the ports",
        "endpoints",
        USERS,
        USERS.replace("FromPort: 443, ToPort: 443", "FromPort: 443, ToPort: 32768"),
        ("ingress-all-ports", ENDPOINT_GROUP),
    ),
    _change(
        "users over plain HTTP too",
        "endpoints",
        USERS,
        USERS + "\n        " + _rule("FromPort: 80, ToPort: 80", "SourcePrefixListId: !Ref CorporateRangesId"),
        ("plain-ingress", ENDPOINT_GROUP),
    ),
    _change("egress left out", "endpoints", NO_EGRESS, "", ("egress-default", ENDPOINT_GROUP)),
    _change(
        "egress an empty list",
        "endpoints",
        NO_EGRESS,
        "      SecurityGroupEgress: []\n",
        ("egress-default", ENDPOINT_GROUP),
    ),
    _change(
        "endpoints may send anywhere",
        "endpoints",
        NO_EGRESS,
        '      SecurityGroupEgress:\n        - {IpProtocol: "-1", CidrIp: 0.0.0.0/0}\n',
        ("egress-wide", ENDPOINT_GROUP),
    ),
    _change(
        "web function may send anywhere over HTTPS",
        "network",
        WEB_EGRESS,
        WEB_EGRESS + "        " + _rule("FromPort: 443, ToPort: 443", "CidrIp: 0.0.0.0/0") + "\n",
        ("egress-wide", "network.WebGroup"),
    ),
    _change(
        "web function may use every port of the database's zone",
        "network",
        WEB_EGRESS,
        WEB_EGRESS + '        - {IpProtocol: "-1", CidrIp: !Ref DbCidr1}\n',
        ("egress-all-ports", "network.WebGroup"),
    ),
    _change(
        "database open to users",
        "data",
        DATABASE_WEB,
        DATABASE_WEB + "\n        " + _rule("FromPort: 5432, ToPort: 5432", "CidrIp: 10.1.0.0/16"),
        DATABASE_GROUP,
    ),
    _change(
        "database public",
        "data",
        "      PubliclyAccessible: false\n      MultiAZ",
        "      PubliclyAccessible: true\n      MultiAZ",
        ("public-database", "data.Database"),
    ),
    _change(
        "Aurora member public",
        "data",
        "      PubliclyAccessible: false\n      AutoMinorVersionUpgrade: true\n      PreferredMaintenanceWindow",
        "      PubliclyAccessible: true\n      AutoMinorVersionUpgrade: true\n      PreferredMaintenanceWindow",
        ("public-database", "data.ClusterMember"),
        database__kind="aurora",
    ),
    _add(
        "load balancer without a scheme",
        "endpoints",
        "  Balancer:\n    Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n"
        "    Properties: {Subnets: [!Ref LbSubnet1, !Ref LbSubnet2], SecurityGroups: [!Ref EndpointGroup]}\n",
        ("public-load-balancer", "endpoints.Balancer"),
    ),
    _add(
        "listener without TLS",
        "endpoints",
        "  Balancer:\n    Type: AWS::ElasticLoadBalancingV2::LoadBalancer\n"
        "    Properties: {Scheme: internal, Subnets: [!Ref LbSubnet1, !Ref LbSubnet2], "
        "SecurityGroups: [!Ref EndpointGroup]}\n"
        "  Listener:\n    Type: AWS::ElasticLoadBalancingV2::Listener\n"
        "    Properties: {LoadBalancerArn: !Ref Balancer, "
        "Protocol: HTTP, Port: 80, DefaultActions: [{Type: forward, TargetGroupArn: x}]}\n",
        ("plain-listener", "endpoints.Listener"),
    ),
    _add(
        "function URL",
        "tasks",
        "  Url:\n    Type: AWS::Lambda::Url\n    Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt Tasks.Arn}\n",
        ("function-url", "tasks.Url"),
    ),
    _change(
        "function outside the VPC",
        "tasks",
        "      VpcConfig:\n        SubnetIds: [!Ref AppSubnet1, !Ref AppSubnet2]\n"
        "        SecurityGroupIds: [!Ref TasksGroupId]\n",
        "",
        ("function-outside", "tasks.Tasks"),
    ),
    _add(
        "regional API",
        "tasks",
        "  Open:\n    Type: AWS::ApiGateway::RestApi\n    Properties: "
        "{Name: open, EndpointConfiguration: {Types: [REGIONAL]}}\n",
        ("public-api", "tasks.Open"),
    ),
    _add(
        "HTTP API",
        "tasks",
        "  Open:\n    Type: AWS::ApiGatewayV2::Api\n    Properties: {Name: open, ProtocolType: HTTP}\n",
        ("public-api", "tasks.Open"),
    ),
    _add(
        "CloudFront",
        "site",
        "  Edge:\n    Type: AWS::CloudFront::Distribution\n    Properties: {DistributionConfig: {Enabled: true}}\n",
        ("public-service", "site.Edge"),
    ),
    _add(
        "sign-in on the internet",
        "tasks",
        "  People:\n    Type: AWS::Cognito::UserPool\n    Properties: {UserPoolName: people}\n",
        ("public-service", "tasks.People"),
    ),
    _add(
        "public DNS zone",
        "corporate",
        "  Zone:\n    Type: AWS::Route53::HostedZone\n    Properties: {Name: approvals.example.co.jp}\n",
        ("public-zone", "corporate.Zone"),
        **PEERING,
    ),
    _change(
        "site as a website",
        "site",
        "      BucketName: !Ref SiteBucket\n",
        "      BucketName: !Ref SiteBucket\n      WebsiteConfiguration: {IndexDocument: index.html}\n",
        ("website-bucket", "site.Site"),
    ),
    _change(
        "site replicated to another account's bucket",
        "site",
        "      BucketName: !Ref SiteBucket\n",
        "      BucketName: !Ref SiteBucket\n      ReplicationConfiguration:\n"
        "        Role: arn:aws:iam::000000000000:role/copy\n"
        "        Rules: [{Status: Enabled, Destination: {Bucket: 'arn:aws:s3:::theirs', Account: '999999999999'}}]\n",
        ("copy-out", "site.Site"),
    ),
    _change(
        "site's changes told to another account",
        "site",
        "      BucketName: !Ref SiteBucket\n",
        "      BucketName: !Ref SiteBucket\n      NotificationConfiguration:\n        QueueConfigurations:\n"
        "          - {Event: 's3:*', Queue: 'arn:aws:sqs:ap-northeast-1:999999999999:theirs'}\n",
        ("copy-out", "site.Site"),
    ),
    _change(
        "public policies not blocked",
        "attachments",
        "BlockPublicPolicy: true",
        "BlockPublicPolicy: false",
        ("public-access-block", "attachments.Attachments"),
    ),
    _change(
        "public list",
        "attachments",
        "      BucketName: !Ref AttachmentsBucket\n",
        "      BucketName: !Ref AttachmentsBucket\n      AccessControl: PublicRead\n",
        ("public-acl", "attachments.Attachments"),
    ),
    _change(
        "plain HTTP not refused",
        "audit",
        '            Condition: {Bool: {aws:SecureTransport: "false"}}\n',
        '            Condition: {Bool: {aws:SecureTransport: "true"}, StringEquals: {aws:SourceVpce: vpce-0e0}}\n',
        ("plain-transport", "audit.AuditPolicy"),
    ),
)

OUR_ENDPOINT = "            Condition: {StringEquals: {aws:SourceVpce: !Ref S3Id}}\n"
SITE_DENY = (
    "            Condition:\n              StringNotEquals: {aws:SourceVpce: !Ref S3Id}\n"
    "              ArnNotLike: {aws:PrincipalArn: !Ref DeployerRoleArn}\n"
)
SITE_READ = (
    '            Action: s3:GetObject\n            Resource: !Sub "arn:${AWS::Partition}:s3:::${SiteBucket}/*"\n'
    + OUR_ENDPOINT
)
SITE_POLICY = "site.SitePolicy"
SITE_DENIED = (
    "            Action: [s3:GetObject, s3:GetObjectVersion, s3:PutObject, s3:DeleteObject, s3:DeleteObjectVersion]\n"
)
NOWHERE_ELSE = (
    '          - Sid: NowhereElse\n            Effect: Deny\n            Principal: "*"\n'
    + SITE_DENIED
    + '            Resource: !Sub "arn:${AWS::Partition}:s3:::${SiteBucket}/*"\n'
    + SITE_DENY
)
READ_SITE = (
    '            Action: s3:GetObject\n            Resource: !Sub "arn:${AWS::Partition}:s3:::${SiteBucket}/*"\n'
    "          - !If\n"
)
ATTACHMENTS_TLS = "          - Sid: TlsOnly\n"
API_POLICY = (
    '      PolicyDocument:\n        Version: "2012-10-17"\n        Statement:\n'
    "          # Callers sign in to the application, not to AWS: anonymous to IAM.\n          - Sid: CallOurApi\n"
    '            Effect: Allow\n            Principal: "*"\n            Action: execute-api:Invoke\n'
    '            Resource: !Sub "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${ApiId}/*"\n'
)
AUDIT_PUT = (
    "              - Sid: AnchorAudit\n                Effect: Allow\n"
    "                Action: [s3:PutObject, s3:GetObject]\n"
    '                Resource: !Sub "arn:${AWS::Partition}:s3:::${AuditBucket}/*"\n'
)
TASKS_TRUST = "            Principal: {Service: lambda.amazonaws.com}\n"

POLICY = (
    _change(
        "site readable from anywhere",
        "site",
        OUR_ENDPOINT + "          # Object actions only, and never towards the deployer: "
        "nobody can be locked out of the policy itself.\n" + NOWHERE_ELSE,
        "",
        ("bucket-open", SITE_POLICY),
    ),
    _change(
        "condition with IfExists, denial gone",
        "site",
        OUR_ENDPOINT + "          # Object actions only, and never towards the deployer: "
        "nobody can be locked out of the policy itself.\n" + NOWHERE_ELSE,
        "            Condition: {StringEqualsIfExists: {aws:SourceVpce: !Ref S3Id}}\n",
        ("bucket-open", SITE_POLICY),
    ),
    _change(
        "condition the wrong way round, denial gone",
        "site",
        OUR_ENDPOINT + "          # Object actions only, and never towards the deployer: "
        "nobody can be locked out of the policy itself.\n" + NOWHERE_ELSE,
        "            Condition: {StringNotEquals: {aws:SourceVpce: !Ref S3Id}}\n",
        ("bucket-open", SITE_POLICY),
    ),
    _change(
        "any endpoint will do, denial gone",
        "site",
        OUR_ENDPOINT + "          # Object actions only, and never towards the deployer: "
        "nobody can be locked out of the policy itself.\n" + NOWHERE_ELSE,
        '            Condition: {StringLike: {aws:SourceVpce: "vpce-*"}}\n',
        ("bucket-open", SITE_POLICY),
    ),
    _change(
        "by the Referer header, denial gone",
        "site",
        OUR_ENDPOINT + "          # Object actions only, and never towards the deployer: "
        "nobody can be locked out of the policy itself.\n" + NOWHERE_ELSE,
        '            Condition: {StringLike: {aws:Referer: "https://approvals.example.co.jp/*"}}\n',
        ("bucket-open", SITE_POLICY),
    ),
    _change(
        "listing for another account",
        "artefacts",
        "          # No Allow: whoever comes needs a role of this account that says so.\n",
        '          - {Sid: Partner, Effect: Allow, Principal: {AWS: "arn:aws:iam::210987654321:root"}, '
        'Action: s3:ListBucket, Resource: !Sub "arn:${AWS::Partition}:s3:::${ArtefactsBucket}"}\n',
        ("bucket-open", "artefacts.ArtefactsPolicy"),
    ),
    _change(
        "everything on the site for whoever comes through the endpoint",
        "site",
        SITE_READ,
        SITE_READ.replace("Action: s3:GetObject", 'Action: "s3:*"'),
        ("bucket-write", SITE_POLICY),
    ),
    _change(
        "everything but deleting on the site",
        "site",
        SITE_READ,
        SITE_READ.replace("Action: s3:GetObject", "NotAction: s3:DeleteObject"),
        ("bucket-write", SITE_POLICY),
    ),
    _change(
        "attachments readable without a signature",
        "attachments",
        ATTACHMENTS_TLS,
        '          - Sid: Read\n            Effect: Allow\n            Principal: "*"\n'
        "            Action: s3:GetObject\n"
        '            Resource: !Sub "arn:${AWS::Partition}:s3:::${AttachmentsBucket}/*"\n'
        "            Condition: {StringEquals: {aws:SourceVpce: !Ref S3Id}}\n" + ATTACHMENTS_TLS,
        ("bucket-read", "attachments.AttachmentsPolicy"),
    ),
    _change(
        "denial of everything, administrators included",
        "audit",
        "            Action: [s3:PutObject, s3:DeleteObject]\n"
        "            Resource: "
        '!Sub "arn:${AWS::Partition}:s3:::${AuditBucket}/*"\n',
        '            Action: "s3:*"\n            Resource: [!Sub "arn:${AWS::Partition}:s3:::${AuditBucket}", '
        '!Sub "arn:${AWS::Partition}:s3:::${AuditBucket}/*"]\n',
        ("lockout", "audit.AuditPolicy"),
    ),
    _change(
        "endpoint of the API without a policy",
        "endpoints",
        API_POLICY,
        "",
        ("endpoint-open", "endpoints.ExecuteApi"),
    ),
    _change(
        "endpoint of the API for every API",
        "endpoints",
        'execute-api:${AWS::Region}:${AWS::AccountId}:${ApiId}/*"',
        'execute-api:${AWS::Region}:*:${ApiId}/*"',
        ("endpoint-open", "endpoints.ExecuteApi"),
    ),
    _change(
        "S3 endpoint reads every bucket",
        "endpoints",
        READ_SITE,
        READ_SITE.replace("${SiteBucket}/*", "*"),
        ("endpoint-open", "endpoints.S3"),
    ),
    _change(
        "S3 endpoint reads every bucket that begins alike",
        "endpoints",
        READ_SITE,
        READ_SITE.replace("${SiteBucket}/*", "cloister-*/*"),
        ("endpoint-open", "endpoints.S3"),
    ),
    _change(
        "gateway endpoint writes to any audit bucket",
        "endpoints",
        '            Resource: !Sub "arn:${AWS::Partition}:s3:::${AuditBucket}/*"\n'
        "            Condition: {ArnEquals: {aws:PrincipalArn: !Ref TasksRoleArn}}\n",
        '            Resource: !Sub "arn:${AWS::Partition}:s3:::*/*"\n',
        ("endpoint-open", "endpoints.S3Gateway"),
        ("endpoint-write", "endpoints.S3Gateway"),
    ),
    _change(
        "S3 endpoint writes the site for anybody",
        "endpoints",
        READ_SITE,
        READ_SITE.replace("Action: s3:GetObject", "Action: [s3:GetObject, s3:PutObject]"),
        ("endpoint-write", "endpoints.S3"),
    ),
    _change(
        "tasks role writes to every bucket",
        "roles",
        AUDIT_PUT,
        AUDIT_PUT.replace("${AuditBucket}/*", "*"),
        ("role-out", "roles.TasksRole"),
    ),
    _change(
        "tasks role administers",
        "roles",
        "      Description: Management commands and timers\n",
        "      Description: Management commands and timers\n"
        "      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]\n",
        ("role-out", "roles.TasksRole"),
        ("role-opens", "roles.TasksRole"),
    ),
    _change(
        "deployer may make gateways",
        "roles",
        "              - ec2:CreateVpc\n",
        "              - ec2:CreateVpc\n              - ec2:CreateInternetGateway\n",
        ("role-opens", "roles.DeployNetwork"),
    ),
    _change(
        "deployer may make function URLs",
        "roles",
        "              - lambda:ListFunctionUrlConfigs\n",
        '              - "lambda:*FunctionUrlConfig*"\n',
        ("role-opens", "roles.DeployApplication"),
    ),
    _change(
        "tasks role for everybody",
        "roles",
        TASKS_TRUST,
        '            Principal: {AWS: "*"}\n',
        ("trust-open", "roles.TasksRole"),
    ),
    _change(
        "deployer role for another account",
        "roles",
        'Principal: {AWS: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}',
        'Principal: {AWS: [!Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:root", "210987654321"]}',
        ("trust-open", "roles.DeployerRole"),
    ),
    _change(
        "function callable for anybody's timers",
        "tasks",
        "      SourceArn: !GetAtt Daily.Arn\n      SourceAccount: !Ref AWS::AccountId\n",
        "",
        ("invoker-open", "tasks.DailyMayCall"),
    ),
    _add(
        "function callable by everybody",
        "tasks",
        "  Anybody:\n    Type: AWS::Lambda::Permission\n    Properties: "
        '{FunctionName: !Ref Tasks, Action: lambda:InvokeFunction, Principal: "*"}\n',
        ("invoker-open", "tasks.Anybody"),
    ),
    _add(
        "queue for everybody",
        "tasks",
        "  Letters:\n    Type: AWS::SQS::Queue\n  LettersPolicy:\n    Type: AWS::SQS::QueuePolicy\n    Properties:\n"
        '      Queues: [!Ref Letters]\n      PolicyDocument:\n        Version: "2012-10-17"\n        Statement:\n'
        '          - {Effect: Allow, Principal: "*", Action: sqs:SendMessage, Resource: !GetAtt Letters.Arn}\n',
        ("resource-open", "tasks.LettersPolicy"),
    ),
    _add(
        "key without its account",
        "data",
        '  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      KeyPolicy:\n        Version: "2012-10-17"\n'
        "        Statement:\n          - {Effect: Allow, Principal: {Service: rds.amazonaws.com}, "
        'Action: "kms:Decrypt", Resource: "*", '
        'Condition: {StringEquals: {"aws:SourceAccount": !Ref AWS::AccountId}}}\n',
        ("lockout", "data.Key"),
    ),
)

COMPLETENESS = (
    _change(
        "gateway endpoint left out",
        "endpoints",
        "  MakeS3Gateway: !Equals [!Ref S3GatewayEndpoint, make]",
        "  MakeS3Gateway: !Equals [!Ref S3GatewayEndpoint, never]",
        ("missing-endpoint", "network.Vpc"),
    ),
    _change(
        "secrets without an endpoint",
        "roles",
        "  FromSecretsManager: !Equals [!Ref Secrets, secretsmanager]",
        "  FromSecretsManager: !Equals [!Ref Secrets, deployer]",
        ("missing-endpoint", "roles.WebRole"),
        ("missing-endpoint", "roles.TasksRole"),
    ),
    _change(
        "endpoint for logs that functions do not need",
        "endpoints",
        "  MakeLogs: !Equals [!Ref LogsEndpoint, make]",
        "  MakeLogs: !Equals [!Ref LogsEndpoint, none]",
        ("unused-endpoint", "endpoints.Logs"),
    ),
    _change(
        "endpoint for secrets that nobody reads",
        "endpoints",
        "  MakeSecretsmanager: !Equals [!Ref SecretsmanagerEndpoint, make]",
        "  MakeSecretsmanager: !Equals [!Ref SecretsmanagerEndpoint, none]",
        ("unused-endpoint", "endpoints.Secretsmanager"),
    ),
    _change(
        "endpoints for the VPC only",
        "endpoints",
        USERS,
        _rule("FromPort: 443, ToPort: 443", "CidrIp: 10.20.0.0/24"),
        ("locked-out", "endpoints.ExecuteApi"),
        ("locked-out", "endpoints.S3"),
    ),
    _change(
        "database that does not admit the web function",
        "data",
        DATABASE_WEB,
        DATABASE_WEB.replace("5432", "5433"),
        ("no-way", "zappa.Function"),
    ),
    _change(
        "gateway endpoint in another route table",
        "endpoints",
        "      RouteTableIds: [!Ref AppRouteTable, ",
        "      RouteTableIds: [rtb-0e00000000000000f, ",
        ("no-way", "endpoints.S3Gateway"),
    ),
    _change(
        "tasks function that may not send to S3",
        "network",
        "        - {IpProtocol: tcp, FromPort: 443, ToPort: 443, DestinationPrefixListId: !Ref S3PrefixList, "
        "Description: S3 gateway}\n",
        "",
        ("no-way", "tasks.Tasks"),
    ),
    _change(
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
    _change(
        "alarms by e-mail",
        "alarms",
        '  WithEmail: !Not [!Equals [!Ref AlarmEmail, ""]]',
        '  WithEmail: !Equals [!Ref AlarmEmail, ""]',
        ("mail-notice", "alarms.Mail"),
    ),
    _change(
        "web function may send to a system of the company",
        "network",
        WEB_EGRESS,
        WEB_EGRESS + "        " + _rule("FromPort: 636, ToPort: 636", "CidrIp: 10.1.0.10/32") + "\n",
        ("declared-destination", "network.WebGroup"),
    ),
)

MUTATIONS: tuple[Mutation, ...] = (*GRAPH, *EXPOSURE, *POLICY, *COMPLETENESS, *NATURE)


def apis() -> Iterator[tuple[str, Mapping[str, Any], frozenset[Finding]]]:
    """Yield policies of the API with a hole each, and what must be found."""
    endpoint = next(
        thing.token
        for thing in Mutation("", "site", "", frozenset()).world().things
        if thing.name == "endpoints.ExecuteApi"
    )
    deny, allow = api.policy([endpoint])["Statement"]
    opened = frozenset({("api-open", "zappa.Api")})

    def policy(*statements: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"Version": "2012-10-17", "Statement": list(statements)}

    yield "everybody", policy(allow), opened
    yield "any VPC endpoint", policy({**deny, "Condition": {"Null": {"aws:SourceVpce": "true"}}}, allow), opened
    yield (
        "wrong way round",
        policy({**deny, "Condition": {"StringEquals": {"aws:SourceVpce": [endpoint]}}}, allow),
        opened,
    )
    if_exists = {"StringNotEqualsIfExists": {"aws:SourceVpce": [endpoint]}}
    by_vpc = {"StringEquals": {"aws:SourceVpc": "vpc-0e00000000000beef"}}
    yield "another VPC too", policy({**allow, "Condition": by_vpc}), opened
    yield (
        "somebody's private address",
        policy({**allow, "Condition": {"IpAddress": {"aws:VpcSourceIp": "192.168.0.0/16"}}}),
        opened,
    )
    yield "still closed", policy({**deny, "Condition": if_exists}, allow), frozenset()
