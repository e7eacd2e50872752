"""What AWS puts beside the function's own files: the interpreter and the runtime's packages."""

import functools
import importlib.metadata
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# The interpreter below this virtual environment, so that nothing installed here can be imported there.
INTERPRETER = str(Path(sys.base_prefix) / "bin" / "python3.13")
# /var/runtime of the managed runtime has these, and boto3, which the artefact must not need.
PACKAGES = ("awslambdaric", "simplejson", "snapshot-restore-py")
_BUILD = Path(__file__).parent.parent.parent / "build"


@functools.cache
def folder() -> Path:
    """Return a folder with the runtime's packages, compiled as AWS's are; it is made once in build/."""
    versions = [f"{name}-{importlib.metadata.version(name)}" for name in PACKAGES]
    made = _BUILD / "lambda-runtime" / "+".join(versions)
    if made.is_dir():
        return made
    made.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=made.parent))
    for name in PACKAGES:
        for file in importlib.metadata.files(name) or []:
            if file.parts[0] in ("..", "__pycache__") or file.parts[0].endswith(".dist-info"):
                continue
            copy = work / file
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.locate(), copy)
    subprocess.run([INTERPRETER, "-m", "compileall", "-q", str(work)], check=True)
    try:
        work.rename(made)
    except OSError:  # another process was quicker
        shutil.rmtree(work)
    return made
