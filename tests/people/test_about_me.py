"""The page 我的信息 tells of this floor, and only of one's own bodies."""

from tests.people import factories as people
from tests.registry import factories as make


def test_a_head_is_told_where_his_data_would_stand(areas, association, centre, client):
    people.person(association, "赵甲一")
    people.person(association, "钱乙二")
    people.person(centre, "孙丙三")
    client.force_login(make.head_of(association))
    page = client.get("/account/about-me/").content.decode()
    assert "存有 2 名人员的资料" in page
    assert "滨湖区甲示例协会" in page
    assert "滨湖区丙示例中心" not in page
    for name in ("赵甲一", "钱乙二", "孙丙三"):
        assert name not in page
