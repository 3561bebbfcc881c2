"""The demo's cases (事项), some in every state, led there by the actions themselves: handed in, received, decided …

Each is about an invented live body; what their decisions write is a line in its timeline, no fact of the register.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from liaoyuan.core.access import Actor
from liaoyuan.core.actions import cases, deciding, documents
from liaoyuan.core.choices import DeliveryResult, DeliveryWay
from liaoyuan.core.clock import localdate
from liaoyuan.core.documents import pdf
from liaoyuan.core.documents.case_letters import DECISIONS
from liaoyuan.core.models import Case, Document, User
from liaoyuan.registry.params import procedures as params

_CHARTER: Mapping[str, Any] = {"summary": "修改业务范围和理事会的组成（演示）", "charter_clause": True}
_BRANCH: Mapping[str, Any] = {"branch_name": "青年工作委员会（演示）", "regional": False, "below_branch": False}
_CHANGE: Mapping[str, Any] = {"scope": "社区服务和志愿服务（演示）", "audited": True}
_GIVEN = ("会议决议", "章程核准申请表")
#: What is taken of the bodies: (procedure, contents, days since its receipt, how far it has come).
_STEPS: Sequence[tuple[str, Mapping[str, Any], int, str]] = (
    (params.CHARTER, _CHARTER, 3, "received"),
    (params.CHANGE, _CHANGE, 40, "received"),
    (params.CHARTER, _CHARTER, 12, "supplement"),
    (params.CHANGE, _CHANGE, 20, "supplement"),
    (params.CHARTER, _CHARTER, 18, "examined"),
    (params.BRANCH, _BRANCH, 24, "examined"),
    (params.CHARTER, _CHARTER, 26, "decided"),
    (params.BRANCH, _BRANCH, 33, "refused"),
    (params.CHARTER, _CHARTER, 45, "delivered"),
    (params.BRANCH, _BRANCH, 52, "archived"),
    (params.CHARTER, _CHARTER, 15, "withdrawn"),
)


def write(*, bodies: Sequence[tuple[int, str]], own: tuple[int, str], officer: str, head: str, applicant: str,
          at: datetime) -> int:  # fmt: skip
    """Lead the cases as far as they go; `bodies` and `own` are (key, name). Returns how many there are."""
    hands = User.objects.get(username=officer), User.objects.get(username=head)
    cases.submit(
        kind=params.CORRECT, facts={"full_time": 6}, label=own[1], subject_id=str(own[0]),
        by=User.objects.get(username=applicant), at=at - timedelta(days=1), confirmed=True,
    )  # fmt: skip
    made = 1
    for (kind, facts, days, until), body in zip(_STEPS, bodies, strict=False):
        _lead(kind, facts, days, until, body, hands, at)
        made += 1
    return made


def _lead(kind: str, facts: Mapping[str, Any], days: int, until: str, body: tuple[int, str],
          hands: tuple[Actor, Actor], at: datetime) -> None:  # fmt: skip
    officer = hands[0]
    begun = at - timedelta(days=days)
    case = cases.submit(
        kind=kind, facts=facts, label=body[1], subject_id=str(body[0]), received_on=localdate(begun), by=officer,
        at=begun, confirmed=True,
    )  # fmt: skip
    if until == "received":
        return
    cases.take_papers(case=case, names=_GIVEN, on=localdate(begun), by=officer, at=begun)
    later = at - timedelta(days=days // 2)
    if until == "supplement":
        cases.ask_supplement(case=case, text="会议决议缺少到会理事签名。", on=localdate(later), by=officer, at=later)
        return
    if until == "withdrawn":
        deciding.withdraw(case=case, reason="拟与换届一并办理", by=officer, at=later)
        return
    said = "disagree" if until == "refused" else "agree"
    cases.opine(case=case, outcome=said, text="材料和表决程序已核对（演示）。", by=officer, at=later)
    if until != "examined":
        _decide(case, until, hands, at - timedelta(days=days // 3), at)


def _decide(case: Case, until: str, hands: tuple[Actor, Actor], on: datetime, at: datetime) -> None:
    officer, head = hands
    case = _decided(case, until, head, on)
    letter = Document.objects.filter(subject_kind="case", subject_id=str(case.pk), code__in=DECISIONS).first()
    if until == "delivered" and letter is not None:
        documents.deliver(
            document=letter, way=DeliveryWay.POST, sent_on=localdate(on), signed_on=localdate(on) + timedelta(days=3),
            result=DeliveryResult.SIGNED, receiver="办公室（演示）", by=officer, at=at,
        )  # fmt: skip
    elif until in ("delivered", "archived"):
        deciding.deliver(case=case, on=localdate(on) + timedelta(days=1), how="当面领取", by=officer, at=at)
    if until == "archived":
        deciding.archive(case=case, by=officer, at=at)


def _decided(case: Case, until: str, by: Actor, on: datetime) -> Case:
    """With the decision's letter where it is shown; without a Chinese font on the server the decision has none."""
    verdict, text = ("refused", "表决程序不符合章程规定（演示）。") if until == "refused" else ("approved", "")
    told: dict[str, Any] = {"case": case, "decision": verdict, "on": localdate(on), "text": text, "by": by, "at": on}
    shown = until in ("decided", "delivered") and pdf.has_font()
    return deciding.decide(**told, confirmed=True, letter=shown)
