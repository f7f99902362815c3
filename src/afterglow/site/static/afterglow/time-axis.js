// The time axis of a session: one clock, stacked lanes, one cursor through them all.
import { fillTitle } from "./axis-key.js";
import { GUTTER, MARGIN, mountLane } from "./axis-lane.js";
import { joinPoint, joinPoints } from "./axis-marks.js";
import { fillReadout, fillTable, inWords, rowsAt } from "./axis-readout.js";
import { onThemeChange, readTheme } from "./axis-theme.js";
import { clockOf, node, whenOf } from "./axis-words.js";

/** @typedef {{t: number, v: number|null, kind: string, label?: string, id?: string}} Point */

const DOSE_LANE = { id: "doses", label: "Dose", unit: "mg/min" };

/** The dose first, then the lanes as given, with streamed signs gathered by the minute. */
function lanesOf(data) {
  for (const lane of data.lanes) lane.points = joinPoints(lane.points ?? []);
  if (!data.doses) return data.lanes;
  const rates = [...(data.doses.given ?? []), ...(data.doses.planned ?? [])].map((d) => d.rate);
  const top = Math.max(0.1, ...rates) * 1.25;
  return [{ ...DOSE_LANE, range: [0, top] }, ...data.lanes];
}

/**
 * Mount the axis in an element. Shapes and units: see docs/design-language.md.
 * @param {HTMLElement} element
 * @param {object} first the JSON document
 * @param {{compact?: boolean}} [options]
 */
export function mountTimeAxis(element, first, { compact = false } = {}) {
  let data = first;
  let theme = readTheme(element);
  let cursor = first.cursor_min ?? null; // null: nobody moved it yet, so it follows "now"
  let lanes = [];
  let frame = 0;
  const stale = new Set();

  const stack = node("div", "axis-stack");
  const phases = node("div", "axis-phases");
  const holders = node("div", "axis-lanes");
  const now = node("div", "axis-rule axis-now", node("span"));
  const rule = node("div", "axis-rule axis-cursor", node("span"));
  const grip = node("div", "axis-grip");
  const readout = node("div", "axis-readout");
  const details = node("details", "no-print", node("summary", "", "Show as a table"), node("div", "table-scroll"));
  stack.append(phases, holders, now, rule, grip);
  element.append(stack);
  if (!compact) {
    element.querySelector(".axis-head")?.append(node("p", "axis-hint", "Point, touch, or use the arrow keys to read a minute"));
    element.append(readout, details);
  }
  const name = element.getAttribute("aria-label") ?? "Session";
  Object.entries({ role: "slider", tabindex: "0", "aria-label": `${name}: minute to read` })
    .forEach(([key, value]) => grip.setAttribute(key, value));
  Object.entries({ tabindex: "0", role: "region", "aria-label": `${name} as a table` })
    .forEach(([key, value]) => details.lastChild.setAttribute(key, value));

  const when = (t) => whenOf(data, t);
  const span = () => [data.t_min[0], data.t_min.at(-1)];
  const at = () => {
    const ends = (data.doses?.given ?? []).concat(data.doses?.planned ?? []).map((d) => d.end);
    const t = cursor ?? data.now_min ?? (ends.length ? Math.max(...ends) : 0);
    return Math.min(Math.max(t, span()[0]), span()[1]);
  };
  const left = (t) => {
    const [from, to] = span();
    return GUTTER + ((t - from) / (to - from)) * (stack.clientWidth - GUTTER - MARGIN);
  };
  const minuteAt = (x) => {
    const [from, to] = span();
    return from + ((x - GUTTER) / (stack.clientWidth - GUTTER - MARGIN)) * (to - from);
  };
  const shared = {
    theme: () => theme,
    data: () => data,
    minuteLabel: (t) => {
      const minute = `${String(t).replace("-", "−")}${t === 0 ? " min" : ""}`;
      return data.start_iso ? `${minute}\n${clockOf(data, t)}` : minute;
    },
  };

  function build() {
    lanes.forEach((lane) => lane.destroy());
    holders.replaceChildren();
    const all = lanesOf(data);
    lanes = all.map((lane, i) => {
      const title = node("p", "axis-title");
      const holder = node("div", "axis-lane", title);
      holders.append(holder);
      const options = { last: i === all.length - 1, compact, width: stack.clientWidth };
      return Object.assign(mountLane(holder, lane, shared, options), { title });
    });
  }

  function titles() {
    for (const lane of lanes) fillTitle(lane.title, lane.lane, theme, data.doses ?? {});
  }

  function placePhases() {
    phases.hidden = !data.phases?.length;
    phases.replaceChildren(...(data.phases ?? []).map((phase) => {
      const label = node("span", "", phase.label);
      const from = Math.max(phase.start, span()[0]);
      label.style.left = `${left(from)}px`;
      label.style.width = `${Math.max(0, left(Math.min(phase.end, span()[1])) - left(from))}px`;
      return label;
    }));
    // Half a word says less than none; the word stays for screen readers.
    for (const label of phases.children) {
      if (label.scrollWidth > label.clientWidth + 1) label.replaceChildren(node("span", "visually-hidden", label.textContent));
    }
  }

  function placeRules() {
    const t = data.now_min;
    now.hidden = t === null || t === undefined || t < span()[0] || t > span()[1];
    if (!now.hidden) {
      now.style.left = `${left(t)}px`;
      now.classList.toggle("flip", left(t) > stack.clientWidth - 110);
      now.firstChild.textContent = `now ${data.start_iso ? clockOf(data, t) : `${Math.round(t)} min`}`;
    }
    rule.style.left = `${left(at())}px`;
    rule.hidden = cursor === null && !now.hidden;
    rule.firstChild.textContent = `${Math.round(at())} min`;
  }

  function read() {
    frame = 0;
    stale.forEach((lane) => lane.redraw());
    stale.clear();
    placeRules();
    const t = at();
    const rows = rowsAt(data, t, (minute) => (data.start_iso ? clockOf(data, minute) : when(minute)));
    const phase = (data.phases ?? []).find((p) => t >= p.start && t < p.end);
    const heading = [when(t), phase?.label].filter(Boolean).join(" · ");
    fillReadout(readout, heading, rows);
    grip.setAttribute("aria-valuemin", String(span()[0]));
    grip.setAttribute("aria-valuemax", String(span()[1]));
    grip.setAttribute("aria-valuenow", String(Math.round(t)));
    grip.setAttribute("aria-valuetext", [heading, ...rows.map(inWords)].join("; "));
  }

  const later = () => { frame ||= requestAnimationFrame(read); };
  const table = () => { if (details.open) fillTable(details.lastChild, data, when); };
  const move = (t) => {
    cursor = Math.round(Math.min(Math.max(t, span()[0]), span()[1]));
    later();
  };
  const relight = () => {
    theme = readTheme(element);
    titles();
    lanes.forEach((lane) => lane.redraw());
  };
  function resize() {
    const width = stack.clientWidth;
    if (!width || width === lanes[0]?.plot.width) return;
    lanes.forEach((lane) => lane.setWidth(width));
    placePhases();
    placeRules();
  }

  grip.addEventListener("pointermove", (e) => {
    if (e.pointerType === "mouse" || e.pressure > 0) move(minuteAt(e.clientX - stack.getBoundingClientRect().left));
  });
  grip.addEventListener("pointerdown", (e) => move(minuteAt(e.clientX - stack.getBoundingClientRect().left)));
  grip.addEventListener("keydown", (e) => {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[e.key];
    if (by) move(at() + by * (e.shiftKey ? 10 : 1));
    else if (e.key === "Home") move(span()[0]);
    else if (e.key === "End") move(span()[1]);
    else if (e.key.toLowerCase() === "n") { cursor = null; later(); }
    else return;
    e.preventDefault();
  });
  details.addEventListener("toggle", table);
  const sized = new ResizeObserver(resize);
  sized.observe(stack);
  const stopTheme = onThemeChange(relight);

  build();
  titles();
  placePhases();
  read();

  return {
    /** Replace everything. The cursor stays where it was put. */
    setData(next) {
      const fresh = lanesOf(next);
      const same = fresh.map((lane) => lane.id).join() === lanes.map((lane) => lane.lane.id).join();
      data = next;
      if (same) fresh.forEach((lane, i) => lanes[i].setLane(lane));
      else build();
      titles();
      placePhases();
      read();
      table();
    },
    /** One more observation. A point with an id already there changes nothing. @param {string} laneId @param {Point} point */
    addPoint(laneId, point) {
      const holder = lanes.find((lane) => lane.lane.id === laneId);
      if (!holder) return;
      const { points } = holder.lane;
      const fresh = !points.some((p) => p.kind === point.kind);
      if (!joinPoint(points, point)) return;
      stale.add(holder);
      if (fresh) titles();
      later();
    },
    setNow(min) { data.now_min = min; later(); },
    setCursor(min) { move(min); },
    get data() { return data; },
    destroy() {
      sized.disconnect();
      stopTheme();
      cancelAnimationFrame(frame);
      lanes.forEach((lane) => lane.destroy());
      for (const part of [stack, readout, details]) part.remove();
    },
  };
}
