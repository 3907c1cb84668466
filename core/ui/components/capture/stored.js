// Pictures that exist already: chosen or dropped, sent as they are, one after the other.

import { Outbox, Upload } from "./upload.js";

// By name as well: several browsers give a HEIC file no type at all.
const PICTURE = /\.(jpe?g|png|webp|hei[cf]|avif|tiff?)$/i;
const NOT_A_PICTURE = "This is not a picture this service can read. Choose JPEG, PNG, HEIC, WebP, AVIF or TIFF.";

const trays = new WeakMap();

function piece(tag, className, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

// One line of the list: a file, how far it is, what became of it.
class Row {
  constructor(file, retry) {
    this.item = piece("li", "file");
    this.state = piece("p", "state");
    this.track = piece("div", "track");
    this.track.setAttribute("role", "progressbar");
    this.track.setAttribute("aria-label", `Sending ${file.name}`);
    this.track.append(piece("span", ""));
    this.again = piece("button", "again", "Try again");
    this.again.type = "button";
    this.again.setAttribute("aria-label", `Try again: ${file.name}`);
    this.again.addEventListener("click", retry);
    this.item.append(piece("p", "name", file.name), this.track, this.state, this.again);
    this.show("waiting", "Waiting");
  }

  show(kind, text, again = false) {
    this.item.dataset.state = kind;
    this.state.textContent = text;
    this.again.hidden = !again;
    this.track.hidden = kind !== "sending";
  }

  progress(share) {
    this.track.firstElementChild.style.width = `${Math.round(share * 100)}%`;
    this.track.setAttribute("aria-valuenow", Math.round(share * 100));
  }
}

class Tray {
  constructor(root) {
    this.$ = (id) => root.querySelector(id);
    this.outbox = new Outbox();
    this.waiting = [];
    this.working = false;
    this.counts = { sent: 0, failed: 0 };
    this.off = new AbortController();
    this.wire();
  }

  update({ data, setTriggerValue }) {
    this.data = data;
    this.setTriggerValue = setTriggerValue;
    this.$("#title").textContent = data.label;
  }

  wire() {
    const { signal } = this.off;
    const files = this.$("#files"), zone = this.$("#zone");
    const on = (what, event, act) => what.addEventListener(event, act, { signal });
    on(this.$("#choose"), "click", () => files.click());
    on(files, "change", () => { this.add(files.files); files.value = ""; });
    on(zone, "dragover", (e) => { e.preventDefault(); zone.dataset.over = ""; });
    on(zone, "dragleave", () => delete zone.dataset.over);
    on(zone, "drop", (e) => { e.preventDefault(); delete zone.dataset.over; this.add(e.dataTransfer.files); });
    // A picture dropped beside the zone would replace the page and what was typed on it.
    on(window, "dragover", (e) => e.preventDefault());
    on(window, "drop", (e) => e.preventDefault());
    this.$("#choose").disabled = false;
  }

  add(files) {
    for (const file of files) {
      const job = { file, upload: new Upload(file, { source: "stored", fileName: file.name }) };
      job.row = new Row(file, () => this.retry(job));
      this.$("#list").append(job.row.item);
      if (PICTURE.test(file.name) || file.type.startsWith("image/")) this.waiting.push(job);
      else this.fail(job, { sentence: NOT_A_PICTURE, again: false });
    }
    this.work();
  }

  retry(job) {
    if (job.upload.underWay || this.waiting.includes(job)) return;
    this.counts.failed--;
    job.row.show("waiting", "Waiting");
    this.waiting.push(job);
    this.work();
  }

  // One at a time: a practice's line is narrow upwards, and a finished picture is worth
  // more than five half sent.
  async work() {
    if (this.working) return;
    this.working = true;
    const results = [];
    while (this.waiting.length) {
      const result = await this.one(this.waiting.shift());
      if (result) results.push(result);
    }
    this.working = false;
    this.tally();
    if (results.length) this.outbox.report(this.setTriggerValue, results);
  }

  async one(job) {
    job.row.show("sending", "Sending…");
    this.tally();
    const target = { url: this.data.upload_url, ticket: this.data.ticket };
    const result = await job.upload.send(target, (share) => {
      job.row.progress(share);
      if (share === 1) job.row.show("sending", "Checking the picture…");
    });
    if (!result.answer) return this.fail(job, result);
    const { width, height, advice } = result.answer;
    this.counts.sent++;
    job.row.show("done", [`Sent: ${width} × ${height}.`, ...advice].join(" "));
    return result.answer;
  }

  fail(job, { sentence, again, expired }) {
    this.counts.failed++;
    job.row.show("failed", sentence, again);
    this.tally();
    // The rerun brings a new ticket, which the next try uses.
    if (expired) this.setTriggerValue("renew", job.upload.id);
    return null;
  }

  tally() {
    const { sent, failed } = this.counts;
    const left = this.waiting.length;
    const parts = [sent && `${sent} sent`, failed && `${failed} not sent`, left && `${left} waiting`];
    this.$("#tally").textContent = parts.filter(Boolean).join(", ");
  }

  close() { this.off.abort(); }
}

export default function (component) {
  const root = component.parentElement;
  let tray = trays.get(root);
  if (!tray) {
    tray = new Tray(root);
    trays.set(root, tray);
  }
  tray.update(component);
  return () => {
    tray.close();
    trays.delete(root);
  };
}
