// Looks closely at images, each at its full resolution and from its own address.

const STEP = 1.25;
const CLOSEST = 16;      // screen px per image px
const NUDGE = 60;        // px an arrow key moves
const PROBLEM = "The image could not be shown. Check the network, then try again.";

const viewers = new WeakMap();

function button(className, label) {
  const node = document.createElement("button");
  node.type = "button";
  node.className = className;
  node.setAttribute("aria-label", label);
  return node;
}

class Viewer {
  constructor(root) {
    this.$ = (id) => root.querySelector(id);
    this.stage = this.$("#stage");
    this.pictures = new Map();      // image id -> decoded <img>: an address is minted anew, a picture is not
    this.view = { scale: 1, x: 0, y: 0, fitted: true };
    this.fingers = new Map();
    this.off = new AbortController();
    this.wire();
  }

  update({ data, setStateValue, setTriggerValue }) {
    const first = !this.data;
    const asked = !first && data.selected !== this.data.selected && data.selected !== this.index;
    this.data = data;
    this.setStateValue = setStateValue;
    this.setTriggerValue = setTriggerValue;
    this.stage.style.height = `min(${data.height}px, 100vw)`;
    this.drawStrip();
    const still = data.images.some((image) => image.id === this.current?.id);
    if (asked) this.choose(data.selected);
    else if (first || !still) this.show(data.images[data.selected] ? data.selected : 0);
    else if (this.renewing) this.load(this.current = data.images.find((image) => image.id === this.current.id));
    this.renewing = false;
  }

  wire() {
    const { signal } = this.off;
    const on = (what, event, act, options = {}) => what.addEventListener(event, act, { signal, ...options });
    on(this.$("#in"), "click", () => this.zoom(STEP));
    on(this.$("#out"), "click", () => this.zoom(1 / STEP));
    on(this.$("#fit"), "click", () => this.fit());
    on(this.$("#actual"), "click", () => this.actual());
    on(this.$("#again"), "click", () => this.renew());
    on(this.stage, "wheel", (e) => this.wheel(e), { passive: false });
    on(this.stage, "dblclick", (e) => (this.view.fitted ? this.actual(this.place(e)) : this.fit()));
    on(this.stage, "pointerdown", (e) => this.down(e));
    on(this.stage, "pointermove", (e) => this.move(e));
    for (const end of ["pointerup", "pointercancel"]) on(this.stage, end, (e) => this.fingers.delete(e.pointerId));
    on(this.stage, "keydown", (e) => this.stageKey(e));
    on(document, "keydown", (e) => this.number(e));
    // Until here a click would have gone nowhere.
    this.$("#tools").querySelectorAll("button").forEach((node) => { node.disabled = false; });
    this.resized = new ResizeObserver(() => (this.view.fitted ? this.fit() : this.draw()));
    this.resized.observe(this.stage);
  }

  drawStrip() {
    const { images } = this.data;
    const strip = this.$("#strip");
    strip.hidden = images.length < 2;
    const ids = images.map((image) => image.id).join(" ");
    if (strip.dataset.ids === ids) return;
    strip.dataset.ids = ids;
    strip.replaceChildren(...images.map((image, i) => this.thumb(image, i)));
  }

  thumb(image, i) {
    const node = button("thumb", `Image ${i + 1}: ${image.label}`);
    const small = new Image();
    small.alt = "";
    small.src = image.thumb_url;
    small.addEventListener("error", () => { small.hidden = true; });
    const number = document.createElement("span");
    number.textContent = i + 1;
    node.append(small, number);
    node.addEventListener("click", () => this.choose(i));
    return node;
  }

  choose(i) {
    if (!this.data.images[i] || i === this.index) return;
    this.show(i);
    this.setStateValue("selected", i);
  }

  show(i) {
    const image = this.data.images[i];
    this.index = i;
    this.$("#strip").querySelectorAll("button").forEach((node, n) => {
      if (n === i) node.setAttribute("aria-current", "true");
      else node.removeAttribute("aria-current");
    });
    this.$("#strip").children[i]?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.$("#label").textContent = image ? `${i + 1} of ${this.data.images.length}: ${image.label}` : "";
    this.current = image;
    this.$("#wait").textContent = image ? "" : "There are no images yet.";
    if (image) this.load(image);
    else this.$("#canvas").replaceChildren();
  }

  load(image) {
    this.$("#problem").hidden = true;
    const ready = this.pictures.get(image.id);
    if (ready) return this.put(ready, image);
    this.placeholder(image);
    this.$("#wait").textContent = "Loading the image…";
    const picture = this.fetch(image);
    picture.decode().then(() => this.loaded(picture, image), () => this.failed(image));
  }

  fetch(image) {
    const picture = new Image();
    picture.alt = image.alt;
    picture.draggable = false;
    picture.src = image.url;
    return picture;
  }

  // The thumbnail stands in, stretched, so that something is there at once.
  placeholder(image) {
    const small = this.fetch({ ...image, url: image.thumb_url });
    small.style.width = `${image.width}px`;
    small.style.height = `${image.height}px`;
    this.put(small, image);
    small.className = "placeholder";
  }

  loaded(picture, image) {
    this.keep(picture, image);
    if (this.current?.id !== image.id) return;
    this.tried = null;
    this.$("#wait").textContent = "";
    this.put(picture, image, this.view);
    this.ahead();
  }

  // A decoded image of 12 megapixels takes 48 MB: a few at a time.
  keep(picture, image) {
    this.pictures.set(image.id, picture);
    const oldest = this.pictures.keys().next().value;
    if (this.pictures.size > 4 && oldest !== this.current?.id) this.pictures.delete(oldest);
  }

  ahead() {
    const next = this.data.images[this.index + 1];
    if (!next || this.pictures.has(next.id)) return;
    const picture = this.fetch(next);
    picture.decode().then(() => this.keep(picture, next), () => {});
  }

  put(picture, image, view = null) {
    this.$("#canvas").replaceChildren(picture);
    this.size = { width: picture.className ? image.width : picture.naturalWidth || image.width,
      height: picture.className ? image.height : picture.naturalHeight || image.height };
    if (view && !view.fitted) this.draw();
    else this.fit();
  }

  // An address lives two minutes: most often the first failure is an old one, and a
  // rerun brings a new one without anyone noticing.
  failed(image) {
    if (this.current?.id !== image.id) return;
    if (this.tried !== image.id) return this.renew();
    this.$("#wait").textContent = "";
    this.$("#problem p").textContent = PROBLEM;
    this.$("#problem").hidden = false;
  }

  renew() {
    this.tried = this.current.id;
    this.renewing = true;
    this.$("#problem").hidden = true;
    this.$("#wait").textContent = "Loading the image…";
    this.setTriggerValue("renew", String(Date.now()));
  }

  fitScale() {
    const { clientWidth, clientHeight } = this.stage;
    return Math.min(clientWidth / this.size.width, clientHeight / this.size.height);
  }

  fit() {
    if (!this.size) return;
    this.view = { scale: this.fitScale(), fitted: true };
    this.draw();
  }

  actual(at) { this.zoom(1 / devicePixelRatio / this.view.scale, at); }

  zoom(factor, at) {
    if (!this.size) return;
    const { clientWidth, clientHeight } = this.stage;
    const [cx, cy] = at ?? [clientWidth / 2, clientHeight / 2];
    const least = Math.min(this.fitScale(), 1);
    const scale = Math.min(CLOSEST, Math.max(least, this.view.scale * factor));
    const by = scale / this.view.scale;
    this.view = { scale, x: cx - (cx - this.view.x) * by, y: cy - (cy - this.view.y) * by, fitted: scale <= this.fitScale() };
    this.draw();
  }

  pan(dx, dy) {
    this.view.x += dx;
    this.view.y += dy;
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
    this.$("#canvas").style.transform = `translate(${this.view.x}px, ${this.view.y}px) scale(${scale})`;
    this.$("#canvas").dataset.close = scale * devicePixelRatio > 3;
    this.$("#level").textContent = `${Math.round(scale * devicePixelRatio * 100)} %`;
    this.$("#fit").setAttribute("aria-pressed", fitted);
    this.$("#actual").setAttribute("aria-pressed", Math.abs(scale * devicePixelRatio - 1) < 0.001);
    // Fitted, a thumb scrolls the page past the image; zoomed in, it moves the image.
    this.stage.style.touchAction = fitted ? "pan-y" : "none";
  }

  place(event) {
    const box = this.stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  wheel(event) {
    if (event.target.closest?.("#problem")) return;
    event.preventDefault();
    this.zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY)) * 0.002), this.place(event));
  }

  down(event) {
    if (event.button || event.target.closest?.("button")) return;
    this.stage.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, this.place(event));
  }

  move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = this.place(event);
    if (this.fingers.size === 2) this.pinch(event.pointerId, before, now);
    else this.pan(now[0] - before[0], now[1] - before[1]);
    this.fingers.set(event.pointerId, now);
  }

  pinch(id, before, now) {
    const [, other] = [...this.fingers].find(([finger]) => finger !== id);
    const apart = (a) => Math.hypot(a[0] - other[0], a[1] - other[1]) || 1;
    this.zoom(apart(now) / apart(before), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
  }

  stageKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const acts = {
      "+": () => this.zoom(STEP), "=": () => this.zoom(STEP), "-": () => this.zoom(1 / STEP),
      0: () => this.fit(), f: () => this.fit(), a: () => this.actual(),
      ArrowLeft: () => this.pan(NUDGE, 0), ArrowRight: () => this.pan(-NUDGE, 0),
      ArrowUp: () => this.pan(0, NUDGE), ArrowDown: () => this.pan(0, -NUDGE),
    };
    if (!acts[event.key] || event.target !== this.stage) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  number(event) {
    const from = event.composedPath()[0];
    const typing = from.closest?.("input, textarea, select, [contenteditable=true]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    this.choose(Number(event.key) - 1);
  }

  close() {
    this.off.abort();
    this.resized.disconnect();
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
