import { jsonSchemaTransformObject } from 'fastify-type-provider-zod'

/** What fields say of themselves for forms alone. */
const FOR_FORMS: ReadonlySet<string> = new Set(['isLong', 'isOffered', 'past', 'answers', 'suggestions'])
/** What they say of themselves for forms, by the name that it has in a published description. */
const PUBLISHED: Readonly<Record<string, string>> = { label: 'title', hint: 'description' }

/**
 * The description of the API as it is published: a field's label is its title, its hint the description where it has no
 * other, and what only forms need is left out.
 */
export function published(
  parts: Parameters<typeof jsonSchemaTransformObject>[0],
): ReturnType<typeof jsonSchemaTransformObject> {
  const description = jsonSchemaTransformObject(parts)
  tidy(description)
  return description
}

function tidy(node: unknown): void {
  if (Array.isArray(node)) for (const one of node) tidy(one)
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return
  for (const [key, value] of Object.entries(node)) {
    // What stands here are the names of fields, which may be anything.
    if (key === 'properties' && typeof value === 'object' && value !== null) tidy(Object.values(value))
    else if (key in PUBLISHED && typeof value === 'string') {
      Object.assign(node, { [PUBLISHED[key] ?? key]: value, ...node })
      Reflect.deleteProperty(node, key)
    } else if (FOR_FORMS.has(key)) Reflect.deleteProperty(node, key)
    else tidy(value)
  }
}
