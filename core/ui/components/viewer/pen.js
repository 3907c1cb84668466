// Drawing a mark, by mouse, finger or keyboard alone: points, one after the other.

const NUDGE = 2;         // screen px an arrow key moves the cross-hair
const FAST = 24;
const NEAR = 8;          // screen px: the same place
const EDGE = 24;
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const HINTS = {
  measure: "Measure: set two points.",
  arrow: "Arrow: from where, then to what it points at.",
  scale: "Scale: draw along a ruler.",
  outline: "Outline: set points round it; Enter or a double click closes.",
};
const KEYS = " Click or drag, or use arrow keys and Space.";

export class Pen {
  // `owner` has: redraw(), say(words), finish(pane, kind, points), selected.
  constructor(owner) {
    this.owner = owner;
    this.drop();
  }

  drop() {
    Object.assign(this, { tool: null, pane: null, points: [], cross: null, keyboard: false, pressed: false });
  }

  take(tool, pane) {
    this.drop();
    Object.assign(this, { tool, pane, keyboard: true, cross: pane.toImage(pane.middle()) });
    this.owner.selected = null;
    this.owner.say(HINTS[tool] + (tool === "outline" ? "" : KEYS));
    this.owner.redraw();
  }

  leave() {
    if (!this.tool) return;
    this.drop();
    this.owner.say("");
    this.owner.redraw();
  }

  select(mark) {
    this.owner.selected = mark && mark !== this.owner.selected ? mark : null;
    this.owner.redraw();
  }

  get twoPoints() { return this.tool !== "outline"; }

  near(at, point) {
    const [x, y] = this.pane.toStage(point);
    return Math.hypot(at[0] - x, at[1] - y) < NEAR;
  }

  down(pane, at) {
    if (!this.tool) return;
    if (pane !== this.pane) Object.assign(this, { pane, points: [] });
    Object.assign(this, { keyboard: false, pressed: true });
    const round = !this.twoPoints && this.points.length > 2 && this.near(at, this.points[0]);
    if (round) return this.close();
    this.set(pane.toImage(at));
  }

  hover(pane, at) {
    if (!this.tool || pane !== this.pane) return;
    Object.assign(this, { keyboard: false, cross: pane.toImage(at) });
    this.owner.redraw();
  }

  // A drag is both points of a line at once; after a click the second one follows.
  up(pane, at, still) {
    if (this.pressed && !still && this.twoPoints && this.points.length === 1) this.set(pane.toImage(at));
    this.pressed = false;
  }

  lift() {
    if (this.pressed) this.back();
    this.pressed = false;
  }

  set(point) {
    const last = this.points.at(-1);
    if (last && this.near(this.pane.toStage(point), last)) return;
    this.points.push(point);
    this.cross = point;
    if (this.twoPoints && this.points.length === 2) this.done();
    else this.owner.redraw();
  }

  back() {
    this.points.pop();
    this.owner.redraw();
  }

  close() {
    if (this.twoPoints || this.points.length < 3) return;
    this.done();
  }

  done() {
    const { pane, tool, points } = this;
    this.leave();
    this.owner.finish(pane, tool, points);
  }

  // Whether the key was the pen's.
  key(event) {
    const acts = {
      " ": () => this.set(this.cross), Backspace: () => this.back(), Escape: () => this.leave(),
      Enter: () => (!this.twoPoints && this.points.length > 2 ? this.close() : this.set(this.cross)),
    };
    const way = WAYS[event.key];
    if (!this.tool || (!way && !acts[event.key])) return false;
    if (way) this.steer(way, event.shiftKey ? FAST : NUDGE);
    else acts[event.key]();
    return true;
  }

  steer([dx, dy], by) {
    const { pane } = this;
    const at = pane.toStage(this.cross);
    const to = [at[0] + dx * by, at[1] + dy * by];
    this.cross = pane.toImage(to);
    this.keyboard = true;
    this.follow(pane.toStage(this.cross));
  }

  // The image moves along where the cross-hair would leave the stage.
  follow([x, y]) {
    const { clientWidth, clientHeight } = this.pane.stage;
    const over = (at, most) => Math.min(0, at - EDGE) + Math.max(0, at - most + EDGE);
    const [dx, dy] = [over(x, clientWidth), over(y, clientHeight)];
    if (dx || dy) this.pane.pan(-dx, -dy);
    this.owner.redraw();
  }
}
