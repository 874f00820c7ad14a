// What one types into a <form data-draft="name"> is kept on this device until it has been sent: nothing is lost by a
// closed window or a lost network. Never passwords, files or hidden fields. Keys carry the member, for shared machines.
const PREFIX = `pv:draft:${document.body.dataset.member}:`;
const KEPT = "input[name]:not([type=password], [type=file], [type=hidden]), textarea[name], select[name]";
const WAIT = 400;
const MONTH = 30 * 24 * 3600 * 1000;

const keyOf = (form) => PREFIX + form.dataset.draft;
const isToggle = (field) => field.type === "checkbox" || field.type === "radio";

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Storage full or forbidden: the form still works, only without a draft.
  }
}

const fields = (form) => [...form.elements].filter((field) => field.matches(KEPT));

function values(form, content = (field) => (isToggle(field) ? field.checked : field.value)) {
  return fields(form).map((field) => [field.name, isToggle(field) ? field.value : "", content(field)]);
}

// As the page came, whatever was typed before this script
function given(field) {
  if (isToggle(field)) return field.defaultChecked;
  if (field.type !== "select-one") return field.defaultValue;
  return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value ?? "";
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function restore(form, draft) {
  for (const [name, value, content] of draft.values) {
    for (const field of fields(form).filter((each) => each.name === name)) {
      if (isToggle(field)) {
        if (field.value === value) field.checked = content;
      } else if (field.value !== content) {
        field.value = content;
        field.dispatchEvent(new Event("pv:restored"));
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
  }
}

// What the page brings to be answered, a quotation, goes after what was typed before
const withGiven = (before) => ([name, value, content]) => {
  const given = before.find((each) => each[0] === name)?.[2];
  const both = typeof given === "string" && given && content !== given && !content.includes(given.trim());
  return [name, value, both ? `${content.trimEnd()}\n\n${given}` : content];
};

function offerUndo(form, key, before) {
  const note = form.querySelector("[data-draft-note]");
  if (!note) return;
  note.hidden = false;
  note.querySelector("button")?.addEventListener("click", () => {
    restore(form, { values: before });
    localStorage.removeItem(key);
    note.hidden = true;
  });
}

function follow(form) {
  const key = keyOf(form);
  const before = values(form, given);
  const draft = read(key);
  const refused = form.querySelector("[aria-invalid='true'], [role='alert']");
  const saved = draft?.sent && document.querySelector("#flash .pv-notice--good");
  if (draft && (refused || saved || same(draft.values, before))) localStorage.removeItem(key);
  else if (draft && same(values(form), before)) {
    restore(form, "draftAdds" in form.dataset ? { values: draft.values.map(withGiven(before)) } : draft);
    offerUndo(form, key, before);
  }
  let timer;
  let sent = false;
  const keep = () => {
    clearTimeout(timer);
    if (form.isConnected && !same(values(form), before)) write(key, { values: values(form), at: Date.now(), sent });
  };
  form.addEventListener("input", () => {
    sent = false;
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT);
  });
  form.addEventListener("submit", () => {
    sent = true;
    keep();
    const now = read(key);
    if (now) write(key, { ...now, sent: true });
  });
  form.addEventListener("htmx:after:request", (event) => {
    const response = event.detail.ctx?.response;
    if (event.target !== form || !response?.raw?.ok) return;
    if (!response.headers.get("HX-Redirect")) localStorage.removeItem(key);
    else if (read(key)) write(key, { ...read(key), sent: true }); // the page it leads to knows: perhaps to sign in first
  });
  addEventListener("pagehide", keep);
}

// A draft that was sent is done when another page of ours, not an error, has come after it.
function forgetSent(shown) {
  const failed = document.querySelector("[data-error-page]");
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    const draft = read(key);
    const old = !draft || Date.now() - draft.at > MONTH;
    if (old || (draft.sent && !failed && !shown.has(key))) localStorage.removeItem(key);
  }
}

function all() {
  for (const form of document.querySelectorAll("form[data-draft]:not([data-ready])")) {
    form.dataset.ready = "";
    follow(form);
  }
}

if (document.body.dataset.member) {
  forgetSent(new Set([...document.querySelectorAll("form[data-draft]")].map(keyOf)));
  all();
  document.addEventListener("htmx:after:swap", all);
}
