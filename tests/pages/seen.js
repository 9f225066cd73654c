// What a reader of a page would see, worked out by calculation. Each function returns what is wrong, as lines of text.
window.seen = (() => {
  const texts = (root = document.body) => {
    const found = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement;
      if (!node.data.trim() || parent.closest("script, style, title, desc, .skip")) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width && box.height && parent.checkVisibility()) found.push({ words: node.data.trim(), parent, box });
      }
    }
    return found;
  };

  const rgb = (colour) => {
    const parts = colour.match(/[\d.]+/g).map(Number);
    return { rgb: parts.slice(0, 3), alpha: parts.length > 3 ? parts[3] : 1 };
  };
  const luminance = (parts) => {
    const [r, g, b] = parts.map((part) => part / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  const behindHtml = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = rgb(getComputedStyle(at).backgroundColor);
      if (found.alpha > 0.99) return found.rgb;
    }
    return [255, 255, 255];
  };
  const behindSvg = (text, x, y) => {
    const stack = document.elementsFromPoint(x, y);
    for (const element of stack.slice(stack.indexOf(text) + 1)) {
      if (!text.ownerSVGElement.contains(element) || element === text.ownerSVGElement) break;
      const style = getComputedStyle(element);
      const opacity = Number(style.fillOpacity) * Number(style.opacity);
      if (!["path", "rect", "circle"].includes(element.tagName) || style.fill === "none" || opacity < 0.8) continue;
      return rgb(style.fill).rgb;
    }
    return behindHtml(text.ownerSVGElement);
  };

  const contrasts = (least = 4.5) => {
    const wrong = [];
    for (const { words, parent, box } of texts()) {
      const figure = parent.closest("svg");
      const colour = rgb(getComputedStyle(parent)[figure ? "fill" : "color"]).rgb;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const behind = figure ? behindSvg(parent, x, y) : behindHtml(parent);
      const found = ratio(colour, behind);
      if (found < least) wrong.push(`${found.toFixed(2)} ${words.slice(0, 60)}`);
    }
    return wrong;
  };

  const turned = (text) => /rotate\((?!-?0[\s,)])/.test(text.getAttribute("transform") || "");
  const figureTexts = (svg) => [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim());

  const clipped = () => {
    const wrong = [];
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > wide) wrong.push(`the page is ${document.documentElement.scrollWidth} wide`);
    for (const { words, parent, box } of texts()) {
      const scroller = parent.closest(".scrolls");
      const own = !parent.closest("svg") && (scroller ? null : { left: 0, right: wide });
      if (own && (box.left < own.left - 1 || box.right > own.right + 1)) wrong.push(`outside the page: ${words.slice(0, 60)}`);
    }
    for (const svg of document.querySelectorAll("svg.figure")) {
      const frame = svg.getBoundingClientRect();
      for (const text of figureTexts(svg)) {
        const box = text.getBoundingClientRect();
        const out = box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
        if (out) wrong.push(`outside its figure: ${text.textContent.trim().slice(0, 60)}`);
      }
    }
    return wrong;
  };

  const apart = (a, b, slack) =>
    a.right - slack <= b.left || b.right - slack <= a.left || a.bottom - slack <= b.top || b.bottom - slack <= a.top;

  const overlapping = () => {
    const wrong = [];
    const pairs = (boxes, slack) => {
      boxes.sort((a, b) => a.box.top - b.box.top);
      for (let i = 0; i < boxes.length; i++) {
        for (let j = i + 1; j < boxes.length && boxes[j].box.top < boxes[i].box.bottom; j++) {
          const [a, b] = [boxes[i], boxes[j]];
          if (a.parent !== b.parent && !apart(a.box, b.box, slack)) wrong.push(`${a.words.slice(0, 40)} | ${b.words.slice(0, 40)}`);
        }
      }
    };
    for (const svg of document.querySelectorAll("svg.figure")) {
      const level = figureTexts(svg).filter((text) => !turned(text));
      pairs(level.map((parent) => ({ parent, words: parent.textContent.trim(), box: parent.getBoundingClientRect() })), 2);
    }
    pairs(texts().filter(({ parent }) => !parent.closest("svg, .scrolls")), 3);
    return wrong;
  };

  const smallest = () => {
    const sizes = figureSizes();
    return Math.min(...sizes);
  };
  const figureSizes = () =>
    [...document.querySelectorAll("svg.figure")].flatMap((svg) => {
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      return figureTexts(svg).map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
    });

  return { texts, contrasts, clipped, overlapping, smallest };
})();
