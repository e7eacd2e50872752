"""A judgement as lines for a terminal, and as JSON."""

from collections.abc import Iterator
from typing import Any

from deploy.closedness.cases import Case
from deploy.closedness.findings import Finding
from deploy.closedness.judgement import CANNOT_TELL, CLOSED, OPEN
from deploy.stage import Signature
from deploy.words import Language, Words

WRITTEN = Words("{path} is written.", "{path} を作成しました。")
VERDICTS = {
    CLOSED: Words(
        "Closed: no network path leads in from, or out to, the internet, as far as these files go.",
        "閉じています。この範囲では、インターネットとの間に経路はありません。",
    ),
    OPEN: Words("Not closed. Findings: {count}.", "閉じたとは言えません。指摘が {count} 件あります。"),
    CANNOT_TELL: Words(
        "Cannot tell. Not known, and it matters: {count}.", "判定できません。必要な情報が {count} 件足りません。"
    ),
}
ONLY_NATURE = Words(
    "Nothing to mend. Open by nature, and not signed for yet: {count}.",
    "修正すべき点はありません。性質上開いたまま残るものが {count} 件あり、まだ署名されていません。",
)
SHORT = {
    CLOSED: Words("closed", "閉じている"),
    OPEN: Words("not closed", "閉じていない"),
    CANNOT_TELL: Words("cannot tell", "判定できない"),
}
UNSIGNED = Words("waits for signatures", "署名待ち")
FINDINGS = Words("Findings", "指摘")
QUESTIONS = Words("Cannot be told", "判定できないこと")
NATURE = Words(
    "Open by nature (a stage must sign for them; they do not count here)",
    "性質上開いたまま残るもの（ステージでは署名が必要です。ここでは数えません）",
)
GIVEN = Words(
    "What others made (only an inventory can tell; it does not count here)",
    "ほかの人が作ったもの（棚卸しで確認が必要です。ここでは数えません）",
)
SIGNED = Words("Exceptions in force", "有効な例外")
EXPIRED = Words("Exceptions that do not hold (not yet, or no longer)", "有効期間外の例外")
WHY = Words("why", "理由")
CHANGE = Words("change", "対処")
BY = Words("{reason} ({by}, signed {signed}, until {until})", "{reason}（{by}、{signed} 署名、{until} まで）")
SIGN = Words(
    "What cannot be mended can be signed for, in [exceptions.NAME] of the stage file: docs/stage.md.",
    "修正できないものは、ステージファイルの [exceptions.名前] で例外にできます（docs/stage.md）。",
)
API_FROM_SETTINGS = Words(
    "The API was put together from zappa_settings.json: Zappa itself is asked once vpc_endpoint_ids are written there.",
    "API は zappa_settings.json から組み立てました。vpc_endpoint_ids を書くと、Zappa の出力そのものを判定します。",
)
NO_CORPORATE = Words(
    "Nobody said where the company's users sit: private ranges were taken as the company's (--corporate-cidr).",
    "社内の範囲が指定されていないため、プライベートアドレスを社内とみなしました（--corporate-cidr）。",
)


def verdict(case: Case, language: Language) -> str:
    """Say in one sentence what came out."""
    status = case.judgement.status
    count = len(case.judgement.findings) if status == OPEN else len(case.judgement.questions)
    if only_nature(case):
        return ONLY_NATURE.say(language, count=count)
    return VERDICTS[status].say(language, count=count) if status != CLOSED else VERDICTS[status].plain(language)


def only_nature(case: Case) -> bool:
    """Say whether nothing but signatures is missing."""
    found = case.judgement.findings
    return bool(found) and all(one.rule.by_nature for one in found)


def signature(held: Signature, language: Language) -> str:
    """Say what somebody signed for."""
    return BY.say(language, reason=held.reason, by=held.by, signed=held.signed, until=held.until)


def notes(case: Case) -> list[Words]:
    """Give what a reader must know about how it was judged."""
    found = []
    if case.stage is not None and not case.asked_zappa:
        found.append(API_FROM_SETTINGS)
    if case.stage is None and case.world.bounds.corporate is None:
        found.append(NO_CORPORATE)
    return found


def lines(case: Case, language: Language) -> list[str]:
    """Give everything about one judgement."""
    found = case.judgement
    told = [f"{case.name}: {verdict(case, language)}", *(note.plain(language) for note in notes(case))]
    told += _block(FINDINGS, [line for one in found.findings for line in _finding(one, language)], language)
    if any(one.rule.by_nature for one in found.findings):
        told.append(SIGN.plain(language))
    told += _block(QUESTIONS, [f"- {one.place}: {one.what(language)}" for one in found.questions], language)
    told += _block(
        SIGNED,
        [f"- {one.rule.id}: {one.what(language)}\n    {signature(by, language)}" for one, by in found.signed],
        language,
    )
    told += _block(
        EXPIRED, [f"- {one.rule} {one.resource}: {signature(one, language)}" for one in case.expired], language
    )
    told += _block(NATURE, [f"- {one.place}: {one.what(language)}" for one in found.nature], language)
    told += _block(GIVEN, [f"- {one.place}: {one.what(language)}" for one in found.given], language)
    return told


def _block(title: Words, held: list[str], language: Language) -> list[str]:
    return ["", f"{title.plain(language)}:", *held] if held else []


def _finding(one: Finding, language: Language) -> Iterator[str]:
    yield f"- {one.place}: [{one.rule.id}] {one.what(language)}"
    yield f"    {WHY.plain(language)}: {one.rule.why.plain(language)}"
    yield f"    {CHANGE.plain(language)}: {one.rule.change.plain(language)}"


EVERY = Words(
    "{count} combinations of our own options: {closed} closed, {open} not closed, {unknown} cannot be told "
    "({seconds:.1f} s).",
    "自前の選択肢の組み合わせ {count} 通り: 閉じている {closed}、閉じていない {open}、判定できない {unknown}"
    "（{seconds:.1f} 秒）。",
)


def summary(cases: list[Case], seconds: float, language: Language) -> list[str]:
    """Give what came out for many, in so many seconds, and the whole of each that is not closed."""
    counts = {status: sum(case.judgement.status == status for case in cases) for status in (CLOSED, OPEN, CANNOT_TELL)}
    told = [
        EVERY.say(
            language,
            count=len(cases),
            closed=counts[CLOSED],
            open=counts[OPEN],
            unknown=counts[CANNOT_TELL],
            seconds=seconds,
        )
    ]
    for case in cases:
        if case.judgement.status != CLOSED:
            told += ["", *lines(case, language)]
    nature = dict.fromkeys(f"- {one.place}: {one.what(language)}" for case in cases for one in case.judgement.nature)
    given = dict.fromkeys(f"- {one.what(language)}" for case in cases for one in case.judgement.given)
    return [*told, *_block(NATURE, list(nature), language), *_block(GIVEN, list(given), language)]


def document(case: Case) -> dict[str, Any]:
    """Give everything as JSON takes it."""
    found = case.judgement
    return {
        "subject": case.name,
        "status": found.status,
        "verdict": SHORT[found.status].en,
        "findings": [_json(one) for one in found.findings],
        "questions": [
            {"resource": one.resource, "property": one.where, "reason": one.reason, "file": one.file, "line": one.line}
            for one in found.questions
        ],
        "signed": [{**_json(one), "signature": _signature(by)} for one, by in found.signed],
        "expired": [_signature(one) for one in case.expired],
        "nature": [_json(one) for one in found.nature],
        "given": [{"resource": one.resource, "id": one.given, "reason": one.reason} for one in found.given],
    }


def _json(one: Finding) -> dict[str, Any]:
    def both(words: Words) -> dict[str, str]:
        return {"en": words.en, "ja": words.ja}

    return {
        "rule": one.rule.id,
        "resource": one.resource,
        "type": one.type,
        "file": one.file,
        "line": one.line,
        "found": {"en": one.what("en"), "ja": one.what("ja")},
        "why": both(one.rule.why),
        "change": both(one.rule.change),
        "source": one.rule.source,
    }


def _signature(held: Signature) -> dict[str, str]:
    return {
        "name": held.name,
        "rule": held.rule,
        "resource": held.resource,
        "reason": held.reason,
        "by": held.by,
        "signed": held.signed.isoformat(),
        "until": held.until.isoformat(),
    }
