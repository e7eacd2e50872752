"""A company's own variables of the application, which zappa_settings.json has for every stage, also for containers.

They go into the files that ECS reads. What a definition says itself goes before those files (Amazon ECS Developer
Guide, "Pass environment variables to an Amazon ECS container"), so that such a name would be without effect.
"""

import re

from deploy import application, blueprint
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


def own(stage: Stage) -> dict[str, str]:
    """Return the variables that a stage's entry has, none without an entry.

    Raises:
        Failure: one is a secret, or is decided elsewhere.

    """
    held = {name: str(value) for name, value in (entry.held(stage).get("aws_environment_variables") or {}).items()}
    secret = {variable["name"] for variable in application.read()["variables"] if variable["secret"]}
    decided = set(_NAME.findall((blueprint.TEMPLATES / "fargate.yaml").read_text(encoding="utf-8")))
    for words, names in ((SECRET, secret), (DECIDED, decided)):
        for name in held:
            if name in names:
                raise Failure(words.say(language(), name=name, stage=stage.name))
    return held
