"""Alarms and dashboards."""

import json
from typing import ClassVar

from botocore.exceptions import ClientError

from deploy.rehearsal.cloud.resource import Context, Gone, Properties, ResourceType, hold, pick


class Alarm(ResourceType):
    """An alarm on one metric, or on what is computed from several."""

    name = "AWS::CloudWatch::Alarm"
    replace_on = frozenset({"AlarmName"})
    keys: ClassVar[tuple[str, ...]] = (
        "AlarmName",
        "AlarmDescription",
        "Namespace",
        "MetricName",
        "Dimensions",
        "Statistic",
        "ExtendedStatistic",
        "Unit",
        "Period",
        "EvaluationPeriods",
        "Threshold",
        "ComparisonOperator",
        "TreatMissingData",
        "Metrics",
        "AlarmActions",
    )

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        hold("an alarm", properties, self.keys)
        told = pick(properties, self.keys)
        for key in ("Period", "EvaluationPeriods"):
            if key in told:
                told[key] = int(told[key])
        told["Threshold"] = float(told["Threshold"])
        context.client("cloudwatch").put_metric_alarm(**told, Tags=context.all_tags(properties))
        arn = f"arn:aws:cloudwatch:{context.region}:{context.account}:alarm:{properties['AlarmName']}"
        return properties["AlarmName"], {"Arn": arn}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        return self.create(new, context)[1]

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("cloudwatch").delete_alarms(AlarmNames=[physical_id])

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        found = context.client("cloudwatch").describe_alarms(AlarmNames=[physical_id])["MetricAlarms"]
        if not found:
            raise Gone(physical_id)
        return pick(found[0], self.keys)


class Dashboard(ResourceType):
    """A dashboard."""

    name = "AWS::CloudWatch::Dashboard"
    replace_on = frozenset({"DashboardName"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        body = properties["DashboardBody"]
        json.loads(body)
        name = properties.get("DashboardName") or context.name()
        context.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=body)
        return name, {}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        return self.create(new, context)[1]

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("cloudwatch").delete_dashboards(DashboardNames=[physical_id])

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        try:
            found = context.client("cloudwatch").get_dashboard(DashboardName=physical_id)
        except ClientError as error:
            raise Gone(physical_id) from error
        return pick(found, ("DashboardName", "DashboardBody"))
