"""For what files may be attached to meetings. Photos lose where they were taken before anybody sees them."""

from liaoyuan.core.registries import FilePurpose
from liaoyuan.kit.files.kinds import PHOTOS
from liaoyuan.party.choices import Permission

#: Titles are what pages call them.
PURPOSE_TITLES: dict[str, str] = {
    "meeting_photo": "会议照片",
    "meeting_paper": "会议材料",
}
_ON = ("meeting",)
_SEEN = (Permission.MEMBERS_VIEW,)
_KEPT = (Permission.LIFE_EDIT,)

PURPOSES: dict[str, FilePurpose] = {
    purpose.code: purpose
    for purpose in (
        FilePurpose(
            "meeting_photo", PURPOSE_TITLES["meeting_photo"], _ON, view=_SEEN, edit=_KEPT,
            kinds=frozenset(map(str, PHOTOS)), photo=True, general=True,
        ),
        FilePurpose("meeting_paper", PURPOSE_TITLES["meeting_paper"], _ON, view=_SEEN, edit=_KEPT, general=True),
    )
}  # fmt: skip
