// Finds what a page holds and starts it: axes first, then what moves them.
import { mountCourseAxis } from "./course-axis.js";
import { mountDoseDesigner } from "./dose-designer.js";
import { startLive } from "./live.js";
import { mountTimeAxis } from "./time-axis.js";

/** Mount every axis in a part of the page that has none yet. @param {ParentNode} part */
export function mountAll(part = document) {
  const data = (id) => JSON.parse(document.getElementById(id).textContent);
  for (const element of part.querySelectorAll("[data-time-axis]")) {
    element.timeAxis ??= mountTimeAxis(element, data(element.dataset.timeAxis), { compact: "compact" in element.dataset });
  }
  for (const element of part.querySelectorAll("[data-course-axis]")) {
    element.courseAxis ??= mountCourseAxis(element, data(element.dataset.courseAxis));
  }
  for (const form of part.querySelectorAll("[data-dose-designer]")) {
    const element = document.getElementById(form.dataset.axis);
    form.doseDesigner ??= mountDoseDesigner(form, { element, axis: element.timeAxis });
  }
  for (const root of part.querySelectorAll("[data-live]")) {
    const axis = document.getElementById(root.dataset.axis)?.timeAxis ?? null;
    root.live ??= startLive(root, { axis });
  }
}

mountAll();
document.addEventListener("htmx:afterSwap", (event) => mountAll(event.target));
