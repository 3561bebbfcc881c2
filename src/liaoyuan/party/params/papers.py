"""Files of party organizations and of their applications."""

from liaoyuan.core.registries import FilePurpose
from liaoyuan.party.choices import Permission

_STAFF = (Permission.EDIT, Permission.APPROVE)
PURPOSES: dict[str, FilePurpose] = {
    purpose.code: purpose
    for purpose in (
        FilePurpose("party_paper", "党组织材料", ("partyorganization",), (Permission.VIEW,),
                    (*_STAFF, Permission.LIFE_EDIT), general=True),
        FilePurpose("party_photo", "成立大会和活动照片", ("partyorganization",), (Permission.VIEW,),
                    (*_STAFF, Permission.LIFE_EDIT), photo=True, general=True),
        FilePurpose("party_case", "设立党支部的材料", ("case",), (Permission.VIEW, Permission.APPROVE), _STAFF,
                    own=(Permission.OWN_APPLY,), sensitivity="C3", general=True),
    )
}  # fmt: skip
