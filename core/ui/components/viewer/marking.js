// What one does with marks: draw, measure, remove, hide, call an image unusable.

import { Book } from "./book.js";
import { lengthInWords, pixelsPerMm } from "./ink.js";
import { Pen } from "./pen.js";
import { Ruler } from "./ruler.js";

export const TOOLS = ["measure", "outline", "arrow", "scale"];
const NO_SCALE = " Set the scale first (k) to measure in mm.";
const DRAWN = { outline: "Outline drawn.", arrow: "Arrow drawn." };

export class Marking {
  // `viewer` has: $, active, pair, redraw(), send(changes), complain(sentence).
  constructor(viewer, on) {
    this.viewer = viewer;
    this.$ = viewer.$;
    this.may = false;
    this.hidden = false;
    this.selected = null;
    this.book = new Book(this);
    this.pen = new Pen(this);
    this.ruler = new Ruler(this, on);
  }

  receive(data) {
    this.may = data.may_mark;
    this.book.receive(data);
  }

  redraw() { this.viewer.redraw(); }

  send(changes) { this.viewer.send(changes); }

  complain(sentence) { this.viewer.complain(sentence); }

  say(words) { this.$("#said").textContent = words; }

  of(pane) { return pane.image ? this.book.of(pane.image.id) : []; }

  unusable(image) { return image && this.book.of(image.id).find((one) => one.kind === "unusable"); }

  // The mark that "remove" means: the one that was clicked, else one's own last.
  own(pane) {
    const mine = this.of(pane).filter((one) => one.mine && one.kind !== "unusable");
    return mine.find((one) => one.id === this.selected) ?? mine.at(-1);
  }

  draft(pane) { return this.pen.pane === pane ? this.pen : this.ruler.draft(pane); }

  tool(name) {
    const { viewer } = this;
    if (!this.may || !viewer.active.size) return;
    if (this.pen.tool === name) return this.leave();
    if (viewer.pair.mode === "blink") viewer.pair.set("single");
    this.ruler.cancel();
    this.hidden = false;
    viewer.active.stage.focus({ preventScroll: true });
    this.pen.take(name, viewer.active);
  }

  leave() {
    this.pen.leave();
    this.ruler.cancel();
    this.say("");
  }

  finish(pane, kind, points) {
    if (kind === "scale") return this.ruler.ask(pane, points);
    this.keep(pane, kind, { points });
    if (kind !== "measure") return this.say(DRAWN[kind]);
    const perMm = pixelsPerMm(this.of(pane));
    this.say(`Measured ${lengthInWords(points, perMm)}.${perMm ? "" : NO_SCALE}`);
  }

  keep(pane, kind, content) {
    this.complain("");
    this.book.draw(pane.image.id, kind, content);
  }

  removeLast() {
    const mark = this.may && this.own(this.viewer.active);
    if (!mark) return;
    this.selected = null;
    this.complain("");
    this.book.remove(mark.id);
    this.say("Mark removed.");
  }

  toggleHidden() {
    this.hidden = !this.hidden;
    this.say(this.hidden ? "Marks are hidden." : "");
    this.redraw();
  }

  toggleUnusable() {
    const { active } = this.viewer;
    if (!this.may || !active.image) return;
    const mark = this.unusable(active.image);
    if (!mark) this.keep(active, "unusable", { points: [] });
    else if (mark.mine) this.book.remove(mark.id);
    else this.say(`${mark.by} marked it, and alone can take that back.`);
  }

  close() { this.book.close(); }
}
