// One image on one stage: loaded at full resolution, zoomed and moved.

import { Pictures } from "./pictures.js";

export const STEP = 1.25;
const CLOSEST = 16;      // screen px per image px
const PROBLEM = "The image could not be shown. Check the network, then try again.";

export class Pane {
  // `owner` has: pictures, wanted(), renew(pane), changed(pane), placed(pane).
  constructor(node, owner) {
    this.node = node;
    this.owner = owner;
    this.$ = (name) => node.querySelector(`.${name}`);
    this.stage = this.$("stage");
    this.canvas = this.$("canvas");
    this.view = { scale: 1, x: 0, y: 0, fitted: true };
    this.resized = new ResizeObserver(() => (this.view.fitted ? this.fit() : this.draw()));
    this.resized.observe(this.stage);
  }

  show(image, label) {
    this.image = image;
    this.tried = null;
    this.$("label").textContent = label;
    this.$("wait").textContent = image ? "" : "There are no images yet.";
    this.$("problem").hidden = true;
    if (image) this.load();
    else this.canvas.replaceChildren();
  }

  load() {
    const image = this.image;
    this.$("problem").hidden = true;
    const ready = this.owner.pictures.get(image.id);
    if (ready) return this.loaded(ready, image);
    this.placeholder(image);
    this.$("wait").textContent = "Loading the image…";
    this.owner.pictures.load(image, () => this.owner.wanted())
      .then((picture) => this.loaded(picture, image, !this.view.fitted), () => this.failed(image));
  }

  // The thumbnail stands in, stretched, so that something is there at once.
  placeholder(image) {
    const small = Pictures.fetch(image.thumb_url, image.alt);
    small.style.width = `${image.width}px`;
    small.style.height = `${image.height}px`;
    small.className = "placeholder";
    this.put(small, image);
  }

  // `moved`: somebody zoomed in while the thumbnail stood in; there they stay.
  loaded(picture, image, moved = false) {
    if (this.image?.id !== image.id) return;
    this.$("wait").textContent = "";
    this.put(picture, image, moved);
    this.owner.placed(this);
  }

  put(picture, image, moved = false) {
    this.canvas.replaceChildren(picture);
    const full = picture.className !== "placeholder";
    this.size = { width: (full && picture.naturalWidth) || image.width,
      height: (full && picture.naturalHeight) || image.height };
    if (moved) this.draw();
    else this.fit();
  }

  // An address lives two minutes: most often the first failure is an old one, and a
  // rerun brings a new one without anyone noticing.
  failed(image) {
    if (this.image?.id !== image.id) return;
    if (this.tried !== image.id) return this.again();
    this.$("wait").textContent = "";
    this.$("problem").querySelector("p").textContent = PROBLEM;
    this.$("problem").hidden = false;
    this.owner.placed(this);
  }

  again() {
    this.tried = this.image.id;
    this.renewing = true;
    this.$("problem").hidden = true;
    this.$("wait").textContent = "Loading the image…";
    this.owner.renew();
  }

  // The data came anew: the same image, perhaps at an address that works.
  refresh(image) {
    this.image = image;
    if (this.renewing) this.load();
    this.renewing = false;
  }

  fitScale() {
    const { clientWidth, clientHeight } = this.stage;
    return Math.min(clientWidth / this.size.width, clientHeight / this.size.height);
  }

  fit() {
    if (!this.size) return;
    this.view = { scale: this.fitScale(), fitted: true };
    this.changed();
  }

  actual(at) { this.zoom(1 / devicePixelRatio / this.view.scale, at); }

  zoom(factor, at) {
    if (!this.size) return;
    const [cx, cy] = at ?? this.middle();
    const least = Math.min(this.fitScale(), 1);
    const scale = Math.min(CLOSEST, Math.max(least, this.view.scale * factor));
    const by = scale / this.view.scale;
    this.view = { scale, x: cx - (cx - this.view.x) * by, y: cy - (cy - this.view.y) * by, fitted: scale <= this.fitScale() };
    this.changed();
  }

  pan(dx, dy) {
    if (!this.size) return;
    this.view.x += dx;
    this.view.y += dy;
    this.changed();
  }

  changed() {
    this.draw();
    this.owner.changed(this);
  }

  // Where one looks, relative to the image's size: what two linked panes share.
  relative() {
    const [cx, cy] = this.middle();
    const { scale, x, y, fitted } = this.view;
    return { zoom: scale / this.fitScale(), fitted,
      u: (cx - x) / scale / this.size.width, v: (cy - y) / scale / this.size.height };
  }

  follow({ zoom, u, v, fitted }) {
    if (!this.size) return;
    const [cx, cy] = this.middle();
    const scale = this.fitScale() * zoom;
    this.view = { scale, fitted, x: cx - u * this.size.width * scale, y: cy - v * this.size.height * scale };
    this.draw();
  }

  // Smaller than the stage: centred. Larger: no further than its own edge.
  held(at, stage, image) {
    return image <= stage ? (stage - image) / 2 : Math.min(0, Math.max(stage - image, at));
  }

  draw() {
    if (!this.size) return;
    const { scale, x, y, fitted } = this.view;
    this.view.x = this.held(x ?? 0, this.stage.clientWidth, this.size.width * scale);
    this.view.y = this.held(y ?? 0, this.stage.clientHeight, this.size.height * scale);
    this.canvas.style.transform = `translate(${this.view.x}px, ${this.view.y}px) scale(${scale})`;
    this.canvas.dataset.close = scale * devicePixelRatio > 3;
    this.$("level").textContent = `${Math.round(scale * devicePixelRatio * 100)} %`;
    // Fitted, a thumb scrolls the page past the image; zoomed in, it moves the image.
    this.stage.style.touchAction = fitted && !this.owner.drawing() ? "pan-y" : "none";
    this.owner.drawn(this);
  }

  get fitted() { return this.view.fitted; }

  get atActualSize() { return Math.abs(this.view.scale * devicePixelRatio - 1) < 0.001; }

  middle() { return [this.stage.clientWidth / 2, this.stage.clientHeight / 2]; }

  // From the page to the stage, and between the stage and the image's own pixels.
  place(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  toImage([x, y]) {
    const inside = (at, most) => Math.round(Math.min(most, Math.max(0, at)) * 10) / 10;
    return [inside((x - this.view.x) / this.view.scale, this.size.width),
      inside((y - this.view.y) / this.view.scale, this.size.height)];
  }

  toStage([x, y]) {
    return [x * this.view.scale + this.view.x, y * this.view.scale + this.view.y];
  }

  close() { this.resized.disconnect(); }
}
