"""Core: areas, users, roles and scopes, policy, audit, imports, search."""

from dataclasses import replace

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Configuration of core."""

    name = "liaoyuan.core"
    label = "core"
    verbose_name = "平台"

    def ready(self) -> None:
        """Enter the words of core's own events and permissions, its columns of ciphertext, and what stands in 待办."""
        from liaoyuan.core import adapters, casekinds, cases, events, registries, retention, sessions, tasks
        from liaoyuan.core.actions import case_receipts, deciding, privacy, reminders
        from liaoyuan.core.actions import jobs as working
        from liaoyuan.core.actions import messages as sending
        from liaoyuan.core.actions import notices as announcing
        from liaoyuan.core.actions import retention as ending
        from liaoyuan.core.documents import case_letters, filed
        from liaoyuan.core.params import (
            AREA_FIELD_TITLES,
            EVENT_TITLES,
            FILE_PARAMETER_TITLES,
            FILE_PARAMETERS,
            PERMISSION_TITLES,
        )
        from liaoyuan.core.queries import accounts, backups, batches, documents, due, jobs, messages, notices, outlets
        from liaoyuan.core.queries import cases as case_queries
        from liaoyuan.core.queries import reminders as reminding

        _figures()
        registries.event_titles.update(EVENT_TITLES)
        registries.permission_titles.update({**PERMISSION_TITLES, **casekinds.CASE_PERMISSION_TITLES})
        registries.field_titles["area"] = AREA_FIELD_TITLES
        registries.add_parameters(FILE_PARAMETERS)
        registries.parameter_titles.update(FILE_PARAMETER_TITLES)
        registries.due_sources.update({source.code: source for source in due.SOURCES})
        registries.add_parameters(retention.PARAMETERS)
        registries.parameter_titles.update(retention.PARAMETER_TITLES)
        registries.retained.update({entry.code: entry for entry in ending.CLASSES})
        staged = {"subject_kind": registries.STAGED, "subject": "object_id"}
        registries.add_sealed(
            registries.SealedField("core.EventKey", "wrapped", events.KEY_PURPOSE),
            registries.SealedField("core.StoredFile", "wrapped_key", "stored-file"),
            registries.SealedField("core.ImportBatch", "top", batches.RAW_PURPOSE),
            registries.SealedField("core.ImportRow", "raw", batches.RAW_PURPOSE, **staged),
            registries.SealedField("core.ImportRow", "fields", registries.staged_purposes, **staged),
            registries.SealedField("core.ImportRow", "before", registries.staged_purposes, **staged),
            registries.SealedField("core.Difference", "there", registries.staged_purposes, **staged),
            registries.SealedField("core.Difference", "here", registries.staged_purposes, **staged),
            registries.SealedField("core.PersonalRequest", "text", privacy.PURPOSE, personal="request.text"),
            registries.SealedField("core.PersonalRequest", "answer", privacy.PURPOSE, personal="request.text"),
            registries.SealedField("core.Outlet", "secret", outlets.PURPOSE),
            registries.SealedField("core.Document", "sealed", documents.PURPOSE, subject_kind="document", subject="pk"),
            registries.SealedField("mfa.Authenticator", "data", {"": (adapters.PURPOSE,)}),
        )
        registries.due_sources[backups.DUE.code] = backups.DUE
        registries.add_sealed(
            registries.SealedField("core.Case", "facts", registries.case_purposes, subject_kind="case", subject="id")
        )
        registries.due_sources.update({source.code: source for source in case_queries.SOURCES})
        registries.scope_kinds["case"] = registries.ScopeResolver("case", case_queries.scope_of, case_queries.find)
        registries.file_subjects["case"] = cases.FILES
        registries.add_documents(*(replace(kind, follow=case_receipts.follow) for kind in case_letters.KINDS))
        registries.due_sources["core.jobs"] = registries.DueSource("core.jobs", "任务", "", jobs.ended)
        registries.due_sources[messages.SOURCE.code] = messages.SOURCE
        registries.scope_kinds[notices.KIND] = registries.ScopeResolver(notices.KIND, notices.scope_of, notices.found)
        registries.file_subjects[notices.KIND] = announcing.SUBJECT
        registries.file_purposes[notices.PURPOSE] = announcing.FILES
        registries.addresses["user"] = accounts.addresses
        for entry in (
            registries.Handover("core.cases", "没有办结的事项", case_queries.count_open, deciding.hand_over_all),
            registries.Handover("core.messages", "没有发出的消息", messages.count_open, sending.move),
            registries.Handover("core.jobs", "后台任务", jobs.count_open, working.move),
            registries.Handover("core.call_lists", "催办单", reminding.count_open, reminders.move),
        ):
            registries.handovers[entry.code] = entry
        registries.scope_kinds["document"] = registries.ScopeResolver("document", documents.scope_of, documents.by_key)
        registries.file_subjects["document"] = filed.SUBJECT
        registries.file_purposes.update(filed.PURPOSES)
        sessions.add_bell(due.bell)
        for kind, schedule in tasks.KINDS:
            registries.add_job(kind, schedule=schedule)


def _figures() -> None:
    """Figures that findings rest on are told by the titles of parameters."""
    from liaoyuan.core.queries import parameters
    from liaoyuan.ui import texts

    texts.figure_words[""] = parameters.told
