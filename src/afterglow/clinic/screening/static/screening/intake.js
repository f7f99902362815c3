// Shows a question only when the one it hangs on is answered so. Without this script all are shown.
const form = document.querySelector("[data-intake]");

const follow = () => {
  for (const row of form.querySelectorAll("[data-only-if]")) {
    const [question, wanted] = row.dataset.onlyIf.split(":");
    const chosen = form.querySelector(`[name="${question}"]:checked`);
    row.hidden = chosen?.value !== wanted;
  }
  const open = [...form.querySelectorAll("[data-question]")].filter(
    (row) => !row.hidden && !row.querySelector(":checked") && !row.querySelector("input:not([type=radio])")?.value,
  );
  const count = document.getElementById("still-open");
  count.textContent = open.length === 0 ? "Every question has an answer." : `${open.length} questions have no answer yet.`;
};

if (form) {
  form.addEventListener("change", follow);
  follow();
}
