"""Ways to the internet."""

from tests.deploy.closedness.mutations.mutation import add, change

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
    add("internet gateway", "network", GATEWAY, ("internet-gateway", "network.Gateway")),
    add("somebody's internet gateway attached", "network", ATTACHED, ("internet-gateway", "network.Attached")),
    add(
        "egress-only gateway",
        "network",
        "  Out:\n    Type: AWS::EC2::EgressOnlyInternetGateway\n    Properties: {VpcId: !Ref Vpc}\n",
        ("egress-only-gateway", "network.Out"),
    ),
    add(
        "NAT gateway",
        "network",
        "  Nat:\n    Type: AWS::EC2::NatGateway\n"
        "    Properties: {SubnetId: !Ref AppSubnet1, AllocationId: eipalloc-0e000000000000001}\n",
        ("nat-gateway", "network.Nat"),
    ),
    add(
        "client VPN",
        "network",
        "  Vpn:\n    Type: AWS::EC2::ClientVpnEndpoint\n    Properties: {ClientCidrBlock: 10.99.0.0/22}\n",
        ("vpn-entrance", "network.Vpn"),
    ),
    add(
        "elastic address",
        "network",
        "  Address:\n    Type: AWS::EC2::EIP\n    Properties: {Domain: vpc}\n",
        ("public-address", "network.Address"),
    ),
    change(
        "public subnet",
        "network",
        "CidrBlock: !Ref AppCidr1\n      MapPublicIpOnLaunch: false",
        "CidrBlock: !Ref AppCidr1\n      MapPublicIpOnLaunch: true",
        ("public-subnet", "network.AppSubnet1"),
    ),
    change(
        "public subnet, as text",
        "network",
        "CidrBlock: !Ref LbCidr2\n      MapPublicIpOnLaunch: false",
        'CidrBlock: !Ref LbCidr2\n      MapPublicIpOnLaunch: "true"',
        ("public-subnet", "network.LbSubnet2"),
    ),
    add(
        "default route to an internet gateway",
        "network",
        _route("Hole", "AppRoutes", "DestinationCidrBlock: 0.0.0.0/0", "GatewayId: igw-0e000000000000001"),
        ("internet-route", "network.Hole"),
    ),
    add(
        "narrow route to an internet gateway",
        "network",
        _route("Hole", "LbRoutes", "DestinationCidrBlock: 203.0.113.0/24", "GatewayId: igw-0e000000000000001"),
        ("internet-route", "network.Hole"),
    ),
    add(
        "IPv6 route to an egress-only gateway",
        "network",
        _route("Hole", "AppRoutes", 'DestinationIpv6CidrBlock: "::/0"', "EgressOnlyInternetGatewayId: eigw-0e00001"),
        ("internet-route", "network.Hole"),
    ),
    add(
        "default route to somebody's NAT gateway",
        "network",
        _route("Hole", "AppRoutes", "DestinationCidrBlock: 0.0.0.0/0", "NatGatewayId: nat-0e000000000000001"),
        ("internet-route", "network.Hole"),
    ),
    add(
        "default route to a transit gateway",
        "network",
        _route("Hole", "AppRoutes", "DestinationCidrBlock: 0.0.0.0/0", "TransitGatewayId: tgw-0e000000000000001"),
        ("default-route", "network.Hole"),
    ),
    add(
        "half of everything to a peering",
        "network",
        _route("Hole", "LbRoutes", "DestinationCidrBlock: 128.0.0.0/1", "VpcPeeringConnectionId: pcx-0e0000000001"),
        ("default-route", "network.Hole"),
    ),
    add(
        "default IPv6 route to a network interface",
        "network",
        _route("Hole", "DbRoutes", 'DestinationIpv6CidrBlock: "::/0"', "NetworkInterfaceId: eni-0e00000000001"),
        ("default-route", "network.Hole"),
    ),
    add(
        "default route to a gateway load balancer's endpoint",
        "network",
        _route("Hole", "AppRoutes", "DestinationCidrBlock: 0.0.0.0/0", "VpcEndpointId: vpce-0e000000000000009"),
        ("default-route", "network.Hole"),
    ),
    add(
        "route to all of 10.0.0.0/8",
        "network",
        _route("Hole", "AppRoutes", "DestinationCidrBlock: 10.0.0.0/8", "TransitGatewayId: tgw-0e000000000000001"),
        ("wide-route", "network.Hole"),
    ),
    add(
        "route to a range that nobody declared",
        "network",
        _route("Hole", "LbRoutes", "DestinationCidrBlock: 10.9.0.0/16", "VpcPeeringConnectionId: pcx-0e0000000001"),
        ("wide-route", "network.Hole"),
    ),
    change(
        "corporate list with more in it",
        "network",
        "        - {Cidr: !Ref CorporateCidr1}\n",
        "        - {Cidr: !Ref CorporateCidr1}\n        - {Cidr: 198.51.100.0/24}\n",
        ("ingress-wide", "endpoints.EndpointGroup"),
    ),
    change(
        "users' route to everywhere",
        "corporate",
        "      RouteTableId: !Ref LbRouteTable\n      DestinationPrefixListId: !Ref CorporateRangesId\n",
        "      RouteTableId: !Ref LbRouteTable\n      DestinationCidrBlock: 0.0.0.0/0\n",
        ("default-route", "corporate.LbToUsers"),
        **PEERING,
    ),
    add(
        "service offered to other VPCs",
        "network",
        "  Offer:\n    Type: AWS::EC2::VPCEndpointService\n    Properties: {AcceptanceRequired: false}\n",
        ("endpoint-service", "network.Offer"),
    ),
)
