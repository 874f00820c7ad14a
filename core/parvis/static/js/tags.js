// A text of words and commas becomes chips; the text itself stays what is sent.
function chip(word, removeLabel, remove) {
  const item = document.createElement("span");
  item.className = "pv-chip";
  item.append(word);
  const button = document.createElement("button");
  button.type = "button";
  button.ariaLabel = removeLabel.replace("{tag}", word);
  button.append("×");
  button.addEventListener("click", remove);
  item.append(button);
  return item;
}

function enhance(field) {
  const source = field.querySelector("input[name]");
  const typed = document.createElement("input");
  const box = document.createElement("div");
  box.className = "pv-tags";
  typed.id = `${source.id}-typed`;
  typed.type = "text";
  typed.placeholder = source.placeholder;
  typed.autocomplete = "off";
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (source.hasAttribute(name)) typed.setAttribute(name, source.getAttribute(name));
  }
  field.querySelector("label")?.setAttribute("for", typed.id);

  const words = () => source.value.split(",").map((word) => word.trim()).filter(Boolean);
  function keep(list) {
    const seen = new Set();
    source.value = list.filter((word) => !seen.has(word.toLowerCase()) && seen.add(word.toLowerCase())).join(", ");
    source.dispatchEvent(new Event("input", { bubbles: true }));
    draw();
  }
  function draw() {
    box.querySelectorAll(".pv-chip").forEach((item) => item.remove());
    for (const word of words()) {
      const without = () => {
        keep(words().filter((other) => other !== word));
        typed.focus();
      };
      typed.before(chip(word, field.dataset.tagsRemove, without));
    }
  }
  function take() {
    if (typed.value.trim()) keep([...words(), ...typed.value.split(",")].map((word) => word.trim()).filter(Boolean));
    typed.value = "";
  }

  typed.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" && !event.ctrlKey && typed.value.trim()) || event.key === ",") {
      event.preventDefault();
      take();
    } else if (event.key === "Enter" && !event.ctrlKey) {
      event.preventDefault();
    } else if (event.key === "Backspace" && !typed.value) {
      keep(words().slice(0, -1));
    }
  });
  typed.addEventListener("blur", take);
  addEventListener("pagehide", take);
  box.addEventListener("click", (event) => event.target === box && typed.focus());
  source.form?.addEventListener("submit", take, { capture: true });
  source.addEventListener("pv:restored", draw);
  source.before(box);
  box.append(typed);
  source.hidden = true;
  draw();
}

function all(root) {
  for (const field of root.querySelectorAll("[data-tags]:not([data-ready])")) {
    field.dataset.ready = "";
    enhance(field);
  }
}

all(document);
document.addEventListener("htmx:after:swap", () => all(document));
