import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { parseRegion } from '../../src/codes/places.ts'
import { searchOver } from '../../src/search/answering.ts'
import type { SearchDocument } from '../../src/search/document.ts'
import { openEmbeddedIndex } from '../../src/search/embedded.ts'
import { foldedText, leadingPlace, partsOf } from '../../src/search/normalise.ts'
import { readingsOf } from '../../src/search/pinyin.ts'
import { temporaryFolder } from '../support.ts'

/** A file of real enterprises (企业名称,统一社会信用代码,成立日期,企业类型,所在地市); none is part of this program. */
const SAMPLE =
  process.env.SAMPLE_FIRMS ??
  fileURLToPath(new URL('../../../shared/data/hebei-enterprises.csv', import.meta.url))
/** Enterprises that are asked for in each way. */
const ASKED = 120

function firms(): SearchDocument[] {
  const rows: string[][] = parse(readFileSync(SAMPLE, 'utf8'), {
    from_line: 2,
    bom: true,
    relax_column_count: true,
  })
  const documents = rows
    .filter(([, code = '']) => /^[0-9A-Z]{18}$/.test(code))
    .map(([name = '', code = '', day, form, city = '']): SearchDocument => {
      const region = parseRegion(city)?.code
      return {
        key: code.slice(8, 17),
        uscc: code,
        names: [name],
        ...(region !== undefined && { region }),
        ...(form && { legalForm: form }),
        ...(day && { establishedOn: day }),
        status: '存续',
        kinds: [],
      }
    })
  return Array.from(new Map(documents.map((document) => [document.key, document])).values())
}

/** Numbers that are the same on each run. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}
const random = numbers(20)
const replaced = (text: string, at: number, by: string) => text.slice(0, at) + by + text.slice(at + 1)
const otherForm = (name: string) =>
  name.includes('有限责任公司')
    ? name.replaceAll('有限责任公司', '有限公司')
    : name.replaceAll('有限公司', '有限责任公司')
const readAs = (text: string, part: (reading: string) => string) =>
  Array.from(text, (character) => part(readingsOf(character)[0] ?? '')).join('')
const sameSound = (character: string) =>
  Array.from('华海河新兴城建工贸发天源达通利和丰玉金晶友有成诚鑫信欣').find(
    (other) =>
      other !== character && readingsOf(other).some((reading) => readingsOf(character).includes(reading)),
  )

/** Ways to ask for an enterprise; undefined where one can't be asked for so. The share is of those found in the first ten. */
const ways: [
  what: string,
  atLeast: number,
  ask: (firm: SearchDocument, name: string) => string | undefined,
][] = [
  ['code', 1, ({ uscc }) => uscc ?? undefined],
  ['organisation code', 1, ({ key }) => `${key.slice(0, 8)}-${key.slice(8)}`],
  ['whole name', 1, (_, name) => name],
  [
    'without the legal form',
    1,
    (_, name) =>
      /(有限责任公司|有限公司)$/.test(name) ? name.replace(/(股份)?有限(责任)?公司$/, '') : undefined,
  ],
  [
    'brackets as plain text',
    1,
    (_, name) => (/[（(]/.test(name) ? name.replace(/[（）()]/g, '') : undefined),
  ],
  [
    'brackets left out',
    0.98,
    (_, name) => (/[（(](集团|.*合伙)[）)]/.test(name) ? name.replace(/[（(].*?[）)]/g, '') : undefined),
  ],
  ['forms exchanged', 1, (_, name) => (otherForm(name) === name ? undefined : otherForm(name))],
  [
    'forms exchanged in branches',
    1,
    (_, name) => (/有限(责任)?公司.*(分公司|厂|店|部)$/.test(name) ? otherForm(name) : undefined),
  ],
  [
    'place at the end',
    0.98,
    (_, name) => {
      const place = leadingPlace(foldedText(name))
      const { core } = partsOf(name)
      return place === '' || core.length < 4 ? undefined : core + place
    },
  ],
  [
    'pinyin of the distinctive part',
    0.98,
    (_, name) => {
      const { core } = partsOf(name)
      return /^[\u4e00-\u9fa5]{4,}$/.test(core) ? readAs(core, (reading) => reading) : undefined
    },
  ],
  [
    'initials of the whole name',
    0.98,
    (_, name) =>
      /^[\u4e00-\u9fa5]{8,}$/.test(name) ? readAs(name, (reading) => reading.charAt(0)) : undefined,
  ],
  [
    'characters and pinyin',
    0.98,
    (_, name) =>
      /^[\u4e00-\u9fa5]{8,}$/.test(name)
        ? name.slice(0, 2) + readAs(name.slice(2, 4), (r) => r) + name.slice(4)
        : undefined,
  ],
  [
    'one character wrong',
    0.95,
    (_, name) => (name.length > 7 ? replaced(name, 2 + random(name.length - 6), '囧') : undefined),
  ],
  [
    'one character missing',
    0.95,
    (_, name) => (name.length > 7 ? replaced(name, 2 + random(name.length - 6), '') : undefined),
  ],
  [
    'one character too many',
    0.95,
    (_, name) => {
      const at = 2 + random(Math.max(1, name.length - 6))
      return name.length > 7 ? replaced(name, at, `${name.charAt(at)}大`) : undefined
    },
  ],
  [
    'two characters exchanged',
    0.95,
    (_, name) => {
      const at = 2 + random(Math.max(1, name.length - 7))
      return name.length > 7
        ? name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2)
        : undefined
    },
  ],
  [
    'a character that sounds the same',
    0.95,
    (_, name) => {
      const at = Array.from(name).findIndex((character, i) => i > 1 && sameSound(character) !== undefined)
      return at < 0 ? undefined : replaced(name, at, sameSound(name.charAt(at)) ?? '')
    },
  ],
  [
    'two characters wrong',
    0.8,
    (_, name) => (name.length > 12 ? replaced(replaced(name, 3, '囧'), name.length - 6, '囍') : undefined),
  ],
]

t.test(
  'real names are found in every way that people ask for them',
  { skip: !existsSync(SAMPLE) && 'the sample of real names is not here' },
  async (t) => {
    const all = firms()
    const index = openEmbeddedIndex(join(temporaryFolder(t), 'search.db'), 'write')
    t.teardown(() => index.close())
    await index.index({ documents: all, removed: [], position: 1 })
    const engine = searchOver(index)
    for (const [what, atLeast, ask] of ways) {
      const asked = all
        .map((firm) => ({ firm, text: ask(firm, firm.names[0] ?? '') }))
        .filter((one): one is { firm: SearchDocument; text: string } => one.text !== undefined)
      const some = asked.filter((_, i) => i % Math.ceil(asked.length / ASKED) === 0)
      const missed: string[] = []
      const begun = performance.now()
      for (const { firm, text } of some) {
        const { hits } = await engine.search({ text, filters: {}, limit: 10 })
        // A name that many bear is found with any of them.
        const isFound = hits.some(({ document }) => document.names[0] === firm.names[0])
        if (!isFound) missed.push(`${text} ≠ ${firm.names[0]}`)
      }
      const share = 1 - missed.length / some.length
      const pace = (performance.now() - begun) / some.length
      t.comment(`${what}: ${share.toFixed(3)} of ${some.length}, ${pace.toFixed(2)} ms each`)
      t.ok(share >= atLeast, `${what}: ${share.toFixed(3)}; missed ${missed.slice(0, 5).join('; ')}`)
    }
  },
)
