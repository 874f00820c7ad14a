// The keyboard in the suggestions under the search field; htmx brings them.
import Combobox from "../vendor/combobox-nav.js";

const input = document.querySelector("input[data-suggest]");
const results = document.getElementById("search-results");
let combobox;

function stop() {
  combobox?.destroy();
  combobox = undefined;
}

function start() {
  stop();
  const list = results.querySelector("[role=listbox]");
  if (!list) return;
  combobox = new Combobox(input, list, { tabInsertsSuggestions: false });
  combobox.start();
}

if (input && results) {
  new MutationObserver(start).observe(results, { childList: true });
  input.addEventListener("input", () => {
    if (input.value.trim()) return;
    stop();
    results.replaceChildren();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    stop();
    results.replaceChildren();
  });
}
