// The bedside page: hears the server, moves the numbers, and says so in words when it cannot.
import { mountNumbers } from "./live-numbers.js";
import { refresh } from "./live-parts.js";
import { coverWords, mountCover } from "./live-silence.js";
import { mountSound, worst } from "./tones.js";

const SLOWEST_RETRY_MS = 8000;

const instant = (text) => (text ? Date.parse(text) : null);

/**
 * @param {HTMLElement} root the element with data-live; its attributes are listed in docs/design-language.md
 * @param {{axis?: object|null, open?: (url: string) => EventSource}} [parts]
 */
export function startLive(root, { axis = null, open = (url) => new EventSource(url) } = {}) {
  const zone = root.dataset.zone || axis?.data.zone;
  const numbers = mountNumbers(root, zone);
  const cover = mountCover(root);
  const alarms = () => root.querySelector('[data-refresh-on~="alarms"]') ?? root;
  const startAt = instant(root.dataset.start);
  const state = {
    heardAt: Date.now(), // by this browser's clock
    skew: 0, // server's clock minus this browser's
    deadAfterMs: Number(root.dataset.deadAfterMs ?? 6000),
    silentAfter: instant(root.dataset.silentAfter),
    lastAt: instant(root.dataset.lastAt),
    zone,
  };
  const sound = mountSound(root, () => (root.hasAttribute("data-not-live") ? "high" : worst(alarms())));
  let source = null;
  let retryMs = 1000;
  let retry = 0;

  const on = {
    readings({ readings, silent_after: silentAfter }) {
      for (const reading of readings) {
        const lane = numbers.take(reading);
        const ms = Date.parse(reading.at);
        state.lastAt = Math.max(state.lastAt ?? 0, ms);
        if (lane && axis && startAt) {
          axis.addPoint(lane[0], { t: (ms - startAt) / 60000, v: reading.value, kind: lane[1], id: reading.id });
        }
      }
      if (silentAfter) state.silentAfter = instant(silentAfter);
    },
    beat({ silent_after: silentAfter }) {
      if (silentAfter) state.silentAfter = instant(silentAfter);
    },
    alarms: () => parts("alarms"),
    doses: () => Promise.all([parts("doses"), redraw()]),
    ratings: () => Promise.all([parts("ratings"), redraw()]),
    ended() { stop(); parts("ended"); },
  };

  function parts(kind) {
    return Promise.all([...root.querySelectorAll(`[data-refresh-on~="${kind}"]`)].map(refresh)).catch(late);
  }

  async function redraw() {
    if (!axis || !root.dataset.axisUrl) return;
    try {
      const answer = await fetch(root.dataset.axisUrl);
      if (answer.ok) axis.setData(await answer.json());
    } catch (error) {
      late(error);
    }
  }

  /** A part that cannot be fetched is a page that is not alive: stop counting it as heard. */
  function late(error) {
    console.error(error);
    state.heardAt = Math.min(state.heardAt, Date.now() - state.deadAfterMs - 1);
  }

  /** Acknowledging must not cost the page: it is sent behind it, and the alarms are read again. */
  async function acknowledge(event) {
    const region = event.target.closest('[data-refresh-on~="alarms"]');
    if (!region || event.defaultPrevented) return; // the page has a script of its own for its forms
    event.preventDefault();
    const button = event.submitter;
    const body = new FormData(event.target, button); // before it is disabled: its value is the answer
    if (button) button.disabled = true;
    try {
      const answer = await fetch(event.target.action, { method: "POST", body });
      if (!answer.ok) throw new Error(`acknowledging answered ${answer.status}`);
      await parts("alarms");
      region.querySelector("form button:not(:disabled)")?.focus(); // the next one to answer
    } catch (error) {
      if (button) button.disabled = false;
      late(error);
    }
  }

  function hear(message) {
    const event = JSON.parse(message.data);
    state.heardAt = Date.now();
    retryMs = 1000;
    const serverAt = instant(event.now ?? (event.kind === "beat" ? event.at : null));
    if (serverAt) document.documentElement.dataset.skewMs = state.skew = serverAt - Date.now();
    on[event.kind]?.(event);
    root.dispatchEvent(new CustomEvent(`afterglow:${event.kind}`, { bubbles: true, detail: event }));
    check();
  }

  function check() {
    const now = Date.now();
    const { heardAt, skew } = state;
    // Everything is compared and told by the server's clock.
    cover.say(coverWords({ ...state, now: now + skew, heardAt: heardAt + skew }));
    sound.tick(now);
    if (axis && startAt) axis.setNow((now + skew - startAt) / 60000);
  }

  function connect() {
    source = open(root.dataset.stream);
    source.onmessage = hear;
    for (const kind of Object.keys(on)) source.addEventListener(kind, hear);
    source.onopen = () => { for (const kind of ["alarms", "doses", "ratings"]) parts(kind); };
    source.onerror = () => {
      if (source.readyState !== 2) return; // the browser itself tries again
      clearTimeout(retry);
      retry = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, SLOWEST_RETRY_MS);
    };
  }

  const watch = setInterval(check, 250);
  root.addEventListener("submit", acknowledge);
  function stop() {
    clearInterval(watch);
    clearTimeout(retry);
    source.close();
    cover.say(null);
  }
  connect();
  return { stop, hear, state };
}
