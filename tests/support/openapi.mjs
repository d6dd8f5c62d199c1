// Holds answers against the OpenAPI document that the server publishes about itself.

/** Everything that is wrong with `value` by `schema` (the words of JSON Schema that the document uses); [] if nothing. */
export function objections(document, schema, value, at = 'answer') {
  if (schema.$ref) return objections(document, schema.$ref.slice(2).split('/').reduce((node, key) => node[key], document), value, at);
  const types = [schema.type].flat();
  if (!types.some((type) => hasType(value, type))) return [`${at}: ${JSON.stringify(value)} is not of type ${types}`];
  if (schema.enum && !schema.enum.includes(value)) return [`${at}: ${value} is not one of ${schema.enum}`];
  if (Array.isArray(value)) return value.flatMap((each, index) => (schema.items ? objections(document, schema.items, each, `${at}[${index}]`) : []));
  if (value === null || typeof value !== 'object') return [];
  const missing = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${at}.${name} is missing`);
  const unfit = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => (name in value ? objections(document, inner, value[name], `${at}.${name}`) : []));
  return [...missing, ...unfit];
}

function hasType(value, type) {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return value !== null && typeof value === 'object' && !Array.isArray(value);
  return typeof value === type;
}

/** [{method, path, operation}] of the whole document. */
export function operations(document) {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}
