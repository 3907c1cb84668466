// Asks how long the line is that was drawn along a ruler.

export class Ruler {
  // `marking` has: $, keep(pane, kind, content), say(words), redraw().
  constructor(marking, on) {
    this.marking = marking;
    this.form = marking.$("#ruler");
    this.input = marking.$("#ruler input");
    on(this.form, "submit", (e) => { e.preventDefault(); this.answer(); });
    on(this.form, "keydown", (e) => this.key(e));
    on(marking.$("#ruler .cancel"), "click", () => this.cancel());
  }

  ask(pane, points) {
    this.line = { pane, points };
    this.form.hidden = false;
    this.input.focus();
    this.input.select();
    this.marking.redraw();
  }

  // The line stays in view until its length is known.
  draft(pane) {
    return this.line?.pane === pane ? { tool: "scale", points: this.line.points } : null;
  }

  key(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.cancel();
  }

  answer() {
    const mm = this.input.valueAsNumber;
    if (!(mm > 0) || !this.line) return;
    const { pane, points } = this.line;
    this.cancel();
    this.marking.keep(pane, "scale", { points, mm });
    this.marking.say(`Scale set: the line is ${mm} mm long.`);
  }

  cancel() {
    if (!this.line) return;
    const { pane } = this.line;
    this.line = null;
    this.form.hidden = true;
    pane.stage.focus({ preventScroll: true });
    this.marking.redraw();
  }
}
