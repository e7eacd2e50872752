"""Fold Japanese and Latin text so that a search finds what a person means, however it was typed.

Full-width and half-width forms meet by NFKC (Unicode Standard Annex 15), hiragana meets katakana, capitals
meet small letters, and the variants of characters that NFKC leaves apart but people use for one another in
names (髙橋 and 高橋) meet by `NAME_VARIANTS`.
"""

from __future__ import annotations

import unicodedata

# Old and regional shapes of characters common in family names -> the shape most people type.
_OLD = "髙﨑嵜濱濵邊邉齋齊斎德𠮷淸槗嶋嶌澤廣櫻國惠眞藪條瀨龍"
_NEW = "高崎崎浜浜辺辺斉斉斉徳吉清橋島島沢広桜国恵真薮条瀬竜"
NAME_VARIANTS = dict(zip(_OLD, _NEW, strict=True))

# U+3041..U+3096 (hiragana) and U+30A1..U+30F6 (katakana) lie in the same order, 0x60 apart.
_FOLDS = str.maketrans({chr(code): chr(code + 0x60) for code in range(0x3041, 0x3097)} | NAME_VARIANTS)


def fold(text: str) -> str:
    """Return `text` in the one form in which searches compare; blanks of any width become single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_FOLDS)
    return " ".join(folded.split())


def join_words(*texts: str) -> str:
    """Return the folded words of all texts, each once and after a space.

    So a search for ` x` anywhere in the result finds the words that begin with x.
    """
    words = dict.fromkeys(word for text in texts for word in fold(text).split(" ") if word)
    return "".join(f" {word}" for word in words)
