"""What the bedside scripts promise, asked of the scripts themselves in a browser."""

from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, sync_playwright

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SCRIPTS = Path(settings.HERE) / "static" / "afterglow"
UPLOT = settings.NODE_MODULES / "uplot" / "dist"
HOST = "http://parts.test"


def _answer(route: Route) -> None:
    path = route.request.url.removeprefix(HOST)
    if path == "/":
        route.fulfill(body="<!doctype html><main></main>", content_type="text/html")
        return
    folder, name = path.strip("/").split("/")
    file = {"afterglow": SCRIPTS, "uplot": UPLOT}[folder] / name
    route.fulfill(path=file, content_type="text/javascript")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    chromium = which("chromium") or which("chromium-browser") or which("google-chrome")
    assert chromium, "Chromium is missing. Run: make test, which finds or installs it."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.route(f"{HOST}/**", _answer)
        page.goto(f"{HOST}/")
        yield page
        browser.close()


def ask(page: Page, module: str, expression: str, argument: Any = None) -> Any:
    """Evaluate an expression of `m`, the module, and `a`, the argument."""
    script = (
        f"async (a) => {{ const m = await import('/afterglow/{module}'); return {expression}; }}"
    )
    return page.evaluate(script, argument)


def cover(page: Page, **changed: object) -> str | None:
    state = {
        "now": 10_000, "heardAt": 9_000, "deadAfterMs": 6_000,
        "silentAfter": 12_000, "lastAt": 8_000, "zone": "UTC",
    }  # fmt: skip
    words: str | None = ask(page, "live-silence.js", "m.coverWords(a)", {**state, **changed})
    return words


def test_numbers_may_be_read_while_the_server_and_the_monitor_are_heard(page: Page) -> None:
    assert cover(page) is None


def test_a_page_that_hears_nothing_says_since_when(page: Page) -> None:
    words = cover(page, now=16_001, heardAt=9_999)
    assert words == "This page lost contact at 00:00:09. Look at the patient."


def test_a_silent_monitor_is_told_with_the_time_of_its_last_reading(page: Page) -> None:
    words = cover(page, now=12_001, heardAt=12_000)
    assert words == "No readings since 00:00:08. Look at the patient."
    assert "No readings yet" in (cover(page, now=12_001, heardAt=12_000, lastAt=None) or "")


def test_a_short_dip_stays_visible_within_its_minute(page: Page) -> None:
    dip = [{"t": 5 + s / 60, "v": 84 if s == 30 else 97, "kind": "spo2"} for s in range(60)]
    [kept] = ask(page, "axis-marks.js", "m.joinPoints(a)", dip)
    assert (kept["v"], kept["low"], kept["high"]) == (97, 84, 97)


def test_a_cuff_said_twice_is_one_cuff(page: Page) -> None:
    cuff = {"t": 5, "v": 131, "kind": "sbp", "id": "one"}
    again = {"t": 5.1, "v": 131, "kind": "sbp", "id": "two"}
    later = {"t": 10, "v": 131, "kind": "sbp", "id": "three"}
    assert len(ask(page, "axis-marks.js", "m.joinPoints(a)", [cuff, again, later])) == 2
    assert ask(page, "axis-marks.js", "m.joinPoint(a[0], a[1])", [[cuff], again]) is False


def test_nothing_is_observed_in_the_future(page: Page) -> None:
    doses = {"given": [{"start": 0, "end": 20, "rate": 1}], "planned": []}
    data = {"doses": doses, "lanes": [], "t_min": [0, 60], "now_min": 10}
    [row] = ask(page, "axis-readout.js", "m.rowsAt(a, 30, String)", data)
    assert (row["seen"], row["expected"]) == ("", "0.00")


def test_the_worst_alarm_nobody_has_seen_is_the_one_that_sounds(page: Page) -> None:
    def worst(html: str) -> Any:
        page.set_content(f"<main>{html}</main>")
        return page.evaluate(
            f"async () => (await import('{HOST}/afterglow/tones.js')).worst(document)"
        )

    page.goto(f"{HOST}/")
    low, high = '<p data-priority="low"></p>', '<p data-priority="high"></p>'
    seen = '<p data-priority="high" data-acknowledged></p>'
    assert worst(low + high) == "high"
    assert worst(low + seen) == "low"
    assert worst(seen) is None


def test_a_dose_without_an_answer_shows_no_other_doses_chances(page: Page) -> None:
    page.goto(f"{HOST}/")
    page.set_content(
        '<main><form data-bands-url="/bands"><input name="dose_mg" value="35"><input name="minutes"'
        ' value="40"></form><div data-axis></div><div data-risk></div></main>'
    )
    answered, silent = page.evaluate(
        f"""async () => {{
          const m = await import('{HOST}/afterglow/dose-designer.js');
          const row = {{ label: "Dissociation", value: "4 %", limit: "10 %", state: "ok" }};
          const element = document.querySelector("[data-axis]");
          const told = {{ axis: {{}}, risk: [row] }};
          const form = document.querySelector("form"), axis = {{ setData() {{}} }};
          const dial = m.mountDoseDesigner(form, {{ element, axis }});
          const shown = () => document.querySelector("[data-risk]").textContent;
          window.fetch = async () => ({{ ok: true, json: async () => told }});
          await dial.ask();
          const answered = shown();
          window.fetch = async () => ({{ ok: false, status: 500 }});
          await dial.ask();
          return [answered, shown()];
        }}"""
    )
    assert "4 %" in answered
    assert silent == ""
