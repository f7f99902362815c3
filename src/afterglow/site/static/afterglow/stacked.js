// A table too wide for its place is told row by row, so that nothing of it lies out of sight.

const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };

/** What a cell is as a part of a table; its display says so no longer once it is a block. */
function roleOf(cell) {
  if (cell.tagName === "TH") return cell.scope === "row" ? "rowheader" : "columnheader";
  return ROLES[cell.tagName];
}

/** The words over a column; none over buttons, whose own words say enough. */
function wordsOver(head) {
  return head.querySelector(".visually-hidden") ? "" : head.textContent.trim();
}

/** @param {HTMLTableElement} table */
function label(table) {
  for (const part of [table, ...table.querySelectorAll("thead, tbody, tr, th, td")]) part.setAttribute("role", roleOf(part));
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].map(wordsOver);
  for (const row of table.querySelectorAll("tbody tr")) {
    if (row.cells.length !== heads.length) continue; // one cell that speaks for the whole row
    [...row.cells].forEach((cell, column) => {
      // A name says by itself what it is; a bare number does not.
      const named = column === 0 && /\D/.test(cell.textContent.trim());
      if (heads[column] && !named) cell.dataset.column = heads[column];
      cell.toggleAttribute("data-blank", !cell.textContent.trim() && !cell.children.length);
    });
  }
}

/** @param {HTMLElement} place a .table-scroll */
function fit(place) {
  const table = place.querySelector(":scope > table.data");
  table.removeAttribute("data-stacked");
  if (place.scrollWidth <= place.clientWidth + 1) return;
  label(table);
  table.setAttribute("data-stacked", "");
}

const widths = new WeakMap(); // of each place when it was last fitted: stacking changes its height
const seen = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (widths.get(target) === target.clientWidth) continue;
    widths.set(target, target.clientWidth);
    fit(target);
  }
});

/** Watch the tables under `root`: those of a part that is put in place anew are new ones. */
export function fitTables(root) {
  for (const place of root.querySelectorAll(".table-scroll:has(> table.data)")) seen.observe(place);
}
fitTables(document);
