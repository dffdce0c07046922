import t from 'tap'
import { objectionable } from '../../src/acts/file-objection.ts'
import { reliedOn, whyTwoPersons } from '../../src/acts/two-persons.ts'
import { addDays } from '../../src/calendar/dates.ts'
import type { Case, CaseStatus } from '../../src/dossier/case.ts'
import type { Dossier, FileRating } from '../../src/dossier/dossier.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { penalty as penaltyKind } from '../../src/records/penalty.ts'
import { Firm, grave, penalty, people } from '../blacklist/firm.ts'
import { Office } from './office.ts'

/** Acts upon files and what is in them, by how each thing stands. */

/** A file that is kept under its unified code, since another enterprise has its organisation code. */
const SHARED = '91130100M000100Y43'
const author = { authority: '长安区局', officer: '甲' }
const done = { at: '2026-03-01T02:00:00.000Z', author }
/** Whether a case in each state is still on its way or on the list. */
const STANDS = {
  proposed: true,
  noticed: true,
  stated: true,
  consented: true,
  consentRefused: false,
  decided: true,
  notListed: false,
  inForce: true,
  suspended: true,
  removed: false,
  dropped: false,
} as const satisfies Partial<Record<CaseStatus, boolean>>
const statuses = Object.entries(STANDS) as [keyof typeof STANDS, boolean][]

const caseOf = (status: CaseStatus, penalties = ['p'], by = 'officer/clerk'): Case => ({
  id: `case-${status}`,
  status,
  proposed: {
    ...{
      case: `case-${status}`,
      ruleSet: { id: 'order-44', version: 1 },
      ground: 'unsafe-product',
      penalties,
    },
    ...{ facts: '事实', reasons: '理由', by, ...done },
  },
})
const ratingOf = (id: string, more: Partial<FileRating> = {}): FileRating => ({
  ...{
    id,
    standard: { id: 'four-grades', version: 1, shownAs: 'grade' as const },
    on: '2026-03-01',
    grade: 'C',
    points: 0,
  },
  ...{ items: [], limits: [], by: 'officer/rater', position: 9, issuedAt: '', authority: '省局' },
  ...more,
})
const firmWith = (more: Partial<Dossier> = {}, data: object = {}) => {
  const firm = new Firm([
    grave('p', '2026-02-02', { procedure: '简易程序', ...data }),
    penalty('q', '2026-02-02'),
  ])
  firm.dossier = { ...firm.dossier, ...more }
  return firm
}
const recordOf = ({ dossier }: Firm, id = 'p') => {
  const found = dossier.records.find((known) => known.id === id)
  if (!found) throw new Error(`no record ${id}`)
  return found
}

t.test('others rely on a record that is or was public', async (t) => {
  const firm = firmWith({}, { procedure: '普通程序', publishedOn: '2026-03-02' })
  const publication = penaltyKind.publication(penaltyKind.of(recordOf(firm))?.data ?? Object(undefined))
  const from = publication.public ? publication.from : ''
  const until = publication.public ? (publication.until ?? '') : ''
  t.equal(from, '2026-03-02')
  for (const [today, isRelied] of [
    [addDays(from, -1), false],
    [from, true],
    [addDays(from, 1), true],
    [until, true],
    [addDays(until, 1), true],
  ] as const) {
    firm.today = today
    t.equal(reliedOn(firm.dossier, recordOf(firm), firm.at(people.clerk)) !== undefined, isRelied, today)
  }
  t.equal(
    reliedOn(firmWith().dossier, recordOf(firmWith()), firm.at(people.clerk)),
    undefined,
    'never public',
  )
})

t.test('others rely on a record on which a case stands, until that has ended', async (t) => {
  const asked = (cases: Case[]) => {
    const firm = firmWith({ cases })
    return reliedOn(firm.dossier, recordOf(firm), firm.at(people.clerk))
  }
  for (const [status, stands] of statuses) {
    t.equal(asked([caseOf(status)]) !== undefined, stands, status)
    t.equal(asked([caseOf(status, ['q'])]), undefined, `${status}, on another penalty`)
    t.equal(asked([caseOf(status, ['q', 'p'])]) !== undefined, stands, `${status}, on two`)
  }
  t.match(asked([caseOf('dropped'), caseOf('inForce')]), /列入案件/, 'one of two')
  t.equal(asked([{ ...caseOf('inForce'), basis: ['q'] }]), undefined, 'a case that no longer rests on it')
})

t.test('others rely on a record that a rating names, until that is revoked', async (t) => {
  const asked = (...ratings: FileRating[]) => {
    const firm = firmWith({ ratings })
    return reliedOn(firm.dossier, recordOf(firm), firm.at(people.clerk))
  }
  const item = (records: string[]) => ({ items: [{ id: 'i', rule: '', points: -1, records }] })
  const limit = (records: string[]) => ({ limits: [{ id: 'l', rule: '', grade: 'C', records }] })
  const revoked = { at: '', reason: '' }
  for (const [said, more, isRelied] of [
    ['nothing', {}, false],
    ['an item', item(['p']), true],
    ['an item of two', item(['q', 'p']), true],
    ['an item of another', item(['q']), false],
    ['a limit', limit(['p']), true],
    ['a limit of another', limit(['q']), false],
    ['one of both', { ...item(['q']), ...limit(['p']) }, true],
    ['another of both', { ...item(['p']), ...limit(['q']) }, true],
    ['a revoked one', { ...item(['p']), revoked }, false],
  ] as const)
    t.equal(asked(ratingOf('r', more)) !== undefined, isRelied, said)
  t.match(asked(ratingOf('r', { ...item(['p']), revoked }), ratingOf('s', item(['p']))), /等级评定/)
})

t.test(
  'which changes weigh: all that anyone reads, but what is only known later and filled in',
  async (t) => {
    const firm = firmWith({ cases: [caseOf('inForce')] })
    const record = recordOf(firm)
    const asked = (own: Firm, before: object, changes: Record<string, unknown>) => {
      const { dossier } = own
      const records = dossier.records.map((one) =>
        one.id === record.id ? { ...one, data: { ...record.data, ...before } } : one,
      )
      const payload = { id: record.id, changes }
      const draft = {
        subject: dossier.key,
        kind: 'record.corrected',
        visibility: 'public',
        payload,
        author,
      } as const
      return whyTwoPersons({ ...dossier, records }, [draft], own.at(people.clerk))
    }
    for (const { field, label, later, internal } of penaltyKind.columns)
      for (const [said, data, changes, weighs] of [
        ['changed', { [field]: '甲' }, { [field]: '乙' }, true],
        ['taken away', { [field]: '甲' }, { [field]: null }, true],
        ['filled in', { [field]: undefined }, { [field]: '乙' }, !later],
        ['said again', { [field]: '甲' }, { [field]: '甲' }, false],
        ['not said', { [field]: undefined }, { [field]: null }, false],
        ['not touched', { [field]: '甲' }, {}, false],
      ] as const) {
        const why = asked(firm, data, changes)
        t.equal(why !== undefined, !internal && weighs, `${label} ${said}`)
        if (why !== undefined) t.equal(why, `该记录是列入案件的依据，改动了${label}`)
      }
    t.match(asked(firm, {}, { conduct: '别的', fine: 1, remark: '甲' }), /改动了违法行为类型、罚款金额$/)
    t.equal(asked(firmWith(), {}, { fine: 1 }), undefined, 'nobody relies on it')
  },
)

t.test('what one may object to: what stands, the latest first', async (t) => {
  const cases = statuses.map(([status]) => caseOf(status))
  const revoked = { at: '', reason: '' }
  const ratings = [ratingOf('r1'), ratingOf('r2', { revoked }), ratingOf('r3', { grade: null })]
  const firm = firmWith({ cases, ratings })
  firm.withdraw('q')
  t.same(
    objectionable(firm.dossier, { catalogue }).map(({ value }) => value),
    ['record:p', 'rating:r3', 'rating:r1', 'case:case-inForce', 'case:case-decided'],
  )
  t.same(
    objectionable(firm.dossier, { catalogue }).map(({ label }) => label),
    [
      '违法违规 p 2026-02-02',
      '2026-03-01 评定的等级 未评定',
      '2026-03-01 评定的等级 C',
      '列入案件（在名单上）',
      '列入案件（已决定列入，待公示）',
    ],
  )
})

t.test('a file goes only when no case stands in it, nor what others have made', async (t) => {
  const reason = { reason: '误建' }
  for (const [status, stands] of statuses) {
    const firm = firmWith({ cases: [caseOf('dropped'), caseOf(status), caseOf('removed')] })
    const { reason: why } = firm.refusal('withdraw-file', undefined, reason)
    t.equal(why, stands ? 'exists' : '', status)
    t.equal(firm.hindrance('withdraw-file', undefined, people.clerk) !== undefined, stands, status)
  }
  for (const [owner, actor, why] of [
    ['county', people.clerk, ''],
    ['city', people.clerk, 'exists'],
    ['county', people.city, ''],
    ['province', people.city, 'exists'],
    ['city', people.province, ''],
  ] as const) {
    const firm = new Firm([penalty('q', '2026-02-02')], owner)
    firm.add(penalty('r', '2026-02-03'), 'county')
    t.equal(
      firm.refusal('withdraw-file', undefined, reason, actor).reason,
      why,
      `${actor.officer} of ${owner}`,
    )
    firm.withdraw('q')
    t.equal(
      firm.refusal('withdraw-file', undefined, reason, actor).reason,
      '',
      'what is withdrawn is nobody’s',
    )
  }
})

t.test('nor does a file go with a rating that somebody else gave', async (t) => {
  const revoked = { at: '', reason: '' }
  for (const [said, ratings, actor, why] of [
    ['its own', ['长安区局'], people.clerk, ''],
    ['of the city', ['石家庄市局'], people.clerk, '石家庄市局'],
    ['of the county, by the city', ['长安区局'], people.city, ''],
    ['of the province, by the city', ['省局'], people.city, '省局'],
    ['of the city, by the province', ['石家庄市局'], people.province, ''],
    ['its own and one of the city', ['长安区局', '石家庄市局'], people.clerk, '石家庄市局'],
    ['two of the city', ['石家庄市局', '石家庄市局'], people.clerk, '石家庄市局'],
    ['of two', ['石家庄市局', '省局'], people.clerk, '石家庄市局、省局'],
    ['what the program computed by itself', ['system'], people.clerk, ''],
  ] as const) {
    const own = (more: Partial<FileRating> = {}) =>
      firmWith({ ratings: ratings.map((authority, i) => ratingOf(`r${i}`, { authority, ...more })) })
    const { title } = own().refusal('withdraw-file', undefined, { reason: '误建' }, actor)
    t.equal(/^该企业有(.*)评定的等级，/.exec(title)?.[1] ?? '', why, said)
    t.equal(own({ revoked }).hindrance('withdraw-file', undefined, actor), undefined, `${said}, revoked`)
  }
})

t.test('once is enough: a query answered, a rating revoked', async (t) => {
  const query = { id: 'x', record: 'p', text: '有误', ...done }
  const answered = { answer: '无误', ...done }
  for (const isOver of [false, true]) {
    const firm = firmWith({
      queries: [{ ...query, ...(isOver && { answered }) }],
      ratings: [ratingOf('x', { authority: '长安区局', ...(isOver && { revoked: { at: '', reason: '' } }) })],
    })
    const rater = { ...people.clerk, rights: ['ratings:approve' as const] }
    for (const [act, input, actor] of [
      ['answer-query', { answer: '无误' }, people.clerk],
      ['revoke-rating', { reason: '误' }, rater],
    ] as const) {
      t.equal(firm.hindrance(act, 'x', actor) !== undefined, isOver, act)
      t.equal(firm.refusal(act, 'x', input, actor).reason, isOver ? 'exists' : '', act)
      t.equal(firm.refusal(act, 'y', input, actor).reason, 'unknown', act)
    }
  }
})

t.test('of two applications for an early end the last counts', async (t) => {
  const applied = { record: 'p', on: '2026-03-01', grounds: '', dueOn: '', by: 'officer/clerk', ...done }
  const checked = (by: string) => ({ record: 'p', findings: '', by, ...done })
  const decided = { record: 'p', granted: false, reasons: '', by: 'officer/third', ...done }
  const refused = {
    record: 'p',
    status: 'refused' as const,
    applied,
    checked: checked('officer/head'),
    decided,
  }
  const open = (...earlyEnds: Dossier['earlyEnds']) => {
    const firm = firmWith({ earlyEnds }, { procedure: '普通程序' })
    return ['apply-early-end', 'check-early-end', 'decide-early-end'].filter(
      (act) => firm.hindrance(act, 'p', people.head) === undefined,
    )
  }
  const other = { ...refused, record: 'q' }
  const second = { record: 'p', applied }
  t.same(open(), ['apply-early-end'])
  t.same(open({ ...second, status: 'applied' }), ['check-early-end'])
  t.same(open({ ...second, status: 'checked', checked: checked('officer/clerk') }), ['decide-early-end'])
  t.same(open({ ...second, status: 'checked', checked: checked('officer/head') }), [], 'not by who checked')
  t.same(open(refused), ['apply-early-end'])
  t.same(open({ ...refused, status: 'granted' }), ['apply-early-end'])
  t.same(open(refused, { ...second, status: 'applied' }), ['check-early-end'])
  t.same(
    open(refused, { ...second, status: 'checked', checked: checked('officer/clerk') }),
    ['decide-early-end'],
    'who checked the first may decide on the second',
  )
  t.same(open({ ...second, status: 'applied' }, other), ['check-early-end'], 'each penalty by itself')
  t.same(open({ ...other, status: 'applied' }), ['apply-early-end'])
  t.same(open({ ...other, status: 'checked' }), ['apply-early-end'])
})

t.test('nobody settles an objection to what they made: record or case, each by itself', async (t) => {
  const objection = (kind: 'record' | 'case' | 'rating', id: string) => ({
    ...{
      id: 'o',
      about: { kind, id },
      on: '2026-03-01',
      grounds: '',
      dueOn: '',
      certain: true,
      filedAt: '',
      filedBy: { authority: '长安区局', officer: 'third', account: 'officer/third' },
    },
  })
  /** Proposed by one, consented to by another, decided by a third: the first and the last have made it. */
  const gone: Case = {
    ...caseOf('suspended', ['p'], 'officer/third'),
    consented: { case: 'case-suspended', granted: true, reasons: '', by: 'officer/cityhead', ...done },
    decided: {
      ...{ case: 'case-suspended', listed: true, decisionNo: '', decidedOn: '', reasons: '', measures: [] },
      ...{ by: 'officer/head', ...done },
    },
  }
  for (const [kind, id, apart] of [
    ['case', 'case-inForce', ['clerk']],
    ['case', 'case-decided', ['head']],
    ['case', 'case-suspended', ['third', 'head']],
    ['rating', 'r', []],
    ['record', 'q', []],
  ] as const) {
    const firm = firmWith({
      cases: [caseOf('inForce'), caseOf('decided', ['p'], 'officer/head'), gone],
      ratings: [ratingOf('r', { authority: '长安区局' })],
      objections: [objection(kind, id)],
    })
    for (const actor of [people.clerk, people.head, people.third, people.city, people.cityHead])
      t.equal(
        firm.hindrance('settle-objection', 'o', actor) !== undefined,
        apart.some((name) => name === actor.officer),
        `${actor.officer} on ${id}`,
      )
  }
})

t.test('an objection that is upheld takes two, one that is not takes one', async (t) => {
  const about = { kind: 'record' as const, id: 'q' }
  const filedBy = { authority: '长安区局', officer: 'third', account: 'officer/third' }
  const objection = { about, on: '2026-03-01', grounds: '', dueOn: '', certain: true, filedAt: '', filedBy }
  const firm = firmWith({ objections: [{ ...objection, id: 'o' }] })
  for (const [upheld, why] of [
    [true, '异议成立，所异议的内容随即撤下或者更正'],
    [false, undefined],
  ] as const)
    t.equal(firm.second('settle-objection', 'o', { upheld, outcome: '核实' }, people.city), why, `${upheld}`)
})

t.test('a warning is looked into once', async (t) => {
  const own = new Office()
  const codes = (settledWarnings: Dossier['settledWarnings']) => {
    own.files = [{ ...firmWith().dossier, key: SHARED, ...(settledWarnings && { settledWarnings }) }]
    return own.ask('settle-warning', { code: SHARED }, people.clerk).choices.code?.map(({ value }) => value)
  }
  const settled = { reason: '已核对', at: '' }
  t.same(codes(undefined), ['shared-organisation-code'])
  t.same(codes({ 'embedded-code': settled }), ['shared-organisation-code'])
  t.same(codes({ 'shared-organisation-code': settled }), [])
})

t.test('what may be proposed: one’s own penalties that meet a ground and stand in no case', async (t) => {
  const offered = (more: Record<string, string>, owner = 'county') => {
    const own = new Office()
    own.files = [new Firm([grave('p', '2026-02-02', more), grave('q', '2026-02-03')], owner).dossier]
    const { choices, isClosed } = own.ask('propose-listing', { code: own.files[0]?.key ?? '' }, people.clerk)
    t.equal(isClosed, choices.penalties?.length === 0)
    return choices.penalties?.map(({ value }) => value)
  }
  t.same(offered({}), ['p', 'q'])
  t.same(offered({ severity: '一般' }), ['q'], 'one that meets no ground')
  t.same(offered({ procedure: '简易程序' }), ['q'])
  t.same(offered({ reviewOutcome: '撤销' }), ['q'])
  t.same(offered({}, 'city'), [])
})
