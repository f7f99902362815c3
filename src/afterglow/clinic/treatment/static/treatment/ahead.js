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
    panel.querySelector(".ahead-ways")?.remove(); // no answer is better than an old one
  }
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
