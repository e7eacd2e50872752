"""Calls of the function itself: once and never again, with its whole answer, and one to prove that it lives."""

import json
from typing import Any

from click.exceptions import ClickException

from deploy import application
from deploy.failure import Failure


def ask_once(cli: Any) -> None:
    """Have `zappa manage` and `zappa invoke` send the event once and show all that the command wrote.

    botocore would send it again when the connection drops while a migration runs, and run that twice. Zappa shows
    the last 4 KB of the log; our function also answers with the command's output. Where the stage has a tasks
    function (`tasks_function`), `zappa manage` goes there: it has the time and the rights for migrations.
    """
    from botocore.config import Config

    cli.zappa.lambda_client = cli.zappa.boto_client(
        "lambda",
        config=Config(
            region_name=cli.aws_region,
            connect_timeout=5,
            read_timeout=900,  # seconds, the longest that a function may run
            tcp_keepalive=True,  # a company's proxy forgets a silent connection within minutes
            retries={"total_max_attempts": 1},
        ),
    )
    invoke = cli.zappa.invoke_lambda_function
    show = cli.format_lambda_response
    answers: list[str] = []

    tasks = cli.stage_config.get("tasks_function")

    def invoke_and_read(function: str, *arguments: Any, **named: Any) -> Any:
        response = invoke(tasks if tasks and cli.command == "manage" else function, *arguments, **named)
        answers.append(response["Payload"].read().decode())
        return response

    def show_output(response: Any, colorize: bool = True) -> Any:
        text = show(response, colorize)
        payload = json.loads(answers.pop() or "null") if answers else None
        if isinstance(payload, dict) and "output" in payload and "FunctionError" not in response:
            if "failed" in payload:  # of a private command, which raises nothing: that would end up in the log
                raise ClickException(f"{payload['output']}{payload['failed']}")
            return payload["output"]
        return text

    cli.zappa.invoke_lambda_function = invoke_and_read
    cli.format_lambda_response = show_output


def prove(cli: Any) -> None:
    """Ask the function for what the application promises; Zappa does not look at a private API at all."""
    for request in application.read()["acceptance"]:
        event = (
            _as_api(cli, request) if cli.stage_config.get("apigateway_enabled", True) else _as_balancer(cli, request)
        )
        response = cli.zappa.lambda_client.invoke(FunctionName=cli.lambda_name, Payload=json.dumps(event))
        answer = json.loads(response["Payload"].read() or "null")
        status = answer.get("statusCode") if isinstance(answer, dict) else None
        if status != request["status"]:
            raise Failure(
                f"{cli.lambda_name} is deployed, but {request['method']} {request['path']} does not answer "
                f"{request['status']}: {json.dumps(answer, ensure_ascii=False)[:1000]}\n"
                f"zappa tail {cli.api_stage} shows its log; zappa rollback {cli.api_stage} brings the last one back."
            )


def _as_api(cli: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Return a request as the private API passes it on."""
    return {
        "resource": "/{proxy+}",
        "path": request["path"],
        "httpMethod": request["method"],
        "multiValueHeaders": {"Host": [f"deployed.execute-api.{cli.aws_region}.amazonaws.com"]},
        "requestContext": {
            "path": f"/{cli.api_stage}{request['path']}",
            "identity": {"sourceIp": "127.0.0.1"},
        },
    }


def _as_balancer(cli: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Return a request as a load balancer passes it on, by the one name that it answers to."""
    host = cli.aws_environment_variables.get("CLOISTER_ALLOWED_HOSTS", "").partition(",")[0]
    headers = {"host": host, "x-forwarded-for": "127.0.0.1", "x-forwarded-proto": "https"}
    return {
        "path": request["path"],
        "httpMethod": request["method"],
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "requestContext": {"elb": {"targetGroupArn": ""}},
        "body": "",
        "isBase64Encoded": False,
    }
