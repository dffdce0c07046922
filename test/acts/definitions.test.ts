import t from 'tap'
import { z } from 'zod'
import { act } from '../../src/acts/act.ts'
import { hindranceOfKind } from '../../src/acts/add-record.ts'
import { shippedActs } from '../../src/acts/shipped.ts'
import type { Acting, Doer } from '../../src/authority/acting.ts'
import { Firm, grave, officer, penalty, people, refusalOf } from '../blacklist/firm.ts'
import { actOf, Office } from './office.ts'

/** What an act’s definition comes to for whoever asks: what it answers, whom it keeps apart, what of it nobody may read. */

t.test('what acts answer with, and of which one says what was seen', async (t) => {
  const withStatus = (status: number) =>
    shippedActs.filter(({ route }) => route.status === status).map(({ name }) => name)
  t.same(
    withStatus(201),
    [
      ...['add-record', 'add-note', 'settle-warning', 'raise-query', 'file-objection', 'propose-listing'],
      ...['open-authority', 'open-consumer', 'create-key', 'create-officer', 'draft-bulletin', 'begin-draw'],
      'take-roster',
    ],
    'what makes something',
  )
  t.same(withStatus(202), ['start-campaign', 'withdraw-import'], 'what goes on being made')
  t.same(
    shippedActs.filter(({ route }) => route.seen).map(({ name }) => name),
    ['change-file', 'correct-file', 'withdraw-file', 'update-record', 'correct-record', 'withdraw-record'],
    'what would write over what somebody else has written meanwhile',
  )
  for (const { name, route, isGrave } of shippedActs)
    t.ok(!isGrave || route.status !== 201, `${name}: what makes something ends nothing`)
})

const common = {
  on: 'file',
  right: 'records:write',
  whose: 'place',
  route: { method: 'POST', path: '/enterprises/:code/trials', answer: 'nothing' },
} as const
const nothing = (key: string, revision: number) => ({ key, drafts: [], expect: new Map([[key, revision]]) })

t.test('what of an input is kept while it waits', async (t) => {
  const trial = act({
    ...common,
    name: 'try-sealing',
    label: '试',
    input: z.strictObject({
      plain: z.string().meta({ label: '一' }),
      hashed: z.string().optional().meta({ label: '二' }),
      hidden: z.string().optional().meta({ label: '三' }),
      number: z.number().optional().meta({ label: '四' }),
    }),
    sealed: { hashed: (typed) => `#${typed}`, hidden: () => undefined, number: () => '#' },
    decide: ({ dossier }) => nothing(dossier.key, dossier.revision),
  })
  const firm = new Firm()
  const kept = (input: object) =>
    trial.ask({ code: firm.dossier.key }, firm.at(people.province)).decide(input).input
  for (const [input, came] of [
    [{ plain: '甲' }, { plain: '甲' }],
    [
      { plain: '甲', hashed: '乙' },
      { plain: '甲', hashed: '#乙' },
    ],
    [{ plain: '甲', hidden: '乙' }, { plain: '甲' }],
    [
      { plain: '甲', hashed: '乙', hidden: '丙' },
      { plain: '甲', hashed: '#乙' },
    ],
    [
      { plain: '甲', number: 7 },
      { plain: '甲', number: 7 },
    ],
  ] as const)
    t.same(kept(input), came, JSON.stringify(input))
  t.same(trial.sealed, ['hashed', 'hidden', 'number'])
})

t.test('whoever had a hand in a matter is kept apart: persons first, a machine alone', async (t) => {
  const machine = officer('machine', 'county', { isMachine: true })
  const nobody = officer('nobody', 'county', { unidentified: 'nobody' })
  const tried = (others: readonly Doer[], actor: Acting, words?: string) => {
    const trial = act({
      ...common,
      name: 'try-apart',
      label: '试',
      input: z.strictObject({}),
      apart: () => [...others],
      ...(words !== undefined && { apartWords: words }),
      decide: ({ dossier }) => nothing(dossier.key, dossier.revision),
    })
    const firm = new Firm()
    return trial.ask({ code: firm.dossier.key }, firm.at(actor)).hindrance
  }
  const { clerk, head, third, city } = people
  const cityMachine = officer('m', 'city', { isMachine: true })
  for (const [said, others, actor, why, why2] of [
    ['nobody', [], clerk, undefined, undefined],
    ['another', [head], clerk, undefined, undefined],
    ['themselves', [clerk], clerk, /两步不能是同一个人/, '由另一人办理。'],
    ['themselves, after another', [head, clerk], clerk, /两步不能是同一个人/, '由另一人办理。'],
    ['a machine of their authority', [machine], clerk, /接口密钥办理的/, /接口密钥办理的/],
    ['a machine of another', [officer('m', 'city', { isMachine: true })], clerk, undefined, undefined],
    ['a machine and another person', [machine, head], clerk, undefined, undefined],
    ['a machine and a person above', [machine, city], clerk, /接口密钥办理的/, /接口密钥办理的/],
    ['a machine, a person above, another', [machine, city, head], clerk, undefined, undefined],
    [
      'machines of two, a person of one',
      [machine, cityMachine, head],
      city,
      /接口密钥办理的/,
      /接口密钥办理的/,
    ],
    ['a person, to a machine', [head], machine, /接口密钥不能作第二个人/, /接口密钥不能作第二个人/],
    ['a machine and themselves', [machine, third], third, /两步不能是同一个人/, '由另一人办理。'],
    ['whoever is not known', [nobody], clerk, /没有登记工号/, /没有登记工号/],
  ] as [string, Doer[], Acting, RegExp | undefined, RegExp | string | undefined][]) {
    const [plain, worded] = [tried(others, actor), tried(others, actor, '由另一人办理。')]
    if (why) t.match(plain, why, said)
    else t.equal(plain, undefined, said)
    if (why2 instanceof RegExp) t.match(worded, why2, `${said}, in the act’s own words`)
    else t.equal(worded, why2, `${said}, in the act’s own words`)
  }
})

t.test(
  'which records may be added: of a firm at one’s place all, elsewhere those of one’s cases',
  async (t) => {
    const firm = new Firm([grave('p')])
    const of = (actor: Acting, type: string) =>
      hindranceOfKind(actOf('add-record').ask({ code: firm.dossier.key }, firm.at(actor)), type)
    for (const type of ['penalty', 'licence', 'inspection', 'award', 'interview'])
      t.equal(of(people.clerk, type), undefined, `${type}, at its place`)
    t.match(of(people.elsewhere, 'penalty'), /.+/, 'of another city')
    t.match(of(officer('reader', 'county', { rights: [] }), 'penalty'), /.+/, 'of no right')
    const moved = new Firm([grave('p')])
    moved.listed(['p'])
    moved.fact('enterprise.changed', { changes: { region: '130200' } })
    const asked = actOf('add-record').ask({ code: moved.dossier.key }, moved.at(people.clerk))
    t.equal(hindranceOfKind(asked, 'penalty'), undefined, 'of one’s case, though the firm has moved')
    for (const type of ['licence', 'award'])
      t.match(hindranceOfKind(asked, type), /不在您的辖区，您只能登记.*其他记录由所在地机关/, type)
  },
)

t.test('a listing: by which rules, on whose penalties', async (t) => {
  const input = { facts: '事实', reasons: '理由', penalties: ['p'] }
  const refusal = (more: object, actor: Acting = people.clerk, firm = new Firm([grave('p')])) =>
    refusalOf(() =>
      actOf('propose-listing')
        .ask({ code: firm.dossier.key }, firm.at(actor))
        .decide({ ...input, ...more }),
    )
  for (const [said, more, reason, title] of [
    ['rules and ground', { ruleSet: 'order-44', ground: 'unsafe-product' }, '', /not refused/],
    ['both in one', { ground: 'order-44/unsafe-product' }, '', /not refused/],
    [
      'both in one, and the rules',
      { ruleSet: 'order-44', ground: 'order-44/unsafe-product' },
      '',
      /not refused/,
    ],
    [
      'and other rules',
      { ruleSet: 'aqsiq', ground: 'order-44/unsafe-product' },
      'invalid',
      /所选情形属于规则 order-44，与所填的 aqsiq 不符/,
    ],
    [
      'a ground of no rules',
      { ground: 'unsafe-product' },
      'invalid',
      /没有写明属于哪一规则.*order-44、aqsiq/,
    ],
    ['a ground of nothing but a mark', { ground: '/unsafe-product' }, 'invalid', /.+/],
  ] as const) {
    const came = refusal(more)
    t.equal(came.reason, reason, said)
    t.match(came.title, title, said)
  }
  const asked = { ruleSet: 'order-44', ground: 'unsafe-product' }
  const both = () => {
    const firm = new Firm([grave('p')])
    firm.add(penalty('q', '2026-02-02', { severity: '严重' }), 'city')
    return firm
  }
  for (const [said, penalties, actor, isRefused] of [
    ['one’s own', ['p'], people.clerk, false],
    ['the city’s', ['q'], people.clerk, true],
    ['both', ['p', 'q'], people.clerk, true],
    ['the city’s by the city', ['q'], people.city, false],
    ['the county’s by the city', ['p'], people.city, true],
  ] as const) {
    const { reason, title } = refusal({ ...asked, penalties }, actor, both())
    t.equal(reason === 'forbidden', isRefused, `${said}: ${title}`)
    if (isRefused) t.match(title, /须由其提出列入（谁处罚、谁列入）；您可以向其(?:提出疑义或)?移送线索/, said)
  }
  const ofAbove = refusal({ ...asked, penalties: ['q'] }, people.clerk, both())
  t.match(ofAbove.title, `处罚 q 由石家庄市局作出，须由其提出列入`)
})

t.test('what several made together is confirmed by one of the others, the highest, or above', async (t) => {
  const { clerk, head, city, cityHead, province, elsewhere } = people
  const trial = (groups: readonly (readonly Acting[])[]) =>
    act({
      ...common,
      name: 'try-groups',
      label: '试',
      whose: 'scope',
      input: z.strictObject({}),
      second: { when: '', why: () => '试' },
      secondOf: () => groups.map((group) => group.map(({ body }) => body)),
      decide: ({ dossier }) => nothing(dossier.key, dossier.revision),
    })
  const firm = new Firm()
  const other = officer('other', 'county')
  const able: Readonly<Record<string, Acting>> = { head, cityHead, other: people.other, elsewhere }
  for (const [said, groups, by, confirm] of [
    ['one’s own', [[clerk]], clerk, 'head cityHead other'],
    ['another’s', [[city]], clerk, 'cityHead other'],
    ['both: of the county, so the city', [[clerk, city]], clerk, 'cityHead other'],
    ['of the city, which vouches for the county', [[clerk, city]], city, 'cityHead other'],
    ['of the province, above both', [[clerk, city]], province, 'cityHead other'],
    ['of another city: the higher of both', [[clerk, city]], elsewhere, 'cityHead other'],
    ['two beside each other, by one', [[city, elsewhere]], city, 'other elsewhere'],
    ['by the other', [[city, elsewhere]], elsewhere, 'cityHead other'],
    ['by neither: either', [[city, elsewhere]], province, 'cityHead other elsewhere'],
    ['two things: who is above both', [[city], [elsewhere]], clerk, 'other'],
    ['two things, one’s own', [[clerk], [clerk]], clerk, 'head cityHead other'],
  ] as [string, Acting[][], Acting, string][]) {
    const confirming = Object.keys(able).filter((name) => {
      const actor = able[name]
      const asked = actor && trial(groups).ask({ code: firm.dossier.key }, firm.at(actor))
      return asked?.confirmHindrance({ by, input: {} }) === undefined
    })
    t.equal(confirming.join(' '), confirm, said)
  }
  t.equal(
    trial([[city, elsewhere]])
      .ask({ code: firm.dossier.key }, firm.at(other))
      .confirmHindrance({
        by: province,
        input: {},
      }),
    '该事项由石家庄市局、唐山市局共同作出，由石家庄市局或者唐山市局，或者其上级机关办理。',
  )
})

t.test(
  'on what a case may go on: penalties of its own authority, and what review put in the place of its own',
  async (t) => {
    const changed = { reviewOutcome: '变更', reviewedOn: '2026-03-10' }
    const input = (...penalties: string[]) => ({ penalties, facts: '事实', reasons: '理由' })
    const waiting = (...more: [id: string, owner: string, data?: object][]) => {
      const firm = new Firm()
      const id = firm.listed()
      firm.today = '2026-03-12'
      firm.review('p', changed)
      for (const [own, owner, data] of more) firm.add(grave(own, '2026-03-11', { ...data }), owner)
      const asked = actOf('rebase-listing').ask({ code: firm.dossier.key, id }, firm.at(people.clerk))
      return { firm, id, offered: (asked.choices.penalties ?? []).map(({ value }) => value) }
    }
    for (const [said, more, offered, refused] of [
      ['its own', [['q', 'county']], ['q'], []],
      ['the city’s', [['q', 'city']], [], ['q']],
      [
        'both',
        [
          ['q', 'county'],
          ['r', 'city'],
        ],
        ['q'],
        ['r'],
      ],
      ['the city’s in the place of its own', [['q', 'city', { documentNo: 'p' }]], ['q'], []],
      ['which names it', [['q', 'city', { replacesNo: 'p' }]], ['q'], []],
      ['which names another', [['q', 'city', { replacesNo: 'x' }]], [], ['q']],
    ] as [string, [string, string, object?][], string[], string[]][]) {
      const { firm, id, offered: own } = waiting(...more)
      t.same(own, offered, said)
      for (const value of offered) t.equal(firm.refusal('rebase-listing', id, input(value)).reason, '', said)
      for (const value of refused) {
        const { reason, title } = firm.refusal('rebase-listing', id, input(value))
        t.equal(reason, 'forbidden', said)
        t.match(title, `处罚 ${value} 由石家庄市局作出，也不是本案处罚变更后的决定`)
      }
    }
  },
)

t.test(
  'what one says to have seen: the file’s number as the asker has it, of all else its revision',
  async (t) => {
    const firm = new Firm([grave('p')])
    const office = new Office()
    office.files = [firm.dossier]
    const numbered = { ...office.at(people.clerk), revisionOf: () => 99 }
    const asked = actOf('change-file').ask({ code: firm.dossier.key }, numbered)
    t.same([asked.seen, asked.revision], [99, firm.dossier.revision])
    const outside = { ...office.at(people.province), revisionOf: () => 99 }
    const authority = actOf('rename-authority').ask({ id: 'city' }, outside)
    t.same([authority.seen, authority.revision, authority.version], [1, 1, 1])
  },
)

t.test('a licence opens the file of its applicant, where there is none and it is named', async (t) => {
  const [code, uscc] = ['D2143569X', '91350100M000100Y43']
  const own = new Firm([])
  const opening = (address: string, input: object, firm = own) => {
    const office = new Office()
    office.files = [firm.dossier]
    return actOf('add-record').opening({ code: address }, { data: {}, ...input }, office.at(people.clerk))
  }
  const enterprise = { name: '长城公司', region: '130102' }
  const gone = new Firm([])
  gone.fact('enterprise.withdrawn', { reason: '误建' })
  for (const [said, address, input, firm, key] of [
    ['under its organisation code', code, { type: 'licence', enterprise }, own, code],
    ['under its unified code', uscc, { type: 'licence', enterprise }, gone, 'M000100Y4'],
    ['of a file that stands', own.dossier.key, { type: 'licence', enterprise }, own, undefined],
    ['of one that was withdrawn', gone.dossier.key, { type: 'licence', enterprise }, gone, 'M000100Y4'],
    ['without the applicant', code, { type: 'licence' }, own, undefined],
    ['of another kind', code, { type: 'award', enterprise }, own, undefined],
  ] as [string, string, object, Firm, string | undefined][]) {
    const decision = opening(address, input, firm)
    t.equal(decision?.key, key, said)
    const [payload] = decision?.drafts.map((draft) => Object(draft.payload)) ?? []
    if (key !== undefined) t.equal(payload?.uscc, address === uscc ? uscc : undefined, said)
  }
  t.throws(() => opening('D2143569', { type: 'licence', enterprise }), /.+/, 'a code that is none')
})

t.test('whoever had a hand in a case does not decide it: step by step', async (t) => {
  const by = 'officer/head'
  for (const [said, kind, payload, isApart] of [
    ['nobody else', undefined, {}, false],
    ['put its words anew', 'listing.restated', { facts: '新', reasons: '新', by }, true],
    ['said that the notice stands', 'listing.affirmed', { reasons: '订正', by }, true],
    [
      'put it on other penalties',
      'listing.rebased',
      { penalties: ['p'], facts: '新', reasons: '新', by },
      true,
    ],
    ['consented', 'listing.consented', { granted: true, reasons: '同意', by }, true],
    ['a colleague did', 'listing.affirmed', { reasons: '订正', by: 'officer/third' }, false],
    ['took a statement', 'listing.stated', { receivedOn: '2026-03-03', text: '陈述', reply: '', by }, false],
  ] as [string, string | undefined, object, boolean][]) {
    const firm = new Firm()
    const id = firm.propose()
    if (kind !== undefined) firm.fact(kind, { case: id, ...payload })
    const asked = actOf('decide-listing').ask({ code: firm.dossier.key, id }, firm.at(people.head))
    const confirm = asked.confirmHindrance({ by: people.clerk, input: {} })
    t.equal(/不能是同一个人|须由另一人/.test(confirm ?? ''), isApart, `${said}: ${confirm}`)
  }
})
