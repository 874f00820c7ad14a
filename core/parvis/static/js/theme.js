// Show a choice of colours at once; the form around it keeps the choice.
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-theme-choice]")) {
    document.documentElement.dataset.theme = event.target.value;
  }
});
