// A body, front and back: tap where it is, or go there with the arrow keys.

import { LINES, SHEET, regions } from "./figure.js";

const SVG = "http://www.w3.org/2000/svg";
const maps = new WeakMap();

function draw(name, attributes = {}) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

function text(tag, content, className = "") {
  const node = document.createElement(tag);
  node.textContent = content;
  node.className = className;
  return node;
}

const middle = (box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

class Figure {
  constructor(map, holder) {
    this.map = map;
    this.side = holder.dataset.side;
    this.svg = draw("svg", { viewBox: `0 0 ${SHEET.width} ${SHEET.height}` });
    this.parts = new Map();
    this.pins = draw("g", { class: "pins" });
    for (const part of regions(this.side)) this.svg.append(this.part(part));
    for (const d of LINES[this.side]) this.svg.append(draw("path", { d, class: "line" }));
    for (const letter of this.letters()) this.svg.append(letter);
    this.svg.append(this.pins);
    new ResizeObserver(() => this.scalePins()).observe(this.svg);
    this.svg.addEventListener("click", (e) => this.tapped(e));
    this.svg.addEventListener("keydown", (e) => this.key(e));
    holder.replaceChildren(this.caption(), this.svg, this.handedness());
  }

  caption() { return text("figcaption", this.side === "front" ? "Front" : "Back"); }

  // Which side is which is the mistake to fear here: it is written on the sheet.
  handedness() {
    const line = document.createElement("p");
    line.className = "hands";
    const words = ["Patient’s right", "Patient’s left"];
    if (this.side === "back") words.reverse();
    line.append(...words.map((word) => text("span", word)));
    return line;
  }

  // On a small map there is no room for the words.
  letters() {
    return [["R", 48], ["L", 152]].map(([letter, x]) => {
      const mark = draw("text", { x: this.side === "front" ? x : SHEET.width - x, y: 380, class: "letter", "aria-hidden": "true" });
      mark.textContent = letter;
      return mark;
    });
  }

  part({ region, path, mirrored }) {
    const node = draw("path", { d: path, class: "part", "data-region": region });
    if (mirrored) node.setAttribute("transform", `translate(${SHEET.width} 0) scale(-1 1)`);
    this.parts.set(region, node);
    return node;
  }

  update({ labels, sites, read_only, pins }) {
    const marked = new Set(sites);
    this.svg.setAttribute("role", read_only ? "img" : "group");
    this.svg.setAttribute("aria-label", this.title(pins, read_only));
    for (const [region, node] of this.parts) {
      node.classList.toggle("marked", marked.has(region));
      if (read_only) ["role", "tabindex", "aria-label"].forEach((name) => node.removeAttribute(name));
      else this.offer(node, `${labels[region]}, ${this.side}`);
    }
    this.stop ??= this.parts.keys().next().value;
    if (!read_only) this.parts.get(this.stop).setAttribute("tabindex", "0");
    this.drawPins(pins.filter((pin) => pin.side === this.side));
  }

  offer(node, label) {
    node.setAttribute("role", "button");
    node.setAttribute("tabindex", "-1");
    node.setAttribute("aria-label", label);
  }

  title(pins, readOnly) {
    const here = pins.filter((pin) => pin.side === this.side);
    const list = here.map((pin) => `${pin.number}, ${pin.label}`).join("; ");
    const found = here.length ? `Pins: ${list}.` : "No pins.";
    const how = readOnly ? "" : " Arrow keys move between parts of the body, Enter puts a pin.";
    return `Body, ${this.side}. ${found}${how}`;
  }

  drawPins(pins) {
    this.pins.replaceChildren(...pins.map((pin) => {
      const at = `translate(${pin.x * SHEET.width} ${pin.y * SHEET.height})`;
      const node = draw("g", { class: "pin", transform: at, "aria-hidden": "true" });
      const number = draw("text", { y: 4.4 });
      number.textContent = pin.number;
      node.append(draw("circle", { r: 9 }), number);
      return node;
    }));
    this.scalePins();
  }

  // A pin keeps its size on the screen however small the body is.
  scalePins() {
    const { clientWidth, clientHeight } = this.svg;
    if (!clientWidth) return;
    const perPixel = Math.max(SHEET.width / clientWidth, SHEET.height / clientHeight);
    for (const pin of this.pins.children) {
      for (const piece of pin.children) piece.setAttribute("transform", `scale(${Math.max(0.9, perPixel)})`);
    }
  }

  sheet(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return { x: point.x, y: point.y };
  }

  tapped(event) {
    // A click without a pointer comes from assistive technology, which has no place.
    const region = event.target.closest("[data-region]")?.dataset.region;
    if (this.map.data.read_only) return;
    const at = event.detail === 0 && region ? this.centre(region) : this.sheet(event);
    const nearest = region ?? this.nearestTo(at);
    if (nearest) this.pin(nearest, at);
  }

  // A thumb that just misses the outline still means the body.
  nearestTo(at) {
    let best = null, least = 14;
    for (const [region, node] of this.parts) {
      const { x, y, width, height } = this.box(node);
      const away = Math.hypot(Math.max(x - at.x, 0, at.x - x - width), Math.max(y - at.y, 0, at.y - y - height));
      if (away < least) [best, least] = [region, away];
    }
    return best;
  }

  box(node) {
    const box = node.getBBox();
    const x = node.hasAttribute("transform") ? SHEET.width - box.x - box.width : box.x;
    return { x, y: box.y, width: box.width, height: box.height };
  }

  centre(region) { return middle(this.box(this.parts.get(region))); }

  pin(region, { x, y }) {
    const part = (value, whole) => Math.round(Math.min(1, Math.max(0, value / whole)) * 1e4) / 1e4;
    this.focus(region);
    this.map.pinned({ x: part(x, SHEET.width), y: part(y, SHEET.height), side: this.side, region });
  }

  key(event) {
    const region = event.target.dataset.region;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!region || this.map.data.read_only) return;
    if (way) this.focus(this.towards(region, way));
    else if (event.key === "Enter" || event.key === " ") this.pin(region, this.centre(region));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // The nearest part in that direction; what lies off the line counts double.
  towards(region, [dx, dy]) {
    const from = this.centre(region);
    let best = region, least = Infinity;
    for (const other of this.parts.keys()) {
      const to = this.centre(other);
      const ahead = (to.x - from.x) * dx + (to.y - from.y) * dy;
      const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
      if (other !== region && ahead > 1 && ahead + 2 * aside < least) [best, least] = [other, ahead + 2 * aside];
    }
    return best;
  }

  // One tab stop for each figure: forty would bury the rest of the page.
  focus(region) {
    this.parts.get(this.stop).setAttribute("tabindex", "-1");
    this.stop = region;
    const node = this.parts.get(region);
    node.setAttribute("tabindex", "0");
    node.focus({ preventScroll: true });
    this.map.say(`${this.map.data.labels[region]}, ${this.side}`);
  }
}

class BodyMap {
  constructor(root) {
    this.$ = (id) => root.querySelector(id);
    this.figures = [...root.querySelectorAll("figure")].map((holder) => new Figure(this, holder));
    root.querySelectorAll("[data-show]").forEach((button) => {
      button.addEventListener("click", () => this.show(button.dataset.show));
      button.disabled = false;
    });
  }

  update({ data, setTriggerValue }) {
    this.data = data;
    this.setTriggerValue = setTriggerValue;
    this.$(".map").classList.toggle("reading", data.read_only);
    this.$("#hint").textContent = data.read_only ? "" : "Tap the place on the body. With a keyboard: arrow keys and Enter.";
    for (const figure of this.figures) figure.update(data);
    this.count(data.pins);
  }

  // On a phone one side is hidden: its button says how many pins are there.
  count(pins) {
    for (const side of ["front", "back"]) {
      const button = this.$(`[data-show=${side}]`);
      const there = pins.filter((pin) => pin.side === side).length;
      button.textContent = (side === "front" ? "Front" : "Back") + (there ? ` (${there})` : "");
    }
  }

  show(side) {
    this.$("#figures").dataset.shown = side;
    for (const name of ["front", "back"]) this.$(`[data-show=${name}]`).setAttribute("aria-pressed", name === side);
  }

  say(words) { this.$("#where").textContent = words; }

  pinned(pin) { this.setTriggerValue("pinned", pin); }
}

export default function (component) {
  const root = component.parentElement;
  let map = maps.get(root);
  if (!map) {
    map = new BodyMap(root);
    maps.set(root, map);
  }
  map.update(component);
  return () => maps.delete(root);
}
