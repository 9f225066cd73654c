// The page is whole without this. With it: a table as a file where the page travelled alone, a dark room, open tables
// on paper.
"use strict";
(() => {
  const root = document.documentElement;
  const files = JSON.parse(document.getElementById("files").textContent);

  for (const button of document.querySelectorAll("button[data-file]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const name = button.dataset.file;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([files[name]], { type: "text/csv;charset=utf-8" }));
      link.download = `${name}.csv`;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }

  const theme = document.getElementById("theme");
  const dark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const said = () => { theme.textContent = dark() ? "Light page" : "Dark page"; };
  theme.hidden = false;
  said();
  theme.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; said(); });

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });
})();
