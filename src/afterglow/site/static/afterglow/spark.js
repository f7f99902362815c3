// A word-sized trend: the last minutes of one sign, its limits, and where it stands.
import { onThemeChange, readTheme } from "./axis-theme.js";

const KEEP_MS = 15 * 60_000;

/**
 * @param {HTMLElement} element
 * @param {{points: {t: number, v: number}[], low?: number|null, high?: number|null}} first t in ms, ascending
 */
export function mountSpark(element, { points = [], low = null, high = null }) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("aria-hidden", "true"); // the number beside it is said in words
  element.replaceChildren(canvas);
  let theme = readTheme(element);
  let kept = points;

  function draw() {
    const [width, height, ratio] = [element.clientWidth, element.clientHeight, devicePixelRatio];
    if (!width || !height) return;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    if (kept.length === 0) return;
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    const values = kept.map((p) => p.v);
    const middle = (Math.min(...values) + Math.max(...values)) / 2;
    const half = Math.max((Math.max(...values) - Math.min(...values)) / 2, 4) * 1.25;
    const end = kept.at(-1).t;
    const x = (t) => width - 6 - ((end - t) / KEEP_MS) * (width - 8);
    const y = (v) => height / 2 - ((v - middle) / half) * (height / 2 - 3);
    ctx.lineWidth = 1;
    ctx.strokeStyle = theme.colours["line-strong"];
    for (const limit of [low, high]) {
      if (limit === null || Math.abs(limit - middle) > half) continue;
      ctx.beginPath();
      ctx.setLineDash([3, 3]);
      ctx.moveTo(0, Math.round(y(limit)) + 0.5);
      ctx.lineTo(width, Math.round(y(limit)) + 0.5);
      ctx.stroke();
    }
    ctx.setLineDash([]);
    ctx.strokeStyle = theme.colours["ink-2"];
    ctx.lineWidth = 1.5;
    ctx.lineJoin = "round";
    ctx.beginPath();
    let before = -Infinity;
    for (const p of kept) {
      // A gap in time is a gap in the line: nobody measured there.
      if (p.t - before > gapMs(kept)) ctx.moveTo(x(p.t), y(p.v));
      else ctx.lineTo(x(p.t), y(p.v));
      before = p.t;
    }
    ctx.stroke();
    ctx.fillStyle = theme.colours.ink;
    ctx.beginPath();
    ctx.arc(x(end), y(kept.at(-1).v), 3, 0, 7);
    ctx.fill();
  }

  const sized = new ResizeObserver(draw);
  sized.observe(element);
  const stopTheme = onThemeChange(() => { theme = readTheme(element); draw(); });
  draw();
  return {
    add(t, v) {
      kept = [...kept.filter((p) => p.t > t - KEEP_MS && p.t !== t), { t, v }].sort((a, b) => a.t - b.t);
      draw();
    },
    destroy() { sized.disconnect(); stopTheme(); canvas.remove(); },
  };
}

/** Three times the usual pause between two readings. */
function gapMs(points) {
  const pauses = points.slice(1).map((p, i) => p.t - points[i].t).sort((a, b) => a - b);
  return 3 * (pauses[pauses.length >> 1] ?? KEEP_MS);
}
