"""SnapStart: what must not be shared by the many processes that wake from one snapshot.

AWS, "Handling uniqueness with Lambda SnapStart" and "Runtime hooks for Lambda SnapStart".
"""

import logging
import random
import re
import tempfile
from pathlib import Path

from django.db import connections

logger = logging.getLogger(__name__)


def register_hooks() -> bool:
    """Register the hooks below with the runtime's library, and say whether it is there to register with."""
    try:
        import snapshot_restore_py  # only the managed runtime has it
    except ImportError:
        return False
    snapshot_restore_py.register_before_snapshot(before_snapshot)
    snapshot_restore_py.register_after_restore(after_restore)
    return True


def before_snapshot() -> None:
    """Close every connection: its other end will be gone when the snapshot wakes."""
    connections.close_all()


def after_restore() -> None:
    """Renew what the snapshot froze of chance; `os.urandom` and `uuid4` ask the kernel and need nothing."""
    random.seed()
    tempfile._name_sequence = None  # type: ignore[attr-defined]  # its names would repeat; there is no public way
    reseed_openssl()


def reseed_openssl() -> int:
    """Have each OpenSSL in the process take new entropy from the kernel, and return how many did.

    psycopg2's wheel carries its own, beside Python's: TLS to the database would otherwise begin with the same
    random numbers in every process woken from one snapshot.
    """
    import ctypes  # 5 ms that only a restore has to pay

    maps = Path("/proc/self/maps").read_text()
    libraries = sorted(set(re.findall(r"\S*/libcrypto[^/\s]*\.so[^/\s]*", maps)))
    reseeded = 0
    for library in libraries:
        if ctypes.CDLL(library).RAND_poll() == 1:  # RAND_poll(3): 1 is success
            reseeded += 1
        else:
            logger.error("%s could not be given new entropy after a restore", library)
    return reseeded
