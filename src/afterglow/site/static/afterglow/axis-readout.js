// What stands under the cursor, in words and numbers: for eyes, and for a screen reader.
import { rateAt } from "./axis-dose.js";
import { KINDS } from "./axis-theme.js";
import { node } from "./axis-words.js";

const NEAR_MIN = 7.5; // an observation further away than this is not shown as "here"
const PAIRED = new Set(["sbp", "cadss", "pulse", "spo2", "resp", "score"]); // stand beside their expectation

/** @typedef {{what: string, unit: string, expected: string, span: string, seen: string, at: string}} Row */

/** @param {number|null|undefined} value @param {number} [places] */
export function written(value, places = 0) {
  return value === null || value === undefined ? "not known" : value.toFixed(places).replace("-", "−");
}

/** The index of the minute nearest to t in an ascending list. */
export function nearest(times, t) {
  let [low, high] = [0, times.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] <= t) low = middle;
    else high = middle;
  }
  return Math.abs(times[low] - t) <= Math.abs(times[high] - t) ? low : high;
}

function near(points, kind, t) {
  let best = null;
  for (const p of points) {
    if (p.kind !== kind || p.v === null || Math.abs(p.t - t) > NEAR_MIN) continue;
    if (!best || Math.abs(p.t - t) < Math.abs(best.t - t)) best = p;
  }
  return best;
}

function expectation(banded, i, places) {
  const b = banded.bands ?? {};
  if (!b.p50?.length) return null;
  const span = b.p5 && b.p95 ? `${written(b.p5[i], places)} to ${written(b.p95[i], places)}` : "";
  return { expected: written(b.p50[i], places), span };
}

function sighting(p, places, when) {
  if (!p) return { seen: "", at: "" };
  const dip = p.high > p.low ? ` (${written(p.low, places)} to ${written(p.high, places)})` : "";
  return { seen: written(p.v, places) + dip, at: when(p.t) };
}

/** Rows of one lane at minute t. @returns {Row[]} */
function laneRows(lane, times, t, when) {
  const i = nearest(times, t);
  const points = lane.points ?? [];
  const kinds = [...new Set(points.map((p) => p.kind))];
  const paired = kinds.find((kind) => PAIRED.has(kind));
  const unit = / to /.test(lane.unit) ? "" : lane.unit; // "0 to 92" is a scale, not a unit
  const rows = [];
  const add = (name, known, p) => {
    if (known || p) rows.push({ name, unit, expected: "", span: "", ...known, ...sighting(p, lane.places, when) });
  };
  const main = expectation(lane, i, lane.places);
  const kind = KINDS[paired]?.[2] ?? "";
  add(lane.name === "expected" ? kind : (lane.name ?? kind), main, paired && near(points, paired, t));
  for (const more of lane.more ?? []) add(more.name ?? more.series, expectation(more, i, lane.places), null);
  for (const kind of kinds) if (kind !== paired) add(KINDS[kind]?.[2] ?? kind, null, near(points, kind, t));
  return rows.map((row) => ({ ...row, what: rows.length > 1 && row.name ? `${lane.label}: ${row.name.replace(/, expected$/, "")}` : lane.label }));
}

/** Everything known at minute t. @returns {Row[]} */
export function rowsAt(data, t, when) {
  const rows = [];
  if (data.doses) {
    const { rate, planned: named } = rateAt(data.doses, t);
    const planned = named || (data.now_min ?? -Infinity) < t; // nothing has been given in the future
    const value = written(rate, 2);
    rows.push({ what: "Dose", unit: "mg/min", span: "", at: "", expected: planned ? value : "", seen: planned ? "" : value });
  }
  return rows.concat(...data.lanes.map((lane) => laneRows(lane, data.t_min, t, when)));
}

/** One row as a sentence for a screen reader. */
export function inWords({ what, unit, expected, span, seen, at }) {
  const parts = [];
  if (expected) parts.push(`expected ${expected}${span ? `, 9 in 10 between ${span}` : ""}`);
  if (seen) parts.push(`observed ${seen}${at ? ` at ${at}` : ""}`);
  return `${what} ${unit}: ${parts.join(", ")}`;
}

function headRow(table, names) {
  const head = table.createTHead().insertRow();
  for (const name of names) {
    const cell = node("th", "num", name);
    cell.scope = "col";
    head.append(cell);
  }
  head.firstChild.className = "";
}

function bodyRow(body, first, cells) {
  const row = body.insertRow();
  const th = node("th", "", ...[first].flat());
  th.scope = "row";
  row.append(th);
  for (const text of cells) row.insertCell().append(text);
  for (const cell of row.cells) if (cell !== th) cell.className = "num";
}

/** Refill the readout under the axis. */
export function fillReadout(holder, heading, rows) {
  const table = node("table", "data");
  table.createCaption().textContent = heading;
  headRow(table, ["", "Expected", "9 in 10", "Observed", "At"]);
  table.rows[0].cells[0].append(node("span", "visually-hidden", "What"));
  const body = table.createTBody();
  for (const row of rows) {
    bodyRow(body, [row.what, " ", node("span", "unit", row.unit)], [row.expected, row.span, row.seen, row.at]);
  }
  holder.replaceChildren(table);
}

/** The whole axis as a table, every few minutes. Built only when somebody opens it. */
export function fillTable(holder, data, when) {
  const [from, to] = [data.t_min[0], data.t_min.at(-1)];
  const step = [5, 10, 15, 30, 60].find((s) => (to - from) / s <= 40) ?? 120;
  const names = new Set();
  const lines = [];
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) {
    const rows = rowsAt(data, t, when);
    for (const { what, unit } of rows) names.add(`${what}\n${unit}`);
    lines.push([t, new Map(rows.map((row) => [`${row.what}\n${row.unit}`, row]))]);
  }
  const table = node("table", "data");
  table.createCaption().textContent = `Every ${step} minutes: expected (9 in 10 between), then observed`;
  headRow(table, ["Time", ...[...names].map((name) => name.replace("\n", ", ").replace(/, $/, ""))]);
  const body = table.createTBody();
  const cell = (row) => {
    if (!row) return "";
    const expected = row.expected && `${row.expected}${row.span ? ` (${row.span})` : ""}`;
    return [expected, row.seen && `observed ${row.seen}`].filter(Boolean).join("; ");
  };
  for (const [t, rows] of lines) bodyRow(body, when(t), [...names].map((name) => cell(rows.get(name))));
  holder.replaceChildren(table);
}
