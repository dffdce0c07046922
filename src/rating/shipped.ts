import { readFileSync } from 'node:fs'
import { catalogue } from '../records/catalogue.ts'
import { checkStandard } from './check-standard.ts'
import type { Standard } from './standard.ts'

/** Every version of every standard that came with the registry. */
export const shippedVersions: readonly Standard[] = [
  'four-grades',
  'enterprise-classes',
  'four-grades-2',
  'four-grades-3',
  'enterprise-classes-2',
  'four-grades-4',
  'enterprise-classes-3',
].map((name) => {
  const path = new URL(`./standards/${name}.json`, import.meta.url)
  const checked = checkStandard(JSON.parse(readFileSync(path, 'utf8')), catalogue)
  if (!checked.ok)
    throw new Error(`standard ${name}: ${checked.faults.map(({ detail }) => detail).join(' ')}`)
  return checked.standard
})

/** The standards that come with the registry, each in its last version, in the order they are shown; each takes effect once it is adopted. */
export const shippedStandards: readonly Standard[] = shippedVersions.filter(
  (standard) => shippedVersions.findLast(({ id }) => id === standard.id) === standard,
)
