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

// Keeping: one at a time, the newest state last; what could not be kept stays in this browser (drafts.js)
function keep(form) {
  const note = document.querySelector("[data-kept]");
  const version = form.querySelector("[data-version]");
  let timer, running, again, sent;
  const say = (words, lost) => {
    note.textContent = words;
    note.classList.toggle("bl-kept--lost", Boolean(lost));
  };
  async function save(files = []) {
    clearTimeout(timer);
    if (sent) return null;
    if (running) await running.catch(() => null);
    const data = new FormData(form);
    for (const name of ["pictures", "act", "day", "time"]) data.delete(name);
    files.forEach((file) => data.append("pictures", file));
    data.set("act", "save");
    say(note.dataset.saving);
    running = fetch(form.dataset.article, { method: "POST", body: data, headers: { "HX-Request": "true" } });
    const answer = await running.catch(() => null);
    running = null;
    const text = answer ? await answer.text() : "";
    if (!answer?.ok) {
      say(answer?.status === 409 ? text : note.dataset.lost, true);
      return null;
    }
    const holder = fragment(text);
    const saved = holder.querySelector("[data-saved]");
    if (!saved) return null;
    version.value = saved.dataset.saved;
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    say(`${saved.querySelector("p").textContent} ${time}`);
    if (again) {
      again = false;
      later();
    }
    return saved;
  }
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => save(), WAIT);
  };
  form.addEventListener("input", (event) => {
    if (event.target.matches("[type=file], [name=day], [name=time], [name=timezone]")) return;
    if (running) again = true;
    later();
  });
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(timer);
  });
  addEventListener("pageshow", () => (sent = false));
  return save;
}

async function add(form, save, files, area) {
  const saved = await save([...files]);
  const made = [...(saved?.querySelectorAll("[data-file]") ?? [])];
  const list = form.querySelector("[data-files-list]");
  const choice = form.querySelector("[name=lead_id]");
  for (const item of made) {
    if (item.querySelector("img")) choice.append(new Option(item.querySelector("b").textContent, item.dataset.file));
    list.append(item);
    if (area) insert(area, item.dataset.line);
  }
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
  form.querySelector("[data-add]")?.addEventListener("change", async (event) => {
    await add(form, save, event.target.files, null);
    event.target.value = "";
  });
}
