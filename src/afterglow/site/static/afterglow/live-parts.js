// Parts of a live page, fetched anew while somebody may be typing in them.
import { fitTables } from "./stacked.js";

/** Fetch a part again and put it in place: what is open stays open, what is typed stays typed. */
export async function refresh(part) {
  const answer = await fetch(part.dataset.url, { headers: { "HX-Request": "true" } });
  if (!answer.ok) throw new Error(`${part.dataset.url} answered ${answer.status}`);
  const html = await answer.text();
  if (part.dataset.last === html) return;
  part.dataset.last = html;
  const putBack = keep(part);
  part.innerHTML = html;
  window.htmx?.process(part);
  putBack();
  fitTables(part);
  nameWindow(part);
}

/** The window's name begins with the phase: on a shelf of tabs an old one would mislead. */
function nameWindow(part) {
  const phase = part.querySelector(".phase")?.textContent;
  if (phase) document.title = document.title.replace(/^[^:]*/, phase);
}

const OPEN = "details";
const TYPED = "input[type=number], input[type=text], textarea";

/** Remember what a person did in a part; returns how to put it back into its newer self. */
function keep(part) {
  const held = part.contains(document.activeElement) ? document.activeElement.id : "";
  const open = [...part.querySelectorAll(OPEN)].map((one) => one.open);
  const typed = [...part.querySelectorAll(TYPED)].map((one) => [one.name, one.value]);
  const asking = [...part.querySelectorAll("dialog[open]")].filter((one) => !isSending(one)).map((one) => one.id);
  return () => {
    part.querySelectorAll(OPEN).forEach((one, n) => { one.open ||= open[n] ?? false; });
    part.querySelectorAll(TYPED).forEach((one, n) => { if (typed[n]?.[0] === one.name && typed[n][1]) one.value = typed[n][1]; });
    asking.forEach(askAgain);
    if (held) document.getElementById(held)?.focus();
  };
}

const isSending = (dialog) => dialog.querySelector('form[aria-busy="true"]') !== null;

/** A question that was open stays open while it can still be asked: its button is there yet. */
function askAgain(id) {
  const dialog = document.getElementById(id);
  if (dialog && document.querySelector(`[data-opens="${id}"]`)) dialog.showModal();
}
