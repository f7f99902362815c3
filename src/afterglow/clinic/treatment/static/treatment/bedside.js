// The bedside page's own part: forms that keep the page alive, the dose that goes in, numbers that age.
import { oldWords, tickDue } from "./ticking.js";

const root = document.getElementById("bedside");
const said = document.getElementById("said");
const bar = document.getElementById("alarm-bar");
const freshFor = JSON.parse(document.getElementById("fresh-for").textContent);
const EARLY_MS = 60_000; // a change may be confirmed so long before it is due
const serverNow = () => Date.now() + (root.live?.state.skew ?? 0);

/** Send a form without leaving the page: alarms, sound and curves go on meanwhile. */
async function send(form, submitter) {
  const body = new FormData(form, submitter);
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
    if (answer.redirected) return location.reload(); // signed out meanwhile
    if (!answer.ok && answer.status !== 422) throw new Error(`The server answered ${answer.status}.`);
    say(await answer.text());
    const next = answer.headers.get("Next-Fact-Id");
    if (next && form.elements.fact_id) form.elements.fact_id.value = next;
    if (answer.ok) form.reset();
  } catch (error) {
    console.error(error);
    // The same id is sent again with the next tap, so trying again cannot record it twice.
    say('<div class="refusal"><p class="because">Not recorded as far as this page knows: it could not reach the server.</p><p class="small">Try again: it will be recorded once.</p></div>');
  } finally {
    form.removeAttribute("aria-busy");
    form.closest("dialog")?.close();
  }
}

let forget = 0;
function say(html) {
  clearTimeout(forget);
  said.innerHTML = html;
  // A refusal stays until the next thing is sent; what went well need not.
  if (!said.querySelector(".refusal")) forget = setTimeout(() => said.replaceChildren(), 6000);
}

root.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.method !== "post") return;
  event.preventDefault();
  if (form.getAttribute("aria-busy") !== "true") send(form, event.submitter);
}, true); // before the page's other listeners: one tap is sent once

/** The dose that is going in, by the rate that was recorded. A page that is not live stops counting. */
function tickDose(now) {
  const dose = root.querySelector(".dose");
  if (!dose || root.hasAttribute("data-not-live")) return;
  const { given, planned, rate, at, ends } = dose.dataset;
  const minutes = Math.max(0, now - Date.parse(at)) / 60000;
  const mg = Math.min(Number(planned), Number(given) + Number(rate) * minutes);
  if (Number(rate) <= 0) return;
  const left = Number(planned) - mg;
  dose.querySelector('[data-dose="given"]').textContent = mg.toFixed(1);
  dose.querySelector('[data-dose="left"]').textContent = left.toFixed(1);
  const time = dose.querySelector('[data-dose="minutes"]');
  if (time) time.textContent = String(Math.ceil(Math.max(0, Date.parse(ends) - now) / 60000)); // by the steps, if there are any
  dose.querySelector("progress").value = mg;
}

/** A change of rate that comes due while the page is open, also between two rounds of the watch. */
function tickChange(now) {
  const change = root.querySelector("[data-change-at]");
  if (!change) return;
  const waits = Date.parse(change.dataset.changeAt) - now;
  change.toggleAttribute("data-soon", waits > 0 && waits <= EARLY_MS);
  change.toggleAttribute("data-late", waits <= 0);
}

function tickTiles(now) {
  if (!("live" in root.dataset)) return; // an ended session is history, not silence
  for (const [sign, seconds] of Object.entries(freshFor)) {
    const tile = root.querySelector(`.tile[data-sign="${sign}"]`);
    const time = tile?.querySelector("[data-at] time");
    if (!time) continue;
    const words = oldWords(time.dateTime, seconds, now);
    const verdict = tile.querySelector("[data-verdict]");
    if (words) {
      if (tile.dataset.state !== "old") tile.dataset.was = tile.dataset.state;
      tile.dataset.state = "old";
      verdict.textContent = words;
    } else if (tile.dataset.state === "old") {
      tile.dataset.state = tile.dataset.was ?? "in";
      verdict.textContent = "";
    }
  }
}

/** Without contact nothing on the page may look settled; a silent monitor leaves the record true. */
function tickContact() {
  const words = root.querySelector(":scope > .live-cover")?.dataset.words ?? "";
  root.toggleAttribute("data-no-contact", words.startsWith("This page lost contact"));
}

/** The worst unanswered alarm stays in sight when its own place is scrolled away. */
function tickBar() {
  const worst = ["high", "medium"]
    .map((level) => root.querySelector(`.alarm[data-priority="${level}"]:not([data-acknowledged], [data-ended])`))
    .find(Boolean);
  const away = worst && worst.getBoundingClientRect().bottom < 0;
  bar.hidden = !away;
  if (!away) return;
  bar.dataset.level = worst.dataset.priority;
  const words = worst.querySelector(".what").textContent;
  if (bar.querySelector("[data-bar-words]").textContent !== words) {
    bar.querySelector("[data-bar-priority]").replaceChildren(worst.querySelector(".priority").cloneNode(true));
    bar.querySelector("[data-bar-words]").textContent = words;
  }
}

function tick() {
  const now = serverNow();
  tickContact();
  tickBar();
  tickDose(now);
  tickChange(now);
  tickTiles(now);
  tickDue(root, now);
}
tick();
setInterval(tick, 1000);
addEventListener("scroll", tickBar, { passive: true });
document.addEventListener("keydown", (event) => { if (event.key === "Escape") said.replaceChildren(); });
said.addEventListener("click", () => said.replaceChildren());
root.addEventListener("afterglow:ended", () => location.reload());
