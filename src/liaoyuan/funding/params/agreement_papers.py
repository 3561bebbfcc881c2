"""Files of agreements: the scan with everybody's signatures. It holds an account number, so it is kept sealed."""

from liaoyuan.core.registries import FilePurpose
from liaoyuan.funding.choices.codes import Permission

SUBJECT = "agreement"
PAPER_TITLES: dict[str, str] = {SUBJECT: "公益创投协议", "agreement_scan": "签署的协议扫描件"}
PURPOSES: dict[str, FilePurpose] = {
    purpose.code: purpose
    for purpose in (
        FilePurpose("agreement_scan", PAPER_TITLES["agreement_scan"], (SUBJECT,),
                    (Permission.VIEW, Permission.OWN_VIEW), (Permission.EDIT, Permission.CONFIRM),
                    own=(Permission.OWN_EDIT, Permission.OWN_CERTIFY), sensitivity="C3", general=True),
    )
}  # fmt: skip
