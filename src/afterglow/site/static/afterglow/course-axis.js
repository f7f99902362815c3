// A course over weeks: a score that falls or does not, with the sessions marked.
import { GUTTER, MARGIN, mountLane } from "./axis-lane.js";
import { bandKey, markKey } from "./axis-marks.js";
import { onThemeChange, readTheme } from "./axis-theme.js";
import { node } from "./axis-words.js";

const DAY_MS = 86_400_000;

function dateOf(data, day) {
  const format = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
  return format.format(Date.parse(`${data.start_date}T00:00:00Z`) + day * DAY_MS);
}

/** Expected bands are on their own days; the axis needs them on every day. */
function everyDay(days, bands) {
  if (!bands?.day?.length) return undefined;
  const spread = (values) => days.map((day) => {
    const next = bands.day.findIndex((d) => d >= day);
    if (next === -1 || bands.day[0] > day) return null;
    if (bands.day[next] === day || next === 0) return values[next];
    const share = (day - bands.day[next - 1]) / (bands.day[next] - bands.day[next - 1]);
    return values[next - 1] + share * (values[next] - values[next - 1]);
  });
  const known = ["p5", "p25", "p50", "p75", "p95"].filter((p) => bands[p]);
  return Object.fromEntries(known.map((p) => [p, spread(bands[p])]));
}

function drawCourse(data) {
  return (u, theme) => {
    const { ctx } = u;
    const ratio = devicePixelRatio;
    const x = (day) => Math.round(u.valToPos(day, "x", true)) + 0.5;
    ctx.save();
    ctx.setLineDash([]);
    ctx.strokeStyle = theme.of("dose");
    ctx.fillStyle = theme.colours.ink;
    ctx.lineWidth = 2 * ratio;
    ctx.font = `600 ${12 * ratio}px ${theme.face}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    for (const session of data.sessions ?? []) {
      ctx.beginPath();
      ctx.moveTo(x(session.day), u.bbox.top + u.bbox.height);
      ctx.lineTo(x(session.day), u.bbox.top + u.bbox.height - 12 * ratio);
      ctx.stroke();
      ctx.fillText(String(session.n), x(session.day), u.bbox.top + u.bbox.height - 27 * ratio);
    }
    ctx.strokeStyle = theme.colours.ink;
    ctx.lineWidth = 1.5 * ratio;
    ctx.beginPath();
    for (const p of data.points ?? []) ctx.lineTo(x(p.day), u.valToPos(p.v, "y", true));
    ctx.stroke();
    ctx.restore();
  };
}

function laneOf(data, days) {
  return {
    id: "course", label: data.scale.name, unit: `${data.scale.min} to ${data.scale.max}`, height: 200,
    range: [data.scale.min, data.scale.max], series: "dissociation", bands: everyDay(days, data.bands) ?? {},
    points: (data.points ?? []).map((p) => ({ t: p.day, v: p.v, kind: "score" })),
    limits: data.scale.limits ?? [], draw: drawCourse(data),
  };
}

function fillKey(title, data, theme, banded) {
  const name = node("span", "what", data.scale.name);
  const unit = node("span", "unit", `${data.scale.min} to ${data.scale.max}`);
  const session = bandKey(theme.of("dose"), [], 2, false);
  const parts = [name, unit, node("span", "axis-key", markKey(theme, "score"), "score"), node("span", "axis-key", session, "session, by number")];
  if (banded) parts.push(node("span", "axis-key", bandKey(theme.of("dissociation"), [], 2, true), "expected"));
  title.replaceChildren(...parts);
}

function fillTable(holder, data) {
  const rows = [
    ...(data.points ?? []).map((p) => [p.day, `${data.scale.name} ${p.v}${p.label ? `, ${p.label}` : ""}`]),
    ...(data.sessions ?? []).map((s) => [s.day, `Session ${s.n}${s.dose_mg ? `, ${s.dose_mg} mg` : ""}${s.cadss === undefined || s.cadss === null ? "" : `, CADSS ${s.cadss}`}`]),
  ].sort((a, b) => a[0] - b[0]);
  const table = node("table", "data");
  table.createCaption().textContent = "Scores and sessions, by day";
  const body = table.createTBody();
  for (const [day, text] of rows) {
    const th = node("th", "", dateOf(data, day));
    th.scope = "row";
    const row = body.insertRow();
    row.append(th);
    row.insertCell().textContent = text;
  }
  holder.replaceChildren(table);
}

/**
 * @param {HTMLElement} element
 * @param {object} first see docs/design-language.md
 */
export function mountCourseAxis(element, first) {
  let data = first;
  let theme = readTheme(element);
  const stack = node("div", "axis-stack axis-course");
  const today = node("div", "axis-rule axis-now", node("span", "", "today"));
  const title = node("p", "axis-title");
  const holder = node("div", "axis-lane", title);
  const details = node("details", "", node("summary", "", "Show as a table"), node("div", "table-scroll"));
  Object.entries({ tabindex: "0", role: "region", "aria-label": "Scores and sessions as a table" })
    .forEach(([key, value]) => details.lastChild.setAttribute(key, value));
  stack.append(holder, today);
  element.append(stack, details);

  const daysOf = () => Array.from({ length: data.days + 1 }, (_, day) => day);
  let days = daysOf();
  const shared = {
    theme: () => theme, data: () => ({ t_min: days }), incrs: [7, 14, 28, 56, 112],
    minuteLabel: (day) => `${day === 0 ? "week " : ""}${day / 7}\n${dateOf(data, day)}`,
  };
  const lane = mountLane(holder, laneOf(data, days), shared, { last: true, compact: false, width: stack.clientWidth });
  const arrange = () => {
    const room = stack.clientWidth - GUTTER - MARGIN;
    today.hidden = data.today === undefined || data.today === null;
    today.style.left = `${GUTTER + (room * (data.today ?? 0)) / data.days}px`;
    today.classList.toggle("flip", (data.today ?? 0) / data.days > 0.8);
    fillKey(title, data, theme, !!data.bands?.day?.length);
    fillTable(details.lastChild, data);
  };
  arrange();
  const sized = new ResizeObserver(() => {
    if (stack.clientWidth && stack.clientWidth !== lane.plot.width) { lane.setWidth(stack.clientWidth); arrange(); }
  });
  sized.observe(stack);
  const stopTheme = onThemeChange(() => { theme = readTheme(element); arrange(); lane.redraw(); });
  return {
    setData(next) { data = next; days = daysOf(); lane.setLane(laneOf(data, days)); arrange(); },
    destroy() { sized.disconnect(); stopTheme(); lane.destroy(); stack.remove(); details.remove(); },
  };
}
