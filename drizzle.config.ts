import { defineConfig } from 'drizzle-kit'

/** `npx drizzle-kit generate` writes the step from the last migration to the schema beside the others. */
export default defineConfig({
  dialect: 'sqlite',
  schema: './src/register/sqlite-schema.ts',
  out: './migrations/sqlite',
})
