"""What letters know of an organization by themselves."""

from datetime import date

from liaoyuan.registry.choices import KIND_TITLES, Kind
from liaoyuan.registry.models import Organization, Standing

#: Where the duty to report every year stands (handbook §1.6).
_ANNUAL = {
    Kind.ST: "《社会团体登记管理条例》第二十八条",
    Kind.MF: "《民办非企业单位登记管理暂行条例》第二十三条",
    Kind.JJ: "《基金会管理条例》第三十六条",
}


def facts(organization: Organization, on: date) -> dict[str, str]:
    """Texts of the places that a letter about an organization fills by itself, as of a day."""
    rows = Standing.objects.filter(organization=organization, superseded_at__isnull=True)
    row = rows.filter(valid_from__lte=on, valid_to__gt=on).first() or rows.order_by("-valid_from").first()
    if row is None:
        return {}
    return {
        "name": row.name,
        "code": organization.code or organization.filing_no,
        "head": row.legal_representative,
        "address": row.address,
        "type": KIND_TITLES[row.kind],  # type: ignore[index]
        "basis": _ANNUAL.get(Kind(row.kind), ""),
    }
