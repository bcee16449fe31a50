/**
 * The least OpenAPI file that @stripe/sync-engine's migration accepts: one schema a kind of object,
 * one property a field, with types seen in the samples. Its tables then have a column for each.
 */
export function describeObjects(samples) {
  const schemas = {};
  for (const sample of samples) {
    const schema = (schemas[sample.object] ??= {
      'x-resourceId': sample.object,
      type: 'object',
      properties: {},
    });
    for (const [name, value] of Object.entries(sample)) {
      const seen = schema.properties[name];
      if (seen === undefined || seen.unknown) schema.properties[name] = describe(value);
    }
    for (const item of sample.object === 'subscription' ? sample.items.data : [])
      Object.assign(schemas, describeObjects([item]).components.schemas);
  }
  return { openapi: '3.0.0', info: { version: '2020-08-27' }, components: { schemas } };
}

function describe(value) {
  if (value === null || value === undefined)
    return { type: 'string', nullable: true, unknown: true };
  if (typeof value === 'object')
    return { type: Array.isArray(value) ? 'array' : 'object', nullable: true };
  if (typeof value === 'boolean') return { type: 'boolean', nullable: true };
  if (typeof value === 'number')
    return { type: Number.isInteger(value) ? 'integer' : 'number', nullable: true };
  return { type: 'string', nullable: true };
}
