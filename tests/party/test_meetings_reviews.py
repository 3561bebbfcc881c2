"""民主评议: the branch's committee and the member read a grade, nobody else anywhere, and nothing on zone internet."""

from io import BytesIO

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from liaoyuan.core import clock
from liaoyuan.core.choices import Event
from liaoyuan.core.models import AuditEvent
from liaoyuan.core.queries import privacy
from liaoyuan.kit.findings import Refused
from liaoyuan.party.actions import accounts, life, reviewing
from liaoyuan.party.exports import life as exports
from liaoyuan.party.models import MemberReview
from liaoyuan.party.queries import reviews
from tests.core.factories import AT, user
from tests.party import factories as make

pytestmark = pytest.mark.django_db
YEAR = clock.today().year
WORDS = ("优秀", "基本合格", "不合格")


@pytest.fixture
def branch(areas, committee):
    return make.party("演示第一党支部", area=areas["district"], superior=committee)


@pytest.fixture
def secretary(branch):
    return make.secretary(branch)


@pytest.fixture
def members(branch, secretary):
    """Four members: the first two on the committee, the third not, the fourth with another grade than he."""
    made = make.members(branch, 4)
    make.post(branch, made[0])
    make.post(branch, made[1], "organization")
    for n, who in enumerate(made[:3]):
        user(f"yanshi{n}")
        accounts.link(member=who, username=f"yanshi{n}", by=secretary, at=AT)
    grades = dict(zip([m.pk for m in made], ("excellent", "good", "fair", "poor"), strict=True))
    life.note_reviews(party=branch, year=YEAR, grades=grades, by=secretary, at=clock.now())
    return made


def account(n):
    from liaoyuan.core.models import User

    return User.objects.get(username=f"yanshi{n}")


def there(branch):
    return reverse("party:life_review", args=[branch.pk])


def test_the_committee_reads_after_saying_so_and_each_member_learns_of_it(client, branch, members):
    client.force_login(account(1))
    text = client.get(reverse("party:me")).content.decode()
    assert there(branch) in text and "演示第一党支部的评议结果" in text
    text = client.get(there(branch)).content.decode()
    assert "打开评议结果" in text and not [word for word in WORDS if word in text]
    before = AuditEvent.objects.filter(code=Event.OPENED).count()
    text = client.post(there(branch), {"what": "open"}).content.decode()
    assert all(word in text for word in WORDS) and "<select" not in text, "he reads, the secretary enters"
    told = AuditEvent.objects.filter(code=Event.OPENED).order_by("pk")[before:]
    assert sorted(event.subject_kind for event in told) == ["member"] * 4 + ["partyorganization"]
    assert any(str(account(1)) in str(read) for read in privacy.readings(account(2)))
    assert client.post(there(branch), {f"grade_{members[3].pk}": "good"}).status_code == 403
    assert client.post(reverse("party:life_export", args=[branch.pk, "f10"])).status_code == 403


def test_a_member_sees_his_own_and_no_other(client, branch, members):
    client.force_login(account(2))
    assert client.get(there(branch)).status_code == 403
    assert client.post(there(branch), {"what": "open"}).status_code == 403
    for name in ("party:me", "core:about_me"):
        text = client.get(reverse(name)).content.decode()
        assert "基本合格" in text and "优秀" not in text
    assert reviews.grades(account(2), branch, YEAR, clock.today()) == {members[2].pk: "fair"}
    with pytest.raises(PermissionDenied):
        reviewing.opened(party=branch, year=YEAR, by=account(2), at=clock.now())


def test_nobody_else_reads_anywhere(client, areas, committee, branch, members, lead, head, secretary):
    other = make.party("演示第二党支部", area=areas["district"], superior=committee)
    above = user("above", ("branch_secretary", "party", str(committee.pk)), is_demo=True)
    strangers = [lead, head, above, make.secretary(other, "other"), user("reader", ("leadership", "area", "320211"))]
    pages = [reverse("party:member_list"), reverse("party:organization_detail", args=[branch.pk]),
             *(reverse("party:member_detail", args=[who.pk]) for who in members)]  # fmt: skip
    for who in [*strangers, secretary]:
        client.force_login(who)
        if who != secretary:
            for answer in (client.get(there(branch)), client.post(there(branch), {"what": "open"})):
                assert answer.status_code in (403, 404)
            answer = client.post(reverse("party:life_export", args=[branch.pk, "f10"]))
            assert answer.status_code in (403, 404)
        for page in pages:
            text = client.get(page).content.decode()
            assert not [word for word in WORDS if word in text], f"{who} at {page}"
    for by in strangers:
        assert reviews.grades(by, branch, YEAR, clock.today()) == {}
    told = str(list(AuditEvent.objects.values_list("payload", "subject_label")))
    assert not [word for word in (*WORDS, "excellent", "poor") if word in told]


def test_who_leaves_the_committee_reads_no_more(client, branch, members):
    make.Officer.objects.filter(member=members[1]).update(valid_to=clock.today())
    client.force_login(account(1))
    assert client.get(there(branch)).status_code == 403
    assert "演示第一党支部的评议结果" not in client.get(reverse("party:me")).content.decode()


def test_f10_is_the_branch_s_own(client, areas, committee, branch, members, secretary, tmp_path, lead):
    client.force_login(secretary)
    answer = client.post(reverse("party:life_export", args=[branch.pk, "f10"]))
    book = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))
    shown = {row[0]: row[4] for row in book.worksheets[0].iter_rows(values_only=True) if row[4] in (*WORDS, "合格")}
    assert len(shown) == 4
    for by in (lead, account(1)):
        with pytest.raises(PermissionDenied):
            exports.write(kind="f10", party=branch, year=YEAR, path=tmp_path / "x.xlsx", by=by, at=AT)
    for kind in ("f05", "f06"):
        exports.write(kind=kind, party=branch, year=YEAR, path=tmp_path / "y.xlsx", by=secretary, at=AT)
        sheet = openpyxl.load_workbook(tmp_path / "y.xlsx").worksheets[0]
        assert not [c for row in sheet.iter_rows(values_only=True) for c in row if c in WORDS]


def test_on_zone_internet_there_is_none(client, branch, members, secretary, settings, tmp_path):
    settings.ZONE = "internet"
    for who in (secretary, account(1), account(2)):
        client.force_login(who)
        assert client.get(there(branch)).status_code in (403, 404)
        assert client.post(there(branch), {"what": "open"}).status_code in (403, 404)
        for name in ("party:me", "core:about_me"):
            text = client.get(reverse(name)).content.decode()
            assert not [word for word in (*WORDS, "评议结果（委员会查看）") if word in text]
    with pytest.raises(PermissionDenied):
        exports.write(kind="f10", party=branch, year=YEAR, path=tmp_path / "x.xlsx", by=secretary, at=AT)
    rows = MemberReview.objects.count()
    with pytest.raises(Refused):
        life.note_reviews(party=branch, year=YEAR, grades={members[0].pk: "good"}, by=secretary, at=clock.now())
    assert MemberReview.objects.count() == rows
