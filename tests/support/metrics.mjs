// OpenMetrics 1.0 text, read strictly: what a collector would refuse, this refuses.
const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)?\\})? ([0-9.eE+-]+)$`);

/** Map(family → {type, samples: [{name, labels, value}]}). Throws what is wrong with the text. */
export function parseMetrics(text) {
  if (!text.endsWith('# EOF\n')) throw new Error('it does not end with # EOF');
  const families = new Map();
  let family;
  for (const line of text.split('\n').slice(0, -2)) {
    const type = /^# TYPE (\S+) (counter|gauge)$/.exec(line);
    if (type) {
      if (families.has(type[1])) throw new Error(`family ${type[1]} comes twice`);
      family = { type: type[2], samples: [] };
      families.set(type[1], family);
      family.name = type[1];
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample || !family) throw new Error(`not a sample: ${line}`);
    const [, name, labels, value] = sample;
    const expected = family.type === 'counter' ? `${family.name}_total` : family.name;
    if (name !== expected) throw new Error(`${name} in the family ${family.name}`);
    const key = labels ?? '';
    if (family.samples.some((each) => each.key === key)) throw new Error(`${line}: the same labels twice`);
    const named = Object.fromEntries([...key.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map((found) => [found[1], found[2]]));
    family.samples.push({ key, name, labels: named, value: Number(value) });
  }
  return families;
}

/** The value of the sample of a family with exactly these labels; 0 if there is none. */
export function valueOf(families, name, labels = {}) {
  const wanted = JSON.stringify(Object.entries(labels).sort());
  const found = families.get(name)?.samples.find((each) => JSON.stringify(Object.entries(each.labels).sort()) === wanted);
  return found?.value ?? 0;
}
