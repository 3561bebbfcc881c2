"""What every action of this floor does first and last: permission, locks, the subject of its event."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from liaoyuan.core import locks
from liaoyuan.core.access import Actor
from liaoyuan.core.models import User
from liaoyuan.core.staging import note
from liaoyuan.kit.findings import Finding, Refused, Severity
from liaoyuan.people.choices import Permission
from liaoyuan.people.models import Person, Profile
from liaoyuan.people.queries import bodies
from liaoyuan.registry.models import Organization

SUBJECT = "person"


def recorder(by: Actor | None) -> User | None:
    """The account that stands in `recorded_by`; the operator of the command line has none."""
    return by if isinstance(by, User) else None


def require(by: Actor, *organizations: Organization) -> None:
    """Refuse unless one grant of `by` lets him write the persons of each of the bodies."""
    for organization in organizations:
        if not bodies.may_write(by, organization):
            raise PermissionDenied(str(Permission.EDIT))


def lock(*, persons: Iterable[int] = (), organizations: Iterable[int] = ()) -> None:
    """Wait for everybody else who writes these persons or these bodies' posts: persons first, in order."""
    for pk in sorted(set(persons)):
        locks.one_at_a_time("people.person", pk)
    for pk in sorted(set(organizations)):
        locks.one_at_a_time("people.organization", pk)


def living(person: Person, version: int | None = None) -> Person:
    """The person again, under the lock. Refused when he was merged or voided, or changed since the page was opened."""
    found = Person.objects.select_for_update().get(pk=person.pk)
    if found.merged_at is not None or found.voided_at is not None:
        raise refusal("PER-GONE", _("这名人员已合并或作废，请重新查找。"))
    if version is not None and found.version != version:
        raise refusal("PER-STALE", _("您打开页面之后，别人修改了这名人员。请核对最新内容后再保存。"))
    return found


def touched(person: Person) -> None:
    """Something about the person changed: an older page does not hold any more."""
    person.version += 1
    person.save(update_fields=["version"])


def told_by(person: Person, organization: Organization) -> Profile:
    """What the body tells of the person. Refused when it has not entered him."""
    found = Profile.objects.current().filter(person=person, organization=organization).first()
    if found is None:
        raise refusal("PER-UNKNOWN", _("本组织还没有录入这名人员。"))
    return found


def subject(person: Person, name: str) -> tuple[str, str, str]:
    """The person as the subject of an event. The label is masked: it stands in lists of the audit."""
    return SUBJECT, str(person.pk), f"{name[:1]}*"


def refusal(code: str, sentence: str, field: str = "", **args: Any) -> Refused:
    """One blocking finding of the product itself."""
    return Refused([note(code, Severity.BLOCK, sentence, field_name=field, **args)])


def doubt(code: str, sentence: str, field: str = "", **args: Any) -> Finding:
    """Something that a person confirms."""
    return note(code, Severity.CONFIRM, sentence, field_name=field, **args)


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON holds them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
