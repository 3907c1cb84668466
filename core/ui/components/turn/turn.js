// Language, direction, browser title; at each new page the top, and the heading in focus.

const shown = new WeakMap();
// Digits are all that these fields take: the telephone shows its number pad.
const NUMBERS = { "born-day": "bday-day", "born-month": "bday-month", "born-year": "bday-year" };

function dress({ language, direction, others, title, offline }) {
  document.documentElement.lang = language;
  // patient.css puts it in place of what Streamlit would say.
  document.documentElement.style.setProperty("--pt-offline", JSON.stringify(offline));
  document.querySelector('[data-testid="stMain"]')?.setAttribute("dir", direction);
  document.title = title;
  for (const code of others) document.querySelector(`.st-key-speak-${code}`)?.setAttribute("lang", code);
  for (const [key, what] of Object.entries(NUMBERS)) {
    const field = document.querySelector(`.st-key-${key} input`);
    field?.setAttribute("inputmode", "numeric");
    field?.setAttribute("autocomplete", what);
  }
}

export default function ({ parentElement, data }) {
  const before = shown.get(parentElement);
  shown.set(parentElement, data.to);
  dress(data);
  // The rest of the page is drawn in the same run, a moment after this.
  const later = setTimeout(() => {
    dress(data);
    if (before === undefined || before === data.to) return;
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
    const heading = document.querySelector('[data-testid="stMain"] h1');
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }, 120);
  return () => clearTimeout(later);
}
