// Keys of a page. A field is found by the class that Streamlit gives to each keyed element.

const FIELDS = "input, textarea, [role=combobox], [role=spinbutton]";
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
    const { signal } = this.off;
    root.querySelector("#open").addEventListener("click", () => this.show(), { signal });
    root.querySelector("#close").addEventListener("click", () => this.dialog.close(), { signal });
    // Before anything else on the page hears of it: Streamlit listens as well.
    document.addEventListener("keydown", (event) => this.key(event), { signal, capture: true });
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
    if (this.dialog.open || event.isComposing) return;
    const with_control = event.ctrlKey || event.metaKey;
    if (with_control && event.key === "Enter") return this.press("Ctrl+Enter", event);
    if (with_control || event.altKey) return;
    if (event.key === "Escape") return this.leave(event);
    if (typing(event)) return;
    if (event.key === "?") return this.take(event, () => this.show());
    this.press(event.key, event);
  }

  press(keys, event) {
    const found = this.shortcuts.find((one) => one.keys === keys && one.target);
    const target = found && document.querySelector(`.st-key-${CSS.escape(found.target)}`);
    if (target) this.take(event, () => this.use(target));
  }

  take(event, act) {
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  }

  use(target) {
    const field = target.querySelector(FIELDS);
    const button = target.querySelector("button");
    if (field && !(button && !target.querySelector("label"))) return this.enter(field);
    if (button && !button.disabled) this.click(button);
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

  // A list that is open closes first; the second time leaves the field.
  leave(event) {
    const field = document.activeElement;
    if (!typing(event) || field?.getAttribute("aria-expanded") === "true") return;
    field.blur();
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
