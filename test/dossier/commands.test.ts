import t from 'tap'
import type { Acting } from '../../src/authority/acting.ts'
import { organisationCheckCharacter } from '../../src/codes/organisation-code.ts'
import { unifiedCheckCharacter } from '../../src/codes/unified-code.ts'
import { anticipated } from '../../src/dossier/anticipate.ts'
import {
  addingHindrance,
  addNote,
  addRecord,
  changeEnterprise,
  correctEnterprise,
  correctRecord,
  type Decision,
  importEnterprise,
  mustTellApart,
  openFile,
  recordOfRow,
  sameRecord,
  settleWarning,
  updateRecord,
  withdrawEnterprise,
  withdrawRecord,
} from '../../src/dossier/commands.ts'
import { type Dossier, versionOf } from '../../src/dossier/dossier.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { licence as licenceKind } from '../../src/records/licence.ts'
import { penalty as penaltyKind } from '../../src/records/penalty.ts'
import { Firm, grave, people, refusalOf } from '../blacklist/firm.ts'
import { licence } from '../rating/files.ts'

/** What a command on a file comes to, or how it is refused: codes, places, reasons, records of one identity. */

const unified = (body: string, region = '130102') => {
  const within = `91${region}${body}${organisationCheckCharacter(body)}`
  return within + unifiedCheckCharacter(within)
}
const at = (actor: Acting = people.clerk, files: readonly Dossier[] = []) => {
  const { today, catalogue, authorities, doer, newId } = new Firm().at(actor)
  const known = (key: string) => files.find((own) => own.key === key)
  return { today, catalogue, authorities, doer, newId, actor, file: known }
}
const draft = (subject: string, kind: string, payload: unknown) => ({
  subject,
  kind,
  payload,
  visibility: 'public' as const,
  author: { authority: '长安区局', officer: '甲' },
})
/** A file under a key as entries make it. */
function file(key: string, uscc: string | undefined, ...more: [kind: string, payload: unknown][]): Dossier {
  const opened = { ...(uscc && { uscc }), data: { name: '示例公司', region: '130102', status: '存续' } }
  const made = anticipated(
    undefined,
    [['enterprise.opened', opened] as const, ...more].map(([kind, payload]) => draft(key, kind, payload)),
  )
  if (!made) throw new Error('no file')
  return made
}
const outcome = (act: () => Decision): string => {
  let decision: Decision | undefined
  const { reason, faults } = refusalOf(() => {
    decision = act()
  })
  if (!decision) return [reason, ...faults].join(' ')
  const { key, drafts, expect } = decision
  return [key, expect.get(key), ...drafts.map(({ kind, visibility }) => `${kind} ${visibility}`)].join(' ')
}

const USCC = unified('DEM00001')
const ORG = USCC.slice(8, 17)
/** Another enterprise's unified code that holds the same organisation code. */
const TWIN = unified('DEM00001', '130202')

t.test('under which code a file is opened, and beside which it is not', async (t) => {
  const data = { name: '示例公司', region: '130102' }
  const withdrawn: [string, unknown] = ['enterprise.withdrawn', { reason: '误建' }]
  const table: [
    what: string,
    files: Dossier[],
    codes: { uscc?: string; orgCode?: string },
    under: boolean,
    outcome: string,
  ][] = [
    ['none yet', [], { uscc: USCC }, false, `${ORG} 0 enterprise.opened public`],
    ['none yet, by its organisation code', [], { orgCode: ORG }, false, `${ORG} 0 enterprise.opened public`],
    ['its own', [file(ORG, USCC)], { uscc: USCC }, false, 'exists /uscc exists'],
    ['its own, by its organisation code', [file(ORG, USCC)], { orgCode: ORG }, false, 'exists /uscc exists'],
    ['one without a unified code', [file(ORG, undefined)], { uscc: USCC }, false, 'exists /uscc exists'],
    ['its own under the unified code', [file(TWIN, TWIN)], { uscc: TWIN }, false, 'exists /uscc exists'],
    [
      'its own under the unified code beside the other',
      [file(ORG, USCC), file(TWIN, TWIN)],
      { uscc: TWIN },
      true,
      'exists /uscc exists',
    ],
    ['the other', [file(ORG, USCC)], { uscc: TWIN }, false, 'exists /uscc organisation-code-in-use'],
    ['the other, told', [file(ORG, USCC)], { uscc: TWIN }, true, `${TWIN} 0 enterprise.opened public`],
    ['nobody, told', [], { uscc: TWIN }, true, 'invalid /openUnder not-needed'],
    ['nobody, told, no unified code', [], { orgCode: ORG }, true, 'invalid /uscc required'],
    [
      'one that was withdrawn',
      [file(ORG, USCC, withdrawn)],
      { uscc: USCC },
      false,
      `${ORG} 2 enterprise.opened public`,
    ],
    [
      'the other was withdrawn',
      [file(ORG, USCC, withdrawn)],
      { uscc: TWIN },
      false,
      `${ORG} 2 enterprise.opened public`,
    ],
  ]
  for (const [what, files, codes, underUnifiedCode, expected] of table)
    t.equal(
      outcome(() => openFile({ codes, data, underUnifiedCode }, at(people.clerk, files))),
      expected,
      what,
    )
  for (const [files, uscc, key] of [
    [[file(ORG, USCC)], USCC, ORG],
    [[file(TWIN, TWIN)], TWIN, TWIN],
    [[file(ORG, USCC), file(TWIN, TWIN)], TWIN, TWIN],
    [[file(ORG, undefined)], USCC, ORG],
  ] as const)
    t.match(
      refusalOf(() => openFile({ codes: { uscc }, data }, at(people.clerk, files))).title,
      `示例公司（${key}）`,
      'which file there is',
    )
})

t.test('nobody touches what lies outside their region, nor moves it in or out', async (t) => {
  const own = file(ORG, USCC, ['note.added', { id: 'n', text: '备注' }])
  const away = file(ORG, USCC, ['enterprise.changed', { changes: { region: '130202' } }])
  const acts: Record<string, (dossier: Dossier, region: string, actor: Acting) => Decision> = {
    open: (_, region, actor) =>
      openFile({ codes: { uscc: USCC }, data: { name: '示例', region } }, at(actor)),
    change: (dossier, region, actor) => changeEnterprise(dossier, { region }, at(actor)),
    correct: (dossier, region, actor) => correctEnterprise(dossier, { region }, '录入有误', at(actor)),
  }
  const others: Record<string, (dossier: Dossier, actor: Acting) => Decision> = {
    withdraw: (dossier, actor) => withdrawEnterprise(dossier, '误建', at(actor)),
    note: (dossier, actor) => addNote(dossier, '备注', at(actor)),
    'change the name': (dossier, actor) => changeEnterprise(dossier, { name: '新名' }, at(actor)),
    'correct the name': (dossier, actor) => correctEnterprise(dossier, { name: '新名' }, '有误', at(actor)),
  }
  const isForbidden = (act: () => Decision) => outcome(act) === 'forbidden'
  for (const [who, actor, places] of [
    ['the county', people.clerk, ['130102']],
    ['the city', people.city, ['130102', '130104']],
    ['the province', people.province, ['130102', '130104', '130202']],
    ['another city', people.elsewhere, []],
  ] as const) {
    for (const [name, act] of Object.entries(acts))
      for (const region of ['130104', '130202', ...(name === 'open' ? ['130102'] : [])]) {
        // Of another city only the opening is within its region: what is there is not its own to change.
        const may =
          places.some((place) => place === region) ||
          (name === 'open' && who === 'another city' && region === '130202')
        t.equal(
          isForbidden(() => act(own, region, actor)),
          !may,
          `${who}: ${name} to ${region}`,
        )
      }
    for (const [name, act] of Object.entries(others)) {
      t.equal(
        isForbidden(() => act(own, actor)),
        who === 'another city',
        `${who}: ${name}`,
      )
      t.equal(
        isForbidden(() => act(away, actor)),
        who === 'the county' || who === 'the city',
        `${who}: ${name}, of one that is elsewhere`,
      )
    }
  }
})

t.test('a unified code is given once, and is the one that holds the organisation code', async (t) => {
  const without = file(ORG, undefined)
  const change = (dossier: Dossier, uscc: unknown, more = {}) =>
    outcome(() => changeEnterprise(dossier, { uscc, ...more }, at()))
  t.equal(change(without, USCC), `${ORG} 1 enterprise.changed public`)
  t.equal(change(without, USCC, { legalRepresentative: '某' }), `${ORG} 1 enterprise.changed public`)
  t.equal(change(without, unified('DEM00002')), 'invalid /uscc codes-differ')
  t.match(change(without, 12), /^invalid \/uscc/)
  t.match(change(without, `${USCC.slice(0, 17)}?`), /^invalid \/uscc/)
  const having = file(ORG, USCC)
  t.equal(change(having, USCC), `${ORG} `, 'nothing changes')
  t.equal(change(having, TWIN), 'invalid /uscc code-fixed')
  t.equal(
    outcome(() => changeEnterprise(having, { legalRepresentative: '某' }, at())),
    `${ORG} 1 enterprise.changed internal`,
    'what stays inside',
  )
  t.equal(
    outcome(() => changeEnterprise(having, { name: '新名' }, at(), '改名')),
    `${ORG} 1 enterprise.changed public change.explained internal`,
  )
  t.equal(
    outcome(() => changeEnterprise(having, { name: '示例公司' }, at(), '无')),
    `${ORG} `,
  )
  t.equal(
    outcome(() => correctEnterprise(having, { name: '示例公司' }, '有误', at())),
    'invalid /enterprise no-change',
  )
})

t.test('texts of reasons and notes, from the least to the most', async (t) => {
  const own = file(ORG, USCC)
  const firm = new Firm([grave('p')])
  const reasons: Record<string, (reason: string) => Decision> = {
    withdraw: (reason) => withdrawEnterprise(own, reason, at()),
    correct: (reason) => correctEnterprise(own, { name: '新名' }, reason, at()),
    'correct a record': (reason) => correctRecord(firm.dossier, 'p', { fine: 7 }, reason, at()),
    'withdraw a record': (reason) => withdrawRecord(firm.dossier, 'p', reason, at()),
    'explain a change': (reason) => changeEnterprise(own, { name: '新名' }, at(), reason),
    'explain an update': (reason) => updateRecord(firm.dossier, 'p', { fine: 7 }, at(), { reason }),
  }
  for (const [name, act] of Object.entries(reasons))
    for (const [text, isTaken] of [
      ['', false],
      ['因', true],
      ['因'.repeat(500), true],
      ['因'.repeat(501), false],
    ] as const)
      t.equal(outcome(() => act(text)) !== 'invalid /reason reason', isTaken, `${name}: ${text.length}`)
  for (const [text, isTaken] of [
    ['', false],
    ['备'.repeat(4000), true],
    ['备'.repeat(4001), false],
  ] as const)
    t.equal(outcome(() => addNote(own, text, at())) !== 'invalid /text text', isTaken, `note: ${text.length}`)
  const title = (text: string) => refusalOf(() => addNote(own, text, at())).title
  t.not(title(''), '备注：请填写。', 'the field says what is wrong')
})

t.test('a record is changed while it stands, into none that is there already', async (t) => {
  const firm = new Firm([grave('p'), grave('q'), grave('gone')])
  firm.withdraw('gone')
  const { dossier } = firm
  const changes = { documentNo: 'q' }
  for (const [id, more, expected] of [
    ['x', changes, 'unknown'],
    ['gone', changes, 'gone'],
    ['p', changes, 'exists /data exists'],
    ['p', { documentNo: 'gone' }, ''],
    ['p', { documentNo: 'r' }, ''],
    ['q', { fine: 7 }, ''],
  ] as const)
    for (const [name, act] of [
      ['update', () => updateRecord(dossier, id, more, at())],
      ['correct', () => correctRecord(dossier, id, more, '有误', at())],
    ] as const) {
      const found = outcome(act)
      const done = new RegExp(
        `^M000100Y4 5 record\\.${name === 'update' ? 'updated platform' : 'corrected internal'}`,
      )
      if (expected === '') t.match(found, done, `${name} ${id}`)
      else t.equal(found, expected, `${name} ${id} ${JSON.stringify(more)}`)
    }
  t.equal(
    outcome(() => updateRecord(dossier, 'p', { fine: dossier.records[0]?.data.fine }, at())),
    'M000100Y4 ',
  )
  t.equal(
    outcome(() => correctRecord(dossier, 'p', { fine: dossier.records[0]?.data.fine }, '有误', at())),
    'invalid /data no-change',
  )
  t.equal(
    outcome(() => updateRecord(dossier, 'p', { publicationEndsOn: '2026-03-01' }, at())),
    'invalid /data/publicationEndsOn by-procedure',
  )
  for (const [actor, may] of [
    [people.clerk, true],
    [people.city, true],
    [people.province, true],
    [people.elsewhere, false],
  ] as const) {
    const acts = [
      () => updateRecord(dossier, 'p', { fine: 7 }, at(actor)),
      () => correctRecord(dossier, 'p', { fine: 7 }, '有误', at(actor)),
      () => withdrawRecord(dossier, 'p', '有误', at(actor)),
    ]
    for (const act of acts) t.equal(outcome(act) !== 'forbidden', may, actor.officer)
  }
})

t.test('a warning is settled once, where there is one', async (t) => {
  const twin = file(TWIN, TWIN)
  const settle = (dossier: Dossier, code: string, actor = people.province) =>
    outcome(() => settleWarning(dossier, code, '已核实', at(actor)))
  t.equal(settle(twin, 'shared-organisation-code'), `${TWIN} 1 warning.settled internal`)
  t.equal(settle(twin, 'shared-organisation-code', people.elsewhere), 'forbidden')
  t.equal(settle(twin, 'other'), 'unknown')
  const settled = file(TWIN, TWIN, [
    'warning.settled',
    { code: 'shared-organisation-code', reason: '已核实' },
  ])
  t.equal(settle(settled, 'shared-organisation-code'), 'exists')
})

t.test('what entries leave of corrections and queries, and the version of a part', async (t) => {
  const asked = (id: string, record: string) => ['query.raised', { id, record, text: '存疑' }] as const
  const own = file(
    ORG,
    USCC,
    ['enterprise.corrected', { changes: { name: '一' }, reason: '甲' }],
    ['enterprise.corrected', { changes: { address: '二' }, reason: '乙' }],
    ['record.added', { id: 'p', type: 'penalty', data: grave('p').data }],
    ['record.added', { id: 'q', type: 'penalty', data: grave('q').data }],
    ['record.updated', { id: 'p', changes: { fine: 7 } }],
    [...asked('a', 'p')],
    [...asked('b', 'p')],
    ['query.answered', { id: 'b', record: 'p', answer: '无误' }],
  )
  t.same(
    own.corrections.map(({ reason, fields }) => [reason, fields]),
    [
      ['甲', ['name']],
      ['乙', ['address']],
    ],
  )
  t.same(
    own.queries?.map(({ id, answered }) => [id, answered?.answer]),
    [
      ['a', undefined],
      ['b', '无误'],
    ],
  )
  const versions = () => [versionOf(own), versionOf(own, 'p'), versionOf(own, 'q'), versionOf(own, 'x')]
  t.same(versions(), [6, 6, 5, 0], 'queries stand beside')
  for (const kind of ['record.published', 'record.unpublished', 'record.expired'])
    t.equal(versionOf(file(ORG, USCC, [kind, { id: 'p', on: '2026-03-01' }])), 1, kind)
})

t.test(
  'a record belongs to the authority that it names, where that is known; to whoever enters it else',
  async (t) => {
    const own = file(ORG, USCC)
    const owner = (type: string, data: object, actor: Acting = people.clerk) =>
      addRecord(own, type, data, at(actor)).drafts.map(({ payload }) => Object(payload).owner)[0]
    const fined = grave('p').data
    t.equal(owner('penalty', { ...fined, authority: '唐山市局' }), 'tangshan')
    t.equal(owner('penalty', { ...fined, authority: '某局' }), 'county')
    const data = { kind: '河北名牌产品', level: '省', title: '电缆', grantedOn: '2026-01-05' }
    t.equal(owner('award', { ...data, grantedBy: '省局' }), 'province')
    t.equal(owner('award', { ...data, grantedBy: '某会' }, people.city), 'city')
    t.equal(
      outcome(() => addRecord(own, 'penalty', fined, at(people.elsewhere))),
      'forbidden',
    )
    t.equal(
      outcome(() => addRecord(own, 'letter', {}, at())),
      'invalid /type choice',
    )
    const firm = new Firm([grave('p')])
    t.equal(
      outcome(() => addRecord(firm.dossier, 'penalty', grave('p').data, at())),
      'exists /data exists',
    )
    firm.withdraw('p')
    t.match(
      outcome(() => addRecord(firm.dossier, 'penalty', grave('p').data, at())),
      /record.added platform/,
    )
  },
)

t.test('the place of the registering office stands in for one that was not given', async (t) => {
  const region = (stated: object, uscc = USCC) =>
    openFile({ codes: { uscc }, data: { name: '示例公司', ...stated } }, at(people.province)).drafts.map(
      ({ payload }) => Object(payload).data.region,
    )[0]
  for (const [stated, expected] of [
    [{}, '130102'],
    [{ region: undefined }, '130102'],
    [{ region: null }, '130102'],
    [{ region: '' }, '130102'],
    [{ region: '130202' }, '130202'],
    [{ region: '河北省唐山市路南区' }, '130202'],
  ] as const)
    t.equal(region(stated), expected, JSON.stringify(stated))
})

t.test('a firm moves within whoever moves it covers; who is to be asked else', async (t) => {
  const moved = (from: string | null, to: string | null, actor: Acting) => {
    const own = file(ORG, USCC, ['enterprise.changed', { changes: { region: from } }])
    return refusalOf(() => changeEnterprise(own, { region: to }, at(actor)))
  }
  for (const [said, from, to, actor, title] of [
    ['within the county', '130102', '130102', people.clerk, undefined],
    ['into the next county', '130102', '130104', people.clerk, /市级机关联系/],
    ['into the next county, by the city', '130102', '130104', people.city, undefined],
    ['into another city', '130102', '130202', people.clerk, /省级机关联系/],
    ['into another city, by the city', '130102', '130202', people.city, /省级机关联系/],
    ['into another city, by the province', '130102', '130202', people.province, undefined],
    ['into another province', '130102', '110101', people.clerk, /省级机关联系/],
    ['nowhere', '130102', null, people.clerk, /没有行政区划/],
    ['nowhere, by the province', '130102', null, people.province, undefined],
    ['from nowhere, by the county', null, '130102', people.clerk, /./],
    ['from nowhere, by the province', null, '130102', people.province, undefined],
  ] as const) {
    const refused = moved(from, to, actor)
    t.equal(refused.reason, title ? 'forbidden' : '', said)
    if (title) t.match(refused.title, title, said)
  }
})

t.test('a place by its words, that of the registering office where they tell none', async (t) => {
  const region = (stated: unknown, codes: object = { uscc: USCC }) => {
    let told: unknown
    const refused = refusalOf(() => {
      const { drafts } = openFile({ codes, data: { name: '示例公司', region: stated } }, at(people.province))
      told = drafts.map(({ payload }) => Object(payload).data.region)[0]
    })
    return refused.reason ? refused.faults.join() : told
  }
  for (const [stated, expected] of [
    ['长安区', /^130102$/],
    ['河北省唐山市路南区', /^130202$/],
    ['裕华区', /^130108$/],
    ['不是地方', /^\/enterprise\/region/],
    [5, /^\/enterprise\/region/],
  ] as const)
    t.match(region(stated), expected, String(stated))
  t.equal(region(undefined, { orgCode: ORG }), undefined, 'an organisation code tells none')
  for (const [office, expected] of [
    ['130102', '130105'],
    ['130105', '130105'],
    ['130100', '130105'],
    ['130900', '130902'],
    ['130902', '130902'],
  ] as const)
    t.equal(
      region('新华区', { uscc: unified('DEM00002', office) }),
      expected,
      `one of two, by the office of ${office}`,
    )
  t.match(region('新华区', { orgCode: ORG }), /^\/enterprise\/region/, 'one of two, and nothing tells which')
})

t.test(
  'the same record again: by its number, by what names it beside a number, by a date known in part',
  async (t) => {
    const prize = (id: string, grantedOn: string, more: object = {}) => ({
      id,
      type: 'award',
      data: { kind: '河北名牌产品', level: '省', title: '电缆', grantedBy: '省局', grantedOn, ...more },
    })
    const same = (records: Parameters<Firm['add']>[0][], { type, data }: Parameters<Firm['add']>[0]) => {
      const kind = catalogue.kind(type)
      return kind && sameRecord(new Firm(records).dossier, kind, data)?.id
    }
    for (const [said, records, one, id] of [
      ['none', [], prize('n', '2026'), undefined],
      ['the very day', [prize('a', '2026-01-05'), prize('b', '2026-01-06')], prize('n', '2026-01-06'), 'b'],
      ['its year alone', [prize('a', '2026-01-05'), prize('b', '2025-01-05')], prize('n', '2026'), 'a'],
      [
        'its month, where the year was known',
        [prize('a', '2025'), prize('b', '2026')],
        prize('n', '2026-02'),
        'b',
      ],
      [
        'two of that year',
        [prize('a', '2026-01-05'), prize('b', '2026-01-06')],
        prize('n', '2026'),
        undefined,
      ],
      ['another month', [prize('a', '2026-01')], prize('n', '2026-02'), undefined],
      ['another title', [prize('a', '2026', { title: '水泥' })], prize('n', '2026'), undefined],
      ['another kind of record', [grave('a')], prize('n', '2026'), undefined],
      ['a number', [grave('a'), grave('b')], grave('b'), 'b'],
      [
        'a number written alike',
        [grave('a', '2026-02-02', { documentNo: '冀 1' }), grave('b', '2026-02-02', { documentNo: '冀1' })],
        grave('n', '2026-02-02', { documentNo: '冀1' }),
        'b',
      ],
      [
        'a number written otherwise than either',
        [grave('a', '2026-02-02', { documentNo: '冀 1' }), grave('b', '2026-02-02', { documentNo: '冀1' })],
        grave('n', '2026-02-02', { documentNo: '冀  1' }),
        'a',
      ],
    ] as const)
      t.equal(same([...records], one), id, said)
    const firm = new Firm([grave('a'), prize('p', '2026-01-05')])
    firm.withdraw('a')
    firm.withdraw('p')
    const kindOf = (type: string) => {
      const kind = catalogue.kind(type)
      if (!kind) throw new Error(type)
      return kind
    }
    t.equal(sameRecord(firm.dossier, kindOf('penalty'), grave('a').data), undefined, 'withdrawn')
    t.equal(sameRecord(firm.dossier, kindOf('award'), prize('n', '2026').data), undefined, 'withdrawn')
  },
)

t.test('the record that a row was taken into', async (t) => {
  const own = file(
    ORG,
    USCC,
    ['record.added', { ...grave('p'), row: 'r1' }],
    ['record.added', { ...grave('q'), row: 'r2' }],
    ['record.updated', { id: 'p', changes: { fine: 7 }, row: 'r3' }],
    ['record.added', { ...grave('w'), row: 'r4' }],
    ['record.withdrawn', { id: 'w', reason: '误' }],
  )
  const [penalties, awards] = ['penalty', 'award'].map((type) => catalogue.kind(type))
  for (const [row, id] of [
    ['r1', 'p'],
    ['r2', 'q'],
    ['r3', 'p'],
    ['r4', undefined],
    ['r5', undefined],
  ] as const) {
    t.equal(penalties && recordOfRow(own, penalties, row)?.id, id, row)
    t.equal(awards && recordOfRow(own, awards, row)?.id, undefined, 'of another kind')
  }
})

t.test(
  'the row that a file, a record and a change come from stands in their entries, where there is one',
  async (t) => {
    const own = file(ORG, USCC)
    const firm = new Firm([grave('p')])
    const rowOf = ({ drafts }: Decision) => drafts.map(({ payload }) => Object(payload).row)
    const hasRow = ({ drafts }: Decision) => drafts.map(({ payload }) => 'row' in Object(payload))
    for (const [said, act] of [
      ['open', (row?: string) => openFile({ codes: { uscc: USCC }, data: { name: '示例' }, row }, at())],
      ['add', (row?: string) => addRecord(own, 'penalty', grave('n').data, at(), row)],
      ['update', (row?: string) => updateRecord(firm.dossier, 'p', { fine: 7 }, at(), { row })],
    ] as const) {
      t.same(rowOf(act('r1')), ['r1'], said)
      t.same(hasRow(act()), [false], said)
    }
    t.same(rowOf(importEnterprise(own, { name: '新名' }, 'r1', at())), ['r1'])
    t.same(hasRow(changeEnterprise(own, { name: '新名' }, at())), [false])
  },
)

t.test(
  'what looks like personal data is refused, unless it stood there or somebody says what it is',
  async (t) => {
    const PHONE = '联系 13812345678'
    const own = file(ORG, USCC)
    const data = { ...grave('n').data, conduct: PHONE }
    const notPersonal = { conduct: '是批号' }
    const add = (more: object = {}) => outcome(() => addRecord(own, 'penalty', data, { ...at(), ...more }))
    t.equal(add(), 'invalid /data/conduct personal-data')
    t.match(add({ notPersonal }), /record.added platform change.explained internal$/)
    const explained = addRecord(own, 'penalty', data, { ...at(), notPersonal }).drafts[1]
    t.match(explained?.payload, { reason: '不是个人信息：conduct：是批号' })
    const both = addRecord(own, 'penalty', data, { ...at(), notPersonal: { ...notPersonal, x: '乙' } })
    t.match(both.drafts[1]?.payload, { reason: '不是个人信息：conduct：是批号；x：乙' })
    const firm = new Firm([grave('p', '2026-02-02', { conduct: PHONE })])
    t.match(
      outcome(() => updateRecord(firm.dossier, 'p', { fine: 7 }, at())),
      /record.updated/,
      'it stood there',
    )
    t.equal(
      outcome(() => updateRecord(firm.dossier, 'p', { conduct: `${PHONE}，` }, at())),
      'invalid /data/conduct personal-data',
      'changed it is judged anew',
    )
  },
)

t.test(
  'after a move of the firm a penalty is added by whoever has an open case of their own there, nothing else',
  async (t) => {
    for (const [said, ends, type, actor, may] of [
      ['a penalty', false, 'penalty', people.clerk, true],
      ['by the city above', false, 'penalty', people.city, true],
      ['by another county’s superior', false, 'penalty', people.elsewhere, true],
      ['an award', false, 'award', people.clerk, false],
      ['once the case has ended', true, 'penalty', people.clerk, false],
    ] as const) {
      const firm = new Firm([grave('p')])
      const id = firm.propose()
      if (ends) firm.step(id, { step: 'dropping', reason: '误' })
      firm.fact('enterprise.changed', { changes: { region: '130202' } })
      t.equal(addingHindrance(firm.dossier, type, at(actor)) === undefined, may, said)
    }
  },
)

t.test('what a procedure decides is changed by it alone', async (t) => {
  const firm = new Firm([grave('p')])
  const ends = { publicationEndsOn: '2026-03-01' }
  t.equal(
    outcome(() => updateRecord(firm.dossier, 'p', ends, at())),
    'invalid /data/publicationEndsOn by-procedure',
  )
  t.equal(
    outcome(() => correctRecord(firm.dossier, 'p', ends, '误', at())),
    'invalid /data/publicationEndsOn by-procedure',
  )
  t.match(
    outcome(() => updateRecord(firm.dossier, 'p', ends, at(), { byProcedure: true })),
    /record.updated/,
  )
  const { data } = grave('n')
  t.equal(
    outcome(() => addRecord(firm.dossier, 'penalty', { ...data, ...ends }, at())),
    'invalid /data/publicationEndsOn by-procedure',
  )
})

t.test('which of several units of one licence data is about', async (t) => {
  const unit = (id: string, unit?: string) =>
    licence(id, { number: 'XK1', ...(unit !== undefined && { unit }) })
  const of = (...records: ReturnType<typeof licence>[]) => {
    const firm = new Firm([grave('p'), grave('q'), ...records])
    return (data: object) =>
      refusalOf(() => mustTellApart(firm.dossier, licenceKind, { ...unit('x').data, ...data }))
  }
  const [one, two] = [unit('l', '一单元'), unit('m', '二单元')]
  for (const [said, records, data, isRefused] of [
    ['none', [], {}, false],
    ['one', [one], {}, false],
    ['one that says no unit', [unit('l')], {}, false],
    ['two', [one, two], {}, true],
    ['two, named', [one, two], { unit: '一单元' }, false],
    ['two, another', [one, two], { unit: '三单元' }, false],
    ['two, both named', [one, two], { unit: '一单元、二单元' }, true],
    ['two, of another number', [one, two], { number: 'XK2' }, false],
    ['two of one unit', [one, unit('m', '一单元、三单元')], {}, false],
  ] as const) {
    const { reason, faults, title } = of(...records)(data)
    t.same([reason, ...faults], isRefused ? ['invalid', '/data/unit ambiguous'] : [''], said)
    if (isRefused)
      t.match(title, /XK1 .*按产品单元分为几条（“一单元”、“二单元”），.*请在“产品单元”一栏写明/, said)
  }
  const penalties = new Firm([grave('p'), grave('q')]).dossier
  t.equal(
    refusalOf(() => mustTellApart(penalties, penaltyKind, grave('p').data)).reason,
    '',
    'what has no such units',
  )
})

t.test(
  'what is wrong with a reason is told, and a decision in the place of one that stands is refused',
  async (t) => {
    const own = file(ORG, USCC)
    const told = (reason: string) => refusalOf(() => withdrawEnterprise(own, reason, at())).title
    t.match(told('长'.repeat(501)), /^理由：.*500/)
    t.notMatch(told(''), /500/)
    const { data } = grave('q', '2026-02-20', { replacesNo: 'p' })
    for (const [said, records, faults] of [
      ['none', [], []],
      ['one that stands', [grave('p')], ['/data/replacesNo not-in-place']],
      ['one of two', [grave('o'), grave('p')], ['/data/replacesNo not-in-place']],
      ['another', [grave('o')], []],
      [
        'one that was changed',
        [grave('p', '2026-02-02', { reviewOutcome: '变更', reviewedOn: '2026-02-20' })],
        [],
      ],
    ] as const) {
      const firm = new Firm([...records])
      t.same(
        refusalOf(() => addRecord(firm.dossier, 'penalty', data, firm.at(people.clerk))).faults,
        faults,
        said,
      )
    }
    const withdrawn = new Firm([grave('p')])
    withdrawn.withdraw('p')
    t.same(
      refusalOf(() => addRecord(withdrawn.dossier, 'penalty', data, withdrawn.at(people.clerk))).faults,
      [],
    )
  },
)
