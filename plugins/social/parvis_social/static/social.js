// Conversations, made quicker: suggestions while writing, pictures pasted, previews, drafts on the server, answers in place.
// Nothing here is needed: every form works without it.
const SUGGESTED = { "@": "people", "#": "tags", ":": "emoji" };
const DRAFT_WAIT = 3000;

const token = () => document.querySelector("[name=csrf_token]")?.value ?? "";

function post(url, values) {
  return fetch(url, { method: "POST", body: new URLSearchParams({ csrf_token: token(), ...values }), headers: { "HX-Request": "true" }, keepalive: true });
}

// What nobody waits for: a page that is left meanwhile, or a network that is gone, is no fault.
const tell = (url, values) => post(url, values).catch(() => {});

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// People, tags and emoji
function option(found, index) {
  const item = make("li", { id: `so-suggestion-${index}` });
  item.setAttribute("role", "option");
  item.dataset.value = found.value;
  if (found.face) item.append(make("img", { src: found.face, alt: "", width: 28, height: 28 }));
  const words = make("span", {}, found.label);
  if (found.line) words.append(make("small", {}, found.line));
  item.append(words);
  return item;
}

// Answers may overtake each other: what was asked for fewer letters and comes late is never given.
let asked = 0;
function suggest(key, text) {
  const turn = ++asked;
  return new Promise((give) => {
    find(key, text).then((found) => turn === asked && give(found));
  });
}

async function find(key, text) {
  if (key === ":" && text.length < 2) return { matched: false };
  const answer = await fetch(`/social/suggest/${SUGGESTED[key]}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } }).catch(() => ({ ok: false }));
  const found = answer.ok ? await answer.json() : [];
  if (!found.length) return { matched: false };
  const list = make("ul", { className: "so-suggest pv-panel" }, ...found.map(option));
  list.setAttribute("role", "listbox");
  return { matched: true, fragment: list };
}

function expand(expander) {
  expander.addEventListener("text-expander-change", (event) => event.detail.provide(suggest(event.detail.key, event.detail.text)));
  expander.addEventListener("text-expander-value", (event) => {
    event.detail.value = event.detail.item.dataset.value;
  });
}

// Pictures and files: chosen, pasted, dropped; described and taken out again
function show(write) {
  const input = write.querySelector("[data-files]");
  const list = write.querySelector("[data-chosen]");
  const said = [...list.querySelectorAll("[name=alternative]")].map((field) => field.value);
  list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
  list.replaceChildren(
    ...[...input.files].map((file, index) => {
      const picture = file.type.startsWith("image/");
      const words = make("input", { name: "alternative", type: picture ? "text" : "hidden", value: said[index] ?? "" });
      if (picture) {
        Object.assign(words, { className: "pv-input pv-input--small", placeholder: list.dataset.words, maxLength: 300 });
        words.setAttribute("aria-label", list.dataset.describe.replace("{file}", file.name));
      }
      const remove = make("button", { type: "button", className: "pv-button pv-button--quiet pv-button--small" }, list.dataset.remove);
      remove.setAttribute("aria-label", `${list.dataset.remove} ${file.name}`);
      remove.addEventListener("click", () => {
        words.remove();
        give(write, [...input.files].filter((_, place) => place !== index));
        input.focus();
      });
      const sign = picture ? make("img", { src: URL.createObjectURL(file), alt: "" }) : list.nextElementSibling.content.cloneNode(true);
      return make("li", {}, sign, picture ? words : make("span", {}, file.name, words), remove);
    }),
  );
}

function give(write, files) {
  const all = new DataTransfer();
  files.forEach((file) => all.items.add(file));
  write.querySelector("[data-files]").files = all.files;
  show(write);
}

const add = (write, files) => give(write, [...write.querySelector("[data-files]").files, ...files]);

function paste(write, event) {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length && write.querySelector("[data-files]")) {
    event.preventDefault();
    add(write, files);
    return;
  }
  const text = event.clipboardData?.getData("text/plain").trim() ?? "";
  const area = event.target;
  const chosen = area.value?.slice(area.selectionStart, area.selectionEnd);
  if (chosen && /^https?:\/\/\S+$/.test(text)) {
    event.preventDefault();
    area.setRangeText(`[${chosen}](${text})`, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function drop(write) {
  const over = (is) => write.classList.toggle("so-write--over", is);
  write.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    over(true);
  });
  write.addEventListener("dragleave", (event) => write.contains(event.relatedTarget) || over(false));
  write.addEventListener("drop", (event) => {
    over(false);
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    add(write, event.dataTransfer.files);
  });
}

function follow(write) {
  const expander = write.querySelector("text-expander");
  if (expander) expand(expander);
  write.addEventListener("paste", (event) => paste(write, event));
  const files = write.querySelector("[data-files]");
  if (!files) return;
  files.addEventListener("change", () => show(write));
  drop(write);
}

// The files of a draft, as the server shows what is attached already
function attach(form, files) {
  const chosen = form.querySelector("[data-chosen]");
  form.querySelector("[name=kept_files]").value = files.map((file) => file.id).join(",");
  form.querySelector("[data-draft-files]")?.remove();
  if (!files.length) return;
  const items = files.map((file) => {
    const remove = make("label", { className: "pv-choice" }, make("input", { type: "checkbox", name: "remove_file", value: file.id }), make("span", {}, chosen.dataset.remove));
    const sign = file.picture ? make("img", { src: file.picture, alt: file.words }) : chosen.nextElementSibling.content.cloneNode(true);
    return make("li", {}, sign, make("span", {}, file.name), remove);
  });
  const list = make("ul", { className: "so-chosen" }, ...items);
  list.dataset.draftFiles = "";
  chosen.before(list);
}

// A draft on the server: what was begun elsewhere is brought when one begins to write, and what is typed is kept from
// time to time, for the place that is chosen at that moment.
function draft(form) {
  const area = form.querySelector("textarea");
  const chosen = form.querySelector("select[name=place]");
  const url = () => `/places/${chosen?.value ?? form.dataset.place}/draft`;
  let timer, sent, kept;
  const bring = async () => {
    if (area.value) return;
    const answer = await fetch(url()).catch(() => ({ ok: false }));
    const begun = answer.ok ? await answer.json() : { text: "", files: [] };
    if (area.value) return;
    attach(form, begun.files);
    if (!begun.text) return;
    area.value = begun.text;
    area.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const keep = () => {
    if (sent) return;
    if (kept && kept !== url()) tell(kept, { text: "" });
    kept = url();
    tell(kept, { text: area.value });
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, DRAFT_WAIT);
  };
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(timer);
  });
  addEventListener("pageshow", () => (sent = false));
  area.addEventListener("focus", bring, { once: true });
  area.addEventListener("input", later);
  chosen?.addEventListener("change", () => (area.value ? later() : bring()));
}

// A form to write in is small until one goes into it, and stays open then: nothing moves under one's finger.
function compose(form) {
  form.addEventListener("focusin", () => form.classList.add("so-composer--open"), { once: true });
  if (form.dataset.place) draft(form);
}

// A preview in place: the answer is our own HTML
async function preview(button) {
  const write = button.closest("form").querySelector("[data-write]");
  const answer = await post(button.dataset.previewUrl, { text: write.querySelector("textarea").value }).catch(() => ({ ok: false }));
  if (!answer.ok) return;
  const shown = write.querySelector("[data-preview]");
  htmx.swap({ target: shown, text: await answer.text(), swap: "innerHTML" });
}

async function copy(link) {
  const words = link.querySelector("span");
  const before = words.textContent;
  await navigator.clipboard.writeText(link.href);
  words.textContent = link.dataset.copyLink;
  setTimeout(() => {
    words.textContent = before;
    link.closest("details")?.removeAttribute("open");
  }, 1200);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-preview-url]");
  if (button && typeof htmx !== "undefined") {
    event.preventDefault();
    preview(button);
  }
  const link = event.target.closest("[data-copy-link]");
  if (link && navigator.clipboard && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    copy(link);
  }
  const area = event.target.closest("[data-new]") && document.querySelector("[data-compose][data-place] textarea");
  if (area && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    area.focus();
    area.scrollIntoView({ block: "center" });
  }
  answerIn(event);
});

// Answering a comment: the form at the end is used, with a word on whom one answers
function answerIn(event) {
  const form = document.getElementById("write");
  const reply = event.target.closest("[data-reply]");
  const end = event.target.closest("[data-replying-end]");
  if (!form || !(reply || end)) return;
  event.preventDefault();
  form.querySelector("[data-parent]").value = reply?.dataset.reply ?? "";
  const note = form.querySelector("[data-replying]");
  note.hidden = !reply;
  if (reply) note.querySelector("[data-replying-to]").textContent = reply.dataset.replyTo;
  form.querySelector("textarea").focus({ preventScroll: true });
  form.scrollIntoView({ block: "center" });
}

// The key "n" is first of all for what the page itself offers
if (document.querySelector("main [data-shortcut=n]")) document.querySelector("[data-new]")?.removeAttribute("data-shortcut");

// How far was looked: sent once, for all that is shown
const feed = document.querySelector("[data-seen]");
if (feed && Number(feed.dataset.seen)) tell("/feed/seen", { newest: feed.dataset.seen, ...(feed.dataset.place ? { place: feed.dataset.place } : {}) });
const thread = document.querySelector("[data-read-thread]");
if (thread) tell("/notifications/read", { root: thread.dataset.readThread });

function each(selector, begin) {
  for (const element of document.querySelectorAll(`${selector}:not([data-begun])`)) {
    element.dataset.begun = "";
    begin(element);
  }
}

function all() {
  each("[data-write]", follow);
  each("[data-compose]", compose);
}
all();
document.addEventListener("htmx:after:swap", all);
