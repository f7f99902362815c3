"""Whether the models of one patient agree on a dose: where they do not, nothing is proposed.

A proposal rests on the likeliest model. Where another that is nearly as likely says the limits
would be broken, there is none: a choice of model must not decide what a patient is given.
"""

from __future__ import annotations

from afterglow.core.dosing.limits import Limits
from afterglow.core.dosing.options import Option, only
from afterglow.core.dosing.proposal import ModelSays
from afterglow.core.dosing.several import Several
from afterglow.core.dosing.tradeoff import Weighing
from afterglow.core.refusal import Refusal

LEAST_WEIGHT = 0.05  # [own] a model this unlikely has no say
# [own] how far another model's chance may lie above the clinic's limit, and never at twice it.
MOST_OVER = 0.10


def asked(several: Several, chosen: Option, weighing: Weighing) -> tuple[ModelSays, ...] | Refusal:
    """What each model says of the chosen option, likeliest first; a refusal where one objects.

    `weighing` is that of the likeliest.
    """
    first, *others = several.each
    said = [ModelSays(model=first.belief.model, weight=first.weight, option=chosen)]
    for other in others:
        option = weighing.by(other.belief).options(only(chosen))[0]
        told = ModelSays(model=other.belief.model, weight=other.weight, option=option)
        if other.weight >= LEAST_WEIGHT and _objects(option, weighing.limits):
            return _disagree(said[0], told)
        said.append(told)
    return tuple(said)


def in_words(told: ModelSays) -> str:
    option = told.option
    sedated = option.sedation_chance
    sedation = "" if sedated is None else f", of sedation {sedated:.0%}"
    return (
        f"By {told.model} (weight {told.weight:.0%}): chance of dissociation above the limit "
        f"{option.cadss_chance:.0%}, of pressure {option.systolic_chance:.0%}{sedation}."
    )


def _objects(option: Option, limits: Limits) -> bool:
    chances = (
        (option.cadss_chance, limits.cadss_chance),
        (option.systolic_chance, limits.systolic_chance),
        (option.sedation_chance, limits.moaa_s_chance),
    )
    return any(
        chance > limit + min(MOST_OVER, limit)
        for chance, limit in chances
        if chance is not None and limit is not None
    )


def _disagree(first: ModelSays, other: ModelSays) -> Refusal:
    return Refusal(
        code="models-disagree",
        because=f"The models disagree on {first.option}. {in_words(first)} {in_words(other)}",
        remedy="Give a dose that both allow, or take a level or two to tell the models apart.",
        source=f"A chance {MOST_OVER:.0%} above the clinic's limit, or twice it, is too far apart "
        "[own]",
    )
