"""What is installed but never runs in the function, with the reason; tests run the artefact without it.

Measured on x86_64 (docs/adr/0021): everything 62 MB unzipped, what is left 21 MB.
"""

from pathlib import Path, PurePosixPath

LANGUAGES = {"ja", "en"}

# Patterns of pathlib's full_match over the path inside the artefact, each with the reason.
UNUSED: dict[str, str] = {
    "bin/**": "console scripts; nothing runs them",
    "**/*.po": "only the compiled catalogues are read",
    "**/*.pyi": "read by type checkers only",
    "*/tests/**": "packages' own tests",
    "*/static/**": "the API serves JSON; the page lives in a bucket",
    "django/contrib/*/static/**": "the same",
    "django/contrib/*/templates/**": "no page is rendered",
    "django/contrib/*/jinja2/**": "no page is rendered",
    "django/forms/jinja2/**": "no page is rendered",
    "django/forms/templates/**": "no form is rendered",
    "django/conf/app_template/**": "for startapp",
    "django/conf/project_template/**": "for startproject",
    "rest_framework/templates/**": "only JSON is rendered",
    "*.dist-info/**": "for installers; licences and bills of materials lie beside the artefact",
    "axes/__init__.py": "looks its version up among distributions, 25 ms of each start, see STUBS",
    "django/views/generic/__init__.py": "imports every generic view and all of django.forms, see STUBS",
    "rest_framework/schemas/**": "for documents made in development, 20 ms of each start, see STUBS",
    "tzdata/zoneinfo/*.tab": "for programs that list zones",
    "tzdata/zoneinfo/*.zi": "the same data as text",
    "tzdata/zoneinfo/leapseconds": "for programs that count them",
    "django/views/templates/**": "no page is rendered",
    "django/contrib/admin/**": "no administration site; only DRF's schemas reach it",
    "django/contrib/admindocs/**": "the same",
    "django/contrib/flatpages/**": "not installed as an application",
    "django/contrib/gis/**": "not installed as an application",
    "django/contrib/humanize/**": "not installed as an application",
    "django/contrib/messages/**": "for pages",
    "django/contrib/postgres/**": "not installed; DRF imports it only where it is there",
    "django/contrib/redirects/**": "not installed as an application",
    "django/contrib/sessions/**": "sign-in is by token in a header",
    "django/contrib/sitemaps/**": "not installed as an application",
    "django/contrib/staticfiles/**": "the page lives in a bucket",
    "django/contrib/syndication/**": "not installed as an application",
    "django/db/backends/mysql/**": "the database is PostgreSQL",
    "django/db/backends/oracle/**": "the database is PostgreSQL",
    "django/test/**": "for tests",
    "django/contrib/auth/admin.py": "no administration site",
    "django/core/servers/**": "for runserver",
    "axes/admin.py": "no administration site",
    "axes/management/**": "no event may ask for these commands",
    "jsonschema/benchmarks/**": "for jsonschema's authors",
    "jsonschema/cli.py": "for a shell",
    "rest_framework/authtoken/**": "not installed as an application; tokens are knox's",
    "rest_framework/test.py": "for tests",
}

# Commands that make or change sources, or serve on a developer's machine (`check` loads makemigrations).
_DEVELOPERS_COMMANDS = (
    "compilemessages",
    "makemessages",
    "optimizemigration",
    "runserver",
    "squashmigrations",
    "startapp",
    "startproject",
    "test",
    "testserver",
)
UNUSED |= {f"django/core/management/commands/{name}.py": "for developers" for name in _DEVELOPERS_COMMANDS}

# Commands that no event may run (project/application.py), and nothing else loads.
_REFUSED_COMMANDS = (
    "createcachetable",
    "dbshell",
    "diffsettings",
    "dumpdata",
    "inspectdb",
    "loaddata",
    "sendtestemail",
    "shell",
    "sqlflush",
    "sqlmigrate",
    "sqlsequencereset",
)
UNUSED |= {f"django/core/management/commands/{name}.py": "refused in the function" for name in _REFUSED_COMMANDS}

# Modules that stand in for removed ones, because something imports a name from them and never uses it.
STUBS = {
    "axes/__init__.py": "__version__ = 'as locked'\n",
    # The same names, each imported when it is asked for: only View ever is.
    "django/views/generic/__init__.py": (
        "import importlib\n"
        "_PLACES = {\n"
        "    'base': ('RedirectView', 'TemplateView', 'View'),\n"
        "    'dates': ('ArchiveIndexView', 'DateDetailView', 'DayArchiveView', 'MonthArchiveView',\n"
        "              'TodayArchiveView', 'WeekArchiveView', 'YearArchiveView'),\n"
        "    'detail': ('DetailView',),\n"
        "    'edit': ('CreateView', 'DeleteView', 'FormView', 'UpdateView'),\n"
        "    'list': ('ListView',),\n"
        "}\n"
        "__all__ = [*(name for names in _PLACES.values() for name in names), 'GenericViewError']\n"
        "class GenericViewError(Exception):\n"
        "    pass\n"
        "def __getattr__(name):\n"
        "    for module, names in _PLACES.items():\n"
        "        if name in names:\n"
        "            return getattr(importlib.import_module(f'django.views.generic.{module}'), name)\n"
        "    raise AttributeError(name)\n"
    ),
    "rest_framework/schemas/__init__.py": (
        "class DefaultSchema:\n"
        "    def __get__(self, view, kind):\n"
        "        raise NotImplementedError('rest_framework.schemas was trimmed: deploy/artefact/trim.py')\n"
    ),
}


def trim(folder: Path) -> dict[str, int]:
    """Delete what never runs and return pattern -> bytes deleted; a rule that deletes nothing has outlived itself."""
    deleted = dict.fromkeys([*UNUSED, "locale"], 0)
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        inside = PurePosixPath(file.relative_to(folder).as_posix())
        rule = _rule(inside)
        if rule:
            deleted[rule] += file.stat().st_size
            file.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    for name, text in STUBS.items():
        stub = folder / name
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text(text)
    return deleted


def _rule(inside: PurePosixPath) -> str | None:
    """Return the pattern by which the file is not wanted, "locale" for another language, or None to keep it."""
    parts = inside.parts
    if "locale" in parts[:-2]:
        language = parts[parts.index("locale") + 1]
        if language not in LANGUAGES:
            return "locale"
    return next((pattern for pattern in UNUSED if inside.full_match(pattern)), None)
