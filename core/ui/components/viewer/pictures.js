// Decoded pictures by their id: an address is minted anew, a picture is not.

// A decoded image of 12 megapixels takes 48 MB: a few at a time.
const MOST = 5;

export class Pictures {
  constructor() {
    this.ready = new Map();
    this.coming = new Map();
  }

  get(id) { return this.ready.get(id); }

  // An <img> that loads; it belongs to nobody yet.
  static fetch(url, alt) {
    const picture = new Image();
    picture.alt = alt;
    picture.draggable = false;
    picture.src = url;
    return picture;
  }

  // The picture, decoded, so that showing it is one painting. `wanted` stay in memory.
  async load(image, wanted) {
    const url = image.url;
    let coming = this.coming.get(image.id);
    if (coming?.url !== url) {
      const picture = Pictures.fetch(url, image.alt);
      coming = { url, done: picture.decode().then(() => picture) };
      this.coming.set(image.id, coming);
    }
    try {
      const picture = await coming.done;
      this.keep(image.id, picture, wanted());
      return picture;
    } finally {
      if (this.coming.get(image.id) === coming) this.coming.delete(image.id);
    }
  }

  keep(id, picture, wanted) {
    this.ready.delete(id);
    this.ready.set(id, picture);
    for (const old of this.ready.keys()) {
      if (this.ready.size <= MOST) return;
      if (!wanted.includes(old)) this.ready.delete(old);
    }
  }

  // Fetched before anybody asks, so that the next key press shows it at once.
  ahead(image, wanted) {
    if (!image || this.ready.has(image.id) || this.coming.has(image.id)) return;
    this.load(image, wanted).catch(() => { /* Whoever chooses it hears of it. */ });
  }

  clear() { this.ready.clear(); }
}

// What an image is best compared with: the other way of looking at the same lesion, the
// nearest before it in the strip; else the next image.
export function partner(images, i) {
  const one = images[i];
  const order = images.map((_, n) => n).filter((n) => n !== i);
  order.sort((a, b) => Math.abs(a - i) - Math.abs(b - i) || a - b);
  const other = one?.lesion == null ? undefined : order.find(
    (n) => images[n].lesion === one.lesion && images[n].dermoscopic !== one.dermoscopic);
  return other ?? (i + 1) % images.length;
}
