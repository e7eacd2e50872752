"""Modules that a start imports and hardly ever uses: a stand-in takes their place until somebody needs them.

Django imports asyncio, e-mail, its debug pages and an SQL formatter wherever it might want them; together that was a
tenth of a cold start (ADR 23). `LATER` names what others take from such a module by `from ... import`: the stand-in
gives something that loads the module when it is called or derived from. Anything else that is asked of a stand-in
loads the module at once, so that a name missing below costs time and nothing more.
"""

import collections.abc
import importlib
import importlib.machinery
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

LATER: dict[str, tuple[str, ...]] = {
    "asyncio": (),
    "asyncio.coroutines": (),
    "django.core.checks.caches": (),  # registers checks, which only `manage.py check` runs; brings pickle
    "django.core.management.color": ("color_style",),
    "django.core.mail": ("get_connection", "mail_admins", "mail_managers", "send_mail"),
    "django.forms": ("FilePathField", "ImageField"),  # Django REST framework's fields call these two
    "django.template.autoreload": (),  # for the development server
    "django.views.debug": (),
    "sqlparse": (),
    "ssl": (),
    "subprocess": (),
}
"""Module -> what others import from it by name, functions and classes."""


def install() -> None:
    """Put a stand-in in the place of every module of `LATER` that is not imported yet."""
    sys.meta_path.insert(0, _Submodules())
    for name, taken in LATER.items():
        if name not in sys.modules:
            sys.modules[name] = _StandIn(name, taken)
    coroutines = sys.modules.get("asyncio.coroutines")
    if isinstance(coroutines, _StandIn) and isinstance(asyncio := sys.modules["asyncio"], _StandIn):
        # What Django asks at each request and each query, and logging at each line.
        vars(asyncio).update(
            coroutines=coroutines,
            iscoroutine=_iscoroutine,
            get_running_loop=_of_a_running_loop("get_running_loop"),
            current_task=_of_a_running_loop("current_task"),
        )


def load_all() -> None:
    """Load every module that a stand-in still stands for: a management command may look for any of them."""
    for name in LATER:
        load(name)


def load(name: str) -> types.ModuleType:
    """Load a module, instead of its stand-in if it has one."""
    if isinstance(sys.modules.get(name), _StandIn):
        sys.modules.pop(name, None)
    return importlib.import_module(name)


class _StandIn(types.ModuleType):
    def __init__(self, name: str, names: Sequence[str]) -> None:
        super().__init__(name)
        vars(self).update({one: _Later(name, one) for one in names}, __path__=[])

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__"):  # the import system's own questions
            raise AttributeError(attribute)
        return getattr(load(self.__name__), attribute)


class _Submodules:
    """Finds what lies inside a package that a stand-in stands for, by loading the package."""

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        parent = name.rpartition(".")[0]
        if not isinstance(sys.modules.get(parent), _StandIn):
            return None
        package = load(parent)
        if name in sys.modules:  # the package has imported it already; a second one would be another module
            loader: Any = _Loaded(sys.modules[name])  # deriving it from importlib.abc would cost six more modules
            return importlib.machinery.ModuleSpec(name, loader)
        return importlib.machinery.PathFinder.find_spec(name, package.__path__)


class _Loaded:
    """Gives a module that is there already."""

    def __init__(self, module: types.ModuleType) -> None:
        self.module = module
        self.spec = module.__spec__

    def create_module(self, _: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return self.module

    def exec_module(self, module: types.ModuleType) -> None:
        module.__spec__ = self.spec


class _Later:
    """A function or class of a module, taken by name before the module was needed: loads it when it is used."""

    def __init__(self, module: str, name: str) -> None:
        self._place = module, name
        self.__name__ = self.__qualname__ = name

    def _real(self) -> Any:
        module, name = self._place
        return getattr(load(module), name)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._real()(*arguments, **named)

    def __getattr__(self, attribute: str) -> Any:
        return getattr(self._real(), attribute)

    def __mro_entries__(self, _: tuple[object, ...]) -> tuple[type, ...]:
        return (self._real(),)  # PEP 560: whoever derives a class from it derives from the real one

    def __instancecheck__(self, thing: object) -> bool:
        return isinstance(thing, self._real())

    def __subclasscheck__(self, kind: type) -> bool:
        return issubclass(kind, self._real())


def _iscoroutine(thing: object) -> bool:
    # As asyncio.coroutines.iscoroutine of Python 3.13 does.
    return isinstance(thing, types.CoroutineType | collections.abc.Coroutine)


def _of_a_running_loop(name: str) -> Callable[..., Any]:
    """Return asyncio's function of that name; it refuses as long as asyncio is not imported, when no loop can run."""

    def ask(*arguments: Any) -> Any:
        asyncio = sys.modules["asyncio"]
        is_there = not isinstance(asyncio, _StandIn)
        if is_there:
            return getattr(asyncio, name)(*arguments)
        raise RuntimeError("no running event loop")

    return ask
