"""docs/verify.md and docs/verify.ja.md: every check, what it proves and from where; made from the table itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deploy import application
from deploy.verify.place import Place
from deploy.verify.table import checks
from deploy.verify.words import SAID
from deploy.words import Language, Words

HEAD = Words(
    """# What `verify` proves, and from where

日本語: [verify.ja.md](verify.ja.md). Made by `python -m deploy documents` from `deploy/verify/`.

    python -m deploy verify STAGE                    look from here, signed in to AWS
    python -m deploy verify STAGE --write look.py    one file for any host with Python 3.9 or later
    python -m deploy verify STAGE --write look.ps1   the same for Windows PowerShell 5.1; nobody has run it yet
    python -m deploy verify STAGE --account          an account for such a file, for an hour

Nothing is asked through a proxy. `--from app`, `db` and `outside` say that this host stands elsewhere than in the
corporate network; what another place could prove is listed as not proved. A refusal counts only where something of
the kind is let in at the same time: through our own door, or what `--control HOST:PORT` names; and only where somebody
refused. A silent name server, a certificate that is not known here, a late answer, a redirection are *not proved*.
`--foreign-endpoint HOST` names a VPC endpoint that is not the stage's, `--ca FILE` the company's certificates;
`--resolve HOST:ADDRESS` replaces DNS, `--timeout SECONDS` (5) is for slow lines, `--no-sign-in` leaves the person out,
`--json` prints one document.

Exit code 0: all that can be seen from here is proved. 1: something is refuted. 2: something could not be looked at.

The person who signs in is an account of its own department that asks nobody for anything. Whoever is signed in to
AWS has it made and removed; its files and drafts go with it, and a timer removes it after an hour in any case. Of what
it did the audit trail keeps ids and digests. A written file holds no secret: it takes the account from
CLOISTER_VERIFY_USER and CLOISTER_VERIFY_PASSWORD, or with `--credentials-from-stdin` as two lines.

`*`: no page of AWS says so; the first run on AWS is the evidence.

| check | proves | from |
|---|---|---|
""",
    """# `verify` が確認することと、確認できる場所

English: [verify.md](verify.md)。`deploy/verify/` から `python -m deploy documents` で作成しています。

    python -m deploy verify STAGE                    このホストから確認（AWS にサインイン済みの場合）
    python -m deploy verify STAGE --write look.py    Python 3.9 以降だけで動く 1 つのファイル
    python -m deploy verify STAGE --write look.ps1   Windows PowerShell 5.1 用（実機では未検証）
    python -m deploy verify STAGE --account          そのファイルで使う 1 時間有効なアカウント

プロキシは一切使いません。社内ネットワーク以外から実行するときは `--from app`、`db`、`outside` で場所を伝えます。
別の場所でしか確認できない項目は「未確認」として一覧に残ります。拒否の確認は、許可されるはずの接続が同時に成功
した場合に限り有効です（自分の入口、または `--control HOST:PORT` で指定した相手）。名前の問い合わせに答えがない、
証明書がこのホストで信頼されていない、応答が遅い、転送されただけ、という場合は「未確認」です。
`--foreign-endpoint HOST` は、このステージのものではない VPC エンドポイントの指定、`--ca FILE` は社内 CA の証明書、
`--resolve HOST:ADDRESS` は DNS の代わり、`--timeout SECONDS`（5）は遅い回線用、
`--no-sign-in` はサインインの省略、`--json` は JSON での出力です。

終了コード 0: ここから見えるものはすべて確認済み。1: 不適合あり。2: 確認できなかった項目あり。

サインインするのは、専用の部署に属し、誰にも承認を求めないアカウントです。作成と削除は、AWS にサインインしている人が
行います。下書きと添付ファイルも一緒に削除され、削除し忘れても 1 時間後にタイマーが削除します。監査記録には ID と
ダイジェストだけが残ります。書き出したファイルに秘密情報は含まれません。アカウントは CLOISTER_VERIFY_USER と
CLOISTER_VERIFY_PASSWORD、または `--credentials-from-stdin`（2 行）で渡します。

`*`: AWS の文書に記載がなく、最初の実行が根拠になる項目です。

| 項目 | 確認すること | 確認できる場所 |
|---|---|---|
""",
)


OTHERS = Words(
    """
Where page and API are one origin (`door = "load-balancer"` or `"api"`), their name is looked at once, nothing needs
CORS between them, and these lines are added; `wall.other-name` with a load balancer only.

| line | what it proves | where |
|---|---|---|
""",
    """
画面と API が同じオリジンの場合（`door = "load-balancer"` または `"api"`）、名前の確認は一度で、CORS は不要です。
代わりに次の項目が加わります（`wall.other-name` はロードバランサーの場合だけ）。

| 項目 | 確認すること | 確認できる場所 |
|---|---|---|
""",
)


def document(language: Language) -> str:
    """Return the page in one language."""
    facts = application.read()
    example = Place(
        stage="poc",
        region="ap-northeast-1",
        page="https://page.example",
        bucket="page",
        api="https://api.example/poc",
        api_id="api",
        files="https://files.example",
        files_bucket="files",
        database="database.example:5432",
        private_dns=False,
        functions_call_endpoints=False,
        recorded={"index.html": {"encoding": "br"}},
        acceptance=facts["acceptance"],
        journey=facts["journey"],
    )
    known = checks(example)
    ids = {check["id"] for check in known}
    one_origin = replace(
        example,
        door="load-balancer",
        page="https://ringi.example",
        api="https://ringi.example",
        api_id="",
        balancer="internal-ringi.elb.example",
        bucket_origin="https://page.example",
        headers={"x-frame-options": "DENY"},
    )
    added = [check for check in checks(one_origin) if check["id"] not in ids]
    return HEAD.plain(language) + _rows(known, language) + OTHERS.plain(language) + _rows(added, language)


def _rows(known: Sequence[Mapping[str, Any]], language: Language) -> str:
    rows = []
    for check in known:
        places = ", ".join(_place(vantage, language) for vantage in check["from"])
        mark = " `*`" if check["claim"] else ""
        rows.append(f"| `{check['id']}` | {check['proves'][language]}{mark} | {places} |\n")
    return "".join(rows)


def _place(vantage: str, language: Language) -> str:
    said = SAID[vantage].plain(language)
    return said.removeprefix("from ").removesuffix("から")
