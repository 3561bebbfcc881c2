"""What of this floor stands as ciphertext: who objected and how to reach him, the account of an agreement."""

from liaoyuan.core.registries import SealedField

OBJECTOR, CONTACT = "award_objection.objector", "award_objection.contact"
ACCOUNT = "agreement.account_number"
SEALED = (
    SealedField("funding.AwardObjection", "objector", OBJECTOR, subject_kind="awardobjection", subject="pk",
                personal=OBJECTOR),
    SealedField("funding.AwardObjection", "contact", CONTACT, subject_kind="awardobjection", subject="pk",
                personal=CONTACT),
    SealedField("funding.Agreement", "account_number", ACCOUNT, subject_kind="agreement", subject="pk",
                personal=ACCOUNT),
)  # fmt: skip
