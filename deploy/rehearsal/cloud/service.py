"""CloudFormation's API in front of `engine`: the calls that our verbs, Zappa and a person's CLI make."""

import datetime
import secrets
from collections.abc import Callable
from typing import Any

from moto.cloudformation.exceptions import AlreadyExistsException, ValidationError
from moto.cloudformation.utils import get_stack_from_s3_url
from moto.core.responses import ActionResult, EmptyResult

from deploy.cfn import Template, TemplateError
from deploy.rehearsal.cloud.engine import Change, ChangeSet, Event, Live, Stack, parsed
from deploy.rehearsal.cloud.resource import CloudError

MAX_TEMPLATE_BYTES = 51_200
NO_CHANGE = "The submitted information didn't contain changes. Submit different information to create a change set."

Response = Any
"""moto's CloudFormationResponse, whose methods these functions become."""


def _stacks(response: Response) -> dict[str, Stack]:
    """Every stack that exists, by name; kept on moto's backend so that its reset clears it."""
    held: dict[str, Stack] = response.cloudformation_backend.__dict__.setdefault("cloister_stacks", {})
    return held


def _gone(response: Response) -> dict[str, Stack]:
    held: dict[str, Stack] = response.cloudformation_backend.__dict__.setdefault("cloister_deleted", {})
    return held


def _find(response: Response) -> Stack:
    wanted = response._get_param("StackName")
    for stack in _stacks(response).values():
        if wanted in (stack.name, stack.id):
            return stack
    if wanted in _gone(response):
        return _gone(response)[wanted]
    raise ValidationError(wanted)


def _body(response: Response, stack: Stack | None = None) -> str:
    if response._get_param("UsePreviousTemplate") and stack is not None:
        return stack.template
    url = response._get_param("TemplateURL")
    if url:
        return str(get_stack_from_s3_url(url, account_id=response.current_account, partition="aws"))
    body = str(response._get_param("TemplateBody") or "")
    if len(body.encode()) > MAX_TEMPLATE_BYTES:
        raise ValidationError(message="1 validation error detected: templateBody is longer than 51200 bytes")
    return body


def _parameters(response: Response, template: Template, stack: Stack | None) -> dict[str, str]:
    given = {}
    for entry in response._get_param("Parameters", []):
        name = entry["ParameterKey"]
        if entry.get("UsePreviousValue") and stack is not None and name in stack.parameters:
            given[name] = stack.parameters[name]
        elif "ParameterValue" in entry:
            given[name] = entry["ParameterValue"]
    foreign = given.keys() - template.parameters.keys()
    if foreign:
        raise ValidationError(message=f"Parameters: [{', '.join(sorted(foreign))}] do not exist in the template")
    missing = [
        name for name, parameter in template.parameters.items() if parameter.default is None and name not in given
    ]
    if missing:
        raise ValidationError(message=f"Parameters: [{', '.join(missing)}] must have values")
    for name, value in given.items():
        problem = template.parameters[name].problem(value)
        if problem:
            raise ValidationError(message=f"Parameter {name} failed to satisfy constraint: {problem}")
    return given


def _template(body: str, name: str) -> Template:
    try:
        return parsed(body, name)
    except TemplateError as error:
        raise ValidationError(message=f"Template format error: {error}") from error


def _tags(response: Response) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in response._get_param("Tags", [])}


def _new(response: Response, name: str) -> Stack:
    account, region = response.current_account, response.region
    made = f"arn:aws:cloudformation:{region}:{account}:stack/{name}/{secrets.token_hex(16)}"
    stack = Stack(name=name, id=made, account=account, region=region)
    _stacks(response)[name] = stack
    return stack


def create_stack(response: Response) -> ActionResult:
    name = response._get_param("StackName")
    if name in _stacks(response):
        raise AlreadyExistsException(f"Stack [{name}] already exists")
    body = _body(response)
    parameters = _parameters(response, _template(body, name), None)
    stack = _new(response, name)
    stack.apply(body, parameters, _tags(response))
    return ActionResult({"StackId": stack.id})


def update_stack(response: Response) -> ActionResult:
    stack = _find(response)
    body = _body(response, stack)
    template = _template(body, stack.name)
    parameters = _parameters(response, template, stack)
    tags = _tags(response) or stack.tags
    if not stack.plan(template, parameters) and tags == stack.tags and body == stack.template:
        raise ValidationError(message="No updates are to be performed.")
    stack.apply(body, parameters, tags)
    return ActionResult({"StackId": stack.id})


def delete_stack(response: Response) -> EmptyResult:
    wanted = response._get_param("StackName")
    for stack in list(_stacks(response).values()):
        if wanted in (stack.name, stack.id):
            try:
                stack.delete()
            except CloudError as error:
                raise ValidationError(message=str(error)) from error
            if stack.status == "DELETE_COMPLETE":
                _gone(response)[stack.id] = _stacks(response).pop(stack.name)
    return EmptyResult()


def create_change_set(response: Response) -> ActionResult:
    name = response._get_param("StackName")
    kind = response._get_param("ChangeSetType", "UPDATE")
    stack = _stacks(response).get(name)
    if kind == "CREATE" and stack is not None and stack.status != "REVIEW_IN_PROGRESS":
        raise ValidationError(message=f"Stack [{name}] already exists and cannot be created again with the changeSet")
    if kind == "UPDATE" and (stack is None or stack.status == "REVIEW_IN_PROGRESS"):
        raise ValidationError(name)
    if stack is not None and stack.status in ("ROLLBACK_COMPLETE", "DELETE_FAILED"):
        raise ValidationError(message=f"Stack:{stack.id} is in {stack.status} state and can not be updated.")
    body = _body(response, stack)
    template = _template(body, name)
    parameters = _parameters(response, template, stack)
    stack = stack or _new(response, name)
    title = response._get_param("ChangeSetName")
    if title in stack.change_sets:
        raise AlreadyExistsException(f"ChangeSet {title} already exists")
    made = ChangeSet(
        id=f"arn:aws:cloudformation:{stack.region}:{stack.account}:changeSet/{title}/{secrets.token_hex(16)}",
        name=title,
        kind=kind,
        template=body,
        parameters=parameters,
        tags=_tags(response),
        changes=stack.plan(template, parameters),
    )
    if kind == "UPDATE" and not made.changes and made.tags == stack.tags:
        made.status, made.reason, made.execution = "FAILED", NO_CHANGE, "UNAVAILABLE"
    stack.change_sets[title] = made
    return ActionResult({"Id": made.id, "StackId": stack.id})


def _change_set(response: Response) -> tuple[Stack, ChangeSet]:
    wanted = response._get_param("ChangeSetName")
    within = response._get_param("StackName")
    for stack in _stacks(response).values():
        for held in stack.change_sets.values():
            if wanted == held.id or (wanted == held.name and within in (stack.name, stack.id)):
                return stack, held
    raise ValidationError(message=f"ChangeSet [{wanted}] does not exist")


def _change(change: Change) -> dict[str, Any]:
    told: dict[str, Any] = {
        "Action": change.action,
        "LogicalResourceId": change.logical_id,
        "PhysicalResourceId": change.physical_id or None,
        "ResourceType": change.type,
        "Replacement": change.replacement or None,
        "Scope": ["Properties"] if change.details else [],
        "Details": [
            {
                "Target": {"Attribute": "Properties", "Name": name, "RequiresRecreation": "Never"},
                "Evaluation": "Static",
                "ChangeSource": "DirectModification",
            }
            for name in change.details
        ],
    }
    return told  # moto puts it under ResourceChange itself


def describe_change_set(response: Response) -> ActionResult:
    stack, held = _change_set(response)
    return ActionResult(
        {
            "ChangeSetName": held.name,
            "ChangeSetId": held.id,
            "StackId": stack.id,
            "StackName": stack.name,
            "Status": held.status,
            "StatusReason": held.reason or None,
            "ExecutionStatus": held.execution,
            "Parameters": _pairs(held.parameters),
            "Changes": [_change(change) for change in held.changes],
        }
    )


def _pairs(parameters: dict[str, str]) -> dict[str, str]:
    return dict(parameters)  # moto turns a mapping into ParameterKey and ParameterValue itself


def execute_change_set(response: Response) -> EmptyResult:
    stack, held = _change_set(response)
    if held.execution != "AVAILABLE":
        raise ValidationError(message=f"ChangeSet [{held.id}] cannot be executed in its current status")
    stack.change_sets.clear()
    stack.apply(held.template, held.parameters, held.tags)
    return EmptyResult()


def delete_change_set(response: Response) -> EmptyResult:
    stack, held = _change_set(response)
    del stack.change_sets[held.name]
    return EmptyResult()


def list_change_sets(response: Response) -> ActionResult:
    stack = _find(response)
    summaries = [
        {"ChangeSetId": held.id, "ChangeSetName": held.name, "Status": held.status, "ExecutionStatus": held.execution}
        for held in stack.change_sets.values()
    ]
    return ActionResult({"Summaries": summaries})


def _described(stack: Stack) -> dict[str, Any]:
    return {
        "StackId": stack.id,
        "StackName": stack.name,
        "CreationTime": stack.created,
        "StackStatus": stack.status,
        "StackStatusReason": stack.reason or None,
        "EnableTerminationProtection": stack.protected,
        "Parameters": [{"ParameterKey": k, "ParameterValue": _shown(stack, k, v)} for k, v in stack.parameters.items()],
        "Outputs": [{"OutputKey": k, "OutputValue": v} for k, v in stack.outputs.items()],
        "Tags": dict(stack.tags),
    }


def _shown(stack: Stack, name: str, value: str) -> str:
    parameter = parsed(stack.template, stack.name).parameters.get(name) if stack.template else None
    return "****" if parameter is not None and parameter.secret else value


def describe_stacks(response: Response) -> ActionResult:
    wanted = response._get_param("StackName")
    found = [_find(response)] if wanted else list(_stacks(response).values())
    return ActionResult({"Stacks": [_described(stack) for stack in found]})


def list_stacks(response: Response) -> ActionResult:
    wanted = response._get_param("StackStatusFilter", [])
    every = [*_stacks(response).values(), *_gone(response).values()]
    chosen = [stack for stack in every if not wanted or stack.status in wanted]
    keys = ("StackId", "StackName", "CreationTime", "StackStatus")
    return ActionResult({"StackSummaries": [{key: _described(stack)[key] for key in keys} for stack in chosen]})


def _resource(stack: Stack, live: Live) -> dict[str, Any]:
    latest = next((event for event in reversed(stack.events) if event.logical_id == live.logical_id), None)
    return {
        "StackName": stack.name,
        "StackId": stack.id,
        "LogicalResourceId": live.logical_id,
        "PhysicalResourceId": live.physical_id,
        "ResourceType": live.type,
        "Timestamp": latest.at if latest else stack.created,
        "LastUpdatedTimestamp": latest.at if latest else stack.created,
        "ResourceStatus": latest.status if latest else "CREATE_COMPLETE",
    }


def _resources(response: Response) -> list[dict[str, Any]]:
    stack = _find(response)
    wanted = response._get_param("LogicalResourceId")
    return [_resource(stack, live) for live in stack.resources.values() if wanted in (None, live.logical_id)]


def describe_stack_resources(response: Response) -> ActionResult:
    return ActionResult({"StackResources": _resources(response)})


def describe_stack_resource(response: Response) -> ActionResult:
    found = _resources(response)
    if not found:
        raise ValidationError(message=f"Resource {response._get_param('LogicalResourceId')} does not exist for stack")
    return ActionResult({"StackResourceDetail": found[0]})


def list_stack_resources(response: Response) -> ActionResult:
    return ActionResult({"StackResourceSummaries": _resources(response)})


def _event(stack: Stack, event: Event) -> dict[str, Any]:
    return {
        "StackId": stack.id,
        "StackName": stack.name,
        "EventId": event.id,
        "LogicalResourceId": event.logical_id,
        "PhysicalResourceId": event.physical_id,
        "ResourceType": event.type,
        "Timestamp": event.at,
        "ResourceStatus": event.status,
        "ResourceStatusReason": event.reason or None,
    }


def describe_stack_events(response: Response) -> ActionResult:
    stack = _find(response)
    return ActionResult({"StackEvents": [_event(stack, event) for event in reversed(stack.events)]})


def get_template(response: Response) -> ActionResult:
    return ActionResult({"TemplateBody": _find(response).template})


def validate_template(response: Response) -> ActionResult:
    template = _template(_body(response), "template")
    told = [
        {"ParameterKey": name, "DefaultValue": parameter.default, "NoEcho": parameter.secret}
        for name, parameter in template.parameters.items()
    ]
    return ActionResult({"Parameters": told, "Description": str(template.body.get("Description", ""))})


def update_termination_protection(response: Response) -> ActionResult:
    stack = _find(response)
    stack.protected = bool(response._get_param("EnableTerminationProtection"))
    return ActionResult({"StackId": stack.id})


def detect_stack_drift(response: Response) -> ActionResult:
    stack = _find(response)
    detection = secrets.token_hex(16)
    stack.drifts[detection] = stack.drift()
    return ActionResult({"StackDriftDetectionId": detection})


def describe_stack_drift_detection_status(response: Response) -> ActionResult:
    wanted = response._get_param("StackDriftDetectionId")
    for stack in _stacks(response).values():
        if wanted in stack.drifts:
            drifted = [entry for entry in stack.drifts[wanted] if entry["status"] != "IN_SYNC"]
            return ActionResult(
                {
                    "StackId": stack.id,
                    "StackDriftDetectionId": wanted,
                    "StackDriftStatus": "DRIFTED" if drifted else "IN_SYNC",
                    "DetectionStatus": "DETECTION_COMPLETE",
                    "DriftedStackResourceCount": len(drifted),
                    "Timestamp": datetime.datetime.now(datetime.UTC),
                }
            )
    raise ValidationError(message=f"Drift detection {wanted} does not exist")


def describe_stack_resource_drifts(response: Response) -> ActionResult:
    stack = _find(response)
    latest = list(stack.drifts.values())[-1] if stack.drifts else []
    wanted = response._get_param("StackResourceDriftStatusFilters", [])
    told = [
        {
            "StackId": stack.id,
            "LogicalResourceId": entry["live"].logical_id,
            "PhysicalResourceId": entry["live"].physical_id,
            "ResourceType": entry["live"].type,
            "StackResourceDriftStatus": entry["status"],
            "Timestamp": datetime.datetime.now(datetime.UTC),
            "PropertyDifferences": [
                {
                    "PropertyPath": f"/{key}",
                    "ExpectedValue": str(want),
                    "ActualValue": str(have),
                    "DifferenceType": "NOT_EQUAL",
                }
                for key, want, have in entry["differences"]
            ],
        }
        for entry in latest
        if not wanted or entry["status"] in wanted
    ]
    return ActionResult({"StackResourceDrifts": told})


CALLS: dict[str, Callable[[Response], Any]] = {
    function.__name__: function
    for function in (
        create_stack,
        update_stack,
        delete_stack,
        create_change_set,
        describe_change_set,
        execute_change_set,
        delete_change_set,
        list_change_sets,
        describe_stacks,
        list_stacks,
        describe_stack_resources,
        describe_stack_resource,
        list_stack_resources,
        describe_stack_events,
        get_template,
        validate_template,
        update_termination_protection,
        detect_stack_drift,
        describe_stack_drift_detection_status,
        describe_stack_resource_drifts,
    )
}
