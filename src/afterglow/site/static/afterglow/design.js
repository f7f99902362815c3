// Gives the page of parts its sample trends.
import { mountSpark } from "./spark.js";

const END = Date.UTC(2026, 2, 2, 13, 40);
const middles = { NIBP_SYS: 144, PULSE: 78, SPO2: 95, RESP: 13 };

for (const tile of document.querySelectorAll("#sample-tiles .tile")) {
  const middle = middles[tile.dataset.sign];
  if (!middle) continue;
  const points = Array.from({ length: 90 }, (_, i) => ({
    t: END - (89 - i) * 10_000,
    v: middle + 2 * Math.sin(i / 5) + Math.sin(i * 1.7) - (tile.dataset.sign === "SPO2" && i > 78 ? i - 78 : 0),
  }));
  const limit = (text) => (text === undefined ? null : Number(text));
  mountSpark(tile.querySelector("[data-spark]"), { points, low: limit(tile.dataset.low), high: limit(tile.dataset.high) });
}
