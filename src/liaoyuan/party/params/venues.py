"""Venues: the checklist of what should be there (六有), and for what files may be attached."""

from liaoyuan.core.registries import FilePurpose
from liaoyuan.kit.files.kinds import PHOTOS
from liaoyuan.party.choices.codes import Permission
from liaoyuan.party.params.table import ALWAYS, OWN, row

SIGNS = "pb.venue.signs"
VENUE_PARAMETERS = (
    row(SIGNS, ["有场所", "有设施", "有标志", "有党旗", "有书报", "有制度"], OWN, since=ALWAYS, mark="K",
        note="“六有”为各地通行的说法，内容待本地确认"),
)  # fmt: skip
VENUE_PARAMETER_TITLES: dict[str, str] = {SIGNS: "阵地的“六有”项目"}

#: Titles are what pages call them.
VENUE_PURPOSE_TITLES: dict[str, str] = {"venue_photo": "阵地照片"}
PURPOSES = (
    FilePurpose(
        "venue_photo", VENUE_PURPOSE_TITLES["venue_photo"], ("venue",), view=(Permission.VIEW,),
        edit=(Permission.LIFE_EDIT,), kinds=frozenset(map(str, PHOTOS)), photo=True, general=True,
    ),
)  # fmt: skip
