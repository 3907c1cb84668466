// Wheel, mouse and fingers on a pane: they move the image, or the pen draws.

const STILL = 6;         // px a click may tremble

export class Hands {
  constructor(pane, pen, on) {
    this.pane = pane;
    this.pen = pen;
    this.fingers = new Map();
    const { stage } = pane;
    on(stage, "wheel", (e) => this.wheel(e), { passive: false });
    on(stage, "dblclick", (e) => this.twice(e));
    on(stage, "pointerdown", (e) => this.down(e));
    on(stage, "pointermove", (e) => this.move(e));
    on(stage, "pointerup", (e) => this.up(e));
    on(stage, "pointercancel", (e) => this.fingers.delete(e.pointerId));
  }

  wheel(event) {
    if (event.target.closest?.(".problem")) return;
    event.preventDefault();
    this.pane.zoom(Math.exp(-Math.max(-120, Math.min(120, event.deltaY)) * 0.002), this.pane.place(event));
  }

  twice(event) {
    if (event.target.closest?.(".problem, button")) return;
    if (this.pen.tool) this.pen.close();
    else if (this.pane.fitted) this.pane.actual(this.pane.place(event));
    else this.pane.fit();
  }

  down(event) {
    if (event.button || event.target.closest?.("button") || !this.pane.size) return;
    this.pane.stage.setPointerCapture(event.pointerId);
    const at = this.pane.place(event);
    this.fingers.set(event.pointerId, at);
    this.start = at;
    this.mark = event.target.closest?.("[data-mark]")?.dataset.mark;
    // A second finger wants to zoom: the first one's point was none.
    if (this.fingers.size === 2) this.pen.lift();
    else this.pen.down(this.pane, at);
  }

  move(event) {
    const before = this.fingers.get(event.pointerId);
    const now = this.pane.place(event);
    if (this.fingers.size < 2) this.pen.hover(this.pane, now);
    if (!before) return;
    this.fingers.set(event.pointerId, now);
    if (this.fingers.size === 2) this.pinch(event.pointerId, before, now);
    else if (!this.pen.tool) this.pane.pan(now[0] - before[0], now[1] - before[1]);
  }

  up(event) {
    if (!this.fingers.delete(event.pointerId)) return;
    const at = this.pane.place(event);
    const still = Math.hypot(at[0] - this.start[0], at[1] - this.start[1]) < STILL;
    if (this.pen.tool) this.pen.up(this.pane, at, still);
    else if (still) this.pen.select(this.mark);
  }

  pinch(id, before, now) {
    const [, other] = [...this.fingers].find(([finger]) => finger !== id);
    const apart = (a) => Math.hypot(a[0] - other[0], a[1] - other[1]) || 1;
    this.pane.zoom(apart(now) / apart(before), [(now[0] + other[0]) / 2, (now[1] + other[1]) / 2]);
  }
}
