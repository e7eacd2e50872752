"""Let a full page wait for someone in this process's database, and print who: `python -m bench.full_inbox ROWS`."""

import sys

from bench.companies import set_up


def main(rows: int) -> int:
    """Submit again what somebody is asked first, until `rows` of it wait for them; return the person's id."""
    set_up()
    from django.utils import timezone

    from api.proposals import operations
    from api.proposals.models import Assignment

    waiting = Assignment.objects.filter(state="pending")
    asked = waiting.filter(step__order=1).select_related("proposal__type", "proposal__applicant")[0]
    pattern = asked.proposal
    while waiting.filter(person=asked.person_id).count() < rows:
        copy = operations.create_draft(
            type_code=pattern.type.code,
            post_id=pattern.post_id,
            title=pattern.title,
            content=pattern.content,
            by=pattern.applicant,
            at=timezone.now(),
        )
        operations.submit(proposal_id=copy.pk, version=copy.version, by=pattern.applicant, at=timezone.now())
    return asked.person_id


if __name__ == "__main__":
    print(main(int(sys.argv[1])))
