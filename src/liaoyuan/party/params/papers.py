"""Files of party organizations, applications, meetings and instructors' letters. Photos lose where they were taken."""

from liaoyuan.core.registries import FilePurpose
from liaoyuan.kit.files.kinds import PHOTOS
from liaoyuan.party.choices.codes import Permission

_STAFF = (Permission.EDIT, Permission.APPROVE)
PURPOSES: dict[str, FilePurpose] = {
    purpose.code: purpose
    for purpose in (
        FilePurpose("party_paper", "党组织材料", ("partyorganization",), (Permission.VIEW,),
                    (*_STAFF, Permission.LIFE_EDIT), general=True),
        FilePurpose("party_approval", "批复文件", ("partyorganization", "case"), (Permission.VIEW, Permission.OWN_VIEW),
                    (Permission.EDIT,), general=True),
        FilePurpose("party_letter", "聘书", ("instructorassignment",), (Permission.VIEW, Permission.OWN_VIEW),
                    (Permission.EDIT,), general=True),
        FilePurpose("party_photo", "成立大会和活动照片", ("partyorganization",), (Permission.VIEW,),
                    (*_STAFF, Permission.LIFE_EDIT), photo=True, general=True),
        FilePurpose("party_case", "设立、调整、撤销的材料", ("case",), (Permission.VIEW, Permission.APPROVE), _STAFF,
                    own=(Permission.OWN_APPLY,), behalf=(Permission.OWN_ADJUST,), sensitivity="C3", general=True),
        FilePurpose("meeting_photo", "会议照片", ("meeting",), view=(Permission.MEMBERS_VIEW,),
                    edit=(Permission.LIFE_EDIT,), kinds=frozenset(map(str, PHOTOS)), photo=True, general=True),
        FilePurpose("meeting_paper", "会议材料", ("meeting",), view=(Permission.MEMBERS_VIEW,),
                    edit=(Permission.LIFE_EDIT,), general=True),
    )
}  # fmt: skip
