"""What an exception of a stage file may accept, and for how long."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from deploy.words import Words

if TYPE_CHECKING:
    from deploy.stage import Stage

LONGEST_EXCEPTION = 366
"""Days."""


def exceptions(stage: "Stage") -> Iterator[tuple[str, object, Words]]:
    """Only what remains by nature can be signed for; everything else is to be mended."""
    from deploy.closedness.table import RULES

    natural = [rule.id for rule in RULES.values() if rule.by_nature]
    for signature in stage.exceptions:
        path = f"exceptions.{signature.name}"
        if signature.rule not in natural:
            yield (
                f"{path}.rule",
                signature.rule,
                Words(
                    f"Only these can be signed for: {', '.join(natural)}. Everything else is to be mended.",
                    f"例外にできるのは {', '.join(natural)} だけです。それ以外は修正してください。",
                ),
            )
        if signature.until < signature.signed:
            yield (
                f"{path}.until",
                signature.until,
                Words("It lies before signed.", "signed より前の日付です。"),
            )
        elif (signature.until - signature.signed).days > LONGEST_EXCEPTION:
            yield (
                f"{path}.until",
                signature.until,
                Words(
                    f"An exception holds at most {LONGEST_EXCEPTION} days: sign it again after that.",
                    f"例外の有効期間は最長 {LONGEST_EXCEPTION} 日です。過ぎたら署名し直してください。",
                ),
            )
