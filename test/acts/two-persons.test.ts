import t from 'tap'
import { whyTwoPersons } from '../../src/acts/two-persons.ts'
import { earlyEnd } from '../../src/blacklist/early-end.ts'
import { honouredOn } from '../../src/blacklist/honours.ts'
import { isHeavier, meetsGround, ruleSets } from '../../src/blacklist/rule-set.ts'
import { anticipated } from '../../src/dossier/anticipate.ts'
import { correctEnterprise, correctRecord } from '../../src/dossier/commands.ts'
import type { Dossier } from '../../src/dossier/dossier.ts'
import { goneFrom } from '../../src/dossier/face.ts'
import { rate } from '../../src/rating/rate.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { catalogue, enterprise } from '../../src/records/catalogue.ts'
import type { Column, RecordData, RecordKind } from '../../src/records/kind.ts'
import { penalty as penaltyKind } from '../../src/records/penalty.ts'
import { openness } from '../../src/records/sight.ts'
import { patched, validate } from '../../src/records/validate.ts'
import type { Draft } from '../../src/register/entry.ts'
import { followUpsOf, renewalsOf } from '../../src/supervision/follow-up.ts'
import { planOf } from '../../src/supervision/plan.ts'
import { scheme } from '../../src/supervision/scheme.ts'
import { standingOf } from '../../src/supervision/standing.ts'
import { award, Firm, grave, penalty, people, refusalOf } from '../blacklist/firm.ts'
import { licence, sampling, type TestRecord } from '../rating/files.ts'

/**
 * Every field of every kind, over sample values, on records that are public: whatever is decided or told by it differs
 * only by two persons, but for what came later and is entered the first time.
 */

const ON = '2026-11-24'

/** Records that are public on that day: each rule has one that it reads, with its optional fields and without. */
const records: readonly TestRecord[] = ofRecords(
  grave('p', '2026-01-05', { publishedOn: '2026-01-20' }),
  penalty('small', '2026-09-01', { fine: 4000, publishedOn: '2026-09-05' }),
  penalty('open', '2026-03-02', { fine: undefined, publishedOn: '2026-03-20', fulfilledOn: '2026-04-01' }),
  penalty('bound', '2023-10-10', {
    types: ['限制从业'],
    fine: undefined,
    restrictionEndsOn: '2027-06-30',
    conduct: '无证生产',
    severity: '较轻',
  }),
  penalty('food', '2026-02-02', {
    publishedOn: '2026-02-20',
    fulfilledOn: '2026-03-01',
    violatedProvision: '食品安全法第三十四条',
  }),
  sampling('s', '2026-03-01', '不合格', { severity: '一般', rectificationDueOn: '2026-06-01' }),
  sampling('done', '2026-02-01', '不合格', {
    rectificationDueOn: '2026-05-01',
    rectifiedOn: '2026-04-20',
    reinspectedOn: '2026-04-25',
    reinspectionOutcome: '不合格',
  }),
  sampling('daily', '2026-05-01', '合格', { kind: '日常巡查', deliveredOn: undefined }),
  licence('l', { product: '电缆' }),
  licence('revoked', { product: '水泥', status: '吊销', statusChangedOn: '2026-02-01' }),
  sampling('new', '2026-10-01', '不合格'),
  award('a', '省', '2025-05-01', { title: '电缆' }),
)
/** The same of a firm that nothing adverse is told of, so that it is honoured. */
const clean = ofRecords(award('a', '省', '2025-05-01', { title: '电缆' }), licence('l', { product: '电缆' }))

function ofRecords(...all: readonly TestRecord[]): TestRecord[] {
  const defined = (data: RecordData) =>
    Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined))
  return all.map((one) => ({ ...one, data: defined(one.data) }))
}

const author = { authority: '长安区局', officer: '甲' }
const entry = (subject: string, kind: string, payload: unknown): Draft => ({
  ...{ subject, kind, payload, visibility: 'public', author },
})

/** A clerk of the county before a file on that day. */
function situation(dossier: Dossier) {
  const firm = new Firm()
  firm.dossier = dossier
  firm.today = ON
  return firm.at(people.clerk)
}

/** What is told and decided by a file on a day, by whom it is told: publication and its end, grounds, rating, class, and so on. */
function statements(dossier: Dossier): Record<string, string> {
  const at = situation(dossier)
  const penalties = dossier.records.filter(({ type }) => type === penaltyKind.type)
  const told = {
    publication: dossier.records.map(({ type, data }) => catalogue.kind(type)?.publication(data)),
    gone: Array.from(goneFrom(dossier, ON, catalogue)),
    grounds: penalties.flatMap((record) =>
      ruleSets.flatMap(({ grounds }) => grounds.map((ground) => meetsGround(record, ground, ON))),
    ),
    heavier: penaltyKind.in(dossier).map(({ data }) => ruleSets.map((rules) => isHeavier(data, rules))),
    rating: shippedStandards.map((standard) => rate(dossier, standard, ON, catalogue)),
    class: standingOf(dossier, ON, scheme),
    plan: planOf(dossier, { from: '2026-01-01', to: '2028-12-31' }, ON, scheme),
    honours: honouredOn(dossier, ON, catalogue),
    followUp: [followUpsOf(dossier, ON, scheme), renewalsOf(dossier, ON, scheme)],
    earlyEnd: penalties.map(
      ({ id }) =>
        refusalOf(() => earlyEnd(dossier, id, { step: 'application', on: ON, grounds: '申请' }, at)).title,
    ),
    repair: penaltyKind.in(dossier).map(({ data }) => data.fulfilledOn !== undefined),
  }
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [name, JSON.stringify(value)]))
}

function differing(was: Record<string, string>, after: Dossier): string[] {
  const is = statements(after)
  return Object.keys(was).filter((name) => was[name] !== is[name])
}

/** Values to put in the place of what stands, none at all among them. */
function samplesOf({ type, terms = [] }: Column): unknown[] {
  const samples: Readonly<Record<Column['type'], readonly unknown[]>> = {
    text: ['别的', '食品', '水泥', '无证生产', '1'],
    date: ['2023-06-01', '2026-01-06', '2026-11-20', '2029-01-01'],
    'partial-date': ['2023', '2023-06', '2026-01-06', '2026-11-20'],
    number: [0, 1, 4999, 5000],
    choice: terms,
    list: [...terms.map((term) => [term]), terms.slice(0, 3)],
    rows: [[{ name: '厚度' }], [{ name: '厚度', verdict: '不合格' }, { name: '宽度' }]],
    boolean: [true, false],
    patch: [],
    document: [],
  }
  return [undefined, ...samples[type]]
}

/** What tells when a failing was put right. */
const PUT_RIGHT: readonly string[] = [
  ...['rectificationDueOn', 'rectifiedOn', 'reinspectedOn', 'reinspectionOutcome'],
  ...['finalReinspectedOn', 'finalReinspectionOutcome'],
]

function isShown(kind: RecordKind, data: RecordData): boolean {
  return openness(kind, data, ON)?.isPublic === true
}

/** A firm of grade A with some records. */
function fileOf(records: readonly TestRecord[]): Dossier {
  const firm = new Firm(records)
  firm.fact('rating.issued', {
    id: 'r',
    standard: { id: 'four-grades', version: 1, shownAs: 'grade' },
    on: '2026-10-01',
    grade: 'A',
    points: 94,
    items: [],
    limits: [],
  })
  return firm.dossier
}

t.test('whatever rests on a field of a public record, two persons change it', async (t) => {
  const restsOn = new Map<string, Set<string>>()
  const byOne = new Set<string>()
  const [bad, good] = [fileOf(records), fileOf(clean)]
  const all = [bad, good].flatMap((before) => {
    const told = statements(before)
    return before.records.map((record) => ({ before, told, ...record }))
  })
  for (const { before, told, id, type, data } of all) {
    const at = situation(before)
    const kind = catalogue.kind(type)
    for (const column of kind?.columns ?? [])
      for (const value of samplesOf(column)) {
        const { field, procedure, internal } = column
        const was = data[field]
        if (JSON.stringify(was) === JSON.stringify(value)) continue
        const changes = { [field]: value ?? null }
        const isValid = kind && validate(kind, patched(data, changes), ON).ok
        if (!isValid) continue
        const name = `${type}.${field}`
        if (procedure !== undefined) {
          const refused = refusalOf(() => correctRecord(before, id, changes, '理由', at))
          t.match(refused.faults, [`/data/${field} by-procedure`], name)
          continue
        }
        const drafts = [entry(before.key, 'record.updated', { id, changes })]
        const after = anticipated(before, drafts)
        const rests = after ? differing(told, after) : []
        const why = whyTwoPersons(before, drafts, at)
        for (const one of rests) restsOn.set(name, (restsOn.get(name) ?? new Set()).add(one))
        if (why !== undefined) continue
        if (rests.length > 0) byOne.add(name)
        if (rests.length > 0)
          t.ok(was === undefined && !internal, `${name}: ${String(was)} → ${JSON.stringify(value)} ${rests}`)
        // By law the end of a failing's publication follows from when it was put right: it may move, and not be now.
        const moves = PUT_RIGHT.includes(field) && isShown(kind, patched(data, changes))
        t.notOk(
          (rests.includes('publication') && !moves) || rests.includes('gone'),
          `${name} ends no publication`,
        )
      }
  }
  t.same(
    Array.from(byOne).sort(),
    [
      'inspection.rectificationDueOn',
      'inspection.rectifiedOn',
      'inspection.reinspectedOn',
      'inspection.reinspectionOutcome',
      'penalty.fulfilledOn',
    ],
    'what one person enters when it has come, and what rests on it all the same',
  )
  const has = (name: string, ...by: string[]) => {
    for (const one of by) t.ok(restsOn.get(name)?.has(one), `${one} rests on ${name}`)
  }
  // The generated table is worth something only while it finds these.
  has('inspection.kind', 'publication', 'rating')
  has('inspection.retest', 'publication', 'followUp', 'rating')
  has('licence.status', 'rating', 'plan')
  has('licence.product', 'plan')
  has('award.validTo', 'honours')
  has('award.revokedOn', 'publication', 'rating')
  has('penalty.publishedOn', 'publication', 'earlyEnd')
  has('penalty.fine', 'publication')
  has('penalty.area', 'earlyEnd')
  has('penalty.conduct', 'grounds', 'earlyEnd')
  has('penalty.severity', 'rating', 'heavier')
  has('penalty.fulfilledOn', 'earlyEnd', 'repair')
})

t.test(
  'who says that a failing was put right so long ago that nobody reads it any more is not alone',
  (t) => {
    // Shown for five years after it was put right.
    for (const [rectifiedOn, isAlone] of [
      ['2021-11-23', false],
      ['2021-11-24', false],
      ['2021-11-25', true],
      ['2026-11-01', true],
    ] as const) {
      const old = sampling('old', '2021-03-01', '不合格', {
        deliveredOn: '2021-03-10',
        rectificationDueOn: '2022-01-01',
      })
      const before = fileOf([old])
      const drafts = [entry(before.key, 'record.updated', { id: 'old', changes: { rectifiedOn } })]
      const why = whyTwoPersons(before, drafts, situation(before))
      t.equal(why, isAlone ? undefined : '改动后公示随即结束', rectifiedOn)
    }
    t.end()
  },
)

t.test(
  'of a firm at stake two persons change whatever anyone reads; of another, what tells something adverse and what it is known by',
  async (t) => {
    const listed = new Firm([grave('p')])
    listed.listed(['p'])
    const quiet = new Firm([grave('p', '2026-01-05', { publishedOn: '2026-01-20' })])
    for (const [firm, isAtStake] of [
      [listed, true],
      [quiet, false],
    ] as const)
      for (const state of [
        {},
        { status: '吊销', abnormalList: '在名录中' },
        { status: '停业' },
      ] as RecordData[]) {
        firm.fact('enterprise.changed', { changes: { status: '存续', abnormalList: null, ...state } })
        const { dossier } = firm
        const at = firm.at(people.clerk)
        for (const column of enterprise.columns)
          for (const value of samplesOf(column)) {
            const { field, internal, adverse } = column
            const was = dossier.enterprise[field]
            const changes = { [field]: value ?? null }
            const after = patched(dossier.enterprise, changes)
            if (JSON.stringify(was) === JSON.stringify(value) || !validate(enterprise, after, ON).ok) continue
            const isDropped = adverse?.some((term) => term === was) ?? false
            const isKnownBy = field === 'name' || (field === 'status' && value === '注销')
            for (const kind of ['enterprise.changed', 'enterprise.corrected']) {
              const why = whyTwoPersons(dossier, [entry(dossier.key, kind, { changes, reason: '误' })], at)
              const isEnded = field === 'status' && value === '注销'
              if (isAtStake && why !== undefined && !isDropped)
                t.match(why, isEnded ? /案件随之终结，由列入机关/ : /企业有列入案件，改动了/, `${field}: why`)
              t.equal(
                why !== undefined,
                !internal && (isAtStake || isDropped || isKnownBy),
                `${field} ${String(was)} ${kind}`,
              )
            }
          }
      }
    t.equal(
      refusalOf(() => correctEnterprise(quiet.dossier, { name: '别名公司' }, '误', quiet.at(people.clerk)))
        .reason,
      '',
    )
  },
)

t.test(
  'what a firm is known by is changed by two where something adverse is told under it, by one elsewhere',
  (t) => {
    const failed = (id: string, more: RecordData = {}) => sampling(id, '2026-03-01', '不合格', more)
    const public2026 = { publishedOn: '2026-01-20' }
    for (const [said, state, all, isAdverse] of [
      ['nothing', {}, [], false],
      ['an award and a licence', {}, clean, false],
      ['a penalty', {}, [grave('p', '2026-01-05', public2026)], true],
      ['a penalty that is to be public', {}, [grave('p', '2026-11-23', { publishedOn: undefined })], true],
      [
        'a penalty that was annulled',
        {},
        [grave('p', '2026-01-05', { ...public2026, reviewOutcome: '撤销', reviewedOn: '2026-03-01' })],
        false,
      ],
      [
        'a penalty that review changed, which is told by its new decision',
        {},
        [grave('p', '2026-01-05', { ...public2026, reviewOutcome: '变更', reviewedOn: '2026-03-01' })],
        false,
      ],
      [
        'a penalty that was upheld',
        {},
        [grave('p', '2026-01-05', { ...public2026, reviewOutcome: '维持', reviewedOn: '2026-03-01' })],
        true,
      ],
      [
        'a warning, which nobody reads',
        {},
        [penalty('p', '2026-01-05', { types: ['警告'], fine: undefined, severity: '较轻' })],
        false,
      ],
      [
        'a penalty of long ago',
        {},
        [penalty('p', '2020-01-05', { publishedOn: '2020-01-20', fulfilledOn: '2020-02-01' })],
        false,
      ],
      ['a failed test', {}, [failed('s')], true],
      ['a failed test that a second one overturned', {}, [failed('s', { retest: '改变原结论' })], false],
      ['a test that it passed', {}, [sampling('s', '2026-03-01', '合格')], false],
      [
        'a licence that was revoked',
        {},
        [licence('l', { status: '吊销', statusChangedOn: '2026-02-01' })],
        true,
      ],
      [
        'a licence that was given up',
        {},
        [licence('l', { status: '注销', statusChangedOn: '2026-02-01' })],
        false,
      ],
      ['the list of abnormal operation', { abnormalList: '在名录中' }, [], true],
      ['a revoked business licence', { status: '吊销' }, [], true],
      ['an earlier entry in the list', { abnormalList: '不在名录中' }, [], false],
    ] as [string, RecordData, readonly TestRecord[], boolean][]) {
      const { dossier } = new Firm(ofRecords(...all))
      const before = { ...dossier, enterprise: { ...dossier.enterprise, ...state } }
      const at = situation(before)
      const isTwo = (kind: string, changes: RecordData) =>
        whyTwoPersons(before, [entry(before.key, kind, { changes, reason: '误' })], at) !== undefined
      for (const kind of ['enterprise.changed', 'enterprise.corrected']) {
        t.equal(isTwo(kind, { name: '别名公司' }), isAdverse, `${said}: its name, ${kind}`)
        t.equal(isTwo(kind, { status: '注销' }), isAdverse, `${said}: that it exists no longer, ${kind}`)
        t.notOk(isTwo(kind, { name: before.enterprise.name }), 'what stays as it is')
        const changes = { status: '注销', address: '别处', region: '130104' }
        const why = whyTwoPersons(before, [entry(before.key, kind, { changes, reason: '误' })], at)
        if (isAdverse && before.enterprise.status === '存续' && !before.enterprise.abnormalList)
          t.match(why, /认识它的经营状态$/, `${said}: which of several is named, ${kind}`)
        for (const changes of [
          { address: '别处' },
          { legalRepresentative: '某人' },
          { region: '130104' },
          { industry: 'C3011' },
        ])
          t.notOk(isTwo(kind, changes), `${said}: ${Object.keys(changes)[0]}, ${kind}`)
        if (before.enterprise.status !== '吊销')
          t.notOk(isTwo(kind, { status: '停业' }), `${said}: that it rests`)
      }
    }
    t.end()
  },
)
