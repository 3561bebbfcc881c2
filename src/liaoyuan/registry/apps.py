"""Configuration of the floor `registry`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Configuration of registry."""

    name = "liaoyuan.registry"
    label = "registry"
    verbose_name = "登记"

    def ready(self) -> None:
        """Enter the register's records, files, rules and words, then its procedures and what waits."""
        for enter in (_bodies, _sheets, _papers, _rules, _procedures, _letters, _waiting):
            enter()


def _bodies() -> None:
    """What a body is to search, scopes, areas and privacy."""
    from liaoyuan.core import events, registries
    from liaoyuan.registry.actions import retention
    from liaoyuan.registry.choices import Permission
    from liaoyuan.registry.queries import counts, lookup, reminding, sealed, standings, statistics
    from liaoyuan.registry.queries.documents import documents

    registries.searchables["organization"] = registries.Searchable(
        kind="organization",
        title="社会组织",
        url_name="registry:organization_detail",
        permission=f"{Permission.VIEW}|{Permission.OWN_VIEW}",
        documents=documents,
    )
    registries.scope_kinds["organization"] = registries.ScopeResolver("organization", standings.scope_of, sealed.find)
    registries.area_uses["organization"] = registries.AreaUse(
        kind="organization", title="存续的社会组织", count=counts.in_area, permission=Permission.VIEW,
        href=lookup.list_of,
    )  # fmt: skip
    registries.add_sealed(*sealed.SEALED, sealed.CLAIMS)
    registries.add_staged(standings.SECRET)
    events.add_sensitive(*standings.SECRET)
    registries.about_me[sealed.ABOUT_ME.code] = sealed.ABOUT_ME
    registries.retained.update({entry.code: entry for entry in retention.CLASSES})
    registries.addresses[reminding.SUBJECT] = reminding.addresses
    registries.stats_kinds["registry"] = statistics.stats


def _sheets() -> None:
    """Imports and exports."""
    from dataclasses import replace

    from liaoyuan.core import registries
    from liaoyuan.registry.exports import honours as awarded
    from liaoyuan.registry.exports import organizations as exports
    from liaoyuan.registry.imports import comparing
    from liaoyuan.registry.imports.honours import KIND
    from liaoyuan.registry.imports.organizations import KINDS
    from liaoyuan.registry.tasks import EXPORT

    templates = {"organizations": exports.ORGANIZATION, "filings": exports.FILING, "honours": awarded.COLUMNS}
    registries.import_kinds.update({kind.kind: replace(kind, columns=templates[kind.kind]) for kind in (*KINDS, KIND)})
    registries.compare_kinds.update({kind.kind: kind for kind in comparing.KINDS})
    registries.add_job(EXPORT)
    registries.export_kinds.update(exports.KINDS | {KIND.kind: awarded.export_honours})


def _papers() -> None:
    """Files of bodies, ratings, honours and annual reports."""
    from liaoyuan.core import registries
    from liaoyuan.registry.choices import Permission
    from liaoyuan.registry.params.papers import PAPER_PARAMETER_TITLES, PAPER_PARAMETERS, PURPOSES
    from liaoyuan.registry.queries import annual_papers, papers

    registries.file_subjects.update(papers.SUBJECTS | annual_papers.SUBJECTS)
    registries.file_purposes.update(PURPOSES)
    registries.add_parameters(PAPER_PARAMETERS)
    registries.parameter_titles.update(PAPER_PARAMETER_TITLES)
    seen = f"{Permission.VIEW}|{Permission.OWN_VIEW}"
    registries.add_panel(
        registries.Panel("organization", "files", "文件", "core:file_list", seen, before=("organization",))
    )


def _rules() -> None:
    """Rules, their parameters, and the words of events and permissions."""
    from liaoyuan.core import registries
    from liaoyuan.registry.params.listings import ANNUAL_PARAMETERS, LISTING_PARAMETER_TITLES
    from liaoyuan.registry.params.names import PARAMETER_TITLES
    from liaoyuan.registry.params.ratings import ROUND_PARAMETER_TITLES, ROUND_PARAMETERS
    from liaoyuan.registry.params.shipped import PARAMETERS
    from liaoyuan.registry.params.titles import EVENT_TITLES, PERMISSION_TITLES
    from liaoyuan.registry.rules.table import specs

    registries.add_rules(specs())
    for parameters in (PARAMETERS, ANNUAL_PARAMETERS, ROUND_PARAMETERS):
        registries.add_parameters(parameters)
    for titles in (PARAMETER_TITLES, LISTING_PARAMETER_TITLES, ROUND_PARAMETER_TITLES):
        registries.parameter_titles.update(titles)
    registries.event_titles.update(EVENT_TITLES)
    registries.permission_titles.update(PERMISSION_TITLES)


def _procedures() -> None:
    """Cases of the register, and bodies without a trace of activity."""
    from liaoyuan.core import registries
    from liaoyuan.registry.actions import procedures
    from liaoyuan.registry.choices import Permission
    from liaoyuan.registry.params.procedures import CASE_PAPER, PROCEDURE_PARAMETER_TITLES, PROCEDURE_PARAMETERS
    from liaoyuan.registry.queries import idle
    from liaoyuan.registry.queries import procedures as queries
    from liaoyuan.registry.tasks import IDLE

    registries.add_case_kinds(*procedures.KINDS)
    registries.add_parameters(PROCEDURE_PARAMETERS)
    registries.parameter_titles.update(PROCEDURE_PARAMETER_TITLES)
    registries.file_purposes[CASE_PAPER.code] = CASE_PAPER
    registries.add_guard("organization.apply", queries.may_apply)
    seen = f"{Permission.VIEW}|{Permission.OWN_FILE}"
    registries.add_panel(
        registries.Panel("organization", "cases", "事项", "core:case_of", seen, order=20, before=("organization",))
    )
    registries.add_job(IDLE, schedule=registries.Scheduled("registry.idle", every=30 * 86400))
    registries.activity_sources["registry"] = idle.traces


def _letters() -> None:
    """Kits of documents, those that carry a procedure about a list, and blank forms."""
    from dataclasses import replace

    from liaoyuan.core import registries
    from liaoyuan.core.choices import Permission as Core
    from liaoyuan.registry.actions import listing_letters
    from liaoyuan.registry.exports import blanks
    from liaoyuan.registry.params import letters as kits
    from liaoyuan.registry.params import listing_letters as listing_kits
    from liaoyuan.registry.queries import letters
    from liaoyuan.registry.queries import listing_letters as listing_queries

    registries.add_documents(*(replace(kind, facts=letters.facts) for kind in kits.KINDS))
    for kind in listing_kits.KINDS:
        hooked = replace(
            kind, facts=listing_queries.facts_for(kind.code), about=listing_queries.about,
            origin=listing_queries.origin,
            ready=listing_letters.ready, follow=listing_letters.follow,
        )  # fmt: skip
        registries.add_documents(hooked)
    registries.blank_forms["organization"] = [
        registries.BlankForm(form.code, form.title, "registry:blank_form", form.fits) for form in blanks.FORMS.values()
    ]
    seen = f"{Core.DOCUMENT_VIEW}|{Core.DOCUMENT_OWN_VIEW}"
    registries.add_panel(
        registries.Panel("organization", "documents", "文书", "core:document_panel", seen, 60, before=("organization",))
    )


def _waiting() -> None:
    """待办, 催办, and what a claim's code has become."""
    from liaoyuan.core import registries
    from liaoyuan.registry.queries import annual_due, claims, due, duties, reminding

    waiting = (*due.SOURCES, *claims.SOURCES, *annual_due.SOURCES, *duties.SOURCES)
    registries.due_sources.update({source.code: source for source in waiting})
    registries.reminders.update({entry.code: entry for entry in reminding.REMINDERS})
    registries.add_guard("invitation.code", claims.about_code)
