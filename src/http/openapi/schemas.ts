import type { OpenAPIObject } from '@nestjs/swagger';

type Schema = Record<string, unknown> & { nullable?: boolean; allOf?: [{ $ref: string }] };
type Schemas = Record<string, { properties?: Record<string, Schema> }>;

/** Puts right, in place, what Nest writes otherwise than OpenAPI means it. */
export function correctSchemas(document: OpenAPIObject): void {
  const schemas = document.components!.schemas as Schemas;
  const written = new Set<string>();
  for (const { properties = {} } of Object.values(schemas)) {
    for (const [name, property] of Object.entries(properties)) {
      untype(property);
      if (!property.nullable || !property.allOf) continue;
      const { allOf, ...own } = property;
      const shape = allOf[0].$ref.split('/').pop()!;
      properties[name] = { ...schemas[shape], ...own }; // `nullable` says nothing of what is referred to, which takes no null
      written.add(shape);
    }
  }
  const text = JSON.stringify(document);
  for (const shape of written) if (!text.includes(`"#/components/schemas/${shape}"`)) delete schemas[shape];
}

/** Takes away the type that Nest wrote for AnyField: it knows no schema without one, and would write a list as an object. */
function untype(property: Schema): void {
  if (property['x-any']) delete property.type;
  delete property['x-any'];
}
