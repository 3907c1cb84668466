// Thumbnails, numbered like the keys that choose them.

export class Strip {
  constructor(holder, choose) {
    this.holder = holder;
    this.choose = choose;
  }

  draw(images) {
    this.holder.hidden = images.length < 2;
    this.images = images;
    const ids = images.map((image) => image.id).join(" ");
    if (this.ids === ids) return;
    this.ids = ids;
    this.holder.replaceChildren(...images.map((image, i) => this.thumb(image, i)));
  }

  thumb(image, i) {
    const node = document.createElement("button");
    node.type = "button";
    node.className = "thumb";
    const small = new Image();
    small.alt = "";
    small.src = image.thumb_url;
    small.addEventListener("error", () => { small.hidden = true; });
    const number = document.createElement("span");
    number.textContent = i + 1;
    node.append(small, number);
    node.addEventListener("click", () => this.choose(i));
    return node;
  }

  // Which are on the stage, and which are no use.
  mark(current, other, unusable) {
    [...this.holder.children].forEach((node, i) => {
      const image = this.images[i];
      const bad = unusable(image);
      node.setAttribute("aria-label", `Image ${i + 1}: ${image.label}${bad ? ", marked unusable" : ""}`);
      node.classList.toggle("unusable", bad);
      node.classList.toggle("other", i === other);
      if (i === current) node.setAttribute("aria-current", "true");
      else node.removeAttribute("aria-current");
    });
  }

  // Along the strip only: to bring the thumbnail itself into view would move the page.
  reveal(i) {
    const one = this.holder.children[i];
    if (!one) return;
    const strip = this.holder.getBoundingClientRect();
    const { left, right } = one.getBoundingClientRect();
    this.holder.scrollLeft += Math.min(left - strip.left, 0) + Math.max(right - strip.right, 0);
  }
}
