// While a skill is being typed, those that are known are suggested: the browser's own list, filled as one types.
const WAIT = 150;
let timer;

function listOf(form) {
  let list = form.querySelector("datalist");
  if (!list) {
    list = document.createElement("datalist");
    list.id = "skills-suggested";
    form.append(list);
  }
  return list;
}

async function suggest(form, input) {
  const typed = input.value.trim();
  if (!typed) return;
  const answer = await fetch(`${form.dataset.skills}?q=${encodeURIComponent(typed)}`);
  if (!answer.ok || input.value.trim() !== typed) return;
  const names = await answer.json();
  listOf(form).replaceChildren(...names.map((name) => new Option("", name)));
}

document.addEventListener("input", (event) => {
  const input = event.target;
  const form = input.closest?.("form[data-skills]");
  if (!form || input.type !== "text") return;
  input.setAttribute("list", listOf(form).id);
  clearTimeout(timer);
  timer = setTimeout(() => suggest(form, input), WAIT);
});
