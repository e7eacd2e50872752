"""Every sentence that a run can print, in both languages. They travel in the document: three runners, one wording."""

from deploy.words import Words

SAID: dict[str, Words] = {
    # Verdicts and vantages.
    "proved": Words("proved    ", "確認済み"),
    "refuted": Words("REFUTED   ", "★不適合"),
    "not proved": Words("not proved", "未確認  "),
    "corporate": Words("from the corporate network", "社内ネットワークから"),
    "app": Words("from the functions' subnets", "関数のサブネットから"),
    "db": Words("from the database's subnets", "データベースのサブネットから"),
    "outside": Words("from outside", "社外から"),
    "claim": Words("[no page of AWS says so: this is the evidence]", "［AWS の文書に記載なし: この実行が根拠］"),
    # Around the lines.
    "about": Words(
        "Look at a deployed stage from this host: what must be open, and what must be refused.",
        "配備済みのステージをこのホストから確認します（開いているべきもの、拒否されるべきもの）。",
    ),
    "heading": Words(
        "Stage {stage}, document of {made}, looked at by {here}", "ステージ {stage}（{made} 作成）: {here}"
    ),
    "proxy": Words(
        "{names} is set here and not used: all this lies inside. Browsers must not use it either: their PAC file sends "
        "these names directly.",
        "このホストでは {names} が設定されていますが使いません（すべて社内の通信です）。"
        "ブラウザーもプロキシを通さないよう、PAC ファイルで除外してください。",
    ),
    "summary": Words(
        "{proved} proved, {refuted} refuted, {unproved} not proved.",
        "確認済み {proved} 件、不適合 {refuted} 件、未確認 {unproved} 件。",
    ),
    "nothing_from_stdin": Words(
        "--credentials-from-stdin: two lines were expected, user name and password, and did not come.",
        "--credentials-from-stdin: ユーザー名とパスワードの 2 行が必要ですが、届きませんでした。",
    ),
    "unused_address": Words(
        "--resolve {host}: no check names this host, so the address changes nothing. Copy the name from --json.",
        "--resolve {host}: この名前を使う項目がないため、指定は使われません。--json の出力から名前を写してください。",
    ),
    "interrupted": Words("Interrupted; the lines above stand.", "中断しました。上の結果はそのまま有効です。"),
    "no_ca": Words(
        "--ca {file} cannot be read ({reason}). Name a file of certificates in PEM form.",
        "--ca {file} を読み込めません（{reason}）。PEM 形式の証明書ファイルを指定してください。",
    ),
    # Names and certificates.
    "name_given": Words("{host} was given as {address}, DNS was not asked", "{host} は {address} と指定されました"),
    "name_unknown": Words(
        "{host} is unknown here ({reason}); ask for DNS: some servers drop private answers of public names",
        "{host} を解決できません（{reason}）。DNS がプライベートアドレスの応答を捨てていないか確認してください",
    ),
    "name_public": Words("{host} leads to {addresses}, outside the network", "{host} が社外の {addresses} を指します"),
    "name_private": Words("{host} leads to {addresses}", "{host} は {addresses}"),
    "certificate_bad": Words(
        "the certificate of {host} is refused: {reason}. A company's own authority is named by --ca",
        "{host} の証明書を検証できません: {reason}（社内 CA は --ca で指定します）",
    ),
    "certificate_good": Words(
        "for {names}; by {issuer}; {days} days left", "{names}（発行者 {issuer}、残り {days} 日）"
    ),
    "certificate_ends_soon": Words(
        "for {names}; by {issuer}; ENDS ON {ends}, in {days} days",
        "{names}（発行者 {issuer}）。{ends} に期限切れ（残り {days} 日）",
    ),
    "unreached": Words("no answer from {host}: {reason}", "{host} から応答がありません: {reason}"),
    # Requests.
    "answered": Words("{method} {url} answers {status}", "{method} {url} の応答は {status}"),
    "other_status": Words(
        "{method} {url} answers {status}, not {wanted}", "{method} {url} の応答は {status}（期待値 {wanted}）"
    ),
    "other_header": Words(
        "{method} {url} answers {header}: {found}", "{method} {url} の応答ヘッダーが {header}: {found} です"
    ),
    # The page.
    "files_as_recorded": Words("all {count} files", "{count} ファイルすべて"),
    "files_differ": Words("{count} files differ: {which}", "{count} ファイルが異なります: {which}"),
    "no_file_came": Words("no file of the page came", "画面のファイルを取得できませんでした"),
    "no_record": Words("nobody gave a record of the release", "リリースの記録がありません"),
    "not_every_file_came": Words(
        "only {came} of {count} files came, which are right",
        "{count} ファイル中 {came} だけを取得でき、それらは正常です",
    ),
    "page_not_readable": Words(
        "the page is compressed by brotli and is not the recorded one", "画面が記録と異なり、brotli のため読めません"
    ),
    "policy": Words("connect-src {found}", "connect-src {found}"),
    "other_policy": Words("connect-src {found}, not {wanted}", "connect-src {found}（期待値 {wanted}）"),
    # The journey.
    "done": Words("done, step by step", "すべての手順が成功"),
    "step_failed": Words("{method} {path}: {reason}", "{method} {path}: {reason}"),
    "after_failure": Words("not tried after {line} failed", "{line} が失敗したため未実施"),
    "no_credentials": Words(
        "no account was given. python -m deploy verify STAGE --account makes one for an hour; give it by "
        "CLOISTER_VERIFY_USER and CLOISTER_VERIFY_PASSWORD, or --credentials-from-stdin",
        "アカウントが指定されていません。python -m deploy verify STAGE --account で 1 時間有効なものを作り、"
        "CLOISTER_VERIFY_USER と CLOISTER_VERIFY_PASSWORD か --credentials-from-stdin で渡してください",
    ),
    "sign_in_off": Words("left out (--no-sign-in)", "省略（--no-sign-in）"),
    # Walls.
    "refused": Words("{method} {url} is refused: {status}", "{method} {url} は拒否: {status}"),
    "no_connection": Words("{method} {url} gets no answer: {reason}", "{method} {url} は応答なし: {reason}"),
    "no_such_name": Words("{url}: the name is unknown here ({reason})", "{url}: 名前を解決できません（{reason}）"),
    "let_in": Words("{method} {url} answers {status}", "{method} {url} に {status} が返りました"),
    "let_in_and_undone": Words(
        "{method} {url} answers {status}; taking it back was answered {undone}",
        "{method} {url} に {status} が返りました（取り消しの応答: {undone}）",
    ),
    "strange_answer": Words(
        "{method} {url} answers {status}: neither let in nor refused. Look who answers there",
        "{method} {url} の応答は {status}（許可とも拒否とも言えません。応答元を確認してください）",
    ),
    "not_asked": Words(
        "{method} {url} brought neither an answer nor a refusal ({reason}): that proves nothing. Is the name right, is "
        "DNS there, are the certificates known (--ca), is there time enough (--timeout)?",
        "{method} {url} は応答も拒否も得られませんでした（{reason}）。証拠になりません。名前、DNS、証明書（--ca）、"
        "待ち時間（--timeout）を確認してください",
    ),
    "not_tried": Words(
        "{host}:{port} could not be tried from this host ({reason}): that proves nothing",
        "このホストから {host}:{port} への接続を試せませんでした（{reason}）。証拠になりません",
    ),
    "closed": Words("{host}:{port} takes no connection ({reason})", "{host}:{port} は接続できません（{reason}）"),
    "open": Words("{host}:{port} takes connections", "{host}:{port} に接続できてしまいます"),
    "connected": Words("{host}:{port} takes connections", "{host}:{port} に接続できます"),
    "unknown_here": Words(
        "{host} is unknown here ({reason}); give its address by --resolve",
        "{host} を解決できません（{reason}）。--resolve でアドレスを指定してください",
    ),
    "no_control": Words(
        "nothing is known to be open from here; name something by --control HOST:PORT",
        "ここから接続できる相手が分かりません。--control HOST:PORT で指定してください",
    ),
    "control_failed": Words(
        "{control}, which must be open from here, is not ({reason}): being refused proves nothing",
        "接続できるはずの {control} に接続できません（{reason}）。拒否されても証拠になりません",
    ),
    "no_foreign": Words(
        "name a VPC endpoint for {service} that is not this stage's: --foreign-endpoint HOST",
        "このステージのものではない {service} のエンドポイントを --foreign-endpoint HOST で指定してください",
    ),
    "own_endpoint": Words(
        "{host} is this stage's own endpoint: name another",
        "{host} はこのステージのものです。別のものを指定してください",
    ),
    "other_vantage": Words("run it with {where} there", "{where} を付けて、その場所で実行してください"),
    "broke": Words("this could not be looked at ({reason})", "確認できませんでした（{reason}）"),
    # What a form for Windows cannot do.
    "not_in_this_form": Words("only the Python form can", "Python 版でのみ確認できます"),
}
