"""What lies in the artefact, package by package: the bill of materials and the licences beside it."""

import hashlib
import json
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from deploy.artefact.requirements import canonical

# Licences that a package names in its own words, by those words.
_SPDX = {
    "bsd license": "BSD-3-Clause",
    "lgpl with exceptions": "LGPL-3.0-or-later WITH LGPL-3.0-linking-exception",
    "mit license": "MIT",
}
_LIBRARY = re.compile(r"\.so(\.|$)")
# What `openssl version` would print, such as "OpenSSL 3.5.8 25 Aug 2026" or "OpenSSL 1.1.1k  FIPS 25 Mar 2021".
_OPENSSL = re.compile(rb"OpenSSL (\d+\.\d+\.\d+[a-z]*) +(?:FIPS +)?\d{1,2} [A-Z][a-z]{2} \d{4}")
_NAMESPACE = uuid.UUID("5b4c3f0e-5d29-4b58-9c27-5a6f4b0d6c11")  # for serial numbers that follow from the contents


@dataclass(frozen=True, kw_only=True)
class Package:
    """One installed package; `licence` is an SPDX expression, `texts` are its licence files."""

    name: str
    version: str
    licence: str
    texts: tuple[str, ...]
    sha256: str | None = None
    carried: tuple[dict[str, Any], ...] = ()
    """CycloneDX components inside its wheel: those of the wheel's own bill of materials (PEP 770), which may leave
    out what its authors built themselves, and the shared libraries that lie there."""


def packages_of(folder: Path, hashes: dict[str, str]) -> list[Package]:
    """Return what is installed in the folder, sorted by name."""
    return sorted((_read(info, hashes) for info in folder.glob("*.dist-info")), key=lambda package: package.name)


def _read(info: Path, hashes: dict[str, str]) -> Package:
    metadata = HeaderParser().parsestr((info / "METADATA").read_text())
    name = canonical(metadata["Name"])
    return Package(
        name=name,
        version=metadata["Version"],
        licence=_licence(metadata),
        texts=tuple(
            file.read_text(errors="replace")
            for file in sorted((info / "licenses").rglob("*"))
            if file.is_file() and file.name.upper() != "AUTHORS"
        ),
        sha256=hashes.get(name),
        carried=(*_carried(info), *_libraries(info)),
    )


def _licence(metadata: Message) -> str:
    """Return the licence: the field for it (PEP 639), else the older field, else the classifier."""
    classifiers = [
        line.rpartition(" :: ")[2] for line in metadata.get_all("Classifier", []) if line.startswith("License ::")
    ]
    stated = metadata["License-Expression"] or metadata["License"] or next(iter(classifiers), "")
    return _SPDX.get(stated.lower(), stated) or "LicenseRef-unknown"


def _carried(info: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(info.glob("sboms/*.json")):
        bill = json.loads(file.read_text())
        for component in bill.get("components", []):
            yield {key: component[key] for key in ("type", "name", "version", "purl") if component.get(key)}


def _libraries(info: Path) -> Iterator[dict[str, Any]]:
    """Yield the shared libraries that the wheel installed, and each OpenSSL among them by the version it states."""
    files = [line.rpartition(",")[0].rpartition(",")[0] for line in (info / "RECORD").read_text().splitlines()]
    for name in sorted(name for name in files if _LIBRARY.search(name)):
        content = (info.parent / name).read_bytes()
        yield {"type": "file", "name": name, "hashes": [_sha256(hashlib.sha256(content).hexdigest())]}
        for version in sorted({found.decode() for found in _OPENSSL.findall(content)}):
            purl = f"pkg:generic/openssl@{version}"
            yield {"type": "library", "name": "openssl", "version": version, "purl": purl}


def _sha256(content: str) -> dict[str, str]:
    return {"alg": "SHA-256", "content": content}


def bill_of_materials(name: str, packages: Iterable[Package], *, architecture: str, sha256: str) -> dict[str, Any]:
    """Return a CycloneDX 1.6 document, without a date so that the same artefact has the same one."""
    components = [_component(package) for package in packages]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, sha256)}",
        "version": 1,
        "metadata": {
            "component": {
                "bom-ref": name,
                "type": "application",
                "name": name,
                "hashes": [_sha256(sha256)],
                "properties": [{"name": "cloister:architecture", "value": architecture}],
            }
        },
        "components": components,
        "dependencies": [{"ref": name, "dependsOn": [component["bom-ref"] for component in components]}],
    }


def _component(package: Package) -> dict[str, Any]:
    purl = f"pkg:pypi/{package.name}@{package.version}"
    component: dict[str, Any] = {
        "bom-ref": purl,
        "type": "library",
        "name": package.name,
        "version": package.version,
        "purl": purl,
        "licenses": _licence_choice(package.licence),
    }
    if package.sha256:
        component["hashes"] = [_sha256(package.sha256)]
    inside = {
        json.dumps(item, sort_keys=True): item for item in package.carried if canonical(item["name"]) != package.name
    }
    if inside:
        component["components"] = [
            {**item, "bom-ref": f"{purl}#{number}"} for number, item in enumerate(inside.values(), start=1)
        ]
    return component


def _licence_choice(licence: str) -> list[dict[str, Any]]:
    if re.search(r" (AND|OR|WITH) ", licence):
        return [{"expression": licence}]
    if licence.startswith("LicenseRef-"):
        return [{"license": {"name": licence}}]
    return [{"license": {"id": licence}}]


def licence_list(packages: Iterable[Package]) -> str:
    """Return the licences as text for a person: a table, then each package's own words."""
    packages = list(packages)
    width = max(len(f"{package.name} {package.version}") for package in packages)
    lines = ["Licences of the packages in this artefact", "この成果物に含まれるパッケージのライセンス", ""]
    lines += [f"{f'{package.name} {package.version}':<{width}}  {package.licence}" for package in packages]
    carrying = [package.name for package in packages if package.carried]
    lines += [
        "",
        f"Inside the wheels of {', '.join(carrying)} lie libraries whose licences those do not state; the bill of",
        "materials (.cdx.json) names each.",
        f"{'、'.join(carrying)} の wheel には、ライセンスの記載がないライブラリが含まれています。",
        "一つずつの名称は部品表(.cdx.json)にあります。",
    ]
    for package in packages:
        for text in package.texts:
            lines += ["", "=" * 100, f"{package.name} {package.version}", "=" * 100, "", text.strip()]
    return "\n".join(lines) + "\n"
