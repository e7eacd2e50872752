"""Reasons why something cannot be told, in the reader's language: they come from the template reader in English."""

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
    (r"it is a nested stack, .*", "入れ子のスタックで、その中身は読めません（--template で加えてください）"),
    (r"it is a custom resource: .*", "カスタムリソースで、作る側のコードは読めません"),
    (r"it is a module, .*", "モジュールで、その中身は読めません"),
    (r"it runs the macro (\S+), .*", r"マクロ \1 の結果は分かりません"),
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
    (r"Fn::\S+ makes resources that are not known", "繰り返しや変換で作られるリソースは分かりません"),
    (r"whose (\S+) is", r"\1 が誰のものか分かりません"),
    (r"who account (\d+) is", r"アカウント \1 が誰のものか分かりません"),
    (r"who belongs to the organisation", "組織に誰が属するか分かりません"),
    (r"who the (\S+) principal is", r"\1 のプリンシパルが誰か分かりません"),
    (r"it calls addresses that are written there", "書かれているアドレスへ接続します"),
    (r"its methods stand where they are not read here", "API のメソッドの定義は読めない場所にあります"),
    (r"it names its principal outside a statement", "プリンシパルがステートメントの外に書かれています"),
    (r"(\S+): the (\S+) principal is not known", r"ステートメント \1: \2 のプリンシパルが誰か分かりません"),
    (r"(\S+): whether the request has the key (\S+)", r"ステートメント \1: 要求に \2 が含まれるか分かりません"),
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
)


def told(reason: str, language: Language) -> str:
    """Give a reason in a language; one without a translation stays as it is."""
    if language == "en":
        return reason
    for pattern, japanese in _JAPANESE:
        found = re.fullmatch(pattern, reason)
        if found:
            return found.expand(japanese)
    return reason
