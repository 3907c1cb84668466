// Two images: side by side with one movement, or in turn in the same place.

import { partner } from "./pictures.js";

const TURN_MS = 1000;

export class Pair {
  // `viewer` has: $, images, index, panes, redraw().
  constructor(viewer, on) {
    this.viewer = viewer;
    this.mode = "single";
    this.linked = true;
    this.$ = viewer.$;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    on(this.$("#other"), "change", (e) => this.choose(Number(e.target.value)));
    on(this.$("#linked"), "click", () => this.link(!this.linked));
    on(this.$("#pause"), "click", () => this.pause());
  }

  get on() { return this.mode !== "single"; }

  get other() { return this.on ? this.index : -1; }

  toggle(mode) { this.set(this.mode === mode ? "single" : mode); }

  set(mode) {
    if (mode !== "single" && this.viewer.images.length < 2) return;
    this.mode = mode;
    this.$("#panes").dataset.mode = mode;
    this.$("#pair").hidden = !this.on;
    this.$("#linked").hidden = mode !== "beside";
    this.$("#pause").hidden = mode !== "blink";
    this.viewer.panes[1].node.hidden = !this.on;
    if (!this.on) this.own = null;
    this.match();
    this.blink(mode === "blink");
    this.viewer.redraw();
  }

  // The other image beside the one that is chosen: as asked for, else its partner.
  match() {
    const { images, index, panes } = this.viewer;
    if (!this.on || images.length < 2) return panes[1].show(null, "");
    const asked = images.findIndex((image) => image.id === this.own);
    this.index = asked >= 0 && asked !== index ? asked : partner(images, index);
    this.list(images, index);
    const image = images[this.index];
    if (panes[1].image?.id !== image.id) panes[1].show(image, this.viewer.label(this.index));
  }

  list(images, index) {
    const options = images.map((image, i) => new Option(`${i + 1}: ${image.label}`, i, false, i === this.index));
    this.$("#other").replaceChildren(...options.filter((_, i) => i !== index));
  }

  choose(i) {
    const { images, index } = this.viewer;
    if (!this.on || !images[i] || i === index) return;
    this.own = images[i].id;
    this.match();
    this.viewer.redraw();
  }

  link(linked) {
    this.linked = linked;
    this.$("#linked").setAttribute("aria-pressed", linked);
    if (linked) this.follow(this.viewer.panes[0]);
  }

  // The pane that was moved leads; in a blink the two are always one.
  follow(leader) {
    if (!this.on || (this.mode === "beside" && !this.linked)) return;
    const follower = this.viewer.panes.find((pane) => pane !== leader);
    if (leader.size && follower.image) follower.follow(leader.relative());
  }

  blink(running) {
    clearInterval(this.timer);
    this.$("#panes").dataset.face = "first";
    this.paused = this.still.matches;
    if (running) this.turn();
    if (running && !this.paused) this.timer = setInterval(() => this.turn(), TURN_MS);
    this.say();
  }

  turn() {
    const panes = this.$("#panes");
    panes.dataset.face = panes.dataset.face === "first" ? "second" : "first";
  }

  // Who asked for less motion turns the images over themselves.
  pause() {
    if (this.mode !== "blink") return;
    if (this.still.matches) return this.turn();
    this.paused = !this.paused;
    clearInterval(this.timer);
    if (!this.paused) this.timer = setInterval(() => this.turn(), TURN_MS);
    this.say();
  }

  say() {
    const word = this.paused ? "Go on" : "Pause";
    this.$("#pause").textContent = this.still.matches ? "Other image" : word;
  }

  close() { clearInterval(this.timer); }
}
