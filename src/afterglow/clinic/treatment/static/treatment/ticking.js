// What moves with the clock alone: when something is due, and which numbers have grown old.
import { inWords } from "../afterglow/parts.js";

/** "in 4 min" or "3 min late". @param {number} dueAt @param {number} now */
export function dueWords(dueAt, now) {
  const seconds = (dueAt - now) / 1000;
  if (seconds <= -1) return [`${inWords(-seconds)} late`, true];
  return [seconds < 60 ? "now" : `in ${inWords(seconds + 59)}`, false];
}

/** @param {ParentNode} root @param {number} now by the server's clock */
export function tickDue(root, now) {
  for (const item of root.querySelectorAll("[data-due]")) {
    const [words, late] = dueWords(Date.parse(item.dataset.due), now);
    item.toggleAttribute("data-late", late);
    item.querySelector("[data-due-words]").textContent = words;
  }
}

/** How old, in words, or null while it is fresh. @param {string} at @param {number} freshS @param {number} now */
export function oldWords(at, freshS, now) {
  const seconds = (now - Date.parse(at)) / 1000;
  return seconds > freshS ? `Old: ${inWords(seconds)}` : null;
}
