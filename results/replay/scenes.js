// What each step shows. Everything is text or a picture of what the data block holds; nothing is worked out here.
function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);
const lower = (words) => words.charAt(0).toLowerCase() + words.slice(1);
const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const run = (view) => DATA.lucks[view.luck].runs[view.policy][view.day];
const things = (number) => (number === 1 ? "1 item" : `${number} items`);

function cell(place) {
  const [item, state, path = -1, reason = -1, until = -1, asked = -1, step = -1] = DATA.cells[place];
  return { item, state, path, reason, until, step, asked: asked < 0 ? [] : DATA.asked[asked], had: state <= READ };
}

// A path is minute and role in turn.
function stops(path) {
  const way = path < 0 ? [] : DATA.paths[path];
  return way.flatMap((time, place) => (place % 2 ? [] : [{ time, role: way[place + 1] }]));
}

// How things stood at a decision, on a day and under a policy.
function stand(view, gate) {
  const [cells, had, held, funnel, lost, gained, gone] = DATA.stands[run(view).stands[gate]];
  return { cells, had, held, funnel, lost, gained, gone };
}

const cells = (view, gate) => stand(view, gate).cells.map(cell).sort((one, other) => one.item - other.item);
const letter = (one) => DATA.items[one.item].letter;

// Why it stopped, or what comes next, in a few words.
function short(one) {
  if (one.state === MOVING) return DATA.steps[one.step];
  return one.reason < 0 ? "" : capital(DATA.reasons[one.reason].short);
}

const ended = (words) => (words && !words.endsWith(".") ? `${words}.` : words);

// How it stood, with the reason where it stopped.
function stood(one) {
  const reason = one.state === STOPPED ? [make("span", { class: "extra" }, `: ${DATA.reasons[one.reason].short}`)] : [];
  return make("span", { class: "quiet" }, `(${DATA.states[one.state]}`, ...reason, ")");
}

function sense(one) {
  return one.reason < 0 || one.state === MOVING ? "" : DATA.reasons[one.reason].sense;
}

// How the decision-maker came to have it.
function how(one) {
  const from = stops(one.path).at(-2);
  return from ? `from ${DATA.roles[from.role].words}` : "first hand";
}

// What an item says: in full (0), or cut more and more, up to CUTS. It has a form for each cut that it is too long for.
const CUTS = 4, LINE = 2, FEW = 3;
const form = (item, cut) => item.words[Math.max(0, item.words.length - 1 - (CUTS - cut))];

// The same, to be cut as there is room.
function said(item) {
  const words = make("span", { class: "said" }, item.words[0]);
  words.item = item;
  return words;
}

function labelled(state) {
  return make("span", { class: "label" }, mark(state), capital(DATA.states[state]));
}

// A picture as large as its place, drawn once its place is known.
function pictured(paint) {
  const place = make("div", { class: "drawn" });
  place.paint = () => {
    const { width, height } = place.getBoundingClientRect();
    place.replaceChildren(...(width ? [paint(Math.floor(width), Math.max(120, Math.floor(height)))] : []));
  };
  return place;
}

// Decisions at which the same items changed, together, each with what changed there.
function alike(stands) {
  const found = new Map();
  stands.forEach((one, gate) => {
    const key = JSON.stringify([one.gained, one.gone]);
    found.set(key, [[...(found.get(key)?.[0] ?? []), gate + 1], one]);
  });
  return [...found.values()];
}

// "Decision 1", "Decisions 1 and 3", "Decisions 1, 2 and 3".
function listed(word, numbers) {
  return numbers.length > 1 ? `${word}s ${numbers.slice(0, -1).join(", ")} and ${numbers.at(-1)}` : `${word} ${numbers[0]}`;
}

const SCENES = {
  care(view) {
    const note = copy("care");
    for (const words of note.querySelectorAll("[data-luck]")) if (Number(words.dataset.luck) !== view.luck) words.remove();
    return note;
  },

  seat(view, gate) {
    const had = cells(view, gate).filter((one) => one.had), about = DATA.gates[gate];
    const key = make("ul", { class: "key" }, ...had.map((one) =>
      make("li", {}, token(letter(one), true), make("span", {}, said(DATA.items[one.item]), make("span", { class: "quiet extra" }, ` (${how(one)})`)))));
    const name = `The weeks before decision ${gate + 1}, in lanes. Only the decision-maker's lane can be seen: ${things(had.length)} came to it.`;
    return make("div", { class: "seen" }, pictured((w, h) => lanes(about, gate + 1, cells(view, gate), true, w, h, name)), key);
  },

  pause(view, gate) {
    const had = cells(view, gate).filter((one) => one.had);
    const ask = make("button", { type: "button", id: "open-ask" }, "Tick what you would ask");
    ask.addEventListener("click", () => openAsk(view, gate));
    return make("div", {},
      make("div", { class: "counts" }, make("p", {}, "Decision-maker had", make("b", {}, String(had.length))), make("p", {}, "System held", make("b", {}, "?"))),
      make("ol", { class: "had" }, ...had.map((one) =>
        make("li", {}, token(letter(one), true), make("span", {}, said(DATA.items[one.item]), make("span", { class: "quiet" }, ` (${how(one)})`))))),
      make("div", { class: "prompts" }, make("p", {}, "With only this, what would seem reasonable?"), make("p", {}, "What would you ask, and whom?"), ask));
  },

  reveal(view, gate) {
    const all = cells(view, gate), about = DATA.gates[gate], counts = stand(view, gate);
    const key = make("ul", { class: "key" }, ...all.map((one) =>
      make("li", {}, token(letter(one), one.had), make("span", {}, said(DATA.items[one.item]), " ", stood(one)))));
    const name = `The weeks before decision ${gate + 1}, in lanes. The decision-maker had ${counts.had} of ${things(about.items)}; the system held ${counts.held}. The list beside it says how each stood.`;
    return make("div", { class: "seen" }, pictured((w, h) => lanes(about, gate + 1, all, false, w, h, name)), key);
  },

  where(view, gate) {
    const rest = cells(view, gate).filter((one) => one.state !== WEIGHED).sort((one, other) => other.had - one.had || one.state - other.state || one.item - other.item);
    const rows = rest.map((one) => {
      const words = make("div", {}, make("div", { class: "what" }, said(DATA.items[one.item])), make("div", {}, ended(short(one)), make("span", { class: "extra quiet" }, ` ${sense(one)}`)));
      const told = asked(gate, one);
      if (told.length) words.append(make("div", { class: "found" }, `Your questions meet this: ${told.join(", ")} had it`));
      return make("li", {}, token(letter(one), one.had), labelled(one.state), words);
    });
    const weighed = cells(view, gate).filter((one) => one.state === WEIGHED);
    const names = weighed.flatMap((one, place) => [`${place ? ", " : ""}${letter(one)}`, make("span", { class: "extra quiet" }, ` (${how(one)})`)]);
    const through = weighed.length ? ["They got through, and were weighed: ", ...names, "."] : ["Nothing was both had and weighed."];
    return make("div", {}, make("p", {}, ...through), make("ul", { class: "rest" }, ...rows));
  },

  funnel(view) {
    const gates = DATA.gates.map((_, gate) => stand(view, gate)), stages = ["there to be known", ...DATA.stages];
    const bar = (left, all) => draw("svg", { viewBox: "0 0 96 14", preserveAspectRatio: "none", "aria-hidden": "true" }, draw("rect", { class: "bar", x: 1, y: 1, height: 12, width: (94 * left) / all }));
    const head = make("tr", {}, make("th", { scope: "col" }, "Came as far as"), ...gates.map((_, gate) => make("th", { scope: "col" }, `Decision ${gate + 1}`)), make("th", { scope: "col" }, gates.length > 1 ? "Lost here, all decisions" : "Lost here"));
    const body = stages.map((stage, place) => {
      const lost = new Map();
      for (const one of gates) for (const [at, reason, number] of one.lost) if (at === place - 1) lost.set(reason, (lost.get(reason) ?? 0) + number);
      const words = [...lost].map(([reason, number]) => `${reason < 0 ? "still moving" : DATA.reasons[reason].short} (${number})`);
      return make("tr", {}, make("th", { scope: "row" }, stage),
        ...gates.map((one, gate) => make("td", {}, make("div", { class: "bars" }, bar(one.funnel[place], DATA.gates[gate].items), make("span", {}, `${one.funnel[place]} of ${DATA.gates[gate].items}`)))),
        make("td", {}, words.join("; ")));
    });
    return make("div", { class: "scroll" }, make("table", { class: "funnel" }, make("thead", {}, head), make("tbody", {}, ...body)));
  },

  policies(view) {
    const other = { ...view, policy: view.policy || 1 }, usual = { ...view, policy: 0 };
    const title = DATA.policies[other.policy].title, kept = DATA.items.filter((one) => one.letter);
    const at = (which, gate, item) => cells(which, gate).find((one) => DATA.items[one.item] === item);
    const rows = kept.map((item) => make("tr", {}, make("th", { scope: "row" }, make("b", {}, item.letter), " ", said(item)), ...DATA.gates.map((_, gate) => {
      const before = at(usual, gate, item), after = at(other, gate, item);
      if (!before || !after) return make("td", {}, "–");
      if (before.state === after.state) return make("td", {}, mark(before.state), make("span", { class: "unseen" }, DATA.states[before.state]));
      const words = make("span", { class: "unseen" }, `${DATA.states[before.state]}; with the change: ${DATA.states[after.state]}`);
      return make("td", { class: before.had === after.had ? "" : "changed" }, mark(before.state), "→", mark(after.state), words);
    })));
    const heads = DATA.gates.map((_, gate) => make("th", { scope: "col" }, make("span", { class: "unseen" }, "Decision "), String(gate + 1)));
    const table = make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Item, at decision"), ...heads)), make("tbody", {}, ...rows));
    const parting = run(other).parting;
    const say = (words) => (words ? words : "Nothing of the kind.");
    const apart = parting
      ? [make("p", {}, make("b", {}, `They first part ${parting[0]}. `)), make("p", {}, make("b", {}, "With no change: "), say(DATA.words[parting[1]])), make("p", {}, make("b", {}, "With it: "), say(DATA.words[parting[2]]))]
      : [make("p", {}, make("b", {}, "The two histories never part on this day."))];
    const names = (list) => list.map((item) => DATA.items[item]).flatMap((item, place) => [`${place ? "; " : ""}${item.letter}`, make("span", { class: "extra" }, ` (${lower(form(item, FEW))})`)]);
    const changes = alike(DATA.gates.map((_, gate) => stand(other, gate))).map(([gates, one]) => {
      const line = make("li", {}, `${listed("Decision", gates)}: `);
      if (one.gained.length) line.append("also had ", ...names(one.gained), one.gone.length ? ". " : ".");
      if (one.gone.length) line.append("no longer had ", ...names(one.gone), ".");
      if (!one.gained.length && !one.gone.length) line.append("the same items.");
      return line;
    });
    return make("div", {}, make("ul", { class: "marks" }, ...DATA.states.map((_, state) => make("li", {}, labelled(state)))),
      make("div", { class: "beside" }, make("div", { class: "scroll" }, table), make("div", {}, make("h3", {}, `No change beside “${title}”`), make("p", { class: "quiet extra" }, DATA.policies[other.policy].meaning), make("ul", { class: "changes" }, ...changes), ...apart)));
  },

  days(view) {
    const numbers = (policy) => DATA.lucks[view.luck].runs[policy].map((one) => one.had);
    const every = [...numbers(0), ...numbers(view.policy)], least = Math.min(...every), most = Math.max(...every);
    const strip = (policy, other) => {
      const had = run({ ...view, policy }).had, [fewer, same, more] = DATA.lucks[view.luck].spread[policy][had], all = days();
      const words = `${DATA.policies[policy].title}: on day ${view.day + 1} the decision-makers had ${had}, all decisions added together. Of ${all} days, ${same} had as many, ${fewer} fewer and ${more} more.`;
      const picture = pictured((w, h) => dots(numbers(policy), view.day, least, most, w, h, other, words));
      return make("div", { class: "strip" }, make("p", {}, words), picture);
    };
    const strips = view.policy ? [strip(0, false), strip(view.policy, true)] : [strip(0, false)];
    const day = "A day here is the whole story lived once more: the same family, the same people, other luck. One dot is one day; the ring is the day shown.";
    return make("div", { class: "strips" }, make("p", { class: "quiet" }, day), ...strips);
  },

  questions: () => copy("questions"),
};
