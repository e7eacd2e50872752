"""What can be done in a rehearsal that stands: look, open a wall, shut it, go to a host. One line, one command."""

import contextlib
import json
import os
import shlex
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.failure import Failure
from deploy.rehearsal import (
    acceptance,
    breakages,
    browser,
    door_walls,
    faults,
    moments,
    namespaces,
    picture,
    terminal,
    timers,
)
from deploy.rehearsal.acceptance import COLD, TIMEOUT, VANTAGES, WARM, Acceptance, Line
from deploy.rehearsal.capture import Capture
from deploy.rehearsal.dns import view
from deploy.words import Language, Words

if TYPE_CHECKING:
    from deploy.rehearsal.rig import Rig

HELP = Words(
    "look                 the acceptance, from every side\n"
    "break RULE           open a wall; the acceptance must then fail on its lines\n"
    "walls                the walls that can be opened\n"
    "reset                shut it again\n"
    "fault WHAT [WORD]    let something fail; faults lists what can\n"
    "mend                 end what still fails, or wait for it to come to pass\n"
    "faults               what can fail\n"
    "deploy WORDS...      python -m deploy WORDS, as the deployer of this stage\n"
    "from FOLDER WORDS...     the same, from another tree\n"
    "tick TIMES           deliver the timers' events so many times at once\n"
    "query SQL VALUES...  ask the stage's database as its administrator\n"
    "replace              replace every web container, as a new version would; nothing that is asked is lost\n"
    "picture              what stands where\n"
    "shell HOST           a shell on a host\n"
    "on HOST COMMAND...   run a command on a host\n"
    "watch HOST COMMAND...    the same, and tell the addresses that packets left for, and the names asked\n"
    "as web|tasks COMMAND...  run it where that function runs, with its environment\n"
    "browser              open a browser in the company's network\n"
    "quit                 end the rehearsal",
    "look                 四方向からの受け入れ確認\n"
    "break 規則           壁を一つ開ける（受け入れ確認が失敗するはずです）\n"
    "walls                開けられる壁の一覧\n"
    "reset                元に戻す\n"
    "fault 対象 [語]      障害を起こす（faults で一覧）\n"
    "mend                 続いている障害を終わらせる（まだ起きていなければ待つ）\n"
    "faults               起こせる障害の一覧\n"
    "deploy 引数          このステージのデプロイ担当として python -m deploy を実行\n"
    "from フォルダー 引数  別のソースツリーから同じことを実行\n"
    "tick 回数            定期処理のイベントを同時に指定回数届ける\n"
    "query SQL 値         データベースに管理者として問い合わせる\n"
    "replace              Web コンテナをすべて入れ替える（処理中の要求は失われません）\n"
    "picture              構成図\n"
    "shell ホスト         ホスト上のシェル\n"
    "on ホスト コマンド   ホスト上でコマンドを実行\n"
    "watch ホスト コマンド  同上。送信先アドレスと問い合わせた名前を表示\n"
    "as web|tasks コマンド  その関数の場所・環境変数でコマンドを実行\n"
    "browser              社内ネットワークでブラウザーを開く\n"
    "quit                 リハーサルを終了",
)
UNKNOWN = Words(
    "{word} is no command; help lists them.", "{word} というコマンドはありません。help で一覧を表示します。"
)
NO_HOST = Words("There is no host {name}. There are: {known}", "ホスト {name} はありません。選べるもの: {known}")
NO_FAULT = Words("{name} cannot be made to fail. There is: {known}", "障害 {name} はありません。選べるもの: {known}")
OPENED = Words("Opened: {what}", "開けました: {what}")
CAUGHT = Words(
    "Caught: refuted were {lines}, as they had to be.", "検出しました: 予想どおり {lines} が否定されました。"
)
MISSED = Words(
    "NOT CAUGHT: {lines} had to be refuted, but these were: {found}",
    "検出できません: {lines} が否定されるはずでしたが、否定されたのは {found} です。",
)
NEVER = Words("It never came to pass: {what}", "起きませんでした: {what}")
NO_CONTAINERS = Words("This stage runs no containers.", "このステージにはコンテナがありません。")
SHUT = Words("Everything is shut again.", "すべて元に戻しました。")
SHELL = Words(
    "A shell on {name}; exit leaves it. $PAGE and $API are the stage's addresses: curl -I $PAGE",
    "{name} のシェルです。exit で終了します。$PAGE と $API にステージのアドレスが入っています。例: curl -I $PAGE",
)
SHOWN = Words(
    "{program} stands in the company's network and shows {address}",
    "社内ネットワーク上の {program} で {address} を開きました。",
)
INTERRUPTED = Words("Interrupted.", "中断しました。")


class Console:
    """Commands over a rig; `say` prints."""

    def __init__(self, rig: "Rig", language: Language, say: Callable[[str], None]) -> None:
        self.rig, self.language, self.say = rig, language, say
        self.open: breakages.Opened | None = None
        self.failing: list[tuple[str, faults.Lasting]] = []
        self.slowness = 0.0
        """Seconds that a function took to start, or to make an account, which is as much work as signing in."""

    # ---- looking

    def look(self) -> list[Line]:
        """Carry the whole acceptance out and tell every line."""
        with self._timed():
            self.rig.warm_up()
        with self._account() as credentials:
            return self._acceptance().run(
                self.language,
                credentials=credentials,
                patience=self._patience(COLD),
                silence=self._silence(),
                tell=lambda line: self.say(line.say(self.language)),
            )

    def _patience(self, usual: float) -> float:
        """Give the seconds that an answer may take: more on a machine that is busy with other things."""
        return max(usual, 3 * self.slowness)

    def _silence(self) -> float:
        """Give the seconds after which silence is taken for a wall: every wall is waited for, so as few as will do."""
        return max(TIMEOUT, self.slowness / 2)

    @contextlib.contextmanager
    def _timed(self) -> Iterator[None]:
        """Learn how slow this machine is: several functions that start at once take several times what one does."""
        began = time.monotonic()
        yield
        self.slowness = max(self.slowness, time.monotonic() - began)

    @contextlib.contextmanager
    def _account(self) -> Iterator[tuple[str, str]]:
        """Give the short-lived account by which a person's lines are proved."""
        from deploy.verify.account import Accounts

        accounts = Accounts(self.rig.stage, self.rig.deployer)
        with self._timed():
            name, password = accounts.open()
        try:
            yield name, password
        finally:
            accounts.close(name)

    def _acceptance(self, only: set[str] | None = None) -> Acceptance:
        import datetime as dt

        from deploy.verify import plan as verification

        place = verification.find(self.rig.stage, self.rig.account)
        document = verification.document(place, made=dt.datetime.now(dt.UTC))
        if only is not None:
            document = {**document, "checks": [check for check in document["checks"] if check["id"] in only]}
        plan = self.rig.refresh()
        return Acceptance(document, plan, self.rig.trust.file, plan.foreign)

    def acceptance(self) -> int:
        """Look from every side and say how it ended: 0 all proved, 1 not."""
        lines = self.look()
        self.say(acceptance.count(lines, self.language))
        return 0 if all(line.verdict == "proved" for line in lines) else 1

    # ---- walls

    def break_wall(self, rule: str) -> int:
        """Open a wall and look from where it must be seen: 0 when its lines are refuted, whatever else is."""
        wall = breakages.find(rule, door_walls.DOORS[self.rig.stage.text("door")])
        self.reset()
        if wall.signs_in:
            # The account is made before and removed after: with the wall open neither might be possible.
            with self._account() as credentials:
                found = self._broken(wall, credentials)
                self.reset()
        else:
            found = self._broken(wall, None)
        refuted = {(line.vantage, line.id) for line in found if line.verdict == "refuted"}
        names = ", ".join(f"{vantage} {line}" for vantage, line in wall.lines)
        if set(wall.lines) <= refuted:
            self.say(CAUGHT.say(self.language, lines=names))
            return 0
        told = ", ".join(f"{vantage} {line}" for vantage, line in sorted(refuted)) or "-"
        self.say(MISSED.say(self.language, lines=names, found=told))
        return 1

    def _broken(self, wall: breakages.Wall, credentials: tuple[str, str] | None) -> list[Line]:
        """Open a wall, and look from the sides from which it must be seen."""
        self.open = breakages.open_wall(wall, self.rig)
        self.say(OPENED.say(self.language, what=wall.what))
        sides = dict.fromkeys(vantage for vantage, _ in wall.lines)
        made = self._acceptance(only={line for _, line in wall.lines} if wall.alone else None)
        return made.run(
            self.language,
            vantages=sides,
            credentials=credentials,
            patience=self._patience(WARM),
            silence=self._silence(),
        )

    def reset(self) -> None:
        """Shut what was opened."""
        if self.open is not None:
            self.open.shut()
            self.open = None
            self.rig.refresh()
            self.say(SHUT.plain(self.language))

    # ---- faults

    def fault(self, name: str, word: str = "") -> int:
        """Let something fail."""
        fault = faults.FAULTS.get(name)
        if fault is None or bool(fault.asks) != bool(word):
            known = ", ".join(f"{name} {fault.asks}".strip() for name, fault in faults.FAULTS.items())
            raise Failure(NO_FAULT.say(self.language, name=f"{name} {word}".strip(), known=known))
        what = fault.what.say(self.language, word=word)
        if lasting := fault.happen(self.rig, word):
            self.failing.append((what, lasting))
        self.say(what)
        return 0

    def mend(self) -> int:
        """End what fails; 1 where something was to fail and never did."""
        status = 0
        while self.failing:
            what, lasting = self.failing.pop()
            if not lasting.mend():
                self.say(NEVER.say(self.language, what=what))
                status = 1
        return status

    def _tick(self, times: int) -> int:
        """Deliver the timers' events; 1 where a function failed."""
        results = timers.deliver(self.rig, times)
        for result in results:
            self.say(json.dumps(result.payload))
        return 0 if results and not any(result.function_error for result in results) else 1

    def _faults(self) -> None:
        for name, fault in faults.FAULTS.items():
            self.say(f"{name} {fault.asks}".strip() + f": {fault.what.say(self.language, word=fault.asks)}")

    # ---- hosts

    def command(self, host: str, *words: str) -> list[str]:
        """Give the words of a command on a host, which may be named by its side."""
        name = VANTAGES.get(host, host)
        known = [one.name for one in (self.rig.plan or self.rig.refresh()).hosts]
        if name not in known:
            raise Failure(NO_HOST.say(self.language, name=host, known=", ".join([*VANTAGES, *known])))
        return self.rig.command(name, *words)

    def _watch(self, host: str, command: list[str]) -> int:
        """Run a command and say, as JSON, what left the host meanwhile."""
        before = len(self.rig.resolvers.asked)
        with Capture(host) as capture:
            done = subprocess.run(command, env=self.rig.environment(), check=False)
        side = view(self.rig.refresh().host(host).kind)
        names = {name for whose, name in self.rig.resolvers.asked[before:] if whose == side}
        self.say(json.dumps({"sent": capture.sent, "asked": sorted(names)}))
        return done.returncode

    def shell(self, host: str) -> int:
        """Let a person be on a host until they leave; what they would call finds the authority to trust."""
        facts = self.rig.facts()
        given = {name: os.environ[name] for name in ("HOME", "LANG", "LC_ALL", "TERM", "USER") if name in os.environ}
        trusted = dict.fromkeys(("CURL_CA_BUNDLE", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), str(facts["ca"]))
        environment = {
            **given,
            **trusted,
            "PATH": namespaces.path(),
            "PAGE": str(facts["page"]),
            "API": str(facts["api"]),
            "PS1": f"({host}) \\w\\$ ",
        }
        command = self.command(host, "bash", "--norc", "--noprofile")
        self.say(SHELL.say(self.language, name=host))
        return terminal.run(command, environment)

    def browser(self) -> "subprocess.Popen[bytes]":
        """Show the page in a person's own browser, to the first administrator if nobody has signed in yet."""
        from deploy import admin

        program, page = browser.find(), str(self.rig.facts()["page"])
        told = admin.invite(self.rig.stage, self.rig.deployer, site=page, speak=self.language)
        self.say(told)
        address = next((line for line in told.splitlines() if line.startswith("https://")), page)
        self.say(SHOWN.say(self.language, program=program, address=page))
        return browser.show(program, self.command("corporate"), address)

    # ---- one line after the other

    def listen(self, lines: Iterable[str], *, person: bool = False) -> None:
        """Take commands until there are no more; after each, a line `= STATUS` ends what it said.

        To a person that line is said of failures only.
        """
        for line in lines:
            try:
                words = shlex.split(line)
                if words and words[0] in ("quit", "exit"):
                    return
                status = self._one(words) if words else 0
                if words and (status or not person):
                    self.say(f"= {status}")
            except (Failure, ValueError) as failure:  # ValueError: a quotation that does not end
                self.say(f"{failure}\n= 2")
            except KeyboardInterrupt:  # it was for the command, which has ended by it
                self.say(f"{INTERRUPTED.plain(self.language)}\n= 130")

    def _one(self, words: list[str]) -> int:
        """Carry one command out and give its exit status."""
        alone: dict[str, Callable[[], object]] = {
            "help": lambda: self.say(HELP.plain(self.language)),
            "look": self.acceptance,
            "walls": self._walls,
            "reset": self.reset,
            "mend": self.mend,
            "faults": self._faults,
            "picture": lambda: self.say(picture.draw(self.rig.stage, self.rig.refresh(), self.language)),
            "facts": lambda: self.say(json.dumps(self.rig.facts())),
            "browser": self.browser,
            "replace": self._replace,
        }
        status: object = 2
        match words:
            case [name] if name in alone:
                status = alone[name]()
            case ["fault", name, *word] if len(word) < 2:
                status = self.fault(name, *word)
            case ["deploy", *told] if told:
                status = self.rig.deploy(*told)
            case ["from", folder, *told] if told:
                status = self.rig.deploy(*told, tree=Path(folder))
            case ["tick", times] if times.isdecimal():
                status = self._tick(int(times))
            case ["query", query, *values]:
                self.say(json.dumps(moments.ask(self.rig, query, values), default=str, ensure_ascii=False))
                status = 0
            case ["break", rule]:
                status = self.break_wall(rule)
            case ["watch", host, *command] if command:
                status = self._watch(VANTAGES.get(host, host), self.command(host, *command))
            case ["as", ("web" | "tasks") as side, *command] if command:
                function = self.rig.stage.prefix + ("-tasks" if side == "tasks" else "")
                environment = {"PATH": namespaces.path(), **self.rig.variables(function)}
                status = _status(self.command(f"{side}-1", *command), environment)
            case ["shell", host]:
                status = self.shell(host)
            case ["on", host, *command] if command:
                status = _status(self.command(host, *command), self.rig.environment())
            case _:
                self.say(UNKNOWN.say(self.language, word=words[0]))
        return int(status) if isinstance(status, int) else 0

    def _replace(self) -> None:
        if not self.rig.stage.in_containers:
            raise Failure(NO_CONTAINERS.plain(self.language))
        self.rig.containers.replace(self.rig.stage)

    def _walls(self) -> None:
        for name, wall in door_walls.DOORS[self.rig.stage.text("door")].items():
            self.say(f"{name}: {wall.what.plain(self.language)}")


def _status(command: list[str], environment: dict[str, str]) -> int:
    return subprocess.run(command, env=environment, check=False).returncode
