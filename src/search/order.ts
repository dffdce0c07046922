import type { SearchOrder } from './engine.ts'

/** Sorts after everything that an enterprise may be put in order by. */
const LAST = '~'

interface Ordered {
  region?: string | undefined
  grade?: string | null | undefined
  establishedOn?: string | null | undefined
}

/** What an enterprise is put in order by, as text to be compared; last for who lacks it. */
export function orderKey({ region, grade, establishedOn }: Ordered, order: SearchOrder): string {
  switch (order) {
    case 'grade':
      return grade ?? LAST
    case 'region':
      return region || LAST
    case 'oldest':
      return establishedOn ?? LAST
    case 'newest':
      return establishedOn?.replace(/\d/g, (digit) => String(9 - Number(digit))) ?? LAST
  }
}
