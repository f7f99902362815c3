// "If the dose changes now": asked anew for another score, and each minute, for its times age.
import { refresh } from "../afterglow/live-parts.js";

const EVERY_MS = 60_000;
const root = document.getElementById("bedside");
const panel = document.getElementById("ahead");

async function ask() {
  if (root.hasAttribute("data-no-contact")) return;
  try {
    await refresh(panel);
  } catch (error) {
    console.error(error);
    noAnswer();
  }
}

/** No answer is better than an old one; the next answer is shown even if it reads the same. */
function noAnswer() {
  delete panel.dataset.last;
  const old = panel.querySelector(".ahead-ways, .ahead-none");
  const none = Object.assign(document.createElement("p"), { className: "ahead-none", textContent: "No answer: the server did not reply." });
  none.setAttribute("role", "status");
  if (old) old.replaceWith(none);
  else panel.append(none);
}

function below(form) {
  panel.dataset.url = `${panel.dataset.plainUrl}?below=${encodeURIComponent(form.elements.below.value)}`;
}

panel?.addEventListener("change", (event) => {
  const form = event.target.closest("[data-ahead-ask]");
  if (!form) return;
  below(form);
  ask();
});
panel?.addEventListener("submit", (event) => {
  event.preventDefault();
  below(event.target);
  ask();
});
if (panel && "live" in root.dataset) setInterval(ask, EVERY_MS);
