"""For what files may be attached to party organizations and to assignments of instructors: the documents of claims."""

from liaoyuan.core.registries import FilePurpose
from liaoyuan.party.choices import Permission

PAPER_TITLES: dict[str, str] = {"party_approval": "批复文件", "party_letter": "聘书"}
_SEEN = (Permission.VIEW, Permission.OWN_VIEW)

PURPOSES: dict[str, FilePurpose] = {
    "party_approval": FilePurpose(
        "party_approval", PAPER_TITLES["party_approval"], ("partyorganization",), view=_SEEN, edit=(Permission.EDIT,),
        general=True,
    ),
    "party_letter": FilePurpose(
        "party_letter", PAPER_TITLES["party_letter"], ("instructorassignment",), view=_SEEN, edit=(Permission.EDIT,),
        general=True,
    ),
}  # fmt: skip
