// Alarm sounds by priority, after the manner of IEC 60601-1-8: the worst one in force is heard.
// A browser is never the primary alarm: the monitor's own sound stays on.

const PATTERNS = {
  // Seconds from the start of the burst, at which a tone begins; then how often the burst returns.
  high: { at: [0, 0.25, 0.5, 0.95, 1.2, 2.1, 2.35, 2.6, 3.05, 3.3], lasts: 0.15, pitch: 660, every: 8 },
  medium: { at: [0, 0.4, 0.8], lasts: 0.2, pitch: 523, every: 16 },
  low: { at: [0, 0.5], lasts: 0.22, pitch: 392, every: 32 },
};
const ORDER = ["high", "medium", "low"];

/** The worst priority nobody has acknowledged yet. @param {ParentNode} region */
export function worst(region) {
  return ORDER.find((p) => region.querySelector(`[data-priority="${p}"]:not([data-acknowledged], [data-ended])`)) ?? null;
}

function burst(audio, { at, lasts, pitch }) {
  for (const start of at) {
    const when = audio.currentTime + 0.02 + start;
    const gain = audio.createGain();
    gain.gain.setValueAtTime(0, when);
    gain.gain.linearRampToValueAtTime(0.3, when + 0.02);
    gain.gain.setValueAtTime(0.3, when + lasts - 0.03);
    gain.gain.linearRampToValueAtTime(0, when + lasts);
    gain.connect(audio.destination);
    for (const harmonic of [1, 2, 3, 4]) {
      const tone = audio.createOscillator();
      tone.frequency.value = pitch * harmonic;
      const part = audio.createGain();
      part.gain.value = 1 / (harmonic * 2);
      tone.connect(part).connect(gain);
      tone.start(when);
      tone.stop(when + lasts + 0.05);
    }
  }
}

/** @param {ParentNode} root @param {() => string|null} inForce */
export function mountSound(root, inForce) {
  const button = root.querySelector("[data-sound-switch]") ?? document.querySelector("[data-sound-switch]");
  let audio = null;
  let on = false;
  let sounding = null;
  let next = 0;
  button?.addEventListener("click", () => {
    audio ??= new AudioContext();
    audio.resume();
    on = !on;
    next = 0;
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "Alarm sound is on. Turn it off" : "Alarm sound is off. Turn it on";
  });
  return {
    /** Called often; sounds when a burst is due, at once when the priority changes. */
    tick(now) {
      const priority = inForce();
      if (priority !== sounding) next = 0;
      sounding = priority;
      if (!on || !priority || now < next) return;
      burst(audio, PATTERNS[priority]);
      next = now + PATTERNS[priority].every * 1000;
    },
  };
}
