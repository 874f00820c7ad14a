// Before the first paint: tell the style sheet that scripts run. Not a module, so that it does not wait.
document.documentElement.classList.add("pv-js");
