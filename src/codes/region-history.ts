import { readFileSync } from 'node:fs'

/**
 * A county, city or province as it was: abolished, renamed or given another code since 1981; or one that is younger
 * than the list of present regions.
 */
export interface RegionRecord {
  code: string
  name: string
  /** Name of the city or prefecture it belonged to; empty for those directly below a province. */
  within: string
  /** The first year with this code and name. */
  from: number
  /** The year in which the code or the name ended; undefined while it lasts. */
  until: number | undefined
  /** Codes that took its area over when it ended, themselves possibly ended since. */
  successors: readonly string[]
}

let known: readonly RegionRecord[] | undefined

/**
 * History of GB/T 2260 since 1981 (县级以上行政区划代码沿革): `region-history.csv` beside this file, read when first asked
 * for. Source: the yearly lists and notices of changes of the Ministry of Civil Affairs (民政部 县级以上行政区划代码,
 * 县级以上行政区划变更情况), as collected in the public-domain (CC0) dataset yescallop/areacodes, state of 2024.
 * Prefectures that became several cities list all of them. The list of 1980 numbers its counties otherwise and has no names of its own.
 */
export function regionHistory(): readonly RegionRecord[] {
  known ??= readFileSync(new URL('./region-history.csv', import.meta.url), 'utf8')
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map(recordOf)
  return known
}

function recordOf(line: string): RegionRecord {
  const [code = '', name = '', within = '', from = '', until = '', successors = ''] = line.split(',')
  return {
    code,
    name,
    within,
    from: Number(from),
    until: until === '' ? undefined : Number(until),
    successors: successors === '' ? [] : successors.split(' '),
  }
}
