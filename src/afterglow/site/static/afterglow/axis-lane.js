// One lane of the time axis: a uPlot with bands, lines, limits and points on the shared minutes.
import uPlot from "../uplot/uPlot.esm.js";
import { drawDoses } from "./axis-dose.js";
import { drawPoints } from "./axis-marks.js";
import { fade, SERIES } from "./axis-theme.js";

export const GUTTER = 44; // room for the numbers on the left, the same in every lane
export const MARGIN = 20;
const FOOT = 46;
const PRIORITY = { high: ["stop", "*** "], medium: ["hold", "** "], low: ["ink-3", "* "] };

/** @param {{range?: number[], bands?: object, more?: object[], lines?: object[], points?: object[], limits?: object[]}} lane */
function rangeOf(lane) {
  if (lane.range) return lane.range;
  const all = (lane.points ?? []).map((p) => p.v).concat((lane.limits ?? []).map((l) => l.v));
  for (const banded of [lane, ...(lane.more ?? [])]) {
    all.push(...(banded.bands?.p5 ?? []), ...(banded.bands?.p50 ?? []), ...(banded.bands?.p95 ?? []));
  }
  for (const line of lane.lines ?? []) all.push(...line.values);
  const known = all.filter((v) => v !== null && v !== undefined);
  if (known.length === 0) return [0, 1];
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const room = Math.max((high - low) * 0.12, 2);
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

/** Series and arrays in drawing order: the lane's bands, further bands, single lines. */
function columns(lane, theme) {
  const series = [{}];
  const values = [];
  const bands = [];
  const add = (array, options) => {
    if (!array) return null;
    series.push({ points: { show: false }, spanGaps: false, pxAlign: 0, stroke: null, ...options });
    values.push(array);
    return series.length - 1;
  };
  const line = (name, extra) => ({ stroke: () => theme().of(name), ...SERIES[name], ...extra });
  const main = lane.bands ?? {};
  const name = lane.series ?? "pressure";
  const shade = (high, low, alpha) => {
    if (high && low) bands.push({ series: [high, low], fill: () => fade(theme().of(name), alpha) });
  };
  shade(add(main.p95), add(main.p5), 0.14);
  shade(add(main.p75), add(main.p25), 0.2);
  add(main.p50, line(name));
  for (const more of lane.more ?? []) {
    const edge = line(more.series, { width: 0.75, stroke: () => fade(theme().of(more.series), 0.7) });
    add(more.bands?.p95, edge);
    add(more.bands?.p5, edge);
    add(more.bands?.p50, line(more.series));
  }
  for (const single of lane.lines ?? []) add(single.values, line(single.series));
  return { series, values, bands };
}

function drawLimits(u, theme, limits) {
  const { ctx } = u;
  const ratio = devicePixelRatio;
  const right = u.bbox.left + u.bbox.width;
  ctx.save();
  ctx.setLineDash([]);
  ctx.font = `${11.5 * ratio}px ${theme.face}`;
  ctx.textAlign = "right";
  let free = Infinity; // the lowest words so far, from above: no two limits write on each other
  for (const limit of [...limits].sort((a, b) => b.v - a.v)) {
    const [colour, stars] = PRIORITY[limit.priority] ?? ["ink-3", ""];
    const y = Math.round(u.valToPos(limit.v, "y", true)) + 0.5;
    ctx.strokeStyle = theme.colours[colour];
    ctx.lineWidth = ratio;
    ctx.beginPath();
    ctx.moveTo(u.bbox.left, y);
    ctx.lineTo(right, y);
    ctx.stroke();
    const above = y - u.bbox.top > 16 * ratio && (free === Infinity || y - free > 14 * ratio);
    free = above ? y : y + 14 * ratio;
    ctx.textBaseline = above ? "bottom" : "top";
    const words = stars + (limit.label ?? String(limit.v));
    ctx.strokeStyle = theme.colours.paper;
    ctx.lineWidth = 3 * ratio;
    ctx.strokeText(words, right, y + (above ? -2 : 3) * ratio);
    ctx.fillStyle = theme.colours[colour];
    ctx.fillText(words, right, y + (above ? -2 : 3) * ratio);
  }
  ctx.restore();
}

function drawPhases(u, theme, phases) {
  const { ctx } = u;
  ctx.save();
  ctx.setLineDash([]);
  ctx.strokeStyle = theme.colours["line-strong"];
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  for (const phase of phases.slice(1)) {
    const x = Math.round(u.valToPos(phase.start, "x", true)) + 0.5;
    ctx.moveTo(x, u.bbox.top);
    ctx.lineTo(x, u.bbox.top + u.bbox.height);
  }
  ctx.stroke();
  ctx.restore();
}

/** Vertical room in px. Banded lanes carry the argument; the others are glances. */
function heightOf(lane, compact) {
  if (lane.height) return lane.height;
  const tall = lane.id === "doses" ? 56 : lane.bands || lane.id === "pressure" ? 138 : 66;
  return compact ? Math.round(tall * 0.6) : tall;
}

function axesOf(lane, shared, last) {
  const font = `12px ${shared.theme().face}`;
  const stroke = () => shared.theme().colours["ink-3"];
  const grid = { stroke: () => shared.theme().colours.line, width: 1 };
  const plain = { stroke, font, grid, ticks: { show: false } };
  return [
    { ...plain, space: 64, incrs: shared.incrs ?? [5, 10, 15, 30, 60, 120, 240], size: last ? FOOT : 0, gap: 8,
      values: last ? (u, splits) => splits.map(shared.minuteLabel) : () => [] },
    { ...plain, size: GUTTER, gap: 6, space: lane.id === "doses" ? 20 : 30,
      splits: lane.ticks ? () => lane.ticks : undefined,
      values: (u, splits) => splits.map((v) => (v === null ? "" : String(+v.toFixed(4)).replace("-", "−"))) },
  ];
}

/**
 * @param {HTMLElement} holder
 * @param {object} first the lane
 * @param {{theme: () => object, minuteLabel: (min: number) => string, data: () => object}} shared
 */
export function mountLane(holder, first, shared, { last, compact, width }) {
  let lane = first;
  let shape = "";
  let plot = null;
  const draw = (u) => {
    const theme = shared.theme();
    drawPhases(u, theme, shared.data().phases ?? []);
    if (lane.id === "doses") drawDoses(u, theme, shared.data().doses ?? {});
    drawLimits(u, theme, lane.limits ?? []);
    lane.draw?.(u, theme);
    drawPoints(u, theme, lane.points ?? []);
  };

  function build(size) {
    const { series, bands, values } = columns(lane, shared.theme);
    const time = shared.data().t_min;
    const nothing = values.length === 0;
    if (nothing) series.push({ show: false });
    plot = new uPlot({
      width: size,
      height: heightOf(lane, compact) + (last ? FOOT : 0),
      padding: [6, MARGIN, last ? 0 : 6, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => [shared.data().t_min[0], shared.data().t_min.at(-1)] },
        y: { range: () => rangeOf(lane) },
      },
      axes: axesOf(lane, shared, last),
      series, bands,
      hooks: { draw: [draw] },
    }, [time, ...(nothing ? [time.map(() => null)] : values)], holder);
    shape = shapeOf(lane);
  }
  build(width);

  return {
    /** Same shape: only the numbers change, which is what keeps a drag smooth. */
    setLane(next) {
      lane = next;
      if (shapeOf(next) !== shape) {
        const size = plot.width;
        plot.destroy();
        build(size);
        return;
      }
      const { values } = columns(lane, shared.theme);
      const time = shared.data().t_min;
      plot.setData([time, ...(values.length ? values : [time.map(() => null)])]);
    },
    redraw: () => plot.redraw(false, true),
    setWidth: (size) => plot.setSize({ width: size, height: plot.height }),
    destroy: () => plot.destroy(),
    get plot() { return plot; },
    get lane() { return lane; },
  };
}

function shapeOf(lane) {
  const parts = [lane, ...(lane.more ?? [])].map((b) => `${b.series}:${Object.keys(b.bands ?? {})}`);
  return [...parts, (lane.lines ?? []).map((l) => l.series), lane.ticks].join("|");
}
