// The dose designer: change the dose or the minutes and see the bands move.

const PENDING_AFTER_MS = 150;

/** Number, range and plus/minus as one control. @param {HTMLElement} dial */
function mountDial(dial, changed) {
  const number = dial.querySelector("[data-dial-number]");
  const range = dial.querySelector("[data-dial-range]");
  const [step, big] = [Number(dial.dataset.step), Number(dial.dataset.bigStep)];
  const [least, most] = [Number(range.min), Number(range.max)];
  const set = (value) => {
    const places = (String(step).split(".")[1] ?? "").length;
    number.value = Math.min(most, Math.max(least, value)).toFixed(places);
    range.value = number.value;
    changed();
  };
  number.addEventListener("input", () => { range.value = number.value; changed(); });
  range.addEventListener("input", () => { number.value = range.value; changed(); });
  dial.addEventListener("click", (event) => {
    const by = event.target.closest("[data-by]")?.dataset.by;
    if (by) set(Number(number.value) + Number(by) * (event.shiftKey ? big : step));
  });
  number.addEventListener("keydown", (event) => {
    const by = { PageUp: big, PageDown: -big }[event.key];
    if (!by) return;
    event.preventDefault();
    set(Number(number.value) + by);
  });
}

function text(tag, words, className = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = words;
  return element;
}

const VERDICTS = { ok: "Within", hold: "Close", stop: "Over the limit", unknown: "No limit" };

/** Shapes are copied from the page's own hidden set, so that they are drawn in one place. */
function state(kind) {
  const shape = document.querySelector(`template[data-shape="${kind}"]`)?.content.cloneNode(true);
  const span = text("span", "", "state");
  span.dataset.kind = kind;
  if (shape) span.append(shape);
  span.append(text("span", VERDICTS[kind] ?? VERDICTS.unknown));
  return span;
}

/** The chance and its limit with the verdict: the cells that change with the dose. */
function answers(r) {
  const chance = text("td", "", "num");
  chance.append(text("b", r.value), text("div", r.detail ?? "", "muted small"));
  const limit = text("td", r.limit || "", "num");
  limit.append(text("div", ""));
  limit.lastChild.append(state(r.state));
  return [chance, limit];
}

/** Same rows as before: only their answers change, so that sources opened stay open. */
function refreshed(shown, risk) {
  const rows = [...(shown?.querySelectorAll("tbody tr") ?? [])];
  const same = rows.length === risk.length && rows.every((row, n) => row.cells[0].textContent.trim().startsWith(risk[n].label));
  if (!same) return false;
  rows.forEach((row, n) => {
    row.dataset.state = risk[n].state;
    row.replaceChildren(row.cells[0], ...answers(risk[n]));
  });
  return true;
}

function riskTable(risk) {
  const table = document.createElement("table");
  table.className = "data";
  table.createCaption().textContent = "Chances with this dose, for this patient";
  const head = table.createTHead().insertRow();
  for (const [words, className] of [["What may happen", ""], ["Chance", "num"], ["Limit", "num"]]) {
    head.append(Object.assign(text("th", words, className), { scope: "col" }));
  }
  const body = table.createTBody();
  for (const r of risk) {
    const row = body.insertRow();
    row.dataset.state = r.state;
    const th = Object.assign(text("th", r.label), { scope: "row" });
    if (r.source || r.grade) th.append(sourceMark(r));
    row.append(th, ...answers(r));
  }
  const scroll = Object.assign(text("div", "", "table-scroll"), { tabIndex: 0, role: "region", ariaLabel: "Chances with this dose" });
  scroll.append(table);
  return scroll;
}

const GRADES = { A: "A", B: "B", C: "unverified", D: "derived", own: "own default" };

const sourceMark = ({ source, grade }) => text("div", `${source ?? ""} ${GRADES[grade] ?? ""}`, "muted small");

function refusalPanel({ because, remedy, source, code, title = "Refused" }) {
  const panel = text("section", "", "refusal");
  panel.setAttribute("role", "alert");
  const foot = text("p", `${source ? `Source: ${source}. ` : ""}Code: `, "small");
  foot.append(text("code", code ?? "none"));
  panel.append(text("h3", title), text("p", because, "because"), text("p", remedy ?? ""), foot);
  return panel;
}

const trouble = (because) => ({ title: "No answer", because, remedy: "The curves shown are for an earlier dose. Change the dose again, or reload the page.", code: "no-answer" });

/**
 * @param {HTMLFormElement} form the element with data-dose-designer
 * @param {{element: HTMLElement, axis: object}} shown where the bands are drawn
 */
export function mountDoseDesigner(form, { element, axis }) {
  const risk = form.querySelector("[data-risk]") ?? document.querySelector("[data-risk]");
  const refusal = form.querySelector("[data-refusal]") ?? document.querySelector("[data-refusal]");
  const ofDose = [element, ...document.querySelectorAll("[data-of-dose]")];
  let asked = null;

  function show(answer) {
    refusal?.replaceChildren(...(answer.refusal ? [refusalPanel(answer.refusal)] : []));
    element.toggleAttribute("data-withheld", !answer.axis);
    if (answer.axis) axis.setData(answer.axis);
    const risky = answer.risk ?? []; // never another dose's chances
    if (!refreshed(risk, risky)) risk?.replaceChildren(...(risky.length ? [riskTable(risky)] : []));
    form.dispatchEvent(new CustomEvent("afterglow:bands", { bubbles: true, detail: answer }));
  }

  /** The newest question wins: an answer to an older one is dropped. */
  async function ask() {
    asked?.abort();
    const mine = new AbortController();
    asked = mine;
    const wait = setTimeout(() => ofDose.forEach((part) => part.setAttribute("aria-busy", "true")), PENDING_AFTER_MS);
    try {
      const url = new URL(form.dataset.bandsUrl, location.href);
      const also = form.dataset.also?.split(" ") ?? []; // fields beside the dials that the answer depends on
      for (const name of ["dose_mg", "minutes", ...also]) url.searchParams.set(name, form.elements[name]?.value ?? "");
      const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "application/json" } });
      const known = answer.ok || answer.status === 422;
      const said = known ? await answer.json() : { refusal: trouble(`The server could not work out this dose (${answer.status}).`) };
      if (asked === mine) show(said);
    } catch (error) {
      if (mine.signal.aborted) return;
      show({ refusal: trouble("The server could not be reached.") });
      console.error(error);
    } finally {
      clearTimeout(wait);
      if (asked === mine) ofDose.forEach((part) => part.removeAttribute("aria-busy"));
    }
  }

  for (const dial of form.querySelectorAll("[data-dial]")) mountDial(dial, ask);
  return { ask };
}
