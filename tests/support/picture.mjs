// Fake cameras that can be told apart: one colour a sender, written as the raw video that Chromium takes as a camera, and read back from pixels.
import { writeFileSync } from 'node:fs';

// BT.601, limited range, as the camera would give them.
const COLOURS = {
  red: { rgb: [235, 20, 20], yuv: [78, 94, 235] },
  green: { rgb: [20, 235, 20], yuv: [142, 60, 44] },
  blue: { rgb: [20, 20, 235], yuv: [46, 231, 112] },
  yellow: { rgb: [235, 235, 20], yuv: [203, 25, 142] },
  black: { rgb: [0, 0, 0], yuv: [16, 128, 128] },
  white: { rgb: [255, 255, 255], yuv: [235, 128, 128] },
};

export const colourOf = (name) => COLOURS[name];

/** The named colour next to these pixel values. */
export function nearest([r, g, b]) {
  const distance = ({ rgb }) => (rgb[0] - r) ** 2 + (rgb[1] - g) ** 2 + (rgb[2] - b) ** 2;
  return Object.entries(COLOURS).sort((left, right) => distance(left[1]) - distance(right[1]))[0][0];
}

/** A YUV4MPEG2 file of one colour: a head and shoulders, lighter than what is behind, that sway a little, so that no two frames are equal. */
export function y4m(name, { width = 640, height = 360, frames = 15 } = {}) {
  const [y, u, v] = COLOURS[name].yuv;
  const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F15:1 Ip A1:1 C420jpeg\n`)];
  for (let frame = 0; frame < frames; frame++) {
    const centre = width / 2 + (width / 40) * Math.sin((2 * Math.PI * frame) / frames);
    const luma = Buffer.alloc(width * height);
    for (let row = 0; row < height; row++) {
      const behind = Math.max(16, Math.round(y + 12 - (24 * row) / height));
      for (let column = 0; column < width; column++) {
        const [x, head, shoulders] = [(column - centre) / height, row / height - 0.4, row / height - 1.05];
        const person = (x / 0.15) ** 2 + (head / 0.2) ** 2 < 1 || (x / 0.42) ** 2 + (shoulders / 0.4) ** 2 < 1;
        luma[row * width + column] = person ? y + 20 : behind;
      }
    }
    parts.push(Buffer.from('FRAME\n'), luma, Buffer.alloc((width * height) / 4, u), Buffer.alloc((width * height) / 4, v));
  }
  return Buffer.concat(parts);
}

export function writeCamera(path, name, options) {
  writeFileSync(path, y4m(name, options));
  return path;
}
