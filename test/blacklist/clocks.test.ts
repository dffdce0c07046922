import t from 'tap'
import { listingsAfterEvent, listingsDue } from '../../src/blacklist/consequences.ts'
import { deadlinesOf } from '../../src/blacklist/deadlines.ts'
import { openObjections } from '../../src/blacklist/objections.ts'
import { statementUntil } from '../../src/blacklist/procedure.ts'
import { addDays } from '../../src/calendar/dates.ts'
import { casesChangeOn } from '../../src/dossier/case.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { penaltyTypes, violationCategories } from '../../src/records/penalty.ts'
import { decisionOn, Firm, grave, penalty, people, refusalOf } from './firm.ts'

const clocks = (firm: Firm) =>
  deadlinesOf(firm.dossier, catalogue).map(({ what, about, dueOn, doneOn }) => [
    what,
    about,
    dueOn,
    ...(doneOn ? [doneOn] : []),
  ])
const two = () =>
  new Firm([
    penalty('p', '2026-02-02', { severity: '严重' }),
    penalty('q', '2026-02-03', { severity: '严重', conduct: '伪造标志' }),
  ])

t.test('the clocks of a case, from step to step', async (t) => {
  const firm = two()
  for (const record of firm.dossier.records) record.addedAt = '2026-02-10T02:00:00.000Z'
  const id = firm.propose()
  t.same(clocks(firm), [], 'none before the notice')
  firm.step(id, { step: 'notice', servedOn: '2026-03-02', way: '直接送达' })
  t.same(clocks(firm), [
    ['statement', id, '2026-03-09'],
    ['decision', id, '2026-03-30'],
  ])
  const other = firm.propose(['q'], { ground: 'forged-marks' })
  firm.today = '2026-03-03'
  firm.step(other, { step: 'notice', servedOn: '2026-03-03', way: '直接送达' })
  t.same(clocks(firm).slice(2), [
    ['statement', other, '2026-03-10'],
    ['decision', other, '2026-03-31'],
  ])
  firm.step(other, { step: 'statement', on: '2026-03-03', statement: '陈述', answer: '答复' })
  t.same(
    clocks(firm).slice(2),
    [
      ['statement', other, '2026-03-10'],
      ['decision', other, '2026-03-31'],
    ],
    'more may be stated until the period is over',
  )
  firm.step(other, { step: 'dropping', reason: '终止' })
  firm.today = '2026-03-10'
  firm.step(id, { step: 'consent', granted: true, reasons: '同意' }, people.city)
  t.same(clocks(firm), [['decision', id, '2026-03-30']])
  firm.step(id, decisionOn('2026-03-10'), people.head)
  t.same(clocks(firm), [['publication', id, '2026-04-08']])
  firm.step(id, { step: 'publication' }, people.head)
  t.same(clocks(firm), [['expiry', id, '2029-03-10']])
  firm.today = '2027-03-10'
  firm.step(id, { step: 'repairApplication', on: '2027-03-10', grounds: '已整改' })
  t.same(clocks(firm), [
    ['expiry', id, '2029-03-10'],
    ['repairAcceptance', id, '2027-03-17'],
  ])
  firm.step(id, { step: 'repairAcceptance', accepted: true, reasons: '受理' })
  t.same(clocks(firm).slice(1), [['repairDecision', id, '2027-03-31']])
  firm.step(id, { step: 'repairInspection', on: '2027-03-10', findings: '属实' })
  t.same(clocks(firm).slice(1), [['repairDecision', id, '2027-03-31']])
  firm.step(id, { step: 'repairDecision', granted: false, reasons: '不足' }, people.head)
  t.same(clocks(firm), [['expiry', id, '2029-03-10']], 'refused: only the end of the term')
  firm.step(id, { step: 'revocation', reason: '有误' }, people.city)
  t.same(clocks(firm), [])
})

t.test('whose clock it is', async (t) => {
  const firm = new Firm([penalty('p', '2026-02-02', { severity: '严重' }), penalty('q', '2026-02-02')])
  for (const record of firm.dossier.records) record.addedAt = '2026-02-10T02:00:00.000Z'
  const id = firm.propose()
  firm.step(id, { step: 'notice', servedOn: '2026-03-02', way: '直接送达' })
  const whose = () => deadlinesOf(firm.dossier, catalogue).map(({ what, authority }) => [what, authority])
  t.same(whose(), [
    ['statement', '长安区局'],
    ['decision', '长安区局'],
  ])
  firm.today = '2026-03-10'
  firm.step(id, { step: 'consent', granted: true, reasons: '同意' }, people.city)
  firm.step(id, decisionOn('2026-03-10'), people.head)
  t.same(whose(), [['publication', '长安区局']], 'who decided publishes')
  firm.do('file-objection', undefined, { about: { kind: 'case', id }, on: '2026-03-10', grounds: '不服' })
  firm.do('file-objection', undefined, {
    about: { kind: 'record', id: 'q' },
    on: '2026-03-10',
    grounds: '不服',
  })
  t.same(whose().slice(1), [
    ['objection', '长安区局'],
    ['objection', '市局'],
  ])
})

t.test(
  'objections and early ends have clocks until they are settled; what ends takes its clocks with it',
  async (t) => {
    const firm = new Firm([
      grave('p'),
      penalty('q', '2026-02-02', { publishedOn: '2026-02-10', fulfilledOn: '2026-02-20' }),
    ])
    for (const record of firm.dossier.records) record.addedAt = '2026-02-10T02:00:00.000Z'
    firm.add({
      id: 'a',
      type: 'award',
      data: { kind: '著名商标', level: '省', grantedBy: '省政府', grantedOn: '2025-01-01' },
    })
    firm.add({
      id: 'odd',
      type: 'licence',
      data: {
        ...{ kind: '其他许可', number: 'odd', authority: '市局', issuedOn: '2020-01-01' },
        ...{ procedure: '普通程序', types: ['罚款'], decidedOn: '2020-01-01' },
      },
    })
    firm.fact('rating.issued', {
      id: 'r',
      standard: { id: 'four-grades', version: 1, shownAs: 'grade' },
      on: '2026-03-01',
      grade: 'B',
      points: 80,
      items: [],
      limits: [],
    })
    const id = firm.listed()
    for (const [kind, about] of [
      ['record', 'q'],
      ['record', 'a'],
      ['rating', 'r'],
      ['case', id],
    ])
      firm.do('file-objection', undefined, { about: { kind, id: about }, on: '2026-03-10', grounds: '不服' })
    const all = () =>
      deadlinesOf(firm.dossier, catalogue).map(({ what, authority, certain }) =>
        [what, authority, certain].join(' '),
      )
    t.same(all(), [
      'expiry 长安区局 true',
      'objection 市局 true',
      'objection 省政府 true',
      'objection 长安区局 true',
      'objection 长安区局 true',
    ])
    for (const { id: objection } of firm.dossier.objections.slice(0, 3))
      firm.do('settle-objection', objection, { upheld: false, outcome: '核实' }, people.head)
    t.same(all(), ['expiry 长安区局 true', 'objection 长安区局 true'])
    firm.today = '2026-08-10'
    firm.step(id, { step: 'revocation', reason: '有误' }, people.city)
    firm.do('apply-early-end', 'q', { on: '2026-08-10', grounds: '已履行' })
    t.same(all(), ['objection 长安区局 true', 'earlyEnd 长安区局 true'])
  },
)

t.test('a listing that ends while repair is asked for leaves no clock', async (t) => {
  for (const accepted of [false, true]) {
    const firm = new Firm()
    for (const record of firm.dossier.records) record.addedAt = '2026-02-10T02:00:00.000Z'
    const id = firm.listed()
    firm.today = '2027-03-10'
    firm.step(id, { step: 'repairApplication', on: '2027-03-10', grounds: '已整改' })
    if (accepted) firm.step(id, { step: 'repairAcceptance', accepted: true, reasons: '受理' })
    firm.step(id, { step: 'revocation', reason: '有误' }, people.city)
    t.same(clocks(firm), [])
  }
})

t.test('what time brings to a listing, on the very day', async (t) => {
  const firm = two()
  const id = firm.listed(['p'], { publish: false })
  const due = (on: string) => listingsDue(firm.dossier, on).map(({ kind }) => kind)
  t.same(due('2026-04-07'), [])
  t.same(due('2026-04-08'), ['listing.published'], 'on its due day')
  t.same(due('2026-04-09'), ['listing.published'], 'and after downtime')
  t.match(listingsDue(firm.dossier, '2026-04-08'), [
    { visibility: 'public', payload: { case: id, from: '2026-03-10', until: '2029-03-10' } },
  ])
  firm.append(listingsDue(firm.dossier, '2026-04-08'))
  t.same(due('2026-04-08'), [], 'not twice')
  t.same(due('2029-03-09'), [])
  t.match(listingsDue(firm.dossier, '2029-03-10'), [
    { kind: 'listing.removed', payload: { on: '2029-03-10', cause: 'expired' } },
  ])
  t.match(
    listingsDue(firm.dossier, '2029-05-01'),
    [{ payload: { on: '2029-03-10' } }],
    'as of its day, not of today',
  )
  firm.append(listingsDue(firm.dossier, '2029-03-10'))
  t.same(due('2029-03-10'), [], 'a removed one is not published again')
  const waiting = two()
  const first = waiting.listed(['p'], { publish: false })
  waiting.propose(['q'], { ground: 'forged-marks' })
  t.match(listingsDue(waiting.dossier, '2026-04-08'), [{ payload: { case: first } }])
  t.equal(listingsDue(waiting.dossier, '2026-04-08').length, 1, 'one of two')
})

t.test('an objection that others help to look into has seven working days, not three', async (t) => {
  // Over national day: 1 to 7 October are free, Saturday 10 October is worked.
  for (const [more, dueOn] of [
    [{}, '2026-10-09'],
    [{ assistedBy: '石家庄市质检院' }, '2026-10-14'],
  ] as const) {
    const firm = new Firm([penalty('p', '2026-02-02', { severity: '严重' })])
    for (const record of firm.dossier.records) record.addedAt = '2026-02-10T02:00:00.000Z'
    firm.today = '2026-09-30'
    const about = { kind: 'record', id: 'p' }
    firm.do('file-objection', undefined, { about, on: '2026-09-29', grounds: '不服', ...more })
    t.match(firm.dossier.objections, [{ dueOn, certain: true, ...more }])
    t.same(clocks(firm), [['objection', firm.dossier.objections[0]?.id, dueOn]], dueOn)
    firm.dossier.objections = firm.dossier.objections.map((own) => ({
      ...own,
      ...{ dueOn: '2026-10-01', certain: false },
    }))
    t.match(clocks(firm), [['objection', /./, dueOn]], 'counted again by its own days')
  }
})

t.test('what was set before its holiday notice is counted again by it', async (t) => {
  const provisional = (firm: Firm, change: (own: Firm['dossier']) => object) => {
    firm.dossier = { ...firm.dossier, ...change(firm.dossier) }
    return clocks(firm).at(-1)
  }
  const firm = two()
  for (const record of firm.dossier.records) record.addedAt = '2026-02-10T02:00:00.000Z'
  const id = firm.listed(['p'], { publish: false })
  for (const [publishBy, certain, dueOn] of [
    ['2026-04-03', true, '2026-04-03'],
    ['2026-04-03', false, '2026-04-08'],
    ['2026-04-10', false, '2026-04-08'],
  ] as const) {
    t.same(
      provisional(firm, ({ cases }) => ({
        cases: cases.map(({ decided, ...own }) => ({
          ...own,
          ...(decided?.listing && {
            decided: { ...decided, listing: { ...decided.listing, publishBy, certain } },
          }),
        })),
      })),
      ['publication', id, dueOn],
      `${publishBy} ${certain}`,
    )
    const before = addDays(dueOn, -1)
    t.same(listingsDue(firm.dossier, before), [], before)
    t.match(listingsDue(firm.dossier, dueOn), [{ kind: 'listing.published' }], dueOn)
    t.ok((casesChangeOn(firm.dossier) ?? '') <= dueOn, 'and looked at by then')
  }
  const objected = new Firm([penalty('p', '2026-02-02', { severity: '严重' })])
  for (const record of objected.dossier.records) record.addedAt = '2026-02-10T02:00:00.000Z'
  objected.do('file-objection', undefined, {
    ...{ about: { kind: 'record', id: 'p' }, on: '2026-03-02', grounds: '不服' },
  })
  for (const [certain, dueOn] of [
    [true, '2026-03-04'],
    [false, '2026-03-05'],
  ] as const)
    t.match(
      provisional(objected, ({ objections }) => ({
        objections: objections.map((own) => ({ ...own, dueOn: '2026-03-04', certain })),
      })),
      ['objection', /./, dueOn],
    )
})

t.test('what a fact does to cases and listings', async (t) => {
  const after = (firm: Firm) =>
    listingsAfterEvent(undefined, firm.dossier, '2026-05-06').map(({ kind, payload }) => {
      const { cause } = payload as { cause?: string }
      return cause ? `${kind} ${cause}` : kind
    })
  const listedOnTwo = () => {
    const firm = new Firm([
      penalty('p', '2026-02-02', { severity: '严重' }),
      penalty('q', '2026-02-03', { severity: '严重' }),
    ])
    firm.listed(['p', 'q'])
    return firm
  }
  t.same(after(listedOnTwo()), [])
  for (const [reviewOutcome, ends] of [
    ['维持', false],
    ['撤销', true],
    ['确认违法', true],
    ['确认无效', true],
  ] as const) {
    const firm = listedOnTwo()
    firm.change('p', { reviewOutcome })
    t.same(after(firm), ends ? ['listing.basisChanged'] : [], `${reviewOutcome}: one of two`)
    firm.change('q', { reviewOutcome })
    t.same(after(firm), ends ? ['listing.removed annulled'] : [], `${reviewOutcome}: both`)
  }
  const withdrawn = listedOnTwo()
  withdrawn.withdraw('p')
  t.same(after(withdrawn), ['listing.basisChanged'])
  withdrawn.withdraw('q')
  t.same(after(withdrawn), ['listing.removed annulled'])
  withdrawn.append(listingsAfterEvent(undefined, withdrawn.dossier, '2026-05-06'))
  t.same(after(withdrawn), [], 'ended once')
  for (const [status, ends] of [
    ['存续', false],
    ['停业', false],
    ['吊销', false],
    ['注销', true],
  ] as const) {
    const firm = listedOnTwo()
    firm.fact('enterprise.changed', { changes: { status } })
    t.same(after(firm), ends ? ['listing.removed dissolved'] : [], status)
  }
  const onTheWay = two()
  onTheWay.propose(['p'])
  onTheWay.propose(['q'], { ground: 'forged-marks' })
  onTheWay.withdraw('p')
  t.same(after(onTheWay), ['listing.dropped'], 'the case on the penalty that fell, not the other')
  t.match(listingsAfterEvent(undefined, onTheWay.dossier, '2026-05-06'), [
    { payload: { case: 'id-1' }, visibility: 'internal' },
  ])
})

t.test('what a case learns of its basis says what happened, and nothing that did not', async (t) => {
  const some = '作为列入依据的部分行政处罚不再有效，以其余处罚为依据'
  const changes = {
    annulled: { reviewOutcome: '撤销' },
    changed: { reviewOutcome: '变更' },
    word: { conduct: '另' },
  }
  for (const [isListed, p, q, expected] of [
    [true, 'annulled', undefined, { penalties: ['q'], reason: some }],
    [true, 'changed', undefined, { penalties: ['q'], reason: some, changed: ['p'] }],
    [true, 'changed', 'word', { penalties: ['q'], reason: some, changed: ['p'] }],
    [true, 'word', undefined, undefined],
    [false, 'annulled', undefined, { penalties: ['q'], reason: some }],
    [
      ...([false, 'word', undefined] as const),
      {
        penalties: ['p', 'q'],
        reason: '作为列入依据的行政处罚的内容已变动',
        rewritten: [{ id: 'p', fields: ['conduct'] }],
      },
    ],
    [
      ...([false, 'annulled', 'word'] as const),
      { penalties: ['q'], reason: some, rewritten: [{ id: 'q', fields: ['conduct'] }] },
    ],
  ] as const) {
    const firm = new Firm([grave('p'), grave('q', '2026-02-03')])
    const id = isListed ? firm.listed(['p', 'q']) : firm.propose(['p', 'q'])
    const before = firm.dossier
    firm.change('p', changes[p])
    if (q) firm.change('q', changes[q])
    t.same(
      listingsAfterEvent(before, firm.dossier, '2026-05-06').map(({ payload }) => payload),
      expected ? [{ case: id, on: '2026-05-06', ...expected }] : [],
      `${isListed ? 'listed' : 'proposed'}: p ${p}, q ${q}`,
    )
  }
})

t.test('objections: to what stands in the file, one at a time, three working days', async (t) => {
  const firm = two()
  firm.fact('rating.issued', {
    id: 'r',
    standard: { id: 'four-grades', version: 1, shownAs: 'grade' },
    on: '2026-03-01',
    grade: 'B',
    points: 80,
    items: [],
    limits: [],
  })
  const id = firm.listed()
  const object = (kind: 'record' | 'rating' | 'case', about: string, more = {}) => {
    const objection = { about: { kind, id: about }, on: '2026-03-10', grounds: '不服', ...more }
    return refusalOf(() => firm.do('file-objection', undefined, objection))
  }
  for (const [kind, about] of [
    ['record', 'x'],
    ['record', id],
    ['record', 'r'],
    ['rating', 'p'],
    ['case', 'p'],
    ['case', 'r'],
  ] as const)
    t.same(object(kind, about).faults, ['/about/id unknown'], `${kind} ${about}`)
  t.same(object('case', id, { on: '2026-03-11' }).faults, ['/on future-date'])
  t.same(object('case', id, { grounds: '' }).faults, ['/grounds too-small'])
  t.same(object('case', id, { grounds: '字'.repeat(10_001) }).faults, ['/grounds too-big'])
  t.equal(object('case', id, { grounds: '字'.repeat(10_000) }).reason, '')
  t.equal(object('case', id).reason, 'exists', 'while one stands open')
  t.equal(object('record', 'p').reason, '')
  t.equal(object('rating', 'r').reason, '')
  t.same(
    firm.dossier.objections.map(({ about, dueOn }) => [about.id, dueOn]),
    [
      [id, '2026-03-13'],
      ['p', '2026-03-13'],
      ['r', '2026-03-13'],
    ],
  )
  const [first, second, third] = firm.dossier.objections.map((own) => own.id)
  const settle = (objection: string | undefined, upheld: boolean, actor = people.third, outcome = '经核查') =>
    refusalOf(() => firm.do('settle-objection', objection ?? '', { upheld, outcome }, actor))
  t.equal(settle('x', true).reason, 'unknown')
  t.equal(settle(first, true, people.elsewhere).reason, 'forbidden', "another city's officer")
  t.equal(settle(first, true, people.clerk).reason, 'forbidden', 'who proposed the listing')
  t.equal(settle(first, true, people.head).reason, 'forbidden', 'who decided it')
  t.same(settle(first, true, people.third, '').faults, ['/outcome too-small'])
  t.same(settle(first, true, people.third, '字'.repeat(10_001)).faults, ['/outcome too-big'])
  t.equal(settle(second, true, people.head, '字'.repeat(10_000)).reason, '')
  t.equal(firm.case(id).status, 'inForce', 'an objection to a record does not end the listing')
  t.equal(settle(second, true).reason, 'exists', 'settled once')
  t.same(
    openObjections(firm.dossier).map((own) => own.id),
    [first, third],
  )
  t.equal(settle(first, false, people.clerk).reason, 'forbidden', 'nor not upheld')
  t.equal(settle(first, false, people.city).reason, '', 'the authority above may')
  t.equal(firm.case(id).status, 'inForce', 'not upheld: the listing stands')
  t.equal(object('case', id).reason, '', 'and may be objected to again')
  t.equal(settle(firm.dossier.objections.at(-1)?.id, true).reason, '')
  t.match(firm.case(id), { status: 'removed', removed: { cause: 'revoked', on: '2026-03-10' } })
  t.equal(object('record', 'q').reason, '')
  const due = () => clocks(firm).filter(([what]) => what === 'objection').length
  t.same([openObjections(firm.dossier).length, due()], [2, 2])
  firm.withdraw('q')
  t.same([openObjections(firm.dossier).length, due()], [1, 1], 'over with the record')
  t.same(object('record', 'q').faults, ['/about/id unknown'], 'a withdrawn record')
})

t.test('penalties that were entered, or withdrawn, too late', async (t) => {
  const late = (data: Record<string, unknown>, addedAt: string, takenBackOn?: string) => {
    const firm = new Firm([penalty('p', '2026-03-02', data)])
    for (const record of firm.dossier.records) Object.assign(record, { addedAt })
    if (takenBackOn !== undefined) {
      firm.fact('record.unpublished', { id: 'p', on: takenBackOn, reason: '行政处罚决定被依法撤销' })
      firm.change('p', { remark: '备注' })
    }
    return clocks(firm)
  }
  // 20 working days after Monday 2026-03-02: Monday 2026-03-30.
  t.same(late({}, '2026-03-30T15:59:59.999Z'), [], 'on the last day, as days are in China')
  t.same(late({}, '2026-03-30T16:00:00.000Z'), [['penaltyPublication', 'p', '2026-03-30', '2026-03-31']])
  t.same(late({ procedure: '简易程序', fine: 3000 }, '2026-05-06T02:00:00.000Z'), [])
  t.same(late({ types: ['警告'] }, '2026-05-06T02:00:00.000Z'), [])
  t.same(
    late({ types: ['警告', '罚款'] }, '2026-05-06T02:00:00.000Z').length,
    1,
    'a warning beside a fine is public',
  )
  // 3 working days after Thursday 2026-04-30: 6, 7 and 8 May.
  for (const reviewOutcome of ['撤销', '确认违法', '确认无效']) {
    const annulled = { reviewOutcome, reviewedOn: '2026-04-30' }
    t.same(late(annulled, '2026-03-10T02:00:00.000Z', '2026-05-07'), [], reviewOutcome)
    t.same(late(annulled, '2026-03-10T02:00:00.000Z', '2026-05-08'), [], 'in time, and remarked upon since')
    t.same(late(annulled, '2026-03-10T02:00:00.000Z', '2026-05-09'), [
      ['penaltyWithdrawal', 'p', '2026-05-08', '2026-05-09'],
    ])
    t.same(late(annulled, '2026-03-10T02:00:00.000Z'), [], 'never public here, entered before it ended')
    t.same(late({ ...annulled, procedure: '简易程序' }, '2026-06-10T02:00:00.000Z'), [], 'never public')
  }
  t.same(
    late({ reviewOutcome: '维持', reviewedOn: '2026-04-30' }, '2026-03-10T02:00:00.000Z', '2026-05-20'),
    [],
  )
  t.same(late({ reviewOutcome: '撤销', reviewedOn: '2026-03-10' }, '2026-03-13T02:00:00.000Z'), [])
  t.same(late({ reviewOutcome: '撤销', reviewedOn: '2026-03-10' }, '2026-03-16T02:00:00.000Z'), [
    ['penaltyWithdrawal', 'p', '2026-03-13', '2026-03-16'],
  ])
  const firm = new Firm([penalty('p', '2026-03-02')])
  firm.withdraw('p')
  t.same(clocks(firm), [], 'a withdrawn record has none')
})

t.test('an adjustment by hand that has lapsed is looked at again by who adjusted last', async (t) => {
  const rating = (id: string, more: object) => ({
    id,
    standard: { id: 'four-grades', version: 1, shownAs: 'grade' },
    on: '2026-03-01',
    grade: 'B',
    points: 80,
    items: [],
    limits: [],
    ...more,
  })
  const adjusted = { adjusted: { from: 'C', reason: '调整' } }
  const lapsed = { adjustmentLapsed: { grade: 'A', reason: '调整' } }
  for (const [by, authority] of [
    [['县局', '市局'], '市局'],
    [['市局', '县局'], '县局'],
    [[], '系统'],
  ] as const) {
    const firm = new Firm()
    for (const record of firm.dossier.records) record.addedAt = '2026-02-10T02:00:00.000Z'
    const issue = (id: string, more: object, of: string) =>
      firm.append([
        {
          subject: firm.dossier.key,
          kind: 'rating.issued',
          payload: rating(id, more),
          visibility: 'public',
          author: { authority: of, officer: '甲' },
        },
      ])
    for (const [i, of] of by.entries()) issue(`r${i}`, adjusted, of)
    issue('last', lapsed, '系统')
    // Five working days after Monday 2026-03-02.
    t.match(deadlinesOf(firm.dossier, catalogue), [
      { what: 'adjustment', about: 'last', authority, dueOn: '2026-03-09', consequence: /调整为 A（调整）/ },
    ])
    issue('new', {}, '系统')
    t.same(deadlinesOf(firm.dossier, catalogue), [], 'no longer in force')
  }
})

t.test('who punished is asked for the term of the conduct, as long as the penalty is public', async (t) => {
  const unsaid = (id: string, more: object = {}) =>
    penalty(id, '2026-02-02', { category: undefined, severity: undefined, authority: '长安区局', ...more })
  const asked = (...records: ReturnType<typeof penalty>[]) => {
    const firm = new Firm(records)
    for (const record of firm.dossier.records) record.addedAt = '2026-09-25T02:00:00.000Z'
    return deadlinesOf(firm.dossier, catalogue).filter(({ what }) => what === 'category')
  }
  const published = { publishedOn: '2026-02-10' }
  t.match(
    asked(unsaid('p', published), unsaid('q', { ...published, authority: '市局' })),
    [
      { about: 'p', authority: '长安区局', dueOn: '2026-10-09', until: '2029-02-09', certain: false },
      { about: 'q', authority: '市局', dueOn: '2026-10-09', until: '2029-02-09' },
    ],
    'five working days over national day; the last day of its publication',
  )
  t.match(asked(unsaid('p')), [{ consequence: /违法情形、违法程度/ }])
  for (const category of violationCategories) t.same(asked(unsaid('p', { category })), [], category)
  const heavy = [
    ...['降低资质等级', '吊销许可证件', '吊销营业执照', '限制开展生产经营活动', '责令停产停业'],
    ...['责令关闭', '限制从业'],
  ]
  for (const type of penaltyTypes) {
    const of = (severity?: string) => asked(unsaid('p', { types: [type], severity })).length
    const isHeavy = heavy.includes(type)
    t.equal(of(), type === '警告' ? 0 : 1, `${type}: how grave is open`)
    t.equal(of('一般'), isHeavy ? 1 : 0, `${type}: heavier by itself or not`)
    t.equal(of('较轻'), isHeavy ? 1 : 0, type)
    t.equal(of('较重'), type === '警告' ? 0 : 1, type)
    t.equal(of('严重'), type === '警告' ? 0 : 1, type)
  }
  t.notMatch(asked(unsaid('p', { severity: '严重' }))[0]?.consequence, /违法程度/)
  t.same(asked(unsaid('p', { procedure: '简易程序' })), [], 'never public')
  t.same(asked(unsaid('p', { procedure: undefined })), [], 'asked for its procedure first')
  for (const reviewOutcome of ['变更', '撤销', '确认违法', '确认无效'])
    t.same(asked(unsaid('p', { reviewOutcome, reviewedOn: '2026-03-02' })), [], reviewOutcome)
  t.equal(asked(unsaid('p', { reviewOutcome: '维持', reviewedOn: '2026-03-02' })).length, 1)
  const firm = new Firm([
    unsaid('p', { severity: '严重', conduct: '伪造标志' }),
    unsaid('q', { severity: '严重' }),
  ])
  firm.propose(['p'], { ruleSet: 'aqsiq', ground: 'forged-marks' })
  const left = () =>
    clocks(firm)
      .filter(([what]) => what === 'category')
      .map(([, about]) => about)
  t.same(left(), ['q'], 'a case under rules that read no term needs none')
  firm.withdraw('q')
  t.same(left(), [])
})

t.test('a penalty of a firm of another province is sent there within ten working days', async (t) => {
  const own = (more: object = {}) => penalty('p', '2026-09-01', { severity: '一般', ...more })
  let movedOn = '2026-03-02'
  const clock = (region: string, ...records: ReturnType<typeof penalty>[]) => {
    const firm = new Firm(records)
    firm.today = movedOn
    for (const record of firm.dossier.records) record.addedAt = '2026-09-02T02:00:00.000Z'
    firm.fact('enterprise.changed', { changes: { region } })
    return deadlinesOf(firm.dossier, catalogue).flatMap(({ what, about, dueOn, doneOn }) =>
      what === 'penaltyForwarding' ? [[about, dueOn, doneOn]] : [],
    )
  }
  const open = [['p', '2026-09-15', undefined]]
  for (const [region, due] of [
    ['370102', open],
    ['370000', open],
    ['110101', open],
    ['130102', []],
    ['130000', []],
    ['139001', []],
    ['133100', []],
  ] as const)
    t.same(clock(region, own()), due, region)
  const done = (forwardedOn: string) => clock('370102', own({ forwardedOn }))
  t.same(done('2026-09-14'), [])
  t.same(done('2026-09-15'), [])
  t.same(done('2026-09-16'), [['p', '2026-09-15', '2026-09-16']], 'late, and said so')
  t.same(clock('370102', own({ receivedOn: '2026-09-10' })), [], 'another province’s own')
  t.same(clock('370102', own({ types: ['警告'] })), [], 'never public')
  t.same(clock('370102', own(), { ...own(), id: 'q' }).length, 2)
  for (const [day, due] of [
    ['2026-08-31', open],
    ['2026-09-01', open],
    ['2026-09-02', []],
  ] as const) {
    movedOn = day
    t.same(clock('370102', own()), due, `moved away on ${day}: decided of a firm of another province or not`)
  }
  t.same(clock('370102', own(), { ...penalty('q', '2026-09-02'), id: 'q' }).length, 1, 'of two the one since')
})

t.test('another province’s penalty is late ten working days after it came in', async (t) => {
  const late = (addedOn: string, more: object) => {
    const firm = new Firm([penalty('p', '2026-09-01', { severity: '一般', ...more })])
    for (const record of firm.dossier.records) record.addedAt = `${addedOn}T02:00:00.000Z`
    return clocks(firm).filter(([what]) => what === 'penaltyPublication')
  }
  const received = { receivedOn: '2026-09-15' }
  t.same(late('2026-09-29', received), [])
  t.same(late('2026-09-30', received), [['penaltyPublication', 'p', '2026-09-29', '2026-09-30']])
  t.same(late('2026-09-29', {}), [])
  t.same(late('2026-09-30', {}), [['penaltyPublication', 'p', '2026-09-29', '2026-09-30']])
  t.same(late('2026-10-09', { receivedOn: '2026-09-21' }), [])
})

t.test(
  'a decision’s text waits for its review until the penalty is public, or five working days',
  async (t) => {
    for (const [said, decidedOn, attachedOn, more, dueOn] of [
      ['long before the publication', '2026-02-02', '2026-02-03', {}, '2026-03-06'],
      ['five working days before it', '2026-02-02', '2026-02-28', {}, '2026-03-06'],
      ['four working days before it', '2026-02-02', '2026-03-02', {}, '2026-03-09'],
      ['after it', '2026-02-02', '2026-04-01', {}, '2026-04-09'],
      ['of what is not public', '2026-02-02', '2026-02-03', { procedure: '简易程序' }, undefined],
      ['of what was annulled', '2026-02-02', '2026-02-03', { reviewOutcome: '撤销' }, undefined],
    ] as const) {
      const firm = new Firm([grave('p', decidedOn)])
      firm.today = attachedOn
      firm.do('attach-decision', 'p', { text: '决定', toldOn: attachedOn })
      firm.change('p', more)
      const due = deadlinesOf(firm.dossier, catalogue).filter(({ what }) => what === 'documentReview')
      t.same(
        due.map((own) => own.dueOn),
        dueOn === undefined ? [] : [dueOn],
        said,
      )
      for (const own of due) t.match(own, { about: 'p', authority: '市局', certain: true })
    }
  },
)

t.test(
  'until when a party may state its case, where the calendar was not known when it was told',
  async (t) => {
    const firm = new Firm()
    const id = firm.propose()
    firm.step(id, { step: 'notice', servedOn: '2026-03-02', way: '直接送达' })
    const own = firm.case(id)
    t.equal(statementUntil(own), '2026-03-09')
    for (const [told, certain, until] of [
      ['2026-03-05', true, '2026-03-05'],
      ['2026-03-08', false, '2026-03-09'],
      ['2026-03-09', false, '2026-03-09'],
      ['2026-03-10', false, '2026-03-10'],
      ['2026-03-10', true, '2026-03-10'],
    ] as const) {
      const noticed = own.noticed && { ...own.noticed, statementUntil: told, certain }
      t.equal(statementUntil({ ...own, ...(noticed && { noticed }) }), until, `told ${told}, ${certain}`)
    }
    const { noticed: _, ...untold } = own
    t.equal(statementUntil(untold), undefined, 'nobody was told')
  },
)
