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


OPENER = '<button data-opens="ask-dialog">The pump is started</button>'
ASKS = '<dialog id="ask-dialog"><form><button>Yes, it runs</button></form></dialog>'
WIDE = (
    '<div class="table-scroll" style="overflow: auto; width: 100px"><table class="data">'
    '<thead><tr><th>Step</th></tr></thead><tbody><tr><td style="min-width: 300px">1.5 mg/min</td>'
    "</tr></tbody></table></div>"
)


def refreshed(page: Page, now: str, then: str, ask_of_part: str, *, first: str = "") -> Any:
    """A part that holds `now` becomes `then`; `first` is done before, the question asked after."""
    page.goto(f"{HOST}/")
    page.route(f"{HOST}/part", lambda route: route.fulfill(body=then, content_type="text/html"))
    script = f"""async (now) => {{
      const m = await import('/afterglow/live-parts.js');
      const part = document.querySelector('main');
      part.dataset.url = '/part';
      part.innerHTML = now;
      {first};
      await m.refresh(part);
      await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
      return {ask_of_part};
    }}"""
    return page.evaluate(script, now)


OPEN_IT = "part.querySelector('dialog').showModal()"
IS_OPEN = "part.querySelector('dialog').matches(':modal')"


def test_an_open_question_stays_open_when_its_part_is_fetched_anew(page: Page) -> None:
    then = f"{OPENER}{ASKS}<p>10.2 mg</p>"
    assert refreshed(page, OPENER + ASKS, then, IS_OPEN, first=OPEN_IT)
    assert not refreshed(page, OPENER + ASKS, then, IS_OPEN)


def test_a_question_that_somebody_else_answered_is_not_asked_again(page: Page) -> None:
    assert not refreshed(page, OPENER + ASKS, ASKS, IS_OPEN, first=OPEN_IT)


def test_a_question_whose_answer_is_on_its_way_is_not_asked_again(page: Page) -> None:
    sent = f"{OPEN_IT}; part.querySelector('form').setAttribute('aria-busy', 'true')"
    assert not refreshed(page, OPENER + ASKS, OPENER + ASKS, IS_OPEN, first=sent)


def test_a_table_fetched_anew_is_told_row_by_row_where_it_is_too_wide(page: Page) -> None:
    stacked = "part.querySelector('table').hasAttribute('data-stacked')"
    assert refreshed(page, "", WIDE, stacked)
    assert not refreshed(page, "", WIDE.replace("100px", "900px"), stacked)
