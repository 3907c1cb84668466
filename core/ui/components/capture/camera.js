// A camera of this computer: aim, take, send. Streamlit calls the default function again
// on every rerun with the same parentElement; the live picture must survive that.

import { judge } from "./meter.js";
import { Outbox, Upload } from "./upload.js";

const REMEMBERED = "ozone-camera";   // by name: a camera's id changes with site data and ports
const TICK = 250;

const PROBLEMS = {
  insecure: "The browser only allows the camera on a secure page. Open this page with an address that begins with https, or add stored pictures instead.",
  NotAllowedError: "The browser was not allowed to use the camera. Click the camera sign in the address bar, choose Allow, then try again.",
  NotFoundError: "No camera was found. Plug it in, then try again. You can also add stored pictures.",
  NotReadableError: "Another program is using the camera. Close it (a video call, the camera's own program), then try again.",
  lost: "The camera stopped. Check its cable, then try again. Pictures you have sent are safe.",
  other: "The camera could not be started. Unplug it and plug it in, then try again.",
};
PROBLEMS.SecurityError = PROBLEMS.NotAllowedError;
PROBLEMS.AbortError = PROBLEMS.NotReadableError;

const cameras = new WeakMap();

class Camera {
  constructor(root) {
    this.$ = (id) => root.querySelector(id);
    this.video = this.$("video");
    this.outbox = new Outbox();
    this.stream = null;
    this.upload = null;
    this.attempt = 0;
    this.busy = false;
    this.lost = false;
    this.word = { text: "", ticks: 0 };
    this.off = new AbortController();
    this.wire();
  }

  update({ data, setTriggerValue }) {
    this.data = data;
    this.setTriggerValue = setTriggerValue;
    this.$("#view").textContent = data.view_label;
    this.$("#guidance").textContent = data.guidance;
    this.$("#stage").style.maxHeight = `${data.height}px`;
    this.video.style.maxHeight = `${data.height}px`;
    this.$("#taken").style.maxHeight = `${data.height}px`;
  }

  wire() {
    const { signal } = this.off;
    const on = (what, event, act) => what.addEventListener(event, act, { signal });
    on(this.$("#start"), "click", () => this.start());
    on(this.$("#take"), "click", () => this.take());
    on(this.$("#again"), "click", () => this.send());
    on(this.$("#discard"), "click", () => this.discard());
    on(this.$("#device"), "change", () => this.start(this.$("#device").value));
    on(document, "keydown", (e) => this.key(e));
    if (navigator.mediaDevices) on(navigator.mediaDevices, "devicechange", () => this.changed());
    // Until here a click would have gone nowhere.
    this.$("#start").disabled = false;
    this.begin();
  }

  async begin() {
    if (!navigator.mediaDevices) return this.problem("insecure");
    // Firefox has no permission named camera: there the button does it.
    const state = await navigator.permissions?.query({ name: "camera" }).then((p) => p.state, () => "prompt");
    if (state === "granted") this.start();
  }

  async start(deviceId) {
    if (!navigator.mediaDevices) return this.problem("insecure");
    this.stop();
    const attempt = ++this.attempt;
    this.say("Starting the camera…");
    try {
      const stream = await this.open(deviceId ?? (await this.rememberedId()));
      if (attempt !== this.attempt || this.off.signal.aborted) return stream.getTracks().forEach((t) => t.stop());
      await this.show(stream, deviceId);
    } catch (error) {
      if (attempt === this.attempt) this.problem(error.name);
    }
  }

  async open(deviceId) {
    const largest = { width: { ideal: 8192 }, height: { ideal: 8192 }, resizeMode: "none" };
    const ask = (which) => navigator.mediaDevices.getUserMedia({ audio: false, video: { ...largest, ...which } });
    const anyBack = { facingMode: { ideal: "environment" } };
    if (!deviceId) return ask(anyBack);
    return ask({ deviceId: { exact: deviceId } }).catch((error) => {
      if (error.name === "OverconstrainedError") return ask(anyBack);
      throw error;
    });
  }

  async show(stream, chosen) {
    this.stream = stream;
    this.lost = false;
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => this.gone(track));
    this.video.srcObject = stream;
    await this.video.play();
    await this.list(track);
    // Names are hidden until the first permission: only now can the remembered one be known.
    const remembered = localStorage.getItem(REMEMBERED);
    const better = chosen ? null : await this.rememberedId();
    if (better && track.label !== remembered) return this.start(better);
    if (chosen || !remembered) localStorage.setItem(REMEMBERED, track.label);
    this.ready();
  }

  async devices() {
    return (await navigator.mediaDevices.enumerateDevices()).filter((d) => d.kind === "videoinput");
  }

  async rememberedId() {
    const name = localStorage.getItem(REMEMBERED);
    return name ? (await this.devices()).find((d) => d.label === name)?.deviceId : undefined;
  }

  async list(track) {
    const devices = await this.devices();
    const options = devices.map((d, i) => new Option(d.label || `Camera ${i + 1}`, d.deviceId));
    this.$("#device").replaceChildren(...options);
    this.$("#device").value = track.getSettings().deviceId ?? devices[0]?.deviceId;
    this.$("#devices").hidden = devices.length < 2;
  }

  ready() {
    this.$("#cover").hidden = true;
    this.$("#meter").hidden = false;
    this.$("#size").textContent = `${this.video.videoWidth} × ${this.video.videoHeight}`;
    this.$("#take").disabled = this.busy || Boolean(this.upload);
    clearInterval(this.timer);
    this.timer = setInterval(() => this.measure(), TICK);
  }

  measure() {
    if (document.hidden || !this.video.videoWidth || this.upload) return;
    const { word, level, share } = judge(this.video);
    this.word = word === this.word.text ? { text: word, ticks: this.word.ticks + 1 } : { text: word, ticks: 0 };
    const bar = this.$("#bar");
    bar.firstElementChild.style.width = `${Math.round(share * 100)}%`;
    bar.setAttribute("aria-valuenow", Math.round(share * 100));
    // A word that stood for half a second: fewer would flicker, and a screen reader would not stop.
    if (this.word.ticks < 2 && this.$("#word").textContent) return;
    if (this.$("#word").textContent !== word) this.$("#word").textContent = word;
    bar.setAttribute("aria-valuetext", word);
    this.$("#meter").dataset.level = level;
  }

  key(event) {
    const from = event.composedPath()[0];
    const typing = from.closest?.("input, textarea, select, button, a, [role=button], [contenteditable=true]");
    if (event.code !== "Space" || typing || event.repeat || this.$("#take").disabled) return;
    event.preventDefault();
    this.take();
  }

  async take() {
    if (this.busy || this.upload || !this.stream) return;
    this.busy = true;
    this.$("#take").disabled = true;
    const sheet = document.createElement("canvas");
    sheet.width = this.video.videoWidth;
    sheet.height = this.video.videoHeight;
    sheet.getContext("2d").drawImage(this.video, 0, 0);
    const device = this.stream.getVideoTracks()[0].label;
    const blob = await new Promise((done) => sheet.toBlob(done, "image/jpeg", 0.92));
    this.upload = new Upload(blob, { source: "camera", device });
    this.$("#taken").src = URL.createObjectURL(blob);
    this.$("#taken").hidden = false;
    await this.send();
  }

  async send() {
    if (!this.upload) return;
    this.busy = true;
    this.$("#again").disabled = true;
    this.$("#outcome").replaceChildren(line("Sending the picture…"));
    const result = await this.upload.send({ url: this.data.upload_url, ticket: this.data.ticket });
    this.busy = false;
    this.$("#again").disabled = false;
    if (result.answer) this.arrived(result.answer);
    else this.failed(result);
  }

  arrived(answer) {
    this.discard();
    const done = line(`Picture sent: ${answer.width} × ${answer.height}.`);
    done.className = "done";
    this.$("#outcome").replaceChildren(done, ...answer.advice.map(line));
    this.outbox.report(this.setTriggerValue, [answer]);
  }

  failed({ sentence, again, expired }) {
    this.$("#outcome").replaceChildren();
    this.$("#failure").textContent = sentence;
    this.$("#again").hidden = !again;
    this.$("#keep").hidden = false;
    this.$("#actions").hidden = true;
    this.$("#meter").hidden = true;
    this.$("#size").textContent = "Not sent yet";
    // The rerun brings a new ticket, which the next try uses.
    if (expired) this.setTriggerValue("renew", this.upload.id);
  }

  discard() {
    URL.revokeObjectURL(this.$("#taken").src);
    this.$("#taken").hidden = true;
    this.$("#taken").removeAttribute("src");
    this.$("#keep").hidden = true;
    this.$("#actions").hidden = false;
    this.upload = null;
    if (this.stream) this.ready();
  }

  say(sentence) {
    this.$("#sentence").textContent = sentence;
    this.$("#cover").hidden = false;
    this.$("#start").hidden = true;
  }

  problem(name) {
    this.stop();
    this.say(PROBLEMS[name] ?? PROBLEMS.other);
    this.$("#cover").dataset.problem = name;
    this.$("#start").hidden = name === "insecure";
    this.$("#start").textContent = "Try again";
  }

  gone(track) {
    if (!this.stream?.getTracks().includes(track)) return;
    this.lost = true;
    this.problem("lost");
  }

  async changed() {
    if (this.lost && (await this.rememberedId())) return this.start();
    if (!this.stream) return;
    const [track] = this.stream.getVideoTracks();
    const present = (await this.devices()).some((d) => d.deviceId === track.getSettings().deviceId);
    if (present) this.list(track);
    else this.gone(track);
  }

  stop() {
    clearInterval(this.timer);
    const { stream } = this;
    this.stream = null;
    stream?.getTracks().forEach((t) => t.stop());
    this.video.srcObject = null;
    this.$("#meter").hidden = true;
    this.$("#size").textContent = "";
    this.$("#take").disabled = true;
  }

  close() {
    this.off.abort();
    this.stop();
    URL.revokeObjectURL(this.$("#taken").src);
  }
}

function line(text) {
  const p = document.createElement("p");
  p.textContent = text;
  return p;
}

export default function (component) {
  const root = component.parentElement;
  let camera = cameras.get(root);
  if (!camera) {
    camera = new Camera(root);
    cameras.set(root, camera);
  }
  camera.update(component);
  return () => {
    camera.close();
    cameras.delete(root);
  };
}
