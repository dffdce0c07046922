import { join } from 'node:path'
import { type AskedRow, askedOf } from '../../src/checking/asked.ts'
import { check, type Finder } from '../../src/checking/check.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { pathsIn } from '../../src/running/paths.ts'
import { searchOver } from '../../src/search/answering.ts'
import { openEmbeddedIndex } from '../../src/search/embedded.ts'
import { Faces } from '../../src/views/faces.ts'
import { importEnterprises, openData } from './filled.ts'
import { inventedFirms } from './firms.ts'
import type { Measurement } from './measurement.ts'

const CODES = 100_000
const NAMES = 10_000
const INVENTED = 39_638

/** Rows of a batch check a second and core: codes, and names of which some are spelt wrongly. */
export async function measureChecks(folder: string, csv: string): Promise<Measurement[]> {
  const dataDir = join(folder, 'checks')
  const data = await openData(dataDir)
  await importEnterprises(data, csv)
  const search = searchOver(openEmbeddedIndex(pathsIn(dataDir).search, 'read'))
  const faces = new Faces({ views: data.views, catalogue, now: () => new Date() })
  const finder: Finder = { search, shown: (key) => faces.file(key)?.file }
  const firms = Array.from(inventedFirms(INVENTED))
  const codes = Array.from({ length: CODES }, (_, i) => firms[(i * 7919) % firms.length]?.uscc ?? '')
  const names = Array.from({ length: NAMES }, (_, i) =>
    misspelt(firms[(i * 7919) % firms.length]?.name ?? '', i),
  )
  const measured: Measurement[] = []
  for (const [what, texts, atLeast] of [
    ['codes', codes, 20_000],
    ['names, one in ten misspelt', names, 1_000],
  ] as const) {
    const rows = texts.flatMap((text, i): AskedRow[] => {
      const row = askedOf({ line: i + 1, cells: [text] }, undefined)
      return row ? [row] : []
    })
    const start = performance.now()
    let found = 0
    for (const row of rows) if ((await check(row, finder)).enterprise) found += 1
    const perSecond = rows.length / ((performance.now() - start) / 1000)
    measured.push({
      name: `batch check of ${what}, per second and core`,
      ratio: perSecond,
      target: { atLeast },
      detail: `${found} of ${rows.length} found among ${INVENTED} enterprises`,
    })
  }
  await search.close()
  await data.close()
  return measured
}

/** A name as it stands, nine times of ten; else with a character wrong, or its legal form left out. */
function misspelt(name: string, i: number): string {
  if (i % 20 === 0) return `${name.slice(0, 4)}某${name.slice(5)}`
  return i % 20 === 10 ? name.replace('有限公司', '') : name
}
