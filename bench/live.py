"""From a monitor's message to the pixels: real listener, real site, real browser.

A reading is followed by the time it was measured, which the monitor writes into the message just
before it sends it, and which the page shows beside the number. Monitors, clinic and browser run on
this one machine, so there is one clock, and all of them share its cores.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.utils.timezone import now
from playwright.sync_api import Browser, BrowserContext, Page
from tests.journeys.browser import open_browser

from afterglow.clinic.chart.models import Reading
from afterglow.clinic.people.home import make_link
from afterglow.clinic.people.models import Role
from bench.figures import Figure, percentile
from bench.house import House, open_house, process
from bench.ward import member, open_ward

ROOMS = 20
BEDSIDE_PAGES = 3
SECONDS = 75  # of which
WARMING_S = 10  # are not counted: monitors connect, and the first of each kind is drawn
AT_MOST_MS = 1_000
PROBE = (Path(__file__).parent / "seen.js").read_text(encoding="utf-8")

Seen = Mapping[str, float]  # "session|measured at" -> painted at, both ms


@dataclass(frozen=True, slots=True)
class Watched:
    """One open page: the rooms on it, and what it has shown."""

    page: Page
    sessions: Sequence[UUID]


def measure() -> list[Figure]:
    """How late the numbers are on bedside pages and on the board of all rooms."""
    rooms = open_ward(ROOMS)
    link = make_link(member(Role.NURSE), at=now())
    with open_house() as house:
        shown = _watch(house, rooms, link)
    sent = {session: _sent(session) for session in rooms.values()}
    bedside = [late for sessions, seen in shown[:-1] for late in _late(sessions, seen, sent)]
    board = _late(*shown[-1], sent)
    return [
        *_figures(f"{BEDSIDE_PAGES} bedside pages", bedside),
        *_figures(f"board of {ROOMS} rooms", board),
    ]


def _watch(house: House, rooms: Mapping[str, UUID], link: str) -> list[tuple[Sequence[UUID], Seen]]:
    """Open the pages, let the monitors send, and collect what was seen. No database in here."""
    with open_browser() as browser, _pages(browser, house, list(rooms.values()), link) as pages:
        with process(*_monitors(house, rooms)) as monitors:
            until = SECONDS * 3 + 60
            monitors.wait(timeout=until)
            told = monitors.stdout.read() if monitors.stdout else ""
        assert told.count(f"{SECONDS} acknowledged, 0 refused") == len(rooms), told
        pages[0].page.wait_for_timeout(2_000)
        return [(one.sessions, one.page.evaluate("window.seen")) for one in pages]


def _monitors(house: House, rooms: Mapping[str, UUID]) -> list[str]:
    beds = [word for room in rooms for word in ("--bed", room)]
    doses = ["--dose-mg", "35", "--over-min", "40"]
    told = ["--port", str(house.monitor_port), "--every-s", "1", "--beats", str(SECONDS)]
    return ["simulate-monitor", *beds, *doses, *told]


@contextmanager
def _pages(
    browser: Browser, house: House, sessions: Sequence[UUID], link: str
) -> Iterator[list[Watched]]:
    """The bedside pages and the board, each on a screen of its own."""
    with ExitStack() as screens:
        first = screens.enter_context(browser.new_context(base_url=house.site))
        _sign_in(first, link)
        state = first.storage_state()

        def screen() -> Page:
            mine = browser.new_context(base_url=house.site, storage_state=state)
            return screens.enter_context(mine).new_page()

        pages = [_open(screen(), one) for one in sessions[:BEDSIDE_PAGES]]
        pages.append(_open(screen(), None, *sessions))
        pages[0].page.wait_for_timeout(2_000)  # each is listening
        yield pages


def _sign_in(browser: BrowserContext, link: str) -> None:
    page = browser.new_page()
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/patients/")


def _open(page: Page, session: UUID | None, *on_board: UUID) -> Watched:
    page.goto(f"/sessions/{session}/" if session else "/sessions/")
    root = "#bedside" if session else "#board"
    page.wait_for_selector(root)
    page.evaluate(PROBE, [root, str(session) if session else ""])
    return Watched(page, (session,) if session else on_board)


def _sent(session: UUID) -> list[int]:
    """When each saturation was measured, in ms, as stored; without those of the first seconds."""
    mine = Reading.objects.filter(encounter_id=session, sign="spo2").order_by("happened_at")
    measured = [round(at.timestamp() * 1000) for at in mine.values_list("happened_at", flat=True)]
    return measured[WARMING_S:]


def _late(sessions: Sequence[UUID], seen: Seen, sent: Mapping[UUID, Sequence[int]]) -> list[float]:
    """How many ms after it was measured each number, or a newer one in its place, was seen."""
    return [one for session in sessions for one in _late_in(session, seen, sent[session])]


def _late_in(session: UUID, seen: Seen, sent: Sequence[int]) -> Iterator[float]:
    newer_at = math.inf  # never seen is infinitely late
    for at in sorted(sent, reverse=True):
        newer_at = min(newer_at, seen.get(f"{session}|{at}", math.inf))
        yield newer_at - at


def _figures(where: str, late_ms: Sequence[float]) -> list[Figure]:
    from_to = f"monitor to pixels, {where}"
    return [
        Figure(name=f"{from_to}, median", value=statistics.median(late_ms), unit="ms"),
        Figure(
            name=f"{from_to}, 99 % of {len(late_ms):,}",
            value=percentile(late_ms, 99),
            unit="ms",
            target=AT_MOST_MS,
        ),
    ]
