import t from 'tap'
import { together } from '../../src/acts/appended.ts'
import { freeConsumerName, freeName, goneInto } from '../../src/acts/authority-name.ts'
import { commitmentIn } from '../../src/acts/draw-seed.ts'
import {
  jurisdictionOf,
  mustBeAbove,
  mustBeBelow,
  mustBeNamedFor,
  mustSpeakFor,
  territoryTaken,
} from '../../src/acts/jurisdiction.ts'
import { hindrancesOf, offeredByPart, offeredOn, openAmong } from '../../src/acts/offered.ts'
import { changeTakesTwo } from '../../src/acts/officer-account.ts'
import { proposal, proposing } from '../../src/acts/proposing.ts'
import { shippedActs } from '../../src/acts/shipped.ts'
import { ownerOfObjected, targets } from '../../src/acts/targets.ts'
import { newOwners, ownersOfEnded } from '../../src/acts/two-persons.ts'
import type { Acting } from '../../src/authority/acting.ts'
import { Authorities, type Body } from '../../src/authority/authorities.ts'
import { type Authority, levelOf } from '../../src/authority/authority.ts'
import type { Officer } from '../../src/authority/officers.ts'
import type { Proposal } from '../../src/authority/proposal.ts'
import { measuresOf, rulesOf } from '../../src/blacklist/rule-set.ts'
import { commitmentOf } from '../../src/supervision/draw.ts'
import { authorities, Firm, grave, officer, people, refusalOf } from '../blacklist/firm.ts'
import type { TestRecord } from '../rating/files.ts'
import { licenceOf } from '../support.ts'
import {
  actOf,
  bulletinOf,
  campaignOf,
  importOf,
  keyOf,
  Office,
  office,
  officerOf,
  seriesWith,
} from './office.ts'

/** Acts member by member: upon what, by which right, whose; what lines of forms come to; which names and places fit. */

t.test('every act: upon what, by which right, of whose things', async (t) => {
  const table = [
    ['add-record', 'file', 'records:write', 'placeOrMaker'],
    ['change-file', 'file', 'records:write', 'place'],
    ['correct-file', 'file', 'records:write', 'place'],
    ['withdraw-file', 'file', 'records:write', 'place'],
    ['add-note', 'file', 'records:write listings:decide', 'place'],
    ['settle-warning', 'file', 'records:write', 'place'],
    ['update-record', 'record', 'records:write', 'ownerOrAbove'],
    ['correct-record', 'record', 'records:write', 'ownerOrAbove'],
    ['withdraw-record', 'record', 'records:write', 'ownerOrAbove'],
    ['raise-query', 'record', 'records:write', 'place'],
    ['answer-query', 'query', 'records:write', 'ownerOrAbove'],
    ['revoke-rating', 'rating', 'ratings:approve', 'ownerOrAbove'],
    ['file-objection', 'file', 'listings:write', 'placeOrMaker'],
    ['settle-objection', 'objection', 'listings:decide', 'ownerOrAbove'],
    ['review-decision', 'record', 'listings:decide', 'owner'],
    ['attach-decision', 'record', 'records:write', 'owner'],
    ['apply-early-end', 'record', 'listings:write', 'owner'],
    ['check-early-end', 'record', 'listings:write', 'owner'],
    ['decide-early-end', 'record', 'listings:decide', 'owner'],
    ['revoke-early-end', 'record', 'listings:decide', 'ownerOrAbove'],
    ['propose-listing', 'file', 'listings:write', 'owner'],
    ['serve-notice', 'case', 'listings:write', 'owner'],
    ['record-statement', 'case', 'listings:write', 'owner'],
    ['restate-listing', 'case', 'listings:write', 'owner'],
    ['affirm-notice', 'case', 'listings:write', 'owner'],
    ['consent-to-listing', 'case', 'listings:decide', 'nextAbove'],
    ['decide-listing', 'case', 'listings:decide', 'owner'],
    ['publish-listing', 'case', 'listings:decide', 'owner'],
    ['rebase-listing', 'case', 'listings:write', 'owner'],
    ['apply-for-repair', 'case', 'listings:write', 'owner'],
    ['accept-repair', 'case', 'listings:write', 'owner'],
    ['inspect-repair', 'case', 'listings:write', 'owner'],
    ['decide-repair', 'case', 'listings:decide', 'owner'],
    ['revoke-repair', 'case', 'listings:decide', 'ownerOrAbove'],
    ['revoke-listing', 'case', 'listings:decide', 'ownerOrAbove'],
    ['drop-case', 'case', 'listings:write', 'owner'],
    ['open-authority', 'register', 'officers:write', 'administered'],
    ['rename-authority', 'authority', 'officers:write', 'administeredAbove'],
    ['change-authority', 'authority', 'officers:write', 'administered'],
    ['merge-authority', 'authority', 'officers:write', 'administered'],
    ['open-consumer', 'register', 'officers:write', 'administered'],
    ['close-consumer', 'consumer', 'officers:write', 'administered'],
    ['create-key', 'register', 'officers:write', 'administered'],
    ['grant-scopes', 'key', 'officers:write', 'administered'],
    ['revoke-key', 'key', 'officers:write', 'administered'],
    ['create-officer', 'register', 'officers:write', 'administered'],
    ['change-officer', 'officer', 'officers:write', 'administered'],
    ['grant-duties', 'officer', 'officers:write', 'administered'],
    ['reset-password', 'officer', 'officers:write', 'administered'],
    ['unbind-officer', 'officer', 'officers:write', 'administered'],
    ['disable-officer', 'officer', 'officers:write', 'administered'],
    ['propose-standard', 'register', 'standards:write', 'province'],
    ['propose-shipped-standard', 'standard', 'standards:write', 'province'],
    ['adopt-standard', 'standard', 'standards:write', 'province'],
    ['refuse-standard', 'standard', 'standards:write', 'province'],
    ['propose-rules', 'register', 'standards:write', 'province'],
    ['adopt-rules', 'rules', 'standards:write', 'province'],
    ['refuse-rules', 'rules', 'standards:write', 'province'],
    ['start-campaign', 'register', 'ratings:write', 'scope'],
    ['approve-campaign', 'campaign', 'ratings:approve', 'scope'],
    ['return-campaign', 'campaign', 'ratings:approve', 'scope'],
    ['adjust-campaign', 'campaign', 'ratings:write', 'scope'],
    ['redraft-campaign', 'campaign', 'ratings:write', 'scope'],
    ['cancel-campaign', 'campaign', 'ratings:write', 'scope'],
    ['draft-bulletin', 'register', 'listings:write', 'owner'],
    ['issue-bulletin', 'bulletin', 'listings:decide', 'owner'],
    ['return-bulletin', 'bulletin', 'listings:decide', 'owner'],
    ['discard-bulletin', 'bulletin', 'listings:write', 'owner'],
    ['begin-draw', 'register', 'supervision:write', 'scope'],
    ['join-draw', 'draw', 'supervision:write', 'owner'],
    ['open-draw', 'draw', 'supervision:write', 'owner'],
    ['take-roster', 'register', 'supervision:write', 'province'],
    ['withdraw-import', 'import', 'records:write', 'ownerOrAbove'],
  ]
  t.same(
    shippedActs.map(({ name, on, rights, whose }) => [name, on, rights.join(' '), whose]),
    table,
  )
})

t.test('a line of a roster: coded or not, its headings, what is blank', async (t) => {
  const holders = (text: unknown) => Object(actOf('take-roster').form.inputOf({ holders: text })).holders
  for (const [line, expected] of [
    ['91350100M000100Y43\t甲公司\tXK1', [{ code: '91350100M000100Y43', name: '甲公司', number: 'XK1' }]],
    ['M000100Y4,甲公司', [{ code: 'M000100Y4', name: '甲公司' }]],
    ['，甲公司，XK1', [{ name: '甲公司', number: 'XK1' }]],
    ['甲公司,XK1', [{ name: '甲公司', number: 'XK1' }]],
    ['甲公司', [{ name: '甲公司' }]],
    ['', []],
    [' , ', []],
    ...['统一社会信用代码', '组织机构代码', '代码', '企业名称', '单位名称', '名称'].map(
      (head) => [`${head},x`, []] as const,
    ),
  ] as const)
    t.same(holders(line), expected, line)
  t.same(holders('甲公司\n\n乙公司'), [{ name: '甲公司' }, { name: '乙公司' }])
  t.same(holders(undefined), [])
})

t.test('the lines of a plan of a draw', async (t) => {
  const plan = (lines: object) =>
    actOf('begin-draw').form.inputOf({ from: '2026-01-01', to: '2026-03-31', ...lines })
  t.same(plan({ inspectors: '甲\n乙、丙,丁，戊;己；庚\n \n', A: 50, B: undefined, C: 100 }), {
    period: { from: '2026-01-01', to: '2026-03-31' },
    rates: { A: 0.5, C: 1 },
    inspectors: ['甲', '乙', '丙', '丁', '戊', '己', '庚'],
  })
  const none = plan({ inspectors: undefined })
  t.same([Object(none).inspectors, 'rates' in Object(none)], [[], false])
  const [part, hash] = ['这是十六个字以上的一份种子随手写', commitmentOf('x')]
  t.same(commitmentIn(part), { commitment: commitmentOf(part) })
  t.same(commitmentIn(hash), { commitment: hash }, 'a hash stays')
  t.same(commitmentIn('太短'), { commitment: '太短' }, 'for the input to judge')
  t.same(Object.keys(commitmentIn(undefined)), [])
})

t.test('a plan of a draw whose parts do not fit together', async (t) => {
  const named = (count: number) => Array.from({ length: count }, (_, i) => `人${i}`)
  const own = new Office()
  own.survey = {
    ...own.survey,
    candidates: async () => ({ candidates: [{ orgCode: 'x', class: 'A' }], leftOut: [] }),
  }
  const asked = {
    ...{ name: '抽查', group: 'wire-cable', level: '市', commitment: commitmentOf('x') },
    ...{
      period: { from: '2026-03-01', to: '2026-03-31' },
      rates: { A: 1 },
      inspectors: ['甲', '乙'],
      inspectorsEach: 2,
    },
  }
  for (const [said, more, expected] of [
    ['as it should be', {}, ''],
    ['a day', { period: { from: '2026-03-31', to: '2026-03-31' } }, ''],
    ['a part of its place', { region: '130102' }, ''],
    ['backwards', { period: { from: '2026-03-31', to: '2026-03-30' } }, '/period/to before-start'],
    ['more than there are', { inspectorsEach: 3 }, '/inspectorsEach too-big'],
    ['one twice', { inspectors: ['甲', '甲'] }, '/inspectors repeated'],
    ['a class that is none', { rates: { X: 1 } }, '/rates/X choice'],
    ['a level above', { level: '省' }, '/level choice'],
    ['a level below', { level: '县' }, ''],
    ['no place', { region: '999999' }, '/region region'],
    ['another city', { region: '130202' }, 'forbidden'],
    ['none of a class', { rates: { A: 0 } }, ''],
    ['less than none', { rates: { A: -0.01 } }, '/rates/A too-small'],
    ['more than all', { rates: { A: 1.01 } }, '/rates/A too-big'],
    ['more than all of one of two', { rates: { A: 1, B: 1.01 } }, '/rates/B too-big'],
    ['nobody', { inspectorsEach: 0 }, '/inspectorsEach too-small'],
    ['one', { inspectorsEach: 1 }, ''],
    ['ten', { inspectorsEach: 10, inspectors: named(10) }, ''],
    ['eleven', { inspectorsEach: 11, inspectors: named(11) }, '/inspectorsEach too-big'],
    ['half of one', { inspectorsEach: 1.5 }, '/inspectorsEach type'],
    ['nobody to send', { inspectors: [] }, '/inspectors too-small'],
    ['a thousand', { inspectors: named(1000) }, ''],
    ['one more', { inspectors: named(1001) }, '/inspectors too-big'],
  ] as const) {
    const refused = await own.refusal('begin-draw', {}, { ...asked, ...more }, office.cityRater)
    t.equal(refused.faults.join() || refused.reason, expected, said)
  }
  own.survey = { ...own.survey, candidates: async () => ({ candidates: [], leftOut: [] }) }
  t.match(await own.refusal('begin-draw', {}, asked, office.cityRater), {
    faults: ['/group empty'],
    title: /没有持有/,
  })
  const leftOut = [{ orgCode: 'x', reason: '' }]
  own.survey = { ...own.survey, candidates: async () => ({ candidates: [], leftOut }) }
  t.match(await own.refusal('begin-draw', {}, asked, office.cityRater), { title: /持证的 1 家都因/ })
})

const one = (id: string, name: string, more: Partial<Authority> = {}): Authority => ({
  ...{ id, name, level: levelOf(more.region), revision: 1, openedAt: '', formerNames: [], accounts: [] },
  ...more,
})
const outcome = (act: () => unknown): unknown => {
  let told: unknown
  const { reason, faults } = refusalOf(() => {
    told = act()
  })
  return reason === '' ? told : faults.join() || reason
}

t.test('a name that may be given: to an authority, to a consumer', async (t) => {
  const known = new Authorities([
    one('a', '石家庄市市场监督管理局', { region: '130100', formerNames: ['石家庄市工商行政管理局'] }),
    one('b', '唐山市市场监督管理局', { region: '130200' }),
  ])
  const own = known.one('a')
  const long = '局'.repeat(100)
  for (const [said, name, whose, expected] of [
    ['a new one', '保定市市场监督管理局', undefined, '保定市市场监督管理局'],
    ['with space around', ' 保定市局 ', undefined, '保定市局'],
    ['the longest', long, undefined, long],
    ['too long', `${long}局`, undefined, '/name too-big'],
    ['none', '  ', undefined, '/name required'],
    ['what nobody sees', '保定\u200b市局', undefined, '/name characters'],
    ['full width', 'ＡＢ局', undefined, '/name characters'],
    ['plain brackets', '保定市局(筹)', undefined, '/name characters'],
    ['space between', '保定 市局', undefined, '/name characters'],
    ['one that is borne', '唐山市市场监督管理局', undefined, 'exists'],
    ['one that was borne', '石家庄市工商行政管理局', undefined, 'exists'],
    ['one that reads alike', '唐山市市场监管局', undefined, 'exists'],
    ['its own former one', '石家庄市工商行政管理局', own, '石家庄市工商行政管理局'],
    ['its own', '石家庄市市场监督管理局', own, 'exists'],
    ["another's, for it", '唐山市市场监督管理局', own, 'exists'],
    ['another province', '山东省市场监督管理局', undefined, '/name stranger'],
    ['brackets as in Chinese', '保定市局（筹）', undefined, '保定市局（筹）'],
    ['space between and brackets', '保定市局 （筹）', undefined, '/name characters'],
    ['space behind brackets', '保定市（筹） 局', undefined, '/name characters'],
    ['space between letters', 'AB CD局', undefined, 'AB CD局'],
    ['two spaces between letters', 'AB  CD局', undefined, '/name characters'],
    ['another character for a place', '唐山巿市场监督管理局', undefined, 'exists'],
    ['like its own former one', '石家庄市工商行政管理局本级', own, '石家庄市工商行政管理局本级'],
    ['like its own', '石家庄市市监局', own, '石家庄市市监局'],
  ] as const)
    t.equal(
      outcome(() => freeName(name, known, whose)),
      expected,
      said,
    )
  t.match(refusalOf(() => freeName('石家庄市工商行政管理局', known)).title, /用过的名称，不能再给/)
  t.match(refusalOf(() => freeName('唐山市市场监管局', known)).title, /与唐山市市场监督管理局只是写法不同/)
  for (const [name, told] of [
    ['石家庄市市场监督管理局', '已有名为“石家庄市市场监督管理局”的机关。'],
    [
      '石家庄市工商行政管理局',
      '“石家庄市工商行政管理局”是石家庄市市场监督管理局用过的名称，不能再给别的机关使用。',
    ],
    [
      '石家庄市工商行政管理局本级',
      '“石家庄市工商行政管理局本级”与石家庄市市场监督管理局用过的名称“石家庄市工商行政管理局”只是写法不同，认作同一名称，不能再给别的机关使用。',
    ],
    [
      '石家庄市市监局',
      '“石家庄市市监局”与石家庄市市场监督管理局只是写法不同，认作同一名称，不能再给别的机关使用。',
    ],
    ['保定市 局', '机关名称中有看不见的或者不规范的字符（如全角字母、多余的空格）；请写作“保定市局”。'],
    [
      '保定市局(ＡＢ  Ｃ)',
      '机关名称中有看不见的或者不规范的字符（如全角字母、多余的空格）；请写作“保定市局（AB C）”。',
    ],
  ] as const) {
    const { title } = refusalOf(() => freeName(name, known))
    t.equal(title, told)
  }
  const outside = new Office().at(people.province).outside
  const consumer = (id: string, name: string, closedAt?: string) => ({
    ...{ id, name, author: { authority: '省局', officer: '' }, openedAt: '', findings: [], revision: 1 },
    ...(closedAt !== undefined && { closedAt }),
  })
  const standing = {
    ...outside.standing,
    consumers: () => [consumer('1', '省信用平台'), consumer('2', '旧平台', '2026-01-01')],
  }
  for (const [name, expected] of [
    ['新平台', '新平台'],
    ['旧平台', '旧平台'],
    ['省信用平台', 'exists'],
    ['唐山市市场监督管理局', '/name authority'],
    ['石家庄市工商行政管理局', '/name authority'],
    ['山东省市场监督管理局', '/name authority'],
    ['', '/name required'],
  ] as const)
    t.equal(
      outcome(() => freeConsumerName(name, { authorities: known, outside: { ...outside, standing } })),
      expected,
      name,
    )
  t.match(
    refusalOf(() => freeConsumerName('省信用平台', { authorities: known, outside: { ...outside, standing } }))
      .title,
    /已有名为/,
  )
  t.equal(goneInto(one('x', '甲局'), known), undefined)
  t.equal(
    goneInto(one('x', '甲局', { successor: 'a' }), known),
    '甲局已并入石家庄市市场监督管理局，请对其办理。',
  )
  t.equal(goneInto(one('x', '甲局', { successor: 'z' }), known), '甲局已并入其他机关，请对其办理。')
})

t.test('which level and place an authority has by its name and by what is said of it', async (t) => {
  for (const [name, said, expected] of [
    ['石家庄市局', {}, { level: 'city', region: '130100' }],
    ['石家庄市局', { region: '130100' }, { level: 'city', region: '130100' }],
    ['石家庄市局', { region: '130102' }, '/name other-place'],
    ['石家庄市局', { region: '130200' }, '/region other-place'],
    ['省局', {}, { level: 'province' }],
    ['省局', { region: '130000' }, { level: 'province' }],
    ['某局', {}, '/region required'],
    ['某局', { level: 'province' }, { level: 'province' }],
    ['某局', { level: 'city' }, '/region required'],
    ['某局', { region: '130100' }, { level: 'city', region: '130100' }],
    ['某局', { region: '130102' }, { level: 'county', region: '130102' }],
    ['某局', { region: '130000', level: 'city' }, '/region required'],
    ['某局', { region: '999999' }, '/region region'],
    ['石家庄市局长安分局', { region: '130102' }, { level: 'county', region: '130102' }],
    ['石家庄市局检查支队', { region: '130102' }, { level: 'county', region: '130102' }],
  ] as const)
    t.same(
      outcome(() => jurisdictionOf(name, said)),
      expected,
      `${name} ${JSON.stringify(said)}`,
    )
  for (const end of ['分局', '支队', '大队', '中队', '所', '站', '办事处'])
    t.equal(
      outcome(() => mustBeNamedFor(`石家庄市局${end}`, { level: 'county', region: '130102' })),
      undefined,
      end,
    )
  for (const [name, own, expected] of [
    ['石家庄市局', { level: 'city', region: '130100' }, undefined],
    ['石家庄市局', { level: 'county', region: '130102' }, '/name other-place'],
    ['石家庄市局分局', { level: 'county', region: '130202' }, '/name other-place'],
    ['石家庄市局分局', { level: 'province' }, '/name other-place'],
    ['某局', { level: 'county', region: '130202' }, undefined],
  ] as const)
    t.equal(
      outcome(() => mustBeNamedFor(name, own)),
      expected,
      `${name} ${own.level}`,
    )
})

const made = (owner: string): Body => authorities.bodyOf({ owner, authority: '' })
const by = (actor: Acting) => ({ actor, authorities })

t.test(
  'who makes which authority, under which superior, by which name, and into which it is merged',
  async (t) => {
    const county = { name: '桥西区局', level: 'county' as const, region: '130104' }
    for (const [actor, may] of [
      [people.city, true],
      [people.province, true],
      [people.clerk, false],
      [people.elsewhere, false],
      [office.trusted, true],
    ] as const)
      t.equal(
        outcome(() => mustBeBelow(county, by(actor))),
        may ? undefined : 'forbidden',
        actor.officer,
      )
    for (const [upper, actor, expected] of [
      ['city', people.city, undefined],
      ['province', people.city, undefined],
      ['city', people.province, undefined],
      ['county', people.city, '/above level'],
      ['tangshan', people.province, '/above level'],
      ['city', people.elsewhere, 'forbidden'],
      ['city', officer('root', 'tangshan', { id: undefined }), undefined],
    ] as const)
      t.equal(
        outcome(() => mustBeAbove(made(upper), county, by(actor))),
        expected,
        `${upper} by ${actor.officer}`,
      )
    for (const [name, actor, may] of [
      ['石家庄市局分局', people.clerk, false],
      ['石家庄市局分局', people.city, true],
      ['石家庄市局分局', people.province, true],
      ['某局', people.clerk, true],
      ['长安区局', people.clerk, true],
      ['石家庄市局分局', officer('root', 'county', { id: undefined }), true],
    ] as const)
      t.equal(
        outcome(() => mustSpeakFor(name, { actor })),
        may ? undefined : 'forbidden',
        `${name} ${actor.officer}`,
      )
    for (const [own, heir, takesOver, expected] of [
      ['county', 'city', false, false],
      ['county', 'city', true, false],
      ['city', 'county', false, '/into level'],
      ['city', 'county', true, '/into level'],
      ['city', 'tangshan', false, '/takesOver territory'],
      ['city', 'tangshan', true, true],
      ['county', 'tangshan', false, '/takesOver territory'],
      ['city', 'province', false, false],
    ] as const)
      t.equal(
        outcome(() => territoryTaken(made(own), made(heir), takesOver)),
        expected,
        `${own} into ${heir}`,
      )
  },
)

t.test('what goes with a decision into one append', async (t) => {
  const draft = (kind: string) => ({
    ...{
      subject: 'a',
      kind,
      payload: {},
      visibility: 'internal' as const,
      author: { authority: '', officer: '' },
    },
  })
  const decision = { key: 'a', drafts: [draft('one')], expect: new Map([['a', 1]]) }
  const both = together(decision, { drafts: [draft('two')], expect: [['b', 2]] })
  t.same(
    both.drafts.map(({ kind }) => kind),
    ['one', 'two'],
  )
  t.same(
    [...both.expect],
    [
      ['a', 1],
      ['b', 2],
    ],
  )
  t.same(together(decision, {}), decision)
})

t.test(
  'what an act is asked of: each thing by its id, whose it is; what is not there is refused',
  async (t) => {
    const firm = new Firm([grave('p')])
    const id = firm.listed(['p'])
    firm.fact('objection.filed', {
      id: 'o',
      about: { kind: 'record', id: 'p' },
      on: '2026-03-10',
      grounds: '',
    })
    firm.fact('objection.filed', { id: 'oc', about: { kind: 'case', id }, on: '2026-03-10', grounds: '' })
    firm.fact('objection.filed', {
      id: 'or',
      about: { kind: 'rating', id: 'r' },
      on: '2026-03-10',
      grounds: '',
    })
    firm.fact('objection.filed', {
      id: 'on',
      about: { kind: 'rating', id: 'none' },
      on: '2026-03-10',
      grounds: '',
    })
    firm.fact('query.raised', { id: 'q', record: 'p', text: '' })
    firm.fact('rating.issued', {
      ...{
        id: 'r',
        standard: { id: 'four-grades', version: 1, shownAs: 'grade' },
        on: '',
        grade: 'B',
        points: 0,
      },
      ...{ items: [], limits: [] },
    })
    const own = new Office()
    own.files = [firm.dossier]
    own.officers = [officerOf('zhang', { person: 'p1' })]
    own.keys = [keyOf('k', { actsFor: 'zhang' }), keyOf('m', { region: '130102' })]
    own.campaigns = [campaignOf({ scope: { region: '130100' } })]
    own.series = [seriesWith(bulletinOf(1))]
    own.imports = [importOf({ fileName: '甲.csv' }), importOf({ id: 'i2' })]
    const at = own.at(people.province)
    const code = firm.dossier.key
    const of = (found: object) =>
      ['part', 'title', 'account', 'person', 'place'].flatMap((field) => Object(found)[field] ?? []).join(' ')
    const owner = (found: object) => Object(found).owner?.name
    for (const [name, address, told, whose] of [
      ['file', { code }, '130102', undefined],
      ['record', { code, id: 'p' }, 'p 130102', '长安区局'],
      ['case', { code, id }, `${id} 130102`, '长安区局'],
      ['objection', { code, id: 'o' }, 'o 130102', '长安区局'],
      ['objection', { code, id: 'oc' }, 'oc 130102', '长安区局'],
      ['objection', { code, id: 'or' }, 'or 130102', '长安区局'],
      ['objection', { code, id: 'on' }, 'on 130102', undefined],
      ['query', { code, id: 'q' }, 'q 130102', '长安区局'],
      ['rating', { code, id: 'r' }, 'r 130102', '长安区局'],
      ['authority', { id: 'city' }, '石家庄市局 130100', '石家庄市局'],
      ['key', { id: 'k' }, '密钥 k（接口） key/k p1 130100', '石家庄市局'],
      ['key', { id: 'm' }, '密钥 m（接口） key/m 130102', '石家庄市局'],
      ['officer', { id: 'zhang' }, '账号 zhang（zhang） officer/zhang p1 130100', '石家庄市局'],
      ['standard', { id: 'four-grades' }, `${own.standards[0]?.versions[0]?.document.name}`, undefined],
      ['standard', { id: 'none' }, 'none', undefined],
      ['campaign', { id: 'c1' }, 'four-grades 第 1 版，2026-03-01 130100', undefined],
      ['bulletin', { id: 's.1' }, /长安区局.* 130102$/, '长安区局'],
      ['import', { id: 'i1' }, '导入“甲.csv” 130102', '长安区局'],
      ['import', { id: 'i2' }, '导入 130102', '长安区局'],
    ] as const) {
      const found = targets[name](address, at)
      if (typeof told === 'string') t.equal(of(found), told, `${name} ${JSON.stringify(address)}`)
      else t.match(of(found), told, name)
      t.equal(owner(found), whose, `${name} ${JSON.stringify(address)}: whose`)
    }
    t.same(
      ['four-grades', 'none'].map((id) => [
        targets.standard({ id }, at).subject,
        targets.standard({ id }, at).revision,
      ]),
      [
        ['standard/four-grades', 1],
        ['standard/none', 0],
      ],
      'the revision of a document that stands, and of one that is yet to come',
    )
    const names = ['record', 'case', 'objection', 'query', 'rating'] as const
    for (const name of names)
      t.equal(
        outcome(() => targets[name]({ code, id: 'none' }, at)),
        'unknown',
        name,
      )
    const beside = [
      'authority',
      'consumer',
      'key',
      'officer',
      'campaign',
      'bulletin',
      'draw',
      'import',
    ] as const
    for (const name of beside)
      t.equal(
        outcome(() => targets[name]({ id: 'none' }, at)),
        'unknown',
        name,
      )
    t.equal(
      outcome(() => targets.file({ code: 'D2143569X' }, at)),
      'unknown',
    )
    firm.fact('enterprise.withdrawn', { reason: '误' })
    own.files = [firm.dossier]
    t.equal(
      outcome(() => targets.file({ code }, own.at(people.province))),
      'gone',
    )
    t.same(targets.register({}, own.at(people.city)).place, '130100')
  },
)

t.test('who made what stands in a file, and whose an objected thing is', async (t) => {
  const firm = new Firm([grave('p')])
  firm.add(grave('gone', '2026-02-03'), 'city')
  firm.withdraw('gone')
  firm.fact('rating.issued', {
    ...{
      id: 'r',
      standard: { id: 'four-grades', version: 1, shownAs: 'grade' },
      on: '',
      grade: 'B',
      points: 0,
    },
    ...{ items: [], limits: [] },
  })
  const own = new Office()
  own.files = [firm.dossier]
  const at = own.at(people.province)
  const makers = (code: string) =>
    targets
      .file({ code }, at)
      .makers?.()
      .map(({ name }) => name)
  t.same(makers(firm.dossier.key), ['长安区局', '长安区局'], 'the penalty that stands, and the rating')
  const of = (kind: 'record' | 'rating' | 'case', id: string) =>
    ownerOfObjected(firm.dossier, { about: { kind, id } }, at)?.name
  t.same([of('record', 'p'), of('rating', 'r'), of('case', 'none')], ['长安区局', '长安区局', undefined])
})

t.test('whose a record becomes, whose cases end', async (t) => {
  const firm = new Firm([grave('p'), grave('q', '2026-02-03')])
  const record = firm.dossier.records[0]
  const at = firm.at(people.province)
  const owners = (changes: object) =>
    record && newOwners(record, { ...changes }, at).map((all) => all.map(({ name }) => name))
  t.same(owners({ authority: '唐山市局' }), [['唐山市局']])
  t.same(owners({ authority: '长安区局' }), [], 'whose it is')
  t.same(owners({ authority: '某局' }), [], 'whom nobody knows')
  t.same(owners({ fine: 1 }), [])
  const ended = (changes: object) => ownersOfEnded(firm.dossier, { ...changes }, at).map(({ name }) => name)
  t.same(ended({ status: '注销' }), [], 'no case')
  firm.propose(['p'])
  firm.propose(['q'])
  t.same(ended({ status: '注销' }), ['长安区局'], 'each once')
  t.same(ended({ status: '吊销' }), [])
  t.same(ended({ name: '注销' }), [])
  for (const own of firm.dossier.cases) firm.step(own.id, { step: 'dropping', reason: '终止' })
  t.same(ended({ status: '注销' }), [], 'what has ended already ends nobody’s case')
})

t.test('a staff number is kept as a hash while it waits, and is not hashed again', async (t) => {
  const own = new Office()
  own.officers = [officerOf('zhang', { roles: ['reviewer'] })]
  const account = { name: '张', authority: '石家庄市局', roles: ['reviewer'], staffNo: '2002' }
  const asked = own.ask('change-officer', { id: 'zhang' }, office.admin).decide(account)
  t.equal(asked.input.staffNo, 'person 2002')
  t.equal(Object(asked.decision.drafts[0]?.payload).person, 'person 2002')
  const confirmed = own
    .ask('change-officer', { id: 'zhang' }, office.second, { isConfirmed: true })
    .decide(asked.input)
  t.equal(Object(confirmed.decision.drafts[0]?.payload).person, 'person 2002')
  t.same(
    (await own.refusal('change-officer', { id: 'zhang' }, { ...account, staffNo: 'Ѕ9' }, office.admin))
      .faults,
    ['/staffNo staff-number'],
  )
})

t.test('nothing is changed of an account or a key that was closed', async (t) => {
  const own = new Office()
  const disabledAt = '2026-02-01T02:00:00.000Z'
  own.officers = [officerOf('zhang', { disabledAt }), officerOf('li')]
  own.keys = [keyOf('k', { revokedAt: disabledAt }), keyOf('m')]
  const account = { name: '张', authority: '石家庄市局', roles: ['recorder'] }
  for (const [act, closed, open, input] of [
    ['change-officer', 'zhang', 'li', account],
    ['grant-duties', 'zhang', 'li', { roles: ['auditor'] }],
    ['reset-password', 'zhang', 'li', {}],
    ['disable-officer', 'zhang', 'li', {}],
    ['grant-scopes', 'k', 'm', { scopes: ['records:write'] }],
  ] as const)
    t.same(
      [
        (await own.refusal(act, { id: closed }, input, office.admin)).reason,
        own.ask(act, { id: closed }, office.admin).isClosed,
        own.ask(act, { id: open }, office.admin).isClosed,
      ],
      ['exists', true, false],
      act,
    )
})

t.test('what a page offers: upon such things, by part, what is kept from whom and why', async (t) => {
  const firm = new Firm([grave('p')])
  const own = new Office()
  own.files = [firm.dossier]
  const offered = (actor: Acting) => offeredOn(shippedActs, 'file', { code: firm.dossier.key }, own.at(actor))
  const names = (all: ReturnType<typeof offered>) => all.map(({ act }) => act.name)
  t.ok(names(offered(people.clerk)).includes('propose-listing'))
  t.notOk(names(offered(people.clerk)).includes('settle-warning'), 'no warning to settle')
  t.notOk(names(offered(people.clerk)).includes('serve-notice'), 'upon a case')
  t.ok(names(openAmong(offered(people.clerk)) as ReturnType<typeof offered>).includes('add-record'))
  t.same(openAmong(offered(officer('a', 'county', { rights: ['audit:read'] }))), [])
  t.same(
    hindrancesOf(offered(officer('a', 'county', { rights: ['audit:read'] }))),
    [],
    'none of their business',
  )
  const kept = hindrancesOf(offered(people.elsewhere))
  t.ok(
    kept.some(({ acts }) => acts.length > 1),
    'one reason for several acts',
  )
  t.equal(new Set(kept.map(({ why }) => why)).size, kept.length, 'each once')
  const byPart = offeredByPart(offered(people.clerk))
  t.ok(
    byPart
      .get('p')
      ?.some(({ act, chosen }) => act.name === 'propose-listing' && Object.values(chosen).includes('p')),
  )
  t.ok(byPart.get('')?.some(({ act }) => act.name === 'change-file'))
  t.notOk(byPart.get('')?.some(({ act }) => act.name === 'propose-listing'))
})

t.test('what of a change of an account takes a second administrator', async (t) => {
  const before = (roles: Officer['roles'], more: Partial<Officer> = {}) =>
    officerOf('zhang', { roles, authority: '长安区局', region: '130102', ...more })
  const account = (roles: Officer['roles'], more: object = {}) => ({
    ...{ name: '张', authority: '长安区局', region: '130102', roles },
    ...more,
  })
  const at = new Office().at(office.admin)
  for (const [said, was, is, why] of [
    ['nothing', before(['recorder']), account(['recorder']), undefined],
    ['a duty that sees all', before(['recorder']), account(['recorder', 'auditor']), '给予“监察”岗位'],
    ['a duty that decides nothing', before(['auditor']), account(['recorder', 'auditor']), undefined],
    ['a duty less', before(['recorder', 'reviewer']), account(['recorder']), undefined],
    ['a deciding duty', before(['recorder']), account(['recorder', 'reviewer']), '给予“审核”岗位'],
    ['two', before(['recorder']), account(['reviewer', 'publisher']), '给予“审核、发布”岗位'],
    ['one that it had', before(['reviewer']), account(['reviewer', 'publisher']), '给予“发布”岗位'],
    [
      'elsewhere',
      before(['reviewer']),
      account(['reviewer'], { authority: '唐山市局', region: '130200' }),
      '作决定的账号由长安区局改属唐山市局',
    ],
    [
      'elsewhere, deciding nothing',
      before(['recorder']),
      account(['recorder'], { authority: '唐山市局', region: '130200' }),
      undefined,
    ],
    [
      'further',
      before(['reviewer'], { authority: '石家庄市局' }),
      account(['reviewer'], { authority: '石家庄市局', region: '130100' }),
      '扩大作决定的账号的范围',
    ],
    [
      'less far',
      before(['reviewer'], { authority: '石家庄市局', region: '130100' }),
      account(['reviewer'], { authority: '石家庄市局' }),
      undefined,
    ],
    [
      'further, deciding nothing',
      before(['recorder'], { authority: '石家庄市局' }),
      account(['recorder'], { authority: '石家庄市局', region: '130100' }),
      undefined,
    ],
    [
      'a number for the first time',
      before(['recorder']),
      account(['recorder'], { staffNo: '2002' }),
      undefined,
    ],
    [
      'a number for the first time, deciding',
      before(['reviewer']),
      account(['reviewer'], { staffNo: '2002' }),
      '改变账号所登记的人（工号）',
    ],
    [
      'another number',
      before(['recorder'], { person: 'person 1001' }),
      account(['recorder'], { staffNo: '2002' }),
      '改变账号所登记的人（工号）',
    ],
    [
      'the same number',
      before(['reviewer'], { person: 'person 2002' }),
      account(['reviewer'], { staffNo: '2002' }),
      undefined,
    ],
  ] as const)
    t.equal(changeTakesTwo(was, { ...is, roles: [...is.roles] }, at)?.split('，')[0], why, said)
  const trusted = new Office().at(office.trusted)
  t.equal(changeTakesTwo(before(['recorder']), account(['reviewer']), trusted), undefined)
})

/** The example of GB 11643. */
const PERSON = '11010519491231002X'

t.test('a decision’s text, of what is published, as long as may be and no longer', async (t) => {
  const firm = new Firm([grave('p'), grave('s', '2026-02-03', { procedure: '简易程序' })])
  const asked = { text: '决定', toldOn: '2026-02-02' }
  for (const [said, id, more, expected] of [
    ['a text', 'p', {}, ''],
    ['the longest', 'p', { text: '决'.repeat(20_000) }, ''],
    ['a character more', 'p', { text: '决'.repeat(20_001) }, '/text too-big'],
    ['told the day before the decision', 'p', { toldOn: '2026-02-01' }, '/toldOn before-start'],
    ['told today', 'p', { toldOn: '2026-03-02' }, ''],
    ['told tomorrow', 'p', { toldOn: '2026-03-03' }, '/toldOn future-date'],
    ['words that it has', 'p', { mask: '决\n定' }, ''],
    ['words that it has not', 'p', { mask: '决\n甲' }, '/mask unknown'],
    ['words to be kept that it has not', 'p', { keep: '甲' }, '/keep unknown'],
    ['of what is not public', 's', {}, 'exists'],
    ['a number of a person', 'p', { text: `决定 ${PERSON}` }, ''],
    [
      'a number of a person that is to be kept',
      'p',
      { text: `决定 ${PERSON}`, keep: PERSON },
      '/keep identity-number',
    ],
  ] as const) {
    const refused = firm.refusal('attach-decision', id, { ...asked, ...more })
    t.equal(refused.faults.join() || refused.reason, expected, said)
  }
})

t.test(
  'which acts are grave, which nobody does who had a hand in the matter, which right confirms',
  async (t) => {
    const told = shippedActs.flatMap(({ name, isGrave, isAtHand, isApart, secondRight, sealed }) => {
      const said = [
        ...(isGrave ? ['grave'] : []),
        ...(isAtHand ? ['at hand'] : []),
        ...(isApart ? ['apart'] : []),
        ...(secondRight === undefined ? [] : [`second ${secondRight}`]),
        ...sealed.map((field) => `sealed ${field}`),
      ]
      return said.length === 0 ? [] : [[name, said.join(', ')]]
    })
    t.same(told, [
      ['add-record', 'second listings:decide'],
      ['change-file', 'second listings:decide'],
      ['correct-file', 'second listings:decide'],
      ['withdraw-file', 'grave, second listings:decide'],
      ['add-note', 'at hand'],
      ['settle-warning', 'at hand'],
      ['update-record', 'second listings:decide'],
      ['correct-record', 'second listings:decide'],
      ['withdraw-record', 'grave, second listings:decide'],
      ['revoke-rating', 'grave, second ratings:approve'],
      ['settle-objection', 'apart, second listings:decide'],
      ['review-decision', 'apart'],
      ['decide-early-end', 'apart'],
      ['revoke-early-end', 'grave, second listings:decide'],
      ['affirm-notice', 'second listings:decide'],
      ['consent-to-listing', 'apart'],
      ['decide-listing', 'apart'],
      ['rebase-listing', 'second listings:decide'],
      ['decide-repair', 'apart'],
      ['revoke-repair', 'grave, second listings:decide'],
      ['revoke-listing', 'grave, second listings:decide'],
      ['drop-case', 'grave'],
      ['rename-authority', 'grave, second officers:write'],
      ['change-authority', 'grave, second officers:write'],
      ['merge-authority', 'grave, second officers:write'],
      ['close-consumer', 'grave'],
      ['grant-scopes', 'grave, second officers:write'],
      ['revoke-key', 'grave'],
      ['change-officer', 'second officers:write, sealed staffNo'],
      ['grant-duties', 'grave, second officers:write'],
      ['reset-password', 'grave, second officers:write, sealed password'],
      ['unbind-officer', 'grave'],
      ['disable-officer', 'grave'],
      ['adopt-standard', 'apart'],
      ['refuse-standard', 'grave'],
      ['adopt-rules', 'apart'],
      ['refuse-rules', 'grave'],
      ['approve-campaign', 'apart'],
      ['return-campaign', 'grave, apart'],
      ['adjust-campaign', 'grave'],
      ['redraft-campaign', 'grave'],
      ['cancel-campaign', 'grave'],
      ['issue-bulletin', 'apart'],
      ['return-bulletin', 'grave, apart'],
      ['discard-bulletin', 'grave'],
      ['join-draw', 'apart'],
      ['withdraw-import', 'grave, second listings:decide'],
    ])
  },
)

t.test('what is put forward names the account of whoever did, the person where there is none', async (t) => {
  const asked = { act: 'x', on: {}, input: {}, saw: 1, why: '' }
  const by = (actor: Acting) => Object(proposal('s', asked, new Firm().at(actor)).payload).by
  t.same(
    [by(people.clerk), by(officer('m', 'county', { id: undefined, person: '某人' }))],
    ['officer/clerk', '某人'],
  )
})

t.test('an account is unbound from the directory where it is bound', async (t) => {
  const own = new Office()
  own.officers = [officerOf('zhang', { directory: 'd' }), officerOf('li')]
  const closed = (id: string) => own.ask('unbind-officer', { id }, office.admin).isClosed
  t.same([closed('zhang'), closed('li')], [false, true])
})

t.test('who opens an authority under whom, and whom it is asked of', async (t) => {
  const own = new Office()
  own.authorities = new Authorities([
    ...authorities.standing(),
    one('drugs', '河北省药监局', { region: undefined }),
  ])
  for (const [said, actor, above, came] of [
    ['none is named', office.cityAdmin, undefined, 'opened'],
    ['its own', office.cityAdmin, 'city', 'opened under city'],
    ['one above it', office.cityAdmin, 'province', 'opened, province is asked'],
    ['another above it', office.cityAdmin, 'drugs', 'opened, drugs is asked'],
    ['one below it', office.admin, 'city', 'opened under city'],
    ['its own, of the province', office.admin, 'province', 'opened under province'],
    ['whoever holds the data directory', office.trusted, 'drugs', 'opened under drugs'],
    ['one beside it', office.cityAdmin, 'tangshan', 'invalid'],
    ['one of its level', office.cityAdmin, 'county', 'invalid'],
    ['none that stands', office.cityAdmin, 'none', 'unknown'],
  ] as const) {
    const input = { name: '裕华区局', region: '130108', ...(above !== undefined && { above }) }
    const { reason } = await own.refusal('open-authority', {}, input, actor)
    if (reason !== '') {
      t.equal(reason, came, said)
      continue
    }
    const { drafts, key } = await own.does('open-authority', {}, input, actor)
    t.equal(key, 'authority/裕华区局')
    const told = drafts.map(({ kind, payload }) => {
      const { name, region, above: under, act, on, input: asked } = Object(payload)
      if (kind === 'authority.opened') {
        t.same([name, region], ['裕华区局', '130108'])
        return under === undefined ? 'opened' : `opened under ${under}`
      }
      t.same([kind, act, on], ['act.proposed', 'change-authority', { id: '裕华区局' }])
      return `${asked.above} is asked`
    })
    t.equal(told.join(', '), came, said)
  }
})

t.test('a key is good until a day that has not passed', async (t) => {
  const own = new Office()
  const key = { name: '接口', authority: '石家庄市局', scopes: ['records:read'] }
  for (const [expiresOn, faults] of [
    ['2026-03-01', ['/expiresOn past']],
    ['2026-03-02', []],
    ['2026-03-03', []],
    [undefined, []],
  ] as const) {
    const input = { ...key, ...(expiresOn !== undefined && { expiresOn }) }
    t.same((await own.refusal('create-key', {}, input, office.cityAdmin)).faults, faults, `${expiresOn}`)
    if (faults.length > 0) continue
    const [made] = (await own.does('create-key', {}, input, office.cityAdmin)).drafts
    t.equal(Object(made?.payload).expiresOn, expiresOn)
  }
})

t.test('whose account, by which addresses, for whom: what is refused of an account or a key', async (t) => {
  const own = new Office()
  own.officers = [
    officerOf('boss', { authority: '省局' }),
    officerOf('zhang'),
    officerOf('li', { authority: '长安区局' }),
  ]
  const key = { name: '接口', authority: '石家庄市局', scopes: ['records:read'] }
  for (const [more, told] of [
    [{}, undefined],
    [{ addresses: '203.0.113.0/24 2001:db8::/32' }, ['203.0.113.0/24', '2001:db8::/32']],
    [{ addresses: '203.0.113.8 甲' }, '/addresses address'],
    [{ actsFor: 'zhang' }, undefined],
    [{ actsFor: 'boss' }, 'forbidden'],
    [{ actsFor: 'li' }, '/authority other'],
    [{ actsFor: 'nobody' }, '/actsFor unknown'],
    [{ authority: '省局' }, 'forbidden'],
    [{ authority: '唐山市局' }, 'forbidden'],
    [{ authority: '长安区局' }, undefined],
  ] as const) {
    const refused = await own.refusal('create-key', {}, { ...key, ...more }, office.cityAdmin)
    const said = refused.faults.join() || refused.reason
    if (typeof told === 'string') t.equal(said, told, JSON.stringify(more))
    else {
      t.equal(said, '', JSON.stringify(more))
      const [made] = (await own.does('create-key', {}, { ...key, ...more }, office.cityAdmin)).drafts
      t.same(Object(made?.payload).addresses, told, JSON.stringify(more))
    }
  }
  const account = { login: 'wang', name: '王', authority: '石家庄市局', roles: ['recorder'] }
  const self = { ...office.admin, person: 'person 2002' }
  for (const [more, actor, told] of [
    [{}, self, ''],
    [{ staffNo: '2002' }, self, 'forbidden'],
    [{ staffNo: '2003' }, self, ''],
    [{ staffNo: '2002' }, { ...office.trusted, person: 'person 2002' }, ''],
    [{ password: '短' }, self, '/password weak'],
    [{ authority: '省局' }, office.cityAdmin, 'forbidden'],
  ] as const) {
    const refused = await own.refusal('create-officer', {}, { ...account, ...more }, actor)
    t.equal(refused.faults.join() || refused.reason, told, JSON.stringify(more))
  }
  for (const [region, begins] of [
    [undefined, ''],
    ['130102', '河北省石家庄市长安区'],
    ['130199', '130199'],
  ] as const) {
    own.officers = [officerOf('zhang', { roles: ['recorder', 'auditor'], ...(region && { region }) })]
    t.match(own.ask('change-officer', { id: 'zhang' }, office.admin).begins, {
      ...{ name: 'zhang', authority: '石家庄市局', region: begins, roles: 'recorder\nauditor' },
    })
  }
})

t.test('an account names its authority as that is called or was, not as it might be written', async (t) => {
  const own = new Office()
  own.authorities = new Authorities([
    ...authorities.standing(),
    one('named', '石家庄市市场监督管理局', { region: '130100', formerNames: ['石家庄市工商行政管理局'] }),
    one('merged', '正定县局', { region: '130123', successor: 'city' }),
  ])
  own.officers = [officerOf('zhang', { authority: '正定县局' }), officerOf('li')]
  const account = { name: '张', roles: ['recorder'] }
  for (const [said, authority, before, expected] of [
    ['as it is called', '石家庄市市场监督管理局', undefined, ''],
    ['as it was called', '石家庄市工商行政管理局', undefined, ''],
    ['for short', '石家庄市市监局', undefined, '/authority unknown'],
    ['none', '石家庄市某局', undefined, '/authority unknown'],
    ['one that was merged', '正定县局', undefined, '/authority merged'],
    ['one that was merged, from before', '正定县局', 'zhang', ''],
    ['one that was merged, newly', '正定县局', 'li', '/authority merged'],
  ] as const) {
    const [act, address] =
      before === undefined ? (['create-officer', {}] as const) : (['change-officer', { id: before }] as const)
    const input = { ...account, authority, ...(before === undefined && { login: 'wang' }) }
    const refused = await own.refusal(act, address, input, office.admin)
    t.equal(refused.faults.join() || refused.reason, expected, said)
  }
  const short = await own.refusal(
    'create-officer',
    {},
    { ...account, login: 'wang', authority: '石家庄市市监局' },
    office.admin,
  )
  t.match(short.title, /请写“石家庄市市场监督管理局”/)
})

t.test('what an act presumes that nobody else has touched', async (t) => {
  const own = new Office()
  const waiting = (id: string, above: string): Proposal => ({
    ...{
      id,
      act: 'change-authority',
      on: { id: 'x' },
      input: { above },
      saw: 1,
      why: '',
      by: 'officer/admin',
    },
    ...{ status: 'open', at: '', position: 1, author: { authority: '省局', officer: '' } },
  })
  own.authorities = new Authorities([
    ...authorities
      .standing()
      .map((known) =>
        known.id === 'tangshan'
          ? { ...known, revision: 7, proposals: [waiting('p1', 'county'), waiting('p2', 'city')] }
          : known,
      ),
    one('other', '桥西区局', { region: '130104', revision: 3 }),
  ])
  const expects = async (name: string, id: string, input: object) =>
    [...(await own.does(name, { id }, input, office.admin)).expect].map(([subject, revision]) => [
      subject,
      revision,
    ])
  t.same(await expects('rename-authority', 'county', { name: '长安区市场监督管理局' }), [
    ['authority/county', 1],
    ['authority-name/长安区市场监督管理局', 0],
  ])
  t.same(await expects('merge-authority', 'county', { into: 'other', takesOver: true }), [
    ['authority/county', 1],
    ['authority/other', 3],
    ['authority/tangshan', 7],
  ])
  const { drafts } = await own.does(
    'merge-authority',
    { id: 'county' },
    { into: 'other', takesOver: true },
    office.admin,
  )
  t.same(
    drafts.map(({ subject, kind, payload }) => [subject, kind, Object(payload).id ?? Object(payload).into]),
    [
      ['authority/county', 'authority.merged', 'other'],
      ['authority/tangshan', 'act.lapsed', 'p1'],
    ],
    'what would put somebody under what is gone',
  )
})

t.test('a decision begins with the measures that the party was told of, and offers no others', async (t) => {
  const firm = new Firm([grave('p')])
  const id = firm.propose(['p'])
  const asked = () => {
    const own = new Office()
    own.files = [firm.dossier]
    const { begins, choices } = own.ask('decide-listing', { code: firm.dossier.key, id }, people.head)
    return [begins.measures, choices.measures?.map(({ value }) => value).join('\n')]
  }
  const all = measuresOf(firm.case(id), rulesOf(firm.case(id))).join('\n')
  t.same(asked(), [all, all], 'by the rules, before the notice')
  firm.step(id, { step: 'notice', servedOn: firm.today, way: '直接送达' })
  const told = firm.case(id).noticed?.named?.measures.join('\n')
  t.ok(told)
  t.same(asked(), [told, told])
  firm.dossier = {
    ...firm.dossier,
    cases: firm.dossier.cases.map((own) =>
      own.noticed?.named
        ? { ...own, noticed: { ...own.noticed, named: { ...own.noticed.named, measures: ['增加检查'] } } }
        : own,
    ),
  }
  t.same(asked(), ['增加检查', '增加检查'])
})

t.test(
  'what is put forward presumes the revision of its subject, and takes the place of a machine’s',
  async (t) => {
    const firm = new Firm([grave('p')])
    const { dossier } = firm
    const waiting = (account: string): Proposal => ({
      ...{ id: 'w', act: 'withdraw-record', on: { code: dossier.key, id: 'p' }, input: {}, saw: 1, why: '' },
      ...{ by: account, status: 'open', at: '', position: 1, author: { authority: '接口', officer: '' } },
    })
    const machine = { ...people.clerk, isMachine: true }
    const at = Object.assign(firm.at(people.head), { doer: () => machine })
    for (const [on, act, proposals, kinds, recordId] of [
      ['p', 'record', [], ['act.proposed'], 'p'],
      ['p', 'case', [], ['act.proposed'], undefined],
      [undefined, 'file', [], ['act.proposed'], undefined],
      ['p', 'record', [waiting('key/k')], ['act.proposed', 'act.lapsed'], 'p'],
      ['q', 'record', [waiting('key/k')], ['act.proposed'], 'q'],
    ] as const) {
      const came = proposing(
        { name: 'withdraw-record', label: '撤回', on: act },
        { ...own(firm), proposals: [...proposals] },
        { on: { ...(on !== undefined && { id: on }) }, input: { reason: '误' }, why: '公开', drafts: [] },
        at,
      )
      t.same([came.key, ...came.expect], [dossier.key, [dossier.key, dossier.revision]], `${on} ${act}`)
      t.same(
        came.drafts.map(({ kind }) => kind),
        kinds,
      )
      t.same(
        came.drafts.map(({ subject }) => subject),
        kinds.map(() => dossier.key),
      )
      t.match(came.drafts[0]?.payload, {
        ...{ act: 'withdraw-record', on: { code: dossier.key, ...(on !== undefined && { id: on }) } },
        ...{ input: { reason: '误' }, saw: 1, why: '公开', by: 'officer/head' },
      })
      t.equal(came.recordId, recordId)
    }
  },
)

t.test('a change that waits stands in the way of the same fields of the same thing', async (t) => {
  const waiting = (fields: string[] | undefined, more: Partial<Proposal> = {}): Proposal => ({
    ...{ id: 'w', act: 'change-file', on: {}, input: {}, saw: 1, why: '', by: 'officer/head' },
    ...{ status: 'open', at: '', position: 1, author: { authority: '长安区局', officer: 'head' } },
    ...(fields && { fields }),
    ...more,
  })
  for (const [said, open, reason, more = {}] of [
    ['nothing', [], ''],
    ['the field', [waiting(['name'])], 'exists'],
    ['one of two fields', [waiting(['name', 'region'])], 'exists'],
    ['one of two fields, the other way round', [waiting(['address', 'name'])], 'exists'],
    ['another field', [waiting(['region'])], ''],
    ['another field and the field', [waiting(['region']), waiting(['name'])], 'exists'],
    ['the whole', [waiting(undefined)], 'exists'],
    ['another act', [waiting(['name'], { act: 'correct-file' })], ''],
    ['what was settled', [waiting(['name'], { status: 'confirmed' })], ''],
    ['what is about a record', [waiting(['name'], { on: { id: 'p' } })], ''],
    ['the unified code', [waiting(['uscc'])], 'exists', { uscc: 'U' }],
    ['the unified code, which this one does not change', [waiting(['uscc'])], ''],
  ] as [string, Proposal[], string, object?][]) {
    const firm = new Firm([grave('p')])
    const on = { code: firm.dossier.key }
    const change = (changes: object) => ({
      ...{ subject: firm.dossier.key, kind: 'enterprise.changed', payload: { changes, ...more } },
      ...{ visibility: 'public' as const, author: { authority: '', officer: '' } },
    })
    const refused = refusalOf(() =>
      proposing(
        { name: 'change-file', label: '变更', on: 'file' },
        { ...own(firm), proposals: [...open] },
        { on, input: {}, why: '', drafts: [change({ name: '甲', address: '乙' })] },
        firm.at(people.clerk),
      ),
    )
    t.equal(refused.reason, reason, said)
  }
})

function own({ dossier }: Firm) {
  return { dossier, subject: dossier.key, revision: dossier.revision, version: 1 }
}

t.test('which change of a firm’s own entry takes a second person', async (t) => {
  const seen = grave('p', '2026-02-02', { publishedOn: '2026-02-10' })
  const unseen = grave('p', '2026-02-02', { procedure: '简易程序' })
  const coming = grave('p', '2026-02-27')
  const good: TestRecord = { id: 'l', type: 'licence', data: licenceOf('XK-1').data }
  for (const [said, records, changes, takesTwo] of [
    ['a name, of which nothing is told', [], { name: '甲' }, false],
    ['a name, beside what is good', [good], { name: '甲' }, false],
    ['a name, beside what nobody reads', [unseen], { name: '甲' }, false],
    ['a name, beside a penalty', [seen], { name: '甲' }, true],
    ['a name, beside a penalty that is about to be told', [coming], { name: '甲' }, true],
    [
      'a name, beside one of two',
      [unseen, grave('q', '2026-02-02', { publishedOn: '2026-02-10' })],
      { name: '甲' },
      true,
    ],
    ['an address, beside a penalty', [seen], { address: '甲路' }, false],
    ['that it is gone, beside a penalty', [seen], { status: '注销' }, true],
    ['that it is gone, of which nothing is told', [], { status: '注销' }, false],
    ['that it stands still, beside a penalty', [seen], { status: '停业' }, false],
  ] as const) {
    const firm = new Firm([...records])
    const kept = new Office()
    kept.files = [firm.dossier]
    const asked = kept.ask('change-file', { code: firm.dossier.key }, people.clerk)
    const { second } = asked.decide({ enterprise: changes })
    t.equal(second !== undefined, takesTwo, `${said}: ${second}`)
  }
})

t.test('what nobody may add is not offered; a query is needless to whoever answers it', async (t) => {
  const kept = new Office()
  kept.files = [new Firm([grave('p')]).dossier]
  const [{ key: code } = { key: '' }] = kept.files
  for (const [actor, offers] of [
    [people.clerk, true],
    [people.city, true],
    [people.elsewhere, false],
  ] as const) {
    const { choices } = kept.ask('add-record', { code }, actor)
    t.equal('type' in choices, offers, actor.officer)
  }
  const needless = (act: string, id: string | undefined, actor: Acting) =>
    kept.ask(act, { code, id }, actor).isNeedless
  t.equal(needless('raise-query', 'p', people.clerk), true, 'its own')
  t.equal(needless('raise-query', 'p', people.city), false, 'another’s')
  t.equal(needless('add-note', undefined, people.clerk), false, 'what is never needless')
})

t.test('operations on documents are called by what they are about', async (t) => {
  t.same(
    shippedActs.flatMap(({ name, route: { operation } }) =>
      operation !== undefined && /standard|rules/.test(name) ? [`${name}: ${operation}`] : [],
    ),
    [
      'propose-standard: proposeStandard',
      'adopt-standard: approveStandard',
      'refuse-standard: refuseStandard',
      'propose-rules: proposeRules',
      'adopt-rules: approveRules',
      'refuse-rules: refuseRules',
    ],
  )
})

t.test('what an import is taken back by: who asked, as they are, and that it is as it was', async (t) => {
  const kept = new Office()
  kept.imports = [importOf()]
  for (const [actor, told] of [
    [people.clerk, { id: 'officer/clerk', authority: '长安区局', officer: 'clerk', region: '130102' }],
    [people.province, { id: 'officer/province', authority: '省局', officer: 'province' }],
    [officer('m', 'city', { id: undefined }), { authority: '石家庄市局', officer: 'm', region: '130100' }],
  ] as const) {
    const came = await kept.does('withdraw-import', { id: 'i1' }, { reason: '误' }, actor)
    const { expect, work } = Object(came)
    t.same([...expect], [['import/i1', 0]])
    t.same(Object.entries(work.actor).sort(), Object.entries(told).sort(), actor.officer)
    t.match(work, { import: 'i1', reason: '误', isConfirmed: false })
  }
})
