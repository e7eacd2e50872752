"""Where a rehearsal lives: its networks are its own, and where they cannot be made it says what to change."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.rehearsal import namespaces
from tests.deploy.paths import ROOT
from tests.deploy.rehearsal.standing import IN_USER_NAMESPACES

WITHOUT_ANY = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
"""Leaves root nothing to map itself with, as where they are forbidden."""


def run(*words: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    told = {**os.environ, "CLOISTER_LANGUAGE": "en", **(environment or {})}
    return subprocess.run(words, cwd=ROOT, env=told, capture_output=True, text=True, check=False)


PROGRAM = """
import sys
from deploy.rehearsal import namespaces
if not namespaces.inside():
    namespaces.enter([sys.executable, "-c", {program!r}])
namespaces.furnish()
import os, pwd, socket
from pathlib import Path
namespaces.make("here")
with namespaces.on("here"):
    inside = socket.create_server(("127.0.0.1", 4444))
outside = socket.create_server(("127.0.0.1", 4444))
there = namespaces.run(*namespaces.prefix("here"), "ip", "-br", "address")
resolver = Path("/etc/resolv.conf").read_text().split()[1]
theirs = [name for name in ("HTTPS_PROXY", "no_proxy", "AWS_PROFILE", "AWS_REGION") if name in os.environ]
print(os.environ[namespaces.INSIDE], resolver, os.environ["TMPDIR"], pwd.getpwuid(0).pw_dir, "lo" in there, theirs)
Path(os.environ["TMPDIR"], "left").write_text("x")
Path("/etc/cloister-was-here").write_text("x")
"""


def program() -> str:
    inner = PROGRAM.replace("{program!r}", "''")
    return PROGRAM.replace("{program!r}", repr(inner))


@pytest.mark.usefixtures("possible")
class TestInside:
    def check(self, *before: str, how: str) -> None:
        # How a company's people reach AWS, which leads nowhere inside.
        theirs = {"HTTPS_PROXY": "http://proxy.example:8080", "no_proxy": "example", "AWS_PROFILE": "theirs"}
        done = run(*before, sys.executable, "-c", program(), environment={**theirs, "AWS_REGION": "eu-west-1"})
        told = [how, namespaces.RESOLVER, "/run/cloister/tmp", "/run/cloister/home", "True", "[]"]
        assert done.stdout.split() == told, done.stderr
        assert not Path("/etc/cloister-was-here").exists()
        assert not Path("/run/cloister").exists()

    def test_hosts_have_networks_of_their_own_and_nothing_is_written_outside(self) -> None:
        self.check(how="root" if os.geteuid() == 0 else "user")

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up what an ordinary user never had")
    def test_it_goes_in_through_a_user_namespace_where_it_may_not_do_without(self) -> None:
        self.check(*IN_USER_NAMESPACES, how="user")


class TestImpossible:
    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can forbid itself namespaces for one test")
    def test_says_what_to_change_and_ends_with_3(self) -> None:
        done = run(*WITHOUT_ANY, sys.executable, "-m", "deploy", "rehearse", "poc")
        assert done.returncode == 3
        assert "kernel.apparmor_restrict_unprivileged_userns=0" in done.stderr

    def test_names_programs_that_are_missing_and_their_packages(self, tmp_path: Path) -> None:
        done = run(sys.executable, "-m", "deploy", "rehearse", "poc", environment={"PATH": str(tmp_path)})
        if "nftables" not in done.stderr:  # /usr/sbin is looked into whatever PATH says; so hide nothing there
            assert "util-linux" in done.stderr
        assert done.returncode == 3

    @pytest.mark.usefixtures("possible")
    def test_names_what_a_kernel_lacks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        lacking = namespaces.PROBE.replace("ct state", "no such state")
        assert lacking != namespaces.PROBE
        monkeypatch.setattr(namespaces, "PROBE", lacking)
        monkeypatch.setenv("CLOISTER_LANGUAGE", "en")
        with pytest.raises(namespaces.Impossible, match=r"no such state(?s:.*)wsl --update"):
            namespaces.check()

    def test_is_said_on_systems_other_than_linux(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "platform", "darwin")
        with pytest.raises(namespaces.Impossible, match="needs Linux"):
            namespaces.check()


def test_a_program_that_fails_says_what_it_said() -> None:
    with pytest.raises(RuntimeError, match="No such file"):
        namespaces.run("ls", "/nowhere-at-all")
    assert namespaces.run("ls", "/nowhere-at-all", heed=False) == ""
