"""A company's own variables of the application, which zappa_settings.json has for every stage, also where Zappa is not.

Zappa gives them to the web function. The tasks function, which purges, scans and tells by the clock, gets them with its
template; containers by the files that ECS reads. What a definition of containers says itself goes before those files
(Amazon ECS Developer Guide, "Pass environment variables to an Amazon ECS container"), so that such a name would be
without effect.
"""

import json
import re
from collections.abc import Mapping as AnyMapping

from deploy import application, blueprint
from deploy.cfn import Template
from deploy.failure import Failure
from deploy.stage import Stage
from deploy.words import Words, language
from deploy.zappa import entry

SECRET = Words(
    "zappa_settings.json: aws_environment_variables.{name} of {stage} is a secret, and that file is no place for it. "
    "Take it out: `up` makes and keeps the stage's own.",
    "zappa_settings.json: {stage} の aws_environment_variables.{name} は秘密情報です。このファイルには書かず、"
    "削除してください（ステージの秘密情報は `up` が作って保管します）。",
)
DECIDED = Words(
    "zappa_settings.json: aws_environment_variables.{name} of {stage} would have no effect in containers: it follows "
    "from the stage file. Take it out.",
    "zappa_settings.json: {stage} の aws_environment_variables.{name} は、コンテナではステージファイルから決まるため"
    "効果がありません。削除してください。",
)
_NAME = re.compile(r"\{Name: (\w+), Value:")
_OF_TASKS = "        Variables:\n"


def own(stage: Stage) -> dict[str, str]:
    """Return the variables that containers get from a stage's entry, none without an entry.

    Raises:
        Failure: one is a secret, or is decided elsewhere.

    """
    held = _held(stage)
    decided = set(_NAME.findall(blueprint.template("fargate").text))
    for words, names in ((SECRET, _secrets()), (DECIDED, decided)):
        for name in held:
            if name in names:
                raise Failure(words.say(language(), name=name, stage=stage.name))
    return held


def template(noun: str, stage: Stage) -> Template:
    """Read one of our templates; the tasks function's with what the stage's entry adds to the template's own."""
    read = blueprint.template(noun)
    if noun != "tasks":
        return read
    given: AnyMapping[str, object] = read.resources["Tasks"].properties["Environment"]["Variables"]
    added = {name: value for name, value in _held(stage).items() if name not in {*given, *_secrets()}}
    lines = "".join(f"          {json.dumps(name)}: {json.dumps(value)}\n" for name, value in sorted(added.items()))
    return Template.parse(read.text.replace(_OF_TASKS, f"{_OF_TASKS}{lines}"), name=noun)


def _held(stage: Stage) -> dict[str, str]:
    return {name: str(value) for name, value in (entry.held(stage).get("aws_environment_variables") or {}).items()}


def _secrets() -> set[str]:
    return {variable["name"] for variable in application.read()["variables"] if variable["secret"]}
