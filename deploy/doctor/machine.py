"""This machine: the interpreter, and whether every tool we start finds the company's proxy and certificates."""

import os
import ssl
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from deploy.doctor.finding import Finding
from deploy.words import Words

ROOT = Path(__file__).parents[2]

CERTIFICATES: Mapping[str, str] = {
    "AWS_CA_BUNDLE": "boto3, Zappa",
    "REQUESTS_CA_BUNDLE": "Zappa",
    "PIP_CERT": "pip",
    "SSL_CERT_FILE": "uv, Python",
    "NODE_EXTRA_CA_CERTS": "npm",
}
"""Variable that names a file of certificates -> who reads it (each tool's own documentation)."""

_PYTHON = Words("Python", "Python")
_PROXY = Words("proxy", "プロキシ")
_CERTIFICATES = Words("private certificates", "社内 CA 証明書")


def findings(environment: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Look at everything on this machine."""
    given = os.environ if environment is None else environment
    yield python()
    yield from proxy(given)
    yield from certificates(given)


def python(version: tuple[int, int] = sys.version_info[:2]) -> Finding:
    """The artefact's bytecode must be of the function's Python."""
    wanted = (ROOT / ".python-version").read_text().strip()
    running = ".".join(map(str, version))
    if running == wanted:
        return Finding.good(_PYTHON, running)
    return Finding(
        verdict="bad",
        subject=_PYTHON,
        found=Words(f"{running}, but the function runs {wanted}", f"{running} ですが、関数は {wanted} で動きます"),
        remedy=Words("make setup, then .venv/bin/python", "make setup を実行し、.venv/bin/python を使ってください。"),
    )


def proxy(given: Mapping[str, str]) -> Iterator[Finding]:
    """A proxy that some tools see and others do not."""
    upper, lower = given.get("HTTPS_PROXY", ""), given.get("https_proxy", "")
    if not upper and not lower:
        yield Finding.good(_PROXY, Words("none is set", "設定なし"))
        return
    address = upper or lower
    shown = address.rpartition("@")[2]  # never the password
    if upper != lower and upper and lower:
        yield Finding(
            verdict="bad",
            subject=_PROXY,
            found=Words("HTTPS_PROXY and https_proxy differ", "HTTPS_PROXY と https_proxy が異なります"),
            remedy=Words(
                "Set both to the same address: tools differ in which one they read.", "同じ値にしてください。"
            ),
        )
    elif "://" not in address:
        yield Finding(
            verdict="bad",
            subject=_PROXY,
            found=Words(f"HTTPS_PROXY={shown} has no scheme", f"HTTPS_PROXY={shown} に http:// がありません"),
            remedy=Words(f"Write http://{shown}", f"http://{shown} と書いてください。"),
        )
    else:
        yield Finding.good(_PROXY, shown)
    without = {name.strip() for name in (given.get("NO_PROXY") or given.get("no_proxy") or "").split(",")}
    if missing := {"localhost", "127.0.0.1", "169.254.169.254"} - without:
        names = ",".join(sorted(missing))
        yield Finding(
            verdict="look",
            subject=_PROXY,
            found=Words(f"NO_PROXY lacks {names}", f"NO_PROXY に {names} がありません"),
            remedy=Words(
                "Add them: local servers, and the credentials of an EC2 instance, do not come through a proxy. "
                "Where the VPC's endpoints are to be used, add .vpce.amazonaws.com too.",
                "追加してください。手元のサーバーや EC2 の認証情報はプロキシを通りません。"
                "VPC エンドポイントを使う場合は .vpce.amazonaws.com も追加してください。",
            ),
        )


def certificates(given: Mapping[str, str]) -> Iterator[Finding]:
    """Files of certificates that are missing, unreadable, or told to some tools only."""
    named = {name: given[name] for name in CERTIFICATES if given.get(name)}
    for name, path in named.items():
        try:
            ssl.create_default_context(cafile=path)
        except (OSError, ssl.SSLError) as error:
            yield Finding(
                verdict="bad",
                subject=_CERTIFICATES,
                found=Words(f"{name}={path}: {error}", f"{name}={path}: {error}"),
                remedy=Words("Name a PEM file that exists.", "存在する PEM ファイルを指定してください。"),
            )
    if untold := {name: CERTIFICATES[name] for name in CERTIFICATES if named and name not in named}:
        file = next(iter(named.values()))
        what = ", ".join(f"{name} ({who})" for name, who in untold.items())
        yield Finding(
            verdict="look",
            subject=_CERTIFICATES,
            found=Words(f"not told to everyone: {what}", f"一部のツールに未設定です: {what}"),
            remedy=Words(
                f"Set them to {file} too, if these tools go through the same proxy.", f"{file} を設定してください。"
            ),
        )
    elif named:
        yield Finding.good(_CERTIFICATES, Words("told to every tool", "すべてのツールに設定済み"))
    else:
        yield Finding.good(_CERTIFICATES, Words("the public ones only", "公開 CA のみ"))
