// Sends a code to the app's own route, which answers with a cookie or with a reason.

const doors = new WeakMap();

class Door {
  constructor(root) {
    this.$ = (what) => root.querySelector(what);
    this.$("form").addEventListener("submit", (e) => { e.preventDefault(); this.open(); });
    this.$("button").disabled = false;
  }

  update({ data }) {
    this.data = data;
    this.$("form").dir = data.direction;
    this.$("form").lang = data.language;
    this.$("label").textContent = data.texts.code;
    this.$("#help").textContent = data.texts.code_help;
    this.$("button").textContent = data.texts.open;
  }

  say(sentence) {
    this.$("#problem").textContent = sentence;
    this.$("#problem").hidden = !sentence;
  }

  async open() {
    const code = this.$("#code").value.trim();
    if (!code) return this.say(this.data.texts.no_code);
    if (this.busy) return undefined;
    this.busy = true;
    this.say("");
    try {
      const answer = await fetch(this.data.url, { method: "PUT", body: code, headers: { "Content-Type": "text/plain" } });
      if (answer.ok) return location.assign(this.data.leads_to);
      const { trouble } = await answer.json();
      return this.say(this.data.troubles[trouble] ?? this.data.wrong);
    } catch {
      return this.say(this.data.wrong);
    } finally {
      this.busy = false;
    }
  }
}

export default function (component) {
  const root = component.parentElement;
  if (!doors.has(root)) doors.set(root, new Door(root));
  doors.get(root).update(component);
  return () => doors.delete(root);
}
