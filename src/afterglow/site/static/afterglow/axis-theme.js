// How the axis draws each meaning: colours from the tokens, and dash and mark beside them.

/** Colour alone never tells two series apart: dash and width do too. */
export const SERIES = {
  arterial: { dash: [], width: 2 },
  venous: { dash: [7, 4], width: 1.75 },
  dissociation: { dash: [], width: 2 },
  pressure: { dash: [], width: 1.5 },
  pulse: { dash: [2, 3], width: 1.5 },
  spo2: { dash: [8, 3, 2, 3], width: 1.5 },
  resp: { dash: [4, 4], width: 1.5 },
};

/** Point kind -> [mark, series whose colour it takes, name in words]. */
export const KINDS = {
  sbp: ["caret-down", "pressure", "systolic"],
  dbp: ["caret-up", "pressure", "diastolic"],
  pulse: ["dot", "pulse", "pulse"],
  spo2: ["ring", "spo2", "saturation"],
  resp: ["plus", "resp", "breaths"],
  cadss: ["diamond", "dissociation", "observed"],
  moaas: ["square-open", "dissociation", "MOAA/S"],
  sample: ["square", "arterial", "measured"],
  score: ["dot", "pressure", "score"],
};

const NAMES = [
  "paper", "surface", "raised", "line", "line-strong", "ink", "ink-2", "ink-3", "selected", "stop", "hold",
  "series-arterial", "series-venous", "series-dissociation", "series-pressure", "series-pulse",
  "series-spo2", "series-resp", "series-dose",
];

/** The tokens as colours a canvas understands, in today's light. @param {Element} element */
export function readTheme(element) {
  const probe = document.createElement("i");
  probe.hidden = true;
  element.append(probe);
  const colours = {};
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    colours[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  const face = getComputedStyle(element).fontFamily;
  return { colours, face, of: (series) => colours[`series-${series}`] ?? colours.ink };
}

/** @param {string} colour an rgb() colour @param {number} alpha */
export function fade(colour, alpha) {
  const [r, g, b] = colour.match(/[\d.]+/g);
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

/** Call back whenever the light changes: system, choice, or paper. */
export function onThemeChange(callback) {
  const stop = new AbortController();
  const options = { signal: stop.signal };
  for (const query of ["(prefers-color-scheme: dark)", "print"]) {
    matchMedia(query).addEventListener("change", callback, options);
  }
  const watcher = new MutationObserver(callback);
  watcher.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  stop.signal.addEventListener("abort", () => watcher.disconnect());
  return () => stop.abort();
}
