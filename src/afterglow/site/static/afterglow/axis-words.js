// Times in words, and elements in one line.

const formats = new Map();

/** The clock at a minute of the session, in the clinic's zone. */
export function clockOf(data, t) {
  const zone = data.zone ?? undefined;
  if (!formats.has(zone)) {
    formats.set(zone, new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }));
  }
  return formats.get(zone).format(Date.parse(data.start_iso) + t * 60000);
}

/** "40 min, 14:20"; without a start, only the minutes. */
export function whenOf(data, t) {
  const minutes = `${Math.round(t)} min`.replace("-", "−");
  return data.start_iso ? `${minutes}, ${clockOf(data, t)}` : minutes;
}

/** @param {string} tag @param {string} [className] @param {...(Node|string)} children */
export function node(tag, className = "", ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}
