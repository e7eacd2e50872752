"""Stand-ins for modules that a start imports in vain. Each script runs in a Python of its own, nothing loaded."""

import subprocess
import sys

import pytest

from tests.deploy.paths import ROOT

BEGIN = "import sys; from project.edge import deferred; deferred.install(); "


def run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + script], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("name", ["asyncio", "sqlparse", "subprocess"])
def test_importing_loads_nothing_and_using_loads_the_module(name: str) -> None:
    script = f"""
import {name}
print({name}.__file__ if hasattr({name}, '__file__') else 'stand-in')
attribute = {{'asyncio': 'Queue', 'sqlparse': 'split', 'subprocess': 'PIPE'}}[{name!r}]
getattr({name}, attribute)
print(getattr(sys.modules[{name!r}], attribute) is getattr({name}, attribute), bool(sys.modules[{name!r}].__file__))
"""
    assert run(script).split("\n") == ["stand-in", "True True"]


def test_a_loop_that_runs_is_found_by_whoever_asked_before() -> None:
    script = """
from asyncio import get_running_loop, iscoroutine
try:
    get_running_loop()
except RuntimeError as error:
    print(error)
async def work():
    return get_running_loop().is_running()
waiting = work()
print(iscoroutine(waiting), iscoroutine(None), 'asyncio.events' in sys.modules)
import asyncio
print(asyncio.run(waiting))
try:
    get_running_loop()
except RuntimeError as error:
    print(error)
"""
    assert run(script).split("\n") == [
        "no running event loop",
        "True False False",
        "True",
        "no running event loop",
    ]


def test_a_line_in_the_log_loads_nothing_and_knows_its_task_where_there_is_one() -> None:
    script = """
import asyncio, logging
logging.basicConfig(format='%(taskName)s %(message)s', stream=sys.stdout)
logging.warning('first')
print('asyncio.events' in sys.modules)
async def work():
    logging.warning('second')
asyncio.run(work())
"""
    assert run(script).split("\n") == ["None first", "False", "Task-1 second"]


@pytest.mark.parametrize("name", ["asyncio.events", "asyncio.subprocess", "django.core.mail.message", "sqlparse.sql"])
def test_a_module_inside_a_package_that_is_not_loaded_is_found_once(name: str) -> None:
    package = name.rpartition(".")[0]
    script = f"""
import importlib
module = importlib.import_module({name!r})
package = importlib.import_module({package!r})
inside = sys.modules[{name!r}]
is_attribute = getattr(package, {name.rpartition(".")[2]!r}) is inside
print(module is inside, is_attribute, inside.__spec__.origin == inside.__file__)
"""
    assert run(script) == "True True True"


def test_functions_taken_by_name_work_and_classes_are_the_real_ones() -> None:
    script = """
from django.core.mail import get_connection
print(get_connection.__name__, 'django.core.mail.message' in sys.modules)
from django.core.mail import EmailMessage
print(EmailMessage.__module__)
from django.conf import settings
settings.configure(EMAIL_BACKEND='django.core.mail.backends.locmem.EmailBackend')
print(type(get_connection()).__module__)
"""
    assert run(script).split("\n") == [
        "get_connection False",
        "django.core.mail.message",
        "django.core.mail.backends.locmem",
    ]


def test_what_stands_for_a_module_has_names_that_the_module_has() -> None:
    script = """
from django.conf import settings
settings.configure()
for name, taken in deferred.LATER.items():
    module = deferred.load(name)
    print(*(one for one in taken if not callable(getattr(module, one, None))), end='')
"""
    assert run(script) == ""


def test_a_class_taken_by_name_can_be_called_derived_from_and_asked_about() -> None:
    script = """
from django.forms import ImageField
print('django.forms.fields' in sys.modules)
from django.conf import settings
settings.configure()
class Photo(ImageField):
    pass
from django.forms.fields import ImageField as Real
print(Photo.__mro__[1] is Real, isinstance(Photo(), ImageField), issubclass(Photo, ImageField), ImageField.widget)
print(type(ImageField()) is Real)
"""
    lines = run(script).split("\n")
    assert lines == ["False", "True True True <class 'django.forms.widgets.ClearableFileInput'>", "True"]


def test_a_command_finds_every_module_loaded() -> None:
    script = """
from django.conf import settings
settings.configure()
deferred.load_all()
print(*(name for name in deferred.LATER if not getattr(sys.modules[name], '__file__', None)), end='')
"""
    assert run(script) == ""
