"""Configuration of the floor `party`; what it offers to the floors below is entered in `ready()`."""

from django.apps import AppConfig


class PartyConfig(AppConfig):
    """Configuration of party."""

    name = "liaoyuan.party"
    label = "party"
    verbose_name = "党建"

    def ready(self) -> None:
        """Enter rules and words, party organizations and members, meetings, what waits."""
        parts = (
            _words,
            _organizations,
            _founding,
            _reorganizing,
            _waiting,
            _members,
            _meetings,
            _development,
            _coverage,
            _declarations,
            _dues,
            _venues,
        )
        for enter in parts:
            enter()


def _words() -> None:
    """Rules with their parameters, words of events and permissions."""
    from liaoyuan.core import registries
    from liaoyuan.party.choices.codes import Permission
    from liaoyuan.party.params.shipped import PARAMETER_TITLES, PARAMETERS
    from liaoyuan.party.params.titles import EVENT_TITLES, PERMISSION_TITLES
    from liaoyuan.party.rules.table import specs

    registries.add_rules(specs())
    registries.add_parameters(PARAMETERS)
    registries.add_parameter_owner(registries.ParameterOwner(
        "party", "党建", ("pb.", "PB-"), Permission.PARAMETER_EDIT, Permission.PARAMETER_CONFIRM
    ))  # fmt: skip
    registries.parameter_titles.update(PARAMETER_TITLES)
    registries.event_titles.update(EVENT_TITLES)
    registries.permission_titles.update(PERMISSION_TITLES)


def _organizations() -> None:
    """What a party organization is to scopes and search."""
    from liaoyuan.core import registries
    from liaoyuan.core.choices import ScopeKind
    from liaoyuan.party.choices.codes import Permission
    from liaoyuan.party.params.papers import PURPOSES
    from liaoyuan.party.queries import organizations as reading
    from liaoyuan.party.queries import papers

    registries.scope_kinds[reading.SUBJECT] = registries.ScopeResolver(reading.SUBJECT, reading.scope_of, reading.find)
    registries.scope_paths[ScopeKind.PARTY] = reading.scope_paths
    registries.searchables[reading.SUBJECT] = registries.Searchable(
        kind=reading.SUBJECT, title="党组织", url_name="party:organization_detail", permission=Permission.VIEW,
        documents=reading.documents,
    )  # fmt: skip
    registries.file_subjects[reading.SUBJECT] = papers.FILES
    registries.file_purposes.update(PURPOSES)


def _founding() -> None:
    """The case of founding a branch, and its kit of documents."""
    from dataclasses import replace

    from liaoyuan.core import registries
    from liaoyuan.core.actions import case_receipts
    from liaoyuan.party.actions import founding
    from liaoyuan.party.params import letters as kits
    from liaoyuan.party.params.procedures import FOUND_PARAMETER_TITLES, FOUND_PARAMETERS
    from liaoyuan.party.queries import founding as queries
    from liaoyuan.party.queries import letters

    registries.scope_kinds[queries.SUBJECT] = registries.ScopeResolver(queries.SUBJECT, queries.scope_of, queries.find)
    registries.add_case_kinds(founding.KIND)
    registries.add_documents(
        *(replace(kind, facts=letters.facts_for(kind.code), follow=case_receipts.follow) for kind in kits.KINDS)
    )
    registries.add_parameters(FOUND_PARAMETERS)
    registries.parameter_titles.update(FOUND_PARAMETER_TITLES)


def _reorganizing() -> None:
    """The cases of adjusting and dissolving, their documents, who may be given a committee to approve for."""
    from dataclasses import replace

    from liaoyuan.core import registries
    from liaoyuan.core.choices import ScopeKind
    from liaoyuan.party.actions import reorganizing
    from liaoyuan.party.params import letters_changing as kits
    from liaoyuan.party.queries import changing, granting
    from liaoyuan.party.queries import reorganizing as queries

    registries.scope_kinds[queries.SUBJECT] = registries.ScopeResolver(queries.SUBJECT, queries.scope_of, queries.find)
    registries.add_case_kinds(*reorganizing.KINDS)
    registries.add_documents(*(replace(kind, facts=changing.facts_for(kind.code)) for kind in kits.KINDS))
    registries.add_guard(f"grant.{ScopeKind.PARTY}", granting.living)
    registries.add_guard(f"grant.{ScopeKind.PARTY}.party_head", granting.committee)


def _waiting() -> None:
    """What waits for a user."""
    from liaoyuan.core import registries
    from liaoyuan.party.queries import due

    registries.due_sources.update({source.code: source for source in due.SOURCES})


def _members() -> None:
    """Members: their scope and sealed values, F03 and F08, what follows merges, what ends, what is told to them."""
    from liaoyuan.core import events, registries
    from liaoyuan.party.actions import carrying, retention
    from liaoyuan.party.exports import members as exports
    from liaoyuan.party.imports import comparing, letters
    from liaoyuan.party.imports import members as imports
    from liaoyuan.party.queries import about, secrets
    from liaoyuan.party.queries import members as reading

    events.add_sensitive(*secrets.STAGED)
    registries.scope_kinds[secrets.SUBJECT] = registries.ScopeResolver(secrets.SUBJECT, reading.scope_of, reading.find)
    registries.add_sealed(*secrets.SEALED)
    registries.add_staged(secrets.STAGED)
    for kind in (imports.KIND, letters.KIND):
        registries.import_kinds[kind.kind] = kind
    registries.compare_kinds[comparing.KIND.kind] = comparing.KIND
    registries.export_kinds.update(exports.KINDS)
    registries.tellers["party"] = (carrying.knows, carrying.carry_person)
    registries.mergers[carrying.MERGER.code] = carrying.MERGER
    registries.retained.update({entry.code: entry for entry in retention.CLASSES})
    registries.about_me[about.ABOUT_ME.code] = about.ABOUT_ME


def _meetings() -> None:
    """Meetings and the daily life of branches: their scope, files, sealed grades, notices, what is due, what ends."""
    from liaoyuan.core import events, registries
    from liaoyuan.party.actions import life_retention
    from liaoyuan.party.queries import (
        about_life,
        corrections,
        elections_due,
        life_due,
        meetings,
        notices,
        papers,
        reviews,
    )

    registries.scope_kinds[meetings.SUBJECT] = registries.ScopeResolver(
        meetings.SUBJECT, meetings.scope_of, meetings.find
    )
    registries.file_subjects[papers.MEETINGS.kind] = papers.MEETINGS
    registries.add_sealed(*reviews.SEALED)
    registries.about_me[about_life.ABOUT_ME.code] = about_life.ABOUT_ME
    events.add_sensitive("review_grade")
    waiting = (*life_due.SOURCES, *elections_due.SOURCES)
    registries.due_sources.update({source.code: source for source in waiting})
    registries.reminders[life_due.REMINDER.code] = life_due.REMINDER
    registries.due_sources.update({source.code: source for source in (notices.SOURCE, corrections.SOURCE)})
    registries.addresses["member"] = notices.addresses
    registries.retained.update({entry.code: entry for entry in life_retention.CLASSES})


def _development() -> None:
    """Applicants: their scope, the sealed birth, what is due on them, their papers."""
    from liaoyuan.core import registries
    from liaoyuan.party import tasks
    from liaoyuan.party.actions import applicant_retention
    from liaoyuan.party.imports import development as imports
    from liaoyuan.party.params.dossier import KINDS
    from liaoyuan.party.queries import applicants, development_due

    registries.scope_kinds[applicants.SUBJECT] = registries.ScopeResolver(
        applicants.SUBJECT, applicants.scope_of, applicants.find
    )
    registries.add_sealed(*applicants.SEALED)
    registries.due_sources.update({source.code: source for source in development_due.SOURCES})
    registries.add_documents(*KINDS.values())
    registries.add_job(tasks.PAPERS)
    registries.import_kinds[imports.KIND.kind] = imports.KIND
    registries.reminders[development_due.REMINDER.code] = development_due.REMINDER
    registries.tellers["development"] = applicant_retention.TELLER
    registries.retained.update({entry.code: entry for entry in applicant_retention.CLASSES})


def _coverage() -> None:
    """Figures, the tab on a body's record, files of claims, instructors as subjects, long work."""
    from dataclasses import replace

    from liaoyuan.core import registries
    from liaoyuan.party import tasks
    from liaoyuan.party.choices.codes import Permission
    from liaoyuan.party.params.letters import REPORT
    from liaoyuan.party.queries import coverage_stats, instructors, papers, quarterly, visits_due

    registries.stats_kinds["coverage"] = coverage_stats.stats
    registries.scope_kinds[instructors.SUBJECT] = registries.ScopeResolver(
        instructors.SUBJECT, instructors.scope_of, instructors.find
    )
    registries.add_panel(
        registries.Panel(
            "organization", "party", "党建", "party:organization_panel",
            f"{Permission.VIEW}|{Permission.OWN_VIEW}|{Permission.VISIT}", 45,
        )
    )  # fmt: skip
    registries.file_subjects[papers.LETTERS.kind] = papers.LETTERS
    registries.add_documents(replace(REPORT, facts=quarterly.facts))
    registries.due_sources.update({source.code: source for source in visits_due.SOURCES})
    registries.reminders[visits_due.REMINDER.code] = visits_due.REMINDER
    for kind in (tasks.STATUTORY, tasks.PACK):
        registries.add_job(kind)


def _declarations() -> None:
    """What bodies declare comes in by F04, too."""
    from liaoyuan.core import registries
    from liaoyuan.party.imports import declarations

    registries.import_kinds[declarations.KIND.kind] = declarations.KIND


def _dues() -> None:
    """Bases of dues are sealed and end; F09 comes in; what waits of dues and terms."""
    from liaoyuan.core import events, registries
    from liaoyuan.party.actions import dues_retention
    from liaoyuan.party.imports import dues as collected
    from liaoyuan.party.imports import dues_uses as used
    from liaoyuan.party.queries import dues, dues_due, terms_due

    events.add_sensitive(*collected.STAGED)
    registries.add_sealed(*dues.SEALED)
    registries.add_staged(collected.STAGED)
    for kind in (collected.KIND, used.KIND):
        registries.import_kinds[kind.kind] = kind
    registries.retained.update({entry.code: entry for entry in dues_retention.CLASSES})
    for module in (dues_due, terms_due):
        registries.due_sources.update({source.code: source for source in module.SOURCES})
        registries.reminders[module.REMINDER.code] = module.REMINDER


def _venues() -> None:
    """Photos of venues; F24 comes in."""
    from liaoyuan.core import registries
    from liaoyuan.party.imports import venues as imports
    from liaoyuan.party.params.venues import PURPOSES
    from liaoyuan.party.queries import venues

    registries.file_purposes.update({purpose.code: purpose for purpose in PURPOSES})
    registries.file_subjects[venues.FILES.kind] = venues.FILES
    registries.import_kinds[imports.KIND.kind] = imports.KIND
