"""Words and style of the report."""

from deploy.words import Words

T: dict[str, Words] = {
    "title": Words("Is the network of {name} closed?", "{name} のネットワークは閉じているか"),
    "subject": Words("Judged", "判定の対象"),
    "corporate": Words("The company's ranges", "社内の範囲"),
    "destinations": Words("Declared destinations", "宣言した接続先"),
    "unsaid": Words("not said", "指定なし"),
    "day": Words("Day", "判定日"),
    "resources": Words("Resources looked at", "調べたリソース数"),
    "files": Words("Files that were read, with their SHA-256", "読んだファイルと SHA-256"),
    "assumptions": Words("What the answer rests on", "この判定の前提"),
    "assume-deployed": Words(
        "What is deployed is what these files say. After a change by hand, python -m deploy stacks STAGE --drift "
        "tells the difference.",
        "実際に配備されたものが、これらのファイルのとおりであること。手作業の変更は "
        "python -m deploy stacks STAGE --drift で分かります。",
    ),
    "assume-aws": Words(
        "AWS does what its documentation says: nothing here asked AWS.",
        "AWS が文書のとおりに動くこと。ここでは AWS に問い合わせていません。",
    ),
    "assume-company": Words(
        "The company's side of the link is the company's own matter: what its networks reach is not seen here.",
        "接続の社内側は対象外であること。社内ネットワークがどこへ出られるかは、ここからは見えません。",
    ),
    "assume-account": Words(
        "Nobody with rights of their own in the account opens the network elsewhere; service control policies are not "
        "seen.",
        "アカウント内の権限を持つ人が、別の場所でネットワークを開かないこと。サービスコントロールポリシーは見ていません。",
    ),
    "findings": Words("Findings", "指摘"),
    "none": Words("None.", "ありません。"),
    "questions": Words("What cannot be told", "判定できないこと"),
    "exceptions": Words("Exceptions", "例外"),
    "expired": Words("(does not hold today)", "（本日は有効期間外）"),
    "nature": Words("Open by nature", "性質上開いたまま残るもの"),
    "given": Words("Made by others; only an inventory can tell", "ほかの人が作ったもの（棚卸しで確認）"),
    "why": Words("Why it matters", "なぜ問題か"),
    "change": Words("What to change", "どう直すか"),
    "source": Words("AWS's page", "AWS の資料"),
    "map": Words("The network", "ネットワーク図"),
    "rules": Words("Every rule that was asked", "調べた規則の一覧"),
    "rules_note": Words(
        "docs/closedness.md explains each. What cannot be told is named above and never counts as passed.",
        "各規則の説明は docs/closedness.ja.md にあります。判定できないことは上に示し、合格とは数えません。",
    ),
    "ok": Words("nothing found", "指摘なし"),
    "count": Words("{count} found", "{count} 件"),
    "signature": Words("Signature", "署名"),
    "signature_note": Words(
        "I have read the findings, what cannot be told, and the exceptions.",
        "指摘、判定できないこと、例外の内容を確認しました。",
    ),
    "reviewer": Words("Name", "氏名"),
    "post": Words("Department, post", "部署・役職"),
    "date": Words("Date", "日付"),
    "seal": Words("Signature or seal", "署名または印"),
}

STYLE = """
:root{color-scheme:light}
*{box-sizing:border-box}
body{margin:0;background:#fff;color:#1a1a1a;line-height:1.7;overflow-wrap:break-word;
font-family:"Noto Sans JP","Hiragino Sans","Yu Gothic UI",Meiryo,system-ui,sans-serif;line-break:strict}
nav{padding:12px 24px;background:#f2f2f2}
nav a{display:inline-block;min-height:44px;padding:8px 16px;color:#0017c1}
a:focus-visible{outline:4px solid #000;outline-offset:2px;box-shadow:0 0 0 2px #ffd43d}
main{max-width:1120px;margin:0 auto;padding:24px}
main+main{border-top:8px solid #f2f2f2}
[lang=en]{line-height:1.5}
h1{font-size:28px;line-height:1.4}h2{font-size:22px;margin-top:48px}h3{font-size:18px;margin:0}
.verdict{border:2px solid;border-left-width:16px;border-radius:8px;padding:16px 24px;margin:24px 0}
.verdict strong{display:block;font-size:24px}.verdict strong::first-letter{text-transform:uppercase}
.verdict p{margin:4px 0 0;color:#1a1a1a}
.closed{border-color:#197a4b;color:#197a4b;background:#e6f5ec}
.open{border-color:#ce0000;color:#ce0000;background:#fdeeee}
.unknown{border-color:#927200;color:#6e5600;background:#fbf5e0}
table{border-collapse:collapse;width:100%;margin:16px 0}
td,th{border-bottom:1px solid #d9d9d9;padding:8px 12px;text-align:left;vertical-align:top;font-weight:400}
th[colspan]{font-weight:700;padding-top:24px}
.facts th{width:12em;color:#595959}
code{font:400 .9em/1.5 ui-monospace,Consolas,"Noto Sans Mono",monospace;color:#333;overflow-wrap:anywhere}
h3 code{white-space:nowrap}.rules code{overflow-wrap:normal}
.ok,.bad{width:8em;white-space:nowrap}.ok{color:#197a4b}.bad{color:#ce0000;font-weight:700}
article{border:1px solid #949494;border-radius:8px;padding:16px 24px;margin:16px 0;break-inside:avoid}
dl{margin:0}dt{color:#595959;font-size:.9em}dd{margin:0 0 8px}
figure{margin:16px 0;overflow-x:auto}figure svg{width:100%;height:auto;min-width:720px}
.sign td{height:96px;width:25%;border:1px solid #949494}.sign span{color:#595959;font-size:.9em}
@media(max-width:640px){main{padding:16px}h1{font-size:24px}article{padding:16px}td,th{padding:8px}.facts th{width:8em}
.ok,.bad{width:auto;white-space:normal}}
@media print{nav{display:none}main+main{break-before:page;border:0}}
"""
