import { readFileSync } from 'node:fs'
import { catalogue } from '../records/catalogue.ts'
import { checkStandard } from './check-standard.ts'
import type { Standard } from './standard.ts'

/** The standards that come with the registry, in the order they are shown; each takes effect once it is adopted. */
export const shippedStandards: readonly Standard[] = ['four-grades', 'enterprise-classes'].map((name) => {
  const path = new URL(`./standards/${name}.json`, import.meta.url)
  const checked = checkStandard(JSON.parse(readFileSync(path, 'utf8')), catalogue)
  if (!checked.ok)
    throw new Error(`standard ${name}: ${checked.faults.map(({ detail }) => detail).join(' ')}`)
  return checked.standard
})
