"""A clinical "no", carried as a value so nobody can forget to look at it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why the software will not do what was asked, and what would change that."""

    code: str  # stable, greppable, documented in docs/refusals.md
    because: str  # what was found, with its value, unit and limit
    remedy: str  # what the clinician can do next
    source: str = ""  # the rule, policy version or publication it rests on

    def __str__(self) -> str:
        return f"{self.because} {self.remedy} [{self.code}]"
