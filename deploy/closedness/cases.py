"""What was judged, with what came out: one stage, somebody's files, or each of our own combinations."""

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from deploy.cfn import Template
from deploy.closedness import observed, signed, subject
from deploy.closedness.findings import Question
from deploy.closedness.judgement import Judgement, judge
from deploy.closedness.world import Bounds, Network, World
from deploy.closedness.zappa_side import Zappa
from deploy.failure import Failure
from deploy.stage import Signature, Stage
from deploy.words import Words, language


@dataclass(frozen=True)
class Case:
    """One judgement with what it is about; `asked_zappa` says whether Zappa itself gave the API."""

    name: str
    world: World
    judgement: Judgement
    day: date
    stage: Stage | None = None
    expired: tuple[Signature, ...] = ()
    asked_zappa: bool = False
    files: tuple[str, ...] = ()


def of_stage(
    name: str, inventory: Path | None, today: date, *, folder: Path | None = None, zappa: Zappa | None = None
) -> Case:
    """Judge a stage: its templates, Zappa's template where its endpoints are known, the API's policy, its functions.

    `folder` is where stage files are, `zappa` where its settings are, when not in this tree.

    Raises:
        StageError, Failure: the stage file, the inventory or Zappa's settings cannot be used.

    """
    from deploy import stage_file

    stage = stage_file.read(name, folder=folder or stage_file.STAGES)
    settings = zappa or Zappa()
    more = observed.read(inventory) if inventory else None
    api = settings.ask(stage) if settings.is_filled(stage) else None
    world = subject.of_stage(
        stage,
        more=more.things if more else (),
        lists=more.lists if more else None,
        api=api,
        zappa=settings,
        account=more.account if more else "",
    )
    return _staged(stage, world, today, asked_zappa=api is not None, questions=more.questions if more else [])


def of_example(stage: Stage, day: date) -> Case:
    """Judge a stage as the documents show it: on a day, without asking Zappa."""
    return _staged(stage, subject.of_stage(stage), day, asked_zappa=False)


def _staged(stage: Stage, world: World, today: date, *, asked_zappa: bool, questions: Sequence[Question] = ()) -> Case:
    held = signed.in_force(stage.exceptions, today)
    return Case(
        name=stage.name,
        world=world,
        judgement=judge(world, extra=questions, signatures=held),
        day=today,
        stage=stage,
        expired=tuple(one for one in stage.exceptions if one not in held),
        asked_zappa=asked_zappa,
        files=tuple(dict.fromkeys(thing.file for thing in world.things if thing.file)),
    )


NO_PARAMETER = Words(
    "--parameter {name}: no template has it. The nearest that there are: {known}",
    "--parameter {name}: どのテンプレートにもありません。近い名前: {known}",
)


def of_files(
    paths: list[Path],
    parameters: dict[str, Any],
    corporate: tuple[Network, ...] | None,
    inventory: Path | None,
    today: date,
) -> Case:
    """Judge anybody's templates, an inventory, or both together.

    Raises:
        TemplateError, Failure: a file cannot be read, or no template has such a parameter.

    """
    templates = [Template.read(path, name=name(path, paths)) for path in paths]
    known = {*subject.STAND_INS, *(one for template in templates for one in template.parameters)}
    for parameter in parameters:
        if parameter not in known:
            nearest = difflib.get_close_matches(parameter, known, n=5, cutoff=0.0)
            raise Failure(NO_PARAMETER.say(language(), name=parameter, known=", ".join(nearest)))
    files = {template.name: subject.relative(path) for template, path in zip(templates, paths, strict=True)}
    world, questions = subject.of_templates(templates, files, parameters, corporate)
    if inventory:
        more = observed.read(inventory)
        world = World(
            things=(*world.things, *more.things),
            bounds=Bounds(corporate=corporate),
            account=more.account if not templates else world.account,
            region=more.region if not templates else world.region,
            lists=more.lists,
        )
        questions += more.questions
    shown = (*files.values(), *([subject.relative(inventory)] if inventory else []))
    return Case(name=", ".join(shown), world=world, judgement=judge(world, extra=questions), day=today, files=shown)


def name(path: Path, paths: list[Path]) -> str:
    """Name a template among others by its file's stem, or by its path where two files share one."""
    return path.stem if sum(other.stem == path.stem for other in paths) == 1 else str(path.with_suffix(""))


def of_combinations() -> Iterator[Case]:
    """Judge every option of ours alone, and pairwise."""
    from deploy import combinations

    for made in (*combinations.singles(), *combinations.pairwise()):
        world = subject.of_stage(made.stage)
        yield Case(made.name, world, judge(world), date.min, made.stage)
