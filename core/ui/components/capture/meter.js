// Says in words whether now is the moment to take the picture. A hint while aiming:
// the server measures the picture itself.

const CROP = 768;       // px of the sensor, not of the screen: blur shows at native size
const HALVED = 2;       // two by two averaged: grain would pass for sharpness
const GRAIN = 3;        // steps of fewer grey levels are grain
const OVERVIEW = 192;
// Tried on drawn skin, in focus and blurred by 1 to 8 px, with and without grain.
const SHARP = 0.55, SOFT = 0.38;
const REACH = 4;        // half width of the blur a frame is compared with

const canvas = document.createElement("canvas");
const pen = canvas.getContext("2d", { willReadFrequently: true });

function pixels(video, from, to) {
  canvas.width = to.w;
  canvas.height = to.h;
  pen.drawImage(video, from.x, from.y, from.w, from.h, 0, 0, to.w, to.h);
  return pen.getImageData(0, 0, to.w, to.h).data;
}

function grey(rgba) {
  const g = new Float32Array(rgba.length / 4);
  for (let i = 0, j = 0; j < g.length; i += 4, j++) g[j] = 0.299 * rgba[i] + 0.587 * rgba[i + 1] + 0.114 * rgba[i + 2];
  return g;
}

// How much of the fine change along a line is lost by blurring it: sharp skin loses
// most, a soft frame hardly any. Unlike plain contrast this does not depend on the scene.
function lossAlong(g, size, across, along) {
  let before = 0, lost = 0;
  for (let a = 0; a < size; a++) {
    const start = a * across;
    let sum = 0;
    for (let k = 0; k <= 2 * REACH; k++) sum += g[start + k * along];
    for (let k = REACH + 1; k < size - REACH; k++) {
      const at = start + k * along;
      const next = sum + g[at + REACH * along] - g[at - (REACH + 1) * along];
      const step = Math.abs(g[at] - g[at - along]);
      const blurred = Math.abs(next - sum) / (2 * REACH + 1);
      if (step > GRAIN) {
        before += step;
        lost += Math.max(0, step - blurred);
      }
      sum = next;
    }
  }
  return { before, lost };
}

function sharpness(video) {
  const crop = Math.min(CROP, video.videoWidth, video.videoHeight);
  const from = { x: (video.videoWidth - crop) / 2, y: (video.videoHeight - crop) / 2, w: crop, h: crop };
  const size = Math.floor(crop / HALVED);
  const g = grey(pixels(video, from, { w: size, h: size }));
  const h = lossAlong(g, size, size, 1), v = lossAlong(g, size, 1, size);
  // The weaker direction counts: motion blurs one of them only.
  const share = Math.min(h.lost / (h.before || 1), v.lost / (v.before || 1));
  return { share, flat: (h.before + v.before) / (2 * size * size) < 0.1 };
}

function exposure(video) {
  const h = Math.max(1, Math.round((OVERVIEW * video.videoHeight) / video.videoWidth));
  const rgba = pixels(video, { x: 0, y: 0, w: video.videoWidth, h: video.videoHeight }, { w: OVERVIEW, h });
  const counts = new Uint32Array(256);
  let clipped = 0;
  for (let i = 0; i < rgba.length; i += 4) {
    if (Math.max(rgba[i], rgba[i + 1], rgba[i + 2]) >= 254) clipped++;
    counts[(0.299 * rgba[i] + 0.587 * rgba[i + 1] + 0.114 * rgba[i + 2]) | 0]++;
  }
  const total = rgba.length / 4;
  let above = 0, brightest = 255;
  while (brightest > 0 && above + counts[brightest] < total / 100) above += counts[brightest--];
  return { clipped: clipped / total, brightest };
}

// -> {word, level: good | soft | bad, share: 0..1 for the bar}
export function judge(video) {
  const light = exposure(video), focus = sharpness(video);
  const share = Math.max(0, Math.min(1, focus.share / 0.8));
  if (light.brightest < 139) return { word: "Too dark – turn on more light", level: "bad", share };
  if (light.clipped > 0.074) return { word: "Too bright – turn away from the light or the window", level: "bad", share };
  if (focus.flat) return { word: "Nothing to focus on yet – point at the skin", level: "soft", share: 0 };
  if (focus.share < SOFT) return { word: "Blurred – hold still, or move until the skin is sharp", level: "bad", share };
  if (focus.share < SHARP) return { word: "Hold still – a little soft", level: "soft", share };
  return { word: "Sharp", level: "good", share };
}
