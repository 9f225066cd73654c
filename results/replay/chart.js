// Drawing: lanes, tokens and the lines between them. What to draw was worked out before; here it only finds room.
const SVG = "http://www.w3.org/2000/svg";
const [WEIGHED, READ, MOVING, STOPPED, UNSEEN] = [0, 1, 2, 3, 4];
// Widths in pixels; a token that stopped keeps twice BESIDE free for its bar.
const NAMES = 168, TOP = 30, BOTTOM = 24, RADIUS = 12, ROW = 27, BESIDE = 6;

function draw(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// A token as it stands in a list.
function token(letter, full) {
  return draw("svg", { class: "token", width: 28, height: 28, viewBox: "0 0 28 28", "aria-hidden": "true" },
    draw("circle", { class: full ? "disc full" : "disc", cx: 14, cy: 14, r: RADIUS }),
    draw("text", { class: full ? "letter on" : "letter", x: 14, y: 19 }, letter));
}

// The mark of a state: full, half full, an open arrow, a bar, a dotted ring.
function mark(state) {
  const parts = [
    () => [draw("circle", { class: "disc full", cx: 10, cy: 10, r: 8 })],
    () => [draw("circle", { class: "disc", cx: 10, cy: 10, r: 8 }), draw("path", { class: "disc full", d: "M10 2A8 8 0 0 0 10 18Z" })],
    () => [draw("path", { class: "way moving", d: "M0 10H16" }), draw("path", { class: "head", d: "M10 4L17 10L10 16" })],
    () => [draw("path", { class: "way stopped", d: "M0 10H14" }), draw("path", { class: "end", d: "M16 2V18" })],
    () => [draw("circle", { class: "dotted", cx: 10, cy: 10, r: 8 })],
  ][state]();
  return draw("svg", { class: "state", width: 20, height: 20, viewBox: "0 0 20 20", "aria-hidden": "true" }, ...parts);
}

// What keeps its place in one lane: boxes side by side in a few rows.
class Room {
  constructor(top, height) {
    this.rows = Math.max(1, Math.floor((height - 2) / ROW));
    this.first = top + (height - this.rows * ROW) / 2 + ROW / 2;
    this.taken = Array.from({ length: this.rows }, () => []);
  }

  y(row) { return this.first + row * ROW; }

  free(row, x, half) { return this.taken[row].every((box) => Math.abs(box.x - x) > box.half + half - 0.01); }

  // The free place nearest to x, in any row or in one, between two bounds; where all is taken, back to the first bound
  // of the lane, and at last in the middle of it all.
  place(x, half, least, most, only = -1) {
    const best = this.nearest(x, half, least, most, only) ?? this.nearest(x, half, NAMES + half + 1, most, only)
      ?? { x: Math.min(Math.max(x, least), most), row: Math.max(only, 0) };
    this.taken[best.row].push({ x: best.x, half });
    return { x: best.x, y: this.y(best.row), row: best.row };
  }

  nearest(x, half, least, most, only) {
    let best = null;
    for (let row = 0; row < this.rows; row += 1) {
      if (only >= 0 && row !== only) continue;
      const beside = this.taken[row].flatMap((box) => [box.x - box.half - half, box.x + box.half + half]);
      for (const at of [Math.min(Math.max(x, least), most), ...beside]) {
        if (at < least || at > most || !this.free(row, at, half)) continue;
        if (!best || Math.abs(at - x) < Math.abs(best.x - x) - 0.5) best = { x: at, row };
      }
    }
    return best;
  }
}

// The lanes up to a decision. Before the reveal (`veiled`) only the decision-maker's own lane is to be seen.
function lanes(gate, number, cells, veiled, width, height, name) {
  const count = DATA.lanes.length, tall = (height - TOP - BOTTOM) / (count + 1);
  const deep = Math.max(tall, 24 + 19 * gate.label.length), lower = (height - TOP - BOTTOM - deep) / count;
  const top = (lane) => TOP + lane * lower, size = (lane) => (lane === count ? deep : lower);
  const x = (time) => NAMES + (time / gate.end) * (width - NAMES), at = x(gate.at);
  const lane = (role) => (role === gate.lead ? count : DATA.roles[role].lane);
  const svg = draw("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": name });
  const hatch = draw("pattern", { id: `hatch-${number}-${width}`, width: 10, height: 10, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    draw("path", { class: "hatch", d: "M0 0V10" }));
  const back = draw("g"), lines = draw("g"), tokens = draw("g");
  svg.append(draw("defs", {}, hatch), back, lines, tokens);
  let last = -Infinity;
  for (const [time, date] of gate.ticks) {
    const place = x(time);
    const half = 5 * date.length + 4, first = place < NAMES + half;
    if (place > at - 4 || (first ? NAMES : place - half) < last) continue;
    last = first ? Math.max(place, NAMES) + 2 * half : place + half;
    back.append(draw("path", { class: "tick", d: `M${place} ${TOP}V${height - BOTTOM}` }));
    back.append(draw("text", { x: Math.max(place, NAMES), y: height - 6, "text-anchor": first ? "start" : "middle" }, date));
  }
  for (let one = 0; one <= count; one += 1) {
    const box = { x: NAMES, y: top(one), width: width - NAMES, height: size(one) };
    const said = one === count ? ["The decision-maker:", ...gate.label] : DATA.lanes[one];
    const shown = said.slice(0, Math.max(1, Math.floor(size(one) / 18)));
    shown.forEach((words, line) => back.append(draw("text", { x: 0, y: top(one) + size(one) / 2 + 6 + 18 * (line - (shown.length - 1) / 2) }, words)));
    back.append(draw("rect", { class: one === count ? "deciding" : "lane", ...box }));
    if (veiled && one < count) {
      back.append(draw("rect", { class: "veil", fill: `url(#${hatch.id})`, ...box }));
      const middle = top(one) + size(one) / 2, centre = NAMES + (width - NAMES) / 2;
      back.append(draw("rect", { class: "paper", x: centre - 92, y: middle - 12, width: 184, height: 24 }));
      back.append(draw("text", { x: centre, y: middle + 6, "text-anchor": "middle" }, "not visible from here"));
    }
  }
  const tab = `Decision ${number}`;
  lines.append(draw("path", { class: "gate", d: `M${at} ${TOP - 4}V${height - BOTTOM}` }));
  tokens.append(draw("rect", { class: "tab", x: at - 52, y: 2, width: 104, height: 25, rx: 3 }),
    draw("text", { class: "tab-words", x: at, y: 20, "text-anchor": "middle" }, tab));

  const rooms = Array.from({ length: count + 1 }, (_, one) => new Room(top(one), size(one)));
  const seen = [];
  for (const cell of cells) {
    let way = stops(cell.path).map(({ time, role }) => ({ time, lane: lane(role) }));
    way = way.filter((stop, place) => place === 0 || stop.lane !== way[place - 1].lane);
    if (veiled) way = cell.had ? way.slice(-1) : [];
    way.forEach((stop, place) => seen.push({ ...stop, place, cell, last: place === way.length - 1 }));
  }
  seen.sort((one, other) => one.time - other.time || one.cell.item - other.cell.item || one.place - other.place);
  const before = new Map();
  for (const stop of seen) {
    const from = before.get(stop.cell.item);
    const least = Math.max(NAMES + RADIUS + 2, from ? from.x : 0);
    const beside = stop.last && !stop.cell.had ? BESIDE : 0;
    Object.assign(stop, rooms[stop.lane].place(x(stop.time) + beside, RADIUS + 1 + beside, least + beside, at - RADIUS - 5 - beside));
    stop.x -= beside;
    if (from) {
      const half = (from.x + stop.x) / 2;
      lines.append(draw("path", { class: "way", d: `M${from.x} ${from.y}C${half} ${from.y} ${half} ${stop.y} ${stop.x} ${stop.y}` }));
    }
    before.set(stop.cell.item, stop);
    const full = stop.lane === count && stop.last && stop.cell.had;
    tokens.append(draw("circle", { class: full ? "disc full" : "disc", cx: stop.x, cy: stop.y, r: RADIUS }),
      draw("text", { class: full ? "letter on" : "letter", x: stop.x, y: stop.y + 5 }, DATA.items[stop.cell.item].letter));
  }
  if (veiled) return svg;
  for (const stop of seen.filter((one) => one.last && !one.cell.had)) {
    const room = rooms[stop.lane], start = stop.x + RADIUS;
    if (stop.cell.state === MOVING) {
      const end = room.place(at + 24, 8, at + 20, width - 8, stop.row);
      lines.append(draw("path", { class: "way moving", d: `M${start} ${stop.y}H${end.x}` }));
      tokens.append(draw("path", { class: "head", d: `M${end.x - 7} ${stop.y - 8}L${end.x + 2} ${stop.y}L${end.x - 7} ${stop.y + 8}` }));
    } else {
      const least = start + 2 * BESIDE, near = room.nearest(Math.max(x(stop.cell.until), least), 4, least, at - 6, stop.row);
      const end = near ?? { x: start + BESIDE + 2 };
      room.taken[stop.row].push({ x: end.x, half: 4 });
      lines.append(draw("path", { class: "way stopped", d: `M${start} ${stop.y}H${end.x}` }));
      tokens.append(draw("path", { class: "end", d: `M${end.x} ${stop.y - 10}V${stop.y + 10}` }));
    }
  }
  return svg;
}

// One dot for each day, in columns by how many items were had; a ring on the day shown.
function dots(numbers, day, least, most, width, height, other, name) {
  const across = (width - 40) / (most - least + 1), deepest = Math.max(...numbers.map((had) => numbers.filter((one) => one === had).length));
  const apart = Math.min(34, across / 1.2, (height - 76) / deepest), high = new Map();
  const svg = draw("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": name });
  const x = (had) => 20 + across * (had - least + 0.5);
  const axis = height - 48;
  svg.append(draw("text", { x: width / 2, y: height - 6, "text-anchor": "middle" }, "items the decision-makers had, all decisions added together"));
  svg.append(draw("path", { class: "gate", d: `M20 ${axis}H${width - 20}`, "stroke-width": 1 }));
  for (let had = least; had <= most; had += 1) {
    if ((had - least) % Math.ceil(28 / across) === 0) svg.append(draw("text", { x: x(had), y: axis + 21, "text-anchor": "middle" }, String(had)));
  }
  numbers.forEach((had, place) => {
    const up = high.get(had) ?? 0, y = axis - 2 - apart * (up + 0.6);
    high.set(had, up + 1);
    svg.append(draw("circle", { class: other ? "dot other" : "dot", cx: x(had), cy: y, r: apart * 0.4 }));
    if (place === day) svg.append(draw("circle", { class: "ring", cx: x(had), cy: y, r: apart * 0.4 + 4 }));
  });
  return svg;
}
