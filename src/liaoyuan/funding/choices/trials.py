"""What a trial of parameters says of an application. No Django."""

from enum import StrEnum


class TrialKind(StrEnum):
    """What the trial values change: it would be refused, it would pass, or only what is told of it."""

    BARRED = "barred"
    FREED = "freed"
    TOLD = "told"


TRIAL_KIND_TITLES: dict[str, str] = {
    TrialKind.BARRED: "由通过变为不通过",
    TrialKind.FREED: "由不通过变为通过",
    TrialKind.TOLD: "结论不变，提示有变化",
}


class Verdict(StrEnum):
    """The heaviest thing that the rules say of an application."""

    PASS = "pass"  # noqa: S105 - a verdict, no secret
    WARN = "warn"
    BLOCK = "block"


VERDICT_TITLES: dict[str, str] = {Verdict.PASS: "通过", Verdict.WARN: "有提示", Verdict.BLOCK: "不通过"}
