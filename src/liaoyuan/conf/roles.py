"""The roles of product.md as readable classes: who they are, where they may act, what they may do.

The only table that names permissions of every floor; `core.access` holds the mechanism. A new role is entered here, in
docs/guide/roles.md and in the hand-kept matrix tests/house/role_matrix.json.
"""

from liaoyuan.api.choices import Permission as Api
from liaoyuan.core.access import Role
from liaoyuan.core.choices import Office, ScopeKind
from liaoyuan.core.choices import Permission as Core
from liaoyuan.funding.choices.codes import Permission as Funding
from liaoyuan.party.choices.codes import Permission as Party
from liaoyuan.people.choices import Permission as People
from liaoyuan.planning.choices.codes import Permission as Planning
from liaoyuan.registry.choices import Permission as Registry

_READ = frozenset({Registry.VIEW, Registry.STATS})
_AREA = (ScopeKind.AREA,)
#: What a superior's staff may do with party organizations and members; who approves does not handle.
_PARTY = frozenset(
    {
        Party.VIEW,
        Party.EDIT,
        Party.STATS,
        Party.MEMBERS_VIEW,
        Party.MEMBERS_EDIT,
        Party.IMPORT,
        Party.EXPORT,
        Party.LETTER_ISSUE,
        Party.LIFE_EDIT,
        Party.VISIT,
    }
)
#: What the office that carries grants out may do; who confirms does not handle.
_GRANTS = frozenset({Funding.VIEW, Funding.EDIT, Funding.STATS, Funding.NEED_EDIT})
_OWN = (ScopeKind.ORGANIZATION,)

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "registry_officer",
            "登记管理干部",
            "/",
            _READ
            | _GRANTS
            | {
                Funding.PARAMETER_EDIT,
                Registry.EDIT,
                Registry.IMPORT,
                Registry.EXPORT,
                Registry.FILING_EDIT,
                Registry.CREDIT_EDIT,
                Registry.RATING_MANAGE,
                Registry.CASE_DECIDE,
                Registry.ANNUAL_EDIT,
                Registry.ANNUAL_FILL,
                Core.AREA_EDIT,
                Core.CALENDAR_EDIT,
                Core.PARAMETER_VIEW,
                Core.PARAMETER_EDIT,
                Core.INVITE,
                Core.CASE_EXPORT,
                Core.REMIND,
                Core.NOTICE_EDIT,
                Core.REVEAL,
                Core.REQUEST_DECIDE,
                Core.DOCUMENT_VIEW,
                Core.DOCUMENT_DRAFT,
                Core.DOCUMENT_SETUP,
                Api.TOKEN_USE,
                People.VIEW,
                People.EDIT,
                People.IMPORT,
                People.EXPORT,
                People.STATS,
            },
            description="社会组织科：登记、年检、评估、名录，导入导出和统计。",
        ),
        Role(
            "registry_head",
            "登记管理负责人",
            "/",
            _READ
            | {
                Funding.VIEW,
                Funding.CONFIRM,
                Funding.STATS,
                Funding.PARAMETER_CONFIRM,
                Registry.EXPORT,
                Registry.CASE_DECIDE,
                Core.PARAMETER_VIEW,
                Core.PARAMETER_CONFIRM,
                Core.CASE_EXPORT,
                Core.REMIND,
                Core.NOTICE_EDIT,
                Core.CALENDAR_EDIT,
                Core.DOCUMENT_VIEW,
                Core.DOCUMENT_ISSUE,
                People.VIEW,
                People.STATS,
            },
            description="科室负责人：确认政策参数，签发文书，查看登记和统计。",
        ),
        Role(
            "party_lead",
            "党建牵头部门干部",
            "/",
            _READ
            | _PARTY
            | {
                Party.MEMBERS_REVEAL,
                Registry.EXPORT,
                Party.PARAMETER_EDIT,
                Planning.VIEW,
                Planning.EDIT,
                Core.PARAMETER_VIEW,
                Core.REMIND,
                Core.NOTICE_EDIT,
                Core.CASE_EXPORT,
                Core.DOCUMENT_VIEW,
                Core.DOCUMENT_DRAFT,
                Api.TOKEN_USE,
                People.STATS,
            },
            description="社会工作部或组织部：党组织、党员、覆盖情况，受理设立、调整、撤销党组织的申请，起草党建政策参数。",
        ),
        Role(
            "party_head",
            "党建牵头部门负责人",
            "/",
            _READ
            | {
                Party.VIEW,
                Party.APPROVE,
                Party.STATS,
                Party.MEMBERS_VIEW,
                Party.PARAMETER_CONFIRM,
                Planning.VIEW,
                Planning.APPROVE,
                Core.PARAMETER_VIEW,
                Core.REMIND,
                Core.CASE_EXPORT,
                Core.DOCUMENT_VIEW,
                Core.DOCUMENT_ISSUE,
                People.STATS,
            },
            scopes=(ScopeKind.AREA, ScopeKind.PARTY),
            description="批复党组织的设立、调整、撤销，确认党建政策参数，签发文书。范围也可以是一个党委：只批复它所属的党组织。",
        ),
        Role(
            "street_office",
            "街道（镇）干部",
            "/",
            _READ
            | {
                Funding.NEED_EDIT,
                Registry.FILING_EDIT,
                Registry.ANNUAL_FILL,
                Registry.EXPORT,
                Registry.IMPORT,
                Core.CASE_EXPORT,
                Core.INVITE,
                Core.REMIND,
                Core.NOTICE_EDIT,
                Core.DOCUMENT_VIEW,
                Core.DOCUMENT_DRAFT,
                Core.DOCUMENT_ISSUE,
                Core.DOCUMENT_SETUP,
                People.VIEW,
                People.EDIT,
                People.IMPORT,
                People.EXPORT,
                People.STATS,
            }
            | _PARTY
            | {Planning.VIEW},
            description="本街道：备案社区社会组织的登记与维护，查看住所在本街道的组织，本街道党（工）委所属的党支部。",
        ),
        Role(
            "instructor",
            "党建指导员",
            "/",
            frozenset({Registry.OWN_VIEW, Party.OWN_VIEW, Party.VISIT}),
            _OWN,
            second_factor=False,
            description="所联系的组织。",
        ),
        Role(
            "branch_secretary",
            "党支部书记",
            "/",
            frozenset(
                {
                    Registry.OWN_VIEW,
                    Party.VIEW,
                    Party.MEMBERS_VIEW,
                    Party.MEMBERS_EDIT,
                    Party.LIFE_EDIT,
                    Party.OWN_VIEW,
                    Party.OWN_ADJUST,
                    Core.REMIND,
                }
            ),
            (ScopeKind.PARTY, ScopeKind.ORGANIZATION),
            second_factor=False,
            description="本支部：党员名册、组织生活和会议通知、党费；范围为党支部。也可以查看所在的组织。",
        ),
        Role(
            "organization_head",
            "组织负责人",
            "/",
            frozenset(
                {
                    Funding.OWN_VIEW,
                    Funding.OWN_EDIT,
                    Funding.OWN_CERTIFY,
                    Funding.OWN_MONEY,
                    Registry.OWN_VIEW,
                    Registry.OWN_FILE,
                    Registry.RATING_OWN,
                    People.OWN_VIEW,
                    People.OWN_EDIT,
                    Core.DOCUMENT_OWN_VIEW,
                    Party.OWN_APPLY,
                    Party.OWN_VIEW,
                    Party.OWN_ADJUST,
                }
            ),
            _OWN,
            second_factor=False,
            description="法定代表人、负责人：本组织的档案，上传本组织的材料，申请等级评估。",
        ),
        Role(
            "project_manager",
            "项目负责人",
            "/",
            # a token writes and hands in what the head certified himself; the head holds none: he signs in person
            frozenset({Registry.OWN_VIEW, Funding.OWN_VIEW, Funding.OWN_EDIT, Funding.OWN_MONEY, Api.TOKEN_USE}),
            _OWN,
            second_factor=False,
            description="本组织的项目。",
        ),
        Role(
            "accountant",
            "组织财务",
            "/",
            frozenset({Registry.OWN_VIEW, Funding.OWN_VIEW, Funding.OWN_MONEY}),
            _OWN,
            second_factor=False,
            description="本组织的预算和凭证。",
        ),
        Role(
            "grants_office",
            "创投承办",
            "/",
            _READ | _GRANTS | {Api.TOKEN_USE},
            description="公益创投的主办或承办单位：开办一届、收集需求、受理申报、资格审查。",
        ),
        Role(
            "leadership",
            "领导",
            "/",
            _READ | {People.STATS, Core.DOCUMENT_VIEW, Party.VIEW, Party.STATS, Funding.VIEW, Funding.STATS},
            description="只读的统计和登记情况，党组织和覆盖情况（不含党员名册）。",
        ),
        Role(
            "finance",
            "财务",
            "/",
            frozenset({Registry.STATS, Funding.VIEW, Funding.STATS, Funding.PAY}),
            description="资金拨付：制作付款文件、登记付款和退款。",
        ),
        Role(
            "evaluator",
            "审计与评估",
            "/",
            _READ
            | {
                Core.FILE_ORIGINAL,
                People.STATS,
                Core.DOCUMENT_VIEW,
                Registry.RATING_SCORE,
                Funding.VIEW,
                Funding.EVALUATE,
            },
            description="查阅，可调阅图片原件；评估分配到的组织，评估公益创投项目的中期和结项报告。",
        ),
        Role(
            "expert",
            "评估专家",
            "/registry/ratings/assigned/",
            frozenset({Registry.RATING_SCORE, Funding.REVIEW_SCORE}),
            second_factor=False,
            description="等级评估和公益创投评审：只看分配给自己的组织和项目，声明回避，打分。",
        ),
        Role(
            "system_administrator",
            "系统管理员",
            "/console/accounts/",
            frozenset(
                {
                    Core.USER_MANAGE,
                    Core.CLOCK_SET,
                    Core.BACKUP,
                    Core.JOB_VIEW,
                    Core.OUTLET_SET,
                }
            ),
            (ScopeKind.ALL,),
            Office.SYSTEM,
            description="账号、备份、配置；不接触业务数据，不能改日志。",
        ),
        Role(
            "security_administrator",
            "安全管理员",
            "/console/grants/",
            frozenset(
                {
                    Core.GRANT_MANAGE,
                    Core.SEPARATION_SET,
                    Api.TOKEN_REVOKE,
                }
            ),
            (ScopeKind.ALL,),
            Office.SECURITY,
            description="角色、授权、策略；不能单独建账号。",
        ),
        Role(
            "audit_administrator",
            "审计管理员",
            "/console/audit/",
            frozenset({Core.AUDIT_VIEW}),
            (ScopeKind.ALL,),
            Office.AUDIT,
            description="查阅全部日志；不能修改任何内容。",
        ),
    )
}
