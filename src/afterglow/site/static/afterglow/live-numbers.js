// Number tiles: the newest reading of each sign, with its time, its trend and its verdict.
import { mountSpark } from "./spark.js";

const LANES = {
  NIBP_SYS: ["pressure", "sbp"], NIBP_DIA: ["pressure", "dbp"], PULSE: ["pulse", "pulse"],
  HR: ["pulse", "pulse"], SPO2: ["spo2", "spo2"], RESP: ["resp", "resp"],
};

const limit = (text) => (text === undefined ? null : Number(text));

/** The same words as the server's tile: see parts_numbers.py. */
export function verdict(value, low, high) {
  if (low !== null && value < low) return ["out", `Low: below ${low}`];
  if (high !== null && value > high) return ["out", `High: above ${high}`];
  return ["in", ""];
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** "14:03:20" in the clinic's zone. @param {number} ms @param {string} [zone] */
export function clockTime(ms, zone) {
  if (!zone) return clock.format(ms);
  return new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: zone }).format(ms);
}

/** @param {HTMLElement} root @param {string} [zone] */
export function mountNumbers(root, zone) {
  const newest = new Map();
  const sparks = new WeakMap();

  function trend(tile, ms, value) {
    const holder = tile.querySelector("[data-spark]");
    if (!holder) return;
    if (!sparks.has(tile)) {
      sparks.set(tile, mountSpark(holder, { low: limit(tile.dataset.low), high: limit(tile.dataset.high) }));
    }
    sparks.get(tile).add(ms, value);
  }

  function show(sign, ms, value) {
    for (const also of root.querySelectorAll(`[data-also="${CSS.escape(sign)}"]`)) also.textContent = value.toFixed(0);
    for (const tile of root.querySelectorAll(`.tile[data-sign="${CSS.escape(sign)}"]`)) {
      const [state, words] = verdict(value, limit(tile.dataset.low), limit(tile.dataset.high));
      tile.dataset.state = state;
      tile.querySelector("[data-value]").textContent = value.toFixed(Number(tile.dataset.places ?? 0));
      tile.querySelector("[data-verdict]").textContent = words;
      const time = document.createElement("time");
      time.dateTime = new Date(ms).toISOString();
      time.textContent = clockTime(ms, zone);
      tile.querySelector("[data-at]").replaceChildren(time);
    }
  }

  return {
    /** Late readings join the trend but never replace a newer number. Returns [lane, kind] for the axis. */
    take({ sign: name, value, at }) {
      const sign = name.toUpperCase();
      const ms = Date.parse(at);
      const tile = root.querySelector(`.tile[data-sign="${CSS.escape(sign)}"]`);
      if (tile) trend(tile, ms, value);
      if (!(newest.get(sign) > ms)) {
        newest.set(sign, ms);
        show(sign, ms, value);
      }
      return tile?.dataset.lane ? [tile.dataset.lane, tile.dataset.kind] : LANES[sign];
    },
  };
}
