"""Change sets, events and drift in words a person who approves them can read."""

from collections.abc import Mapping
from typing import Any

from deploy.words import Language, Words

KINDS: Mapping[str, Words] = {
    "AWS::EC2::VPC": Words("VPC", "VPC"),
    "AWS::EC2::Subnet": Words("subnet", "サブネット"),
    "AWS::EC2::RouteTable": Words("route table", "ルートテーブル"),
    "AWS::EC2::SubnetRouteTableAssociation": Words("route table of a subnet", "サブネットのルートテーブル設定"),
    "AWS::EC2::Route": Words("route", "ルート"),
    "AWS::EC2::PrefixList": Words("list of ranges", "アドレス範囲の一覧"),
    "AWS::EC2::SecurityGroup": Words("security group", "セキュリティグループ"),
    "AWS::EC2::VPCEndpoint": Words("VPC endpoint", "VPC エンドポイント"),
    "AWS::EC2::VPCPeeringConnection": Words("peering", "ピアリング"),
    "AWS::EC2::TransitGatewayVpcAttachment": Words("Transit Gateway attachment", "Transit Gateway アタッチメント"),
    "AWS::EC2::FlowLog": Words("flow log", "フローログ"),
    "AWS::Logs::LogGroup": Words("log group", "ロググループ"),
    "AWS::IAM::Role": Words("role", "ロール"),
    "AWS::IAM::ManagedPolicy": Words("policy", "ポリシー"),
    "AWS::RDS::DBSubnetGroup": Words("database subnets", "データベースのサブネット"),
    "AWS::RDS::DBParameterGroup": Words("database parameters", "データベースのパラメーター"),
    "AWS::RDS::DBClusterParameterGroup": Words("database parameters", "データベースのパラメーター"),
    "AWS::RDS::DBInstance": Words("database", "データベース"),
    "AWS::RDS::DBCluster": Words("database cluster", "データベースクラスター"),
    "AWS::S3::Bucket": Words("bucket", "バケット"),
    "AWS::S3::BucketPolicy": Words("bucket policy", "バケットポリシー"),
    "AWS::Lambda::Function": Words("function", "関数"),
    "AWS::Lambda::Permission": Words("permission to call", "呼び出し許可"),
    "AWS::Lambda::EventInvokeConfig": Words("retry settings", "再試行設定"),
    "AWS::Events::Rule": Words("timer", "タイマー"),
    "AWS::CloudWatch::Alarm": Words("alarm", "アラーム"),
    "AWS::CloudWatch::Dashboard": Words("dashboard", "ダッシュボード"),
    "AWS::SNS::Topic": Words("topic", "トピック"),
    "AWS::SNS::Subscription": Words("subscription", "通知先"),
    "AWS::Route53::HostedZone": Words("private zone", "プライベートゾーン"),
    "AWS::Route53::RecordSet": Words("name", "名前"),
    "AWS::Route53Resolver::ResolverEndpoint": Words("resolver endpoint", "Resolver エンドポイント"),
    "AWS::Route53Resolver::ResolverRule": Words("resolver rule", "Resolver ルール"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Words("load balancer", "ロードバランサー"),
    "AWS::ElasticLoadBalancingV2::Listener": Words("port of the load balancer", "ロードバランサーのリスナー"),
    "AWS::ElasticLoadBalancingV2::ListenerRule": Words("rule of the load balancer", "ロードバランサーの規則"),
    "AWS::ElasticLoadBalancingV2::TargetGroup": Words("targets of the load balancer", "ロードバランサーの転送先"),
    "AWS::ECR::Repository": Words("repository of images", "イメージのリポジトリ"),
    "AWS::ECS::Cluster": Words("cluster", "クラスター"),
    "AWS::ECS::TaskDefinition": Words("what a container runs", "コンテナの定義"),
    "AWS::ECS::Service": Words("containers", "コンテナのサービス"),
    "AWS::ApplicationAutoScaling::ScalableTarget": Words("how many containers, and when", "コンテナの数と時間帯"),
    "AWS::ApplicationAutoScaling::ScalingPolicy": Words("scaling by load", "負荷による増減"),
    "AWS::EC2::Instance": Words("machine", "マシン"),
    "AWS::IAM::InstanceProfile": Words("role of a machine", "マシンのロール"),
    "AWS::Route53Resolver::ResolverRuleAssociation": Words("use of a resolver rule", "Resolver ルールの適用"),
}

HOLD_DATA = frozenset({"AWS::RDS::DBInstance", "AWS::RDS::DBCluster", "AWS::S3::Bucket"})

ACTIONS: Mapping[str, Words] = {
    "Add": Words("make    {name} ({kind})", "作成  {name}（{kind}）"),
    "Modify": Words("change  {name} ({kind}): {details}", "変更  {name}（{kind}）: {details}"),
    "Replace": Words("REPLACE {name} ({kind}): {details}", "置換  {name}（{kind}）: {details}"),
    "MayReplace": Words("change or REPLACE {name} ({kind}): {details}", "変更または置換  {name}（{kind}）: {details}"),
    "Remove": Words("remove  {name} ({kind})", "削除  {name}（{kind}）"),
    "Import": Words("adopt   {name} ({kind})", "取込  {name}（{kind}）"),
}
WARNINGS: Mapping[str, Words] = {
    "Replace": Words(
        "        its data does not move along: the old one goes into a snapshot or is kept, the new one is empty",
        "        データは引き継がれません。古い方はスナップショットになるか残り、新しい方は空です",
    ),
    "Remove": Words(
        "        its data goes into a snapshot or is kept",
        "        データはスナップショットになるか、そのまま残ります",
    ),
}
WARNINGS_FOR = {"Replace": "Replace", "MayReplace": "Replace", "Remove": "Remove"}

PROGRESS: Mapping[str, Words] = {
    "CREATE_COMPLETE": Words("made", "作成しました"),
    "UPDATE_COMPLETE": Words("changed", "変更しました"),
    "DELETE_COMPLETE": Words("removed", "削除しました"),
    "DELETE_SKIPPED": Words("kept", "残しました"),
    "CREATE_FAILED": Words("could not be made: {reason}", "作成できませんでした: {reason}"),
    "UPDATE_FAILED": Words("could not be changed: {reason}", "変更できませんでした: {reason}"),
    "DELETE_FAILED": Words("could not be removed: {reason}", "削除できませんでした: {reason}"),
}

DRIFT = Words(
    "{stack} / {name} ({kind}): {path} is {actual}, the template says {expected}",
    "{stack} / {name}（{kind}）: {path} が {actual} になっています（テンプレートでは {expected}）",
)
DRIFT_GONE = Words("{stack} / {name} ({kind}) is gone", "{stack} / {name}（{kind}）がなくなっています")


def kind(type_name: str) -> Words:
    """Name a resource type; an unknown one keeps AWS's name."""
    return KINDS.get(type_name, Words(type_name, type_name))


def change(entry: Mapping[str, Any], language: Language) -> list[str]:
    """Tell one change of a change set (a `ResourceChange` document) in one line, with a warning where data "
    "is at stake."""
    action = entry["Action"]
    if action == "Modify":
        action = {"True": "Replace", "Conditional": "MayReplace"}.get(entry.get("Replacement", ""), "Modify")
    details = sorted(
        {
            detail["Target"].get("Name") or detail["Target"]["Attribute"]
            for detail in entry.get("Details", [])
            if "Target" in detail
        }
    )
    told = [
        ACTIONS[action].say(
            language,
            name=entry["LogicalResourceId"],
            kind=kind(entry["ResourceType"]),
            details=", ".join(details) or entry["Action"],
        )
    ]
    if entry["ResourceType"] in HOLD_DATA and action in WARNINGS_FOR:
        told.append(WARNINGS[WARNINGS_FOR[action]].plain(language))
    return told


def progress(event: Mapping[str, Any], language: Language) -> str:
    """Tell one stack event, or nothing when it is only a step on the way."""
    words = PROGRESS.get(event["ResourceStatus"])
    if words is None:
        return ""
    said = words.say(language, reason=event.get("ResourceStatusReason", ""))
    return f"{event['LogicalResourceId']} ({kind(event['ResourceType']).plain(language)}) {said}"


ASLEEP = ("/MinCapacity", "/MaxCapacity")
"""Of what scales containers: what their schedule sets to 0, and back to what the template says."""


def drift(stack: str, entry: Mapping[str, Any], language: Language, *, sleeps: bool = False) -> list[str]:
    """Tell what differs from the template, property by property.

    `sleeps`: containers sleep by the clock; that they do at the moment is nobody's change by hand.
    """
    named = {"stack": stack, "name": entry["LogicalResourceId"], "kind": kind(entry["ResourceType"])}
    if entry["StackResourceDriftStatus"] == "DELETED":
        return [DRIFT_GONE.say(language, **named)]
    return [
        DRIFT.say(
            language,
            **named,
            path=difference["PropertyPath"],
            actual=difference["ActualValue"],
            expected=difference["ExpectedValue"],
        )
        for difference in entry.get("PropertyDifferences", [])
        if not (sleeps and _is_asleep(entry["ResourceType"], difference))
    ]


def _is_asleep(type_name: str, difference: Mapping[str, str]) -> bool:
    by_the_clock = type_name == "AWS::ApplicationAutoScaling::ScalableTarget" and difference["PropertyPath"] in ASLEEP
    return by_the_clock and difference["ActualValue"] == "0"
