// The marks: those that Python knows, and the changes that it has not answered yet.

const AGAIN_MS = 5000;
const GIVE_UP_MS = 30000;
const LOST = "The change could not be saved. Check the network, then do it again.";

// crypto.randomUUID is missing where a page came without encryption.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Book {
  // `owner` has: send(changes), complain(sentence), redraw().
  constructor(owner) {
    this.owner = owner;
    this.known = [];
    this.pending = [];
  }

  receive({ marks, answered }) {
    this.known = marks;
    for (const change of this.pending.filter((one) => one.id in answered)) {
      this.forget(change);
      if (answered[change.id]) this.owner.complain(answered[change.id]);
    }
  }

  forget(change) { this.pending = this.pending.filter((one) => one !== change); }

  // The marks of one image as the person sees them, those on their way included.
  of(image) {
    const shown = new Map(this.known.filter((one) => one.image === image).map((one) => [one.id, one]));
    for (const change of this.pending) {
      if (change.removed) shown.delete(change.mark);
      else if (change.image === image) this.add(shown, change);
    }
    return [...shown.values()];
  }

  // As on the other side: one scale and one "unusable" by one person.
  add(shown, { mark, image, kind, content }) {
    if (kind === "scale" || kind === "unusable") {
      for (const old of shown.values()) if (old.mine && old.kind === kind) shown.delete(old.id);
    }
    shown.set(mark, { id: mark, image, kind, ...content, by: "you", mine: true, unsaved: true });
  }

  draw(image, kind, content) {
    this.change({ mark: newId(), removed: false, image, kind, content });
  }

  remove(mark) { this.change({ mark, removed: true }); }

  change(what) {
    this.pending.push({ id: newId(), ...what, since: Date.now() });
    this.send();
    this.owner.redraw();
  }

  // All that is unanswered, so that a message that got lost takes nothing with it.
  send() {
    clearTimeout(this.timer);
    if (!this.pending.length) return;
    this.owner.send(this.pending.map(({ since, ...change }) => change));
    this.timer = setTimeout(() => this.late(), AGAIN_MS);
  }

  late() {
    const lost = this.pending.filter((one) => Date.now() - one.since > GIVE_UP_MS);
    lost.forEach((change) => this.forget(change));
    if (lost.length) {
      this.owner.complain(LOST);
      this.owner.redraw();
    }
    this.send();
  }

  close() { clearTimeout(this.timer); }
}
