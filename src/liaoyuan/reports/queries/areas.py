"""With which area a reader's page begins."""

from typing import Any

from django.db.models.functions import Length

from liaoyuan.core.models import Area
from liaoyuan.reports.queries.statistics import areas_for


def chosen(user: Any, code: str) -> Area | None:
    """The area asked for if the user may see its figures, else the widest of the user's areas; None without any."""
    areas = areas_for(user)
    return areas.filter(code=code).first() or areas.order_by(Length("code"), "code").first()
