// Runs inside a page that is watched: when was each reading's time painted, uncovered?
// Answers window.seen: "session|measured at, ms" -> this machine's clock, ms.
([root, session]) => {
  const seen = (window.seen = {});
  const asked = new Set();
  const page = document.querySelector(root);

  const tiles = () => [...page.querySelectorAll('.tile[data-sign="SPO2"] [data-at] time')].map(
    (time) => [session, time, () => page.hasAttribute("data-not-live")]);
  const cards = () => [...page.querySelectorAll('.card [data-at="SPO2"] time')].map((time) => {
    const card = time.closest(".card");
    const covered = () => page.hasAttribute("data-not-live") || card.hasAttribute("data-covered");
    return [card.dataset.session, time, covered];
  });

  function look() {
    for (const [id, time, isCovered] of session ? tiles() : cards()) {
      const key = `${id}|${Date.parse(time.dateTime)}`;
      if (asked.has(key)) continue;
      asked.add(key);
      // A task that a frame begins runs once that frame is drawn.
      requestAnimationFrame(() => setTimeout(() => { if (!isCovered()) seen[key] = Date.now(); }));
    }
  }
  new MutationObserver(look).observe(page, { subtree: true, childList: true, attributes: true, attributeFilter: ["datetime"] });
}
