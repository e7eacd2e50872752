"""Family and given names common in Japan: as written, the reading, and in Roman letters as passports have them.

Whoever is named by them is invented.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    written: str
    kana: str
    roman: str


def _read(table: str) -> tuple[Name, ...]:
    words = table.split()
    return tuple(Name(*words[at : at + 3]) for at in range(0, len(words), 3))


FAMILY_NAMES = _read("""
佐藤 サトウ Sato 鈴木 スズキ Suzuki 高橋 タカハシ Takahashi 田中 タナカ Tanaka 伊藤 イトウ Ito
渡辺 ワタナベ Watanabe 山本 ヤマモト Yamamoto 中村 ナカムラ Nakamura 小林 コバヤシ Kobayashi 加藤 カトウ Kato
吉田 ヨシダ Yoshida 山田 ヤマダ Yamada 佐々木 ササキ Sasaki 山口 ヤマグチ Yamaguchi 松本 マツモト Matsumoto
井上 イノウエ Inoue 木村 キムラ Kimura 林 ハヤシ Hayashi 斎藤 サイトウ Saito 清水 シミズ Shimizu
山崎 ヤマザキ Yamazaki 森 モリ Mori 池田 イケダ Ikeda 橋本 ハシモト Hashimoto 阿部 アベ Abe
石川 イシカワ Ishikawa 山下 ヤマシタ Yamashita 中島 ナカジマ Nakajima 石井 イシイ Ishii 小川 オガワ Ogawa
前田 マエダ Maeda 岡田 オカダ Okada 長谷川 ハセガワ Hasegawa 藤田 フジタ Fujita 後藤 ゴトウ Goto
近藤 コンドウ Kondo 村上 ムラカミ Murakami 遠藤 エンドウ Endo 青木 アオキ Aoki 坂本 サカモト Sakamoto
福田 フクダ Fukuda 太田 オオタ Ota 西村 ニシムラ Nishimura 藤井 フジイ Fujii 金子 カネコ Kaneko
岡本 オカモト Okamoto 藤原 フジワラ Fujiwara 中野 ナカノ Nakano 三浦 ミウラ Miura 原田 ハラダ Harada
中川 ナカガワ Nakagawa 松田 マツダ Matsuda 竹内 タケウチ Takeuchi 小野 オノ Ono 田村 タムラ Tamura
中山 ナカヤマ Nakayama 和田 ワダ Wada 石田 イシダ Ishida 森田 モリタ Morita 上田 ウエダ Ueda
原 ハラ Hara 内田 ウチダ Uchida 柴田 シバタ Shibata 酒井 サカイ Sakai 宮崎 ミヤザキ Miyazaki
横山 ヨコヤマ Yokoyama 髙木 タカギ Takagi 安藤 アンドウ Ando 宮本 ミヤモト Miyamoto 大野 オオノ Ono
小島 コジマ Kojima 谷口 タニグチ Taniguchi 今井 イマイ Imai 工藤 クドウ Kudo 高田 タカダ Takada
増田 マスダ Masuda 丸山 マルヤマ Maruyama 杉山 スギヤマ Sugiyama 村田 ムラタ Murata 大塚 オオツカ Otsuka
新井 アライ Arai 小山 コヤマ Koyama 平野 ヒラノ Hirano 藤本 フジモト Fujimoto 河野 コウノ Kono
上野 ウエノ Ueno 武田 タケダ Takeda 野口 ノグチ Noguchi 松井 マツイ Matsui 千葉 チバ Chiba
岩﨑 イワサキ Iwasaki 菅原 スガワラ Sugawara 木下 キノシタ Kinoshita 久保 クボ Kubo 佐野 サノ Sano
""")

GIVEN_NAMES = _read("""
誠 マコト Makoto 浩 ヒロシ Hiroshi 健一 ケンイチ Kenichi 隆 タカシ Takashi 修 オサム Osamu
達也 タツヤ Tatsuya 大輔 ダイスケ Daisuke 健太 ケンタ Kenta 翔太 ショウタ Shota 拓也 タクヤ Takuya
直樹 ナオキ Naoki 和也 カズヤ Kazuya 亮 リョウ Ryo 剛 ツヨシ Tsuyoshi 学 マナブ Manabu
雄一 ユウイチ Yuichi 哲也 テツヤ Tetsuya 洋平 ヨウヘイ Yohei 陽介 ヨウスケ Yosuke 慎一 シンイチ Shinichi
翼 ツバサ Tsubasa 蓮 レン Ren 大翔 ヒロト Hiroto 湊 ミナト Minato 悠真 ユウマ Yuma
樹 イツキ Itsuki 陽翔 ハルト Haruto 朝陽 アサヒ Asahi 蒼 アオイ Aoi 律 リツ Ritsu
正樹 マサキ Masaki 孝之 タカユキ Takayuki 康弘 ヤスヒロ Yasuhiro 幸雄 ユキオ Yukio 茂 シゲル Shigeru
俊介 シュンスケ Shunsuke 圭介 ケイスケ Keisuke 智也 トモヤ Tomoya 貴之 タカユキ Takayuki 優斗 ユウト Yuto
恵子 ケイコ Keiko 久美子 クミコ Kumiko 由美 ユミ Yumi 直美 ナオミ Naomi 智子 トモコ Tomoko
美穂 ミホ Miho 香織 カオリ Kaori 裕子 ユウコ Yuko 真由美 マユミ Mayumi 陽子 ヨウコ Yoko
愛 アイ Ai 彩 アヤ Aya 麻衣 マイ Mai 美咲 ミサキ Misaki 千尋 チヒロ Chihiro
優子 ユウコ Yuko 亜希子 アキコ Akiko 奈々 ナナ Nana 沙織 サオリ Saori 友美 トモミ Tomomi
陽菜 ヒナ Hina 凛 リン Rin 結衣 ユイ Yui 葵 アオイ Aoi 咲良 サクラ Sakura
さくら サクラ Sakura ひかり ヒカリ Hikari あかり アカリ Akari みどり ミドリ Midori かおる カオル Kaoru
詩織 シオリ Shiori 明日香 アスカ Asuka 瞳 ヒトミ Hitomi 恵美 エミ Emi 理恵 リエ Rie
純子 ジュンコ Junko 早紀 サキ Saki 千夏 チナツ Chinatsu 琴音 コトネ Kotone 七海 ナナミ Nanami
""")
