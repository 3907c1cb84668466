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

  // The strip alone scrolls: the page stays where the person has it.
  reveal(i) {
    const { holder } = this;
    const node = holder.children[i];
    if (!node) return;
    const least = node.offsetLeft + node.offsetWidth - holder.clientWidth + 8;
    holder.scrollLeft = Math.max(least, Math.min(holder.scrollLeft, node.offsetLeft - 8));
  }
}
