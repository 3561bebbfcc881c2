"""Party members among the social workers: counted another way, small counts hidden, no name, its own permission."""

from datetime import date

import pytest
from django.urls import reverse

from liaoyuan.party.queries import social_workers
from liaoyuan.people.models import Certificate, Employment, Person
from tests.core.factories import AT, user
from tests.party import factories as make

ON = date(2026, 9, 30)


def worker(body, members: bool, since=date(2021, 1, 1)):
    person = Person.objects.create(created_at=AT)
    told = {"person": person, "organization": body, "recorded_at": AT}
    Employment.objects.create(**told, work_time="full", valid_from=since)
    Certificate.objects.create(**told, level="assistant", approved_on=since)
    if members:
        made = make.member(person=person)
        make.affiliate(made, None)
    return person


@pytest.mark.parametrize(
    ("members", "others", "told"),
    [
        (12, 20, (32, 12, "37.5%")), (9, 20, (29, None, "")), (12, 9, (21, None, "")), (0, 15, (15, 0, "0.0%")),
        (3, 4, (None, None, "")), (12, 0, (12, None, "")),
    ],
)  # fmt: skip
def test_counts_and_what_is_hidden(areas, centre, members, others, told):
    for number in range(members + others):
        worker(centre, number < members)
    make.affiliate(make.member(), None)
    line = social_workers.of_day(areas["district"], ON)
    assert (line.workers, line.members, line.share) == told


def test_the_page(client, areas, centre, lead):
    for number in range(24):
        worker(centre, number < 12, since=date(2021 + number % 2, 6, 1))
    client.force_login(lead)
    text = client.get(reverse("party:social_workers")).content.decode()
    assert "50.0%" in text and "演示党员" not in text
    main = text[text.index("<main") : text.index("</main")]
    assert "/members/" not in main and "/people/" not in main  # a figure about persons opens no list of persons
    lines = social_workers.by_year(areas["district"], date(2026, 10, 26))
    assert [line.on for line in lines] == [date(y, 12, 31) for y in range(2021, 2026)] + [ON]
    assert [line.members for line in lines] == [None, 12, 12, 12, 12, 12]
    client.force_login(user("officer", ("registry_officer", "area", "320211"), is_demo=True))
    assert client.get(reverse("party:social_workers")).status_code == 403


def test_neither_the_members_nor_the_others_follow_from_what_is_shown():
    """Whatever the counts: what can be reckoned from the line is none, or nobody, or ten and more; and never all."""
    for members in range(25):
        for others in range(25):
            line = social_workers.line_of(ON, members + others, members)
            if line.workers is None or line.members is None:
                assert line.share == ""
                continue
            told = (line.members, line.workers - line.members)
            assert told == (members, others) and all(n == 0 or n >= 10 for n in told)
            assert others > 0 or members == 0
