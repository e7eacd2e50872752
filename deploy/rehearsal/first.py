"""Stands before the first process inside: `python -I first.py COMMAND...`, in new namespaces that have no process yet.

Whatever ends this process ends the command, and with it the namespaces and everything in them. (`unshare --fork` would
do, but ignores what `kill` sends.) An interrupt at the terminal reaches the command by itself and is for it to heed.
"""

import signal
import subprocess
import sys

_GONE_WITH_ME = ("setpriv", "--pdeathsig", "KILL")  # util-linux


def main(command: list[str]) -> int:
    """Run the command and give its exit status, as shells tell it."""
    signal.signal(signal.SIGINT, lambda *_: None)  # a handler of ours, which the command does not inherit
    status = subprocess.Popen([*_GONE_WITH_ME, *command]).wait()
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
