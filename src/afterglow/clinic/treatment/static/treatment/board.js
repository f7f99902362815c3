// All rooms on one stream. A room that is silent covers its own numbers; a board that is not live covers all.
import { clockTime } from "../afterglow/live-numbers.js";
import { coverWords } from "../afterglow/live-silence.js";
import { mountSound, worst } from "../afterglow/tones.js";
import { oldWords, tickDue } from "./ticking.js";

const root = document.getElementById("board");
const cover = root.querySelector(".live-cover");
const SLOWEST_RETRY_MS = 8000;
const state = { heardAt: Date.now(), skew: 0, deadAfterMs: Number(root.dataset.deadAfterMs), retryMs: 1000 };
const sound = mountSound(document, () => (root.hasAttribute("data-not-live") ? "high" : worst(root)));
const cardOf = (id) => root.querySelector(`.card[data-session="${CSS.escape(id)}"]`);

function hear(message) {
  const told = JSON.parse(message.data);
  state.heardAt = Date.now();
  state.retryMs = 1000;
  if (told.kind === "beat") document.documentElement.dataset.skewMs = state.skew = Date.parse(told.at) - Date.now();
  if (told.kind === "open") for (const card of root.querySelectorAll(".card")) refresh(card);
  if (told.session) take(told.session, told.event);
  // A reading moves its own card alone: twenty monitors would keep twenty cards busy each time.
  if (told.event?.kind !== "readings" || root.hasAttribute("data-not-live")) tick();
}

function take(session, event) {
  const card = cardOf(session);
  if (event.kind === "ended" || (!card && event.kind === "started")) return location.reload();
  if (!card) return;
  if (event.kind === "readings") return numbers(card, event);
  refresh(card);
}

function numbers(card, { readings, silent_after: silentAfter }) {
  for (const { sign, value, at } of readings) {
    const number = card.querySelector(`[data-value="${CSS.escape(sign)}"]`);
    const time = card.querySelector(`[data-at="${CSS.escape(sign)}"] time`);
    if (!number || (time && Date.parse(at) < Date.parse(time.dateTime))) continue;
    number.textContent = value.toFixed(0);
    if (!time) { refresh(card); continue; } // the first of its kind
    time.dateTime = at;
    time.textContent = clockTime(Date.parse(at));
  }
  const head = card.querySelector(".card-head");
  if (silentAfter) head.dataset.silentAfter = silentAfter;
  head.dataset.lastAt = readings.at(-1)?.at ?? head.dataset.lastAt;
  tickCard(card, Date.now() + state.skew);
}

async function refresh(card) {
  if (card.dataset.asking) { card.dataset.again = "yes"; return; }
  card.dataset.asking = "yes";
  try {
    const answer = await fetch(card.dataset.url, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(`${card.dataset.url} answered ${answer.status}`);
    card.innerHTML = await answer.text();
  } catch (error) {
    console.error(error);
    state.heardAt = Date.now() - state.deadAfterMs - 1;
  } finally {
    delete card.dataset.asking;
    if (card.dataset.again) { delete card.dataset.again; refresh(card); }
  }
  tick();
}

function tick() {
  const now = Date.now() + state.skew;
  const heardAt = state.heardAt + state.skew;
  const dead = coverWords({ now, heardAt, deadAfterMs: state.deadAfterMs, silentAfter: null, lastAt: null });
  cover.hidden = dead === null;
  root.toggleAttribute("data-not-live", dead !== null);
  if ((dead ?? "") !== cover.textContent) cover.textContent = dead ?? "";
  for (const card of root.querySelectorAll(".card")) tickCard(card, now);
  tickDue(root, now);
  sound.tick(Date.now());
}

function tickCard(card, now) {
  const { silentAfter, lastAt } = card.querySelector(".card-head").dataset;
  const words = coverWords({
    now, heardAt: now, deadAfterMs: state.deadAfterMs,
    silentAfter: silentAfter ? Date.parse(silentAfter) : null, lastAt: lastAt ? Date.parse(lastAt) : null,
  });
  const line = card.querySelector(".card-cover");
  card.toggleAttribute("data-covered", words !== null);
  line.hidden = words === null;
  if ((words ?? "") !== line.textContent) line.textContent = words ?? "";
  for (const at of card.querySelectorAll("[data-fresh]")) {
    const time = at.querySelector("time");
    const old = time && at.dataset.fresh ? oldWords(time.dateTime, Number(at.dataset.fresh), now) : null;
    at.parentElement.toggleAttribute("data-old", old !== null);
    if (at.title !== (old ?? "")) at.title = old ?? "";
  }
}

function connect() {
  const source = new EventSource(root.dataset.stream);
  source.onmessage = hear;
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(connect, state.retryMs);
    state.retryMs = Math.min(state.retryMs * 2, SLOWEST_RETRY_MS);
  };
}
connect();
setInterval(tick, 500);
// Doses go in and phases pass without a message.
setInterval(() => root.querySelectorAll(".card").forEach(refresh), 20000);
