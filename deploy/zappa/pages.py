"""One door: the private API fetches the page from its bucket and answers with it, beside the API's own methods.

AWS, "Create a REST API as an Amazon S3 proxy in API Gateway". The stage's key `site_bucket` asks for it.
"""

from typing import Any

HEADERS = ("Content-Type", "Content-Encoding", "Cache-Control", "ETag", "Vary")
"""What the bucket says of an object and the browser must hear."""
OF_OURS = {
    "Strict-Transport-Security": "max-age=31536000",
    # The gateway writes constants between single quotes, and the policy's own word 'none' cannot stand inside: a name
    # that nobody can have (RFC 2606) lets nobody frame the page either. The older header says it to older browsers.
    "Content-Security-Policy": "frame-ancestors https://nobody.invalid",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
}
"""What a bucket cannot send; the page's own policy stands in the page."""


def serve(zappa: Any, api: Any, *, bucket: str, region: str, role: str) -> None:
    """Add the page's methods to Zappa's template: `/` and `/index.html`, and everything below `/assets/`.

    The API's role reads the bucket; anything else goes to the function, as before.
    """
    from zappa.core import troposphere  # the very library that made the template

    template = zappa.cf_template
    root = troposphere.GetAtt(api, "RootResourceId")

    def resource(title: str, parent: Any, part: str) -> Any:
        made = troposphere.apigateway.Resource(title, RestApiId=troposphere.Ref(api), ParentId=parent, PathPart=part)
        zappa.cf_api_resources.append(title)
        template.add_resource(made)
        return troposphere.Ref(made)

    def method(title: str, on: Any, key: str, parameters: dict[str, Any]) -> None:
        asked = {f"integration.request.path.{name}": f"method.request.path.{name}" for name in parameters}
        said = {f"method.response.header.{name}": f"integration.response.header.{name}" for name in HEADERS}
        said |= {f"method.response.header.{name}": f"'{value}'" for name, value in OF_OURS.items()}
        heard = dict.fromkeys(said, False)
        made = troposphere.apigateway.Method(
            title,
            RestApiId=troposphere.Ref(api),
            ResourceId=on,
            HttpMethod="GET",
            AuthorizationType="NONE",
            RequestParameters={f"method.request.path.{name}": True for name in parameters},
            Integration=troposphere.apigateway.Integration(
                Type="AWS",
                IntegrationHttpMethod="GET",
                Uri=f"arn:aws:apigateway:{region}:s3:path/{bucket}/{key}",
                Credentials=role,
                RequestParameters=asked,
                PassthroughBehavior="WHEN_NO_MATCH",
                IntegrationResponses=[
                    troposphere.apigateway.IntegrationResponse(StatusCode="200", ResponseParameters=said),
                    # A missing key answers 403 to whoever may not list.
                    troposphere.apigateway.IntegrationResponse(StatusCode="404", SelectionPattern="4\\d{2}"),
                ],
            ),
            MethodResponses=[
                troposphere.apigateway.MethodResponse(StatusCode="200", ResponseParameters=heard),
                troposphere.apigateway.MethodResponse(StatusCode="404"),
            ],
        )
        zappa.cf_api_resources.append(title)
        template.add_resource(made)

    method("PageRoot", root, "index.html", {})
    method("Page", resource("ResourcePage", root, "index.html"), "index.html", {})
    assets = resource("ResourceAssets", root, "assets")
    method("Asset", resource("ResourceAsset", assets, "{proxy+}"), "assets/{proxy}", {"proxy": True})
