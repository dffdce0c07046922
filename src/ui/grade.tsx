import { useSay } from './frame.tsx'

/** Outlines of the grades: a letter in a shape, so that neither colour nor word alone tells it. */
const SHAPES: Readonly<Record<string, string>> = {
  A: 'M12 1a11 11 0 1 0 0 22a11 11 0 1 0 0-22Z',
  B: 'M2 2h20v20H2Z',
  C: 'M12 1 23 12 12 23 1 12Z',
  D: 'M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9Z',
}

/** Words of the four credit grades. */
export const GRADE_WORDS: Readonly<Record<string, readonly [string, string]>> = {
  A: ['守信', 'trustworthy'],
  B: ['基本守信', 'mostly trustworthy'],
  C: ['失信', 'untrustworthy'],
  D: ['严重失信', 'seriously untrustworthy'],
}

interface Props {
  grade: string | null
  /** Its word, where it is no credit grade. */
  name?: string | undefined
  size?: number
}

/** A credit grade or class by its shape, letter and word; an empty ring for 未评定. */
export function Grade({ grade, name, size = 28 }: Props) {
  const say = useSay()
  const letter = grade?.slice(0, 1) ?? ''
  const [zh, en] = (grade === null ? undefined : GRADE_WORDS[grade]) ?? ['', '']
  return (
    <span class="grade">
      <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
        <path d={SHAPES[letter] ?? SHAPES.A} fill="none" stroke="currentColor" stroke-width="1.5" />
        {grade !== null && (
          <text
            x="12"
            y="16.5"
            text-anchor="middle"
            font-size={grade.length > 1 ? 10 : 13}
            fill="currentColor"
          >
            {grade}
          </text>
        )}
      </svg>{' '}
      {grade === null ? say('未评定', 'not rated') : `${grade} ${name ?? say(zh, en)}`.trim()}
    </span>
  )
}
