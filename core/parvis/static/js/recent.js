// What one looked for lately, kept on this device for this member alone; shown while the search field is empty.
const member = document.body.dataset.member;
const key = `parvis-searches-${member}`;
const most = 6;
const input = document.querySelector("input[data-suggest]");
const results = document.getElementById("search-results");

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(kept) ? kept.filter((words) => typeof words === "string").slice(0, most) : [];
  } catch {
    return [];
  }
}

function keep(list) {
  try {
    if (list.length) localStorage.setItem(key, JSON.stringify(list));
    else localStorage.removeItem(key);
  } catch {} // a full or forbidden store costs only this
}

function remember(words) {
  const said = words.trim().slice(0, 300);
  if (said) keep([said, ...read().filter((other) => other !== said)].slice(0, most));
}

function option(number, words, href) {
  const made = document.createElement("a");
  made.setAttribute("role", "option");
  made.id = `recent-${number}`;
  made.href = href;
  made.tabIndex = -1;
  made.textContent = words;
  return made;
}

function show() {
  const kept = read();
  if (input.value.trim() || !kept.length) return;
  const list = document.createElement("div");
  list.id = "suggestions";
  list.className = "pv-suggest pv-suggest--recent pv-panel";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.dataset.recent);
  const action = input.form.getAttribute("action");
  list.append(...kept.map((words, number) => option(number, words, `${action}?q=${encodeURIComponent(words)}`)));
  const forget = option(most, input.dataset.forget, action);
  forget.addEventListener("click", (event) => {
    event.preventDefault();
    keep([]);
    results.replaceChildren();
  });
  list.append(forget);
  results.replaceChildren(list);
}

if (member && input && results) {
  for (const form of document.querySelectorAll("form[data-search]")) {
    form.addEventListener("submit", () => remember(new FormData(form).get("q") ?? ""));
  }
  if (location.pathname === input.form.getAttribute("action")) {
    remember(new URLSearchParams(location.search).get("q") ?? "");
  }
  input.addEventListener("focus", show);
  input.addEventListener("input", show);
}
