"""Linux namespaces: a process with networks, mounts and processes of its own, and one network a host inside it.

Everything that a rehearsal makes lives in these namespaces and in the memory of one tmpfs, and the kernel takes all
of it away when the first process ends, whatever ended it (pid_namespaces(7)). An ordinary user gets them through a
user namespace; root, where user namespaces are forbidden, has them anyway.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from deploy.failure import Failure
from deploy.rehearsal import first
from deploy.words import Words, language

INSIDE = "CLOISTER_REHEARSAL_INSIDE"
"""Set in the environment of the process that runs inside."""
_OF_OUTSIDE = re.compile(r"(http|https|all|ftp|no)_proxy$|aws_(?!ca_bundle$)", re.IGNORECASE)
"""Variables that say how a company's people reach AWS: inside, a proxy is nowhere and their profile is nobody's."""
_NOBODYS = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
HELD = Path("/run/netns")
HOME = Path("/run/cloister")
"""Where everything that is written inside lies, in memory."""
TOOLS = {
    **dict.fromkeys(("unshare", "nsenter", "setpriv", "setsid"), "util-linux"),
    "mount": "mount",
    "ip": "iproute2",
    "nft": "nftables",
}
"""Program -> Debian's package of it."""
RESOLVER = "169.254.169.253"
"""The address of the VPC's resolver (Amazon VPC User Guide, "DNS attributes"); here every host has it of its own."""

WAITING = "timeout:10 attempts:3"
"""How long whoever asks it waits (resolv.conf(5)). It answers whatever it is asked, that there is no such name too, so
this is for machines that are busy: a name that is told late is no name that does not exist."""

MISSING = Words(
    "These programs are missing: {programs}. Install them, for example: sudo apt-get install {packages}",
    "必要なプログラムがありません: {programs}。インストールしてください。例: sudo apt-get install {packages}",
)
FORBIDDEN = Words(
    "This machine does not let {who} make namespaces ({error}). One of these allows it:\n"
    "  - run as root (in a container: docker run --privileged)\n"
    "  - Ubuntu 24.04 and later: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0\n"
    "  - older Debian: sudo sysctl kernel.unprivileged_userns_clone=1\n"
    "  - sudo sysctl user.max_user_namespaces=10000\n"
    "  - WSL: version 2 (wsl --set-version DISTRIBUTION 2)",
    "このマシンでは {who} が名前空間を作れません（{error}）。次のいずれかで使えるようになります。\n"
    "  - root で実行する（コンテナの場合: docker run --privileged）\n"
    "  - Ubuntu 24.04 以降: sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0\n"
    "  - 以前の Debian: sudo sysctl kernel.unprivileged_userns_clone=1\n"
    "  - sudo sysctl user.max_user_namespaces=10000\n"
    "  - WSL: バージョン 2 にする（wsl --set-version ディストリビューション 2）",
)
NO_NETWORK = Words(
    "This machine lets namespaces be made, but its kernel lacks what their networks are made of ({error}).\n"
    "  - WSL: take a newer kernel (wsl --update, then wsl --shutdown); before 5.15.57 its nftables follows no "
    "connections\n"
    "  - elsewhere: sudo modprobe -a veth nf_tables nft_ct nf_conntrack (in a container: on the machine that runs it)",
    "このマシンでは名前空間は作れますが、ネットワークに必要なカーネルの機能がありません（{error}）。\n"
    "  - WSL: カーネルを更新する（wsl --update の後に wsl --shutdown）。"
    "5.15.57 より前は nftables が接続を追跡できません\n"
    "  - その他: sudo modprobe -a veth nf_tables nft_ct nf_conntrack（コンテナの場合は、実行しているマシンで）",
)
NOT_LINUX = Words(
    "A rehearsal needs Linux (on Windows: WSL 2); this is {system}.",
    "リハーサルには Linux が必要です（Windows では WSL 2）。このマシンは {system} です。",
)


PROBE = """\
mount -t tmpfs tmpfs /run
mkdir /run/netns
ip netns add probe
ip link add v0 type veth peer name eth0 netns probe
ip rule add iif v0 lookup 100
ip route add blackhole default table 100
nft -f - <<RULES
table ip probe {
  chain one { ip daddr { 192.0.2.0/25, 192.0.2.200 } tcp dport 443-444 return; drop; }
  chain forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    ip saddr vmap { 192.0.2.1 : jump one }
  }
}
RULES
"""
"""Makes one of each thing that `network` makes, for `sh -e` in namespaces of its own."""


class Impossible(Failure):
    """This machine cannot hold a rehearsal; the message says what to change."""


def path() -> str:
    """Give a PATH on which system programs are found, which ordinary users often do not have."""
    return f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin"


def words(*, root: bool) -> list[str]:
    """Give the command that makes new namespaces for another, whose children are then the first inside."""
    return ["unshare", *([] if root else ["--user", "--map-root-user"]), "--net", "--mount", "--pid"]


def check() -> bool:
    """Say whether to go in as root (True) or through a user namespace.

    Raises:
        Impossible: neither works here, or programs are missing.

    """
    if sys.platform != "linux":
        raise Impossible(NOT_LINUX.say(language(), system=sys.platform))
    missing = [name for name in TOOLS if shutil.which(name, path=path()) is None]
    if missing:
        packages = " ".join(sorted({TOOLS[name] for name in missing}))
        raise Impossible(MISSING.say(language(), programs=", ".join(missing), packages=packages))
    error = ""
    for root in (True, False) if os.geteuid() == 0 else (False,):
        if tried := _complaint(root, "true"):
            error = error or tried
        elif lacking := _complaint(root, "sh", "-ec", PROBE):
            raise Impossible(NO_NETWORK.say(language(), error=lacking))
        else:
            return root
    who = "root" if os.geteuid() == 0 else Words("an ordinary user", "一般ユーザー")
    raise Impossible(FORBIDDEN.say(language(), who=who, error=error))


def _complaint(root: bool, *command: str) -> str:
    """Say what a command in new namespaces complains of; empty where it does its work."""
    tried = subprocess.run(
        [*words(root=root), "--fork", "--mount-proc", *command],
        env={"PATH": path(), "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    return (tried.stderr.strip() or str(tried.returncode)) if tried.returncode else ""


def enter(command: Sequence[str]) -> None:
    """Become a process that runs the command in new namespaces (`first`); returns never.

    It takes this process's place, so that whoever ends this one ends everything inside.
    """
    root = check()
    for name in filter(_OF_OUTSIDE.match, list(os.environ)):
        del os.environ[name]
    os.environ |= {INSIDE: "root" if root else "user", "PATH": path(), **_NOBODYS}
    sys.stdout.flush()
    unshare = shutil.which("unshare", path=path()) or "unshare"
    # S606 asks for care with programs that a shell would have kept away from: this command comes from nobody's input.
    os.execv(unshare, [*words(root=root), sys.executable, "-I", first.__file__, *command])  # noqa: S606  see above


def inside() -> bool:
    """Say whether this process is the one inside."""
    return INSIDE in os.environ


def furnish() -> None:
    """Give the inside its own /proc, and /run, /etc and a folder for temporary files in memory; called first of all."""
    run("mount", "-t", "proc", "proc", "/proc")
    with _kept(Path("/run/user")):  # where the person's own screen is reached
        run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
    for folder in (HELD, HOME, HOME / "tmp", HOME / "home"):
        folder.mkdir(mode=0o755)
    (HOME / "tmp").chmod(0o1777)
    shutil.copytree("/etc", HOME / "etc", symlinks=True, ignore=_unreadable)
    for name, text in (
        ("resolv.conf", f"nameserver {RESOLVER}\noptions {WAITING}\n"),
        ("hosts", "127.0.0.1 localhost\n"),
        ("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"),
    ):
        file = HOME / "etc" / name
        file.unlink(missing_ok=True)
        file.write_text(text, encoding="utf-8")
    _move_home(HOME / "etc" / "passwd", HOME / "home")
    run("mount", "--bind", str(HOME / "etc"), "/etc")
    os.environ["TMPDIR"] = str(HOME / "tmp")
    run("ip", "link", "set", "lo", "up")


def _move_home(users: Path, home: Path) -> None:
    """Give uid 0, which whoever came here is now, a home that they may enter: libpq looks there for certificates."""
    lines = [line.split(":") for line in users.read_text(encoding="utf-8").splitlines()]
    moved = [[*line[:5], str(home), *line[6:]] if line[2:3] == ["0"] else line for line in lines]
    users.write_text("".join(":".join(line) + "\n" for line in moved), encoding="utf-8")


@contextlib.contextmanager
def _kept(folder: Path) -> Iterator[None]:
    """Show a folder again at its place after something was mounted over it."""
    if not folder.is_dir():
        yield
        return
    held = os.open(folder, os.O_PATH)
    try:
        yield
        folder.mkdir(mode=0o755)
        # With what is mounted below it: alone it may not be shown, since that would uncover what lies beneath.
        run("mount", "--no-canonicalize", "--rbind", f"/proc/{os.getpid()}/fd/{held}", str(folder))
    finally:
        os.close(held)


def _unreadable(folder: str, names: list[str]) -> list[str]:
    """Name what an ordinary user may not copy, such as passwords, and what is neither file nor folder."""
    paths = {name: Path(folder, name) for name in names}
    return [
        name
        for name, each in paths.items()
        if not each.is_symlink() and not ((each.is_file() or each.is_dir()) and os.access(each, os.R_OK))
    ]


def make(name: str) -> None:
    """Make a host: a network of its own, with nothing but loopback and a resolver's address."""
    run("ip", "netns", "add", name)
    # The VPC has no IPv6; nor has a kernel without the knob.
    with contextlib.suppress(FileNotFoundError):
        tune(name, "ipv6/conf/all/disable_ipv6", "1")
    run("ip", "-n", name, "link", "set", "lo", "up")
    run("ip", "-n", name, "address", "add", f"{RESOLVER}/32", "dev", "lo")


@contextlib.contextmanager
def on(name: str) -> Iterator[None]:
    """Have this thread's new sockets belong to a host while the context lasts (setns(2): networks are a thread's)."""
    here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        there = os.open(HELD / name, os.O_RDONLY)
        try:
            os.setns(there, os.CLONE_NEWNET)
        finally:
            os.close(there)
        try:
            yield
        finally:
            os.setns(here, os.CLONE_NEWNET)
    finally:
        os.close(here)


def tune(name: str, knob: str, value: str) -> None:
    """Set a knob below net/ of a host's network (sysctl(8)): which network /proc/sys/net shows is a thread's."""
    with on(name):
        Path("/proc/sys/net", knob).write_text(value, encoding="ascii")


def prefix(name: str) -> tuple[str, ...]:
    """Give the words before a command that make it run on a host."""
    return ("nsenter", f"--net={HELD / name}")


def run(*command: str, given: str | None = None, heed: bool = True) -> str:
    """Run a program of the system and give what it wrote; with `heed`, its complaint becomes this error's message."""
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
    if done.returncode and heed:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout
