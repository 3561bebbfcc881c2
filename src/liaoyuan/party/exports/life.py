"""Sheets of a branch's year: F05 (meetings), F06 (theme days), F10 (review; the branch's own, in zone gov only).

The same rows give the same bytes. Totals of small votes stand there for whoever may see them; no sheet says who voted.
"""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from liaoyuan.core import access, reads, zones
from liaoyuan.core.access import Actor
from liaoyuan.core.clock import localdate
from liaoyuan.core.queries import files
from liaoyuan.kit.money import format_yuan
from liaoyuan.kit.sheets import writing
from liaoyuan.kit.sheets.writing import Column
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.choices.life import GRADE_TITLES, MEETING_TITLES, Grade, MeetingKind, Presence
from liaoyuan.party.models import Attendance, Decision, Meeting, MeetingTask, PartyOrganization
from liaoyuan.party.queries import meetings, organizations, reviews, voters

F05 = (
    Column("支部", key="branch", width=24), Column("会议类型", key="kind", width=16),
    Column("届次/编号", key="number"), Column("日期", key="on", width=12), Column("起止时间", key="times", width=14),
    Column("地点", key="place", width=18),
    Column("主持人", key="host"), Column("记录人", key="recorder"), Column("应到", key="expected"),
    Column("实到", key="present"), Column("缺席及原因", key="absent", width=24),
    Column("列席", key="observers", width=18),
    Column("议题", key="topic", width=24), Column("学习内容", key="content", width=24),
    Column("发言摘要", key="minutes", width=40), Column("决议", key="resolution", width=24),
    Column("赞成/反对/弃权", key="totals", width=24), Column("照片编号", key="photos", width=14),
    Column("落实责任人及时限", key="tasks", width=24),
)  # fmt: skip
F06 = (
    Column("月份", key="month"), Column("主题", key="topic", width=24), Column("时间", key="on", width=18),
    Column("地点", key="place", width=18), Column("参加人数", key="present"), Column("内容", key="content", width=40),
    Column("成效", key="effect", width=24), Column("经费", key="cost"), Column("照片", key="photos", width=14),
)  # fmt: skip
F10 = (
    Column("姓名", key="name"), Column("自评", key="self"), Column("互评(优/合/基/不)", key="mutual", width=18),
    Column("票数", key="papers"), Column("支部意见", key="grade", width=14), Column("问题清单", key="faults", width=24),
    Column("整改措施", key="remedy", width=24), Column("时限", key="until"),
)  # fmt: skip
#: Kind of sheet → columns and the name of the file.
KINDS: dict[str, tuple[tuple[Column, ...], str]] = {
    "f05": (F05, "三会一课记录"), "f06": (F06, "主题党日登记表"), "f10": (F10, "民主评议党员"),
}  # fmt: skip


def write(*, kind: str, party: PartyOrganization, year: int, path: Path, by: Actor, at: datetime) -> int:
    """Write one sheet of a branch's year and log it; returns the number of rows.

    F05 and F06 need the life of the branch; F10 the branch's own committee and zone gov.
    """
    access.require(by, Permission.LIFE_EDIT, party)
    if kind == "f10":
        allowed = zones.allowed(settings.ZONE, reviews.FIELD, zones.Op.EXPORT)
        if not allowed or not reviews.branch_itself(by, party):
            raise PermissionDenied
    columns, title = KINDS[kind]
    told = {"f05": _meetings, "f06": _theme_days, "f10": _grades}[kind](party, year, by, localdate(at))
    rows = [[line.get(column.key, "") for column in columns] for line in told]
    notes = [[_("党支部"), organizations.name_of(party)], [_("年度"), str(year)]]
    notes.append([_("导出日期"), localdate(at).isoformat()])
    if kind == "f10":
        notes.append([_("保管"), _("只限本支部使用，用后妥善保管，不得转发。")])
    count = writing.write_xlsx(path, columns, rows, sheet=_(title), notes=notes)
    reads.exported(f"party.{kind}", rows=count, by=by, at=at, filters={"party": party.pk, "year": year},
                   sensitive=kind == "f10")  # fmt: skip
    return count


def _photos(rows: list[Meeting]) -> dict[str, str]:
    found = files.of_subjects(meetings.SUBJECT, [row.pk for row in rows])
    return {
        key: "、".join(f"P{one.pk}" for one in told if one.purpose == "meeting_photo") for key, told in found.items()
    }


def _held(party: PartyOrganization, year: int) -> Any:
    rows = Meeting.objects.held().filter(party_organization=party, year=year)
    return rows.select_related("party_organization__area").order_by("held_on", "pk")


def _times(meeting: Meeting) -> str:
    return "–".join(t.strftime("%H:%M") for t in (meeting.starts, meeting.ends) if t)


def _meetings(party: PartyOrganization, year: int, by: Actor, on: date) -> Iterator[dict[str, Any]]:
    rows = list(_held(party, year).exclude(kind=MeetingKind.THEME_DAY))
    keys = [row.pk for row in rows]
    sheet: dict[int, list[Attendance]] = {}
    for one in Attendance.objects.filter(meeting__in=keys).order_by("meeting", "member"):
        sheet.setdefault(one.meeting_id, []).append(one)
    names = voters.names(one.member_id for told in sheet.values() for one in told)
    totals: dict[int, list[str]] = {}
    decided = Decision.objects.filter(meeting__in=keys, closed_at__isnull=False).order_by("meeting", "number")
    for decision in decided.select_related("meeting__party_organization__area"):
        limits = organizations.limits(party, decision.meeting.held_on)
        shown = meetings.totals_shown(by, decision, limits)
        word = f"{decision.yes}/{decision.no}/{decision.abstain}" if shown else _("（不显示）")
        result = _("通过") if decision.carried else _("未通过")
        totals.setdefault(decision.meeting_id, []).append(f"{decision.subject}：{word} {result}")
    tasks: dict[int, list[str]] = {}
    for task in MeetingTask.objects.filter(meeting__in=keys).order_by("meeting", "until", "pk"):
        tasks.setdefault(task.meeting_id, []).append(f"{task.what}：{task.who}，{task.until.isoformat()}")
    photos, branch = _photos(rows), organizations.name_of(party)
    for row in rows:
        told = sheet.get(row.pk, [])
        absent = [f"{names.get(a.member_id, '')}（{a.reason or _('书面意见')}）" for a in told
                  if a.voting and a.status == Presence.ABSENT]  # fmt: skip
        beside = [names.get(a.member_id, "") for a in told if a.status == Presence.OBSERVER]
        yield {
            "branch": branch, "kind": _(MEETING_TITLES[MeetingKind(row.kind)]), "number": f"{row.year}-{row.number}",
            "on": row.held_on.isoformat(), "times": _times(row), "place": row.place, "host": row.host,
            "recorder": row.recorder, "expected": row.expected, "present": row.present, "absent": "；".join(absent),
            "observers": "、".join([*beside, row.observers] if row.observers else beside), "topic": row.topic,
            "content": row.content, "minutes": row.minutes, "resolution": row.resolution,
            "totals": "；".join(totals.get(row.pk, ())), "photos": photos.get(str(row.pk), ""),
            "tasks": "；".join(tasks.get(row.pk, ())),
        }  # fmt: skip


def _theme_days(party: PartyOrganization, year: int, by: Actor, on: date) -> Iterator[dict[str, Any]]:
    rows = list(_held(party, year).filter(kind=MeetingKind.THEME_DAY))
    photos = _photos(rows)
    for row in rows:
        there = Attendance.objects.filter(meeting=row, status__in=[Presence.PRESENT.value, Presence.OBSERVER.value])
        yield {
            "month": row.held_on.month, "topic": row.topic, "on": f"{row.held_on.isoformat()} {_times(row)}".strip(),
            "place": row.place, "present": there.count() + row.observed, "content": row.content or row.minutes,
            "effect": row.effect, "cost": format_yuan(row.cost) if row.cost is not None else "",
            "photos": photos.get(str(row.pk), ""),
        }  # fmt: skip


def _grades(party: PartyOrganization, year: int, by: Actor, on: date) -> Iterator[dict[str, Any]]:
    grades = reviews.grades(by, party, year, on)
    names = voters.names(grades)
    for key, grade in grades.items():
        yield {"name": names.get(key, ""), "grade": _(GRADE_TITLES[Grade(grade)])}
