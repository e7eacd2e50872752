"""What a rehearsal could leave behind, and whether it did."""

import os
import select
from pathlib import Path

from tests.deploy.rehearsal.patience import ENDED


def first_inside(outer: int) -> int:
    """Give the first process inside, whose end is the end of all inside (pid_namespaces(7))."""
    return int(Path(f"/proc/{outer}/task/{outer}/children").read_text(encoding="ascii").split()[0])


class Remains:
    """What there is before a rehearsal; `temporary` is the folder that it is given for temporary files."""

    def __init__(self, temporary: Path) -> None:
        self.temporary = temporary
        temporary.mkdir()
        self._before = self._outside()

    def hold(self, outer: int) -> None:
        """Hold on to a rehearsal that runs; `outer` is the process that a person would end."""
        inside = first_inside(outer)
        self._network = Path(f"/proc/{inside}/ns/net").readlink()
        self._end = os.pidfd_open(inside)
        assert processes_in(self._network)  # otherwise that there are none afterwards would mean nothing

    def none(self) -> None:
        """Wait for the end of the rehearsal, and find nothing of it."""
        ended, _, _ = select.select([self._end], [], [], ENDED)
        os.close(self._end)
        assert ended
        assert processes_in(self._network) == []
        assert self._outside() == self._before
        assert list(self.temporary.iterdir()) == []

    def _outside(self) -> tuple[set[str], set[str], bool]:
        """What of this machine's own it might have changed: mounts, network interfaces, /run."""
        mounts = {line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()}
        return mounts, {path.name for path in Path("/sys/class/net").iterdir()}, Path("/run/cloister").exists()


def processes_in(network: Path) -> list[int]:
    """Every process whose network is the rehearsal's own, the one around all hosts."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "ns" / "net").readlink() == network:
                    found.append(int(entry.name))
            except OSError:  # it ended meanwhile, or is somebody else's
                continue
    return found
