// The page is whole without this. With it: a table as a file where the page travelled alone, a dark room.
"use strict";
(() => {
  const root = document.documentElement;

  const quoted = (words) => (/[",\n]/.test(words) ? `"${words.replaceAll('"', '""')}"` : words);
  const said = (cell) => quoted(cell.dataset.value ?? cell.textContent.trim());
  const asCsv = (table) => [...table.rows].map((row) => [...row.cells].map(said).join(",")).join("\n") + "\n";

  for (const button of document.querySelectorAll("button[data-file]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      const table = button.closest("details").querySelector("table");
      link.href = URL.createObjectURL(new Blob([asCsv(table)], { type: "text/csv;charset=utf-8" }));
      link.download = `${button.dataset.file}.csv`;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }

  const theme = document.getElementById("theme");
  const dark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const label = () => { theme.textContent = dark() ? "Light page" : "Dark page"; };
  theme.hidden = false;
  label();
  theme.addEventListener("click", () => { root.dataset.theme = dark() ? "light" : "dark"; label(); });
})();
