// The trade-off by keyboard and by touch: one stop for the whole picture, arrows within it.

const NEAR_PX = 44;
const figure = document.querySelector("[data-tradeoff]");
const points = [...(figure?.querySelectorAll(".point") ?? [])];
const says = figure?.querySelector("[data-tradeoff-says]");
const dose = (point) => Number(point.dataset.showDose);
const minutes = (point) => Number(point.dataset.showMinutes);

/** The next dose over the same minutes, or the same dose over the next minutes. */
function beside(point, key) {
  const [alike, by] = key === "ArrowLeft" || key === "ArrowRight" ? [minutes, dose] : [dose, minutes];
  const row = points.filter((one) => alike(one) === alike(point)).sort((a, b) => by(a) - by(b));
  return row[row.indexOf(point) + (key === "ArrowRight" || key === "ArrowUp" ? 1 : -1)];
}

function name(point) {
  for (const one of points) one.tabIndex = one === point ? 0 : -1;
  says.textContent = point.getAttribute("aria-label");
}

/** @param {PointerEvent} event the point nearest to a tap, if it is near */
function nearest(event) {
  const away = (point) => {
    const box = point.getBoundingClientRect();
    return Math.hypot(box.x + box.width / 2 - event.clientX, box.y + box.height / 2 - event.clientY);
  };
  const best = points.reduce((one, other) => (away(other) < away(one) ? other : one), points[0]);
  return best && away(best) < NEAR_PX ? best : null;
}

const picture = figure?.querySelector(".tradeoff-picture");
picture?.addEventListener("keydown", (event) => {
  const point = event.target.closest(".point");
  if (!point || !event.key.startsWith("Arrow")) return;
  event.preventDefault();
  beside(point, event.key)?.focus();
});
picture?.addEventListener("focusin", (event) => name(event.target.closest(".point")));
picture?.addEventListener("pointermove", (event) => {
  const point = nearest(event);
  if (point) says.textContent = point.getAttribute("aria-label");
});
picture?.addEventListener("click", (event) => {
  if (event.target.closest(".point")) return;
  nearest(event)?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
});
