"""The report that a reviewer signs: one HTML file without anything to fetch, Japanese and English, with the map."""

import hashlib
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path

from deploy.closedness.cases import Case
from deploy.closedness.findings import Finding
from deploy.closedness.judgement import CANNOT_TELL, CLOSED, OPEN
from deploy.closedness.report_words import STYLE, T
from deploy.closedness.table import GROUPS, RULES
from deploy.closedness.told import SHORT, UNSIGNED, notes, only_nature, signature, verdict
from deploy.words import Language, Words

LANGUAGES: tuple[Language, ...] = ("ja", "en")
ROOT = Path(__file__).parents[2]
COLOURS = {CLOSED: "closed", OPEN: "open", CANNOT_TELL: "unknown"}


def page(case: Case) -> str:
    """Write the whole report."""
    sections = "\n".join(_section(case, language) for language in LANGUAGES)
    return (
        "<!doctype html>\n"
        f'<html lang="ja">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(T['title'].say('ja', name=case.name))}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        '<nav><a href="#ja">日本語</a> <a href="#en" lang="en">English</a></nav>\n'
        f"{sections}\n</body>\n</html>\n"
    )


def _section(case: Case, language: Language) -> str:
    parts = [
        f'<main id="{language}" lang="{language}">',
        f"<h1>{escape(T['title'].say(language, name=case.name))}</h1>",
        *_verdict(case, language),
        *_subject(case, language),
        *_findings(case, language),
        *_map(case, language),
        *_rules(case, language),
        *_files(case, language),
        *_sign(language),
        "</main>",
    ]
    return "\n".join(parts)


def _verdict(case: Case, language: Language) -> Iterator[str]:
    status = case.judgement.status
    waits = only_nature(case)
    kind, short = ("unknown", UNSIGNED) if waits else (COLOURS[status], SHORT[status])
    yield f'<div class="verdict {kind}"><strong>{escape(short.plain(language))}</strong>'
    yield f"<p>{escape(verdict(case, language))}</p></div>"
    for note in notes(case):
        yield f"<p>{escape(note.plain(language))}</p>"


def _subject(case: Case, language: Language) -> Iterator[str]:
    bounds = case.world.bounds
    corporate = ", ".join(map(str, bounds.corporate)) if bounds.corporate else T["unsaid"].plain(language)
    rows = [(T["subject"], case.name), (T["corporate"], corporate)]
    if bounds.destinations:
        rows.append((T["destinations"], ", ".join(map(str, bounds.destinations))))
    if case.day != date.min:
        rows.append((T["day"], case.day.isoformat()))
    rows.append((T["resources"], str(len(case.world.things))))
    yield "<table class=facts>"
    yield from (f"<tr><th>{_say(name, language)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    yield "</table>"
    yield f"<h2>{_say(T['assumptions'], language)}</h2><ul>"
    yield from (f"<li>{_say(words, language)}</li>" for words in T_ASSUMPTIONS)
    yield "</ul>"


T_ASSUMPTIONS = tuple(words for key, words in T.items() if key.startswith("assume"))


def _hash(file: str) -> str:
    """Give the beginning of a file's SHA-256, by which a reader knows what was judged."""
    path = ROOT / file if (ROOT / file).exists() else Path(file)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path.exists() else ""


def _say(words: Words, language: Language) -> str:
    return escape(words.plain(language))


def _findings(case: Case, language: Language) -> Iterator[str]:
    found = case.judgement
    yield f"<h2>{_say(T['findings'], language)}</h2>"
    if not found.findings:
        yield f"<p>{_say(T['none'], language)}</p>"
    for one in found.findings:
        yield from _finding(one, language)
    if found.questions:
        yield f"<h2>{_say(T['questions'], language)}</h2><ul>"
        yield from (
            f"<li>{escape(one.what(language))} <code>{escape(one.place)}</code></li>" for one in found.questions
        )
        yield "</ul>"
    if found.signed or case.expired:
        yield f"<h2>{_say(T['exceptions'], language)}</h2><ul>"
        for one, by in found.signed:
            yield f"<li>{escape(one.what(language))}<br>{escape(signature(by, language))}</li>"
        for held in case.expired:
            text = f"{held.rule} {held.resource}: {signature(held, language)}"
            yield f"<li><s>{escape(text)}</s> {_say(T['expired'], language)}</li>"
        yield "</ul>"
    if found.nature:
        yield f"<h2>{_say(T['nature'], language)}</h2>"
        for one in found.nature:
            yield from _finding(one, language)
    if found.given:
        yield f"<h2>{_say(T['given'], language)}</h2><ul>"
        yield from (f"<li>{escape(one.what(language))}</li>" for one in found.given)
        yield "</ul>"


def _finding(one: Finding, language: Language) -> Iterator[str]:
    rule = one.rule
    yield "<article>"
    yield f"<h3>{_say(rule.title, language)} <code>{rule.id}</code></h3>"
    yield f"<p>{escape(one.what(language))}<br><code>{escape(one.place)}</code></p>"
    yield f"<dl><dt>{_say(T['why'], language)}</dt><dd>{_say(rule.why, language)}</dd>"
    yield f"<dt>{_say(T['change'], language)}</dt><dd>{_say(rule.change, language)}</dd>"
    yield f"<dt>{_say(T['source'], language)}</dt><dd lang=en>{escape(rule.source)}</dd></dl></article>"


def _map(case: Case, language: Language) -> Iterator[str]:
    if case.stage is None:
        return
    from deploy.map import draw, picture

    drawn = draw.svg(picture.picture(case.stage), language)
    # Two pictures in one page: their markers must not share a name.
    drawn = drawn.replace('id="', f'id="{language}-').replace("url(#", f"url(#{language}-")
    yield f"<h2>{_say(T['map'], language)}</h2><figure>{drawn}</figure>"


def _rules(case: Case, language: Language) -> Iterator[str]:
    found = case.judgement
    counted: dict[str, int] = {}
    for one in (*found.findings, *found.nature, *(held for held, _ in found.signed)):
        counted[one.rule.id] = counted.get(one.rule.id, 0) + 1
    yield f"<h2>{_say(T['rules'], language)}</h2>"
    yield f"<p>{_say(T['rules_note'], language)}</p><table class=rules>"
    for group, title in GROUPS.items():
        yield f'<tr><th colspan="3" scope="colgroup">{_say(title, language)}</th></tr>'
        for rule in RULES.values():
            if rule.group == group:
                count = counted.get(rule.id, 0)
                shown = T["ok"].plain(language) if not count else T["count"].say(language, count=count)
                kind = "ok" if not count else "bad"
                yield f"<tr><td>{_say(rule.title, language)}</td><td><code>{rule.id}</code></td>"
                yield f'<td class="{kind}">{escape(shown)}</td></tr>'
    yield "</table>"


def _files(case: Case, language: Language) -> Iterator[str]:
    yield f"<h2>{_say(T['files'], language)}</h2><table>"
    yield from (f"<tr><td>{escape(file)}</td><td><code>{_hash(file)}</code></td></tr>" for file in case.files)
    yield "</table>"


def _sign(language: Language) -> Iterator[str]:
    yield f"<h2>{_say(T['signature'], language)}</h2>"
    yield f"<p>{_say(T['signature_note'], language)}</p>"
    cells = "".join(f"<td><span>{_say(T[key], language)}</span></td>" for key in ("reviewer", "post", "date", "seal"))
    yield f'<table class="sign"><tr>{cells}</tr></table>'
