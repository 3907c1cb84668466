// The place shown last, for each mounted element: a rerun of the same place moves nothing.
const shown = new WeakMap();

export default function ({ parentElement, data }) {
  if (shown.get(parentElement) === data.place) return;
  shown.set(parentElement, data.place);
  document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
}
