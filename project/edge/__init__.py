"""The Lambda edge: what stands between AWS's events and the Django application.

`start` does everything slow once, `deferred` keeps out of it what hardly anybody needs, `http` turns proxy events into
WSGI calls, `commands` runs what may be asked for outside HTTP, `database` keeps connections honest between
invocations, `snapshot` is SnapStart's.
"""
