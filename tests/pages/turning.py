"""What the tests of the replay share: a page to turn, and what is on it for somebody who sees or hears it."""

CASE, POLICIES, DAYS, MOST = "rowan-family", ["push", "pull", "P46"], 8, 60
KINDS = ("seat", "pause", "reveal", "where")

HOSTILE = "</script><b id=planted>“ché”</b> & 'quotes' \u2028 " + "a very long account of it " * 6

VISIBLE = """() => {
  const said = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const holder = walk.currentNode.parentElement;
    if (!holder.closest("script, template, style") && holder.checkVisibility()) said.push(walk.currentNode.data);
  }
  return said.join("\\n");
}"""
"""All text that is rendered, pictures included."""

CROWDED = """() => {
  const wrong = [], seen = (one) => one.checkVisibility() && !one.closest(".unseen, .blank");
  const box = (one) => one.getBoundingClientRect();
  const scene = box(document.getElementById("scene")), texts = [];
  const walk = document.createTreeWalker(document.getElementById("replay"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const holder = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || holder.closest("template, dialog") || !seen(holder)) continue;
    const range = document.createRange();
    range.selectNodeContents(walk.currentNode);
    const size = parseFloat(getComputedStyle(holder).fontSize), inside = holder.closest("#scene");
    if (size < (holder.matches(".letter") ? 14 : 16)) wrong.push(`small ${size}: ${walk.currentNode.data}`);
    for (const part of range.getClientRects()) {
      const bounds = inside ? scene : { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
      const aside = [bounds.left - part.left, part.right - bounds.right];
      const over = [...aside, bounds.top - part.top, part.bottom - bounds.bottom];
      if (Math.max(...over) > 1) wrong.push(`outside: ${walk.currentNode.data}`);
      texts.push([part, walk.currentNode.data]);
    }
  }
  texts.forEach(([one, words], place) => {
    for (const [other, others] of texts.slice(place + 1)) {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (across > 1.5 && down > 5) wrong.push(`over each other: ${words} | ${others}`);
    }
  });
  const discs = [...document.querySelectorAll("#scene .drawn circle.disc")].map(box);
  discs.forEach((one, place) => {
    for (const other of discs.slice(place + 1))
      if (Math.hypot(one.x - other.x, one.y - other.y) < 22) wrong.push("two tokens in one place");
  });
  const root = document.documentElement;
  if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) wrong.push("scrolls");
  return wrong;
}"""
"""What does not fit a projector: text out of its place, too small or over other text, tokens in one place, a scroll."""


def step_of(kind, gate=0, gates=2):
    """The number of a step, as addresses count."""
    after = {"funnel": 0, "policies": 1, "days": 2, "questions": 3}
    if kind == "care":
        return 1
    return 2 + 4 * gates + after[kind] if kind in after else 2 + 4 * gate + KINDS.index(kind)


TURN = """address => new Promise((done) => {
  if (location.hash === address) return done();
  addEventListener("hashchange", () => requestAnimationFrame(() => done()), { once: true });
  location.hash = address;
})"""


def show(page, kind, gate=0, policy=0, day=0, gates=2, luck=0):
    """Turn to a step, under a policy, on a day (counted from 0), on days that fit the record or as usual."""
    turn(page, step_of(kind, gate, gates), policy, day, luck)


def turn(page, step, policy=0, day=0, luck=0):
    """Turn to a step by its number; it is drawn when this returns."""
    address = f"#step={step}&policy={policy}&day={day + 1}&luck={luck}"
    page.evaluate(TURN, address)
    assert page.evaluate("location.hash") == address


def text(page):
    """All text that is rendered."""
    return page.evaluate(VISIBLE)


def heard(page):
    """The accessibility tree, as text."""
    return page.locator("body").aria_snapshot()
