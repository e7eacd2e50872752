"""What a stage file must say where it names an SMTP relay."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from deploy.words import Words

if TYPE_CHECKING:
    from deploy.stage import Stage

NO_SENDER = Words("Write mail.sender: who mail comes from.", "差出人の mail.sender を書いてください。")
NO_WAY = Words(
    "No destination lets the tasks function reach port {port}: write the relay's address under [destinations.mail].",
    "定期処理関数からポート {port} への接続先がありません。リレーのアドレスを [destinations.mail] に書いてください。",
)
IN_THE_CLEAR = Words(
    'With mail.security = "none" the password would be sent in the clear: write "starttls" or "tls".',
    'mail.security = "none" ではパスワードが暗号化されずに送られます。"starttls" か "tls" にしてください。',
)


def mail(stage: "Stage") -> Iterator[tuple[str, object, Words]]:
    """Yield what is missing for mail to leave: a sender, and a way to the relay."""
    host, port = stage.text("mail.host"), int(stage.number("mail.port"))
    if not host:
        return
    if not stage.text("mail.sender"):
        yield "mail.sender", "", NO_SENDER
    if stage.text("mail.user") and stage.text("mail.security") == "none":
        yield "mail.user", stage.text("mail.user"), IN_THE_CLEAR
    if not any("tasks" in known.sources and port in known.ports for known in stage.destinations):
        yield "mail.host", host, NO_WAY.fill(port=port)
