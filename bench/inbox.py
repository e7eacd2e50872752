"""The inbox of 20 over HTTP, and its query and rendering alone, against the same rows by a bare psycopg2 `json_agg`."""

import io
from collections.abc import Callable
from typing import Any

from bench.companies import company, measured, run_in, set_up
from bench.measure import Ratio, in_turns, times

ROWS = 20
BARE = """
SELECT json_agg(row_to_json(item)) FROM (
  SELECT a.id AS assignment_id, a.asked_at, s.name, s.name_en, r.number, r.title, r.amount, r.submitted_at,
         r.post_title, r.department_name, r.department_name_en, t.code, t.name AS type_name, t.name_en AS type_name_en,
         p.id, p.applicant_id, o.family_name, o.given_name, o.name_en AS applicant_name_en
  FROM proposals_assignment a
  JOIN proposals_step s ON s.id = a.step_id
  JOIN proposals_revision r ON r.id = s.revision_id
  JOIN proposals_proposal p ON p.id = a.proposal_id
  JOIN proposals_proposaltype t ON t.id = p.type_id
  JOIN organization_person o ON o.id = p.applicant_id
  WHERE a.person_id = %s AND a.state = 'pending'
  ORDER BY a.asked_at, a.id LIMIT %s
) item
"""


def run() -> list[Ratio]:
    set_up()
    alias = company(proposals=1000)
    # Operations begin their transactions on the default database: a process of its own has this one as default.
    filled = run_in(alias, "-m", "bench.full_inbox", str(ROWS))
    with measured(alias):
        return _measure(int(filled))


def _measure(person_id: int) -> list[Ratio]:
    from django.core.wsgi import get_wsgi_application
    from django.db import connections
    from django.utils import timezone
    from rest_framework.renderers import JSONRenderer

    from api.organization.models import Person
    from api.proposals import queries
    from api.rest.authentication import issue_token
    from api.rest.inbox import inbox_item
    from bench.companies import Router

    person = Person.objects.get(pk=person_id)
    token, _expires_at = issue_token(person=person, at=timezone.now())
    application = get_wsgi_application()
    renderer = JSONRenderer()

    def request() -> None:
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": "/api/inbox",
            "QUERY_STRING": f"limit={ROWS}",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "HTTP_AUTHORIZATION": f"Bearer {token}",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "REMOTE_ADDR": "127.0.0.1",
        }
        status: list[str] = []

        def start_response(line: str, *_more: object) -> Callable[[bytes], object]:
            status.append(line)
            return io.BytesIO().write

        response = application(environ, start_response)
        body = b"".join(response)
        response.close()
        if status != ["200 OK"] or body.count(b"assignment_id") != ROWS:
            raise RuntimeError(f"the inbox answered {status} {body[:200]!r}")

    def query_and_render() -> bytes:
        rows = queries.inbox(person=person, after=None, limit=ROWS)
        rendered: bytes = renderer.render({"results": [inbox_item(row) for row in rows]})
        return rendered

    connection = connections[Router.alias]
    connection.ensure_connection()
    bare = connection.connection

    def json_agg() -> object:
        with bare.cursor() as cursor:
            cursor.execute(BARE, (person.pk, ROWS))
            return cursor.fetchone()

    seconds = in_turns({"request": request, "query": query_and_render, "bare": json_agg}, rounds=15, calls=40)
    than = "CPU of the same 20 rows by psycopg2 and json_agg"
    return [
        Ratio(bench="inbox", name="whole request", than=than, value=times(seconds["request"], seconds["bare"])),
        Ratio(bench="inbox", name="query and rendering", than=than, value=times(seconds["query"], seconds["bare"])),
    ]
