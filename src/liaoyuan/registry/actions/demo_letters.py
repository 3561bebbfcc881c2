"""The demo's documents: two offices with their signs, and about the invented body a notice, a draft and a publicity."""

from datetime import datetime

from liaoyuan.core.access import Actor
from liaoyuan.core.actions import document_numbers, documents
from liaoyuan.core.documents import pdf
from liaoyuan.core.models import Area, User
from liaoyuan.registry.models import Organization

_NOTICE = {
    "title": "关于参加社会组织财务培训的通知",
    "content": "为帮助社会组织规范财务管理，定于近期举办财务培训。\n请你单位安排财务人员参加。",
    "contact": "演示",
}
_PUBLICITY = {
    "title": "关于社会组织评估等级的公示", "content": "经评审，拟确定下列社会组织的评估等级，现予公示。（演示）",
    "days": "5", "receiver": "社会组织科",
}  # fmt: skip
_REMINDER = {"matter": "上一年度工作报告", "due_on": ""}


def write(*, area: str, street: str, body: int, by: Actor, officer: str, head: str, at: datetime) -> None:
    """Enter the offices and write the letters; without a Chinese font on the server the letters stay drafts."""
    names = {area: ("滨湖区民政局（演示）", "滨民社"), street: ("河埒街道办事处（演示）", "河街")}
    for code, (name, mark) in names.items():
        place = Area.objects.get(code=code)
        document_numbers.open_issuer(area=place, name=name, mark=mark, phone="0510-00000000", by=by, at=at)
    subject = Organization.objects.get(pk=body)
    drafter, signer = User.objects.get(username=officer), User.objects.get(username=head)
    due = {**_REMINDER, "due_on": f"{at.year + 1}-03-31"}
    for code, fields in (("reminder", due), ("notice", _NOTICE), ("publicity", _PUBLICITY)):
        row = documents.draft(code=code, subject=subject, fields=fields, by=drafter, at=at)
        if code == "reminder":
            continue
        row = documents.review(document=row, by=signer, at=at)
        if pdf.has_font():
            documents.issue(document=row, by=signer, at=at)
