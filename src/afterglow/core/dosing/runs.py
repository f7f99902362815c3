"""What each draw makes of one mg, given in each manner there is to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from afterglow.core.dosing.belief import Belief
from afterglow.core.dosing.device import Sprayed
from afterglow.core.dosing.drive import FELT_MIN, weights
from afterglow.core.dosing.muscle import safety_factor
from afterglow.core.dosing.options import Candidates, Profile, parts_of
from afterglow.core.pharmacology import levels as lv
from afterglow.core.pharmacology import routes
from afterglow.core.pharmacology.doses import timeline
from afterglow.core.pharmacology.modes import Floats
from afterglow.core.pharmacology.paths import Bank
from afterglow.core.pharmacology.routes import Way
from afterglow.core.quantity import Dose, Drug, Route

# Effect sites and venous blood have peaked by then, after the end of a dose.
AFTER_MIN = {
    Route.INTRAVENOUS: 30.0,
    Route.INTRAMUSCULAR: 90.0,
    Route.SUBCUTANEOUS: 90.0,
    Route.SUBLINGUAL: 180.0,
}
# After a spray every minute for three hours, then as drive is summed up.
SPRAY_MIN = np.unique(np.concatenate([np.arange(0.0, 181.0), FELT_MIN]))
People = Mapping[str, Floats]


@dataclass(frozen=True, slots=True)
class Manner:
    """One way of giving any of these doses."""

    route: Route
    minutes: float  # 0: at once
    profile: Profile
    doses_mg: tuple[float, ...]

    def of_one_mg(self, drug: Drug) -> tuple[Dose, ...]:
        return self.of_one(1.0, drug)

    def of_one(self, dose_mg: float, drug: Drug) -> tuple[Dose, ...]:
        return parts_of(
            dose_mg, route=self.route, minutes=self.minutes, profile=self.profile, drug=drug
        )


@dataclass(frozen=True, slots=True)
class PerMg:
    """What each draw makes of a mg given in one manner, levels in ng/mL."""

    felt: Floats  # peak at the effect site of dissociation, (N,)
    pressing: Floats  # at that of pressure
    venous_s: Floats | None  # S-ketamine in venous blood; None where nothing asks for it
    exposure: Floats  # (N,): the mg into a vein that give as much to the typical person
    site: Floats | None  # effect site of dissociation over time, (T, n) of those who are followed
    minutes: Floats  # what each of these instants counts in a sum over time, (T,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Whom levels are followed in, and which levels."""

    belief: Belief
    people: People  # all draws (N,), for peaks
    followed: People | None  # fewer (n,), over hours
    drug: Drug
    sedation: bool
    seed: int

    def each(self, candidates: Candidates) -> Iterator[tuple[Manner, PerMg]]:
        """Every manner with its run. The modes of a body are made once for all times of a route."""
        sites = (lv.DISSOCIATION_SITE, lv.PRESSURE_SITE, *([lv.VENOUS_S] if self.sedation else []))
        usual = self.belief.bodies(np.zeros((len(self.belief.parameters), 1)))["cl"]
        for route in candidates.routes:
            of_route = list(manners(candidates, route))
            if route is Route.NASAL:
                yield from self._by_device(of_route, usual)
                continue
            entering = routes.entering(of_route[0].of_one_mg(self.drug))
            ways = routes.named(way for way, _ in entering)
            people = self._today(self.people, ways)
            exposure = usual / people["cl"] * routes.share(ways[0], people)  # one way a route
            peaks = lv.bank_of(people, ways, sites)
            felt = self.followed and lv.bank_of(
                self._today(self.followed, ways), ways, (lv.DISSOCIATION_SITE,)
            )
            for manner in of_route:
                yield manner, self._per_mg(manner, exposure, peaks, felt or None)

    def _by_device(
        self, of_route: Sequence[Manner], usual: Floats
    ) -> Iterator[tuple[Manner, PerMg]]:
        """One run for each strength: further devices are absorbed less well than the first."""
        who, seed = self.belief.covariates, self.seed
        everyone = Sprayed.of(who, self.people, seed)
        followed = self.followed and Sprayed.of(who, self.followed, seed)
        for manner in of_route:
            (dose_mg,) = manner.doses_mg
            given = manner.of_one(dose_mg, self.drug)
            at_min, found = everyone.levels(given, SPRAY_MIN)
            minutes = weights(at_min)
            area = minutes @ found[lv.VENOUS_S] / lv.NG_PER_ML  # mg*min/L
            site = followed.levels(given, SPRAY_MIN)[1] if followed else {}
            yield (
                manner,
                PerMg(
                    felt=found[lv.DISSOCIATION_SITE].max(axis=0) / dose_mg,
                    pressing=found[lv.PRESSURE_SITE].max(axis=0) / dose_mg,
                    venous_s=found[lv.VENOUS_S].max(axis=0) / dose_mg if self.sedation else None,
                    exposure=np.asarray(area * usual / dose_mg),
                    site=site[lv.DISSOCIATION_SITE] / dose_mg if followed else None,
                    minutes=minutes,
                ),
            )

    def _today(self, people: People, ways: tuple[Way, ...]) -> People:
        """Uptake from under the tongue differs from day to day."""
        if routes.WHOLE.issuperset(ways):
            return people
        return routes.scattered(people, self.seed)

    def _per_mg(self, manner: Manner, exposure: Floats, peaks: Bank, felt: Bank | None) -> PerMg:
        given = manner.of_one_mg(self.drug)
        until = manner.minutes + AFTER_MIN[manner.route]
        found = next(lv.held(peaks, [timeline(given, np.arange(0.0, until + 1.0))]))
        factor = safety_factor(self.belief.model, manner.route)
        highest = {name: factor * level.max(axis=0) for name, level in found.items()}
        over_time = timeline(given, FELT_MIN)
        return PerMg(
            felt=highest[lv.DISSOCIATION_SITE],
            pressing=highest[lv.PRESSURE_SITE],
            venous_s=highest.get(lv.VENOUS_S),
            exposure=exposure,
            site=next(lv.held(felt, [over_time]))[lv.DISSOCIATION_SITE] if felt else None,
            minutes=weights(over_time.at_min),
        )


def manners(candidates: Candidates, route: Route) -> Iterator[Manner]:
    """Every way of giving a dose by this route, shortest first."""
    if route is Route.INTRAVENOUS:
        for minutes in sorted(set(candidates.minutes)):
            for profile in (one for one in Profile if one in candidates.profiles):
                yield Manner(route, minutes, profile, _each(candidates.doses_mg))
    for one in candidates.at_once:
        if one.route is not route:
            continue
        each = _each(one.doses_mg)
        for doses_mg in [(mg,) for mg in each] if route is Route.NASAL else [each]:
            yield Manner(route, 0.0, Profile.CONSTANT, doses_mg)


def _each(doses_mg: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(sorted(set(doses_mg)))
