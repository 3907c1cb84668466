// Looks closely at images, each at its full resolution and from its own address.

import { Hands } from "./hands.js";
import { Ink } from "./ink.js";
import { pageKeys, stageKeys } from "./keys.js";
import { Marking, TOOLS } from "./marking.js";
import { Pair } from "./pair.js";
import { Pane, STEP } from "./pane.js";
import { Pictures, partner } from "./pictures.js";
import { Strip } from "./strip.js";
import { Toolbar } from "./toolbar.js";

const PATIENCE_MS = 400;

const viewers = new WeakMap();

const frame = () => new Promise(requestAnimationFrame);
const painted = () => frame().then(frame).then(() => new Promise(setTimeout));

class Viewer {
  constructor(root) {
    this.$ = (id) => root.querySelector(id);
    this.off = new AbortController();
    const on = (what, event, act, options = {}) => what.addEventListener(event, act, { signal: this.off.signal, ...options });
    this.pictures = new Pictures();
    this.marking = new Marking(this, on);
    this.strip = new Strip(this.$("#strip"), (i) => this.choose(i));
    this.toolbar = new Toolbar(this.$("#tools"), this.acts());
    this.panes = [...root.querySelectorAll(".pane")].map((node) => new Pane(node, this));
    this.inks = new Map(this.panes.map((pane) => [pane, new Ink(pane)]));
    [this.active] = this.panes;
    this.pair = new Pair(this, on);
    this.panes.forEach((pane) => this.wire(pane, on));
    on(document, "keydown", pageKeys(this));
    on(this.$("#trouble button"), "click", () => this.complain(""));
  }

  wire(pane, on) {
    const keys = stageKeys(this);
    const activate = () => { this.active = pane; this.redraw(); };
    new Hands(pane, this.marking.pen, on);
    on(pane.stage, "keydown", (e) => keys(pane, e));
    on(pane.stage, "focus", activate);
    on(pane.stage, "pointerdown", activate);
    on(pane.$("in"), "click", () => pane.zoom(STEP));
    on(pane.$("out"), "click", () => pane.zoom(1 / STEP));
    on(pane.$("again"), "click", () => pane.again());
  }

  acts() {
    const { marking } = this;
    const acts = {
      fit: () => this.active.fit(), actual: () => this.active.actual(),
      undo: () => marking.removeLast(), hide: () => marking.toggleHidden(), unusable: () => marking.toggleUnusable(),
      compare: () => this.setPair("beside"), blink: () => this.setPair("blink"),
    };
    for (const name of TOOLS) acts[name] = () => marking.tool(name);
    return acts;
  }

  update({ data, setStateValue, setTriggerValue }) {
    const before = this.data;
    this.data = data;
    this.images = data.images;
    this.setStateValue = setStateValue;
    this.setTriggerValue = setTriggerValue;
    this.$("#panes").style.setProperty("--height", `min(${data.height}px, 100vw)`);
    this.strip.draw(data.images);
    this.marking.receive(data);
    this.place(before);
    this.redraw();
  }

  // Which image is on the stage after a rerun: the one that was, unless Python moved on.
  place(before) {
    const { images, selected } = this.data;
    const asked = before && selected !== before.selected && selected !== this.index;
    const there = images.findIndex((image) => image.id === this.panes[0].image?.id);
    if (asked || there < 0) return this.show(images[selected] ? selected : 0);
    this.index = there;
    for (const pane of this.panes) {
      const image = images.find((one) => one.id === pane.image?.id);
      if (image) pane.refresh(image);
    }
    if (this.pair.on) this.pair.match();
  }

  choose(i) {
    if (!this.images[i] || i === this.index) return;
    // The picture first: the page need not hear of it before it is there.
    this.untold = i;
    clearTimeout(this.teller);
    this.teller = setTimeout(() => this.tell(), PATIENCE_MS);
    this.show(i);
  }

  tell() {
    clearTimeout(this.teller);
    if (this.untold == null) return;
    this.setStateValue("selected", this.untold);
    this.untold = null;
  }

  show(i) {
    this.index = i;
    this.marking.leave();
    this.panes[0].show(this.images[i], this.label(i));
    this.pair.match();
    this.strip.reveal(i);
    this.redraw();
  }

  label(i) {
    const image = this.images[i];
    return image ? `${i + 1} of ${this.images.length}: ${image.label}` : "";
  }

  // What panes ask of their owner.
  wanted() { return this.panes.map((pane) => pane.image?.id); }

  renew() { this.setTriggerValue("renew", String(Date.now())); }

  drawing() { return Boolean(this.marking.pen.tool); }

  changed(pane) { this.pair.follow(pane); }

  placed(pane) {
    if (pane !== this.panes[0]) return this.pair.follow(this.panes[0]);
    // Once it is painted: what comes next would take the processor from it.
    const { index } = this;
    painted().then(() => {
      this.tell();
      if (index === this.index) this.ahead();
    });
  }

  // Decoded before anybody asks: the next image, and the one to compare with.
  ahead() {
    const likely = [this.index + 1, partner(this.images, this.index)];
    likely.forEach((i) => this.pictures.ahead(this.images[i], () => this.wanted()));
  }

  drawn(pane) {
    const { marking, toolbar } = this;
    this.inks.get(pane).draw(marking.of(pane), marking.selected, marking.draft(pane));
    if (pane !== this.active) return;
    toolbar.press("fit", pane.fitted);
    toolbar.press("actual", pane.atActualSize);
  }

  // What marks ask of it.
  send(changes) { this.setTriggerValue("changes", changes); }

  complain(sentence) {
    this.$("#trouble").hidden = !sentence;
    this.$("#trouble p").textContent = sentence;
  }

  redraw() {
    if (!this.data) return;
    if (!this.pair.on) [this.active] = this.panes;
    for (const pane of this.panes) {
      pane.draw();
      pane.node.classList.toggle("active", this.pair.mode === "beside" && pane === this.active);
      this.banner(pane);
    }
    this.strip.mark(this.index, this.pair.other, (image) => Boolean(this.marking.unusable(image)));
    this.tools();
  }

  banner(pane) {
    const mark = this.marking.unusable(pane.image);
    pane.$("banner").hidden = !mark;
    pane.$("banner").textContent = mark ? `Marked unusable by ${mark.mine ? "you" : mark.by}` : "";
  }

  tools() {
    const { toolbar, active, pair, marking } = this;
    toolbar.show([...TOOLS, "undo", "unusable"], marking.may);
    toolbar.show(["compare", "blink"], this.images.length > 1);
    for (const name of TOOLS) toolbar.press(name, marking.pen.tool === name);
    toolbar.allow("undo", marking.own(active));
    toolbar.press("unusable", marking.unusable(active.image));
    toolbar.press("hide", marking.hidden);
    toolbar.press("compare", pair.mode === "beside");
    toolbar.press("blink", pair.mode === "blink");
    const { dataset } = this.$("#panes");
    dataset.tool = marking.pen.tool ?? "";
    dataset.hidden = marking.hidden;
  }

  setPair(mode) {
    this.marking.leave();
    this.pair.toggle(mode);
  }

  leave() {
    if (this.marking.pen.tool) this.marking.leave();
    else if (this.pair.on) this.pair.set("single");
  }

  close() {
    this.off.abort();
    clearTimeout(this.teller);
    this.panes.forEach((pane) => pane.close());
    this.pair.close();
    this.marking.close();
    this.pictures.clear();
  }
}

export default function (component) {
  const root = component.parentElement;
  let viewer = viewers.get(root);
  if (!viewer) {
    viewer = new Viewer(root);
    viewers.set(root, viewer);
  }
  viewer.update(component);
  return () => {
    viewer.close();
    viewers.delete(root);
  };
}
