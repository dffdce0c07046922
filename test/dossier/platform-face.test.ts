import t from 'tap'
import { platformFace, platformSchema } from '../../src/dossier/platform-face.ts'
import { catalogue, catalogueOf, enterprise } from '../../src/records/catalogue.ts'
import type { Column } from '../../src/records/kind.ts'
import { sights } from '../../src/records/sight.ts'
import { award, Firm, penalty } from '../blacklist/firm.ts'
import { licence, sampling } from '../rating/files.ts'

/** What the credit platform sees of a file, on which day; nothing else of it does. */

const things = (firm: Firm, on: string) => platformFace(firm.dossier, on, catalogue)?.things ?? []
const one = (firm: Firm, id: string, on: string) => things(firm, on).find((thing) => thing.id === id)
// 20 working days after Monday 2026-03-02: Monday 2026-03-30, and three years.
const fined = (id: string, more = {}) => penalty(id, '2026-03-02', { facts: '事实', area: '食品', ...more })

t.test(
  'a penalty is there from its entry on, whole once it is public, and gone on the day that it ends',
  async (t) => {
    const firm = new Firm([fined('p')])
    for (const [on, begun] of [
      ['2026-03-02', false],
      ['2026-03-29', false],
      ['2026-03-30', true],
      ['2029-03-29', true],
    ] as const) {
      const body = one(firm, 'p', on)?.body
      t.match(body, { publication: { from: '2026-03-30', until: '2029-03-30', begun } }, on)
      t.match(body, { data: { documentNo: 'p', facts: '事实' } }, 'what the tables name')
      t.equal(body && 'data' in body && 'area' in body.data, begun, `what they don't name, on ${on}`)
    }
    t.equal(one(firm, 'p', '2029-03-30'), undefined)
  },
)

t.test('what no table names comes with its publication', async (t) => {
  // Fifteen days after the result was delivered.
  const firm = new Firm([sampling('i', '2026-03-01', '不合格')])
  t.equal(one(firm, 'i', '2026-03-16'), undefined)
  t.match(one(firm, 'i', '2026-03-17'), { type: 'inspection', body: { publication: { begun: true } } })
  const prized = new Firm([award('a', '省', '2025-05-01', { revokedOn: '2026-03-01' })])
  t.ok(one(prized, 'a', '2026-02-28'))
  t.equal(one(prized, 'a', '2026-03-01'), undefined)
})

t.test('of two penalties one never public, or taken back, the other stays', async (t) => {
  const firm = new Firm([
    fined('p'),
    fined('q'),
    fined('w', { types: ['警告'] }),
    fined('s', { procedure: '简易程序' }),
  ])
  const ids = () => things(firm, '2026-03-02').map(({ id }) => id)
  t.same(ids(), ['M000100Y4', 'p', 'q'])
  firm.change('p', { reviewOutcome: '撤销', reviewedOn: '2026-03-02' })
  t.same(ids(), ['M000100Y4', 'q'])
  firm.withdraw('q')
  t.same(ids(), ['M000100Y4'])
  firm.fact('enterprise.withdrawn', { reason: '误建' })
  t.same(ids(), [])
})

t.test('a licence reads as expired the day after its last', async (t) => {
  const firm = new Firm([licence('l', { validTo: '2026-11-24' })])
  t.match(one(firm, 'l', '2026-11-24')?.body, { data: { status: '有效' } })
  t.match(one(firm, 'l', '2026-11-25')?.body, { data: { status: '过期' } })
})

t.test('basic information names the legal representative and nothing more of a person', async (t) => {
  const firm = new Firm([])
  firm.fact('enterprise.changed', { changes: { legalRepresentative: '甲某', unheardOf: '机密' } })
  t.match(one(firm, 'M000100Y4', '2026-03-02'), {
    type: 'enterprise',
    body: { orgCode: 'M000100Y4', data: { name: '示例公司', legalRepresentative: '甲某', formerNames: [] } },
  })
  t.notMatch(JSON.stringify(things(firm, '2026-03-02')), /机密/)
})

t.test('an open objection shows on its record, two of them on each', async (t) => {
  const firm = new Firm([fined('p'), fined('q')])
  const open = () => ['p', 'q'].map((id) => one(firm, id, '2026-04-01')?.body)
  const filed = (id: string, about: string) =>
    firm.fact('objection.filed', {
      id,
      about: { kind: 'record', id: about },
      on: '2026-03-02',
      grounds: '机密',
    })
  filed('o1', 'p')
  filed('o2', 'q')
  t.match(open(), [{ objectionOpen: true }, { objectionOpen: true }])
  firm.fact('objection.settled', { id: 'o1', on: '2026-03-03', upheld: false, outcome: '机密' })
  t.match(open(), [{ objectionOpen: false }, { objectionOpen: true }])
  t.notMatch(JSON.stringify(things(firm, '2026-04-01')), /机密/)
})

t.test('a listing is there while it is in force, no step before that', async (t) => {
  const firm = new Firm()
  const id = firm.listed(['p'], { publish: false })
  t.equal(one(firm, id, firm.today), undefined)
  t.notMatch(JSON.stringify(things(firm, firm.today)), /理由|事实|clerk/)
  firm.step(id, { step: 'publication' })
  t.match(one(firm, id, firm.today), { type: 'listing', body: { decisionNo: '长市监列〔2026〕1号' } })
  t.match(one(firm, id, '2029-03-09'), { type: 'listing' })
  t.equal(one(firm, id, '2029-03-10'), undefined)
})

t.test('every field of every kind says who sees it, with the source of the rule', async (t) => {
  for (const kind of [enterprise, ...catalogue.kinds])
    for (const { field, sight, elements } of kind.columns) {
      const where = `${kind.type}.${field}`
      t.ok(sight, where)
      if (!sight) continue
      t.ok(sights[sight].source.length > 10, where)
      // The platform has more than the public only where an exchange table names the field.
      if (sight === 'platform' || sight === 'exchanged') t.ok(elements, where)
    }
  const of = (sight: string) =>
    [enterprise, ...catalogue.kinds].flatMap(({ type, columns }) =>
      columns.filter((own) => own.sight === sight).map(({ field }) => `${type}.${field}`),
    )
  t.same(of('platform'), ['enterprise.legalRepresentative', 'penalty.facts'])
  t.same(of('officers'), [
    'licence.applicationBasis',
    'licence.remark',
    'inspection.producer',
    'inspection.producerCode',
    'inspection.producerAddress',
    'inspection.sampledUnit',
    'inspection.sampledUnitCode',
    'inspection.sampledUnitAddress',
    'inspection.thirdParty',
    'inspection.thirdPartyNature',
    'inspection.thirdPartyAddress',
    'inspection.findings',
    'inspection.inspectors',
    'inspection.signature',
    'interview.interviewee',
    'interview.minutes',
    'penalty.caseNo',
    'penalty.hearingToldOn',
    'penalty.hearing',
    'penalty.hearingOn',
    'penalty.forwardedOn',
    'penalty.remark',
  ])
})

t.test('what the face is made by has a name, and another by other kinds', async (t) => {
  t.match(platformSchema(catalogue), /^platform-\d+-[0-9a-f]{12}$/)
  t.equal(platformSchema(catalogue), platformSchema(catalogueOf([...catalogue.kinds])))
  t.not(platformSchema(catalogue), platformSchema(catalogueOf(catalogue.kinds.slice(1))))
  const [first, ...others] = catalogue.kinds
  const named = (columns: readonly Column[]) =>
    first && platformSchema(catalogueOf([{ ...first, columns }, ...others]))
  const [own, ...rest] = first?.columns ?? []
  t.not(named(rest), platformSchema(catalogue), 'a field less')
  t.not(own && named([{ ...own, sight: 'officers' }, ...rest]), platformSchema(catalogue), 'who sees one')
  t.equal(
    own && named([{ ...own, label: '另' }, ...rest]),
    platformSchema(catalogue),
    'not what it is called',
  )
})

t.test('a rating by its outcome, when it was revoked too, without what it rests on', async (t) => {
  const firm = new Firm([fined('p')])
  const issued = (id: string) => ({
    ...{ id, standard: { id: 'four-grades', version: 1, shownAs: 'grade' }, on: '2026-03-01', grade: 'B' },
    ...{
      points: 80,
      items: [{ id: 'a', rule: 'a', points: -1, records: ['p'] }],
      limits: [],
      reason: '机密',
    },
  })
  firm.fact('rating.issued', issued('r'))
  firm.fact('rating.issued', issued('s'))
  firm.fact('rating.revoked', { id: 's', reason: '机密' })
  const told = things(firm, '2026-04-01').filter(({ type }) => type === 'rating')
  t.same(
    told.map(({ body }) => ['id', 'inForce', 'grade', 'revokedAt'].map((field) => Object(body)[field])),
    [
      ['s', false, 'B', '2026-03-02T02:00:00.000Z'],
      ['r', true, 'B', undefined],
    ],
  )
  t.notMatch(JSON.stringify(told), /机密|items|points/)
})
