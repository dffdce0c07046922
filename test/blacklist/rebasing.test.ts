import t from 'tap'
import { newBasisOf } from '../../src/blacklist/basis.ts'
import { candidatesOf } from '../../src/blacklist/candidates.ts'
import { listingsDue } from '../../src/blacklist/consequences.ts'
import { deadlinesOf } from '../../src/blacklist/deadlines.ts'
import { documentOf } from '../../src/blacklist/documents.ts'
import { openSteps } from '../../src/blacklist/procedure.ts'
import { ruleSets } from '../../src/blacklist/rule-set.ts'
import { publicFace } from '../../src/dossier/face.ts'
import { awaitedDecisions, punishments } from '../../src/dossier/punishments.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { decisionOn, Firm, grave, penalty, people } from './firm.ts'

/** A case whose penalty review has changed: it waits, and goes on upon the changed decision. */

const changed = { reviewOutcome: '变更', reviewedOn: '2026-03-10' }
const input = (...penalties: string[]) => ({ penalties, facts: '变更后的事实', reasons: '仍属较重' })
const stepsOf = (firm: Firm, id: string) => openSteps(firm.case(id), firm.today).map(({ step }) => step)
/** The decision in the place of another, of a day. */
const inPlace = (id: string, decidedOn: string, more = {}) =>
  grave(id, decidedOn, { documentNo: 'p', ...more })

t.test('where a case waits, what is open, and where it goes on', async (t) => {
  for (const [from, waits, goesOn] of [
    ['proposed', ['rebasing', 'dropping'], 'proposed'],
    ['noticed', ['rebasing', 'dropping'], 'proposed'],
    ['consented', ['rebasing', 'dropping'], 'proposed'],
    ['decided', ['rebasing', 'revocation'], 'decided'],
    ['inForce', ['rebasing', 'revocation'], 'inForce'],
  ] as const) {
    const firm = new Firm()
    const id =
      from === 'decided' || from === 'inForce'
        ? firm.listed(['p'], { publish: from === 'inForce' })
        : firm.propose()
    if (from === 'noticed' || from === 'consented')
      firm.step(id, { step: 'notice', servedOn: '2026-03-02', way: '直接送达' })
    firm.today = '2026-03-10'
    if (from === 'consented') firm.step(id, { step: 'consent', granted: true, reasons: '同意' }, people.city)
    t.equal(firm.case(id).status, from)
    t.same(firm.review('p', changed), ['listing.suspended'], from)
    t.same(stepsOf(firm, id), waits, from)
    t.same(publicFace(firm.dossier, firm.today, catalogue)?.listings, [], 'off the list')
    t.same(firm.review('p', { remark: '再看' }), [], 'once')
    firm.add(inPlace('q', '2026-03-10'))
    t.same(
      firm.do('rebase-listing', id, input('q')).map(({ kind }) => kind),
      ['listing.rebased', ...(from === 'inForce' ? ['listing.published'] : [])],
      `${from}: what was on the list is on it again`,
    )
    t.match(firm.case(id), { status: goesOn, basis: ['q'] }, from)
    t.equal(firm.case(id).suspended, undefined)
    t.notOk(stepsOf(firm, id).includes('rebasing'), from)
    t.equal(
      firm.case(id).before?.proposed.facts,
      goesOn === 'proposed' ? '事实' : undefined,
      'what was said is kept',
    )
    t.equal(firm.case(id).proposed.facts, goesOn === 'proposed' ? '变更后的事实' : '事实')
    t.equal(firm.case(id).noticed?.servedOn, goesOn === 'proposed' ? undefined : '2026-03-02', 'told anew')
  }
})

t.test(
  'a changed decision that got another number and names the one that it came in the place of',
  async (t) => {
    for (const [replacesNo, decidedOn, isOne] of [
      ['p', '2026-03-09', false],
      ['p', '2026-03-10', true],
      ['p', '2026-03-11', true],
      ['ｐ ', '2026-03-10', true],
      ['别的', '2026-03-10', false],
      [undefined, '2026-03-10', false],
    ] as const) {
      const firm = new Firm()
      const id = firm.listed()
      firm.today = '2026-03-12'
      firm.review('p', changed)
      firm.add(grave('q', decidedOn, { documentNo: '复1号', replacesNo }))
      const place = `${replacesNo} ${decidedOn}`
      const counted = punishments(firm.dossier).map((own) => `${own.id} ${own.punishedOn}`)
      t.same(counted, isOne ? ['q 2026-02-02'] : ['p 2026-02-02', `q ${decidedOn}`], place)
      const proposed = candidatesOf(firm.dossier, firm.today, ruleSets).map((own) => own.penalty)
      t.same(proposed, isOne ? [] : ['q'], place)
      t.equal(
        firm.refusal('rebase-listing', id, input('q')).reason,
        decidedOn < '2026-03-10' ? 'invalid' : '',
      )
    }
  },
)

t.test('two decisions that were changed, one of them twice, are two penalties', (t) => {
  const firm = new Firm([
    grave('p', '2026-02-02', changed),
    grave('q', '2026-03-10', { replacesNo: 'p', reviewOutcome: '变更', reviewedOn: '2026-04-01' }),
    grave('r', '2026-04-01', { replacesNo: 'q' }),
    grave('s', '2026-02-05', changed),
    grave('u', '2026-03-11', { replacesNo: 's' }),
  ])
  const counted = punishments(firm.dossier).map((own) => `${own.id} ${own.punishedOn}`)
  t.same(counted, ['r 2026-02-02', 'u 2026-02-05'])
  t.end()
})

t.test('which decisions may come in its place: none from before the outcome of the review', async (t) => {
  for (const [id, decidedOn, more, isOffered] of [
    ['before', '2026-03-09', {}, false],
    ['on', '2026-03-10', {}, true],
    ['after', '2026-03-11', {}, true],
    ['other number', '2026-03-10', { documentNo: '复议1号' }, true],
    ['lighter', '2026-03-10', { severity: '一般' }, false],
    ['void itself', '2026-03-10', { reviewOutcome: '撤销' }, false],
  ] as const) {
    const firm = new Firm()
    const own = firm.listed()
    firm.today = '2026-03-12'
    firm.review('p', changed)
    firm.add(inPlace(id, decidedOn, more))
    const offered = newBasisOf(firm.dossier, firm.case(own), firm.today).map((known) => known.id)
    t.same(offered, isOffered ? [id] : [], id)
    t.equal(firm.refusal('rebase-listing', own, input(id)).reason, isOffered ? '' : 'invalid', id)
  }
  for (const [owner, documentNo, isOffered] of [
    ['tangshan', '唐罚9号', false],
    ['tangshan', 'p', true],
    ['county', '别的号', true],
  ] as const) {
    const firm = new Firm()
    const own = firm.listed()
    firm.today = '2026-03-12'
    firm.review('p', changed)
    firm.add(inPlace('q', '2026-03-10', { documentNo }), owner)
    const { reason } = firm.refusal('rebase-listing', own, input('q'))
    t.equal(reason, isOffered ? '' : 'forbidden', `${owner} ${documentNo}: who punished lists`)
  }
  const untouched = new Firm([grave('p'), grave('q')])
  t.same(
    newBasisOf(untouched.dossier, untouched.case(untouched.listed()), untouched.today),
    [],
    'nothing was changed',
  )
})

t.test(
  'it is put forward by one and decided by another; the outcome withdrawn lets the first penalty back',
  async (t) => {
    const firm = new Firm()
    const id = firm.listed()
    t.equal(firm.refusal('rebase-listing', id, input('p')).reason, 'exists', 'nothing has changed')
    firm.review('p', changed)
    t.match(firm.refusal('rebase-listing', id, input('p')).faults, ['/penalties/0 annulled'])
    firm.review('p', { reviewOutcome: null, reviewedOn: null })
    t.match(firm.case(id), { status: 'inForce', basis: ['p'] }, 'it goes on as it was')
    t.same(firm.case(id).changed, undefined)
    firm.review('p', changed)
    firm.today = '2026-03-20'
    firm.add(inPlace('q', '2026-03-19'))
    t.match(firm.second('rebase-listing', id, input('q')), /依据改变/)
    firm.do('rebase-listing', id, input('q'))
    t.match(firm.case(id), { status: 'inForce', basis: ['q'] })
    t.match(firm.hindrance('rebase-listing', id, people.city), /不能按变更后的处罚决定继续/)
  },
)

t.test(
  'a changed decision of a sum with a right to a hearing carries a decided case only where it is said to have been given',
  async (t) => {
    for (const [fine, more, isRefused] of [
      [99_999.99, {}, false],
      [100_000, {}, true],
      [100_000, { hearing: '当事人未要求', hearingToldOn: '2026-03-02' }, false],
      [100_000, { hearing: '当事人未要求', hearingToldOn: '2026-03-12' }, true],
    ] as const) {
      const firm = new Firm()
      const id = firm.listed()
      firm.today = '2026-03-20'
      firm.review('p', changed)
      firm.add(inPlace('q', '2026-03-16', { fine, ...more }))
      if (isRefused) t.match(firm.refusal('rebase-listing', id, input('q')).faults, ['/penalties hearing'])
      else firm.do('rebase-listing', id, input('q'))
      t.equal(firm.case(id).status, isRefused ? 'suspended' : 'inForce', `${fine}`)
    }
  },
)

t.test('whoever gave the case its new basis does not decide it', async (t) => {
  const firm = new Firm()
  const id = firm.propose()
  firm.review('p', changed)
  firm.today = '2026-03-10'
  firm.add(inPlace('q', '2026-03-10'))
  firm.do('rebase-listing', id, input('q'), people.third)
  t.equal(
    firm.refusedStep(id, { step: 'notice', servedOn: '2026-03-09', way: '直接送达' }).faults[0],
    '/servedOn before-start',
  )
  firm.step(id, { step: 'notice', servedOn: '2026-03-10', way: '直接送达' })
  firm.today = '2026-03-18'
  firm.step(id, { step: 'consent', granted: true, reasons: '同意' }, people.city)
  t.equal(firm.refusedStep(id, decisionOn('2026-03-18'), people.third).reason, 'forbidden')
  t.equal(firm.refusedStep(id, decisionOn('2026-03-18'), people.head).reason, '')
})

t.test('no second case on a decision that came in the place of one', async (t) => {
  const firm = new Firm()
  const id = firm.listed()
  firm.today = '2026-03-12'
  firm.review('p', changed)
  firm.add(inPlace('q', '2026-03-11'))
  const candidates = () => candidatesOf(firm.dossier, firm.today, ruleSets).map(({ penalty }) => penalty)
  t.same(candidates(), [])
  t.match(
    firm.refusal('propose-listing', undefined, {
      ...input('q'),
      ground: 'unsafe-product',
      ruleSet: 'order-44',
    }),
    { reason: 'exists', title: /原案件/ },
  )
  firm.step(id, { step: 'revocation', reason: '不再列入' }, people.city)
  t.same(candidates(), ['q'], 'once the case has ended it is a penalty as any other')
})

t.test('while it waits its term runs out, and the firm may be gone', async (t) => {
  const firm = new Firm()
  const id = firm.listed()
  firm.review('p', changed)
  const clocks = () =>
    deadlinesOf(firm.dossier, catalogue).flatMap(({ what, dueOn, about }) =>
      about === id ? [`${what} ${dueOn}`] : [],
    )
  t.same(clocks(), ['rebasing 2026-04-08', 'expiry 2029-03-10'])
  t.same(listingsDue(firm.dossier, '2029-03-09'), [])
  t.match(listingsDue(firm.dossier, '2029-03-10'), [
    { kind: 'listing.removed', payload: { cause: 'expired' } },
  ])
  firm.fact('enterprise.changed', { changes: { status: '注销' } })
  t.same(firm.review('p', { remark: '注销' }), ['listing.removed'])
})

t.test('of two penalties both changed, the case waits for either; of two cases only its own', async (t) => {
  const firm = new Firm([grave('p'), grave('r'), grave('s')])
  const [id, other] = [firm.listed(['p', 'r']), firm.propose(['s'])]
  t.same(firm.review('p', changed), ['listing.basisChanged'])
  t.same(firm.case(id).changed, ['p'])
  t.same(firm.review('r', changed), ['listing.suspended'])
  t.same(firm.case(id).suspended?.changed, ['p', 'r'])
  t.equal(firm.case(other).status, 'proposed')
  t.same(firm.review('p', { reviewOutcome: '撤销' }), [], 'one is left that was changed')
  t.same(firm.review('r', { reviewOutcome: '撤销' }), ['listing.removed'])
})

t.test('the document names what came in the place', async (t) => {
  const firm = new Firm()
  const id = firm.listed()
  firm.review('p', changed)
  t.equal(documentOf('rebasing', firm.dossier, firm.case(id)), undefined)
  firm.today = '2026-03-12'
  firm.add(inPlace('q', '2026-03-10', { documentNo: '复议1号' }))
  firm.do('rebase-listing', id, { ...input('q'), decisionNo: '长市监列〔2026〕2号' })
  const document = documentOf('rebasing', firm.dossier, firm.case(id))
  t.match(document, { title: '变更列入依据决定书', number: '长市监列〔2026〕2号', date: '2026-03-12' })
  const text = document?.paragraphs.join('') ?? ''
  for (const part of ['长市监列〔2026〕1号', '复议1号', '仍至2029年3月10日', '六十日', '变更后的事实'])
    t.ok(text.includes(part), part)
})

t.test('which changed decisions are awaited, outcome by outcome, and until when', async (t) => {
  const awaited = (firm: Firm) => awaitedDecisions(firm.dossier).map(({ id }) => id)
  for (const [reviewOutcome, expected] of [
    [undefined, []],
    ['维持', []],
    ['变更', ['p']],
    ['撤销', []],
    ['确认违法', []],
    ['确认无效', []],
  ] as const) {
    const firm = new Firm([grave('p', '2026-02-02', { reviewOutcome }), grave('o')])
    t.same(awaited(firm), expected, `${reviewOutcome}`)
  }
  const firm = new Firm([grave('p'), grave('r'), penalty('s', '2026-02-02', { procedure: '简易程序' })])
  t.same(awaited(firm), [], 'nothing was changed')
  for (const id of ['p', 'r', 's']) firm.change(id, changed)
  t.same(awaited(firm), ['p', 'r'], 'two; of one that nobody would have seen nothing is awaited')
  firm.add(inPlace('q', '2026-03-10'))
  t.same(awaited(firm), ['r'], 'one of two has come')
  firm.withdraw('q')
  t.same(awaited(firm), ['p', 'r'], 'and was entered by mistake')
  firm.withdraw('r')
  t.same(awaited(firm), ['p'])
})

t.test(
  'a changed decision is asked for, but where a case waits for it with a clock of its own',
  async (t) => {
    const asked = (firm: Firm) =>
      deadlinesOf(firm.dossier, catalogue).flatMap(({ what, about, dueOn }) =>
        what === 'completion' && ['p', 'r'].includes(about) ? [`${about} ${dueOn}`] : [],
      )
    const firm = new Firm([grave('p'), grave('r')])
    t.same(asked(firm), [])
    firm.change('p', changed)
    t.same(asked(firm), ['p 2026-03-17'], 'no case: five working days from the day of the review')
    const alone = new Firm([grave('p'), grave('r')])
    alone.propose(['p'])
    alone.review('p', changed)
    t.same(asked(alone), [], 'a case waits for it')
    alone.review('r', changed)
    t.same(asked(alone), ['r 2026-03-17'], 'of another no case waits')
    const both = new Firm([grave('p'), grave('r')])
    both.propose(['p', 'r'])
    both.review('p', changed)
    t.same(asked(both), ['p 2026-03-17'], 'a case that goes on upon the other does not wait')
  },
)

t.test(
  'what a case rests on now is no candidate for another, nor what it was begun on, when it has ended',
  async (t) => {
    const firm = new Firm()
    const id = firm.listed()
    firm.today = '2026-03-12'
    firm.review('p', changed)
    firm.add(inPlace('q', '2026-03-11'))
    const [rebased] = firm.do('rebase-listing', id, input('q'))
    t.notOk(Object.hasOwn(Object(rebased?.payload), 'decisionNo'), 'no number is told where there is none')
    const candidates = () => candidatesOf(firm.dossier, firm.today, ruleSets).map((own) => own.penalty)
    t.same(candidates(), [])
    firm.step(id, { step: 'revocation', reason: '不再列入' }, people.city)
    t.equal(firm.case(id).status, 'removed')
    t.same(candidates(), [])
    const dropped = new Firm()
    const other = dropped.propose()
    dropped.step(other, { step: 'dropping', reason: '终止' })
    t.same(
      candidatesOf(dropped.dossier, dropped.today, ruleSets).map((own) => own.penalty),
      ['p'],
      'a dropped one does not count',
    )
  },
)
