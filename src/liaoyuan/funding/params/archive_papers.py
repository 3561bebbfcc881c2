"""Files that may be attached to a project: papers of its archive that the system does not hold itself."""

from liaoyuan.core.registries import FilePurpose
from liaoyuan.funding.choices.codes import Permission

CHECKLIST = "gv.archive.papers"
#: Titles as pages call them.
ARCHIVE_PURPOSE_TITLES: dict[str, str] = {"grant_archive": "项目档案材料"}

PAPER = FilePurpose(
    "grant_archive", ARCHIVE_PURPOSE_TITLES["grant_archive"], ("project",), view=(Permission.VIEW, Permission.OWN_VIEW),
    edit=(Permission.EDIT,), own=(Permission.OWN_EDIT,), general=True,
)  # fmt: skip
PURPOSES: dict[str, FilePurpose] = {PAPER.code: PAPER}
