"""Fifty people at once on several workers: nobody meets an error. `make bench` records how long they wait."""

from pathlib import Path

from tests.deploy.rehearsal.standing import Rehearsal, crowd

PEOPLE, SECONDS = 50, 15


def test_fifty_people_work_at_once(rehearsal: Rehearsal, tmp_path: Path) -> None:
    told = crowd(rehearsal, tmp_path, people=PEOPLE, seconds=SECONDS)

    assert told["errors"] == []
    assert len(told["together"]) >= PEOPLE  # everybody came to do something
    [[drafts]] = rehearsal.rows(
        "SELECT count(DISTINCT applicant_id) FROM proposals_proposal WHERE title LIKE 'crowd %'"
    )
    assert drafts > 1
    assert rehearsal.document("facts")["environments"] > 1
