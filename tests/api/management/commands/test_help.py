"""Every command tells how it is used."""

from pathlib import Path

import pytest
from django.core.management import load_command_class

import api.management.commands

COMMANDS = sorted(file.stem for file in Path(api.management.commands.__path__[0]).glob("[a-z]*.py"))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_names_every_option(name: str) -> None:
    parser = load_command_class("api", name).create_parser("manage.py", name)
    told = parser.format_help()
    assert all(option in told for action in parser._actions for option in action.option_strings)
