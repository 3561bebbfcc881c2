"""Configuration of the floor `funding`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """Configuration of funding."""

    name = "liaoyuan.funding"
    label = "funding"
    verbose_name = "公益创投"

    def ready(self) -> None:
        """Enter rules and words, the figures of the places, programmes and rounds, projects, their awards and money."""
        steps = (
            _words, _rounds, _projects, _papers, _awards, _agreements, _running, _trials, _archive, _waiting,
        )  # fmt: skip
        for enter in steps:
            enter()


def _words() -> None:
    """Rules with their parameters, the places whose figures are shipped."""
    from liaoyuan.core import registries
    from liaoyuan.funding.choices.codes import Permission
    from liaoyuan.funding.choices.titles import EVENT_TITLES, PERMISSION_TITLES
    from liaoyuan.funding.params.profiles import PROFILES
    from liaoyuan.funding.params.shipped import PARAMETER_TITLES, PARAMETERS
    from liaoyuan.funding.rules.table import specs

    registries.add_rules(specs())
    registries.add_parameters(PARAMETERS)
    registries.profiles.update({profile.code: profile for profile in PROFILES})
    registries.parameter_titles.update(PARAMETER_TITLES)
    registries.event_titles.update(EVENT_TITLES)
    registries.permission_titles.update(PERMISSION_TITLES)
    registries.add_parameter_owner(registries.ParameterOwner(
        "funding", "公益创投", ("gv.", "GV-"), Permission.PARAMETER_EDIT, Permission.PARAMETER_CONFIRM,
        trial_url_name="funding:trial_new",
    ))  # fmt: skip


def _rounds() -> None:
    """What programmes, rounds and needs are to scopes; the published figure; the areas in use; past rounds come in."""
    from liaoyuan.core import registries
    from liaoyuan.funding.choices.codes import Permission
    from liaoyuan.funding.imports import past
    from liaoyuan.funding.queries import figures, places, scopes, statistics
    from liaoyuan.ui import texts

    texts.figure_words["gv."] = figures.told
    registries.stats_kinds["funding"] = statistics.stats
    registries.area_uses["funding"] = registries.AreaUse(
        "funding", "公益创投的计划、需求和项目", places.in_area, Permission.VIEW, places.list_of
    )
    registries.import_kinds[past.KIND.kind] = past.KIND
    for resolver in scopes.RESOLVERS:
        registries.scope_kinds[resolver.subject_kind] = resolver


def _projects() -> None:
    """What projects are to scopes; how they follow merges of bodies and of persons."""
    from liaoyuan.core import registries
    from liaoyuan.funding.actions import carrying
    from liaoyuan.funding.queries import about, scopes

    registries.about_me[about.ABOUT_ME.code] = about.ABOUT_ME
    registries.scope_kinds[scopes.PROJECT.subject_kind] = scopes.PROJECT
    registries.mergers[carrying.MERGER.code] = carrying.MERGER
    registries.tellers["funding"] = (carrying.knows, carrying.carry_person)


def _papers() -> None:
    """Attachments of applications: what they are, which ones are asked for."""
    from liaoyuan.core import registries
    from liaoyuan.funding.params import papers as kinds
    from liaoyuan.funding.queries import papers

    registries.file_subjects[papers.PROJECT_FILES.kind] = papers.PROJECT_FILES
    registries.file_purposes.update(kinds.PURPOSES)
    registries.add_parameters(kinds.GRANT_PAPER_PARAMETERS)
    registries.parameter_titles.update(kinds.GRANT_PAPER_PARAMETER_TITLES)


def _awards() -> None:
    """Published lists and objections: their scopes, documents, sealed names, what ends."""
    from dataclasses import replace

    from liaoyuan.core import events, registries
    from liaoyuan.funding.actions import objection_retention, objections, publicity
    from liaoyuan.funding.params import letters as kits
    from liaoyuan.funding.queries import letters, scopes, secrets

    for resolver in scopes.MONEY:
        registries.scope_kinds[resolver.subject_kind] = resolver
    events.add_sensitive("objector", "objector_contact", "account_number")
    registries.add_sealed(*secrets.SEALED)
    registries.add_documents(
        *(
            replace(kind, facts=letters.of_list, about=letters.around, ready=publicity.ready, follow=publicity.follow)
            for kind in (kits.NOTICE, kits.APPROVAL)
        ),
        replace(kits.ANSWER, facts=letters.of_objection, ready=objections.ready, follow=objections.follow),
    )  # fmt: skip
    registries.retained.update({entry.code: entry for entry in objection_retention.CLASSES})


def _agreements() -> None:
    """Agreements and approval sheets as documents, the signed papers as files."""
    from dataclasses import replace

    from liaoyuan.core import registries
    from liaoyuan.funding.actions import agreements, tranches
    from liaoyuan.funding.params import agreement_papers
    from liaoyuan.funding.params import letters as kits
    from liaoyuan.funding.params import vouchers as purposes
    from liaoyuan.funding.queries import letters, vouchers

    registries.file_purposes.update(purposes.PURPOSES)
    registries.file_subjects[vouchers.AGREEMENTS.kind] = vouchers.AGREEMENTS
    from liaoyuan.funding.queries import agreement_papers as papers

    registries.file_subjects[papers.FILES.kind] = papers.FILES
    registries.file_purposes.update(agreement_papers.PURPOSES)

    registries.add_documents(
        replace(kits.CONTRACT, facts=letters.of_agreement, ready=agreements.ready, follow=agreements.follow),
        replace(kits.SHEET, facts=letters.of_tranche, ready=tranches.ready, follow=tranches.follow),
    )


def _trials() -> None:
    """What runs later: the examination of a round, trials of parameters."""
    from liaoyuan.core import registries
    from liaoyuan.funding import tasks

    registries.add_job(tasks.EXAMINE)
    registries.add_job(tasks.TRIAL)


def _archive() -> None:
    """Papers of a project's archive, the job that packs it, awards as open data."""
    from liaoyuan.core import registries
    from liaoyuan.funding import tasks
    from liaoyuan.funding.exports import open_grants
    from liaoyuan.funding.params import archive_papers

    registries.add_job(tasks.ARCHIVE)
    registries.export_kinds.update(open_grants.KINDS)
    registries.file_purposes.update(archive_papers.PURPOSES)


def _running() -> None:
    """Photos and papers of records of work."""
    from liaoyuan.core import registries
    from liaoyuan.funding.params.work_papers import PURPOSES
    from liaoyuan.funding.queries import work_papers

    registries.file_purposes.update(PURPOSES)
    registries.file_subjects.update({subject.kind: subject for subject in (work_papers.RECORDS, work_papers.AUDITS)})


def _waiting() -> None:
    """What waits for a user; who is reminded."""
    from liaoyuan.core import registries
    from liaoyuan.funding.queries import due, due_awards, due_desk, due_money, reminding, review_due, running_due

    for room in (due, due_awards, due_desk, due_money, review_due, running_due):
        registries.due_sources.update({source.code: source for source in room.SOURCES})
    for reminder in (*reminding.REMINDERS, running_due.REMINDER):
        registries.reminders[reminder.code] = reminder
