// What the server said to an attack, for docs/attacks.md: node's runner carries these lines into its report, and tools/attacks.py reads them there.
/** `number` as in access.md part 5 ("A7"); `text`: condition and reason, in one line. Never a credential. */
export function answered(number, text) {
  console.log(`answered ${number}: ${String(text).replace(/\s+/g, ' ').slice(0, 120)}`);
}
