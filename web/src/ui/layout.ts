// Where the tiles go: pure arithmetic, no DOM.

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const kGap = 8;
const kAspect = 16 / 9;
const kPhoneWidth = 500; // below it tiles may stand upright, as the phone does

// The grid in which `count` equal tiles are as large as they can be. Rows are centred, the last one too.
export function gridLayout(area: Box, count: number): Box[] {
  if (count === 0 || area.width <= 0 || area.height <= 0) return [];
  const narrowest = area.width < kPhoneWidth ? 3 / 4 : 4 / 3;
  let best = { columns: 1, width: 0, height: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (area.width - kGap * (columns - 1)) / columns;
    const cellHeight = (area.height - kGap * (rows - 1)) / rows;
    if (cellWidth <= 0 || cellHeight <= 0) continue;
    const width = Math.min(cellWidth, cellHeight * kAspect);
    const height = Math.min(cellHeight, width / narrowest);
    if (width * height > best.width * best.height) best = { columns, width, height };
  }
  const rows = Math.ceil(count / best.columns);
  const top = area.y + (area.height - rows * best.height - (rows - 1) * kGap) / 2;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / best.columns);
    const inRow = row === rows - 1 ? count - row * best.columns : best.columns;
    const left = area.x + (area.width - inRow * best.width - (inRow - 1) * kGap) / 2;
    return {
      x: Math.round(left + (index - row * best.columns) * (best.width + kGap)),
      y: Math.round(top + row * (best.height + kGap)),
      width: Math.floor(best.width),
      height: Math.floor(best.height),
    };
  });
}

// Shared screens take the stage; people move to a strip beside it, or below it where the window is taller than wide.
export function stageLayout(width: number, height: number, screens: number, people: number): { screens: Box[]; people: Box[] } {
  const all: Box = { x: 0, y: 0, width, height };
  if (screens === 0) return { screens: [], people: gridLayout(all, people) };
  if (people === 0) return { screens: gridLayout(all, screens), people: [] };
  const beside = width > height;
  const strip = Math.round((beside ? width : height) * 0.22);
  const stage: Box = beside ? { ...all, width: width - strip - kGap } : { ...all, height: height - strip - kGap };
  const rest: Box = beside
    ? { x: width - strip, y: 0, width: strip, height }
    : { x: 0, y: height - strip, width, height: strip };
  return { screens: gridLayout(stage, screens), people: gridLayout(rest, people) };
}
