// The keyboard in the suggestions under the search field; htmx brings them, and they go when one leaves the field.
import Combobox from "../vendor/combobox-nav.js";

const input = document.querySelector("input[data-suggest]");
const results = document.getElementById("search-results");
let combobox;

function stop() {
  combobox?.destroy();
  combobox = undefined;
}

function close() {
  stop();
  results.replaceChildren();
}

function start() {
  stop();
  const list = results.querySelector("[role=listbox]");
  if (!list) return;
  if (document.activeElement !== input) return close(); // they came too late
  combobox = new Combobox(input, list, { tabInsertsSuggestions: false });
  combobox.start();
}

if (input && results) {
  new MutationObserver(start).observe(results, { childList: true });
  input.addEventListener("input", () => input.value.trim() || close());
  input.addEventListener("keydown", (event) => event.key === "Escape" && close());
  input.addEventListener("focusout", close);
  results.addEventListener("mousedown", (event) => event.preventDefault()); // a press on one leaves the focus in the field
}
