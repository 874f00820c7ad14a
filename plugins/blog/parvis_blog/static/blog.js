// Writing an article, made quicker: it keeps itself, its preview follows, pictures stand where the cursor is.
// Nothing here is needed: the form works without it.
const WAIT = 1500;
const LOOK = 400;

const token = () => document.querySelector("[name=csrf_token]")?.value ?? "";

function fragment(html) {
  const holder = document.createElement("div");
  htmx.swap({ target: holder, text: html, swap: "innerHTML" });
  return holder;
}

function insert(area, text, select = "") {
  const start = area.selectionStart;
  const lead = start && !area.value.slice(0, start).endsWith("\n\n") ? (area.value.slice(0, start).endsWith("\n") ? "\n" : "\n\n") : "";
  area.focus();
  area.setRangeText(`${lead}${text}\n\n`, start, area.selectionEnd, "end");
  const at = select ? area.value.indexOf(select, start) : -1;
  if (at >= 0) area.setSelectionRange(at, at + select.length);
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

// Keeping: one save after the other, each of what the form says when its turn comes; what could not be kept stays in
// this browser (drafts.js)
function keep(form) {
  const note = document.querySelector("[data-kept]");
  const version = form.querySelector("[data-version]");
  const held = "held" in form.dataset; // two texts stand side by side: whoever writes decides which is kept
  let timer, sent, queued, leaving;
  let unfinished = 0;
  let line = Promise.resolve();
  const say = (words, lost) => {
    note.textContent = words;
    note.classList.toggle("bl-kept--lost", Boolean(lost));
  };
  async function send(files) {
    if (sent) return null;
    if (held) {
      say(note.dataset.held, true);
      return null;
    }
    const data = new FormData(form);
    for (const name of ["pictures", "act", "day", "time"]) data.delete(name);
    files.forEach((file) => data.append("pictures", file));
    data.set("act", "save");
    say(note.dataset.saving);
    const answer = await fetch(form.dataset.article, { method: "POST", body: data, headers: { "HX-Request": "true" } }).catch(() => null);
    const text = await answer?.text().catch(() => "");
    if (!answer?.ok) {
      say(answer?.status === 409 ? text : note.dataset.lost, true);
      return null;
    }
    const saved = fragment(text).querySelector("[data-saved]");
    if (!saved) return null;
    version.value = saved.dataset.saved;
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    say(`${saved.querySelector("p").textContent} ${time}`);
    return saved;
  }
  function save(files = []) {
    clearTimeout(timer);
    if (!files.length && queued) return queued;
    unfinished += 1;
    const mine = line
      .then(() => {
        if (queued === mine) queued = null;
        return send(files);
      })
      .catch(() => null)
      .finally(() => (unfinished -= 1));
    line = mine;
    if (!files.length) queued = mine;
    return mine;
  }
  form.addEventListener("input", (event) => {
    if (held || event.target.matches("[type=file], [name=day], [name=time], [name=timezone]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => save(), WAIT);
  });
  // What is under way is waited for: the form goes with the version that it made
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!unfinished) {
      sent = true;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (leaving) return;
    leaving = line.then(() => {
      leaving = null;
      form.requestSubmit(event.submitter);
    });
  }, { capture: true });
  addEventListener("pageshow", () => (sent = false));
  return save;
}

async function add(form, save, files, area) {
  const chosen = [...files];
  const saved = await save(chosen);
  const input = form.querySelector("[data-add]");
  if (!saved) {
    hold(input, chosen);
    return;
  }
  input.value = "";
  const list = form.querySelector("[data-files-list]");
  const choice = form.querySelector("[name=lead_id]");
  for (const item of [...saved.querySelectorAll("[data-file]")]) {
    if (item.querySelector("img")) choice.append(new Option(item.querySelector("b").textContent, item.dataset.file));
    list.append(item);
    if (area) insert(area, item.dataset.line);
  }
}

// Files that could not be kept go with the form when it is sent
function hold(input, files) {
  const held = new DataTransfer();
  files.forEach((file) => held.items.add(file));
  input.files = held.files;
}

function table(words) {
  return `| ${words} 1 | ${words} 2 |\n| --- | --- |\n|  |  |`;
}

function editor(part, form, save) {
  const area = part.querySelector("textarea");
  part.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    const words = button.dataset.words;
    if (button.dataset.insert === "pull") insert(area, `>> ${words}`, words);
    else insert(area, table(words), `${words} 1`);
  });
  part.querySelector("[data-add-here]").addEventListener("change", async (event) => {
    await add(form, save, event.target.files, area);
    event.target.value = "";
  });
  area.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    event.stopPropagation();
    add(form, save, files, area);
  });
  live(part, area);
}

// The preview: ours, rendered by the server as it will be read
function live(part, area) {
  const box = part.querySelector("[data-live]");
  const shown = part.querySelector("[data-live-text]");
  let timer, turn = 0;
  async function look() {
    const mine = ++turn;
    const answer = await fetch(box.dataset.live, { method: "POST", body: new URLSearchParams({ csrf_token: token(), text: area.value }), headers: { "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok || mine !== turn) return;
    htmx.swap({ target: shown, text: await answer.text(), swap: "innerHTML" });
  }
  box.addEventListener("toggle", () => box.open && look());
  area.addEventListener("input", () => {
    clearTimeout(timer);
    if (box.open) timer = setTimeout(look, LOOK);
  });
}

const form = document.querySelector("form[data-article]");
if (form) {
  const save = keep(form);
  form.querySelectorAll("[data-editor]").forEach((part) => editor(part, form, save));
  form.querySelector("[data-add]").addEventListener("change", (event) => add(form, save, event.target.files, null));
}
