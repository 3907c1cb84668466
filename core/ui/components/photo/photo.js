// One picture by the telephone's own camera app, or one that is there already. It is kept
// in the page until the service has it: whatever the connection does, nothing is lost.

import { Upload } from "../ozone.camera/upload.js";
import { DRAWINGS } from "./drawings.js";

// By name as well: several browsers give a HEIC file, and some films, no type at all.
const PICTURE = /\.(jpe?g|png|webp|hei[cf]|avif|tiff?)$/i;
const FILM = /\.(mp4|mov|m4v|avi|3gp|webm|mkv)$/i;
const LARGEST = 40_000_000;
const STALL_MS = 45_000;
const FIRST_WAIT_MS = 2_000, LONGEST_WAIT_MS = 30_000;

const photos = new WeakMap();

function line(text, kind) {
  const p = document.createElement("p");
  p.textContent = text;
  p.className = kind;
  return p;
}

class Photo {
  constructor(root) {
    this.$ = (id) => root.querySelector(`#${id}`);
    this.root = root.querySelector(".photo");
    this.off = new AbortController();
    this.upload = null;      // on its way, or waiting for a connection
    this.there = null;       // {image_id, advice}: what the service has
    this.tries = 0;
    this.wire();
  }

  update({ data, setTriggerValue }) {
    const ticket = this.data?.ticket;
    this.data = data;
    this.send = setTriggerValue;
    this.texts = data.texts;
    this.root.dir = data.direction;
    this.root.lang = data.language;
    for (const name of ["use", "retry", "choose"]) this.$(name).textContent = this.texts[name];
    this.$("track").setAttribute("aria-label", this.texts.progress);
    this.$("preview").alt = this.texts.preview;
    if (!this.upload && !this.there && data.taken) this.already(data.taken);
    this.draw();
    // The rerun brought a new ticket: the picture that waits for it goes now.
    if (ticket && ticket !== data.ticket && this.expired) this.go();
  }

  wire() {
    const { signal } = this.off;
    const on = (what, event, act) => what.addEventListener(event, act, { signal });
    on(this.$("take"), "click", () => this.$("camera").click());
    on(this.$("choose"), "click", () => this.$("files").click());
    on(this.$("retry"), "click", () => this.go());
    on(this.$("use"), "click", () => this.use());
    for (const name of ["camera", "files"]) {
      on(this.$(name), "change", (e) => { this.picked(e.target.files[0], name); e.target.value = ""; });
    }
    on(this.$("preview"), "error", () => { this.$("preview").hidden = true; this.$("file").hidden = false; });
    on(window, "online", () => { if (this.state === "waiting") this.go(); });
    on(window, "beforeunload", (e) => { if (this.upload) e.preventDefault(); });
    this.$("take").disabled = this.$("choose").disabled = false;
  }

  // -> idle | sending | waiting | failed | done
  get state() {
    if (this.upload) return this.upload.underWay ? "sending" : this.offline ? "waiting" : "failed";
    return this.there ? "done" : "idle";
  }

  already({ image_id, url, advice }) {
    this.there = { image_id, advice };
    this.show(url, "");
    this.judge();
  }

  picked(file, input) {
    if (!file || this.state === "sending") return;
    const sentence = this.unfit(file);
    if (sentence) return this.say([line(sentence, "problem")]);
    clearTimeout(this.timer);
    this.tries = 0;
    const source = input === "camera" ? "camera" : "stored";
    this.upload = new Upload(file, { source, fileName: file.name, sentences: this.texts, stall: STALL_MS });
    this.show(URL.createObjectURL(file), file.name);
    this.go();
    // What becomes of it is said below the picture: both have to be in view.
    this.root.scrollIntoView({ block: "start" });
  }

  unfit(file) {
    const { type, name, size } = file;
    if (type.startsWith("video/") || FILM.test(name)) return this.texts.video;
    if (!type.startsWith("image/") && !PICTURE.test(name)) return this.texts.not_a_picture;
    return size > LARGEST ? this.texts.large : "";
  }

  async go() {
    if (!this.upload || this.upload.underWay) return;
    clearTimeout(this.timer);
    this.expired = this.offline = false;
    this.progress(0);
    this.say([line(this.texts.sending, "")]);
    const upload = this.upload;
    const going = upload.send({ url: this.data.upload_url, ticket: this.data.ticket }, (share) => {
      this.progress(share);
      if (share === 1) this.say([line(this.texts.checking, "")]);
    });
    this.draw();
    const result = await going;
    if (this.upload !== upload) return;
    if (result.answer) this.arrived(result.answer);
    else this.failed(result);
  }

  arrived({ image_id, advice }) {
    this.upload = null;
    this.there = { image_id, advice };
    this.judge();
    this.draw();
    this.send("captured", image_id);
  }

  failed({ sentence, again, expired, network }) {
    this.offline = Boolean(network);
    this.expired = Boolean(expired);
    if (!again) this.upload = null;
    // Silence after a lost connection would look as if the picture were lost, too.
    this.say([line(network ? this.texts.waiting : sentence, "problem")]);
    if (expired) this.send("renew", `${Date.now()}`);
    else if (again) this.later();
    this.draw();
  }

  later() {
    const wait = Math.min(FIRST_WAIT_MS * 2 ** this.tries++, LONGEST_WAIT_MS);
    this.timer = setTimeout(() => { if (navigator.onLine) this.go(); else this.later(); }, wait);
  }

  use() {
    if (this.state !== "done") return;
    this.$("use").disabled = true;
    this.send("used", this.there.image_id);
  }

  judge() {
    const { advice } = this.there;
    this.say(advice.length ? advice.map((one) => line(one, "advice")) : [line(this.texts.good, "good")]);
  }

  say(lines) { this.$("said").replaceChildren(...lines); }

  show(url, name) {
    const old = this.$("preview").src;
    if (old.startsWith("blob:")) URL.revokeObjectURL(old);
    this.$("preview").hidden = false;
    this.$("file").hidden = true;
    this.$("file").textContent = name;
    this.$("preview").src = url;
  }

  progress(share) {
    const percent = Math.round(share * 100);
    this.$("track").firstElementChild.style.width = `${percent}%`;
    this.$("track").setAttribute("aria-valuenow", percent);
  }

  draw() {
    const { state } = this;
    const drawing = DRAWINGS[this.data.drawing];
    this.root.dataset.state = state;
    this.$("shown").hidden = state === "idle";
    this.$("track").hidden = state !== "sending";
    this.$("use").hidden = state !== "done";
    this.$("retry").hidden = state !== "waiting" && state !== "failed";
    this.$("take").hidden = state === "sending";
    this.$("choose").hidden = state === "sending";
    this.$("use").disabled = false;
    this.$("take").textContent = state === "idle" ? this.texts.take : this.texts.again;
    // The obvious button is the one that the remark asks for.
    const poor = state === "done" && this.there.advice.length > 0;
    this.$("take").classList.toggle("first", state === "idle" || poor);
    this.$("use").classList.toggle("first", !poor);
    this.$("use").classList.toggle("last", poor);
    this.$("example").hidden = !drawing || state !== "idle";
    if (drawing && !this.$("example").firstChild) {
      this.$("example").innerHTML = `<svg viewBox="0 0 320 180" role="img">${drawing}</svg>`;
    }
    this.$("example").firstElementChild?.setAttribute("aria-label", this.data.example);
  }

  close() {
    this.off.abort();
    clearTimeout(this.timer);
    this.upload = null;
    this.show("", "");
  }
}

export default function (component) {
  const root = component.parentElement;
  let photo = photos.get(root);
  if (!photo) {
    photo = new Photo(root);
    photos.set(root, photo);
  }
  photo.update(component);
  return () => {
    photo.close();
    photos.delete(root);
  };
}
