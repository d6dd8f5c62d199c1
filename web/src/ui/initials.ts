// The avatar of somebody without a picture: initials on a colour that belongs to the endpoint.

export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => /[\p{L}\p{N}]/u.exec(word ?? '')?.[0] ?? '');
  return letters.join('').toLocaleUpperCase() || '?';
}

export function hue(nick: string): number {
  let sum = 0;
  for (const char of nick) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 360;
  return sum;
}
