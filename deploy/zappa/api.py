"""The private REST API: what Zappa's template lacks, and the resource policy."""

import json
from typing import Any

from deploy.zappa import pages


def policy(vpc_endpoint_ids: list[str]) -> dict[str, Any]:
    """Return the API's resource policy: nobody, unless through these VPC endpoints.

    AWS, "Create a resource policy for a private API": without a condition any VPC's endpoint could call it.
    """
    invoke = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "OnlyThroughOurEndpoints",
                "Effect": "Deny",
                **invoke,
                "Condition": {"StringNotEquals": {"aws:SourceVpce": vpc_endpoint_ids}},
            },
            {"Sid": "ThenAllow", "Effect": "Allow", **invoke},
        ],
    }


def complete(cli: Any) -> None:
    """Have Zappa's API template carry the endpoints, the policy and the binary types (Zappa issue 1024)."""
    endpoints: list[str] = cli.stage_config["vpc_endpoint_ids"]
    cli.zappa.apigateway_policy = json.dumps(policy(endpoints))
    create = cli.zappa.create_api_gateway_routes

    def create_closed(*arguments: Any, **named: Any) -> Any:
        api = create(*arguments, **named)
        api.EndpointConfiguration.VpcEndpointIds = endpoints
        api.BinaryMediaTypes = ["*/*"]
        if cli.stage_config.get("site_bucket"):
            pages.serve(
                cli.zappa,
                api,
                bucket=cli.stage_config["site_bucket"],
                region=cli.aws_region,
                role=cli.stage_config["role_arn"],
            )
        return api

    cli.zappa.create_api_gateway_routes = create_closed


def make_what_is_missing(cli: Any) -> None:
    """Have `zappa update` make the API that a broken-off `zappa deploy` left out; Zappa itself would go on without."""
    update = cli.zappa.update_stack

    def update_or_make(*arguments: Any, **named: Any) -> None:
        update(*arguments, **named | {"update_only": False})

    cli.zappa.update_stack = update_or_make


def addresses(api_id: str, endpoints: list[str], region: str, stage: str) -> list[str]:
    """Return the URLs by which the API is reached from inside, one for each endpoint.

    AWS, "Invoke a private API": they work without private DNS, from anywhere that reaches the endpoint.
    """
    return [f"https://{api_id}-{endpoint}.execute-api.{region}.amazonaws.com/{stage}/" for endpoint in endpoints]


def tell_addresses(cli: Any) -> None:
    """Print them: the address that Zappa prints needs the endpoint's private DNS."""
    import click

    api_id = cli.zappa.get_api_id(cli.lambda_name)
    click.echo("From inside, the API answers at:")
    for address in addresses(api_id, cli.stage_config["vpc_endpoint_ids"], cli.aws_region, cli.api_stage):
        click.echo(f"  {address}")
