"""Every key of a stage file as data: its kind, its safe default, and why anyone would change it.

`init` writes the file from these tables, `stage.read` checks against them, and `docs/stage.md` is made from them.
"""

from deploy.keys import network, service
from deploy.keys.key import DESTINATION_KEYS, EXCEPTION_KEYS, SECTIONS, TABLES, TAG, Key

_SECTIONS = list(SECTIONS)

KEYS: tuple[Key, ...] = tuple(sorted((*service.KEYS, *network.KEYS), key=lambda key: _SECTIONS.index(key.section)))
BY_PATH: dict[str, Key] = {key.path: key for key in KEYS}

__all__ = ["BY_PATH", "DESTINATION_KEYS", "EXCEPTION_KEYS", "KEYS", "SECTIONS", "TABLES", "TAG", "Key"]
