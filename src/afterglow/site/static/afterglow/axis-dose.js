// The dose lane: what was given is solid, what is still to come is hatched and outlined.
import { fade } from "./axis-theme.js";

let hatch = null;
let hatchColour = "";

function hatched(ctx, colour) {
  if (hatch && hatchColour === colour + devicePixelRatio) return hatch;
  const ratio = devicePixelRatio;
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6 * ratio;
  const pen = tile.getContext("2d");
  pen.strokeStyle = fade(colour, 0.55);
  pen.lineWidth = ratio;
  const n = tile.width;
  for (const k of [-n, 0, n]) { pen.moveTo(k, n); pen.lineTo(k + n, 0); }
  pen.stroke();
  hatchColour = colour + devicePixelRatio;
  hatch = ctx.createPattern(tile, "repeat");
  return hatch;
}

/** @param {{given?: object[], planned?: object[], boluses?: object[]}} doses */
export function drawDoses(u, theme, doses) {
  const { ctx } = u;
  const ratio = devicePixelRatio;
  const colour = theme.of("dose");
  const floor = u.valToPos(0, "y", true);
  const box = (d) => {
    const left = u.valToPos(d.start, "x", true);
    const top = u.valToPos(d.rate, "y", true);
    return [left, top, Math.max(ratio, u.valToPos(d.end, "x", true) - left), floor - top];
  };
  ctx.save();
  ctx.setLineDash([]);
  ctx.fillStyle = colour;
  for (const d of doses.given ?? []) ctx.fillRect(...box(d));
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5 * ratio;
  for (const d of doses.planned ?? []) {
    const [x, y, w, h] = box(d);
    ctx.fillStyle = hatched(ctx, colour);
    ctx.fillRect(x, y, w, h);
    ctx.strokeRect(x, y, w, h);
  }
  for (const bolus of doses.boluses ?? []) drawBolus(u, theme, bolus, floor, colour, ratio);
  ctx.restore();
}

function drawBolus(u, theme, bolus, floor, colour, ratio) {
  const { ctx } = u;
  const x = u.valToPos(bolus.t, "x", true);
  const top = u.bbox.top + 16 * ratio;
  ctx.beginPath();
  ctx.moveTo(x, floor);
  ctx.lineTo(x, top);
  ctx.lineWidth = 2 * ratio;
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x, top, 4 * ratio, 0, 7);
  ctx.fillStyle = bolus.planned ? theme.colours.paper : colour;
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = theme.colours.ink;
  ctx.font = `600 ${12 * ratio}px ${theme.face}`;
  ctx.textBaseline = "middle";
  ctx.fillText(`${bolus.mg} mg`, x + 8 * ratio, top);
}

/** Amounts in mg by adding rate x minutes, and boluses. */
export function amounts(doses) {
  const area = (list) => (list ?? []).reduce((sum, d) => sum + d.rate * (d.end - d.start), 0);
  const pushed = (planned) => (doses.boluses ?? []).filter((b) => !!b.planned === planned)
    .reduce((sum, b) => sum + b.mg, 0);
  return { given: area(doses.given) + pushed(false), planned: area(doses.planned) + pushed(true) };
}

/** The rate in mg/min at a minute, and whether it is given or still to come. */
export function rateAt(doses, t) {
  const covers = (d) => t >= d.start && t < d.end;
  const given = (doses.given ?? []).find(covers);
  if (given) return { rate: given.rate, planned: false };
  const planned = (doses.planned ?? []).find(covers);
  return planned ? { rate: planned.rate, planned: true } : { rate: 0, planned: false };
}
