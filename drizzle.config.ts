import { defineConfig } from 'drizzle-kit'

const dialect = process.env.DIALECT === 'postgresql' ? 'postgresql' : 'sqlite'
const { name, schema } = {
  sqlite: { name: 'sqlite', schema: ['./src/register/sqlite-schema.ts'] },
  // What stands in files beside the register, where one node has it alone, stands there too.
  postgresql: {
    name: 'postgres',
    schema: ['./src/register/postgres-schema.ts', './src/beside/postgres-schema.ts'],
  },
}[dialect]

/**
 * `npx drizzle-kit generate` writes the step from the last migration to the schema beside the others; with
 * `DIALECT=postgresql` before it the one for PostgreSQL.
 */
export default defineConfig({
  dialect,
  schema,
  out: `./migrations/${name}`,
})
