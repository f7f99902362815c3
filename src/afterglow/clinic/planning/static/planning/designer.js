// What the planning page adds to the dose designer: the figures, the neighbours, the signature's words.

const form = document.querySelector("[data-dose-designer]");
const figures = document.querySelector("[data-figures]");
const says = document.querySelectorAll("[data-says-dose]");
const models = document.querySelector(".voices");
const high = document.querySelector("[data-felt]");

const NO_ANSWER = { cells: { sentence: "No answer for this dose." }, shares: {}, peak: "" };

function span(words, className) {
  return Object.assign(document.createElement("span"), { textContent: words, className });
}

/** One expected number. @param {{label: string, value: string, worst: string, before: string, note: string, warn: string}} one */
function figure(one) {
  const row = document.createElement("div");
  const dt = Object.assign(document.createElement("dt"), { textContent: one.label });
  const dd = Object.assign(document.createElement("dd"), { textContent: one.value });
  if (one.worst) dd.append(" ", span(`worst in 20: ${one.worst}`, "beside"));
  if (one.before) dd.append(" ", span(`before learning: ${one.before}`, "beside"));
  if (one.note) dd.append(" ", span(one.note, "beside"));
  if (one.warn) dd.append(" ", span(one.warn, "warn"));
  row.append(dt, dd);
  return row;
}

/** Every cell of a part by its key; empty where this dose has no answer. @param {HTMLElement | null} part */
function say(part, cells) {
  for (const cell of part?.querySelectorAll("[data-says]") ?? []) cell.textContent = cells[cell.dataset.says] ?? "";
}

/** The high of this dose: each cell by its key. @param {{cells: Object, shares: Object, peak: string} | null} felt */
function sayHigh(felt) {
  if (!high) return;
  const { cells, shares, peak } = felt ?? NO_ANSWER; // never another dose's numbers
  say(high, cells);
  for (const row of high.querySelectorAll("[data-step]")) {
    const key = row.dataset.step;
    row.querySelector("progress").value = shares[key] ?? 0;
    row.querySelector("[data-peak-here]").textContent = key === peak ? "typical peak" : "";
    if (key === peak) row.dataset.state = "selected";
    else delete row.dataset.state;
  }
}

/** The dose that was answered for; where there is no answer, the one that was asked for. */
function sayDose({ dose_mg, minutes, profile }) {
  const [mg, min] = [dose_mg ?? form.elements.dose_mg.value, minutes ?? form.elements.minutes.value];
  const shape = profile ?? form.elements.profile.value;
  const dose = `${Number(mg)} mg over ${Number(min)} min${shape === "constant" ? "" : `, ${shape}`}`;
  for (const place of says) place.textContent = dose;
}

function show(dose, minutes, profile) {
  form.elements.profile.value = profile;
  for (const [name, value] of [["dose_mg", dose], ["minutes", minutes]]) {
    const number = form.elements[name];
    number.value = value;
    // The dial listens to its number: the range follows, and the bands are asked for.
    number.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.scrollIntoView({ block: "nearest" });
}

if (form) {
  form.addEventListener("afterglow:bands", ({ detail }) => {
    figures?.replaceChildren(...(detail.figures ?? []).map(figure)); // never another dose's
    sayHigh(detail.felt);
    say(models, detail.voices ?? {});
    sayDose(detail);
  });
  for (const link of document.querySelectorAll("[data-show-dose]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(link.dataset.showDose, link.dataset.showMinutes, link.dataset.showProfile ?? "constant");
    });
  }
  for (const name of ["profile", "concentration_mg_per_ml", "made_up_to_ml"]) {
    form.elements[name]?.addEventListener("change", () => form.doseDesigner?.ask());
  }
}
