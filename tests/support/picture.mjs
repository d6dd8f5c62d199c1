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

/** A YUV4MPEG2 file of one colour, with a small light square that moves along the top so that no two frames are equal. */
export function y4m(name, { width = 640, height = 360, frames = 15 } = {}) {
  const [y, u, v] = COLOURS[name].yuv;
  const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F15:1 Ip A1:1 C420jpeg\n`)];
  const side = Math.floor(height / 10);
  for (let frame = 0; frame < frames; frame++) {
    const luma = Buffer.alloc(width * height, y);
    const left = Math.floor((frame * (width - side)) / frames);
    for (let row = 0; row < side; row++) luma.fill(200, row * width + left, row * width + left + side);
    parts.push(Buffer.from('FRAME\n'), luma, Buffer.alloc((width * height) / 4, u), Buffer.alloc((width * height) / 4, v));
  }
  return Buffer.concat(parts);
}

export function writeCamera(path, name, options) {
  writeFileSync(path, y4m(name, options));
  return path;
}
