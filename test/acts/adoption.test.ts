import t from 'tap'
import { ruleSets } from '../../src/blacklist/rule-set.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { people } from '../blacklist/firm.ts'
import { Office, office, standardAt } from './office.ts'

/** Documents in versions: which one follows which, who puts forward and who adopts, and what is refused. */

const author = { authority: '省局', officer: 'approver' }
const shipped = (id: string) => {
  const known = shippedStandards.find((own) => own.id === id)
  if (!known) throw new Error(id)
  return known
}
const OWN = shipped('four-grades')
const own = (version: number) => ({ ...OWN, name: '本省标准', version })
const waiting = (document: typeof OWN) => ({ document, at: '', author, by: 'officer/approver' })
/** An office where these versions of a standard were adopted, and one waits if given. */
function adopted(versions: readonly number[], proposed?: typeof OWN): Office {
  const at = new Office()
  at.standards = [
    {
      ...{
        id: OWN.id,
        revision: 7,
        versions: versions.map((version) => ({ ...standardAt(version), document: own(version) })),
      },
      ...(proposed && { proposed: waiting(proposed) }),
    },
  ]
  return at
}
const kinds = (outcome: { drafts: readonly { kind: string }[] }) => outcome.drafts.map(({ kind }) => kind)

t.test(
  'a standard follows on the last version; the registry’s own may follow on any before it',
  async (t) => {
    const put = (at: Office, document: object, actor = office.approver) =>
      at.does('propose-standard', {}, { document }, actor).then(kinds, (error) => error.title)
    for (const [said, at, document, came] of [
      ['the next', adopted([1, 2]), own(3), ['standard.proposed']],
      ['the first of all', new Office(), { ...own(1), id: 'ours' }, ['standard.proposed']],
      ['the second of none', new Office(), { ...own(2), id: 'ours' }, /下一版应为第 1 版，不能是第 2 版/],
      ['one further', adopted([1, 2]), own(4), /下一版应为第 3 版，不能是第 4 版/],
      ['the last once more', adopted([1, 2]), own(2), []],
      ['the first once more', adopted([1, 2]), own(1), []],
      ['the last, otherwise', adopted([1, 2]), { ...own(2), name: '另一名称' }, /下一版应为第 3 版/],
      ['the registry’s own, two further', adopted([1, 2]), OWN, ['standard.proposed']],
      ['the registry’s own, the next', adopted([1, 2, 3]), OWN, ['standard.proposed']],
      ['the registry’s own, where its number is taken', adopted([4]), OWN, /下一版应为第 5 版/],
      ['the registry’s own, behind later ones', adopted([5]), OWN, /下一版应为第 6 版/],
      ['while another waits', adopted([1], own(2)), own(2), /的新一版已经提请，等待批准/],
      ['what stands, while another waits', adopted([1], own(2)), own(1), []],
    ] as [string, Office, object, string[] | RegExp][]) {
      const outcome = await put(at, document)
      if (Array.isArray(came)) t.same(outcome, came, said)
      else t.match(outcome, came, said)
    }
    t.same(
      await put(adopted([1]), own(2), office.trusted),
      ['standard.adopted'],
      'who holds the data directory',
    )
    t.same(
      await put(adopted([1], own(2)), own(2), office.trusted),
      ['standard.adopted'],
      'though another waits',
    )
    const { drafts, expect } = await adopted([1]).does(
      'propose-standard',
      {},
      { document: own(2) },
      office.approver,
    )
    t.match(drafts, [
      { subject: 'standard/four-grades', payload: { document: { version: 2 }, by: 'officer/approver' } },
    ])
    t.same([...expect], [['standard/four-grades', 7]])
  },
)

t.test('rules follow on those that come with the registry, unless others were adopted', async (t) => {
  const document = ruleSets.findLast(({ id }) => id === 'order-44')
  const version = document?.version ?? 0
  const at = (versions: readonly number[]) => {
    const office = new Office()
    if (document && versions.length > 0)
      office.ruleSets = [
        {
          ...{ id: 'order-44', revision: 2 },
          versions: versions.map((own) => ({ ...standardAt(1), document: { ...document, version: own } })),
        },
      ]
    return office
  }
  for (const [said, versions, asked, came] of [
    ['the next after the shipped', [], version + 1, ['rules.proposed']],
    ['the shipped itself', [], version, new RegExp(`下一版应为第 ${version + 1} 版`)],
    ['one further', [], version + 2, new RegExp(`下一版应为第 ${version + 1} 版`)],
    ['after one that was adopted', [version + 1], version + 2, ['rules.proposed']],
    ['which stands', [version + 1], version + 1, []],
    ['after an older one', [version - 1], version + 1, ['rules.proposed']],
  ] as const) {
    const outcome = await at(versions)
      .does('propose-rules', {}, { document: { ...document, version: asked } }, office.approver)
      .then(kinds, (error) => error.title)
    if (came instanceof RegExp) t.match(outcome, came, said)
    else t.same(outcome, came, said)
  }
})

t.test('what is wrong with a document is told place by place, within bounds', async (t) => {
  const refused = (name: string, document: object) =>
    new Office().refusal(name, {}, { document }, office.approver)
  const rules = ruleSets.findLast(({ id }) => id === 'order-44')
  for (const [said, name, document, title, faults] of [
    [
      'a text that breaks the rule',
      'propose-standard',
      { ...own(5), name: '甲\u0007' },
      /^标准有 1 处文字不合规则/,
      ['/name control-character'],
    ],
    [
      'two',
      'propose-rules',
      { ...rules, name: '\u0007', source: '\u0007' },
      /^规则有 2 处文字不合规则/,
      ['/name control-character', '/source control-character'],
    ],
    [
      'no standard',
      'propose-standard',
      { id: 'x' },
      /^标准有 \d+ 处错误，请按 errors 逐项改正。$/,
      undefined,
    ],
    ['no rules', 'propose-rules', { id: 'x' }, /^规则有 \d+ 处错误，请逐项改正。$/, undefined],
  ] as [string, string, object, RegExp, string[] | undefined][]) {
    const refusal = await refused(name, document)
    t.equal(refusal.reason, 'invalid', said)
    t.match(refusal.title, title, said)
    if (faults) t.same(refusal.faults, faults, said)
    t.ok(refusal.faults.length > 0, said)
  }
  // A hundred faults are told, of more the first hundred.
  for (const [count, told, isCut] of [
    [99, 99, false],
    [100, 100, false],
    [101, 100, true],
  ] as const) {
    const measures = Array.from({ length: count }, () => 7)
    const { title, faults } = await refused('propose-rules', { ...rules, measures })
    t.equal(faults.length, told, `${count} faults`)
    t.equal(title, `规则有 ${count} 处错误，请逐项改正。${isCut ? '（这里列出前 100 处）' : ''}`)
  }
  // 128 KB is the most, to the byte.
  const sized = (bytes: number) => {
    const document = { ...own(5), pad: ['字'] }
    while (Buffer.byteLength(JSON.stringify(document)) < bytes - 3100) document.pad.push('a'.repeat(1000))
    const left = bytes - Buffer.byteLength(JSON.stringify(document))
    document.pad[0] += 'a'.repeat(left)
    return document
  }
  t.equal(Buffer.byteLength(JSON.stringify(sized(131_072))), 131_072)
  t.notMatch((await refused('propose-standard', sized(131_072))).title, /KB/)
  t.match((await refused('propose-standard', sized(131_073))).title, /^标准文件有 129 KB，最多 128 KB/)
  t.match((await refused('propose-rules', sized(200_000))).title, /^规则文件有 196 KB，最多 128 KB/)
})

t.test('what waits is adopted or refused by another of the province, once', async (t) => {
  for (const [said, at, actor, adopts, refuses] of [
    ['another', adopted([1], own(2)), office.other, '', ''],
    ['whoever put it forward', adopted([1], own(2)), office.approver, '自己提请的标准由另一人批准。', ''],
    ['of no right', adopted([1], own(2)), people.city, /.+/, /.+/],
    [
      'where none waits',
      adopted([1]),
      office.other,
      '标准 four-grades 没有等待批准的提请。',
      '标准 four-grades 没有等待批准的提请。',
    ],
  ] as [string, Office, typeof office.other, string | RegExp, string | RegExp][])
    for (const [name, input, why] of [
      ['adopt-standard', {}, adopts],
      ['refuse-standard', { reason: '不宜' }, refuses],
    ] as const) {
      const { reason, title } = await at.refusal(name, { id: OWN.id }, input, actor)
      if (why === '') t.equal(reason, '', `${said}: ${name}`)
      else t.match(title, why, `${said}: ${name}`)
    }
  const done = await adopted([1], own(2)).does('adopt-standard', { id: OWN.id }, {}, office.other)
  t.match(done.drafts, [{ kind: 'standard.adopted', payload: { version: 2 }, visibility: 'public' }])
  const left = await adopted([1], own(2)).does(
    'refuse-standard',
    { id: OWN.id },
    { reason: '不宜' },
    office.other,
  )
  t.match(left.drafts, [{ kind: 'standard.refused', payload: { reason: '不宜' } }])
  const faulty = await adopted([1], { ...own(2), name: '\u0007' }).refusal(
    'adopt-standard',
    { id: OWN.id },
    {},
    office.other,
  )
  t.match(faulty, {
    reason: 'exists',
    title: /^提请的标准文件不能采用：\/name：.*请不予采用，改正后重新提请。$/,
  })
  const long = await new Office().refusal('adopt-standard', { id: 'x'.repeat(61) }, {}, office.other)
  t.match(long.title, /^标准 x{60} 没有等待/)
})

t.test('a standard that comes with the registry is put forward once', async (t) => {
  for (const [said, at, id, came] of [
    ['not known yet', new Office(), 'enterprise-classes', ''],
    ['an earlier version stands', adopted([1]), OWN.id, ''],
    ['it waits', adopted([1], OWN), OWN.id, '该标准已经提请或者采用。'],
    ['another waits', adopted([1], own(2)), OWN.id, '该标准已经提请或者采用。'],
    ['it was adopted', adopted([1, OWN.version]), OWN.id, '该标准已经提请或者采用。'],
    ['none comes with it', new Office(), 'ours', '没有随系统提供的这项标准。'],
  ] as const) {
    const { reason, title } = await at.refusal('propose-shipped-standard', { id }, {}, office.approver)
    t.equal(reason === '' ? '' : title, came, said)
  }
})
