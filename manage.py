#!/usr/bin/env python
"""Run a Django command on this machine: `manage.py runserver`, `manage.py migrate`, ..."""

import os
import sys


def main() -> None:
    # Only this file chooses "local" by itself: a deployed function that lost its settings must stop,
    # not start with a developer's defaults.
    os.environ.setdefault("CLOISTER_STAGE", "local")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
