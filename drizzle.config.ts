import { defineConfig } from 'drizzle-kit'

const dialect = process.env.DIALECT === 'postgresql' ? 'postgresql' : 'sqlite'
const name = { sqlite: 'sqlite', postgresql: 'postgres' }[dialect]

/**
 * `npx drizzle-kit generate` writes the step from the last migration to the schema beside the others; with
 * `DIALECT=postgresql` before it the one for PostgreSQL.
 */
export default defineConfig({
  dialect,
  schema: `./src/register/${name}-schema.ts`,
  out: `./migrations/${name}`,
})
