// Keys of a page. A field is found by the class that Streamlit gives to each keyed element.

const FIELDS = "input:not([type=hidden]), textarea";
const PATIENCE_MS = 1500;
const RUNNING = "[data-testid=stApp]:not([data-test-script-state=notRunning])";
const MARKING_MS = 150;
const LEAVING = ["Escape", "Enter", "Tab"];
const pages = new WeakMap();

function typing(event) {
  const from = event.composedPath()[0];
  return Boolean(from.closest?.("input, textarea, select, [contenteditable=true]"));
}

class Keys {
  constructor(root) {
    this.dialog = root.querySelector("#list");
    this.parts = root.querySelector("#parts");
    this.off = new AbortController();
    this.typed = -Infinity;
    this.drawn = -Infinity;
    const { signal } = this.off;
    const open = root.querySelector("#open");
    open.addEventListener("click", () => this.show(), { signal });
    root.querySelector("#close").addEventListener("click", () => this.dialog.close(), { signal });
    // Before anything else on the page hears of it: Streamlit listens as well.
    document.addEventListener("keydown", (event) => this.key(event), { signal, capture: true });
    document.addEventListener("pointerdown", () => { this.held = null; }, { signal, capture: true });
    open.disabled = false;
  }

  update(shortcuts) {
    this.shortcuts = shortcuts;
    const told = JSON.stringify(shortcuts);
    if (told === this.told) return;
    this.told = told;
    const parts = new Map();
    for (const one of shortcuts) parts.set(one.part, [...(parts.get(one.part) ?? []), one]);
    this.parts.replaceChildren(...[...parts].map(([part, entries]) => this.section(part, entries)));
  }

  section(part, entries) {
    const section = document.createElement("section");
    const head = document.createElement("h3");
    head.textContent = part;
    const list = document.createElement("dl");
    for (const { keys, words } of entries) {
      const term = document.createElement("dt");
      const key = document.createElement("kbd");
      key.textContent = keys;
      term.append(key);
      const meaning = document.createElement("dd");
      meaning.textContent = words;
      list.append(term, meaning);
    }
    section.append(head, list);
    return section;
  }

  show() { if (!this.dialog.open) this.dialog.showModal(); }

  key(event) {
    // Behind the list no key does anything; what it does to the list is the browser's.
    if (this.dialog.open) return event.stopImmediatePropagation();
    if (event.isComposing) return;
    if (LEAVING.includes(event.key)) this.held = null;
    const with_control = event.ctrlKey || event.metaKey;
    if (with_control && event.key === "Enter") return this.press("Ctrl+Enter", event);
    if (with_control || event.altKey) return;
    if (event.key === "Escape") return this.leave(event);
    if (event.key === "Enter") return this.taken(event);
    if (typing(event)) {
      this.typed = event.timeStamp;
      return;
    }
    // Letters meant for a field that is not there, yet or any more, must not act as keys.
    if (this.awaited || this.held) return this.take(event, () => {});
    if (event.key === "?") return this.take(event, () => this.show());
    this.press(event.key, event);
  }

  press(keys, event) {
    if (!this.named(keys)) return;
    // Whoever leaves a finger on a key has pressed it once.
    this.take(event, () => event.repeat || this.reach(keys, Date.now() + PATIENCE_MS));
  }

  named(keys) { return this.shortcuts.find((one) => one.keys === keys && one.target); }

  // The page has not had its time yet, which counts from when it has run: what a browser
  // shows for the first time is fetched after that.
  early(until) {
    if (document.querySelector(RUNNING)) this.drawn = Date.now() + PATIENCE_MS;
    return Date.now() < Math.max(until, this.drawn);
  }

  // What the last choice brings on may be a moment away, and a whole page more than that.
  reach(keys, until) {
    const name = this.named(keys)?.target;
    const target = name && document.querySelector(`.st-key-${CSS.escape(name)}`);
    const used = target && this.use(target, until);
    this.awaited = !used && this.early(until);
    if (this.awaited) setTimeout(() => this.reach(keys, until), 50);
    if (used instanceof Element) this.hold(used, keys, until);
  }

  // A page that is still being drawn may hide this field and put another in its place: that
  // of the next case, where the key came before its page did.
  hold(field, keys, until) {
    this.held = field;
    const look = () => {
      if (this.held !== field) return;
      const there = document.activeElement;
      if (there === field && this.early(until)) return setTimeout(look, 50);
      this.held = null;
      if (there === document.body && this.early(until)) this.reach(keys, until);
    };
    setTimeout(look, 50);
  }

  take(event, act) {
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  }

  // The field that has the cursor now, or whether there was a button. A field that is
  // about to go is hidden first, and takes no cursor. A button that comes late is not
  // pressed: by then it may be about something else.
  use(target, until) {
    const field = target.querySelector(FIELDS);
    if (field) {
      this.enter(field);
      return document.activeElement === field && field;
    }
    const button = target.querySelector("button:not(:disabled)");
    if (button && Date.now() < until) this.click(button);
    return Boolean(button);
  }

  enter(field) {
    field.scrollIntoView({ block: "nearest" });
    field.focus();
  }

  // What was typed last is handed over when its field is left; the button comes after it.
  click(button) {
    const field = document.activeElement;
    if (field && field !== document.body) field.blur();
    setTimeout(() => button.click(), 120);
  }

  // Whoever took something from a list with Enter is done with it: the keys work again.
  // A list marks what it found a moment after the last letter, and Enter before that would
  // empty the field: it comes once more, a moment later.
  taken(event) {
    const field = event.composedPath()[0];
    if (field.getAttribute?.("aria-expanded") !== "true") return;
    if (!event.isTrusted || event.timeStamp - this.typed > MARKING_MS) {
      setTimeout(() => field.blur(), 50);
      return;
    }
    const again = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
    this.take(event, () => setTimeout(() => field.dispatchEvent(again), MARKING_MS));
  }

  // A list that is open closes first; the second time leaves the field.
  leave(event) {
    const field = document.activeElement;
    if (!typing(event) || field?.getAttribute("aria-expanded") === "true") return;
    // The field must not hear of it: a list takes Escape for "choose nothing".
    this.take(event, () => field.blur());
  }

  close() { this.off.abort(); }
}

export default function ({ parentElement, data }) {
  let keys = pages.get(parentElement);
  if (!keys) {
    keys = new Keys(parentElement);
    pages.set(parentElement, keys);
  }
  keys.update(data.shortcuts);
  return () => {
    keys.close();
    pages.delete(parentElement);
  };
}
