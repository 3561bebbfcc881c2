import json
import pytest
from tests.house import matrix
from django.http import HttpResponse
from liaoyuan.core import sessions
from liaoyuan.ui import pages
@pytest.fixture
def plain_frame(monkeypatch):
    monkeypatch.setattr(sessions, "_counters", [])
    monkeypatch.setattr(pages, "error_page", lambda request, status: HttpResponse(status=status))
told=json.loads(matrix.KEPT.read_text())
mine=[l for l in told["pages"] if l["page"].startswith("party:") and any(w in l["page"] for w in ("meeting","life","group","talk","training","decision","election","frequency","sign_in"))]
@pytest.mark.parametrize("role", matrix.WHO)
def test_mine(role, ground, plain_frame):
    client=ground.client(role); faults=[]
    for l in mine:
        exp=next((c for c,n in l.items() if (c.isdigit() or c=="login") and role in n), l.get("rest"))
        case=matrix.Case(l["page"],l["about"],{role:exp},tuple(l.get("args",())),l.get("query",""),l.get("post"))
        got,text=matrix.ask(client,case,ground,role)
        if got!=exp: faults.append(f"{case}: {got} not {exp}")
        if got=="200" and "outside" in text and "外区" not in l["about"]: 
            import re; faults.append(f"{case} shows outside: "+text[max(0,text.index('outside')-60):text.index('outside')+30])
    assert not faults, "\n".join(faults)
