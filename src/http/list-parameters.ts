import { z } from 'zod'
import { isCalendarDate, shanghaiDate } from '../calendar/dates.ts'
import { regionPrefix } from '../codes/regions.ts'
import { invalid } from '../dossier/refusal.ts'
import { notYet } from '../registry/files.ts'
import type { Place } from '../registry/places.ts'
import type { Registry } from '../registry/registry.ts'
import { BadCursor } from '../search/engine.ts'
import { regionCode } from './parameters.ts'

/** A day as a form sends it, which may have been left empty. */
function dayOrNone(description: string) {
  return z
    .string()
    .max(10)
    .optional()
    .meta({ description, anyOf: [{ format: 'date' }, { maxLength: 0 }] })
}

/** What can be asked of the blacklist, by the API and by its page alike. */
export const blacklistParameters = z.object({
  q: z.string().max(100).optional().meta({ description: '企业名称中的文字，或档案编号' }),
  region: z.string().max(60).optional().meta({ description: '行政区划代码或名称，含下级' }),
  ground: z.string().max(200).optional().meta({ description: '列入情形' }),
  product: z.string().max(100).optional().meta({ description: '产品名称中的文字' }),
  authority: z.string().max(100).optional().meta({ description: '列入机关' }),
  from: dayOrNone('列入日期自'),
  to: dayOrNone('列入日期至'),
  asOf: dayOrNone('某日的名单：当日在列而今仍在列的'),
  cursor: z.string().max(100).optional().meta({ description: '上一页返回的 next' }),
})

/** A past day that was asked for; undefined where none was. Refuses what is no date or lies in the future. */
export function dayAsked(asOf: string | undefined, registry: Registry): string | undefined {
  if (asOf === undefined || asOf === '') return undefined
  if (!isCalendarDate(asOf)) throw invalid('/asOf', 'date', `“${asOf}”不是日期；请写成 2026-03-02。`)
  if (asOf > shanghaiDate(registry.now())) throw notYet(asOf, registry.now())
  return asOf
}

/** Filters of the list from its parameters; refuses dates and regions that don't exist. */
export function listFilters(parameters: z.output<typeof blacklistParameters>, registry: Registry) {
  const today = shanghaiDate(registry.now())
  const { q, region, ground, product, authority, from, to, asOf } = parameters
  const on = dayAsked(asOf, registry)
  for (const [name, day] of Object.entries({ from, to }))
    if (day !== undefined && day !== '' && !isCalendarDate(day))
      throw invalid(`/${name}`, 'date', `“${day}”不是日期；请写成 2026-03-02。`)
  const code = regionCode(region)
  const given = (text: string | undefined) =>
    text === undefined || text.trim() === '' ? undefined : text.trim()
  return {
    on: on ?? today,
    region: code === undefined ? undefined : regionPrefix(code),
    ground: given(ground),
    product: given(product),
    authority: given(authority),
    text: given(q),
    from: given(from),
    to: given(to),
  }
}

/** Characters of a place in an address: one of a firm is its name, place and code. */
export const LONGEST_CURSOR = 4000

/** A place in a list as the text that addresses bear. */
export function cursorOf(...place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** The place that a cursor stands for; undefined for the first page. Throws `BadCursor` for what is none. */
export function placeIn(cursor: string | undefined): Place | undefined {
  if (cursor === undefined || cursor === '') return undefined
  try {
    return place.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch {
    throw new BadCursor()
  }
}

/** The same, of a list that is ordered by one whole number: a position, a line. */
export function placeOf(cursor: string | undefined): number | undefined {
  const [position, ...more] = placeIn(cursor) ?? []
  if (
    position !== undefined &&
    (typeof position === 'string' || !Number.isInteger(position) || more.length > 0)
  )
    throw new BadCursor()
  return position
}

const place = z
  .array(z.union([z.string().max(1000), z.number()]))
  .min(1)
  .max(6)
