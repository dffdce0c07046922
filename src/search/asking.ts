import { regionsNamed } from '../codes/places.ts'
import { tidyCode } from '../codes/typed.ts'
import { type Condition, EDGE, EVERYONE, entriesOf } from './condition.ts'
import { type FormerPlace, formerPlace, presentNames } from './former-places.ts'
import { isNear, isScattered, mistakesIn, soundParts } from './near.ts'
import { foldedText, isPlace, leadingPlace, partsOf, plainText, trailingPlace } from './normalise.ts'
import { withArabicNumerals } from './numerals.ts'
import { readsMixture, soundingLike, typedMixture, typedPinyin } from './pinyin.ts'

/** A way in which an enterprise may answer; of several, the first that it meets says why it is found. */
export interface Tier {
  where: Condition
  by: 'all' | 'code' | 'name' | 'place' | 'pinyin' | 'similar'
}

/** What a typed text may mean, the likeliest first. */
export interface Asked {
  /** Folded text without gaps, and the same with its characters as they were written. */
  text: string
  plain: string
  /** What names are marked by where they do not hold the text as it stands. */
  parts: readonly string[]
  /** Letters to be read as pinyin. */
  letters: string | undefined
  /** The text as a code or the beginning of one. */
  code: string | undefined
  /** Places typed by names that are no longer borne. */
  former: readonly FormerPlace[]
  /** Enterprises that bear what was typed. */
  asTyped: readonly Tier[]
  /** Enterprises that may be meant: the same words in other forms or another order. */
  similar: readonly Tier[]
  /** Those that may be meant if there are mistakes or gaps in the text; each looked for where nothing before is found. */
  doubtful: readonly (readonly Tier[])[]
}

/** Fewest characters that are taken for the beginning of a code: fewer would be that of most. */
export const SHORTEST_CODE = 4
/** Characters from which on what may be a code is likelier one than part of a name. */
const TELLING_CODE = 5

/** What a typed text may mean. */
export function understood(typed: string): Asked {
  const text = foldedText(typed)
  const letters = typedPinyin(typed)
  const code = codeIn(typed)
  if (typed.trim() === '') return { ...NOTHING, asTyped: [{ where: EVERYONE, by: 'all' }] }
  if (text === '') return NOTHING
  const words = typed
    .split(/[\s,，、;；/|]+/u)
    .map((word) => ({ text: foldedText(word), word }))
    .filter((word) => word.text !== '')
  const meant = words.length > 1 ? ofWords(words) : ofOneWord(typed)
  const { pieces } = meant
  const [first = ''] = pieces
  const stem = text.includes(first) ? text.slice(0, text.indexOf(first) + first.length) : text
  const mixture = typedMixture(text)
  const isPlaceAlone = isPlace(text)
  const former = (isPlaceAlone ? [text] : meant.places).flatMap((place) => formerPlace(place) ?? [])
  const isShort = code !== undefined && code.length < TELLING_CODE
  return {
    text,
    plain: plainText(typed),
    parts: pieces,
    letters,
    code,
    former,
    asTyped: [
      ...(code === undefined || isShort ? [] : codeTiers(code)),
      ...nameTiers(text),
      ...(isPlaceAlone ? former.flatMap(successorTiers) : []),
      ...(code !== undefined && isShort ? codeTiers(code) : []),
      ...(letters === undefined ? [] : readingTiers(letters)),
      ...(mixture === undefined ? [] : [mixtureTier(mixture)]),
    ],
    similar:
      words.length > 1
        ? wordTiers(words, meant)
        : [...sameTiers(text, meant), ...formTiers(text, meant), ...turnedTiers(text)],
    doubtful:
      letters === undefined
        ? [...mistaken(text, stem.length < SHORTEST_STEM ? text : stem, meant), [scattered(first || text)]]
        : [],
  }
}

const NOTHING: Asked = {
  text: '',
  plain: '',
  parts: [],
  letters: undefined,
  code: undefined,
  former: [],
  asTyped: [],
  similar: [],
  doubtful: [],
}

/** Fewest characters of a text without its legal form that tell enough to look for a mistake in them alone. */
const SHORTEST_STEM = 6

/** What was typed as a code or the beginning of one. */
function codeIn(typed: string): string | undefined {
  const code = tidyCode(typed)
  const { length } = code
  return /^[0-9A-Z]+$/.test(code) && /\d/.test(code) && length >= SHORTEST_CODE && length <= 18
    ? code
    : undefined
}

function codeTiers(code: string): Tier[] {
  return [true, false].map((whole) => ({ where: { code, whole }, by: 'code' }))
}

/** The name as it stands, names that begin with it, names that hold it. */
function nameTiers(text: string): Tier[] {
  return [EDGE + text + EDGE, EDGE + text, text].map((name) => ({ where: { name }, by: 'name' }))
}

/** Enterprises of the places that took over what was typed: those that are named by one, then those that are there. */
function successorTiers(former: FormerPlace): Tier[] {
  const named = presentNames(former).map((name): Condition => ({ name }))
  const code = former.now.map((region) => region.code)
  return [
    { where: { any: named }, by: 'place' },
    { where: { has: { region: code } }, by: 'place' },
  ]
}

function readingTiers(reads: string): Tier[] {
  return (['whole', 'beginning', 'anywhere'] as const).map((from) => ({
    where: { reads, from },
    by: 'pinyin',
  }))
}

function mixtureTier(parts: readonly string[]): Tier {
  const conditions = parts.map(
    (part): Condition => (/^[a-z]/.test(part) ? { reads: part, from: 'anywhere' } : { name: part }),
  )
  return {
    where: {
      among: { all: conditions },
      that: ({ names }) => entriesOf(names).some((name) => readsMixture(Array.from(name), parts)),
    },
    by: 'pinyin',
  }
}

interface Meant {
  /** The distinctive part as it stands, where the text is one word. */
  core?: string
  /** Distinctive parts, and the places named beside them. */
  pieces: string[]
  places: string[]
}

/** A text in one piece: places before and after its distinctive part are told from it. */
function ofOneWord(typed: string): Meant {
  const { core, places } = partsOf(typed)
  if (core === '') return { pieces: [], places }
  const after = trailingPlace(core)
  return after === ''
    ? { core, pieces: [core], places }
    : { core, pieces: [core.slice(0, -after.length)], places: [...places, after] }
}

/** Words with gaps between them, in any order: each a place, or parts of a name. */
function ofWords(words: readonly { text: string; word: string }[]): Meant {
  const meant: Meant = { pieces: [], places: [] }
  for (const { text, word } of words) {
    if (isPlace(text)) meant.places.push(text)
    else if (leadingPlace(text) === '' && partsOf(word).core === '') meant.pieces.push(text)
    else {
      const { pieces, places } = ofOneWord(word)
      meant.pieces.push(...pieces)
      meant.places.push(...places)
    }
  }
  return meant
}

/** What the name of a branch ends with, and the legal forms that stand within it, before the branch's own words. */
const BRANCH_END = /(?:[分支]公司|[分支]行|分店|分厂|门市部|营业部|经营部|办事处)$/u
const FORM_WITHIN = /(?:有限责任|股份有限|有限)?公司/gu
/** Fewest characters of a branch's name in which a legal form may have been left out. */
const SHORTEST_BRANCH = 8

/** Names that are the text but for how their numerals are written (第1, 第一), or for a legal form within that of a branch. */
function sameTiers(text: string, { core }: Meant): Tier[] {
  const tier = (among: Condition, isMeant: (name: string) => boolean): Tier => ({
    where: { among, that: ({ names }) => entriesOf(names).some(isMeant) },
    by: 'similar',
  })
  const numerals = withArabicNumerals(text)
  const isBranch = text.length >= SHORTEST_BRANCH && BRANCH_END.test(text)
  return [
    ...(core !== undefined && /\d/u.test(core)
      ? [tier({ core: EDGE + core + EDGE }, (name) => withArabicNumerals(name) === numerals)]
      : []),
    ...(isBranch
      ? [
          tier({ all: [{ name: EDGE + text.slice(0, 4) }, { name: text.slice(-4) + EDGE }] }, (name) =>
            withoutOneForm(name).includes(text),
          ),
        ]
      : []),
  ]
}

/** A name with each of the legal forms within it left out in turn; the whole of a form, or its last part (股份有限公司). */
function withoutOneForm(name: string): string[] {
  return Array.from(name.matchAll(FORM_WITHIN)).flatMap(({ 0: form, index }) =>
    [form, form.replace('股份', '')].map(
      (left) => name.slice(0, index + form.length - left.length) + name.slice(index + form.length),
    ),
  )
}

/** A place that is named in full says where a name begins within a text: its short form may be part of another word. */
const FULL_PLACE = 3

/** Names that hold a branch's own words and those of its parent, which came after them: 门市部晋州市示例公司. */
function turnedTiers(text: string): Tier[] {
  if (leadingPlace(text) !== '') return []
  for (let at = 2; at < text.length; at += 1)
    if (leadingPlace(text.slice(at)).length >= FULL_PLACE)
      return [{ where: { all: [{ name: text.slice(at) }, { name: text.slice(0, at) }] }, by: 'similar' }]
  return []
}

/** Fewest characters of a distinctive part that say enough without the place that was named with it. */
const TELLING = 4

/** Names with the distinctive part, the same or within a longer one: in the place first, then elsewhere. */
function formTiers(text: string, { core = '', pieces: [piece], places }: Meant): Tier[] {
  if (piece === undefined) return []
  const same: Condition = { core: EDGE + core + EDGE }
  const held = holding(piece)
  return [
    ...there(same, places),
    ...there({ core: EDGE + core }, places),
    ...there(held, places),
    { where: same, by: 'similar' },
    ...(core === piece ? [] : [{ where: { core }, by: 'similar' } as const]),
    ...(piece.length >= TELLING && piece !== text ? [{ where: held, by: 'similar' } as const] : []),
    ...(places.length === 0
      ? [{ where: apart(piece), by: 'similar' } as const]
      : there(apart(piece), places)),
  ]
}

/** Names that hold all of several words, in any order. */
function wordTiers(words: readonly { text: string }[], { pieces, places }: Meant): Tier[] {
  const all = { all: pieces.map(holding) }
  return [
    { where: { all: words.map(({ text }) => ({ name: text })) }, by: 'similar' },
    ...(pieces.length === 0 ? [] : there(all, places)),
    ...(pieces.length > 1 ? [{ where: all, by: 'similar' } as const] : []),
  ]
}

/** Those whose names name the places, then those that are there. */
function there(where: Condition, places: readonly string[]): Tier[] {
  if (places.length === 0) return []
  return [
    { where: { all: [where, ...places.map((name) => ({ name }))] }, by: 'similar' },
    { where: { all: [where, ...places.map(inPlace)] }, by: 'similar' },
  ]
}

function holding(piece: string): Condition {
  return { any: [{ name: piece }, { core: piece }] }
}

/** A name that names the place, or the one that it is now, or an enterprise that is in it. */
function inPlace(place: string): Condition {
  const former = formerPlace(place)
  return {
    any: [
      { name: place },
      ...(former ? presentNames(former).map((name): Condition => ({ name })) : []),
      ...regionsNamed(place).map(({ code }): Condition => ({ has: { region: [code] } })),
    ],
  }
}

const LONGEST_APART = 12

/** A text in two parts that stand apart, or the other way round. */
function apart(core: string): Condition {
  const characters = Array.from(core).slice(0, LONGEST_APART + 1)
  if (characters.length < 4 || characters.length > LONGEST_APART) return { any: [] }
  return {
    any: Array.from({ length: characters.length - 3 }, (_, i) => {
      const [before, after] = [characters.slice(0, i + 2), characters.slice(i + 2)].map((part) =>
        part.join(''),
      )
      return { all: [{ core: before ?? '' }, { core: after ?? '' }] }
    }),
  }
}

/** At most this many different characters are looked for one by one. */
const MOST_SCATTERED = 30

function scattered(text: string): Tier {
  const characters = Array.from(new Set(text)).slice(0, MOST_SCATTERED)
  return {
    where: {
      among: { all: characters.map((name) => ({ name })) },
      that: ({ names }) => entriesOf(names).some((name) => isScattered(name, text)),
    },
    by: 'similar',
  }
}

/** Names that the text is one mistake away from, then two: with characters that sound alike first, then with any. */
function mistaken(text: string, stem: string, { pieces: [core = ''], places }: Meant): Tier[][] {
  const inStem = nearly('name', stem, Math.min(1, mistakesIn(stem)))
  const inCore = core === stem ? undefined : nearly('core', core, Math.min(1, mistakesIn(core)))
  const twice = [
    mistakesIn(core) === 2 ? nearly('core', core, 2) : undefined,
    mistakesIn(text) === 2 ? nearly('name', mistakesIn(stem) === 2 ? stem : text, 2) : undefined,
  ].filter((one) => one !== undefined)
  return [
    [
      ...(inStem ? [inStem.alike] : []),
      ...(inCore ? there(inCore.alike.where, places) : []),
      ...(inStem ? [inStem.mistaken] : []),
      ...(inCore ? there(inCore.mistaken.where, places) : []),
    ],
    [...twice.map(({ alike }) => alike), ...twice.map(({ mistaken }) => mistaken)],
  ]
}

/** Names with what of a text still stands with so many mistakes: those that sound like it, and those with any. */
function nearly(
  where: 'name' | 'core',
  text: string,
  mistakes: number,
): { alike: Tier; mistaken: Tier } | undefined {
  if (mistakes === 0) return undefined
  const standing = (part: string): Condition => (where === 'name' ? { name: part } : { core: part })
  const among: Condition = {
    all: [
      { any: soundParts(text, mistakes).map((parts) => ({ all: parts.map(standing) })) },
      { shares: text, least: new Set(text).size - mistakes },
    ],
  }
  const tier = (isMeant: (entry: string) => boolean): Tier => ({
    where: {
      among,
      that: ({ names, cores }) => entriesOf(names).some(isMeant) || entriesOf(cores).some(isMeant),
    },
    by: 'similar',
  })
  return { alike: tier(soundingLike(text)), mistaken: tier((entry) => isNear(entry, text, mistakes)) }
}
