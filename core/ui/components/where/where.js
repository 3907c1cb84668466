// Where on the body it is: a tap on the drawing, or a choice from a list, which is the way
// for whoever cannot see or aim at a drawing.

import { LINES, SHEET, regions } from "../ozone.body_map/figure.js";

const SVG = "http://www.w3.org/2000/svg";
const NEAR = 14; // units of the sheet: a thumb that just misses the outline
const wheres = new WeakMap();

function draw(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const filled = (text, facts) => text.replace(/\{(\w+)\}/g, (_, name) => facts[name]);

class Where {
  constructor(root) {
    this.$ = (id) => root.querySelector(`#${id}`);
    this.root = root.querySelector(".where");
    this.sides = [...root.querySelectorAll("[data-show]")];
    this.side = "front";
    this.$("body").addEventListener("click", (e) => this.tapped(e));
    this.$("add").addEventListener("click", () => this.chosen());
    for (const button of this.sides) {
      button.disabled = false;
      button.addEventListener("click", () => { this.side = button.dataset.show; this.figure(); });
    }
    new ResizeObserver(() => this.scalePins()).observe(this.$("body"));
  }

  update({ data, setTriggerValue }) {
    const known = this.data?.pins.length ?? 0;
    this.data = data;
    this.send = setTriggerValue;
    this.root.dir = data.direction;
    this.root.lang = data.language;
    const { texts } = data;
    this.$("sides").setAttribute("aria-label", texts.sides);
    this.$("listed").textContent = texts.list;
    this.$("add").textContent = texts.add;
    this.$("none").textContent = data.pins.length ? "" : texts.none;
    this.options();
    this.pins();
    // A place from the list may be on the side that is not shown.
    if (data.pins.length > known) this.side = data.pins.at(-1).side;
    this.figure();
  }

  options() {
    const { places, texts } = this.data;
    const offered = places.map((place) => new Option(place.label, place.region));
    this.$("place").replaceChildren(new Option(texts.choose, ""), ...offered);
    this.$("add").disabled = false;
  }

  pins() {
    const { pins, texts } = this.data;
    this.$("pins").replaceChildren(...pins.map((pin) => {
      const item = document.createElement("li"), words = document.createElement("span");
      const button = document.createElement("button");
      words.textContent = filled(texts.pin, { number: pin.number, place: pin.label });
      button.type = "button";
      button.textContent = texts.remove;
      button.setAttribute("aria-label", filled(texts.remove_what, { number: pin.number }));
      button.addEventListener("click", () => { button.disabled = true; this.send("removed", pin.id); });
      item.append(words, button);
      return item;
    }));
  }

  figure() {
    const { texts, pins } = this.data, { side } = this, svg = this.$("body");
    for (const button of this.sides) {
      const name = button.dataset.show, there = pins.filter((pin) => pin.side === name).length;
      button.setAttribute("aria-pressed", name === side);
      button.textContent = texts[name] + (there ? ` (${there})` : "");
    }
    // Which side is which is the mistake to fear here: it is written below the drawing.
    const [first, second] = side === "front" ? ["right", "left"] : ["left", "right"];
    this.$("first").textContent = texts[first];
    this.$("second").textContent = texts[second];
    svg.setAttribute("aria-label", texts[`figure_${side}`]);
    this.parts = new Map();
    svg.replaceChildren(
      ...regions(side).map((part) => this.part(part)),
      ...LINES[side].map((d) => draw("path", { d, class: "line" })),
      ...pins.filter((pin) => pin.side === side).map((pin) => this.pin(pin)),
    );
    this.scalePins();
  }

  part({ region, path, mirrored }) {
    const node = draw("path", { d: path, class: "part", "data-region": region });
    if (mirrored) node.setAttribute("transform", `translate(${SHEET.width} 0) scale(-1 1)`);
    this.parts.set(region, node);
    return node;
  }

  pin({ number, x, y }) {
    const words = draw("text", { y: 4.4 });
    words.textContent = number;
    const at = `translate(${x * SHEET.width} ${y * SHEET.height})`;
    return draw("g", { class: "pin", transform: at, "aria-hidden": "true" }, draw("circle", { r: 9 }), words);
  }

  // A pin keeps its size on the screen however small the body is.
  scalePins() {
    const { clientWidth, clientHeight } = this.$("body");
    if (!clientWidth) return;
    const scale = Math.max(0.9, SHEET.width / clientWidth, SHEET.height / clientHeight);
    for (const piece of this.$("body").querySelectorAll(".pin > *")) piece.setAttribute("transform", `scale(${scale})`);
  }

  tapped(event) {
    const matrix = this.$("body").getScreenCTM().inverse();
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
    const region = event.target.closest("[data-region]")?.dataset.region ?? this.nearest(at);
    if (!region) return;
    const part = (value, whole) => Math.round(Math.min(1, Math.max(0, value / whole)) * 1e4) / 1e4;
    this.send("pinned", { x: part(at.x, SHEET.width), y: part(at.y, SHEET.height), side: this.side, region });
  }

  nearest(at) {
    let best = null, least = NEAR;
    for (const [region, node] of this.parts) {
      const box = node.getBBox();
      const x = node.hasAttribute("transform") ? SHEET.width - box.x - box.width : box.x;
      const away = Math.hypot(Math.max(x - at.x, 0, at.x - x - box.width), Math.max(box.y - at.y, 0, at.y - box.y - box.height));
      if (away < least) [best, least] = [region, away];
    }
    return best;
  }

  chosen() {
    const place = this.data.places.find(({ region }) => region === this.$("place").value);
    if (!place) return this.$("place").focus();
    const { x, y, side, region } = place;
    this.send("pinned", { x, y, side, region });
  }
}

export default function (component) {
  const root = component.parentElement;
  let where = wheres.get(root);
  if (!where) {
    where = new Where(root);
    wheres.set(root, where);
  }
  where.update(component);
  return () => wheres.delete(root);
}
