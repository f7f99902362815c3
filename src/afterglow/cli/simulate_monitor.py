"""`afterglow simulate-monitor`: a virtual patient, seen by a monitor that may misbehave."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from afterglow.devices.simulator.body import DosesAt

FAULTS = (
    "A misbehaviour; may be repeated: duplicates, delays, reordering, drop-outs, sentinels, "
    "demo-flags, bad-flags, garbage, half-messages, clock-off."
)


def simulate_monitor(
    bed: Annotated[list[str], typer.Option(help="Bed, as the session names it; may be repeated.")],
    host: Annotated[str, typer.Option(help="Address of the listener.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of the listener.")] = 2575,
    every_s: Annotated[float, typer.Option(help="Seconds between messages.", min=0.01)] = 1.0,
    cuff_min: Annotated[float, typer.Option(help="Minutes between cuff pressures.", min=0)] = 2.0,
    fault: Annotated[list[str] | None, typer.Option(help=FAULTS)] = None,
    seed: Annotated[int, typer.Option(help="The patient's hidden body, and all dice.")] = 1,
    age_years: Annotated[float, typer.Option(help="The patient's age.")] = 40.0,
    weight_kg: Annotated[float, typer.Option(help="The patient's weight.")] = 75.0,
    sex: Annotated[str, typer.Option(help="female, male or other.")] = "other",
    systolic_mmhg: Annotated[
        float, typer.Option(help="Systolic pressure at rest; 0 draws all resting signs.")
    ] = 0.0,
    pulse_per_min: Annotated[float, typer.Option(help="Pulse at rest.")] = 70.0,
    dose_mg: Annotated[
        float,
        typer.Option(help="Ketamine base given from now on; without it, what the clinic records."),
    ] = 0.0,
    over_min: Annotated[float, typer.Option(help="Minutes of that infusion.", min=0.1)] = 40.0,
    speed: Annotated[
        float, typer.Option(help="With --dose-mg: the body's minutes for one of ours.", min=0.1)
    ] = 1.0,
    beats: Annotated[int, typer.Option(help="Messages to send; 0 sends until stopped.")] = 0,
) -> None:
    """Send HL7 v2 ORU R01 messages to a listener. Marked as training: never a patient's numbers."""
    import asyncio

    from afterglow.core.body import Baseline, Covariates, Sex
    from afterglow.devices.simulator.ward import Ward, until_stopped

    if speed != 1.0 and not dose_mg:
        raise typer.BadParameter("Recorded doses run at the clinic's own pace; add --dose-mg.")
    try:
        ward = Ward(
            host=host,
            port=port,
            person=Covariates(age_years=age_years, weight_kg=weight_kg, sex=Sex(sex)),
            resting=Baseline(systolic_mmhg=systolic_mmhg, pulse_per_min=pulse_per_min)
            if systolic_mmhg
            else None,
            seed=seed,
            every_s=every_s,
            cuff_every=timedelta(minutes=cuff_min),
            faults=fault or [],
            beats=beats or None,
        )
        doses = _given(dose_mg, over_min, speed) if dose_mg else None
        beds = {name: doses or _recorded(name) for name in bed}
        running = ward.open(beds, now=_now, say=lambda words: typer.echo(words, err=True))
    except ValueError as error:  # BadInput among them
        raise typer.BadParameter(str(error)) from error
    typer.echo(f"Monitor at {', '.join(beds)} sends to {host}, port {port}.")
    for name, sent in zip(beds, asyncio.run(until_stopped(running)), strict=True):
        typer.echo(f"{name}: {sent.acknowledged} acknowledged, {sent.refused} refused.")


def _now() -> datetime:
    return datetime.now(UTC)


def _given(dose_mg: float, over_min: float, speed: float) -> "DosesAt":
    from afterglow.core.quantity import BaseMass, Infusion
    from afterglow.devices.simulator.body import one_dose

    dose = Infusion(amount=BaseMass(dose_mg), starts_min=0.0, lasts_min=over_min)
    return one_dose([dose], started_at=_now(), speed=speed)


def _recorded(bed: str) -> "DosesAt":
    from afterglow.cli.setup import clinic

    clinic()
    from afterglow.devices.simulator.recorded import doses_in
    from afterglow.devices.threads import with_live_connection

    return with_live_connection(doses_in(bed))
