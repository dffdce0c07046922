import { readFileSync, writeFileSync } from 'node:fs'
import { rightsTable } from '../../src/acts/rights.ts'
import { shippedActs } from '../../src/acts/shipped.ts'

/** Writes the tables of docs/rights.md anew from the acts; what stands above them is written by hand. */

const PAGE = new URL('../../docs/rights.md', import.meta.url)
const table = rightsTable(shippedActs)
const [heading = ''] = table.split('\n')
const page = readFileSync(PAGE, 'utf8')
const start = page.indexOf(heading)
if (start < 0) throw new Error(`docs/rights.md has no line “${heading}” to write the tables at`)
writeFileSync(PAGE, page.slice(0, start) + table)
