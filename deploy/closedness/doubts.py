"""Reasons why something cannot be told, in the reader's language: they come in English from whatever met them."""

import re

from deploy.words import Language

_JAPANESE = (
    (
        r"parameter (\S+) of (\S+) has no value",
        r"\2 のパラメーター \1 に値がありません（--parameter \1=値 で渡せます）",
    ),
    (
        r"parameter (\S+) of (\S+) is read from Systems Manager",
        r"\2 のパラメーター \1 は Systems Manager から読まれます",
    ),
    (r"the export (\S*) of another stack is not known here", r"別スタックの出力 \1 が分かりません"),
    (r"condition (\S+) .*", r"条件 \1 を判定できません"),
    (r"(\S+) is known only to AWS", r"\1 は AWS にしか分かりません"),
    (r"part of it is known only to AWS", "一部が AWS にしか分かりません"),
    (r"the zones of the region are known only to AWS", "リージョンのゾーンは AWS にしか分かりません"),
    (
        r"(\S+) is not among what is judged here",
        r"\1 は判定の対象に含まれていません（--template や --inventory で加えられます）",
    ),
    (r"the type (\S+) is not known here", r"種別 \1 には対応していません"),
    (
        r"it is a nested stack, .*",
        "入れ子のスタックで、その中身は読みません（中身のテンプレートは別に判定してください）",
    ),
    (r"it is a custom resource: .*", "カスタムリソースで、作る側のコードは読めません"),
    (r"it is a module, .*", "モジュールで、その中身は読めません"),
    (r"it runs the macro (.+), whose result .*", r"マクロ \1 の結果は分かりません"),
    (r"it stands in the account's default VPC", "アカウントのデフォルト VPC に置かれます"),
    (
        r"it takes the VPC's default security group, .*",
        "VPC のデフォルトセキュリティグループ（送信はすべて許可）が使われます",
    ),
    (r"whether its zone is public is not known", "そのゾーンが公開かどうか分かりません"),
    (r"it passes requests on to a web address", "要求を Web のアドレスへ渡します"),
    (r"it is not written as CloudFormation takes it \((.*)\)", r"CloudFormation の書き方になっていません（\1）"),
    (r"its policy stands in its OpenAPI document", "ポリシーが OpenAPI 文書の中にあり、ここでは読みません"),
    (r"it could not be read: (.*)", r"読み取れませんでした（\1）"),
    (r"part of it comes from a macro or function .*", "一部がマクロなどで作られ、ここでは計算できません"),
    (r"\S+ makes resources that are not known", "繰り返しや変換で作られるリソースは分かりません"),
    (r"whose (\S+) is", r"\1 が誰のものか分かりません"),
    (r"who account (\d+) is", r"アカウント \1 が誰のものか分かりません"),
    (r"who belongs to the organisation", "組織に誰が属するか分かりません"),
    (r"who the (\S+) principal is", r"\1 のプリンシパルが誰か分かりません"),
    (r"it calls addresses that are written there", "書かれているアドレスへ接続します"),
    (r"its methods stand where they are not read here", "API のメソッドの定義は読めない場所にあります"),
    (r"it names its principal outside a statement", "プリンシパルがステートメントの外に書かれています"),
    (r"it carries a policy that no rule reads", "どの規則も読まないポリシーが書かれています"),
    (r"it is read from elsewhere as AWS deploys .*", "配置のときに AWS が別の場所から読む値です（動的参照）"),
    (r"it runs on machines outside AWS", "AWS の外のマシンで動きます"),
    (r"it shares the network of whatever machine it runs on", "実行先のマシンのネットワークをそのまま使います"),
    (r"who reaches it through VPC Lattice", "VPC Lattice を通じて誰が届くか分かりません"),
    (r"who may do what with its copy in another region", "別リージョンの複製を誰が扱えるか分かりません"),
    (r"to whom it sends e-mail", "メールの宛先が分かりません（SES はインターネット上の誰にでも送ります）"),
    (r"(\S+) is wider than a VPC can be", r"\1 は VPC が持てる範囲より広いアドレス範囲です"),
    (r"what (\S+) on everything could open", r"\1 をすべてに対して許すと何が開くか分かりません"),
    (r"who reaches it through endpoints of their own", "他者のエンドポイントから誰が届くか分かりません"),
    (r"whom its names are delegated to", "名前解決がどこへ委任されるか分かりません"),
    (r"who holds its keys", "キーを誰が持つか分かりません"),
    (r"where its global database is copied to", "グローバルデータベースの複製先が分かりません"),
    (
        r"a function stands there beside other keys, .*",
        "関数が別のキーと並んでいて、CloudFormation の書き方ではありません",
    ),
    (r"the export (\S+) is given twice", r"出力 \1 が二つのテンプレートで定義されています"),
    (r"(\S+): (\S+) is neither a parameter nor a resource", r"\1: \2 はパラメーターでもリソースでもありません"),
    (r"(\S+): (\S+) is not a resource", r"\1: \2 はリソースではありません"),
    (r"(\S+): Fn::(\S+) is not computed here", r"\1: Fn::\2 はここでは計算できません"),
    (r"(\S+): Fn::(\S+) cannot be computed: (.*)", r"\1: Fn::\2 を計算できません（\3）"),
    (r"(\S+) is not an address range", r"\1 はアドレス範囲ではありません"),
    (r"where its connector stands", "VPC コネクターの場所が分かりません"),
    (r"(\S+) is neither true nor false", r"\1 は true でも false でもありません"),
    (r"compares values that exist only once resources are made", "作成後にしか決まらない値を比べています"),
    (r"(\S+): (\S+) is not made under these parameters", r"\1: この条件では \2 は作られません"),
    (r"Fn::(\w+) (?:of|from) .*", r"Fn::\1 に渡す値が分かりません"),
    (r"(\S+) does not hold (\S+) such ranges", r"\1 からその大きさの範囲は \2 個とれません"),
    (r"(.+) cannot be part of a text", r"\1 は文字列の一部にできません"),
    (r"its destination or target is not known", "宛先か転送先が分かりません"),
    (r"(\S+) is no gateway that is known here", r"\1 が何のゲートウェイか分かりません"),
    (r"it names no range, group or list", "アドレス範囲もグループもリストも書かれていません"),
    (r"(\S+) is no port", r"\1 はポート番号ではありません"),
    (
        r"who signs in at the identity provider that it trusts",
        "信頼する ID プロバイダーで誰がサインインするか分かりません",
    ),
)

_OF_POLICIES = (
    (r"statement (\d+) is not known", r"ステートメント \1 が分かりません"),
    (r"the policy's version (.+) is not known", r"ポリシーのバージョン \1 には対応していません"),
    (r"whether the request has the key (\S+)", r"要求に \1 が含まれるか分かりません"),
    (r"whether administrators may still change the policy", "管理者がポリシーを直せるか分かりません"),
    (r"whether it asks for TLS", "TLS を求めるか分かりません"),
    (r"whether (\S+) is (\S+)", r"\1 が \2 に当たるか分かりません"),
    (r"the action (.+) names no service", r"アクション \1 にサービス名がありません"),
    (r"an action is not known", "アクションの一部が分かりません"),
    (r"exactly one of (\S+) and (\S+) is needed", r"\1 と \2 のどちらか一方だけが必要です"),
    (r"the Condition is not known", "Condition が分かりません"),
    (r"the Condition (\S+) is not known", r"Condition の \1 が分かりません"),
    (r"the Principal is not known", "Principal が分かりません"),
    (r"the (\S+) principal is not known", r"\1 のプリンシパルが誰か分かりません"),
    (r"the principal (.+) is neither an ARN nor an account", r"プリンシパル \1 は ARN でもアカウントでもありません"),
    (r"a policy of an identity names a principal", "ロールなどに付けるポリシーに Principal が書かれています"),
    (r"NotResource (.+) names a variable .*", r"NotResource \1 の変数は、要求に含まれません"),
    (r"the condition operator (\S+) is not evaluated here", r"条件演算子 \1 には対応していません"),
    (
        r"(\S+) without ForAllValues or .* with (\d+) values",
        r"\1 の相手に値が \2 個あります（ForAllValues などが必要）",
    ),
    (r"(\S+) compares with a variable that the request does not have", r"\1 の変数は、要求に含まれません"),
    (r"Null compares with (.*)", r"Null の値 \1 は true でも false でもありません"),
    (r"(\S+) compares (.*) with (.*)", r"\1 で \2 と \3 を比べた結果が分かりません"),
    (r"its conditions on what the caller chooses are too many", "呼び出し側が選べる条件の組み合わせが多すぎます"),
    (r"Effect is (.+)", r"Effect が \1 です"),
    (r"its policy", "ポリシーが分かりません"),
    (r"it is no policy in JSON", "JSON のポリシーとして読めません"),
    (r"it is no policy", "ポリシーではありません"),
    (r"(.+) is not known here", r"\1 には対応していません"),
)
_STATEMENT = re.compile(r"statement (.+?): (.*)")
"""A doubt about one statement, by its Sid or its place."""

_OF_TEMPLATES = (
    (r"cannot be read: (.*)", r"読み取れません（\1）"),
    (r"not readable as YAML or JSON: (.*)", r"YAML としても JSON としても読めません（\1）"),
    (r"a template is a mapping with Resources; .*", "Resources を持つテンプレートではありません"),
    (r"Resources is missing or empty: .*", "Resources がないか空で、CloudFormation のテンプレートではありません"),
    (r"it is nested more than (\d+) levels deep, .*", r"入れ子が \1 段を超えているため読みません"),
    (r"it holds more than (\d+) values, .*", r"値が \1 個を超えているため読みません（エイリアスは使うたびに数えます）"),
    (r"an alias contains itself", "エイリアスが自分自身を含んでいます"),
    (r"a key must be plain text", "キーは文字列にしてください"),
    (
        r"CloudFormation does not merge keys \(<<\); .*",
        "CloudFormation は << に対応していません。展開して書いてください",
    ),
    (r"(.+) is given twice; remove one of them", r"\1 が二度書かれています。一方を削除してください"),
    (r"the (\S+) of (\S+) must be a mapping", r"\2 の \1 はキーと値の組で書いてください"),
    (r"the (\S+) of (\S+) must be a name", r"\2 の \1 は名前で書いてください"),
    (r"(.+) must be a mapping", r"\1 はキーと値の組で書いてください"),
    (r"(?:parameter|resource) (\S+) needs a Type", r"\1 に Type がありません"),
)


def told(reason: str, language: Language) -> str:
    """Give a reason in a language; one without a translation stays as it is."""
    if language == "en":
        return reason
    of_one = _STATEMENT.fullmatch(reason)
    if of_one:
        return f"ステートメント {of_one[1]}: {told(of_one[2], language)}"
    for pattern, japanese in (*_JAPANESE, *_OF_POLICIES, *_OF_TEMPLATES):
        found = re.fullmatch(pattern, reason)
        if found:
            return found.expand(japanese)
    return reason
