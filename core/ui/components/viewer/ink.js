// Marks as lines over the image: drawn in screen px, so they stay fine at any zoom.

const SVG = "http://www.w3.org/2000/svg";
const NAMES = { scale: "Scale", measure: "Measurement", outline: "Outline", arrow: "Arrow" };

function node(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const apart = ([a, b]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const list = (points) => points.map((one) => one.map((v) => v.toFixed(1)).join(",")).join(" ");

// By the author's own scale, so that nobody else changes what they measured; else by the
// newest. Undefined while there is none.
export function pixelsPerMm(marks, { mine, by } = { mine: true }) {
  const scales = marks.filter((one) => one.kind === "scale");
  const own = scales.filter((one) => (mine ? one.mine : !one.mine && one.by === by));
  const scale = own.at(-1) ?? scales.at(-1);
  return scale && apart(scale.points) / scale.mm;
}

export function lengthInWords(points, perMm) {
  const px = apart(points);
  return perMm ? `${(px / perMm).toFixed(1)} mm` : `${Math.round(px)} px`;
}

function words(mark, perMm) {
  if (mark.kind === "scale") return `Scale: ${mark.mm} mm`;
  return mark.kind === "measure" ? lengthInWords(mark.points, perMm) : "";
}

function head([from, to]) {
  const turn = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const side = (by) => [to[0] - 16 * Math.cos(turn + by), to[1] - 16 * Math.sin(turn + by)];
  return [side(0.45), to, side(-0.45)];
}

// A short stroke across each end says exactly where a measurement begins.
function ends([a, b]) {
  const long = apart([a, b]) || 1;
  const [x, y] = [-(b[1] - a[1]) / long * 7, (b[0] - a[0]) / long * 7];
  return [a, b].map((p) => [[p[0] - x, p[1] - y], [p[0] + x, p[1] + y]]);
}

function lines(kind, points, closed) {
  if (kind === "outline") return [node(closed ? "polygon" : "polyline", { points: list(points) })];
  const parts = [points];
  if (points.length === 2) parts.push(...(kind === "arrow" ? [head(points)] : ends(points)));
  return parts.map((part) => node("polyline", { points: list(part) }));
}

// Each line twice: a dark one below keeps the light one visible on any skin.
function stroked(kind, points, closed) {
  return ["under", "over"].map((name) => node("g", { class: name }, ...lines(kind, points, closed)));
}

const label = (text, [x, y]) => node("text", { x: x + 10, y: y - 10 }, text);

// Words beside a line stay on the stage as long as its end does.
function keepInside(text, stage) {
  const [x, y] = [Number(text.getAttribute("x")), Number(text.getAttribute("y"))];
  if (x < 0 || x > stage.clientWidth + 10) return;
  text.setAttribute("x", Math.max(4, Math.min(stage.clientWidth - text.getComputedTextLength() - 6, x)));
  text.setAttribute("y", y > -10 ? Math.max(20, y) : y);
}

export class Ink {
  constructor(pane) {
    this.pane = pane;
    this.svg = pane.$("marks");
  }

  draw(marks, selected, pen) {
    const shapes = marks.filter((one) => one.points.length)
      .map((one) => this.mark(one, pixelsPerMm(marks, one), one.id === selected));
    if (pen) shapes.push(...this.draft(pen, pixelsPerMm(marks)));
    this.svg.replaceChildren(...shapes);
    this.svg.querySelectorAll("text").forEach((text) => keepInside(text, this.pane.stage));
  }

  mark(mark, perMm, selected) {
    const points = mark.points.map((one) => this.pane.toStage(one));
    const [name, said] = [NAMES[mark.kind], words(mark, perMm)];
    const title = `${name}${said && mark.kind !== "scale" ? ` ${said}` : ""} by ${mark.by}`;
    const classes = ["mark", mark.kind, selected && "selected", mark.unsaved && "unsaved"].filter(Boolean);
    const group = node("g", { class: classes.join(" "), role: "img", "aria-label": title },
      node("title", {}, title), ...stroked(mark.kind, points, true));
    const text = [said, mark.mine ? "" : mark.by].filter(Boolean).join(" · ");
    if (text) group.append(label(text, points.at(-1)));
    if (mark.mine) group.dataset.mark = mark.id;
    return group;
  }

  // What is being drawn, and the cross-hair of whoever draws by keyboard.
  draft({ tool, points, cross, keyboard }, perMm) {
    const all = [...points, ...(cross ? [cross] : [])];
    const placed = all.map((one) => this.pane.toStage(one));
    const parts = [];
    if (placed.length > 1) {
      parts.push(node("g", { class: `mark draft ${tool}` }, ...stroked(tool, placed, false)));
      if (tool === "measure") parts.push(node("g", { class: "mark" }, label(lengthInWords(all, perMm), placed[1])));
    }
    for (const [x, y] of placed.slice(0, points.length)) parts.push(node("circle", { class: "point", cx: x, cy: y, r: 4 }));
    if (keyboard && cross) parts.push(this.cross(placed.at(-1)));
    return parts;
  }

  cross([x, y]) {
    const shape = (name) => node("path", { class: name, d: `M${x - 28},${y}h24M${x + 4},${y}h24M${x},${y - 28}v24M${x},${y + 4}v24` });
    return node("g", { class: "cross" }, shape("under"), shape("over"));
  }
}
