// Forms: Ctrl+Enter sends, characters are counted, a form is not sent twice by a nervous finger.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

document.addEventListener("input", (event) => {
  const counter = event.target.id && document.querySelector(`[data-counter-for="${CSS.escape(event.target.id)}"]`);
  if (!counter) return;
  const limit = event.target.maxLength;
  counter.textContent = `${event.target.value.length} / ${limit}`;
  counter.classList.toggle("pv-field__count--over", event.target.value.length >= limit);
});

const SENDING = 3000;
const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  const now = Date.now();
  if (now - (sent.get(form) ?? 0) < SENDING) event.preventDefault();
  else sent.set(form, now);
});
addEventListener("pageshow", () => {
  for (const form of document.forms) sent.delete(form);
});

// What was typed or chosen before the scripts had come is told to them once all have: nobody waits to begin.
addEventListener("load", () => {
  for (const field of document.querySelectorAll("input, textarea")) {
    if (field.files?.length) field.dispatchEvent(new Event("change", { bubbles: true }));
    else if (field.type !== "file" && field.value !== field.defaultValue) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

// After an answer with errors, the first one gets the focus.
document.querySelector("[aria-invalid='true']")?.focus();

// Boxes that filter or choose at once: <select data-submit> sends its form.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit], [data-submit] *")) event.target.form?.requestSubmit();
});
