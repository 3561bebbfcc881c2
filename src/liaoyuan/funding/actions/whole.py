"""Writing several sections of an application as one step: from a file, another program, or back from a kept version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from liaoyuan.core.access import Actor
from liaoyuan.funding.actions import entering, handing_in, projects
from liaoyuan.funding.choices.codes import Permission
from liaoyuan.funding.models import Project, Revision
from liaoyuan.funding.params.application_form import SECTION_TITLES
from liaoyuan.funding.queries.contents import whole
from liaoyuan.funding.queries.incoming import Incoming
from liaoyuan.kit.findings import Refused


@transaction.atomic
def save(
    *, project: Project, told: Mapping[str, Any], version: int | None = None, occasion: str = "", on_behalf: str = "",
    by: Actor, at: datetime,
) -> Project:  # fmt: skip
    """Save the sections that `told` names, in the shape of `contents.content`, by the actions of the sections; all of
    them or none. Refused cell by cell. With an `occasion` what stood before is kept as a version, to go back to.
    """
    if not projects.may_write(by, project):
        raise PermissionDenied(str(Permission.OWN_EDIT))
    entering.lock(bodies=[(project.round_id, project.organization_id)])
    row = entering.living_project(project, version)
    if row.state not in projects.WRITABLE:
        raise entering.refusal("PROJECT-STATE", _("申报书已提交，不能再改。要改请先撤回，或等待退回补正。"))
    reader = Incoming(row)
    values = reader.read(told)
    if reader.findings:
        raise Refused(reader.findings)
    if occasion:
        handing_in.keep(whole(entering.living_project(row)), occasion, by=by, at=at)
    write: dict[str, Any] = {"on_behalf": on_behalf, "by": by, "at": at}
    if "basic" in values:
        projects.save_basic(project=row, values=values["basic"], **write)
    if "content" in values:
        projects.save_texts(project=row, values=values["content"], **write)
    if "team" in values and "budget" in values:  # whom the old budget pays may leave the team
        projects.save_budget(project=row, lines=[], **write)
    if "team" in values:
        known = {member.name: member.pk for member in row.team.all()}
        lines = [{**line, "pk": known.pop(line["name"], None)} for line in values["team"]]
        projects.save_team(project=row, lines=lines, **write)
    for section in ("plan", "outcomes", "risks", "pledges"):
        if section in values:
            projects.save_rows(project=row, section=section, lines=values[section], **write)
    if "budget" in values:
        projects.save_budget(project=row, lines=_paid(row, values["budget"]), **write)
    return entering.living_project(row)


def _paid(row: Project, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines of the budget with the key of whom of the team each pays. Refused when nobody is called so."""
    members = {member.name: member.pk for member in row.team.all()}
    for number, line in enumerate(lines, 1):
        if line["member"] and line["member"] not in members:
            told = _("团队里没有“{name}”。")
            raise entering.refusal("FORM-CELL", told, f"budget.{number}.member", name=line["member"])
    return [{**line, "member": members.get(line["member"])} for line in lines]


def go_back(
    *, project: Project, revision: Revision, version: int | None = None, on_behalf: str = "", by: Actor, at: datetime
) -> Project:
    """Put the content of a kept version of this application in the place of what stands there, which is kept itself."""
    if revision.project_id != project.pk:
        raise entering.refusal("REVISION-OTHER", _("这不是这份申报书的版本。"))
    told = {section: revision.content[section] for section in SECTION_TITLES if section in revision.content}
    return save(
        project=project, told=told, version=version, occasion="put_back", on_behalf=on_behalf, by=by, at=at
    )  # fmt: skip
