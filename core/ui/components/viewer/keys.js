// What the keys do: on the whole page, unless somebody types; on the image, more.

import { STEP } from "./pane.js";

const NUDGE = 60;        // px an arrow key moves the image
const TYPING = "input:not([type=radio], [type=checkbox], [type=button], [type=range]), textarea, select, [contenteditable]";

// `viewer` has: choose(i), setPair(mode), leave(), pair, active, marking.
export function pageKeys(viewer) {
  const { pair, marking } = viewer;
  const tools = { m: "measure", l: "outline", w: "arrow", k: "scale" };
  const acts = {
    "+": () => viewer.active.zoom(STEP), "=": () => viewer.active.zoom(STEP), "-": () => viewer.active.zoom(1 / STEP),
    f: () => viewer.active.fit(), z: () => viewer.active.actual(),
    c: () => viewer.setPair("beside"), b: () => viewer.setPair("blink"), p: () => pair.pause(),
    h: () => marking.toggleHidden(), u: () => marking.toggleUnusable(), Delete: () => marking.removeLast(),
  };
  for (const [key, name] of Object.entries(tools)) acts[key] = () => marking.tool(name);
  return (event) => {
    const from = event.composedPath()[0];
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || from.closest?.(TYPING)) return;
    // What lies over the page has the keys.
    if (document.querySelector("[role=dialog]")) return;
    if (from === document.body && marking.pen.key(event)) return event.preventDefault();
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1] ?? /^[1-9]$/.exec(event.key)?.[0];
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (digit && (/^[1-9]$/.test(event.key) || event.shiftKey)) {
      if (event.shiftKey && pair.on) pair.choose(Number(digit) - 1);
      else if (!event.shiftKey) viewer.choose(Number(digit) - 1);
    } else if (acts[key] && (!event.repeat || "+=-".includes(key))) {
      event.preventDefault();
      acts[key]();
    } else if (event.key === "Escape") {
      viewer.leave();
    }
  };
}

export function stageKeys(viewer) {
  const acts = {
    0: (pane) => pane.fit(),
    ArrowLeft: (pane) => pane.pan(NUDGE, 0), ArrowRight: (pane) => pane.pan(-NUDGE, 0),
    ArrowUp: (pane) => pane.pan(0, NUDGE), ArrowDown: (pane) => pane.pan(0, -NUDGE),
  };
  return (pane, event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== pane.stage) return;
    const act = acts[event.key];
    if (!viewer.marking.pen.key(event)) {
      if (!act) return;
      act(pane);
    }
    event.preventDefault();
    event.stopPropagation();
  };
}
