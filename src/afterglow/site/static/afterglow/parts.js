// What the parts do when touched: dialogs, source cards, the light, and times that age.

import "./stacked.js";

/** @param {Element} target */
function openOrClose(target) {
  const opens = target.closest("[data-opens]");
  const closes = target.closest("[data-closes]");
  if (opens) /** @type {HTMLDialogElement} */ (document.getElementById(opens.dataset.opens))?.showModal();
  if (closes) /** @type {HTMLDialogElement} */ (document.getElementById(closes.dataset.closes))?.close();
}

/** @param {string} theme "", "light" or "dark" */
function light(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // Not kept for the next page, but this one has changed.
  }
  showTheme();
}

function showTheme() {
  const theme = document.documentElement.dataset.theme ?? "";
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  }
}

/** Place an opened source card under the mark that opened it, inside the window. */
function placeCard(event) {
  const card = event.target;
  if (!card.matches?.(".source-card") || event.newState !== "open") return;
  const mark = document.querySelector(`[popovertarget="${card.id}"]`).getBoundingClientRect();
  const left = Math.min(mark.left, innerWidth - card.offsetWidth - 8);
  const below = mark.bottom + 4 + card.offsetHeight < innerHeight;
  card.style.margin = "0";
  card.style.left = `${Math.max(8, left)}px`;
  card.style.top = `${below ? mark.bottom + 4 : mark.top - card.offsetHeight - 4}px`;
}

/** @param {number} seconds */
export function inWords(seconds) {
  if (seconds < 60) return `${Math.max(0, Math.floor(seconds))} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

function age() {
  for (const element of document.querySelectorAll("[data-elapsed]")) {
    // By the server's clock where a live page has heard it: a tablet's own may be minutes off.
    const now = Date.now() + Number(document.documentElement.dataset.skewMs ?? 0);
    const seconds = (now - Date.parse(element.dataset.elapsed)) / 1000;
    const words = `(${inWords(seconds)})`;
    if (element.textContent !== words) element.textContent = words;
  }
}

document.addEventListener("click", (event) => {
  openOrClose(event.target);
  const choice = event.target.closest("[data-theme-choice]");
  if (choice) light(choice.dataset.themeChoice);
});
document.addEventListener("toggle", placeCard, true);
showTheme();
age();
setInterval(age, 1000);
document.querySelector(".error-summary:not([data-sample] *)")?.focus();
