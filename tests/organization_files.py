"""Files of an organisation as an administrator's page sends them."""

import base64
from pathlib import Path
from typing import Any

from api.integrations.directory import sent_files
from api.organization import sync
from api.organization.ports import Noun

FOLDER = Path(__file__).parent / "api/integrations/directory/files"
_PEOPLE = "employee_number,username,family_name,given_name,family_name_kana,given_name_kana,name_en,email,active\n"
_POSTS = "employee_number,department_code,title_code,title,rank,primary,valid_from,valid_to\n"
_DEPARTMENTS = "code,name,name_en,parent_code,valid_from,valid_to\n"


def contents(count: int = 5, *, leaving: int = 0) -> dict[Noun, bytes]:
    """Return files of a company of `count` people, the first `leaving` of whom are employed no more."""
    rows = [f"{n:04},user{n},姓{n},名{n},,,,,{0 if n < leaving else 1}\n" for n in range(count)]
    return {
        Noun.DEPARTMENTS: f"{_DEPARTMENTS}Z1,青葉本社,,,2020-04-01,\n".encode("cp932"),
        Noun.PEOPLE: (_PEOPLE + "".join(rows)).encode("cp932"),
        Noun.POSTS: f"{_POSTS}{count - 1:04},Z1,X,社員,10,1,2026-04-01,\n".encode("cp932"),
    }


def broken() -> dict[Noun, bytes]:
    """Return files with something wrong in most lines."""
    return {noun: (FOLDER / "broken" / f"{noun}.csv").read_bytes() for noun in Noun}


def sent(files: dict[Noun, bytes]) -> dict[str, Any]:
    """Return the member `files` of a request."""
    return {
        noun.value: {"name": f"{noun}.csv", "content": base64.b64encode(data).decode()} for noun, data in files.items()
    }


def digest(files: dict[Noun, bytes]) -> str:
    """Return what a preview of the files would be applied by."""
    snapshot = sent_files.read({noun: (f"{noun}.csv", data) for noun, data in files.items()})
    return sync.preview(snapshot=snapshot).difference.digest()
