// The place shown last, for each mounted element: a rerun of the same place moves nothing.
const shown = new WeakMap();

export default function ({ parentElement, data }) {
  if (shown.get(parentElement) === data.place) return;
  shown.set(parentElement, data.place);
  if (!data.target) {
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
    return;
  }
  const told = document.querySelector(`.st-key-${CSS.escape(data.target)}`);
  // It is drawn in the same run, perhaps a moment after this.
  setTimeout(() => told?.scrollIntoView({ block: "center" }), 50);
}
