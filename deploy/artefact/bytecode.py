"""Compile every module so that Python trusts the result without looking: unchecked-hash files of PEP 552.

Bytecode that records the source's date is stale as soon as an archive gives its entries another one, and Lambda
then compiles 600 modules at each start: 3.7 times slower, measured. These files record a hash that is not even
compared; that they belong to the sources is what building from scratch guarantees.

The application keeps its sources beside the bytecode, so that a trace shows its lines. Other people's packages
come as bytecode alone and without docstrings (`sourceless`), which halves them; a trace has their line numbers.

Runs as a process of its own, `python -m deploy.artefact.bytecode FOLDER OWN...`, so that nothing the builder has
done before changes what is written: marshal writes references according to who else holds an object.
"""

import ast
import importlib.util
import marshal
import py_compile
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from deploy.artefact.requirements import PYTHON
from deploy.failure import Failure

_HASHED_UNCHECKED = (0b01).to_bytes(4, "little")  # PEP 552: a hash instead of a date, and not to be compared
TASK_ROOT = "/var/task"  # where Lambda unpacks the artefact; traces show it


def compile_all(folder: Path, own: Collection[str]) -> int:
    """Compile all modules under the folder and return how many; `own` are the packages that keep their sources.

    Raises `Failure` for a module that does not compile.
    """
    if sys.version_info[:2] != PYTHON:
        raise Failure(
            f"Bytecode for Lambda's Python 3.13 cannot be made by Python {sys.version_info[0]}.{sys.version_info[1]}. "
            "Run this under Python 3.13 (.python-version)."
        )
    done = subprocess.run(
        [sys.executable, "-m", "deploy.artefact.bytecode", str(folder), *own],
        env={"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failure(f"The modules could not be compiled:\n{done.stderr}")
    return int(done.stdout)


def _compile(folder: Path, own: Collection[str]) -> int:
    files = sorted(folder.rglob("*.py"))
    for file in files:
        inside = file.relative_to(folder)
        if inside.parts[0] in own:
            py_compile.compile(
                str(file),
                dfile=f"{TASK_ROOT}/{inside.as_posix()}",
                doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )
        else:
            file.with_suffix(".pyc").write_bytes(sourceless(file.read_bytes(), f"{TASK_ROOT}/{inside.as_posix()}"))
            file.unlink()
    return len(files)


def sourceless(source: bytes, name: str) -> bytes:
    """Return the bytecode file of a module that will lie without its source, its docstrings left out.

    Unlike `-OO` this keeps assertions: packages rely on them.
    """
    tree = ast.parse(source, name)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and _documented(node):
            node.body = node.body[1:] or [ast.copy_location(ast.Pass(), node.body[0])]
    code = compile(tree, name, "exec", dont_inherit=True, optimize=0)
    header = importlib.util.MAGIC_NUMBER + _HASHED_UNCHECKED + importlib.util.source_hash(source)
    return header + marshal.dumps(code)


def _documented(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return ast.get_docstring(node, clean=False) is not None


if __name__ == "__main__":
    print(_compile(Path(sys.argv[1]), sys.argv[2:]))
