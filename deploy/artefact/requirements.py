"""Install the locked requirements for Lambda's platform, whatever machine this is."""

import json
import re
import subprocess
import sys
from pathlib import Path

from deploy.failure import Failure

PYTHON = (3, 13)
# Amazon Linux 2023, on which Lambda's Python 3.13 runs, has glibc 2.34 (AWS, "Lambda runtimes").
_GLIBC = ("2_34", "2_28", "2_17")
PLATFORMS = {
    "x86_64": [*(f"manylinux_{glibc}_x86_64" for glibc in _GLIBC), "manylinux2014_x86_64"],
    "arm64": [*(f"manylinux_{glibc}_aarch64" for glibc in _GLIBC), "manylinux2014_aarch64"],
}
_MACHINES = {"x86_64": 62, "arm64": 183}  # e_machine in an ELF header: EM_X86_64, EM_AARCH64 (elf.h)


def install(lock: Path, folder: Path, architecture: str) -> dict[str, str]:
    """Install the wheels that the lock file names into the folder; return package name -> its wheel's SHA-256.

    Raises `Failure` when a package has no wheel for the platform, when a hash differs, or when a library of
    another machine came along.
    """
    report = folder.with_name(f"{folder.name}.report.json")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), "--report", str(report)]
    command += ["--requirement", str(lock), "--require-hashes", "--no-deps", "--no-compile", "--only-binary=:all:"]
    command += ["--implementation", "cp", "--python-version", ".".join(map(str, PYTHON))]
    command += [f"--abi={abi}" for abi in ("cp313", "abi3", "none")]
    command += [f"--platform={platform}" for platform in PLATFORMS[architecture]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "ERROR" in line] or done.stderr.splitlines()[-5:]
        raise Failure(
            f"The requirements in {lock.name} could not be installed for {architecture} (Python 3.13):\n"
            + "\n".join(errors)
            + "\nA package needs a wheel for manylinux on that architecture; PIP_INDEX_URL names a mirror that has it."
        )
    check_libraries(folder, architecture)
    installed = json.loads(report.read_text())["install"]
    report.unlink()
    return {
        canonical(item["metadata"]["name"]): item["download_info"]["archive_info"]["hashes"]["sha256"]
        for item in installed
    }


def canonical(name: str) -> str:
    """Return a package's name as the index and purl write it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def check_libraries(folder: Path, architecture: str) -> None:
    """Raise `Failure` if any shared library under the folder is for another machine or another Python."""
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        with file.open("rb") as opened:
            header = opened.read(20)
        if header[:4] != b"\x7fELF":
            if file.suffix in {".dll", ".pyd", ".dylib"}:
                raise Failure(f"{file.relative_to(folder)} is a library of another operating system than Lambda's.")
            continue
        machine = int.from_bytes(header[18:20], "little")
        if machine != _MACHINES[architecture]:
            raise Failure(
                f"{file.relative_to(folder)} is built for machine {machine}, not for {architecture} "
                f"({_MACHINES[architecture]}). Its wheel claims a platform that it does not have."
            )
        if ".cpython-" in file.name and ".cpython-313-" not in file.name:
            raise Failure(f"{file.relative_to(folder)} is built for another Python than 3.13.")
