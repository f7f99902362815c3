// The marks of the classical anaesthetic chart, on a canvas and in a legend.
import { fade, KINDS } from "./axis-theme.js";

const SHAPES = {
  "caret-down": (p, r) => { p.moveTo(-r, -r * 1.25); p.lineTo(0, 0); p.lineTo(r, -r * 1.25); },
  "caret-up": (p, r) => { p.moveTo(-r, r * 1.25); p.lineTo(0, 0); p.lineTo(r, r * 1.25); },
  dot: (p, r) => p.arc(0, 0, r * 0.62, 0, 7),
  ring: (p, r) => p.arc(0, 0, r * 0.7, 0, 7),
  plus: (p, r) => { p.moveTo(-r * 0.8, 0); p.lineTo(r * 0.8, 0); p.moveTo(0, -r * 0.8); p.lineTo(0, r * 0.8); },
  diamond: (p, r) => { p.moveTo(0, -r * 1.2); p.lineTo(r, 0); p.lineTo(0, r * 1.2); p.lineTo(-r, 0); p.closePath(); },
  square: (p, r) => p.rect(-r * 0.85, -r * 0.85, r * 1.7, r * 1.7),
  "square-open": (p, r) => p.rect(-r * 0.85, -r * 0.85, r * 1.7, r * 1.7),
};
const SOLID = new Set(["dot", "diamond", "square"]);

/** Draw one mark at a canvas position. Solid marks wear a thin halo, so bands never swallow them. */
export function drawMark(ctx, theme, kind, x, y, r) {
  const [shape, series] = KINDS[kind] ?? KINDS.score;
  const path = new Path2D();
  SHAPES[shape](path, r);
  const colour = theme.of(series);
  ctx.save();
  ctx.translate(x, y);
  ctx.lineJoin = "round";
  ctx.setLineDash([]);
  if (SOLID.has(shape)) {
    ctx.lineWidth = r * 0.55;
    ctx.strokeStyle = theme.colours.paper;
    ctx.stroke(path);
    ctx.fillStyle = colour;
    ctx.fill(path);
  } else {
    if (shape === "ring" || shape === "square-open") {
      ctx.fillStyle = theme.colours.paper;
      ctx.fill(path);
    }
    ctx.lineWidth = r * 0.42;
    ctx.strokeStyle = colour;
    ctx.stroke(path);
  }
  ctx.restore();
}

const isCuff = (p) => p.kind === "sbp" || p.kind === "dbp";
/** Signs that a monitor sends every second: one mark a minute, with a hairline from least to greatest. */
const STREAMED = new Set(["pulse", "spo2", "resp"]);

/**
 * Add a point in place. A streamed sign joins its minute, whose extremes stay visible, so that a
 * short dip is never averaged away. Any other point comes once by id and kind. Returns false if known.
 */
export function joinPoint(points, point) {
  if (!STREAMED.has(point.kind)) {
    // Some monitors say the last cuff again with every message: the same value within a minute is one cuff.
    const again = (p) => p.kind === point.kind
      && ((point.id && p.id === point.id) || (isCuff(p) && p.v === point.v && Math.abs(p.t - point.t) < 1));
    if (points.some(again)) return false;
    points.push(point);
    return true;
  }
  const minute = Math.floor(point.t);
  const there = points.findLast((p) => p.kind === point.kind && Math.floor(p.t) === minute);
  if (!there) {
    points.push({ ...point, low: point.low ?? point.v, high: point.high ?? point.v });
    return true;
  }
  there.low = Math.min(there.low ?? there.v, point.low ?? point.v);
  there.high = Math.max(there.high ?? there.v, point.high ?? point.v);
  if (point.t >= there.t) [there.t, there.v] = [point.t, point.v];
  return true;
}

/** Many points at once, as a page gets them when it opens. */
export function joinPoints(points) {
  const minutes = new Map();
  const kept = [];
  const cuffs = new Set();
  for (const point of points) {
    const minute = `${point.kind} ${Math.floor(point.t)}`;
    if (STREAMED.has(point.kind)) {
      if (!minutes.has(minute)) minutes.set(minute, []);
      joinPoint(minutes.get(minute), point);
    } else if (!isCuff(point) || !cuffs.has(`${minute} ${point.v}`)) {
      cuffs.add(`${minute} ${point.v}`);
      kept.push(point);
    }
  }
  return kept.concat(...minutes.values());
}

/** A lane's points; systolic and diastolic of one minute are joined by a hairline. */
export function drawPoints(u, theme, points) {
  const { ctx } = u;
  const ratio = devicePixelRatio;
  const [from, to] = [u.scales.x.min, u.scales.x.max];
  const shown = points.filter((p) => p.t >= from && p.t <= to && p.v !== null);
  const at = (p) => [u.valToPos(p.t, "x", true), u.valToPos(p.v, "y", true)];
  joinPressures(ctx, theme, shown, at, ratio);
  drawExtremes(u, theme, shown, ratio);
  // Crowded marks shrink before they overlap into a smear.
  const minute = (u.bbox.width / ratio) / Math.max(1, to - from);
  const streamed = Math.max(1.8, Math.min(4, minute * 0.55)) * ratio;
  const cuff = cuffSize(shown, at, ratio);
  const size = (kind) => (STREAMED.has(kind) ? streamed : isCuff({ kind }) ? cuff : 5 * ratio);
  for (const p of shown) drawMark(ctx, theme, p.kind, ...at(p), size(p.kind));
}

/** Carets of neighbouring cuffs must not join into a zigzag. */
function cuffSize(points, at, ratio) {
  const xs = points.filter((p) => p.kind === "sbp").map((p) => at(p)[0]).sort((a, b) => a - b);
  const gap = xs.slice(1).reduce((least, x, i) => Math.min(least, x - xs[i]), Infinity);
  return Math.max(2 * ratio, Math.min(5 * ratio, gap * 0.4));
}

function drawExtremes(u, theme, points, ratio) {
  const { ctx } = u;
  ctx.save();
  ctx.setLineDash([]);
  ctx.lineWidth = 1.25 * ratio;
  for (const p of points) {
    if (!(p.high > p.low)) continue;
    ctx.strokeStyle = theme.of(p.kind);
    ctx.beginPath();
    ctx.moveTo(u.valToPos(p.t, "x", true), u.valToPos(p.low, "y", true));
    ctx.lineTo(u.valToPos(p.t, "x", true), u.valToPos(p.high, "y", true));
    ctx.stroke();
  }
  ctx.restore();
}

function joinPressures(ctx, theme, points, at, ratio) {
  const diastolic = new Map(points.filter((p) => p.kind === "dbp").map((p) => [p.t, p]));
  ctx.save();
  ctx.setLineDash([]);
  ctx.lineWidth = ratio;
  ctx.strokeStyle = fade(theme.of("pressure"), 0.45);
  ctx.beginPath();
  for (const p of points) {
    const other = p.kind === "sbp" && diastolic.get(p.t);
    if (!other) continue;
    ctx.moveTo(...at(p));
    ctx.lineTo(...at(other));
  }
  ctx.stroke();
  ctx.restore();
}

const SVG = "http://www.w3.org/2000/svg";

/** A legend's sample of a mark, drawn by the same shapes. */
export function markKey(theme, kind) {
  const canvas = document.createElement("canvas");
  const ratio = devicePixelRatio;
  canvas.width = canvas.height = 14 * ratio;
  canvas.style.width = canvas.style.height = "14px";
  canvas.setAttribute("aria-hidden", "true");
  const shift = kind === "sbp" ? 3 : kind === "dbp" ? -3 : 0;
  drawMark(canvas.getContext("2d"), theme, kind, 7 * ratio, (7 + shift) * ratio, 4.5 * ratio);
  return canvas;
}

/** A legend's sample of a band or a line. */
export function bandKey(colour, dash, width, banded) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 26 14");
  svg.setAttribute("aria-hidden", "true");
  const part = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    svg.append(element);
  };
  if (banded) {
    part("rect", { x: 0, y: 0, width: 26, height: 14, fill: fade(colour, 0.14) });
    part("rect", { x: 0, y: 3.5, width: 26, height: 7, fill: fade(colour, 0.24) });
  }
  part("line", { x1: 0, y1: 7, x2: 26, y2: 7, stroke: colour, "stroke-width": width, "stroke-dasharray": dash.join(" ") });
  return svg;
}
