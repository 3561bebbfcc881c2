"""Asking for the archive of a person on the way into the party; a job makes it."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from liaoyuan.core import jobs
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Job, User
from liaoyuan.party.actions import entering
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.models import Applicant
from liaoyuan.party.queries import applicants
from liaoyuan.party.queries import development_dossier as queries

#: The job that makes it.
CODE = "party.dossier"


def permitted(applicant: Applicant, *, by: User, on: date) -> None:
    """Refused for who records no step of this person, and where the zone makes no papers (handbook §7.6)."""
    if not queries.may_take(by, applicant, on):
        raise PermissionDenied(str(Permission.MEMBERS_EDIT))
    if not queries.made_here():
        told = _("互联网区只登记发展党员的日期，不生成、不导出发展党员材料，请在政务外网办理。")
        raise entering.refusal("PRIVACY-ZONE", told)


def ask(*, applicant: Applicant, by: User, at: datetime) -> Job:
    """Have the archive of today made. Asked twice it is one job."""
    on = localdate(at)
    permitted(applicant, by=by, on=on)
    name = applicants.masked(applicant)
    return jobs.enqueue_on_commit(
        CODE, applicant.pk, key=f"{CODE}:{by.pk}:{applicant.pk}:{on.isoformat()}", by=by, at=at,
        label=_("发展党员材料：{name}").format(name=name), order={"on": on.isoformat()},
    )  # fmt: skip
