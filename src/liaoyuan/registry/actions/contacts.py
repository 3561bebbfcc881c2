"""电话记录: what came of a call or a visit, by code; the last contact of a call list and a line of the timeline."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core import events
from liaoyuan.core.access import Actor
from liaoyuan.core.actions.accounts import person
from liaoyuan.core.choices import ContactKind, Outcome
from liaoyuan.core.clock import localdate
from liaoyuan.core.models import Contact
from liaoyuan.core.queries import reminders
from liaoyuan.core.staging import note
from liaoyuan.kit.findings import Refused, Severity
from liaoyuan.registry.actions import organizations
from liaoyuan.registry.choices import Event, Permission
from liaoyuan.registry.models import Organization

#: A remark beside a code; what somebody thinks of a person is no business of a register.
MOST = 100


@transaction.atomic
def add(
    *, organization: Organization, outcome: str, by: Actor, at: datetime, kind: str = ContactKind.CALL,
    promised_on: date | None = None, text: str = "",
) -> Contact:  # fmt: skip
    """Write down a call or a visit. A promise needs its day, which is not past."""
    organization, row = organizations.entered(organization, Permission.EDIT, by=by)
    if outcome not in list(Outcome) or kind not in list(ContactKind):
        raise Refused([note("CONTACT-OUTCOME", Severity.BLOCK, _("请选择联系的结果。"), field_name="outcome")])
    if outcome == Outcome.PROMISED and (promised_on is None or promised_on < localdate(at)):
        raise Refused([note("CONTACT-DAY", Severity.BLOCK, _("请写明承诺在哪一天前办理，不能早于今天。"),
                            field_name="promised_on")])  # fmt: skip
    if len(text.strip()) > MOST:
        raise Refused([note("CONTACT-LONG", Severity.BLOCK, _("备注最多 {most} 个字。"), field_name="text", most=MOST)])
    made = Contact.objects.create(
        subject_kind=organizations.SUBJECT, subject_id=str(organization.pk), kind=kind, outcome=outcome,
        promised_on=promised_on if outcome == Outcome.PROMISED else None, contact_note=text.strip(), made_at=at,
        made_by=person(by),
    )  # fmt: skip
    told = f"{_(reminders.CONTACT_TITLES[kind])}：{reminders.words_of(made)}"
    events.record(
        Event.NOTE, organizations.subject(organization, row), by=by, at=at,
        payload={"kind": kind, "outcome": outcome, "contact": made.pk, "text": told},
    )  # fmt: skip
    return made
