"""Sign people in without their passwords, whose hashing on purpose takes long: prints JSON of tokens and posts.

Run by the console's `as tasks PYTHON -m tests.deploy.rehearsal.tokens HOW-MANY`.
"""

import json
import os
import sys


def main(many: int) -> None:
    """Print one line: `[[token, post], ...]`."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "project.settings"
    import django

    django.setup()
    from django.utils import timezone

    from api.organization.models import Person, Post
    from api.rest.authentication import issue_token

    now = timezone.now()
    posts = Post.objects.filter(person__is_active=True, valid_to=None).order_by("person_id", "id")
    first = {post.person_id: post.pk for post in reversed(posts)}
    people = Person.objects.filter(pk__in=first).order_by("pk")[:many]
    if len(people) < many:
        raise SystemExit(f"there are only {len(people)} people with a post")
    told = [[issue_token(person=person, at=now)[0], first[person.pk]] for person in people]
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
