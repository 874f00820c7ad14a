document.documentElement.dataset.sample = "here";
