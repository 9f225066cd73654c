// The stepper: which step, policy and day are shown, by button, key or address. Nothing moves by itself.
const node = (id) => document.getElementById(id);
const root = document.documentElement;
const steps = [
  { kind: "care", title: "Before we start" },
  ...DATA.gates.flatMap((gate, place) => [
    { kind: "seat", gate: place, title: `Decision ${place + 1}: the weeks before` },
    { kind: "pause", gate: place, title: `Decision ${place + 1}: ${lower(gate.title)}` },
    { kind: "reveal", gate: place, title: `Decision ${place + 1}: what the services held` },
    { kind: "where", gate: place, title: `Decision ${place + 1}: where each item stood` },
  ]),
  { kind: "funnel", title: "Where it stopped" },
  { kind: "policies", title: "Same family, same luck, something changed" },
  { kind: "days", title: `The same case on ${DATA.lucks[0].runs[0].length} days` },
  { kind: "questions", title: "To talk about" },
];
const view = { step: 0, policy: 0, luck: 0, day: DATA.lucks[0].opening };
const kept = DATA.lucks.map((one) => one.opening);
const days = () => DATA.lucks[view.luck].runs[0].length;
const ticks = DATA.gates.map(() => ({ roles: new Set(), topics: new Set() }));

// Of those the room would have asked, and about this, who had it.
function asked(gate, one) {
  if (!ticks[gate].topics.has(DATA.items[one.item].topic)) return [];
  return one.asked.filter((role) => ticks[gate].roles.has(role)).map((role) => DATA.roles[role].words);
}

function status(step) {
  if (step.gate === undefined) {
    const beside = step.kind === "policies" ? `${DATA.policies[0].title} beside “${DATA.policies[view.policy || 1].title}”` : DATA.policies[view.policy].title;
    return ["care", "questions"].includes(step.kind) ? "" : `${beside}. Day ${view.day + 1}, ${DATA.lucks[view.luck].name}.`;
  }
  const counts = stand(view, step.gate), gate = DATA.gates[step.gate];
  if (step.kind === "seat") return `As ${gate.who} saw them, who decides ${gate.on}.`;
  const had = `Decision ${step.gate + 1}. The decision-maker had ${counts.had}`;
  return step.kind === "pause" ? `${had} ${counts.had === 1 ? "item" : "items"}.` : `${had} of ${things(gate.items)}. The system held ${counts.held}.`;
}

function show() {
  const step = steps[view.step];
  node("title").textContent = step.title;
  const said = status(step);
  if (node("status").textContent !== said) node("status").textContent = said;
  node("where").textContent = `Step ${view.step + 1} of ${steps.length}`;
  const { same, opening } = DATA.lucks[view.luck], alike = same[view.day];
  node("day").textContent = `Day ${view.day + 1} of ${days()}${view.day === opening ? " (opening day)" : alike < view.day ? ` (the same as ${alike + 1})` : ""}`;
  node("back").setAttribute("aria-disabled", String(view.step === 0));
  node("next").setAttribute("aria-disabled", String(view.step === steps.length - 1));
  node("scene").replaceChildren(SCENES[step.kind](view, step.gate));
  paint();
  for (const which of ["policy", "luck"]) {
    for (const radio of document.querySelectorAll(`[name=${which}]`)) radio.checked = Number(radio.value) === view[which];
  }
  const hash = `#step=${view.step + 1}&policy=${view.policy}&day=${view.day + 1}&luck=${view.luck}`;
  if (location.hash !== hash) history.replaceState(null, "", hash);
}

// Type is as large as the room for it; words that do not fit are cut, and give up what the table has too. Pictures take
// what is left. A fit is the size in rem, how far words are cut, and what else gives way; each needs less room than the
// one before it.
const FITS = [[1.5, 0], [1.375, 0], [1.25, 0], [1.125, 0], [1, 0], [1, 1], [1, 1, "tight"], [1, 2, "tight"], [1, 3, "tight"], [1, 4, "tight tighter"]];

function paint() {
  const scene = node("scene"), pictures = scene.querySelectorAll(".drawn"), words = scene.querySelectorAll(".said");
  const fit = ([size, cut, measure]) => {
    scene.style.fontSize = `${size}rem`;
    scene.className = measure ?? "";
    for (const one of words) one.textContent = form(one.item, cut);
    return scene.scrollHeight <= scene.clientHeight + 1 && scene.scrollWidth <= scene.clientWidth + 1;
  };
  for (const place of pictures) place.replaceChildren();
  if (matchMedia("(min-width: 55.01rem)").matches) {
    let first = 0, last = FITS.length - 1;
    while (first < last) {
      const middle = Math.floor((first + last) / 2);
      if (fit(FITS[middle])) last = middle;
      else first = middle + 1;
    }
    fit(FITS[first]);
  } else fit([1, 0]);
  for (const place of pictures) place.paint();
  for (const wide of scene.querySelectorAll(".scroll")) {
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
  }
}

function go(step) {
  const wanted = Math.min(Math.max(step, 0), steps.length - 1);
  if (wanted === view.step) return;
  view.step = wanted;
  show();
}

// An address restores a view; what is out of range, or no number, is the start.
function read() {
  const given = new URLSearchParams(location.hash.slice(1));
  const number = (name, first, count, otherwise) => {
    const text = given.get(name) ?? "", value = Number(text) - first;
    return /^\d{1,6}$/.test(text) && value >= 0 && value < count ? value : otherwise;
  };
  view.step = number("step", 1, steps.length, 0);
  view.policy = number("policy", 0, DATA.policies.length, 0);
  view.luck = number("luck", 0, DATA.lucks.length, 0);
  view.day = number("day", 1, days(), DATA.lucks[view.luck].opening);
  show();
}

// --- the table of all items, and the questions of the room ---------------------------------------------------------

function dialog(id, title, ...children) {
  const close = make("button", { type: "button" }, "Close");
  close.addEventListener("click", () => node(id).close());
  node(id).replaceChildren(make("header", {}, make("h2", { id: `${id}-title` }, title), close), ...children);
  node(id).showModal();
}

function openTable() {
  const step = steps[view.step], veiled = ["care", "seat", "pause"].includes(step.kind);
  const last = step.gate ?? (step.kind === "care" ? -1 : DATA.gates.length - 1);
  const gate = Math.max(last, 0), { opening, every } = DATA.lucks[view.luck], whole = view.day === opening;
  const places = whole ? every[view.policy][gate] : stand(view, gate).cells;
  const rows = step.kind === "care" ? [] : places.map(cell).filter((one) => one.had || !veiled);
  const head = make("tr", {}, ...["Item", "What it says", "At the decision", "Why, or what next"].map((words) => make("th", { scope: "col" }, words)));
  const body = rows.map((one) => make("tr", {}, make("th", { scope: "row" }, letter(one) || "–"), make("td", {}, DATA.items[one.item].words[0]),
    make("td", {}, DATA.states[one.state]), make("td", {}, veiled ? "" : `${ended(short(one))} ${sense(one)}`)));
  const note = step.kind === "care" ? "Nothing is shown before the first decision." : veiled ? "Only what the decision-maker had is listed before the reveal."
    : whole ? "Every item of this day that bears on the decision." : "The core items of this day; the opening day has every item.";
  dialog("table", step.kind === "care" ? "Items" : `Items at decision ${gate + 1}: ${DATA.policies[view.policy].title}, day ${view.day + 1}, ${DATA.lucks[view.luck].name}`, make("p", {}, note),
    ...(rows.length ? [make("table", {}, make("thead", {}, head), make("tbody", {}, ...body))] : []));
}

function openAsk(_, gate) {
  const boxes = (legend, set, options) => make("fieldset", { style: "display:block" }, make("legend", { style: "float:none" }, legend),
    make("div", { class: "choices" }, ...options.map(([value, words]) => {
      const box = make("input", { type: "checkbox" });
      box.checked = set.has(value);
      box.addEventListener("change", () => (box.checked ? set.add(value) : set.delete(value)));
      return make("label", {}, box, capital(words));
    })));
  dialog("ask", "What would you ask, and whom?",
    make("p", {}, `These are the people ${DATA.gates[gate].who} knew to be involved. The reveal shows which items your questions would have met; nothing is counted.`),
    boxes("Whom", ticks[gate].roles, DATA.gates[gate].known.map((role) => [role, DATA.roles[role].words])),
    boxes("About what", ticks[gate].topics, DATA.topics.map((words, place) => [place, words])));
}

// --- controls ------------------------------------------------------------------------------------------------------

const KEYS = { PageDown: 1, ArrowRight: 1, " ": 1, PageUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
document.addEventListener("keydown", (event) => {
  const move = KEYS[event.key], on = event.target;
  if (move === undefined || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
  if (on.closest("dialog") || document.querySelector("dialog[open]")) return;
  if (event.key === " " && on.closest("button, input, a, summary")) return;
  if (event.key.startsWith("Arrow") && on.closest("input, [tabindex]")) return;
  event.preventDefault();
  go(view.step + move);
});
node("back").addEventListener("click", () => go(view.step - 1));
node("next").addEventListener("click", () => go(view.step + 1));
node("another").addEventListener("click", () => { view.day = (view.day + 1) % days(); show(); });
node("policies").addEventListener("change", (event) => { view.policy = Number(event.target.value); show(); });
node("lucks").addEventListener("change", (event) => {
  kept[view.luck] = view.day;
  view.luck = Number(event.target.value);
  view.day = kept[view.luck];
  show();
});
node("open-table").addEventListener("click", openTable);
node("dark").addEventListener("click", () => {
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  node("dark").setAttribute("aria-pressed", String(root.dataset.theme === "dark"));
});
addEventListener("hashchange", read);
addEventListener("resize", paint);

root.dataset.theme = "light";
const last = DATA.gates.length - 1, opening = { policy: 0, luck: 0, day: DATA.lucks[0].opening };
node("printed").append(lanes(DATA.gates[last], last + 1, cells(opening, last), false, 640, 500, "The weeks before the last decision, in lanes"),
  make("ul", { class: "key" }, ...cells(opening, last).map((one) => make("li", {}, token(letter(one), one.had),
    make("span", {}, `${form(DATA.items[one.item], LINE)}: ${DATA.states[one.state]}`)))));
read();
