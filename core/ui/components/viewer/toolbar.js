// The buttons over the image: each a small drawing, its name and its key.

const SVG = "http://www.w3.org/2000/svg";

// id, name, key, drawing (24 × 24) or words, whether it stays pressed
const GROUPS = [
  ["Size", [
    ["fit", "Fit", "f", "", true],
    ["actual", "Actual size, 1:1", "z", "1:1", true],
  ]],
  ["Show", [
    ["hide", "Hide marks", "h", "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M4 3l16 18", true],
    ["compare", "Side by side", "c", "M3 5h7v14H3zM14 5h7v14h-7z", true],
    ["blink", "Blink", "b", "M3 3h12v12H3zM9 9h12v12H9z", true],
  ]],
  ["Marks", [
    ["measure", "Measure", "m", "M5 19 19 5M2 16l6 6M16 2l6 6", true],
    ["outline", "Outline", "l", "M4 9l7-5 9 4-1 8-7 5-7-4z", true],
    ["arrow", "Arrow", "w", "M4 20 20 4M10 4h10v10", true],
    ["scale", "Set scale", "k", "M2 8h20v9H2zM6 8v4M10 8v6M14 8v4M18 8v6", true],
    ["undo", "Remove my last mark", "Delete", "M9 4 4 9l5 5M4 9h10a5.5 5.5 0 0 1 0 11h-4"],
    ["unusable", "Unusable", "u", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M6 6l12 12", true],
  ]],
];

function face(name, drawing) {
  if (!drawing.startsWith("M")) return drawing || name;
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", drawing);
  svg.append(path);
  return svg;
}

export class Toolbar {
  // `acts` has a function for each id.
  constructor(holder, acts) {
    this.buttons = new Map();
    holder.replaceChildren(...GROUPS.map(([name, members]) => this.group(name, members, acts)));
  }

  group(name, members, acts) {
    const node = document.createElement("div");
    node.setAttribute("role", "group");
    node.setAttribute("aria-label", name);
    node.append(...members.map((one) => this.button(one, acts)));
    return node;
  }

  button([id, name, key, drawing, toggles], acts) {
    const node = document.createElement("button");
    Object.assign(node, { id, type: "button", title: `${name} (${key})` });
    node.setAttribute("aria-label", name);
    node.setAttribute("aria-keyshortcuts", key);
    if (toggles) node.setAttribute("aria-pressed", "false");
    node.append(face(name, drawing));
    node.addEventListener("click", acts[id]);
    this.buttons.set(id, node);
    return node;
  }

  press(id, pressed) { this.buttons.get(id).setAttribute("aria-pressed", Boolean(pressed)); }

  allow(id, allowed) { this.buttons.get(id).disabled = !allowed; }

  // Where one may only look, tools to draw are not there.
  show(ids, shown) { ids.forEach((id) => { this.buttons.get(id).hidden = !shown; }); }
}
