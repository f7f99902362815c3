// Runs before the first paint, so that a dark room is never flashed white.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is off in this browser: the system's own choice holds.
}
