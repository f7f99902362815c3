// What stands under the cursor, in words and numbers: for eyes, and for a screen reader.
import { rateAt } from "./axis-dose.js";
import { KINDS } from "./axis-theme.js";

const NEAR_MIN = 7.5; // an observation further away than this is not shown as "here"

/** @param {number} value @param {number} [places] */
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

/** Lines of one lane at minute t: {what, value, span}. */
function laneLines(lane, times, t, when) {
  const i = nearest(times, t);
  const lines = [];
  for (const banded of [lane, ...(lane.more ?? [])]) {
    const b = banded.bands ?? {};
    if (!b.p50?.length) continue;
    const span = b.p5 && b.p95
      ? `9 in 10 between ${written(b.p5[i], lane.places)} and ${written(b.p95[i], lane.places)}` : "";
    const name = banded.name ?? banded.series;
    const what = banded === lane && !lane.name ? `${lane.label}, expected` : `${lane.label}, ${name}, expected`;
    lines.push({ what, value: `${written(b.p50[i], lane.places)} ${lane.unit}`, span });
  }
  for (const kind of new Set((lane.points ?? []).map((p) => p.kind))) {
    const p = near(lane.points, kind, t);
    if (!p) continue;
    const what = `${lane.label}, ${KINDS[kind]?.[2] ?? kind}`;
    lines.push({ what, value: `${written(p.v, lane.places)} ${lane.unit}`, span: when(p.t) });
  }
  return lines;
}

/** Everything known at minute t. */
export function linesAt(data, t, when) {
  const lines = [];
  if (data.doses) {
    const { rate, planned } = rateAt(data.doses, t);
    lines.push({ what: planned ? "Rate, still to come" : "Rate", value: `${written(rate, 2)} mg/min`, span: "" });
  }
  return lines.concat(...data.lanes.map((lane) => laneLines(lane, data.t_min, t, when)));
}

/** Refill the readout under the axis. */
export function fillReadout(holder, heading, lines) {
  const title = document.createElement("p");
  title.textContent = heading;
  const list = document.createElement("dl");
  for (const { what, value, span } of lines) {
    const row = document.createElement("div");
    const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
    dt.textContent = what;
    dd.textContent = value;
    row.append(dt, dd);
    if (span) {
      const more = document.createElement("dd");
      more.className = "span";
      more.textContent = span;
      row.append(more);
    }
    list.append(row);
  }
  holder.replaceChildren(title, list);
}

/** The whole axis as a table, every few minutes. Built only when somebody opens it. */
export function fillTable(holder, data, when) {
  const [from, to] = [data.t_min[0], data.t_min.at(-1)];
  const step = [5, 10, 15, 30, 60].find((s) => (to - from) / s <= 40) ?? 120;
  const names = new Map();
  const rows = [];
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) {
    const row = new Map(linesAt(data, t, when).map((line) => [line.what, line]));
    for (const what of row.keys()) names.set(what, true);
    rows.push([t, row]);
  }
  const table = document.createElement("table");
  table.className = "data";
  const caption = table.createCaption();
  caption.textContent = `Every ${step} minutes`;
  const head = table.createTHead().insertRow();
  for (const name of ["Time", ...names.keys()]) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const [t, row] of rows) {
    const tr = body.insertRow();
    const th = document.createElement("th");
    th.scope = "row";
    th.textContent = when(t);
    tr.append(th);
    for (const name of names.keys()) {
      const line = row.get(name);
      const cell = tr.insertCell();
      cell.className = "num";
      cell.textContent = line ? `${line.value}${line.span ? ` (${line.span})` : ""}` : "";
    }
  }
  holder.replaceChildren(table);
}
