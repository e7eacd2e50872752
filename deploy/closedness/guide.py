"""docs/closedness.md: every rule, from the table."""

from deploy.closedness.table import GROUPS, RULES
from deploy.words import Language, Words

TITLE = Words("What `prove` asks", "prove が調べること")
OTHER = Words("日本語: [closedness.ja.md](closedness.ja.md)", "English: [closedness.md](closedness.md)")
MADE = Words(
    "Made by `python -m deploy documents` from `deploy/closedness/rules.toml`. "
    "`python -m deploy prove` judges a stage, anybody's templates, or an inventory of a VPC by these rules, without\n"
    "asking AWS. Exit status: 0 closed, 1 findings, 2 cannot tell. The report of the example stage:\n"
    "[closedness-poc.html](closedness-poc.html). What other scanners say of the same holes:\n"
    "[closedness-compared.md](closedness-compared.md).",
    "`python -m deploy documents` が `deploy/closedness/rules.toml` から作成しています。`python -m deploy prove` は、\n"
    "ステージ・任意のテンプレート・VPC の棚卸しを、AWS に問い合わせずにこの規則で判定します。終了コードは、\n"
    "0 が閉じている、1 が指摘あり、2 が判定できない、です。"
    "例のステージの報告書: [closedness-poc.html](closedness-poc.html)。ほかの検査ツールとの比較:\n"
    "[closedness-compared.md](closedness-compared.md)",
)
HEAD = Words("| rule | looks for | why | what to change | AWS's page |", "| 規則 | 内容 | 理由 | 対処 | AWS の資料 |")
NATURE = Words(
    "These remain in every such network. For a stage they are findings, unless its file carries an exception "
    "(`[exceptions.NAME]`,\n[stage.md](stage.md)) with a reason, a name and an end; without a stage they are listed "
    "apart.",
    "どの閉域ネットワークにも残るものです。ステージでは、理由・責任者・期限を書いた例外（`[exceptions.名前]`、\n"
    "[stage.md](stage.md)）がない限り指摘になります。ステージを指定しない場合は別に示します。",
)
UNKNOWN = Words(
    "What is not known counts for nobody: an unknown type, a macro, a nested stack, a custom resource, an import or a "
    'parameter\nwithout a value that a rule needs makes the answer "cannot tell", by name.',
    "分からないことは合格に数えません。未対応の種別、マクロ、入れ子のスタック、カスタムリソース、ほかのスタックの出力、\n"
    "値のないパラメーターが規則に関わる場合は、名前を挙げて「判定できない」とします。",
)


def document(language: Language) -> str:
    """Write the document."""
    lines = [f"# {TITLE.plain(language)}", OTHER.plain(language), "", MADE.plain(language), "", UNKNOWN.plain(language)]
    for group, title in GROUPS.items():
        lines += ["", f"## {title.plain(language)}", ""]
        if group == "nature":
            lines += [NATURE.plain(language), ""]
        lines += [HEAD.plain(language), "|---|---|---|---|---|"]
        for rule in RULES.values():
            if rule.group == group:
                told = (rule.title, rule.why, rule.change)
                cells = " | ".join(words.plain(language) for words in told)
                lines.append(f"| `{rule.id}` | {cells} | {rule.source} |")
    return "\n".join(lines) + "\n"
