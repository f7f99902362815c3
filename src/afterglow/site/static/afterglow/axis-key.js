// The title of a lane: what it shows, its unit, and a legend that a screen reader can read.
import { amounts } from "./axis-dose.js";
import { bandKey, markKey } from "./axis-marks.js";
import { KINDS, SERIES } from "./axis-theme.js";

const PLAIN = new Set(["pulse", "spo2", "resp"]); // the lane's own name says what the mark is

function words(className, text) {
  const span = document.createElement("span");
  span.className = className;
  span.textContent = text;
  return span;
}

function key(sample, text) {
  const span = words("axis-key", "");
  span.append(sample, text);
  return span;
}

/** Drawn again only when something in it has changed. @param {HTMLElement} holder */
export function fillTitle(holder, lane, theme, doses) {
  const banded = [lane, ...(lane.more ?? []), ...(lane.lines ?? [])].map((b) => [b.name, b.series, !!b.bands?.p50]);
  const kinds = [...new Set((lane.points ?? []).map((p) => p.kind))];
  const said = JSON.stringify([lane.label, lane.unit, banded, kinds, theme.colours.ink, lane.id === "doses" && doseWords(doses)]);
  if (holder.dataset.said === said) return;
  holder.dataset.said = said;
  const parts = [words("what", lane.label), words("unit", lane.unit)];
  for (const [banded, isMain] of [[lane, true], ...(lane.more ?? []).map((m) => [m, false])]) {
    if (!banded.bands?.p50?.length) continue;
    const { dash, width } = SERIES[banded.series] ?? SERIES.pressure;
    const label = banded.name ?? (isMain ? "expected" : banded.series);
    parts.push(key(bandKey(theme.of(banded.series), dash, width, isMain), label));
  }
  for (const line of lane.lines ?? []) {
    const { dash, width } = SERIES[line.series] ?? SERIES.pressure;
    parts.push(key(bandKey(theme.of(line.series), dash, width, false), line.name ?? line.series));
  }
  for (const kind of kinds) {
    if (!PLAIN.has(kind) || lane.id === "pressure") parts.push(key(markKey(theme, kind), KINDS[kind]?.[2] ?? kind));
  }
  if (lane.id === "doses") parts.push(words("total", doseWords(doses)));
  holder.replaceChildren(...parts);
}

function doseWords(doses) {
  const { given, planned } = amounts(doses);
  const mg = (v) => `${v.toFixed(1)} mg`;
  if (!planned) return `${mg(given)} given`;
  return given ? `${mg(given)} given, ${mg(planned)} still to come` : `${mg(planned)} planned`;
}
