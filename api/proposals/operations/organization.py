"""Taking over the organisation from an administrator's files: looked at first, then exactly what was shown."""

import datetime as dt

from django.db import transaction

from api.organization import sync
from api.organization.difference import Difference
from api.organization.models import Person, SyncRun
from api.organization.ports import BadSnapshot, OrganizationSnapshot
from api.proposals import audit
from api.proposals.errors import AdministratorsOnly
from api.proposals.people_errors import MassDeactivationNotConfirmed, OrganizationMoved, OrganizationNotUsable


def look_at_organization(*, snapshot: OrganizationSnapshot, by: Person) -> sync.Preview:
    """Return what the snapshot would change; raises `AdministratorsOnly`, and `BadSnapshot` with every problem."""
    if not by.is_administrator:
        raise AdministratorsOnly()
    return sync.preview(snapshot=snapshot)


@transaction.atomic
def take_over_organization(
    *, snapshot: OrganizationSnapshot, shown: str, deactivating: int | None, by: Person, at: dt.datetime
) -> Difference:
    """Apply what `by` was shown (`shown` is its digest) and nothing else; return it.

    Raises `OrganizationNotUsable`, `OrganizationMoved` and `MassDeactivationNotConfirmed`; then nothing has changed.
    """
    if not by.is_administrator:
        raise AdministratorsOnly()
    try:
        difference = sync.synchronize(snapshot=snapshot, at=at, by=by, shown=shown, deactivating=deactivating)
    except BadSnapshot as error:
        raise OrganizationNotUsable(count=len(error.problems)) from error
    except sync.DifferenceMoved as error:
        raise OrganizationMoved() from error
    except sync.MassDeactivation as mass:
        raise MassDeactivationNotConfirmed(leaving=mass.leaving, active=mass.active) from mass
    if difference.changes:
        run = SyncRun.objects.order_by("-pk").values_list("pk", flat=True)[0]  # ours: others wait for their turn
        audit.record(kind="organization_changed", at=at, by=by, sync_run_id=run, digest=shown)
    return difference
