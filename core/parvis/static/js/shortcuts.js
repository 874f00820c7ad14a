// Single keys, listed under "?". They can be switched off in the account (body[data-shortcuts=off]) and on each device
// (WCAG 2.1.4). An element says its own keys: <a data-shortcut="g h">.
const STORE = "pv:shortcuts";
const PAUSE = 1200;
let first = "";
let timer;

const onThisDevice = () => localStorage.getItem(STORE) !== "off";
const active = () => document.body.dataset.shortcuts === "on" && onThisDevice();
const writing = (target) => target.isContentEditable || target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, summary[aria-haspopup]");

function press(keys) {
  const element = document.querySelector(`[data-shortcut="${CSS.escape(keys)}"]`);
  element?.click();
  return Boolean(element);
}

function step(by) {
  const items = [...document.querySelectorAll("[data-item]")];
  const now = items.findIndex((item) => item.contains(document.activeElement));
  const next = items[now + by] ?? (now < 0 ? items[0] : undefined);
  const target = next?.matches("a, button, [tabindex]") ? next : next?.querySelector("a, button, [tabindex]");
  target?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const single = {
  "/": () => document.getElementById("search")?.focus(),
  "?": () => document.getElementById("keyboard-help")?.showModal(),
  n: () => press("n"),
  j: () => step(1),
  k: () => step(-1),
};

function hear(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target) || document.querySelector("dialog[open]")) return;
  if (!active()) return;
  clearTimeout(timer);
  const keys = first ? `${first} ${event.key}` : event.key;
  first = "";
  if (single[keys]) {
    event.preventDefault();
    single[keys]();
  } else if (press(keys)) event.preventDefault();
  else if (event.key === "g") {
    first = "g";
    timer = setTimeout(() => (first = ""), PAUSE);
  }
}

document.addEventListener("keydown", hear);

const choice = document.querySelector("[data-shortcuts-switch]");
if (choice) {
  choice.checked = onThisDevice();
  choice.addEventListener("change", () => localStorage.setItem(STORE, choice.checked ? "on" : "off"));
}
