"""Configuration of the floor `registry`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Configuration of registry."""

    name = "liaoyuan.registry"
    label = "registry"
    verbose_name = "登记"

    def ready(self) -> None:
        """Enter the register's rules, their parameters and the words of its events and permissions."""
        from dataclasses import replace

        from liaoyuan.core import events, registries
        from liaoyuan.registry.actions import retention
        from liaoyuan.registry.choices import Permission
        from liaoyuan.registry.exports import organizations as exports
        from liaoyuan.registry.imports.organizations import KINDS
        from liaoyuan.registry.params.names import PARAMETER_TITLES
        from liaoyuan.registry.params.papers import PAPER_PARAMETER_TITLES, PAPER_PARAMETERS, PURPOSES
        from liaoyuan.registry.params.shipped import PARAMETERS
        from liaoyuan.registry.params.titles import EVENT_TITLES, PERMISSION_TITLES
        from liaoyuan.registry.queries import (
            claims,
            counts,
            due,
            lookup,
            papers,
            sealed,
            standings,
            statistics,
        )
        from liaoyuan.registry.queries.documents import documents
        from liaoyuan.registry.rules.table import specs
        from liaoyuan.registry.tasks import EXPORT

        registries.searchables["organization"] = registries.Searchable(
            kind="organization",
            title="社会组织",
            url_name="registry:organization_detail",
            permission=f"{Permission.VIEW}|{Permission.OWN_VIEW}",
            documents=documents,
        )
        templates = {"organizations": exports.ORGANIZATION, "filings": exports.FILING}
        registries.import_kinds.update({kind.kind: replace(kind, columns=templates[kind.kind]) for kind in KINDS})
        registries.add_job(EXPORT)
        registries.export_kinds.update(exports.KINDS)
        registries.scope_kinds["organization"] = registries.ScopeResolver(
            "organization", standings.scope_of, sealed.find
        )
        registries.area_uses["organization"] = registries.AreaUse(
            kind="organization", title="存续的社会组织", count=counts.in_area,
            permission=Permission.VIEW, href=lookup.list_of,
        )  # fmt: skip
        registries.add_sealed(*sealed.SEALED, sealed.CLAIMS)
        registries.add_staged(standings.SECRET)
        registries.about_me[sealed.ABOUT_ME.code] = sealed.ABOUT_ME
        registries.retained.update({entry.code: entry for entry in retention.CLASSES})
        registries.file_subjects.update(papers.SUBJECTS)
        registries.file_purposes.update(PURPOSES)
        registries.add_panel(
            registries.Panel(
                "organization",
                "files",
                "文件",
                "core:file_list",
                f"{Permission.VIEW}|{Permission.OWN_VIEW}",
                before=("organization",),
            )
        )
        self._enter_cases()
        self._enter_documents()
        registries.stats_kinds["registry"] = statistics.stats
        registries.add_rules(specs())
        registries.add_parameters(PARAMETERS)
        registries.add_parameters(PAPER_PARAMETERS)
        registries.parameter_titles.update(PARAMETER_TITLES | PAPER_PARAMETER_TITLES)
        registries.event_titles.update(EVENT_TITLES)
        registries.permission_titles.update(PERMISSION_TITLES)
        events.add_sensitive(*standings.SECRET)
        registries.due_sources.update({source.code: source for source in (*due.SOURCES, *claims.SOURCES)})
        registries.add_guard("invitation.code", claims.about_code)

    def _enter_cases(self) -> None:
        """Enter the register's procedures, their papers, the tab of a body's cases and the monthly check."""
        from liaoyuan.core import registries
        from liaoyuan.registry.actions import procedures
        from liaoyuan.registry.choices import Permission
        from liaoyuan.registry.params.procedures import (
            CASE_PAPER,
            PROCEDURE_PARAMETER_TITLES,
            PROCEDURE_PARAMETERS,
        )
        from liaoyuan.registry.queries import idle
        from liaoyuan.registry.queries import procedures as procedure_queries
        from liaoyuan.registry.tasks import IDLE

        registries.add_case_kinds(*procedures.KINDS)
        registries.add_parameters(PROCEDURE_PARAMETERS)
        registries.parameter_titles.update(PROCEDURE_PARAMETER_TITLES)
        registries.file_purposes[CASE_PAPER.code] = CASE_PAPER
        registries.add_guard("organization.apply", procedure_queries.may_apply)
        seen = f"{Permission.VIEW}|{Permission.OWN_FILE}"
        registries.add_panel(
            registries.Panel("organization", "cases", "事项", "core:case_of", seen, order=20, before=("organization",))
        )
        registries.add_job(IDLE, schedule=registries.Scheduled("registry.idle", every=30 * 86400))
        registries.activity_sources["registry"] = idle.traces

    def _enter_documents(self) -> None:
        """Enter the kits of letters, the paper forms and the tab of a body's documents."""
        from dataclasses import replace

        from liaoyuan.core import registries
        from liaoyuan.core.choices import Permission as Core
        from liaoyuan.registry.exports import blanks
        from liaoyuan.registry.params import letters as kits
        from liaoyuan.registry.queries import letters

        registries.add_documents(*(replace(kind, facts=letters.facts) for kind in kits.KINDS))
        registries.blank_forms["organization"] = [
            registries.BlankForm(form.code, form.title, "registry:blank_form", form.fits)
            for form in blanks.FORMS.values()
        ]
        registries.add_panel(
            registries.Panel(
                "organization", "documents", "文书", "core:document_panel",
                f"{Core.DOCUMENT_VIEW}|{Core.DOCUMENT_OWN_VIEW}", 60, before=("organization",),
            )
        )  # fmt: skip
