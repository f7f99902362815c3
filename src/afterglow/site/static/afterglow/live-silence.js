// A page that looks alive and is not is the worst failure. This one covers its own numbers, in words.
import { clockTime } from "./live-numbers.js";

/**
 * What the cover must say, or null when the numbers may be read. Pure, so it can be tested.
 * Lost contact is told first: a page that hears nothing cannot know that readings stopped.
 */
export function coverWords({ now, heardAt, deadAfterMs, silentAfter, lastAt, zone }) {
  if (now - heardAt > deadAfterMs) {
    return `This page lost contact at ${clockTime(heardAt, zone)}. Look at the patient.`;
  }
  if (silentAfter !== null && now > silentAfter) {
    if (lastAt === null) return "No readings yet from the monitor. Look at the patient.";
    return `No readings since ${clockTime(lastAt, zone)}. Look at the patient.`;
  }
  return null;
}

/** @param {HTMLElement} root */
export function mountCover(root) {
  const numbers = root.querySelector("[data-live-numbers]");
  const cover = document.createElement("div");
  cover.className = "live-cover";
  cover.hidden = true;
  cover.setAttribute("role", "alert");
  numbers?.append(cover);
  return {
    /** @param {string|null} words */
    say(words) {
      if ((cover.dataset.words ?? null) === words) return;
      cover.hidden = words === null;
      root.toggleAttribute("data-not-live", words !== null);
      numbers?.toggleAttribute("data-covered", words !== null);
      if (words === null) {
        delete cover.dataset.words;
        cover.replaceChildren();
        return;
      }
      cover.dataset.words = words;
      const line = document.createElement("p");
      line.textContent = words;
      cover.replaceChildren(line);
    },
  };
}
