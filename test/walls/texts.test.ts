import t from 'tap'
import { z } from 'zod'
import { shippedActs } from '../../src/acts/shipped.ts'
import { LONGEST_LIST, LONGEST_TEXT, textFaultsIn } from '../../src/adoption/texts.ts'
import { ruleSetSchema, ruleSets } from '../../src/blacklist/rule-set.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { standardSchema } from '../../src/rating/standard.ts'
import { catalogue, enterprise } from '../../src/records/catalogue.ts'
import { office as authors, Office } from '../acts/office.ts'
import { refusalOf } from '../blacklist/firm.ts'
import { officer, Visitor } from '../desk/visitor.ts'
import { testServer } from '../support.ts'

/**
 * All text that comes in keeps the one rule for text, by whatever definition: a walk through every act and every kind of
 * record finds each place that takes text, so that a new one can't be forgotten.
 */

/** What no text may hold, and texts that are as long as anything asks for. */
const BROKEN = [
  '损\u0000坏',
  '损\u0007坏',
  '损\u001b坏',
  '损\u0085坏',
  '损\ud800坏',
  '损\udc00坏',
  ...['\ufffe', '\uffff', '\ufdd0', '\ufdef', '\u{1fffe}', '\u{10ffff}'].map((none) => `损${none}坏`),
  '损\u2028坏',
  // How a workbook writes a 9, a mark that turns text round, nothing at all.
  '损_x0039_坏',
  '损_x202E_坏',
  '损_x0000_坏',
  '损_x005f_x0039_坏',
]

/** One number in the ways in which it can be spelt, and what would turn the text after it around. */
const HIDING = [
  ...['X', 'x', 'Ｘ', 'ｘ', 'Х', 'х', 'Χ', 'χ'].map((last) => `11010519491231002${last}`),
  '１１０１０５１９４９１２３１００２Ｘ',
  'a11010519491231002x',
  ...['\u202a', '\u202b', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068'].map((mark) => `甲${mark}乙`),
]

interface Place {
  name: string
  schema: z.ZodType
}

/** Every place within a schema that takes text of the writer's own. */
function placesOf(name: string, schema: z.core.$ZodType): Place[] {
  const inner = (more: string, own: z.core.$ZodType) => placesOf(`${name}${more}`, own)
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return inner('', schema.def.innerType)
  if (schema instanceof z.ZodPipe) return [...inner('', schema.def.in), ...inner('', schema.def.out)]
  if (schema instanceof z.ZodArray) return inner('[]', schema.def.element)
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([field, own]) => inner(`.${field}`, own))
  if (schema instanceof z.ZodRecord)
    return [...inner('{}', schema.def.keyType), ...inner('.*', schema.def.valueType)]
  if (schema instanceof z.ZodUnion) return schema.def.options.flatMap((own) => inner('|', own))
  if (schema instanceof z.ZodString) return [{ name, schema }]
  return []
}

/** Judged otherwise: a text after what must not be published is masked in it, a password as such, and never kept. */
const OTHERWISE = ['attach-decision.text', 'create-officer.password', 'reset-password.password']

/** Whether a schema takes a text only as another one. */
function isTidied(schema: z.core.$ZodType | undefined, text: string): boolean {
  const read = schema && z.safeParse(schema, text)
  return read?.success === true && read.data !== text
}

/** Places that take what no text may hold, or keep what hides something. */
function openOf(places: readonly Place[]): string[] {
  return places
    .filter(
      ({ schema }) =>
        BROKEN.some((text) => schema.safeParse(text).success) ||
        HIDING.some((text) => schema.safeParse(text).data === text),
    )
    .map(({ name }) => name)
}

t.test('every text of every act keeps the one rule for text', async (t) => {
  const places = shippedActs.flatMap((act) => {
    const { document: _, ...fields } = act.input.shape
    return Object.entries(fields).flatMap(([field, schema]) => placesOf(`${act.name}.${field}`, schema))
  })
  t.ok(places.length > 100, `${places.length} places`)
  t.same(openOf(places), OTHERWISE)
})

t.test('every text of every kind of record keeps the one rule for text', async (t) => {
  const texts = [enterprise, ...catalogue.kinds].flatMap((kind) =>
    kind.columns.filter(({ type }) => type === 'text').map(({ field }) => ({ kind, field })),
  )
  t.ok(texts.length > 40, `${texts.length} fields`)
  const open = texts.filter(({ kind, field }) =>
    [...BROKEN, ...HIDING].some((text) => {
      const { error } = kind.fields.safeParse({ [field]: text })
      return !error?.issues.some(({ path }) => path[0] === field) && !isTidied(kind.fields.shape[field], text)
    }),
  )
  t.same(
    open.map(({ kind, field }) => `${kind.type}.${field}`),
    [],
  )
})

/** A document with one of its texts, or of its members' names, changed, and where that is. */
interface Changed {
  pointer: string
  document: object
}

/** Every text of a document, and every name that a document chooses by itself, changed in turn. */
function changedIn(document: object, to: string): Changed[] {
  const walked = (value: unknown, pointer: string, put: (value: unknown) => object): Changed[] => {
    if (typeof value === 'string') return [{ pointer, document: put(to) }]
    if (Array.isArray(value))
      return value.flatMap((member, i) =>
        walked(member, `${pointer}/${i}`, (other) => put(value.with(i, other))),
      )
    if (typeof value !== 'object' || value === null) return []
    const members = Object.entries(value)
    const within = members.flatMap(([name, member]) =>
      walked(member, `${pointer}/${name}`, (other) => put({ ...value, [name]: other })),
    )
    return [{ pointer, document: put({ ...value, [to]: 1 }) }, ...within]
  }
  const isRoot = (value: unknown): value is object => typeof value === 'object' && value !== null
  return walked(document, '', (value) => (isRoot(value) ? value : document))
}

/** A document with all its texts changed at once, names left as they are, and where they stand. */
function changedThroughout(document: object, to: string): { pointers: string[]; document: unknown } {
  const pointers: string[] = []
  const changed = (value: unknown, pointer: string): unknown => {
    if (typeof value === 'string') {
      pointers.push(pointer)
      return to
    }
    if (Array.isArray(value)) return value.map((member, i) => changed(member, `${pointer}/${i}`))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, changed(member, `${pointer}/${name}`)]),
    )
  }
  return { document: changed(document, ''), pointers }
}

t.test(
  'every text of every document that is adopted keeps the one rule for text, within bounds',
  async (t) => {
    const office = new Office()
    const kinds = [
      ['propose-standard', shippedStandards],
      ['propose-rules', ruleSets],
    ] as const
    for (const [name, documents] of kinds)
      for (const shipped of documents) {
        const asked = office.ask(name, {}, authors.approver)
        const why = (document: object) => refusalOf(() => asked.decide({ document }))
        const next = { ...shipped, version: shipped.version + 1 }
        t.not(why(next).reason, 'invalid', `${shipped.id} as it is shipped`)
        const places = changedIn(next, '').length
        t.ok(places > 50, `${shipped.id}: ${places} places`)
        const isHere = ({ pointer, document }: Changed) =>
          textFaultsIn(document).some((fault) => fault.pointer === pointer)
        for (const text of [...BROKEN, ...HIDING, '长'.repeat(LONGEST_TEXT + 1)]) {
          const { document, pointers } = changedThroughout(next, text)
          const what = `${shipped.id} ${encodeURIComponent(text.slice(0, 20).toWellFormed())}`
          t.same(
            textFaultsIn(document).map((fault) => fault.pointer),
            pointers,
            what,
          )
          // Names too, which few texts tell from one another.
          if (text.length > LONGEST_TEXT) t.ok(changedIn(next, text).every(isHere), what)
        }
        const open = changedIn(next, '损\u0007坏').filter(({ pointer, document }) => {
          const { reason, faults } = why(document)
          return reason !== 'invalid' || !faults.some((fault) => fault.startsWith(`${pointer} `))
        })
        t.same(
          open.map(({ pointer }) => pointer),
          [],
          shipped.id,
        )
        const many = Array.from({ length: LONGEST_LIST + 1 }, (_, i) => `措施${i}`)
        t.match(why({ ...next, measures: many }).faults, ['/measures too-long'])
        t.equal(textFaultsIn({ ...next, measures: many.slice(1) }).length, 0)
        t.equal(textFaultsIn({ name: '长'.repeat(LONGEST_TEXT) }).length, 0)
      }
  },
)

t.test(
  'what was put forward before the rule was made is not adopted, and what was adopted is still read',
  async (t) => {
    const office = new Office()
    const at = { at: '', author: { authority: '省局', officer: 'approver' }, by: 'officer/approver' }
    const [standard] = shippedStandards
    const [rules] = ruleSets
    if (!standard || !rules) throw new Error('nothing is shipped')
    for (const name of ['旧\u0007标准', '旧标准 11010519491231002X']) {
      const waiting = { revision: 1, versions: [] }
      office.standards = [
        { ...waiting, id: standard.id, proposed: { ...at, document: { ...standard, name } } },
      ]
      office.ruleSets = [{ ...waiting, id: rules.id, proposed: { ...at, document: { ...rules, name } } }]
      for (const [act, id] of [
        ['adopt-standard', standard.id],
        ['adopt-rules', rules.id],
      ] as const) {
        const refused = await office.refusal(act, { id }, {}, authors.other)
        t.match(refused, { reason: 'exists', title: /\/name：.*不予采用，改正后重新提请/ }, `${act} ${name}`)
      }
      t.equal(ruleSetSchema.safeParse({ ...rules, name, measures: ['长'.repeat(5000)] }).success, true)
      t.equal(standardSchema.safeParse({ ...standard, name }).success, true)
    }
  },
)

t.test('an uploaded file is shown by the rule for text, whatever it is called', async (t) => {
  const server = await testServer(t)
  const visitor = new Visitor(server)
  await officer(server, { login: 'zhangsan', roles: ['recorder'] })
  await visitor.signIn('zhangsan')
  const names = [
    '甲\u202excod.exe.csv',
    '11010519491231002X.csv',
    '张三１１０１０５１９４９１２３１００２Ｘ.csv',
    '甲\u0085乙\u2028丙.csv',
    `${'长'.repeat(199)}𠮷𠮷.csv`,
    '”引“号.csv',
  ]
  for (const name of names) {
    const { statusCode, headers } = await visitor.upload(
      '/desk/imports',
      '/desk/imports',
      { type: 'licence' },
      name,
      '代码\n',
    )
    // What parts lines would part those of the test's own report.
    const called = encodeURIComponent(name)
    t.equal(statusCode, 303, called)
    for (const url of ['/desk/imports', String(headers.location), '/desk/imports?format=csv'])
      t.notMatch(
        (await visitor.get(url)).body,
        /\u202e|\u0085|\u2028|11010519491231002X|１１０１０５/u,
        `${called} ${url}`,
      )
  }
  const { body } = await visitor.get('/desk/imports')
  t.match(body, /长𠮷……/, 'cut between characters')
  t.match(body, '’引’号.csv')
})
