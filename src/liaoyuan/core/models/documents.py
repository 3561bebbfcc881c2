"""Documents that an office issues (文书): offices, templates, the register of numbers, letters and their service."""

from django.db import models
from django.db.models import Q

from liaoyuan.core.choices import DeliveryResult, DeliveryWay, DocumentState, ObjectionState
from liaoyuan.core.models.accounts import User
from liaoyuan.core.models.areas import Area
from liaoyuan.core.models.files import StoredFile

_SEALED = [DocumentState.ISSUED.value, DocumentState.WITHDRAWN.value]


def _person(word: str) -> models.ForeignKey:
    return models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=word)


class Issuer(models.Model):
    """An office that issues documents under a sign of its own (发文机关和代字), one series of numbers a year.

    Taking a number locks this row. `phone` and `address` stand in notices as the way to reach the office.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="区划")
    name = models.CharField("发文机关", max_length=60)
    mark = models.CharField("机关代字", max_length=20)
    phone = models.CharField("联系电话", max_length=40, blank=True, default="")
    address = models.CharField("地址", max_length=120, blank=True, default="")
    made_at = models.DateTimeField("登记时间")
    made_by = _person("登记人")
    closed_at = models.DateTimeField("停用时间", null=True)
    closed_by = _person("停用人")

    class Meta:
        ordering = ["area__path", "mark"]
        constraints = [
            models.UniqueConstraint(
                fields=["area", "mark"], name="issuer_mark_once",
                violation_error_message="这个区划已有这个机关代字。",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | Q(closed_at__isnull=False), name="issuer_closed_paired",
                violation_error_message="停用须记下时间。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name}（{self.mark}）"


class DocumentTemplate(models.Model):
    """A Word template with which staff replaced the shipped one of a kind, in one area and below it, from a day on.

    One open row per kind and area; going back to the shipped one ends it. Issued documents keep the row they used.
    """

    code = models.CharField("文书种类", max_length=60)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="适用区划")
    version = models.PositiveIntegerField("版次")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="templates", verbose_name="模板文件")
    name = models.CharField("文件名", max_length=200)
    valid_from = models.DateField("启用日期")
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = _person("上传人")
    ended_at = models.DateTimeField("停用时间", null=True)
    ended_by = _person("停用人")

    class Meta:
        ordering = ["code", "area_id", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "area", "version"], name="document_template_version_once",
                violation_error_message="这一版次已有。",
            ),
            models.UniqueConstraint(
                fields=["code", "area"], condition=Q(ended_at__isnull=True), name="document_template_open_once",
                violation_error_message="这种文书已有启用的模板。",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | Q(ended_at__isnull=False), name="document_template_ended_paired",
                violation_error_message="停用须记下时间。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class DocumentBatch(models.Model):
    """One kind of document drafted for many subjects at once; signed and packed together."""

    code = models.CharField("文书种类", max_length=60)
    title = models.CharField("标题", max_length=200)
    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="+", verbose_name="发文机关")
    values = models.JSONField("填写内容", default=dict)
    subjects = models.JSONField("对象", default=list)
    dated_on = models.DateField("落款日期", null=True)
    made_at = models.DateTimeField("建立时间")
    made_by = _person("建立人")

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.title


class Document(models.Model):
    """One letter: drafted, read over, signed with a number and a check code, served, perhaps withdrawn.

    The subject is (kind, id). `area` is whose office may write it, `place` where the subject sits and may read it.
    `values` are the texts of its fields, `snapshot` everything its files were made from; of class C3 and above both
    are empty and stand in `sealed` as vault ciphertext. `docx` and `pdf` never change once issued. `mark` makes asking
    twice for one document one document.
    """

    code = models.CharField("文书种类", max_length=60)
    title = models.CharField("标题", max_length=200)
    subject_kind = models.CharField("对象类别", max_length=30)
    subject_id = models.CharField("对象", max_length=40)
    subject_label = models.CharField("对象名称", max_length=120)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name="主管区划")
    place = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", verbose_name="所在区划")
    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="documents", verbose_name="发文机关")
    batch = models.ForeignKey(DocumentBatch, models.PROTECT, null=True, related_name="documents", verbose_name="批次")
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="followed_by", verbose_name="依据的公示"
    )
    sensitivity = models.CharField("级别", max_length=2, default="C2")
    values = models.JSONField("填写内容", default=dict)
    snapshot = models.JSONField("签发时的数据", default=dict)
    sealed = models.TextField("填写内容（密文）", blank=True, default="")
    on_behalf = models.CharField("代填依据", max_length=120, blank=True, default="")
    mark = models.CharField("幂等键", max_length=120, blank=True, default="")
    state = models.CharField("状态", max_length=10, default=DocumentState.DRAFT.value)
    note = models.CharField("退回或放弃的说明", max_length=200, blank=True, default="")
    template = models.ForeignKey(
        DocumentTemplate, models.PROTECT, null=True, related_name="documents", verbose_name="所用模板"
    )
    dated_on = models.DateField("落款日期", null=True)
    number = models.CharField("文号", max_length=60, blank=True, default="")
    check_code = models.CharField("核验码", max_length=24, blank=True, default="")
    docx = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="Word 文件")
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="PDF 文件")
    drafted_at = models.DateTimeField("起草时间")
    drafted_by = _person("起草人")
    reviewed_at = models.DateTimeField("核稿时间", null=True)
    reviewed_by = _person("核稿人")
    issued_at = models.DateTimeField("签发时间", null=True)
    issued_by = _person("签发人")
    withdrawn_at = models.DateTimeField("撤销时间", null=True)
    withdrawn_by = _person("撤销人")
    withdrawn_because = models.CharField("撤销理由", max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-drafted_at", "-pk"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="document_subject"),
            models.Index(fields=["state", "area"], name="document_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["check_code"], condition=~Q(check_code=""), name="document_check_code_once",
                violation_error_message="核验码不能重复。",
            ),
            models.UniqueConstraint(
                fields=["mark"], condition=~Q(mark=""), name="document_mark_once",
                violation_error_message="这份文书已经起草过。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[str(s) for s in DocumentState]), name="document_state_known",
                violation_error_message="文书状态不对。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_SEALED, issued_at__isnull=False, docx__isnull=False, pdf__isnull=False)
                & ~Q(check_code="")
                | (
                    ~Q(state__in=_SEALED)
                    & Q(issued_at__isnull=True, issued_by__isnull=True, pdf__isnull=True, number="")
                ),
                name="document_issued_whole",
                violation_error_message="签发的文书须有时间、核验码和文件，未签发的没有文号。",
            ),
            models.CheckConstraint(
                condition=Q(state=DocumentState.WITHDRAWN.value, withdrawn_at__isnull=False) & ~Q(withdrawn_because="")
                | (
                    ~Q(state=DocumentState.WITHDRAWN.value)
                    & Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_because="")
                ),
                name="document_withdrawn_paired",
                violation_error_message="撤销文书须有时间和理由。",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | Q(reviewed_at__isnull=False), name="document_reviewed_paired",
                violation_error_message="核稿须记下时间。",
            ),
            models.CheckConstraint(
                condition=Q(sensitivity__in=["C1", "C2"], sealed="") | Q(sensitivity__in=["C3", "C4"], values={}),
                name="document_sealed_from_c3", violation_error_message="C3 及以上的文书内容须加密存放。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number or self.title


class DocumentNumber(models.Model):
    """One number of an office's register for a year: 代字〔year〕serial 号, consecutive from the first.

    Of a document of this system (`document`), or of one issued outside it, told with a title and a reason. A withdrawn
    document keeps its number, as void. A number is never given twice and none is left out.
    """

    issuer = models.ForeignKey(Issuer, models.PROTECT, related_name="numbers", verbose_name="发文机关")
    year = models.PositiveSmallIntegerField("年份")
    serial = models.PositiveIntegerField("序号")
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, related_name="register_line", verbose_name="文书"
    )
    title = models.CharField("标题", max_length=200)
    receiver = models.CharField("主送", max_length=120, blank=True, default="")
    dated_on = models.DateField("成文日期")
    reason = models.CharField("系统外发文的说明", max_length=200, blank=True, default="")
    taken_at = models.DateTimeField("取号时间")
    taken_by = _person("取号人")
    void_at = models.DateTimeField("作废时间", null=True)
    void_by = _person("作废人")

    class Meta:
        ordering = ["issuer_id", "-year", "-serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "serial"], name="document_number_once",
                violation_error_message="这个文号已经用过。",
            ),
            models.CheckConstraint(
                condition=Q(serial__gte=1), name="document_number_from_one",
                violation_error_message="文号从 1 号起。",
            ),
            models.CheckConstraint(
                condition=Q(document__isnull=False) | ~Q(reason=""), name="document_number_explained",
                violation_error_message="系统外的文号须写明说明。",
            ),
            models.CheckConstraint(
                condition=Q(void_by__isnull=True) | Q(void_at__isnull=False), name="document_number_void_paired",
                violation_error_message="作废须记下时间。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year}/{self.serial}"


class Delivery(models.Model):
    """One attempt to serve an issued document: how, when, to whom, and whether it was signed for."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="deliveries", verbose_name="文书")
    way = models.CharField("送达方式", max_length=12)
    sent_on = models.DateField("送达日期")
    receiver = models.CharField("收件人", max_length=60, blank=True, default="")
    result = models.CharField("结果", max_length=10)
    signed_on = models.DateField("签收日期", null=True)
    note = models.CharField("说明", max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = _person("登记人")

    class Meta:
        ordering = ["sent_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=[str(w) for w in DeliveryWay]), name="delivery_way_known",
                violation_error_message="送达方式不对。",
            ),
            models.CheckConstraint(
                condition=Q(result=DeliveryResult.SIGNED.value, signed_on__isnull=False)
                | (Q(result__in=[DeliveryResult.UNSIGNED.value, DeliveryResult.WAITING.value], signed_on__isnull=True)),
                name="delivery_signed_dated", violation_error_message="签收须有日期，未签收没有签收日期。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.document_id}:{self.sent_on}"


class PublicityNotice(models.Model):
    """The term of an issued 公示: shown on the portal from `opens_on` to `closes_on`, both counted, to 24:00.

    `provisional` says that a day counted lies beyond the known working-day calendar; the term is computed anew when
    the calendar grows, until it has closed.
    """

    document = models.OneToOneField(Document, models.PROTECT, related_name="publicity", verbose_name="文书")
    opens_on = models.DateField("公示起")
    closes_on = models.DateField("公示止")
    workdays = models.PositiveSmallIntegerField("工作日数")
    provisional = models.BooleanField("暂定", default=False)

    class Meta:
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=models.F("opens_on")), name="publicity_term_forward",
                violation_error_message="公示止日不能早于起日。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.opens_on}/{self.closes_on}"


class Objection(models.Model):
    """An objection to a notice, as an officer records it: when, by what way, what about. Never who."""

    notice = models.ForeignKey(PublicityNotice, models.PROTECT, related_name="objections", verbose_name="公示")
    received_on = models.DateField("收到日期")
    way = models.CharField("方式", max_length=20)
    text = models.CharField("内容摘要", max_length=500)
    state = models.CharField("状态", max_length=10, default=ObjectionState.OPEN.value)
    answer = models.CharField("处理结果", max_length=500, blank=True, default="")
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = _person("登记人")
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = _person("答复人")

    class Meta:
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN.value, answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(state=ObjectionState.OPEN.value) & Q(answered_at__isnull=False) & ~Q(answer="")),
                name="objection_answered_paired", violation_error_message="答复异议须有时间和结果。",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.notice_id}:{self.received_on}"
