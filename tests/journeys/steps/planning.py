"""Step 3 and 8: measure, ask the model, turn the dials, sign."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Response, expect

from tests.journeys.visitors import Visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the designer says of the dose on its dials."""

    dose_mg: float
    minutes: float
    risk: str
    figures: str
    high: str  # how high, for how long, and when it is gone


def open_plan(prescriber: Visitor) -> Page:
    """From the patient's chart to the plan."""
    page = prescriber.page
    page.get_by_role("link", name="Plan", exact=True).first.click()
    expect(page.get_by_role("heading", name=re.compile(r"^Plan"), level=1)).to_be_visible()
    return page


def measure(page: Page, **values: str) -> None:
    """Weight, pressure and pulse at rest."""
    form = page.locator("form", has=page.get_by_label(re.compile("^Systolic pressure at rest")))
    if not form.is_visible():
        page.get_by_text("Enter weight, height, pressure, pulse and medicines").click()
    for label, value in values.items():
        form.get_by_label(re.compile(f"^{label}")).fill(value)
    form.get_by_label(re.compile("^High blood pressure")).select_option("No")
    form.get_by_role("button", name="Record").click()


def ask_the_model(page: Page) -> Shown:
    """Ask for a proposal and read what it says."""
    page.get_by_role("button", name="Propose a dose").click()
    expect(page.get_by_role("heading", name=re.compile("^The model proposes"))).to_be_visible()
    return shown(page)


def shown(page: Page) -> Shown:
    """The dials and the figures beside them."""
    return Shown(
        dose_mg=float(page.get_by_label("Dose, mg", exact=True).input_value()),
        minutes=float(page.get_by_label("Given over, min", exact=True).input_value()),
        risk=page.locator("[data-risk]").inner_text(),
        figures=page.locator("[data-figures]").inner_text(),
        high=page.locator("[data-felt]").inner_text(),
    )


def chance(shown: Shown, of: str) -> float:
    """The first chance in per cent in the row that begins so."""
    found = re.search(rf"{of}.*?([\d.]+) %", shown.risk, re.DOTALL)
    assert found, shown.risk
    return float(found[1])


def gone_min(shown: Shown) -> float:
    """After how many minutes the dissociation is gone, for the typical person."""
    found = re.search(r"^Gone.*?(\d+) min", shown.high, re.DOTALL | re.MULTILINE)
    assert found, shown.high
    return float(found[1])


def turn(page: Page, *, dose_mg: float, minutes: float) -> Shown:
    """Set both dials, and wait until the bands of exactly this dose are drawn."""

    def of_this_dose(answer: Response) -> bool:
        asked = parse_qs(urlsplit(answer.url).query)
        found = [float(asked[name][0]) for name in ("dose_mg", "minutes") if name in asked]
        return found == [dose_mg, minutes]

    with page.expect_response(of_this_dose):
        page.get_by_label("Dose, mg", exact=True).fill(f"{dose_mg:g}")
        page.get_by_label("Given over, min", exact=True).fill(f"{minutes:g}")
    expect(page.locator("button [data-says-dose]")).to_have_text(
        f"{dose_mg:g} mg over {minutes:g} min"
    )
    expect(page.locator("main [aria-busy=true]")).to_have_count(0)
    return shown(page)


def shape(page: Page, name: str, *, dose: str) -> Shown:
    """Choose how the rate goes, and wait until the bands of it are drawn."""
    with page.expect_response(lambda answer: "profile=" in answer.url):
        choice = page.get_by_label("How the rate goes")
        choice.select_option(label=choice.get_by_text(name).inner_text())
    expect(page.locator("button [data-says-dose]")).to_have_text(dose)
    expect(page.locator("main [aria-busy=true]")).to_have_count(0)
    return shown(page)


def walk_the_curve(page: Page) -> None:
    """From the proposal one dose down by an arrow key, then show that dose on the dials."""
    curve = page.get_by_role("figure", name=re.compile("^Benefit against high"))
    curve.locator(".point[tabindex='0']").focus()
    page.keyboard.press("ArrowLeft")
    below = curve.locator(".point:focus")
    expect(curve.locator("[data-tradeoff-says]")).to_contain_text("worst in 20")
    dose_mg = below.get_attribute("data-show-dose")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Dose, mg", exact=True)).to_have_value(str(dose_mg))
    expect(page.locator("main [aria-busy=true]")).to_have_count(0)


def sign(page: Page, *, because: str = "") -> None:
    """Choose the vial, say why if it is not the model's dose, and sign."""
    page.get_by_label("Vial strength").select_option("10 mg/mL")
    page.get_by_label(re.compile("^Made up to")).fill("50")
    if because:
        page.get_by_label(re.compile("^Why, if this is not")).fill(because)
    page.get_by_role("button", name=re.compile(r"^Sign \d")).click()
