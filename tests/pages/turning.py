"""What the tests of the replay share: a page to turn, and what is on it for somebody who sees or hears it."""

CASE, POLICIES, DAYS = "rowan-family", ["push", "pull", "P46"], 12
KINDS = ("seat", "pause", "reveal", "where")

VISIBLE = """() => {
  const said = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const holder = walk.currentNode.parentElement;
    if (!holder.closest("script, template, style") && holder.checkVisibility()) said.push(walk.currentNode.data);
  }
  return said.join("\\n");
}"""
"""All text that is rendered, pictures included."""


def step_of(kind, gate=0, gates=2):
    """The number of a step, as addresses count."""
    after = {"funnel": 0, "policies": 1, "days": 2, "questions": 3}
    if kind == "care":
        return 1
    return 2 + 4 * gates + after[kind] if kind in after else 2 + 4 * gate + KINDS.index(kind)


def show(page, kind, gate=0, policy=0, day=0, gates=2):
    """Turn to a step, under a policy, on a day (counted from 0)."""
    address = f"#step={step_of(kind, gate, gates)}&policy={policy}&day={day + 1}"
    page.evaluate("address => { location.hash = address; }", address)
    page.wait_for_function("address => location.hash === address", arg=address)
    page.wait_for_function(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
    )


def text(page):
    """All text that is rendered."""
    return page.evaluate(VISIBLE)


def heard(page):
    """The accessibility tree, as text."""
    return page.locator("body").aria_snapshot()
