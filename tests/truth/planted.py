"""Differences planted into an exported list, and writings that must not count as differences.

It knows the sheet's own columns and nothing of the product: no import, no parser, no comparison of ours.
"""

import random
from dataclasses import dataclass, field

NAME, CODE, FILING = "名称", "统一社会信用代码", "备案号"
#: Column → (name in docs/guide/fields.md, what stands there instead). Numbers are moved, words replaced.
CHANGES = {
    "名称": ("name", lambda v: v.replace("社", "会", 1) if "社" in v else v[:-1] + "院"),
    "类型": ("kind", lambda v: "社会团体" if v != "社会团体" else "民办非企业单位"),
    "登记管理机关": ("registrar", lambda v: "滨湖区某某局"),
    "业务主管单位": ("supervisor", lambda v: v[:-1] + "处"),
    "党建领导机关": ("party_lead", lambda v: "某某党委"),
    "行业管理部门": ("industry_regulator", lambda v: "某某行业办"),
    "法定代表人/负责人": ("legal_representative", lambda v: v[0] + "另人"),
    "联系电话": ("phone", lambda v: "19900000001"),
    "住所": ("address", lambda v: v + "乙室"),
    "经度": ("longitude", lambda v: f"{float(v) + 0.004:.6f}"),
    "纬度": ("latitude", lambda v: f"{float(v) - 0.003:.6f}"),
    "成立日期": ("registered_on", lambda v: f"{int(v[:4]) - 1}{v[4:]}"),
    "注册资金(万元)": ("capital_fen", lambda v: str(float(v) + 0.5)),
    "业务范围": ("scope", lambda v: v + "承办展览。"),
    "行业分类": ("field", lambda v: "卫生" if v != "卫生" else "教育"),
    "所属领域": ("district_field", lambda v: "科技" if v != "科技" else "体育"),
    "证书有效期起": ("certificate_from", lambda v: f"{int(v[:4]) - 2}{v[4:]}"),
    "证书有效期止": ("certificate_to", lambda v: f"{int(v[:4]) + 2}{v[4:]}"),
    "专职人数": ("full_time", lambda v: str(int(v) + 1)),
    "兼职人数": ("part_time", lambda v: ""),
    "会员数(单位)": ("members_unit", lambda v: str(int(v) + 3)),
    "会员数(个人)": ("members_person", lambda v: str(int(v) + 7)),
    "理事数": ("council_count", lambda v: str(int(v) + 2)),
    "监事数": ("supervisors_count", lambda v: "9"),
    "党员数": ("party_members_declared", lambda v: str(int(v) + 11)),
    "评估等级": ("rating", lambda v: "1A" if v != "1A" else "2A"),
    "评估时间": ("rated_on", lambda v: f"{v[:8]}{'05' if v[8:] != '05' else '06'}"),
    "评估有效期至": ("rating_until", lambda v: f"{int(v[:4]) + 1}{v[4:]}"),
    "年检结论(近3年)": ("annual_results", lambda v: v.replace("合格", "不合格", 1)),
    "是否慈善组织": ("is_charity", lambda v: "否" if v == "是" else "是"),
    "公开募捐资格": ("public_fundraising", lambda v: "是" if v == "否" else "否"),
    "信用状态": ("credit_status", lambda v: "活动异常名录"),
    "状态": ("status", lambda v: "清算中"),
    "备注": ("note", lambda v: "另有说明"),
}
#: Columns that may be empty before.
FROM_NOTHING = {"行业管理部门", "备注"}
_WIDE = {ord(c): ord(c) + 0xFEE0 for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ()"}


@dataclass
class Planted:
    """The changed rows and what was done to them: (sort, key, field) of each difference."""

    rows: list[dict[str, str]]
    told: set[tuple[str, str, str]] = field(default_factory=set)
    controls: set[str] = field(default_factory=set)


def key_of(row):
    return row[CODE] or row[FILING]


def plant(rows, *, seed, missing=6, extra=5, codes=6, controls=40):
    """Plant one change of every column, wrong digits, missing and extra rows, and controls into other rows."""
    draw = random.Random(seed)
    rows = [dict(row) for row in rows]
    draw.shuffle(rows)
    done = Planted(rows)
    free = [row for row in rows if row["状态"] == "正常" and row["登记管理机关"].startswith("无锡市滨湖区")]
    filed = [row for row in rows if row[FILING] and row["状态"] == "正常"]
    draw.shuffle(free)
    draw.shuffle(filed)

    def take(column=""):
        for pool in (free, filed):
            for row in pool:
                if not column or column in FROM_NOTHING or row[column]:
                    pool.remove(row)
                    return row
        raise AssertionError(column)

    for column, (name, change) in CHANGES.items():
        row = take(column)
        before, row[column] = row[column], change(row[column])
        assert row[column] != before, column
        done.told.add(("cell", key_of(row), name))
    for _ in range(codes):
        row = take()
        told = row[CODE]
        place = draw.randrange(9, 16)
        digit = "3" if told[place] != "3" else "8"
        row[CODE] = told[:place] + digit + told[place + 1 :]
        done.told.add(("cell", told, "code"))
    for _ in range(2):
        row = filed.pop()
        told, row[FILING] = row[FILING], row[FILING][:-1] + "X"
        done.told.add(("cell", told, "filing_no"))
    for n in range(missing):
        row = take() if n % 2 else filed.pop()
        rows.remove(row)
        done.told.add(("here", key_of(row), ""))
    for n in range(extra):
        copy = {**filed[n], NAME: f"外来甲乙丙{n}合唱队", FILING: f"外备{n:03d}"}
        rows.insert(draw.randrange(len(rows)), copy)
        done.told.add(("there", copy[FILING], ""))
    _controls(done, [*free, *filed], draw, controls)
    return done


def _controls(done, rows, draw, count):
    """Other writings of the same: width, spaces, dates, units, grades."""
    for n, row in enumerate(rows[:count]):
        done.controls.add(key_of(row))
        match n % 8:
            case 0:
                row[NAME] = f" {row[NAME][:4]}　{row[NAME][4:]} "
            case 1:
                row[NAME] = row[NAME].translate(_WIDE)
                row["住所"] = row["住所"].translate(_WIDE)
            case 2 if row["成立日期"]:
                year, month, day = row["成立日期"].split("-")
                row["成立日期"] = f"{year}年{int(month)}月{int(day)}日"
            case 3 if row["注册资金(万元)"]:
                row["注册资金(万元)"] += "万元"
            case 4:
                row[CODE] = row[CODE].lower().translate(_WIDE)
            case 5:
                row["状态"] = "存续"
            case 6:
                row["住所"] = row["住所"].replace(" ", "")
            case 7:
                row["行业分类"] = f"{row['行业分类']} "
