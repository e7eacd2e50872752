"""Hosts that stand and answer nobody: their processes are stopped, or their packets turned away."""

import contextlib
import os
import signal
from collections.abc import Iterable
from pathlib import Path

from deploy.rehearsal.namespaces import HELD, prefix, run

_TURNED_AWAY = """table ip shut {
  chain input {
    type filter hook input priority 0; policy accept;
    iifname "eth0" ip protocol tcp reject with tcp reset
  }
}
"""


class Stopped:
    """Every process of a host stands still (signal(7), SIGSTOP); the kernel still takes what is sent to them."""

    def __init__(self, host: str) -> None:
        self._held: list[int] = []
        # Who is found first may be making another: until a look finds nobody new.
        while new := [process for process in _processes(host) if process not in self._held]:
            for process in new:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGSTOP)
            self._held += new

    def mend(self) -> bool:
        """Let them go on."""
        for process in self._held:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)
        return True


def _processes(host: str) -> Iterable[int]:
    """Yield the processes whose network is a host's."""
    network = (HELD / host).stat().st_ino
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # it has ended meanwhile
                if (entry / "ns" / "net").stat().st_ino == network:
                    yield int(entry.name)


class TurnedAway:
    """Connections to these hosts are reset, those that stand as well as new ones."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self._hosts = list(hosts)
        for host in self._hosts:
            run(*prefix(host), "nft", "-f", "-", given=_TURNED_AWAY)

    def mend(self) -> bool:
        """Let them through."""
        for host in self._hosts:
            run(*prefix(host), "nft", "delete", "table", "ip", "shut")
        return True
