import { regionContains } from '../codes/regions.ts'
import type { SearchDocument } from './document.ts'

/** Something that enterprises are filtered and counted by. */
export interface Dimension {
  /** Name of the facet in answers and of the filter in queries. */
  name: DimensionName
  /** Parameter of addresses and of the API. */
  parameter: FilterParameter
  /** What it is called, in Chinese and in English. */
  label: readonly [string, string]
  /** Letter that its tokens begin with where an index keeps tokens. */
  letter: string
  /** Values of an enterprise; none where it has none. */
  values(document: SearchDocument): readonly string[]
  /** Whether an enterprise with a value is asked for by another; by equality where it is left out. */
  holds?(wanted: string, own: string): boolean
  /** What an index that compares tokens by equality keeps for a value: itself where it is left out. */
  tokens?(own: string): readonly string[]
}

export const dimensionNames = [
  'region',
  'grade',
  'listed',
  'industry',
  'licences',
  'class',
  'kinds',
  'legalForm',
  'status',
] as const

export type DimensionName = (typeof dimensionNames)[number]

export type FilterParameter = Exclude<DimensionName, 'licences' | 'kinds'> | 'licence' | 'kind'

/** Values of dimensions that an enterprise must all have; a region's six-digit code asks for those within it too. */
export type SearchFilters = { readonly [name in DimensionName]?: readonly string[] }

const single = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value])

/** Everything that enterprises are filtered and counted by, in the order in which facets are shown. */
export const dimensions: Readonly<Record<DimensionName, Dimension>> = {
  region: {
    name: 'region',
    parameter: 'region',
    label: ['地区', 'Region'],
    letter: 'r',
    values: ({ region }) => single(region),
    holds: regionContains,
    tokens: (code) => [2, 4, 6].map((digits) => code.slice(0, digits).padEnd(6, '0')),
  },
  grade: {
    name: 'grade',
    parameter: 'grade',
    label: ['质量信用等级', 'Grade'],
    letter: 'g',
    values: ({ grade }) => single(grade),
  },
  listed: {
    name: 'listed',
    parameter: 'listed',
    label: ['黑名单', 'Blacklist'],
    letter: 'x',
    values: ({ listed }) => (listed ? ['true'] : []),
  },
  industry: {
    name: 'industry',
    parameter: 'industry',
    label: ['行业', 'Industry'],
    letter: 'i',
    values: ({ industry }) => single(industry),
  },
  licences: {
    name: 'licences',
    parameter: 'licence',
    label: ['持有许可', 'Licence held'],
    letter: 'p',
    values: ({ licences = [] }) => licences,
  },
  class: {
    name: 'class',
    parameter: 'class',
    label: ['分类监管类别', 'Class of supervision'],
    letter: 'c',
    values: (document) => single(document.class),
  },
  kinds: {
    name: 'kinds',
    parameter: 'kind',
    label: ['有此类记录', 'With records of'],
    letter: 'k',
    values: ({ kinds }) => kinds,
  },
  legalForm: {
    name: 'legalForm',
    parameter: 'legalForm',
    label: ['企业类型', 'Legal form'],
    letter: 'l',
    values: ({ legalForm }) => single(legalForm),
  },
  status: {
    name: 'status',
    parameter: 'status',
    label: ['经营状态', 'Status'],
    letter: 's',
    values: ({ status }) => [status],
  },
}

/** An answer for each dimension. */
export function eachDimension<T>(make: (dimension: Dimension) => T): Record<DimensionName, T> {
  const of = (name: DimensionName) => make(dimensions[name])
  return {
    region: of('region'),
    grade: of('grade'),
    listed: of('listed'),
    industry: of('industry'),
    licences: of('licences'),
    class: of('class'),
    kinds: of('kinds'),
    legalForm: of('legalForm'),
    status: of('status'),
  }
}

/** Values of each dimension; equal for enterprises that nothing here tells apart. */
export type Profile = Readonly<Record<DimensionName, readonly string[]>>

export function profileOf(document: SearchDocument): Profile {
  return eachDimension(({ values }) => values(document))
}

/** Whether an enterprise is what the filters ask for. */
export function matches(profile: Profile, filters: SearchFilters): boolean {
  return dimensionNames.every((name) => {
    const { holds = isSame } = dimensions[name]
    return (filters[name] ?? []).every((wanted) => profile[name].some((own) => holds(wanted, own)))
  })
}

function isSame(wanted: string, own: string): boolean {
  return wanted === own
}

/** How many enterprises have a value. */
export interface Facet {
  value: string
  count: number
}

export type Facets = Record<DimensionName, Facet[]>

/** More than the counties of a province. */
const MAX_VALUES = 250

/** How many enterprises have each value, the most first; `counts` says how many have each profile. */
export function facetsOf(counts: Iterable<readonly [Profile, number]>): Facets {
  const sums = eachDimension(() => new Map<string, number>())
  for (const [profile, count] of counts)
    for (const name of dimensionNames)
      for (const value of profile[name]) sums[name].set(value, (sums[name].get(value) ?? 0) + count)
  return eachDimension(({ name }) => ranked(sums[name]))
}

/** Facets of two lots of enterprises, counted together. */
export function facetsOfBoth(one: Facets, other: Facets): Facets {
  return eachDimension(({ name }) => {
    const sums = new Map(one[name].map(({ value, count }) => [value, count]))
    for (const { value, count } of other[name]) sums.set(value, (sums.get(value) ?? 0) + count)
    return ranked(sums)
  })
}

export function ranked(counts: Iterable<readonly [string, number]>): Facet[] {
  return Array.from(counts, ([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, MAX_VALUES)
}
