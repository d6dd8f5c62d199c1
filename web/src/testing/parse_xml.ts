// For tests: one element from text, parsed by the same library that reads the stream.
import { Parser, type Element } from '@xmpp/xml';

export function parseXml(text: string): Element {
  const parser = new Parser();
  let last: Element | null = null;
  parser.on('element', (element) => (last = element));
  parser.on('start', () => {});
  parser.write(`<root xmlns="jabber:client">${text}`);
  if (last === null) throw new Error('no element');
  return last;
}
