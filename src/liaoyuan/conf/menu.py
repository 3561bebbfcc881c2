"""The menu by business area. An entry shows when the user holds one of its permissions; none without a page."""

from dataclasses import dataclass

from liaoyuan.api.choices import Permission as Api
from liaoyuan.core.choices import Permission as Core
from liaoyuan.funding.choices.codes import Permission as Funding
from liaoyuan.party.choices.codes import Permission as Party
from liaoyuan.people.choices import Permission as People
from liaoyuan.planning.choices.codes import Permission as Planning
from liaoyuan.registry.choices import Permission as Registry


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu. `permissions` empty = everybody who is logged in; those of `area` count where they are held
    over an area: registers and figures belong to areas, not to places in the tree of party organizations.
    """

    title: str
    url_name: str
    icon: str
    permissions: tuple[str, ...] = ()
    area: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A business area with its entries."""

    title: str
    entries: tuple[Entry, ...]


MENU: tuple[Section, ...] = (
    Section(
        "工作台",
        (
            Entry("首页", "reports:home", "home"),
            Entry(
                "待办",
                "reports:todo",
                "list-check",
                (
                    Registry.EDIT,
                    Registry.FILING_EDIT,
                    Registry.OWN_FILE,
                    Core.PARAMETER_CONFIRM,
                    Party.MEMBERS_EDIT,
                    Party.APPROVE,
                    Party.VISIT,
                    Funding.REVIEW_SCORE,
                    Funding.EVALUATE,
                    Funding.EDIT,
                    Funding.PAY,
                    Funding.OWN_MONEY,
                ),
            ),
            Entry("通知公告", "core:notice_list", "file-text"),
            Entry("催办", "core:reminder_home", "phone", (Core.REMIND,)),
            Entry(
                "期限日历",
                "core:calendar_feed",
                "calendar",
                (Core.REMIND, Registry.EDIT, Registry.FILING_EDIT, Registry.OWN_VIEW),
            ),
            Entry("任务", "core:job_list", "refresh", (Registry.EXPORT, Registry.IMPORT, Registry.FILING_EDIT)),
        ),
    ),
    Section(
        "社会组织登记",
        (
            Entry("社会组织", "registry:organization_list", "building-community", (Registry.VIEW,), (Registry.VIEW,)),
            Entry("本组织", "registry:organization_own", "building", (Registry.OWN_VIEW,)),
            Entry("事项", "core:case_list", "circle-check", (Registry.VIEW, Registry.OWN_FILE)),
            Entry("登记统计", "reports:registry_statistics", "chart-bar", (Registry.STATS,), (Registry.STATS,)),
            Entry(
                "年检年报",
                "registry:annual_list",
                "clipboard-list",
                (Registry.VIEW, Registry.OWN_FILE),
                (Registry.VIEW,),
            ),
            Entry("列入名单的建议", "registry:proposal_list", "flag", (Registry.CREDIT_EDIT,)),
            Entry("整理清单", "reports:baseline", "clipboard-list", (Registry.VIEW,), (Registry.VIEW,)),
            Entry("长期无活动", "registry:idle_list", "clock-hour-4", (Registry.EDIT,)),
            Entry("认领申请", "registry:claim_list", "user-plus", (Core.INVITE,)),
            Entry(
                "等级评估",
                "registry:round_list",
                "rosette-discount-check",
                (Registry.VIEW, Registry.RATING_OWN),
                (Registry.VIEW,),
            ),
            Entry("分配给我的评估", "registry:assigned_list", "circle-check", (Registry.RATING_SCORE,)),
            Entry("评估人员", "registry:assessor_list", "users", (Registry.RATING_MANAGE,)),
            Entry("降低等级", "registry:level_list", "arrow-down", (Registry.RATING_MANAGE,)),
            Entry("备案确认", "registry:filing_round", "phone", (Registry.FILING_EDIT,)),
            Entry("公开募捐", "registry:campaign_list", "heart-handshake", (Registry.VIEW,), (Registry.VIEW,)),
            Entry(
                "导入",
                "core:import_list",
                "file-import",
                (Registry.IMPORT, Registry.FILING_EDIT, Party.IMPORT, Funding.EDIT),
            ),
            Entry("查重合并", "registry:duplicate_list", "users", (Registry.EDIT, Registry.FILING_EDIT)),
            Entry("对账", "core:compare_list", "scale", (Registry.IMPORT, Registry.FILING_EDIT)),
        ),
    ),
    Section(
        "人员",
        (
            Entry("人员", "people:person_list", "users", (People.VIEW, People.OWN_VIEW)),
            Entry("证书登记到期", "people:certificate_due", "certificate", (People.EDIT, People.OWN_EDIT)),
            Entry("人员统计", "people:workforce", "chart-bar", (People.STATS,), (People.STATS,)),
            Entry("报考条件试算", "people:exam", "list-check", (People.VIEW, People.OWN_VIEW)),
        ),
    ),
    Section(
        "党组织",
        (
            Entry("覆盖情况", "party:coverage_board", "chart-bar", (Party.STATS,), (Party.STATS,)),
            Entry("覆盖编组", "planning:scenario_list", "map-pin", (Planning.VIEW,), (Planning.VIEW,)),
            Entry("党组织", "party:organization_list", "flag", (Party.VIEW, Party.OWN_VIEW)),
            Entry(
                "党组织设立调整",
                "party:application_list",
                "plus",
                (Party.EDIT, Party.APPROVE, Party.OWN_APPLY, Party.OWN_ADJUST),
            ),
            Entry("我联系的组织", "party:instructor_own", "building", (Party.VISIT,)),
            Entry("指导员", "party:instructor_list", "users", (Party.VIEW,)),
            Entry("走访记录", "party:visit_list", "clipboard-list", (Party.VIEW, Party.VISIT)),
            Entry("试点", "party:pilot_list", "rosette-discount-check", (Party.VIEW,)),
            Entry("组织生活情况", "party:frequency", "clock-hour-4", (Party.VIEW,)),
            Entry("换届日程", "party:term_list", "calendar", (Party.VIEW,)),
            Entry("党建统计表", "party:statutory", "list-details", (Party.STATS,), (Party.STATS,)),
        ),
    ),
    Section(
        "党支部和党员",
        (
            Entry("本月组织生活", "party:life_home", "calendar", (Party.LIFE_EDIT,)),
            Entry("会议", "party:meeting_list", "users", (Party.VIEW,)),
            Entry("党员名册", "party:member_list", "users", (Party.MEMBERS_VIEW,)),
            Entry("组织关系转接", "party:transfer_list", "refresh", (Party.MEMBERS_VIEW,)),
            Entry("双隶属转接进度", "party:conversion", "chart-bar", (Party.MEMBERS_VIEW,)),
            Entry("发展党员", "party:applicant_list", "user-plus", (Party.MEMBERS_VIEW,)),
            Entry("党员占社工比例", "party:social_workers", "chart-bar", (Party.STATS,), (Party.STATS,)),
            Entry("党费", "party:dues_list", "scale", (Party.STATS, Party.LIFE_EDIT)),
            Entry("阵地", "party:venue_list", "building", (Party.VIEW,)),
        ),
    ),
    Section(
        "公益创投",
        (
            Entry("公益创投", "funding:round_list", "heart-handshake", (Funding.VIEW, Funding.OWN_VIEW)),
            Entry("社区需求", "funding:need_list", "clipboard-list", (Funding.VIEW, Funding.NEED_EDIT)),
            Entry("申报项目", "funding:project_list", "list-details", (Funding.VIEW, Funding.OWN_VIEW)),
            Entry("我的评审", "funding:desk", "circle-check", (Funding.REVIEW_SCORE,)),
            Entry("资金拨付", "funding:finance", "scale", (Funding.PAY,)),
            Entry("评审专家", "funding:expert_list", "users", (Funding.EDIT, Funding.CONFIRM)),
        ),
    ),
    Section(
        "文书",
        (
            Entry("文书", "core:document_list", "file-text", (Core.DOCUMENT_VIEW, Core.DOCUMENT_OWN_VIEW)),
            Entry("文号登记簿", "core:number_list", "list-details", (Core.DOCUMENT_VIEW,)),
            Entry(
                "文书模板",
                "core:template_list",
                "columns",
                (Core.DOCUMENT_SETUP, Core.DOCUMENT_DRAFT, Core.DOCUMENT_ISSUE),
            ),
            Entry("发文机关", "core:issuer_list", "building", (Core.DOCUMENT_SETUP,)),
        ),
    ),
    Section(
        "政策与规则",
        (
            Entry("规则", "core:rule_list", "scale"),
            Entry("政策参数", "core:parameter_list", "adjustments", (Core.PARAMETER_VIEW,)),
            Entry("参数试算", "funding:trial_list", "scale", (Funding.PARAMETER_EDIT, Funding.PARAMETER_CONFIRM)),
            Entry("工作日历", "core:calendar", "calendar"),
            Entry("区划", "core:area_list", "map-pin"),
            Entry("数据分区", "core:zones", "lock"),
            Entry("个人信息请求", "core:request_list", "user", (Core.REQUEST_DECIDE, Core.USER_MANAGE)),
        ),
    ),
    Section(
        "系统管理",
        (
            Entry("开户邀请", "core:invitation_list", "mail", (Core.INVITE,)),
            Entry("账号", "core:account_list", "users", (Core.USER_MANAGE,)),
            Entry("授权", "core:grant_list", "key", (Core.GRANT_MANAGE,)),
            Entry("接口令牌", "api:token_list", "world", (Api.TOKEN_USE,)),
            Entry("全部接口令牌", "api:token_console", "world", (Api.TOKEN_REVOKE,)),
            Entry("审计日志", "core:audit_list", "list-details", (Core.AUDIT_VIEW,)),
            Entry("职责分离", "core:separation", "shield", (Core.SEPARATION_SET, Core.AUDIT_VIEW)),
            Entry("后台任务", "core:job_console", "history", (Core.JOB_VIEW,)),
            Entry("发送渠道", "core:outlet_console", "mail", (Core.OUTLET_SET,)),
            Entry("备份", "core:backups", "database", (Core.BACKUP,)),
            Entry("练习时钟", "core:clock", "clock-hour-4", (Core.CLOCK_SET,)),
        ),
    ),
)
