// Metrics as text, read strictly: what a collector would refuse, this refuses. OpenMetrics 1.0, which ends with # EOF, and the older
// text of Prometheus (0.0.4), which does not and names a counter by its samples (…_total).
const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const NUMBER = '[+-]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d+)?';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)?\\})? (${NUMBER})$`);
const META = new RegExp(`^# (HELP|TYPE|UNIT) (${NAME}) (\\S.*)$`);
const SUFFIXES = { counter: ['_total'], gauge: [''], histogram: ['_bucket', '_sum', '_count'] };
const EOF = '# EOF\n';

/** Map(family → {name, type, help, unit, samples: [{name, labels, value}]}), a counter's without _total. Throws what is wrong with the text. */
export function parseMetrics(text) {
  const open = text.endsWith(EOF);
  if (!text.endsWith('\n')) throw new Error('it does not end with a line feed');
  const families = new Map();
  let family;
  for (const line of text.slice(0, open ? -EOF.length : undefined).split('\n').slice(0, -1)) {
    const meta = META.exec(line);
    if (meta) {
      family = withMeta(families, family, meta.slice(1), open);
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample || !family?.type) throw new Error(`not a sample: ${line}`);
    const [, name, key = '', value] = sample;
    if (!SUFFIXES[family.type].some((suffix) => name === family.name + suffix)) throw new Error(`${name} in the ${family.type} ${family.name}`);
    if (family.samples.some((each) => each.name === name && each.key === key)) throw new Error(`${line}: the same labels twice`);
    const labels = Object.fromEntries([...key.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map((found) => [found[1], found[2]]));
    if (family.type === 'counter' && Number(value) < 0) throw new Error(`${line}: a counter below 0`);
    family.samples.push({ key, name, labels, value: Number(value) });
  }
  for (const each of families.values()) check(each);
  return families;
}

// The lines of a family stand together, HELP and TYPE once each, before its samples.
function withMeta(families, last, [word, named, rest], open) {
  const name = !open && last?.named !== named && /_total$/.test(named) ? named.slice(0, -'_total'.length) : named;
  let family = last?.named === named ? last : undefined;
  if (!family) {
    if (families.has(name)) throw new Error(`family ${name} comes twice`);
    family = { name, named, samples: [] };
    families.set(name, family);
  }
  const field = word.toLowerCase();
  if (field in family) throw new Error(`${word} of ${named} comes twice`);
  if (family.samples.length) throw new Error(`${word} of ${named} comes after its samples`);
  if (field === 'type' && !(rest in SUFFIXES)) throw new Error(`${named} is of the unknown type ${rest}`);
  if (field === 'unit' && !open) throw new Error('UNIT is of OpenMetrics alone');
  family[field] = rest;
  return family;
}

function check(family) {
  const { name, named, type, help, unit } = family;
  if (!help || !type) throw new Error(`${name} lacks HELP or TYPE`);
  if (name.endsWith('_total')) throw new Error(`family ${name}: _total is of samples`);
  if (named !== name && type !== 'counter') throw new Error(`${named} is no counter`);
  if (unit && !name.endsWith(`_${unit}`)) throw new Error(`${name} does not end with its unit ${unit}`);
  if (type === 'histogram') checkHistogram(family);
}

// Buckets ascend in bound and in count; the last is +Inf and says what _count does.
function checkHistogram({ name, samples }) {
  const of = (suffix) => samples.filter((each) => each.name === name + suffix);
  const [count, sum, buckets] = [of('_count'), of('_sum'), of('_bucket')];
  if (count.length !== 1 || sum.length !== 1 || buckets.length === 0) throw new Error(`${name}: not one _count, one _sum, and buckets`);
  let before = { bound: -Infinity, value: 0 };
  for (const { labels, value } of buckets) {
    const bound = labels.le === '+Inf' ? Infinity : Number(labels.le);
    if (!(bound > before.bound) || value < before.value) throw new Error(`${name}: bucket ${labels.le} does not ascend`);
    before = { bound, value };
  }
  if (before.bound !== Infinity || before.value !== count[0].value) throw new Error(`${name}: the last bucket is not all`);
}

/** The value of the sample of a family with exactly these labels; 0 if there is none. */
export function valueOf(families, name, labels = {}) {
  const wanted = JSON.stringify(Object.entries(labels).sort());
  const found = families.get(name)?.samples.find((each) => JSON.stringify(Object.entries(each.labels).sort()) === wanted);
  return found?.value ?? 0;
}
