"""A ward of simulated monitors: one at each bed, all to one listener."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from afterglow.core.body import Baseline, Covariates
from afterglow.core.dosing.virtual import VirtualPatient
from afterglow.core.errors import BadInput
from afterglow.devices.hl7v2.serve import told_to_stop
from afterglow.devices.simulator.beds import Bed, Running, run_beds
from afterglow.devices.simulator.body import DosesAt, follow_doses
from afterglow.devices.simulator.faults import FAULTS, Fault
from afterglow.devices.simulator.monitor import Monitor
from afterglow.devices.simulator.sender import Sender, Sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """What is simulated. Bed n has the body, the noise and the faults of seed + n."""

    host: str
    port: int
    person: Covariates
    seed: int
    resting: Baseline | None = None  # None: drawn with the body
    every_s: float = 1.0
    cuff_every: timedelta = timedelta(minutes=2)
    faults: Sequence[str] = ()
    beats: int | None = None

    def open(
        self,
        beds: Mapping[str, DosesAt],
        *,
        now: Callable[[], datetime],
        say: Callable[[str], None],
    ) -> list[Running]:
        """The beds, ready to run. Raises BadInput for a fault or a patient there is not."""
        return [
            Running(
                bed=self._bed(nth, name, doses_at),
                sender=Sender(
                    host=self.host, port=self.port, dice=random.Random(self.seed + nth), say=say
                ),
                now=now,
                every_s=self.every_s,
                beats=self.beats,
            )
            for nth, (name, doses_at) in enumerate(beds.items())
        ]

    def _bed(self, nth: int, name: str, doses_at: DosesAt) -> Bed:
        seed = self.seed + nth
        return Bed(
            monitor=Monitor(bed=name, serial=f"SIM{nth + 1}", cuff_every=self.cuff_every),
            vitals_at=follow_doses(
                VirtualPatient.draw(seed, self.person, baseline=self.resting), doses_at
            ),
            seed=seed,
            faults=[_fault(fault) for fault in self.faults],
        )


def _fault(name: str) -> Fault:
    if name not in FAULTS:
        raise BadInput(f"There is no fault {name!r}; there are {', '.join(FAULTS)}.")
    return FAULTS[name]()


async def until_stopped(beds: Sequence[Running]) -> list[Sent]:
    """Run the beds until their beats are over, or SIGINT or SIGTERM comes."""
    working = asyncio.create_task(run_beds(beds))
    stopping = asyncio.create_task(told_to_stop())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not working.done():
        working.cancel()
        await asyncio.wait({working})
    else:
        working.result()  # a fault of ours ends the command, in its own words
    return [bed.sender.sent for bed in beds]
