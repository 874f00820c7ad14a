// See the photo one chose, and choose its square by dragging, by arrow keys, and by a slider for the size.
// Without this script the middle of the photo is taken.
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

class Crop {
  constructor(field, image) {
    this.field = field;
    this.image = image;
    this.side = Math.min(image.naturalWidth, image.naturalHeight);
    this.size = this.side;
    this.x = (image.naturalWidth - this.size) / 2;
    this.y = (image.naturalHeight - this.size) / 2;
    this.build();
    this.move(this.x, this.y);
  }

  build() {
    this.frame = document.createElement("div");
    this.frame.className = "pv-crop";
    this.square = document.createElement("button");
    this.square.type = "button";
    this.square.className = "pv-crop__square";
    this.square.ariaLabel = this.field.dataset.photoMove;
    this.frame.append(this.image, this.square);
    this.slider = document.createElement("input");
    Object.assign(this.slider, { type: "range", className: "pv-range", min: 20, max: 100, value: 100 });
    this.slider.ariaLabel = this.field.dataset.photoSize;
    this.slider.addEventListener("input", () => this.resize(this.slider.value / 100));
    this.square.addEventListener("keydown", (event) => this.key(event));
    this.square.addEventListener("pointerdown", (event) => this.drag(event));
    addEventListener("resize", () => this.draw());
  }

  get scale() {
    return this.image.clientWidth / this.image.naturalWidth;
  }

  move(x, y) {
    this.x = clamp(x, 0, this.image.naturalWidth - this.size);
    this.y = clamp(y, 0, this.image.naturalHeight - this.size);
    this.draw();
  }

  resize(part) {
    const size = this.side * part;
    const middle = [this.x + this.size / 2, this.y + this.size / 2];
    this.size = size;
    this.move(middle[0] - size / 2, middle[1] - size / 2);
  }

  key(event) {
    const step = this.image.naturalWidth / (event.shiftKey ? 10 : 50);
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (!by) return;
    event.preventDefault();
    this.move(this.x + by[0], this.y + by[1]);
  }

  drag(start) {
    const from = [this.x, this.y];
    this.square.setPointerCapture(start.pointerId);
    const follow = (event) =>
      this.move(from[0] + (event.clientX - start.clientX) / this.scale, from[1] + (event.clientY - start.clientY) / this.scale);
    this.square.addEventListener("pointermove", follow);
    this.square.addEventListener("lostpointercapture", () => this.square.removeEventListener("pointermove", follow), { once: true });
  }

  draw() {
    const { style } = this.square;
    style.left = `${this.x * this.scale}px`;
    style.top = `${this.y * this.scale}px`;
    style.width = style.height = `${this.size * this.scale}px`;
    this.send("crop_x", this.x / this.image.naturalWidth);
    this.send("crop_y", this.y / this.image.naturalHeight);
    this.send("crop_size", this.size / this.side);
  }

  send(name, value) {
    this.field.querySelector(`input[name="${name}"]`).value = value.toFixed(5);
  }
}

function clear(field) {
  field.querySelectorAll(".pv-crop, .pv-range, .pv-photo-preview").forEach((old) => old.remove());
  for (const name of ["crop_x", "crop_y", "crop_size"]) {
    const input = field.querySelector(`input[name="${name}"]`);
    if (input) input.value = "";
  }
}

function show(field, file) {
  clear(field);
  const image = new Image();
  image.alt = "";
  image.addEventListener("load", () => {
    if (!("photoCrop" in field.dataset)) {
      image.className = "pv-photo-preview";
      field.append(image);
      return;
    }
    const crop = new Crop(field, image);
    field.append(crop.frame, crop.slider);
    crop.draw();
  });
  image.addEventListener("error", () => {
    const sorry = document.createElement("p");
    sorry.className = "pv-field__help pv-photo-preview";
    sorry.append(field.dataset.photoHeic);
    field.append(sorry);
  });
  image.src = URL.createObjectURL(file);
}

document.addEventListener("change", (event) => {
  const field = event.target.type === "file" && event.target.closest("[data-photo]");
  if (!field) return;
  if (event.target.files.length === 1) show(field, event.target.files[0]);
  else clear(field);
});
