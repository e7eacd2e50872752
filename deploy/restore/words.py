"""What `restore` and `restore-check` say."""

from deploy.words import Words

NO_MOMENT = Words(
    "--to {value} is not a moment with its zone. Write it as 2026-11-22T09:00:00+09:00.",
    "--to {value} は時差付きの日時ではありません。2026-11-22T09:00:00+09:00 のように指定してください。",
)
FUTURE = Words(
    "--to {value} is later than now ({now}). Name a moment of the past.",
    "--to {value} は現在（{now}）より後です。過去の日時を指定してください。",
)
NO_DATABASE = Words(
    "There is no database {prefix}. First: python -m deploy up {name}",
    "データベース {prefix} がありません。先に python -m deploy up {name} を実行してください。",
)
OTHER_BEGUN = Words(
    "A restore to {to} has begun and is not finished; users are kept out until it is. Finish it first: "
    "python -m deploy restore {name} --to {to}",
    "{to} への復元が途中です。完了するまで利用者は使えません。先に完了してください: "
    "python -m deploy restore {name} --to {to}",
)
ASK = Words(
    "Everything that people did in {name} after {to} goes from sight, and users are kept out for about half an hour. "
    "The database of now is kept as {old}. Type yes: ",
    "{name} で {to} より後に行われた操作は見えなくなり、約 30 分間は利用できません。現在のデータベースは {old} として"
    "残ります。yes と入力してください: ",
)
STEPS = (
    Words("Keep users and timers out", "利用者と定期処理を止める"),
    Words("Make a database as it was at {to}", "{to} の時点のデータベースを作る"),
    Words("Put it in the place of the other", "データベースを入れ替える"),
    Words("Let the roles sign in to it", "ロールがサインインできるようにする"),
    Words("Renew the passwords", "パスワードを更新する"),
    Words("Bring its tables up to date", "表を最新にする"),
    Words(
        "Fence what may have been delivered, skip numbers, record it",
        "送信済みの可能性がある連携を止め、番号を進め、記録する",
    ),
    Words("Verify the audit trail", "監査記録を検証する"),
    Words("Let users and timers in", "利用者と定期処理を再開する"),
)
LAST_TICK = Words(
    "The last timer run did not succeed ({error}); what it would have kept of the audit trail is not known.",
    "最後の定期処理は成功しませんでした（{error}）。その分の監査記録の末尾は保管されていません。",
)
GIVEN_ROLES = Words(
    "The roles are the company's own. Their policies must name the new resource id {id} in rds-db:connect before this "
    "can go on.",
    "ロールは会社が用意したものです。続ける前に、"
    "rds-db:connect のポリシーに新しいリソース ID {id} を指定してください。",
)
THERE = Words("Done already.", "実施済みです。")
DONE = Words(
    "{name} is as it was at {to}, in {minutes:.1f} minutes. The database of before is kept as {old} and costs money "
    "until you remove it: {removal}. What waits for a decision is on the page, under deliveries.",
    "{name} は {to} の時点に戻りました（{minutes:.1f} 分）。以前のデータベースは {old} として残っており、削除するまで"
    "料金がかかります: {removal}。判断を待つ連携は、画面の「外部への連携」にあります。",
)
LEFT = Words("{copy} is left of an earlier check; removing it.", "以前の確認で残った {copy} を削除します。")
COPYING = Words("Making {copy} as {source} was at {at} ...", "{source} の {at} 時点の複製 {copy} を作成しています...")
COPIED = Words("It answers after {minutes:.1f} minutes.", "{minutes:.1f} 分で使えるようになりました。")
REMOVED = Words("{copy} is removed.", "{copy} を削除しました。")
CHECKED = Words(
    "A restore of {name} works: {minutes:.1f} minutes until the data answered, {all:.1f} in all.",
    "{name} の復元を確認しました。データが使えるまで {minutes:.1f} 分、全体で {all:.1f} 分です。",
)
