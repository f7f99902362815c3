"""The files `afterglow trial` and `simulate` read: docs/trial-format.md, docs/examples."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from afterglow.cli.input_file import read
from afterglow.cli.input_table import Table
from afterglow.cli.medicines_row import medicines_of
from afterglow.cli.trial_arm import LAST_DAY, MOST_PATIENTS, arm_of, assumed_of
from afterglow.core.body import Ancestry, Hepatic
from afterglow.core.dosing.population import DEFAULT_MODEL
from afterglow.core.dosing.trial_plan import Trial
from afterglow.core.dosing.virtual_course import Simulation
from afterglow.core.dosing.virtual_people import Population, Spread
from afterglow.core.pharmacology.library import drug_models, load
from afterglow.core.pharmacology.scales import Scale

MOST_SIMULATED = 10_000_000
HEAD_FIELDS = (
    "scale",
    "baseline_mean",
    "baseline_sd",
    "days",
    "response_fall",
    "remission_at",
    "against",
    "people",
    "draws",
    "seed",
    "model",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A trial file, checked."""

    trial: Trial
    population: Population
    people: int
    draws: int
    seed: int
    assumed: tuple[str, ...]  # what the file left out, in words


def read_trial(path: Path) -> Asked:
    """Raises BadInput naming file, line, field and accepted range."""
    return trial_of(read(path))


def trial_of(file: Table) -> Asked:
    file.only("trial", "population", "arm")
    head = file.table("trial")
    head.only(*HEAD_FIELDS)
    arms = file.tables("arm", most=50)
    _compared_with_another(arms)
    with head.naming():
        trial = Trial(
            arms=tuple(arm_of(one) for one in arms),
            scale=Scale(head.one_of("scale", list(Scale))),
            baseline=(
                head.number("baseline_mean", 1, 60, "points"),
                head.number("baseline_sd", 0, 30, "points"),
            ),
            days=head.numbers("days", 0, LAST_DAY, "days"),
            response_fall=head.number("response_fall", 0.05, 0.95, default=0.5),
            remission_at=head.number("remission_at", 0, 60, "points")
            if head.has("remission_at")
            else None,
            against=head.words("against") if head.has("against") else None,
        )
    return Asked(
        trial=trial,
        population=population_of(file.table("population"), model_of(head)),
        people=head.whole("people", 100, 20_000, default=2000),
        draws=head.whole("draws", 20, 1000, default=60),
        seed=head.whole("seed", 0, 2**31 - 1, default=1),
        assumed=tuple(words for one in arms if (words := assumed_of(one))),
    )


def _compared_with_another(arms: list[Table]) -> None:
    names = [one.data.get("name") for one in arms]
    for one in arms:
        others = [str(name) for name in names if name != one.data.get("name")]
        if one.has("against") and one.data["against"] not in others:
            known = ", ".join(others) or "none there is"
            raise one.wrong(f"against must be the name of another arm: {known}.", "against")


def read_simulation(path: Path) -> Simulation:
    """The file of `afterglow simulate`: [simulate], [population], [[regimen]]."""
    file = read(path)
    file.only("simulate", "population", "regimen")
    head = file.table("simulate")
    head.only("patients", "baseline_mean", "baseline_sd", "seed", "model")
    regimens = file.tables("regimen", most=50)
    names = [one.words("name") for one in regimens]
    if len(set(names)) < len(names):
        raise file.wrong("[[regimen]] name must be different for each.")
    return Simulation(
        population=population_of(file.table("population"), model_of(head)),
        regimens=tuple(arm_of(one, patients=MOST_PATIENTS) for one in regimens),
        baseline=(
            head.number("baseline_mean", 7, 60, "points on MADRS"),
            head.number("baseline_sd", 0, 30, "points on MADRS"),
        ),
        patients=head.whole("patients", 1, MOST_SIMULATED),
        seed=head.whole("seed", 0, 2**31 - 1, default=1),
    )


def model_of(table: Table) -> str:
    """A library id; "default" and nothing at all mean the default model."""
    model = table.one_of("model", ("default", *drug_models()), default="default")
    return DEFAULT_MODEL if model == "default" else model


def population_of(table: Table, model: str) -> Population:
    """[population]: ages and weights as mean and SD, cut off at low and high."""
    table.only(
        "age_years",
        "weight_kg",
        "female_share",
        "hypertension_share",
        "ancestry",
        "hepatic",
        "medicines",
    )
    return Population(
        age_years=_spread(table, "age_years", model),
        weight_kg=_spread(table, "weight_kg", model),
        female_share=table.number("female_share", 0, 1, default=0.5),
        hypertension_share=table.number("hypertension_share", 0, 1, default=0.0),
        ancestry=Ancestry(table.one_of("ancestry", list(Ancestry)))
        if table.has("ancestry")
        else None,
        hepatic=Hepatic(table.one_of("hepatic", list(Hepatic))) if table.has("hepatic") else None,
        medicines=medicines_of(table),
        model=model,
    )


def _spread(table: Table, field: str, model: str) -> Spread:
    low, high = (float(edge) for edge in load(model).limits[field])
    one = table.table(field)
    one.only("mean", "sd", "low", "high")
    with one.naming():
        return Spread(
            mean=one.number("mean", 0, 350),
            sd=one.number("sd", 0, 200),
            low=one.number("low", 0, 350, default=low),
            high=one.number("high", 0, 350, default=high),
        )
