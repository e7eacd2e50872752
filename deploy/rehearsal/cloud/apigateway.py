"""REST APIs with their policy and endpoint configuration, which Zappa's template carries."""

from typing import Any, ClassVar

from botocore.exceptions import ClientError

from deploy.rehearsal.cloud.resource import (
    CloudError,
    Context,
    Gone,
    Properties,
    ResourceType,
    document,
    hold,
    pick,
    text,
)


class RestApi(ResourceType):
    """A REST API."""

    name = "AWS::ApiGateway::RestApi"
    replace_on = frozenset({"ApiKeySourceType"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        hold("an API", properties, ("Name", "Description", "Policy", "EndpointConfiguration", "BinaryMediaTypes"))
        made = context.client("apigateway").create_rest_api(**self._arguments(properties))
        # moto forgets media types that come with the creation; AWS takes this form as well.
        media = [
            {"op": "add", "path": f"/binaryMediaTypes/{kind.replace('/', '~1')}", "value": kind}
            for kind in properties.get("BinaryMediaTypes", [])
        ]
        if media:
            context.client("apigateway").update_rest_api(restApiId=made["id"], patchOperations=media)
        roots = context.client("apigateway").get_resources(restApiId=made["id"])["items"]
        return made["id"], {"RestApiId": made["id"], "RootResourceId": roots[0]["id"]}

    def _arguments(self, properties: Properties) -> dict[str, Any]:
        told: dict[str, Any] = {"name": properties["Name"], "description": properties.get("Description", "")}
        if "Policy" in properties:
            told["policy"] = text(properties["Policy"])
        if "EndpointConfiguration" in properties:
            given = properties["EndpointConfiguration"]
            names = {"Types": "types", "VpcEndpointIds": "vpcEndpointIds"}
            told["endpointConfiguration"] = {names[key]: value for key, value in given.items()}
        return told

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> Properties:
        api = context.client("apigateway")
        operations = [
            {"op": "replace", "path": "/name", "value": new["Name"]},
            {"op": "replace", "path": "/description", "value": new.get("Description", "")},
        ]
        if "Policy" in new:
            operations.append({"op": "replace", "path": "/policy", "value": text(new["Policy"])})
        api.update_rest_api(restApiId=physical_id, patchOperations=operations)
        for key in ("EndpointConfiguration", "BinaryMediaTypes"):
            if old.get(key) != new.get(key):
                raise CloudError(f"the local cloud does not change {key} of an API")
        roots = api.get_resources(restApiId=physical_id)["items"]
        root = next(item["id"] for item in roots if item["path"] == "/")
        return {"RestApiId": physical_id, "RootResourceId": root}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        context.client("apigateway").delete_rest_api(restApiId=physical_id)

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        try:
            found = context.client("apigateway").get_rest_api(restApiId=physical_id)
        except ClientError as error:
            raise Gone(physical_id) from error
        endpoint = found.get("endpointConfiguration", {})
        told = {
            "Name": found["name"],
            "Description": found.get("description"),
            "Policy": document(found["policy"]) if found.get("policy") else None,
            "BinaryMediaTypes": found.get("binaryMediaTypes"),
            "EndpointConfiguration": {
                ours: endpoint[theirs]
                for ours, theirs in (("Types", "types"), ("VpcEndpointIds", "vpcEndpointIds"))
                if endpoint.get(theirs)
            },
        }
        return {key: value for key, value in told.items() if value is not None}


class ApiResource(ResourceType):
    """One path of an API."""

    name = "AWS::ApiGateway::Resource"
    replace_on = frozenset({"RestApiId", "ParentId", "PathPart"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        made = context.client("apigateway").create_resource(
            restApiId=properties["RestApiId"], parentId=properties["ParentId"], pathPart=properties["PathPart"]
        )["id"]
        return made, {"ResourceId": made}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        _quietly(
            context.client("apigateway").delete_resource, restApiId=properties["RestApiId"], resourceId=physical_id
        )

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        call = context.client("apigateway").get_resource
        try:
            found = call(restApiId=properties["RestApiId"], resourceId=physical_id)
        except ClientError as error:
            raise Gone(physical_id) from error
        return {"RestApiId": properties["RestApiId"], "ParentId": found["parentId"], "PathPart": found["pathPart"]}


class Method(ResourceType):
    """One method of a path, with what it calls."""

    name = "AWS::ApiGateway::Method"
    replace_on = frozenset({"RestApiId", "ResourceId", "HttpMethod", "Integration", "AuthorizationType"})
    integration: ClassVar[dict[str, str]] = {
        "Type": "type",
        "IntegrationHttpMethod": "integrationHttpMethod",
        "Uri": "uri",
        "Credentials": "credentials",
        "PassthroughBehavior": "passthroughBehavior",
        "CacheNamespace": "cacheNamespace",
        "CacheKeyParameters": "cacheKeyParameters",
        "RequestParameters": "requestParameters",
    }

    def _named(self, properties: Properties) -> dict[str, str]:
        return {
            "restApiId": properties["RestApiId"],
            "resourceId": properties["ResourceId"],
            "httpMethod": properties["HttpMethod"],
        }

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        api = context.client("apigateway")
        named = self._named(properties)
        api.put_method(
            **named,
            authorizationType=properties.get("AuthorizationType", "NONE"),
            apiKeyRequired=properties.get("ApiKeyRequired", False) in (True, "true"),
            requestParameters=_flags(properties.get("RequestParameters", {})),
        )
        for response in properties.get("MethodResponses", []):
            heard = _flags(response.get("ResponseParameters", {}))
            api.put_method_response(**named, statusCode=str(response["StatusCode"]), responseParameters=heard)
        given = properties.get("Integration", {})
        api.put_integration(
            **named, **{self.integration[key]: value for key, value in given.items() if key in self.integration}
        )
        for response in given.get("IntegrationResponses", []):
            pattern = {"selectionPattern": response["SelectionPattern"]} if "SelectionPattern" in response else {}
            said = response.get("ResponseParameters", {})
            api.put_integration_response(
                **named, statusCode=str(response["StatusCode"]), responseParameters=said, **pattern
            )
        return "|".join(named.values()), {}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        _quietly(context.client("apigateway").delete_method, **self._named(properties))

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        try:
            found = context.client("apigateway").get_method(**self._named(properties))
        except ClientError as error:
            raise Gone(physical_id) from error
        held = found.get("methodIntegration", {})
        return {
            **pick(properties, ("RestApiId", "ResourceId")),
            "HttpMethod": found["httpMethod"],
            "AuthorizationType": found["authorizationType"],
            "ApiKeyRequired": found.get("apiKeyRequired", False),
            "Integration": {ours: held[theirs] for ours, theirs in self.integration.items() if theirs in held},
        }


class Deployment(ResourceType):
    """A deployment of an API, with the stage it names."""

    name = "AWS::ApiGateway::Deployment"
    replace_on = frozenset({"RestApiId", "StageName"})

    def create(self, properties: Properties, context: Context) -> tuple[str, Properties]:
        stage = {"stageName": properties["StageName"]} if "StageName" in properties else {}
        made = context.client("apigateway").create_deployment(
            restApiId=properties["RestApiId"], description=properties.get("Description", ""), **stage
        )["id"]
        return made, {"DeploymentId": made}

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        _quietly(
            context.client("apigateway").delete_deployment, restApiId=properties["RestApiId"], deploymentId=physical_id
        )

    def read(self, physical_id: str, properties: Properties, context: Context) -> Properties:
        api = context.client("apigateway")
        try:
            found = api.get_deployment(restApiId=properties["RestApiId"], deploymentId=physical_id)
            stages = api.get_stages(restApiId=properties["RestApiId"])["item"]
        except ClientError as error:
            raise Gone(physical_id) from error
        held = [stage["stageName"] for stage in stages if stage["deploymentId"] == physical_id]
        return {
            "RestApiId": properties["RestApiId"],
            "Description": found.get("description"),
            "StageName": held[0] if held else None,
        }


def _flags(given: Properties) -> dict[str, bool]:
    return {name: value in (True, "true") for name, value in given.items()}


def _quietly(call: Any, **arguments: str) -> None:
    """Remove what may have gone with its API already."""
    try:
        call(**arguments)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise
