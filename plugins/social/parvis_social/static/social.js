// Conversations, made quicker: suggestions while writing, pictures pasted, previews, drafts on the server, answers in place.
// Nothing here is needed: every form works without it.
const token = () => document.querySelector("[name=csrf_token]")?.value ?? "";

function post(url, values) {
  return fetch(url, { method: "POST", body: new URLSearchParams({ csrf_token: token(), ...values }), headers: { "HX-Request": "true" }, keepalive: true });
}

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

async function suggest(expander, key, text) {
  const url = { "@": expander.dataset.suggestPeople, "#": expander.dataset.suggestTags, ":": expander.dataset.suggestEmoji }[key];
  if (key === ":" && text.length < 2) return { matched: false };
  const answer = await fetch(`${url}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
  const found = answer.ok ? await answer.json() : [];
  if (!found.length) return { matched: false };
  const list = make("ul", { className: "so-suggest pv-panel" }, ...found.map(option));
  list.setAttribute("role", "listbox");
  return { matched: true, fragment: list };
}

function expand(expander) {
  expander.addEventListener("text-expander-change", (event) => {
    event.detail.provide(suggest(expander, event.detail.key, event.detail.text));
  });
  expander.addEventListener("text-expander-value", (event) => {
    event.detail.value = event.detail.item.dataset.value;
  });
}

// Pictures and files: chosen, pasted, dropped; described and taken out again
function show(write) {
  const input = write.querySelector("[data-files]");
  const list = write.querySelector("[data-chosen]");
  const said = [...list.querySelectorAll("input")].map((field) => field.value);
  list.replaceChildren(
    ...[...input.files].map((file, index) => {
      const item = make("li");
      const picture = file.type.startsWith("image/");
      item.append(picture ? make("img", { src: URL.createObjectURL(file), alt: "" }) : make("span", {}, "📄"));
      const words = make("input", { name: "alternative", className: "pv-input pv-input--small", placeholder: picture ? list.dataset.words : file.name, value: said[index] ?? "", maxLength: 300 });
      words.setAttribute("aria-label", `${file.name}: ${list.dataset.words}`);
      if (!picture) words.type = "hidden";
      const remove = make("button", { type: "button", className: "pv-button pv-button--quiet pv-button--small" }, list.dataset.remove);
      remove.addEventListener("click", () => {
        const rest = new DataTransfer();
        [...input.files].filter((_, place) => place !== index).forEach((each) => rest.items.add(each));
        words.remove();
        input.files = rest.files;
        show(write);
      });
      item.append(picture ? words : make("span", {}, file.name, words), remove);
      return item;
    }),
  );
}

function add(write, files) {
  const input = write.querySelector("[data-files]");
  const all = new DataTransfer();
  [...input.files, ...files].forEach((file) => all.items.add(file));
  input.files = all.files;
  show(write);
}

function paste(write, event) {
  const files = [...(event.clipboardData?.files ?? [])];
  if (files.length) {
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

function keepDraft(write) {
  let timer;
  const area = write.querySelector("textarea");
  const form = write.closest("form");
  let sent = false;
  form.addEventListener("submit", () => (sent = true));
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => sent || post(write.dataset.draftUrl, { text: area.value }), 3000);
  });
}

function follow(write) {
  write.querySelector("text-expander") && expand(write.querySelector("text-expander"));
  write.querySelector("[data-files]")?.addEventListener("change", () => show(write));
  write.addEventListener("paste", (event) => paste(write, event));
  write.addEventListener("dragover", (event) => event.preventDefault());
  write.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    add(write, event.dataTransfer.files);
  });
  if (write.dataset.draftUrl) keepDraft(write);
}

// A preview in place: the answer is our own HTML, parsed apart and moved in
async function preview(button) {
  const write = button.closest("form").querySelector("[data-write]");
  const answer = await post(button.dataset.previewUrl, { text: write.querySelector("textarea").value });
  if (!answer.ok) return;
  const shown = write.querySelector("[data-preview]");
  htmx.swap({ target: shown, text: await answer.text(), swap: "innerHTML" });
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
    navigator.clipboard.writeText(link.href);
    link.closest("details")?.removeAttribute("open");
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
  if (reply) note.querySelector("[data-replying-to]").textContent = `${reply.textContent.trim()}: ${reply.dataset.replyTo}`;
  form.querySelector("textarea").focus();
  form.scrollIntoView({ block: "center" });
}

// How far was looked: sent once, for all that is shown
const feed = document.querySelector("[data-seen]");
if (feed && Number(feed.dataset.seen)) post("/feed/seen", { newest: feed.dataset.seen, ...(feed.dataset.place ? { place: feed.dataset.place } : {}) });
const thread = document.querySelector("[data-read-thread]");
if (thread) post("/notifications/read", { root: thread.dataset.readThread });

function all() {
  for (const write of document.querySelectorAll("[data-write]:not([data-ready])")) {
    write.dataset.ready = "";
    follow(write);
  }
}
all();
document.addEventListener("htmx:after:swap", all);
