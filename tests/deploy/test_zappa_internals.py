"""Every internal of Zappa that the callbacks touch, so that an upgrade says here what changed.

Zappa promises none of these. When one fails: read Zappa's changes, mend deploy/zappa/, run tests/deploy/test_zappa.py.
"""

import ast
import importlib.metadata
import inspect
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from zappa import cli, core

ROOT = Path(__file__).parent.parent.parent


def test_the_version_is_pinned_exactly() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]

    assert f"zappa=={importlib.metadata.version('zappa')}" in groups["deploy"]
    for lock in ("requirements-deploy.txt", "requirements-dev.txt"):
        assert "\nzappa==0.63.0 " in (ROOT / lock).read_text()


@pytest.mark.parametrize(
    ("owner", "name", "parameters"),
    [
        # replaced
        (cli.ZappaCLI, "create_package", ["self", "output", "use_zappa_release"]),
        (cli.ZappaCLI, "format_lambda_response", ["self", "response", "colorize"]),
        (core.Zappa, "create_api_gateway_routes", ["self", "lambda_arn", "lambda_qualifier", "api_name"]),
        (
            core.Zappa,
            "rollback_lambda_function_version",
            ["self", "function_name", "versions_back", "publish", "snap_start", "provisioned_concurrency"],
        ),
        (core.Zappa, "invoke_lambda_function", ["self", "function_name", "payload", "invocation_type", "log_type"]),
        (core.Zappa, "update_stack", ["self", "name", "working_bucket", "wait", "update_only", "disable_progress"]),
        # called
        (cli.ZappaCLI, "load_settings", ["self", "settings_file", "session"]),
        (cli.ZappaCLI, "override_stage_config_setting", ["self", "key", "val"]),
        (core.Zappa, "boto_client", ["self", "service", "args", "kwargs"]),
        (core.Zappa, "get_api_id", ["self", "lambda_name", "apigateway_version"]),
        (core.Zappa, "migrate_lambda_alias", ["self", "function_name", "alias_name", "version", "create_if_missing"]),
        (core.Zappa, "wait_until_lambda_function_is_updated", ["self", "function_name"]),
        (core.Zappa, "wait_until_lambda_function_version_is_active", ["self", "function_name", "version"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_function_takes_what_it_took(owner: type, name: str, parameters: list[str]) -> None:
    assert list(inspect.signature(getattr(owner, name)).parameters)[: len(parameters)] == parameters


@pytest.mark.parametrize(
    ("function", "words"),
    [
        # The callbacks' places, and that the file is loaded by itself from the working directory.
        (cli.ZappaCLI.dispatch_command, ['self.callback("settings")']),
        (cli.ZappaCLI.deploy, ['self.callback("post")', "self.create_package()", "self.aws_environment_variables"]),
        (cli.ZappaCLI.update, ['self.callback("post")', "self.create_package()", "self.aws_environment_variables"]),
        (cli.ZappaCLI.package, ["self.create_package(output)", "self.zip_path"]),
        (cli.ZappaCLI.callback, ["find_spec(mod_name).loader.load_module(mod_name)", "cb_func(self)"]),
        # The name of the archive is at once the file, the upload's key and what the function is made from.
        (cli.ZappaCLI.deploy, ["handler_file = self.zip_path", 'kwargs["s3_key"] = handler_file']),
        (core.Zappa.upload_to_s3, ["os.path.split(source_path)[1]"]),
        # Attributes that are read.
        (cli.ZappaCLI.load_settings, ["self.s3_bucket_name", "self.lambda_name", "self.architecture", "self.tags"]),
        (cli.ZappaCLI.load_settings, ["self.aws_region", "self.apigateway_version", "self.use_websocket"]),
        (cli.ZappaCLI.load_settings, ["self.zappa = Zappa(", 'stage_config.get("aws_kms_key_arn"']),
        (cli.ZappaCLI.handle, ["self.command = args.command"]),
        (cli.ZappaCLI.dispatch_command, ["self.api_stage = stage"]),
        (cli.ZappaCLI.stage_config.fget, ["extended_settings.update(stage_settings)"]),
        # What is put over the settings stays when they are read again.
        (cli.ZappaCLI.stage_config.fget, ["settings.update(self.stage_config_overrides)"]),
        (cli.ZappaCLI.dispatch_command, ['self.load_settings(self.vargs.get("settings_file"))']),
        # A missing stack is made unless only an update is wanted; an archive in a bucket is taken as it lies there.
        (core.Zappa.update_stack, ["if update_only and not update:", "self.cf_client.create_stack("]),
        (cli.ZappaCLI.deploy, ['source_zip.startswith("s3://")']),
        (cli.ZappaCLI.update, ['source_zip.startswith("s3://")', "update_only=True"]),
        # An API of version 2 is made without a word about endpoints.
        (core.Zappa.create_api_gateway_routes, ['if apigateway_version == "v2":']),
        (core.Zappa.__init__, ["self.s3_client", "self.lambda_client", "self.logs_client"]),
        (core.Zappa.load_credentials, ["self.boto_session", 'os.environ.get("AWS_DEFAULT_REGION")']),
        # The policy is a text that is parsed; the template's object is returned to us.
        (core.Zappa.create_api_gateway_routes, ["json.loads(self.apigateway_policy)", "return restapi"]),
        (core.Zappa.create_stack_template, ["self.create_api_gateway_routes("]),
        # What is deployed waits for every method that is named in the list.
        (
            core.Zappa.create_and_setup_methods,
            ["self.cf_template.add_resource(method)", "self.cf_api_resources.append"],
        ),
        # Variables of the function that the settings lack come back at an update, which the hook undoes.
        (core.Zappa.update_lambda_configuration, ["aws_environment_variables[key] = value"]),
        # A private API is never looked at.
        (cli.ZappaCLI.touch_endpoint, ['"PRIVATE" in self.stage_config.get("endpoint_configuration"']),
        # What `zappa manage` sends, and that a failure ends with a status.
        (
            cli.ZappaCLI.invoke,
            ["command = {key: function_name}", "self.format_lambda_response(response, not no_color)"],
        ),
        (cli.ZappaCLI.rollback, ["self.zappa.rollback_lambda_function_version("]),
        (core.Zappa.get_event_name, ["{prefix:.{width}}-{postfix}"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_function_still_does_what_we_rely_on(function: object, words: list[str]) -> None:
    source = inspect.getsource(function)  # type: ignore[arg-type]  # each is a function

    for part in words:
        assert part in source


def test_nothing_of_zappa_is_touched_that_is_not_named_here() -> None:
    files = [ROOT / "deploy" / "zappa_hooks.py", *(ROOT / "deploy" / "zappa").glob("*.py")]
    touched = {name for file in files for name in _touched(ast.parse(file.read_text()))}
    here = set(re.findall(r"\w+", Path(__file__).read_text()))

    assert {"create_api_gateway_routes", "boto_session", "stage_config"} <= touched  # it does find them
    assert touched - here == set()


def _touched(tree: ast.Module) -> Iterator[str]:
    """Yield the attributes of `cli` and `cli.zappa`, also those asked for by their name."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="cli") | ast.Attribute(value=ast.Name(id="cli"), attr="zappa")):
                yield node.attr
            case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
                yield name


def test_the_snapstart_alias_has_its_name() -> None:
    assert core.SNAPSTART_LAMBDA_ALIAS == "snapstart"


class TestTheSettings:
    def test_override_every_default_that_would_open_or_cost_something(self) -> None:
        """Zappa turns all of these on by itself, and logs at DEBUG."""
        common = json.loads((ROOT / "zappa_settings.json").read_text())["common"]

        for name in ("debug", "keep_warm", "touch", "manage_roles", "payload_compression", "slim_handler"):
            assert common[name] is False
        assert common["endpoint_configuration"] == ["PRIVATE"]
        assert common["log_level"] == "INFO"

    def test_hold_no_secret(self) -> None:
        stages = json.loads((ROOT / "zappa_settings.json").read_text())

        for stage in stages.values():
            assert all(source.startswith(("environment", "arn:")) for source in stage.get("secrets", {}).values())
