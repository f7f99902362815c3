"""The policy in force: all thresholds, versioned, read whole or refused whole."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from types import NoneType
from typing import Any, get_args, get_type_hints

from afterglow.core.care.thresholds import (
    CheckLimits,
    CourseLimits,
    EligibilityLimits,
    ExposureLimits,
    LeaveLimits,
    ProtocolLimits,
    Threshold,
    WatchLimits,
    Within,
)
from afterglow.core.care.words import Grade
from afterglow.core.errors import BadLibrary

__all__ = [
    "Policy",
    "Threshold",
    "amend",
    "default_policy",
    "default_policy_text",
    "digest",
    "dump_policy",
    "load_policy",
    "read_policy",
    "thresholds",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Every threshold a rule may read. There is no other place for one."""

    name: str
    version: str
    eligibility: EligibilityLimits
    protocol: ProtocolLimits
    checks: CheckLimits
    watch: WatchLimits
    leave: LeaveLimits
    course: CourseLimits
    exposure: ExposureLimits


# (smaller, larger): a file in which these cross would let the milder rule hide the harder one.
_ORDERED = (
    ("eligibility.systolic_caution_mmhg", "eligibility.systolic_hold_mmhg"),
    ("eligibility.diastolic_caution_mmhg", "eligibility.diastolic_hold_mmhg"),
    ("protocol.iv_shortest_min", "protocol.iv_longest_min"),
    ("protocol.iv_shortest_min", "protocol.iv_proposed_longest_min"),
    ("protocol.iv_proposed_longest_min", "protocol.iv_longest_min"),
    ("protocol.iv_mg_per_kg", "protocol.iv_ceiling_mg_per_kg"),
    ("protocol.weight_least_kg", "protocol.weight_most_kg"),
    ("protocol.nasal_first_most_mg", "protocol.nasal_most_mg"),
    ("checks.systolic_warn_mmhg", "checks.systolic_hold_mmhg"),
    ("checks.diastolic_warn_mmhg", "checks.diastolic_hold_mmhg"),
    ("checks.systolic_warn_elderly_mmhg", "checks.systolic_hold_mmhg"),
    ("checks.diastolic_warn_elderly_mmhg", "checks.diastolic_hold_mmhg"),
    ("checks.pulse_low_per_min", "checks.pulse_high_per_min"),
    ("checks.resp_low_per_min", "checks.resp_high_per_min"),
    ("watch.systolic_medium_mmhg", "watch.systolic_high_mmhg"),
    ("watch.diastolic_medium_mmhg", "watch.diastolic_high_mmhg"),
    ("watch.spo2_high_below_percent", "watch.spo2_medium_below_percent"),
    ("watch.pulse_low_per_min", "watch.pulse_high_per_min"),
    ("watch.sedation_high_at", "watch.sedation_medium_at"),
    ("watch.pressure_confirm_from_min", "watch.pressure_confirm_until_min"),
    ("watch.interval_grace_min", "watch.interval_medium_after_min"),
    ("watch.continuous_silent_s", "watch.continuous_medium_after_s"),
    ("leave.iv_after_end_min", "leave.iv_unescorted_min"),
    ("leave.nasal_midpoint_from_min", "leave.nasal_midpoint_until_min"),
    ("course.early_sessions", "course.course_sessions"),
    ("course.pcl5_reliable_points", "course.pcl5_meaningful_points"),
)


def load_policy(text: str) -> Policy:
    """Read a policy from TOML. Raises BadLibrary naming the key that does not hold."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadLibrary(f"The policy is not valid TOML: {error}.") from error
    return read_policy(table)


def read_policy(table: Mapping[str, Any]) -> Policy:
    """Read a policy from a table: what TOML holds, or what `dump_policy` wrote."""
    _same_keys("the policy", table, [f.name for f in fields(Policy)])
    for key in ("name", "version"):
        if not isinstance(table[key], str) or not table[key].strip():
            raise BadLibrary(f"{key} must be a word, got {table[key]!r}.")
    parts = {name: _section(name, kind, table[name]) for name, kind in _SECTIONS.items()}
    policy = Policy(name=table["name"], version=table["version"], **parts)
    _check_order(policy)
    _check_sedation(policy)
    return policy


def _check_sedation(policy: Policy) -> None:
    """A level without a chance, or a chance without a level, is no limit and looks like one."""
    level, chance = policy.protocol.sedation_level, policy.protocol.sedation_chance_percent
    if (level is None) != (chance is None):
        missing = "sedation_chance_percent" if chance is None else "sedation_level"
        raise BadLibrary(f"protocol.{missing} is missing: a limit on sedation needs both.")


def dump_policy(policy: Policy) -> dict[str, Any]:
    """The policy as JSON can hold it; `read_policy` reads it back unchanged."""
    table: dict[str, Any] = {"name": policy.name, "version": policy.version}
    for key, threshold in thresholds(policy):
        section, name = key.split(".")
        row: dict[str, Any] = {f.name: getattr(threshold, f.name) for f in fields(threshold)}
        row["grade"] = threshold.grade.value
        table.setdefault(section, {})[name] = row
    return table


def digest(policy: Policy) -> str:
    """SHA-256 of the whole policy: what a medical director puts a name to."""
    canonical = json.dumps(dump_policy(policy), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def thresholds(policy: Policy) -> Iterator[tuple[str, Threshold]]:
    """Every threshold that is set, with its key, as in `checks.systolic_hold_mmhg`."""
    for section in _SECTIONS:
        part = getattr(policy, section)
        for field in fields(part):
            if (threshold := getattr(part, field.name)) is not None:
                yield f"{section}.{field.name}", threshold


def amend(
    policy: Policy, *, key: str, value: float, source: str, grade: Grade, version: str
) -> Policy:
    """A new policy with one threshold changed. It needs a new version and a source."""
    if version == policy.version:
        raise BadLibrary(f"version must differ from {policy.version!r}: a policy never changes.")
    table = dump_policy(policy) | {"version": version}
    section, _, name = key.partition(".")
    if name not in table.get(section, {}):
        raise BadLibrary(f"{key}: there is no such threshold.")
    table[section][name] |= {"value": value, "source": source, "grade": grade.value, "note": ""}
    return read_policy(table)


@cache
def default_policy_text() -> str:
    """The packaged `policies/default.toml`."""
    path = files("afterglow.core.care") / "policies" / "default.toml"
    return path.read_text(encoding="utf-8")


@cache
def default_policy() -> Policy:
    """The thresholds Afterglow starts with. A clinic signs its own before it treats."""
    return load_policy(default_policy_text())


_SECTIONS: dict[str, Any] = {
    name: kind for name, kind in get_type_hints(Policy).items() if name not in ("name", "version")
}


def _section(section: str, kind: Any, rows: Any) -> Any:
    if not isinstance(rows, Mapping):
        raise BadLibrary(f"[{section}] must be a table of thresholds.")
    hints = get_type_hints(kind, include_extras=True)
    # A rule that came later is absent from policies signed before it: they set no such limit.
    later = {name: None for name, hint in hints.items() if NoneType in get_args(hint)}
    _same_keys(f"[{section}]", {**later, **rows}, list(hints))
    return kind(
        **{
            name: _threshold(f"[{section}] {name}", rows[name], _meant(hint))
            for name, hint in hints.items()
            if name in rows
        }
    )


def _meant(hint: Any) -> Within:
    """The range of a threshold, also of one that may be absent."""
    args = get_args(hint)
    within: Within = get_args(args[0])[1] if NoneType in args else args[1]
    return within


def _threshold(where: str, row: Any, within: Within) -> Threshold:
    if not isinstance(row, Mapping):
        raise BadLibrary(f"{where}: write {{ value, unit, source, grade }}, got {row!r}.")
    _same_keys(where, {"note": "", **row}, [f.name for f in fields(Threshold)])
    value = row["value"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadLibrary(f"{where}: value must be a number, got {value!r}.")
    if not within.low <= value <= within.high:
        accepted = f"{within.low:g} to {within.high:g} {within.unit}"
        raise BadLibrary(f"{where}: value must be {accepted}, got {value:g}.")
    if row["unit"] != within.unit:
        raise BadLibrary(f"{where}: unit must be {within.unit!r}, got {row['unit']!r}.")
    return Threshold(
        value=float(value),
        unit=within.unit,
        source=_source(where, row["source"]),
        grade=_grade(where, row["grade"]),
        note=str(row.get("note", "")),
    )


def _source(where: str, source: Any) -> str:
    if not isinstance(source, str) or not source.strip():
        raise BadLibrary(f"{where}: source must say where the number comes from.")
    return source


def _grade(where: str, grade: Any) -> Grade:
    if grade not in list(Grade):
        raise BadLibrary(f"{where}: grade must be one of {', '.join(Grade)}, got {grade!r}.")
    return Grade(grade)


def _same_keys(where: str, found: Mapping[str, Any], wanted: list[str]) -> None:
    if missing := [key for key in wanted if key not in found]:
        raise BadLibrary(f"{where} lacks {', '.join(missing)}.")
    if unknown := sorted(set(found) - set(wanted)):
        raise BadLibrary(f"{where} has {', '.join(unknown)}, which no rule reads.")


def _check_order(policy: Policy) -> None:
    held = dict(thresholds(policy))
    for smaller, larger in _ORDERED:
        if {smaller, larger} <= set(held) and held[smaller].value > held[larger].value:
            raise BadLibrary(
                f"{smaller} is {held[smaller].text}, above {larger} at {held[larger].text}."
            )


def renamed(policy: Policy, *, name: str, version: str) -> Policy:
    """The same thresholds under a clinic's own name, ready to be signed."""
    return replace(policy, name=name, version=version)
