import t from 'tap'
import { documentOf } from '../../src/blacklist/documents.ts'
import { openSteps, pastDay, takeStep } from '../../src/blacklist/procedure.ts'
import { ruleSets } from '../../src/blacklist/rule-set.ts'
import { rightOf, type Step, type StepName } from '../../src/blacklist/step.ts'
import { decisionOn, Firm, grave, officer, penalty, people, proposalOf, refusalOf, TERMS } from './firm.ts'

/** The procedure of listing as acts decide it: what is open when, to whom, on which days, on what. */

const steps: Record<StepName, Step> = {
  notice: { step: 'notice', servedOn: '2026-03-02', way: '直接送达' },
  statement: { step: 'statement', on: '2026-03-03', statement: '陈述', answer: '答复' },
  consent: { step: 'consent', granted: true, reasons: '同意' },
  decision: decisionOn('2026-03-10'),
  publication: { step: 'publication' },
  repairApplication: { step: 'repairApplication', on: '2027-03-10', grounds: '已整改' },
  repairAcceptance: { step: 'repairAcceptance', accepted: true, reasons: '受理' },
  repairInspection: { step: 'repairInspection', on: '2027-03-10', findings: '属实' },
  repairDecision: { step: 'repairDecision', granted: true, reasons: '准予' },
  repairRevocation: { step: 'repairRevocation', reason: '有误' },
  revocation: { step: 'revocation', reason: '有误' },
  dropping: { step: 'dropping', reason: '终止' },
  rebasing: { step: 'rebasing', penalties: ['p'], facts: '事实', reasons: '理由' },
  restating: { step: 'restating', facts: '事实', reasons: '理由' },
  affirming: { step: 'affirming', reasons: '理由' },
}
const always = 'today'
const open = (firm: Firm, id: string) =>
  openSteps(firm.case(id), firm.today).map(({ step, from }) => [step, from === firm.today ? always : from])

t.test('which steps are open when', async (t) => {
  const firm = new Firm()
  const id = firm.propose()
  t.same(open(firm, id), [
    ['notice', always],
    ['dropping', always],
  ])
  firm.step(id, steps.notice)
  t.same(open(firm, id), [
    ['statement', always],
    ['dropping', always],
    ['consent', '2026-03-10'],
  ])
  firm.today = '2026-03-10'
  firm.step(id, steps.consent, people.city)
  t.same(open(firm, id), [
    ['decision', always],
    ['statement', always],
    ['dropping', always],
  ])
  firm.step(id, steps.decision, people.head)
  t.same(open(firm, id), [
    ['publication', always],
    ['revocation', always],
  ])
  firm.step(id, steps.publication, people.head)
  t.same(open(firm, id), [
    ['repairApplication', '2027-03-10'],
    ['revocation', always],
  ])
  firm.today = '2027-03-10'
  firm.step(id, steps.repairApplication)
  t.same(
    open(firm, id).map(([step]) => step),
    ['repairAcceptance', 'revocation'],
  )
  firm.step(id, steps.repairAcceptance)
  t.same(
    open(firm, id).map(([step]) => step),
    ['repairInspection', 'revocation'],
  )
  firm.step(id, steps.repairInspection)
  t.same(
    open(firm, id).map(([step]) => step),
    ['repairDecision', 'revocation'],
  )
  firm.step(id, steps.repairDecision, people.head)
  t.same(open(firm, id), [['repairRevocation', always]], 'off the list')
  t.match(firm.case(id), {
    repair: { status: 'granted', decided: { granted: true } },
    removed: { cause: 'repaired', on: '2027-03-10' },
  })
})

t.test('a decision is open from the very day on which one may be dated', async (t) => {
  const firm = new Firm()
  const id = firm.propose()
  firm.step(id, steps.notice)
  firm.today = '2026-03-12'
  t.same(open(firm, id).at(-1), ['consent', '2026-03-10'], 'consent may be given once the party was heard')
  firm.step(id, steps.consent, people.city)
  firm.today = '2026-03-16'
  t.same(open(firm, id)[0], ['decision', '2026-03-12'], 'not before the consent')
  const decided = (day: string) => refusalOf(() => firm.step(id, decisionOn(day), people.head))
  t.same(decided('2026-03-11').faults, ['/decidedOn before-start'])
  t.equal(decided('2026-03-12').reason, '')
})

t.test('after a statement too', async (t) => {
  for (const [actor, next] of [
    [people.clerk, 'consent'],
    [people.province, 'decision'],
  ] as const) {
    const firm = new Firm([grave('p')], actor.body.id)
    const id = firm.propose(['p'], {}, actor)
    firm.step(id, steps.notice, actor)
    firm.today = '2026-03-03'
    firm.step(id, steps.statement, actor)
    firm.today = '2026-03-10'
    t.same(
      open(firm, id).map(([step]) => step),
      ['statement', 'dropping', next],
    )
  }
})

t.test('a case keeps the rules that it began under', async (t) => {
  const [shipped] = ruleSets
  if (!shipped) throw new Error('no rules')
  const adopted = {
    ...shipped,
    version: 2,
    statement: { workingDays: 3, source: '试行' },
    duration: { months: 12, source: '试行' },
  }
  const firm = new Firm([grave('p')], 'province')
  firm.rules = [adopted]
  const caseId = firm.propose(['p'], {}, people.province)
  t.match(firm.case(caseId).proposed, { ruleSet: { id: 'order-44', version: 2 }, rules: { version: 2 } })
  t.notOk('region' in firm.case(caseId).proposed, 'the province has no region')
  firm.step(caseId, steps.notice, people.province)
  t.equal(firm.case(caseId).noticed?.statementUntil, '2026-03-05')
  firm.today = '2026-03-10'
  firm.step(caseId, steps.decision, people.other)
  t.equal(firm.case(caseId).decided?.listing?.until, '2027-03-10')
  const plain = new Firm()
  t.notOk('rules' in plain.case(plain.propose()).proposed, 'what comes with the registry is named alone')
  t.equal(plain.dossier.cases[0]?.proposed.region, '130102')
})

t.test('after its term a listing is open to nothing, on the very day', async (t) => {
  const firm = new Firm()
  const id = firm.listed()
  firm.today = '2029-03-09'
  t.same(
    open(firm, id).map(([step]) => step),
    ['repairApplication', 'revocation'],
  )
  firm.today = '2029-03-10'
  t.same(open(firm, id), [])
})

t.test('no step but the open ones, in any state', async (t) => {
  const states: [string, (firm: Firm) => string, StepName[]][] = [
    ['proposed', (firm) => firm.propose(), ['notice', 'dropping']],
    [
      'noticed',
      (firm) => {
        const id = firm.propose()
        firm.step(id, steps.notice)
        return id
      },
      ['statement', 'dropping'],
    ],
    ['decided', (firm) => firm.listed(['p'], { publish: false }), ['publication', 'revocation']],
    ['listed', (firm) => firm.listed(), ['revocation']],
    [
      'dropped',
      (firm) => {
        const id = firm.propose()
        firm.step(id, steps.dropping)
        return id
      },
      [],
    ],
    [
      'revoked',
      (firm) => {
        const id = firm.listed()
        firm.step(id, steps.revocation, people.city)
        return id
      },
      [],
    ],
  ]
  for (const [name, reach, allowed] of states)
    for (const step of Object.values(steps)) {
      const firm = new Firm()
      const id = reach(firm)
      const { reason } = refusalOf(() => takeStep(firm.dossier, id, step, firm.at(people.third)))
      t.equal(reason === 'exists', !allowed.includes(step.step), `${name}: ${step.step}`)
    }
})

t.test('what a refused step says is open now', async (t) => {
  const firm = new Firm()
  const id = firm.propose()
  const refused = (step: Step) =>
    refusalOf(() => takeStep(firm.dossier, id, step, firm.at(people.third))).title
  t.equal(refused(steps.publication), '案件现为“已提出”，不能公示。现在可以：送达告知、终止案件。')
  firm.step(id, steps.notice)
  t.equal(refused(steps.consent), '上一级同意最早可于 2026-03-10 进行。现在可以：登记陈述、申辩、终止案件。')
  firm.step(id, steps.dropping)
  t.equal(refused(steps.notice), '案件现为“已终止”，不能送达告知。案件已结束。')
})

t.test('what may carry a listing', async (t) => {
  const records = [
    grave('p', '2026-02-02'),
    penalty('q', '2026-02-03', { severity: '较重' }),
    penalty('light', '2026-02-03', { severity: '一般' }),
    penalty('summary', '2026-02-03', { severity: '严重', procedure: '简易程序' }),
    penalty('annulled', '2026-02-03', { severity: '严重', reviewOutcome: '撤销' }),
    penalty('void', '2026-02-03', { severity: '严重', reviewOutcome: '确认无效' }),
    penalty('upheld', '2026-02-03', { severity: '严重', reviewOutcome: '维持' }),
  ]
  const refused = (penalties: string[], more = {}) => {
    const firm = new Firm(records)
    return firm.refusal('propose-listing', undefined, proposalOf(penalties, more)).faults
  }
  for (const [penalties, faults] of [
    [['p'], []],
    [['p', 'q'], []],
    [['upheld'], []],
    [[], ['/penalties required']],
    [['p', 'x'], ['/penalties/1 unknown']],
    [['light'], ['/penalties/0 ground-not-met']],
    [['p', 'light'], ['/penalties/1 ground-not-met']],
    [['summary'], ['/penalties/0 ground-not-met']],
    [['annulled'], ['/penalties/0 annulled']],
    [['void'], ['/penalties/0 annulled']],
  ] as const)
    t.same(refused([...penalties]), faults, penalties.join(' and '))
  t.same(refused(['p'], { ruleSet: 'order-45' }), ['/ruleSet choice'])
  t.same(refused(['p'], { ground: 'ugly' }), ['/ground choice'])
  t.same(refused(['p'], { facts: ' ' }), ['/facts too-small'])
  t.same(refused(['p'], { reasons: '' }), ['/reasons too-small'])
  t.same(refused(['p'], { facts: '字'.repeat(4000), reasons: '字'.repeat(4000) }), [])
  t.same(refused(['p'], { facts: '字'.repeat(4001) }), ['/facts too-big'])
  t.same(refused(['p'], { reasons: '字'.repeat(4001) }), ['/reasons too-big'])
  const firm = new Firm(records)
  t.equal(
    firm.refusal('propose-listing', undefined, proposalOf(['p']), people.elsewhere).reason,
    'forbidden',
    "another city's officer",
  )
  firm.add({ id: 'l', type: 'licence', data: {} })
  t.same(
    firm.refusal('propose-listing', undefined, proposalOf(['l'])).faults,
    ['/penalties/0 unknown'],
    'a licence is no penalty',
  )
  firm.withdraw('p')
  t.same(firm.refusal('propose-listing', undefined, proposalOf(['p'])).faults, ['/penalties/0 withdrawn'])
})

t.test('a penalty carries one case at a time', async (t) => {
  const two = () => new Firm([grave('p', '2026-02-02'), grave('q', '2026-02-02')])
  const again = (firm: Firm, penalties: string[]) =>
    firm.refusal('propose-listing', undefined, proposalOf(penalties)).reason
  const begun = two()
  const id = begun.propose(['p'])
  t.same(begun.refusal('propose-listing', undefined, proposalOf(['q', 'p'])).faults, ['/penalties/1 exists'])
  t.equal(again(begun, ['p']), 'exists', 'while it is on its way')
  t.equal(again(begun, ['q', 'p']), 'exists')
  t.equal(again(begun, ['q']), '', 'another penalty may')
  begun.step(id, steps.dropping)
  t.equal(again(begun, ['p']), '', 'once it was dropped')
  const listed = two()
  const standing = listed.listed(['p'])
  t.equal(again(listed, ['p']), 'exists', 'while it is on the list')
  listed.step(standing, steps.revocation, people.city)
  t.equal(again(listed, ['p']), '', 'once it was revoked')
  const decided = two()
  decided.listed(['p'], { publish: false })
  t.equal(again(decided, ['p']), 'exists', 'between decision and publication')
})

t.test('a second proposal leaves the first case as it is', async (t) => {
  const firm = new Firm([grave('p', '2026-02-02'), grave('q', '2026-02-02')])
  const first = firm.listed(['p'])
  const before = firm.case(first)
  const second = firm.propose(['q'])
  firm.step(second, { step: 'notice', servedOn: '2026-03-10', way: '直接送达' })
  t.same(firm.case(first), before)
  t.match(firm.case(second), { status: 'noticed', proposed: { penalties: ['q'] } })
  firm.step(first, steps.revocation, people.city)
  t.match(firm.case(first), { status: 'removed', removed: { cause: 'revoked', on: '2026-03-10' } })
  t.match(firm.case(second), { status: 'noticed' })
})

t.test(
  'who may do what: each step is for the authority whose case it is, consent for the one above',
  async (t) => {
    const who = (firm: Firm, id: string, step: StepName) =>
      Object.entries(people).flatMap(([name, actor]) =>
        firm.refusedStep(id, steps[step], actor).reason === 'forbidden' ? [] : [name],
      )
    const firm = new Firm()
    const id = firm.propose()
    firm.step(id, steps.notice)
    firm.today = '2026-03-10'
    const county = ['clerk', 'head', 'third']
    const above = ['city', 'cityHead', 'province', 'other']
    t.same(who(firm, id, 'consent'), ['city', 'cityHead'], 'the next above, not the province past it')
    firm.step(id, steps.consent, people.city)
    for (const [step, allowed] of [
      ['notice', county],
      ['statement', county],
      ['decision', ['head', 'third']],
      ['publication', county],
      ['repairApplication', county],
      ['repairAcceptance', county],
      ['repairInspection', county],
      ['repairDecision', county],
      ['dropping', county],
      ['revocation', [...county, ...above]],
    ] as const)
      t.same(who(firm, id, step), allowed, step)
    const cityCase = new Firm([grave('p')], 'city')
    const own = cityCase.propose(['p'], {}, people.city)
    cityCase.step(own, steps.notice, people.city)
    cityCase.today = '2026-03-10'
    t.same(who(cityCase, own, 'consent'), ['province', 'other'])
    cityCase.step(own, steps.consent, people.province)
    t.same(who(cityCase, own, 'decision'), ['cityHead'], 'not who proposed')
    const provinceCase = new Firm([grave('p')], 'province')
    const highest = provinceCase.propose(['p'], {}, people.province)
    t.same(who(provinceCase, highest, 'consent'), [], 'nobody is above the province')
    t.same(who(provinceCase, highest, 'decision'), ['other'])
  },
)

t.test('who punished lists: nobody else proposes', async (t) => {
  for (const [owner, allowed] of [
    ['county', ['clerk', 'head', 'third']],
    ['city', ['city', 'cityHead']],
    ['province', ['province', 'other']],
  ] as const) {
    const firm = new Firm([grave('p')], owner)
    const may = Object.entries(people).filter(
      ([, actor]) => firm.refusal('propose-listing', undefined, proposalOf(['p']), actor).reason === '',
    )
    t.same(
      may.map(([name]) => name),
      allowed,
      owner,
    )
  }
})

t.test('two persons are two, whatever accounts they have', async (t) => {
  const firm = new Firm()
  const id = firm.propose()
  firm.step(id, steps.notice)
  firm.today = '2026-03-10'
  firm.step(id, steps.consent, people.city)
  const refused = (more: Parameters<typeof officer>[2]) =>
    firm.refusedStep(id, steps.decision, officer('zhang', 'county', more)).reason
  t.equal(refused({}), '')
  t.equal(refused({ person: 'clerk' }), 'forbidden', 'one person with a second account')
  t.equal(refused({ person: 'city' }), 'forbidden', 'who gave the consent, moved down')
  t.equal(refused({ isMachine: true }), 'forbidden', 'a key of the same authority')
  t.equal(refused({ rights: ['listings:write'] }), 'forbidden', 'without the right')
  t.equal(
    firm.refusedStep(id, steps.statement, officer('zhang', 'county', { rights: ['listings:decide'] })).reason,
    'forbidden',
  )
  firm.step(id, steps.decision, people.head)
  firm.step(id, steps.publication, people.head)
  firm.today = '2027-03-10'
  firm.step(id, steps.repairApplication)
  firm.step(id, steps.repairAcceptance)
  firm.step(id, steps.repairInspection, people.third)
  t.equal(firm.refusedStep(id, steps.repairDecision, people.third).reason, 'forbidden', 'who inspected')
  t.equal(firm.refusedStep(id, steps.repairDecision, people.clerk).reason, '')
})

t.test('which levels need consent, the rules say', async (t) => {
  const [shipped] = ruleSets
  if (!shipped) throw new Error('no rules')
  for (const [levels, county, city] of [
    [['county', 'city'], 'consent', 'consent'],
    [['county'], 'consent', 'decision'],
    [['city'], 'decision', 'consent'],
    [[], 'decision', 'decision'],
  ] as const)
    for (const [actor, next] of [
      [people.clerk, county],
      [people.city, city],
    ] as const) {
      const firm = new Firm([grave('p')], actor.body.id)
      const rules = { ...shipped, version: 2, consent: { levels: [...levels], source: '试行' } }
      firm.rules = [rules]
      const caseId = firm.propose(['p'], {}, actor)
      firm.step(caseId, steps.notice, actor)
      t.equal(open(firm, caseId).at(-1)?.[0], next, `${levels.join(' and ')}: ${actor.authority}`)
    }
})

t.test('who proposed does not consent, promoted to the city meanwhile', async (t) => {
  const firm = new Firm()
  const id = firm.propose()
  firm.step(id, steps.notice)
  firm.today = '2026-03-10'
  t.equal(
    firm.refusedStep(id, steps.consent, officer('wang', 'city', { person: 'clerk' })).reason,
    'forbidden',
  )
})

t.test('no repair before every penalty of the case is fulfilled', async (t) => {
  const unfulfilled = { fulfilledOn: undefined }
  const firm = new Firm([
    grave('p', '2026-02-02', unfulfilled),
    grave('q', '2026-02-03', unfulfilled),
    grave('r', '2026-02-03', unfulfilled),
  ])
  const id = firm.listed(['p', 'q'])
  firm.today = '2027-03-10'
  firm.step(id, steps.repairApplication)
  firm.step(id, steps.repairAcceptance)
  firm.step(id, steps.repairInspection)
  const granted = () => firm.refusedStep(id, steps.repairDecision, people.head)
  t.match(granted(), { faults: ['/granted not-fulfilled'], title: /p、q/ })
  t.equal(firm.refusedStep(id, { ...steps.repairDecision, granted: false } as Step, people.head).reason, '')
  firm.change('p', { fulfilledOn: '2026-05-06' })
  t.match(granted(), { faults: ['/granted not-fulfilled'], title: /处罚 q 尚未/ }, 'one of two')
  const before = firm.dossier
  firm.withdraw('q')
  t.equal(granted().reason, '', 'what was wrongly entered obliges to nothing')
  firm.dossier = before
  firm.change('q', { fulfilledOn: '2026-05-06' })
  t.equal(granted().reason, '', 'a penalty outside the case has no say')
})

t.test('days are not before what they follow, nor to come', async (t) => {
  const firm = new Firm()
  firm.today = '2026-03-03'
  const id = firm.propose()
  firm.today = '2026-03-04'
  const faults = (step: Step, actor = people.third) => firm.refusedStep(id, step, actor).faults
  const served = (servedOn: string): Step => ({ step: 'notice', servedOn, way: '直接送达' })
  t.same(faults(served('2026-02-01')), ['/servedOn before-start'])
  t.same(faults(served('2026-02-02')), [], 'on the day of the penalty, before the case was entered')
  t.same(faults(served('2026-02-03')), [])
  t.same(faults(served('2026-03-03')), [], 'on the day of the proposal')
  t.same(faults(served('2026-03-04')), [], 'today')
  t.same(faults(served('2026-03-05')), ['/servedOn future-date'])
  t.same(faults(served('2026-02-30')), ['/servedOn date'])
  t.same(faults({ step: 'notice', servedOn: '2026-03-04', way: '' }), ['/way too-small'])
  t.same(faults({ step: 'notice', servedOn: '2026-03-04', way: '字'.repeat(101) }), ['/way too-big'])
  t.same(faults({ step: 'notice', servedOn: '2026-03-04', way: '字'.repeat(100) }), [])
  firm.step(id, served('2026-03-04'))
  firm.today = '2026-03-06'
  const stated = (on: string, statement = '陈述', answer = '答复'): Step => ({
    step: 'statement',
    on,
    statement,
    answer,
  })
  t.same(faults(stated('2026-03-03')), ['/on before-start'])
  t.same(faults(stated('2026-03-04')), [])
  t.same(faults(stated('2026-03-06')), [])
  t.same(faults(stated('2026-03-07')), ['/on future-date'])
  t.same(faults(stated('2026-03-06', '', '答复')), ['/statement too-small'])
  t.same(faults(stated('2026-03-06', '陈述', ' ')), ['/answer too-small'])
  t.same(faults(stated('2026-03-06', '字'.repeat(10_000), '字'.repeat(10_000))), [])
  t.same(faults(stated('2026-03-06', '字'.repeat(10_001))), ['/statement too-big'])
  t.same(faults(stated('2026-03-06', '陈述', '字'.repeat(10_001))), ['/answer too-big'])
  firm.today = '2026-03-12'
  const consent = (reasons: string): Step => ({ step: 'consent', granted: true, reasons })
  t.same(faults(consent(''), people.city), ['/reasons too-small'])
  t.same(faults(consent('字'.repeat(4001)), people.city), ['/reasons too-big'])
  t.same(faults(consent('字'.repeat(4000)), people.city), [])
  firm.step(id, consent('同意'), people.city)
  t.same(faults(decisionOn('2026-03-03')), ['/decidedOn before-start'], 'before the notice')
  t.same(faults(decisionOn('2026-03-11')), ['/decidedOn statement-period'], 'the last day of the period')
  t.same(faults(decisionOn('2026-03-12')), [])
  t.same(faults(decisionOn('2026-03-13')), ['/decidedOn future-date'])
  t.same(
    faults(decisionOn('2026-03-11', { listed: false })),
    ['/decidedOn before-start'],
    'before the consent',
  )
  t.same(faults(decisionOn('2026-03-12', { listed: false })), [])
  const words = (more: object): Step => ({ ...decisionOn('2026-03-12'), ...more }) as Step
  t.same(faults(words({ decisionNo: ' ' })), ['/decisionNo too-small'])
  t.same(faults(words({ decisionNo: '字'.repeat(101) })), ['/decisionNo too-big'])
  t.same(faults(words({ decisionNo: '字'.repeat(100) })), [])
  t.same(faults(words({ reasons: '' })), ['/reasons too-small'])
  t.same(faults(words({ reasons: '字'.repeat(10_001) })), ['/reasons too-big'])
  t.same(faults(words({ reasons: '字'.repeat(10_000) })), [])
})

t.test('a decision is no older than what it rests on', async (t) => {
  const refused = (listed: boolean, decidedOn: string, statedOn: string) => {
    const firm = new Firm([grave('p')], 'province')
    const id = firm.propose(['p'], {}, people.province)
    firm.step(id, steps.notice, people.province)
    firm.today = '2026-03-20'
    firm.step(id, { step: 'statement', on: statedOn, statement: '陈述', answer: '答复' }, people.province)
    return firm.refusedStep(id, decisionOn(decidedOn, { listed }), people.other)
  }
  // Stated within the period, which ends on 2026-03-09, and after it.
  for (const [listed, statedOn, decidedOn, fault] of [
    [true, '2026-03-05', '2026-03-09', 'statement-period'],
    [true, '2026-03-05', '2026-03-10', undefined],
    [true, '2026-03-12', '2026-03-11', 'before-start'],
    [true, '2026-03-12', '2026-03-12', undefined],
    [false, '2026-03-05', '2026-03-01', 'before-start'],
    [false, '2026-03-05', '2026-03-04', 'before-start'],
    [false, '2026-03-05', '2026-03-05', undefined],
    [false, '2026-03-05', '2026-03-20', undefined],
    [false, '2026-03-05', '2026-03-21', 'future-date'],
  ] as const) {
    // Without a listing the firm need not wait, but the step is open from the end of the period on.
    const faults = refused(listed, decidedOn, statedOn).faults
    t.same(faults, fault ? [`/decidedOn ${fault}`] : [], `${listed} ${statedOn} ${decidedOn}`)
  }
  t.match(refused(true, '2026-03-11', '2026-03-12').title, /早于陈述、申辩的日期 2026-03-12/)
})

t.test('every step says why', async (t) => {
  const firm = new Firm()
  const id = firm.listed(['p'], { publish: false })
  const faults = (step: Step) => firm.refusedStep(id, step, people.third).faults
  t.same(faults({ step: 'revocation', reason: '' }), ['/reason too-small'])
  t.same(faults({ step: 'revocation', reason: '字'.repeat(4001) }), ['/reason too-big'])
  firm.step(id, steps.publication, people.head)
  firm.today = '2027-03-12'
  const applied = (on: string, grounds = '已整改'): Step => ({ step: 'repairApplication', on, grounds })
  t.same(faults(applied('2026-03-09')), ['/on too-early'], 'before the decision')
  t.same(faults(applied('2027-03-09')), ['/on too-early'], 'the day before it has stood for a year')
  t.match(firm.refusedStep(id, applied('2027-03-09')).title, /满 12 个月.*最早为 2027-03-10/)
  t.same(faults(applied('2027-03-10')), [], 'the day itself')
  t.same(faults(applied('2027-03-13')), ['/on future-date'])
  t.same(faults(applied('2027-03-12', '')), ['/grounds too-small'])
  t.same(faults(applied('2027-03-12', '字'.repeat(10_001))), ['/grounds too-big'])
  t.same(faults(applied('2027-03-12', '字'.repeat(10_000))), [])
  firm.step(id, applied('2027-03-11'))
  t.same(faults({ step: 'repairAcceptance', accepted: true, reasons: '' }), ['/reasons too-small'])
  t.same(faults({ step: 'repairAcceptance', accepted: true, reasons: '字'.repeat(4001) }), [
    '/reasons too-big',
  ])
  firm.step(id, steps.repairAcceptance)
  const inspected = (on: string, findings = '属实'): Step => ({ step: 'repairInspection', on, findings })
  t.same(faults(inspected('2027-03-10')), ['/on before-start'], 'before the application')
  t.same(faults(inspected('2027-03-11')), [])
  t.same(faults(inspected('2027-03-13')), ['/on future-date'])
  t.same(faults(inspected('2027-03-12', '')), ['/findings too-small'])
  t.same(faults(inspected('2027-03-12', '字'.repeat(10_001))), ['/findings too-big'])
  t.same(faults(inspected('2027-03-12', '字'.repeat(10_000))), [])
  firm.step(id, inspected('2027-03-12'))
  t.same(faults({ step: 'repairDecision', granted: true, reasons: '字'.repeat(4000) }), [])
  t.same(faults({ step: 'revocation', reason: '字'.repeat(4000) }), [])
  t.same(faults({ step: 'repairDecision', granted: true, reasons: '' }), ['/reasons too-small'])
  t.same(faults({ step: 'repairDecision', granted: true, reasons: '字'.repeat(4001) }), ['/reasons too-big'])
  t.equal(
    firm.refusedStep(id, steps.repairDecision, people.clerk).reason,
    'forbidden',
    'who inspected does not decide',
  )
  const other = new Firm()
  const dropped = other.propose()
  t.same(other.refusedStep(dropped, { step: 'dropping', reason: ' ' }).faults, ['/reason too-small'])
  t.same(other.refusedStep(dropped, { step: 'dropping', reason: '字'.repeat(4001) }).faults, [
    '/reason too-big',
  ])
  t.equal(other.refusedStep(dropped, { step: 'dropping', reason: '字'.repeat(4000) }).reason, '')
})

t.test('what a decision says of a listing', async (t) => {
  const firm = new Firm()
  const id = firm.listed(['p'], { publish: false })
  t.same(takeStep(firm.dossier, id, steps.publication, firm.at(people.head)).drafts[0]?.payload, {
    case: id,
    from: '2026-03-10',
    until: '2029-03-10',
  })
  t.match(firm.case(id).decided, {
    listed: true,
    listing: {
      ground: '生产、销售不符合保障人体健康和人身、财产安全标准的产品，受到较重行政处罚',
      basis: '市场监督管理严重违法失信名单：《市场监督管理严重违法失信名单管理办法》第七条',
      until: '2029-03-10',
      publishBy: '2026-04-08',
      certain: true,
      repair: { from: '2027-03-10' },
    },
    measures: [/行政许可/, /检查频次/, /告知承诺制/, /荣誉称号/],
  })
  t.equal(firm.case(id).decided?.measures.length, 4)
  const chosen = new Firm()
  const own = chosen.propose(['p'], { measures: ['列为重点监管对象', '不予授予荣誉称号'] })
  chosen.step(own, steps.notice)
  chosen.today = '2026-03-10'
  chosen.step(own, steps.consent, people.city)
  chosen.step(own, decisionOn('2026-03-10', { measures: ['列为重点监管对象'] }), people.head)
  t.same(chosen.case(own).decided?.measures, ['列为重点监管对象'], 'the measures that were chosen')
  const not = new Firm()
  const spared = not.propose()
  not.step(spared, steps.notice)
  not.today = '2026-03-10'
  not.step(spared, steps.consent, people.city)
  not.step(spared, decisionOn('2026-03-10', { listed: false }), people.head)
  t.match(not.case(spared), { status: 'notListed', decided: { listed: false } })
  t.same(not.case(spared).decided?.measures, [])
  t.equal(not.case(spared).decided?.listing, undefined)
})

t.test('measures hold no personal data, but for what whoever decides says is none', async (t) => {
  const LOOKS = ['设备编码 13812345678', '设备编码 13912345678']
  const decided = (measures: string[], notPersonal?: Record<string, string>) => {
    const firm = new Firm()
    const told = measures.filter((measure) => !measure.startsWith('1'))
    const id = firm.propose(['p'], told.length > 0 ? { measures: told } : {})
    firm.step(id, steps.notice)
    firm.today = '2026-03-10'
    firm.step(id, steps.consent, people.city)
    const step = { ...decisionOn('2026-03-10', { measures }), ...(notPersonal && { notPersonal }) }
    return { firm, id, faults: refusalOf(() => firm.step(id, step, people.head)).faults }
  }
  t.same(decided(['列为重点监管对象', ...LOOKS]).faults, [
    '/measures/1 personal-data',
    '/measures/2 personal-data',
  ])
  t.same(decided(LOOKS, { reasons: '设备编码' }).faults.length, 2, 'said of another field it helps nothing')
  t.same(decided(LOOKS, { measures: '' }).faults, ['/notPersonal/measures too-small'])
  const { firm, id, faults } = decided(LOOKS, { measures: '设备编码' })
  t.same([faults, firm.case(id).decided?.measures], [[], LOOKS])
  t.match(firm.dossier.events.at(-1), { kind: 'change.explained' })
  t.same(
    decided(['11010519491231002X'], { measures: '设备编码' }).faults,
    ['/measures/0 identity-number'],
    'what a check digit proves is nothing else',
  )
})

t.test('a notice tells facts, reasons, basis, consequences and rights', async (t) => {
  const firm = new Firm()
  const id = firm.propose(['p'], { facts: '生产了不合格电缆', reasons: '数量大' })
  firm.step(id, steps.notice)
  const content = firm.case(id).noticed?.content ?? ''
  for (const part of [
    '生产了不合格电缆',
    '数量大',
    '《市场监督管理严重违法失信名单管理办法》第七条',
    '36个月',
    '告知承诺制',
    '2026年3月9日',
  ])
    t.ok(content.includes(part), part)
  const forged = new Firm([penalty('f', '2026-02-02', { severity: '严重', conduct: '伪造认证标志' })])
  const other = forged.propose(['f'], { ground: 'forged-marks' })
  forged.step(other, steps.notice)
  t.match(forged.case(other).noticed?.content, /伪造、冒用认证标志/, 'the ground of this case')
  t.notMatch(forged.case(other).noticed?.content, /不符合保障人体健康/, 'and no other')
})

t.test('which right a step takes', async (t) => {
  const deciding = Object.values(steps).filter(({ step }) => rightOf(step) === 'listings:decide')
  t.same(
    deciding.map(({ step }) => step),
    ['consent', 'decision', 'publication', 'repairDecision', 'repairRevocation', 'revocation'],
  )
})

t.test(
  'no repair after another heavier penalty that stands, of the day of the decision or later',
  async (t) => {
    for (const [what, decidedOn, more, isBarred] of [
      ['the day before the decision', '2026-03-09', {}, false],
      ['of the day of the decision', '2026-03-10', {}, true],
      ['later', '2026-08-03', {}, true],
      ['upheld on review', '2026-08-03', { reviewOutcome: '维持' }, true],
      ['changed on review', '2026-08-03', { reviewOutcome: '变更' }, true],
      ['annulled', '2026-08-03', { reviewOutcome: '撤销' }, false],
      ['found unlawful', '2026-08-03', { reviewOutcome: '确认违法' }, false],
      ['void', '2026-08-03', { reviewOutcome: '确认无效' }, false],
      ['a light one', '2026-08-03', { severity: '一般' }, false],
      ['a mere warning', '2026-08-03', { types: ['警告'] }, false],
      ['heavier by its type', '2026-08-03', { severity: '一般', types: ['责令关闭'] }, true],
    ] as const) {
      const [first, second] = [new Firm(), new Firm()].map((firm) => {
        const id = firm.listed()
        firm.today = '2027-03-10'
        firm.step(id, steps.repairApplication)
        return { firm, id }
      })
      if (!first || !second) throw new Error('no firm')
      const again = grave('q', decidedOn, more)
      const faults = (at: string) => (isBarred ? [`/${at} punished-again`] : [])
      first.firm.add(again)
      t.same(
        first.firm.refusedStep(first.id, steps.repairAcceptance).faults,
        faults('accepted'),
        `${what}: taken`,
      )
      second.firm.step(second.id, steps.repairAcceptance)
      second.firm.step(second.id, steps.repairInspection)
      second.firm.add(again)
      const granted = () => second.firm.refusedStep(second.id, steps.repairDecision, people.head).faults
      t.same(granted(), faults('granted'), `${what}: granted`)
      second.firm.withdraw('q')
      t.same(granted(), [], `${what}: withdrawn`)
      const refused: Step = { step: 'repairAcceptance', accepted: false, reasons: '不予受理' }
      t.same(first.firm.refusedStep(first.id, refused).faults, [], `${what}: a refusal needs no condition`)
    }
  },
)

t.test('the decision says whether it lists', async (t) => {
  for (const [listed, title] of [
    [true, '列入决定书'],
    [false, '不予列入决定书'],
  ] as const) {
    const firm = new Firm([grave('p')], 'province')
    const id = firm.propose(['p'], {}, people.province)
    firm.step(id, steps.notice, people.province)
    firm.today = '2026-03-10'
    firm.step(id, decisionOn('2026-03-10', { listed }), people.other)
    t.equal(documentOf('decision', firm.dossier, firm.case(id))?.title, title)
  }
})

t.test('a day that has come, not before another', async (t) => {
  for (const [day, notBefore, fault] of [
    ['2026-03-10', undefined, undefined],
    ['2026-03-11', undefined, 'future-date'],
    ['2026-03-09', '2026-03-09', undefined],
    ['2026-03-08', '2026-03-09', 'before-start'],
    ['2026-02-29', undefined, 'date'],
  ] as const)
    t.same(
      refusalOf(() => pastDay('/on', day, '2026-03-10', notBefore)).faults,
      fault ? [`/on ${fault}`] : [],
      `${day} ${notBefore}`,
    )
})

t.test('notice and listing name the ground of the case, whichever it is', async (t) => {
  const [rules] = ruleSets
  for (const { id: ground, name } of rules?.grounds ?? []) {
    const firm = new Firm([grave('p', '2026-02-02', { category: TERMS[ground] })], 'province')
    const id = firm.propose(['p'], { ground }, people.province)
    firm.step(id, steps.notice, people.province)
    firm.today = '2026-03-10'
    firm.step(id, steps.decision, people.other)
    t.equal(firm.case(id).decided?.listing?.ground, name)
    const notice = documentOf('notice', firm.dossier, firm.case(id))?.paragraphs.join('') ?? ''
    const named = rules?.grounds.filter((known) => notice.includes(known.name)).map((known) => known.id)
    t.same(named, [ground], ground)
  }
})

t.test('one decision that stands twice under one number, written in two ways, carries one listing', (t) => {
  for (const [first, second, isOne] of [
    ['冀罚〔2026〕31号', '冀罚[2026]31号', true],
    ['冀罚〔2026〕31号', '冀罚（2026）第31号', true],
    ['冀罚〔2026〕31号', '冀罚〔2026〕32号', false],
  ] as const) {
    const firm = new Firm([
      grave('p', '2026-02-02', { documentNo: first }),
      grave('q', '2026-02-02', { documentNo: second }),
    ])
    firm.propose(['p'])
    const refusal = isOne ? refusalOf(() => firm.propose(['q'])).faults.join() : firm.propose(['q'])
    if (isOne) t.match(refusal, / exists$/, second)
    else t.equal(firm.dossier.cases.length, 2, second)
  }
  t.end()
})
