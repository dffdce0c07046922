import t from 'tap'
import { casesChangeOn, isInForce } from '../../src/dossier/case.ts'
import { ratingInForce } from '../../src/dossier/dossier.ts'
import {
  faceChangesOn,
  fileJson,
  isSameFace,
  officerFile,
  type PublicFile,
  publicDecision,
  publicFace,
  publicFileOf,
  transitions,
  warningsOf,
} from '../../src/dossier/face.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { award, Firm, grave, penalty, people } from '../blacklist/firm.ts'
import { licence, sampling } from '../rating/files.ts'

/** What the public sees of a file, on which day; nothing else of it shows anywhere. */

const face = (firm: Firm, on = '2026-11-24'): PublicFile => {
  const shown = publicFace(firm.dossier, on, catalogue)
  if (!shown) throw new Error('nothing is shown')
  return shown
}
const ids = (firm: Firm, section: string, on?: string) =>
  (face(firm, on).sections[section] ?? []).map(({ id }) => id)
// 20 working days after Monday 2026-03-02: Monday 2026-03-30, and three years.
const fined = (id: string, more = {}) => penalty(id, '2026-03-02', more)

t.test('a record shows from its day on, until its end, and not on it', async (t) => {
  const firm = new Firm([fined('p')])
  for (const [on, shown] of [
    ['2026-03-29', []],
    ['2026-03-30', ['p']],
    ['2029-03-29', ['p']],
    ['2029-03-30', []],
  ] as const)
    t.same(ids(firm, 'penalties', on), shown, on)
  t.match(face(firm, '2026-03-30').sections.penalties, [
    { publication: { from: '2026-03-30', until: '2029-03-30', rule: /第十三条/ } },
  ])
  t.notOk('public' in (face(firm).sections.penalties?.[0]?.publication ?? {}))
})

t.test('of two records one withdrawn, or hidden, the other shows', async (t) => {
  const firm = new Firm([fined('p'), fined('q'), fined('r', { procedure: '简易程序' })])
  t.same(ids(firm, 'penalties'), ['q', 'p'])
  firm.withdraw('p')
  t.same(ids(firm, 'penalties'), ['q'])
  firm.change('q', { reviewOutcome: '撤销' })
  t.same(ids(firm, 'penalties'), [])
})

t.test('each kind in its section, the newest first', async (t) => {
  const firm = new Firm([
    licence('l1', { issuedOn: '2023-01-10' }),
    licence('l2', { issuedOn: '2025-01-10' }),
    licence('l3', { issuedOn: '2024-01-10' }),
    licence('l4', { issuedOn: '2024-01-10' }),
    sampling('i', '2026-03-01', '合格'),
    award('a', '省', '2025-05-01'),
  ])
  t.same(ids(firm, 'licences'), ['l2', 'l4', 'l3', 'l1'])
  const sameDay = ['b', 'd', 'a', 'c'].map((id) => licence(id, { issuedOn: '2024-01-10' }))
  t.same(ids(new Firm(sameDay), 'licences'), ['d', 'c', 'b', 'a'], 'of one day, the last recorded first')
  t.same(ids(firm, 'inspections'), ['i'])
  t.same(ids(firm, 'awards'), ['a'])
  t.same(ids(firm, 'penalties'), [])
})

t.test('internal and unknown fields stay inside, in every kind', async (t) => {
  const secret = '机密'
  const internal = catalogue.kinds.flatMap(({ columns }) => columns.filter((own) => own.internal))
  const parties = ['producer', 'sampledUnit', 'thirdParty']
  const ofParty = (field: string) => parties.some((party) => field.startsWith(party))
  const fields = internal.map(({ field }) => field)
  t.equal(fields.filter(ofParty).length, 9)
  t.same(fields.filter((field) => !ofParty(field)).sort(), [
    ...['applicationBasis', 'caseNo', 'facts', 'findings', 'forwardedOn', 'hearing', 'hearingOn'],
    ...['hearingToldOn', 'inspectors', 'interviewee', 'minutes', 'remark', 'remark', 'signature'],
  ])
  const texts = internal.filter(({ type }) => type === 'text').map(({ field }) => field)
  const hidden = {
    ...Object.fromEntries([...texts, 'unheardOf'].map((field) => [field, secret])),
    ...{ hearingToldOn: '2001-02-03', hearingOn: '2001-02-03', forwardedOn: '2001-02-03', hearing: '已举行' },
    signature: '检查人员和企业已签字',
  }
  const interviewed = { interviewedOn: '2026-03-02', authority: '省局', area: '食品', hazard: '过期原料' }
  const firm = new Firm([
    fined('p', hidden),
    licence('l', hidden),
    sampling('i', '2026-03-01', '合格', hidden),
    award('a', '省', '2025-05-01', hidden),
    { ...award('t', '省', '2025-05-01'), type: 'interview', data: { ...interviewed, ...hidden } },
  ])
  firm.fact('enterprise.changed', { changes: { legalRepresentative: secret, unheardOf: secret } })
  firm.fact('note.added', { id: 'n', text: secret })
  t.equal(face(firm).sections.penalties?.length, 1, 'public, so that what it hides is tried')
  t.notMatch(fileJson(face(firm)), /机密|2001-02-03|已举行|已签字/)
  t.match(fileJson(officerFile(firm.dossier, '2026-11-24', catalogue)), /机密/)
  t.match(face(firm).enterprise, {
    name: '示例公司',
    region: '130102',
    regionName: '河北省石家庄市长安区',
    formerNames: [],
  })
})

t.test('a withdrawn file shows nothing', async (t) => {
  const firm = new Firm([fined('p')])
  firm.fact('enterprise.withdrawn', { reason: '误建' })
  t.equal(publicFace(firm.dossier, '2026-11-24', catalogue), undefined)
})

t.test('a licence reads as expired the day after its last', async (t) => {
  const firm = new Firm([licence('l', { validTo: '2026-11-24' })])
  t.equal(face(firm, '2026-11-24').sections.licences?.[0]?.data.status, '有效')
  t.equal(face(firm, '2026-11-25').sections.licences?.[0]?.data.status, '过期')
  t.equal(officerFile(firm.dossier, '2026-11-25', catalogue).sections.licences?.[0]?.data.status, '过期')
})

t.test('a correction is told where it touched what the public sees', async (t) => {
  const firm = new Firm([fined('p'), fined('q')])
  firm.fact('record.corrected', { id: 'p', changes: { content: '罚款。' }, reason: '错字' })
  firm.today = '2026-03-03'
  firm.fact('record.corrected', { id: 'q', changes: { facts: '事实' }, reason: '错字' })
  const [q, p] = face(firm).sections.penalties ?? []
  t.equal(p?.correctedAt, '2026-03-02T02:00:00.000Z')
  t.equal(q?.correctedAt, undefined)
  t.notMatch(fileJson(face(firm)), /错字/)
  t.same(
    face(firm)
      .history.filter(({ kind }) => kind === 'record.corrected')
      .map(({ id }) => id),
    ['p'],
  )
})

t.test('the history that the public sees', async (t) => {
  const firm = new Firm([grave('p', '2026-02-02'), fined('hidden', { procedure: '简易程序' })])
  const kinds = (on?: string) => face(firm, on).history.map(({ kind, id }) => (id ? `${kind} ${id}` : kind))
  const opened = ['enterprise.opened', 'record.added p']
  t.same(kinds(), opened)
  firm.fact('enterprise.changed', { changes: { legalRepresentative: '李四' } })
  firm.fact('note.added', { id: 'n', text: '备注' })
  firm.fact('warning.settled', { code: 'embedded-code', reason: '已核' })
  t.same(kinds(), opened, 'nothing of what stays inside')
  firm.fact('enterprise.changed', { changes: { address: '示例路 1 号' } })
  t.same(kinds(), [...opened, 'enterprise.changed'])
  const id = firm.propose()
  firm.step(id, { step: 'notice', servedOn: '2026-03-02', way: '直接送达' })
  firm.today = '2026-03-10'
  firm.step(id, { step: 'consent', granted: true, reasons: '同意' }, people.city)
  firm.step(
    id,
    { step: 'decision', listed: true, decisionNo: 'x', decidedOn: '2026-03-10', reasons: 'x' },
    people.head,
  )
  t.same(kinds(), [...opened, 'enterprise.changed'], 'nothing of a case before its publication')
  const before = face(firm)
  firm.step(id, { step: 'publication' }, people.head)
  t.same(kinds(), [...opened, 'enterprise.changed', `listing.published ${id}`])
  t.ok(face(firm).revision > before.revision, 'the revision is of the last that shows')
  t.same(kinds('2029-03-10').at(-1), 'enterprise.changed', 'gone with its term')
  firm.step(id, { step: 'revocation', reason: '有误' }, people.city)
  t.same(kinds(), [...opened, 'enterprise.changed'], 'gone with its removal')
  t.match(face(firm), { revision: before.revision, position: before.position })
})

t.test('a listing as anyone sees it, on its days', async (t) => {
  const firm = new Firm([grave('p'), grave('q', '2026-02-03'), grave('r', '2026-02-03')])
  const id = firm.listed(['p', 'q'])
  const listings = (on: string) => face(firm, on).listings.map((own) => own.id)
  t.same(listings('2026-03-09'), [], 'from the day of its decision')
  t.same(listings('2026-03-10'), [id])
  t.same(listings('2029-03-09'), [id])
  t.same(listings('2029-03-10'), [])
  t.match(face(firm).listings, [
    {
      decisionNo: '长市监列〔2026〕1号',
      authority: '长安区局',
      from: '2026-03-10',
      until: '2029-03-10',
      repair: { from: '2027-03-10' },
      objectionOpen: false,
    },
  ])
  const named = () => face(firm).listings[0]?.penalties.map(({ documentNo }) => documentNo)
  t.same(named(), ['p', 'q'], "the case's own penalties, no others")
  for (const [reviewOutcome, names] of [
    ['维持', ['p', 'q']],
    ['变更', ['q']],
    ['撤销', ['q']],
    ['确认违法', ['q']],
    ['确认无效', ['q']],
    [null, ['p', 'q']],
  ] as const) {
    firm.change('p', { reviewOutcome })
    t.same(named(), names, `one of two: ${reviewOutcome}`)
  }
  firm.withdraw('p')
  t.same(named(), ['q'])
  t.same(Object.keys(face(firm).listings[0] ?? {}).sort(), [
    'authority',
    'basis',
    'decidedOn',
    'decisionNo',
    'from',
    'ground',
    'id',
    'measures',
    'objectionOpen',
    'penalties',
    'publishedAt',
    'repair',
    'until',
  ])
  const onlyDecided = new Firm()
  onlyDecided.listed(['p'], { publish: false })
  t.same(face(onlyDecided).listings, [])
})

t.test('an open objection is told of what the public sees, without its grounds', async (t) => {
  const firm = new Firm([grave('p'), grave('q', '2026-02-03'), fined('hidden', { procedure: '简易程序' })])
  firm.fact('rating.issued', rating('r', {}))
  const id = firm.listed(['p'])
  const onItsWay = firm.propose(['q'])
  const object = (kind: string, about: string) =>
    firm.do('file-objection', undefined, { about: { kind, id: about }, on: '2026-03-10', grounds: '机密' })
  object('case', id)
  object('case', onItsWay)
  object('record', 'p')
  object('record', 'hidden')
  object('rating', 'r')
  const open = () => face(firm).objections.map(({ about }) => about.id)
  t.same(open(), [id, 'p', 'r'])
  t.equal(face(firm).listings[0]?.objectionOpen, true)
  t.notMatch(fileJson(face(firm)), /机密/)
  const settle = (index: number) =>
    firm.do(
      'settle-objection',
      firm.dossier.objections[index]?.id ?? '',
      { upheld: false, outcome: '核实' },
      people.third,
    )
  settle(2)
  t.same(open(), [id, 'r'], 'one of three settled')
  t.equal(face(firm).listings[0]?.objectionOpen, true)
  settle(0)
  t.equal(face(firm).listings[0]?.objectionOpen, false)
  t.same(open(), ['r'])
})

function rating(id: string, more: object, standard = 'four-grades') {
  return {
    id,
    standard: { id: standard, version: 1, shownAs: 'grade' },
    on: '2026-10-01',
    grade: 'B',
    points: 70,
    items: [],
    limits: [],
    ...more,
  }
}

t.test('what a rating rests on shows only with its records', async (t) => {
  const firm = new Firm([fined('p'), fined('hidden', { procedure: '简易程序' })])
  const item = (name: string, points: number, records: string[]) => ({
    id: name,
    rule: name,
    points,
    records,
  })
  const limit = (name: string, records: string[]) => ({ id: name, rule: name, grade: 'C', records })
  const next = { grade: 'A', missing: 5, limits: [], items: [] }
  firm.fact(
    'rating.issued',
    rating('open', { items: [item('a', -10, ['p'])], limits: [limit('x', ['p'])], next, reason: '因' }),
  )
  firm.fact(
    'rating.issued',
    rating('hiddenItems', {
      items: [item('a', -10, ['p']), item('b', -7, ['hidden']), item('c', -3, ['p', 'hidden'])],
      next,
      reason: '因',
    }),
  )
  firm.fact(
    'rating.issued',
    rating('hiddenLimit', { limits: [limit('x', ['p']), limit('y', ['hidden'])], next, reason: '因' }),
  )
  const shown = Object.fromEntries(face(firm).ratings.map((own) => [own.id, own]))
  t.same(
    face(firm).ratings.map(({ id, inForce }) => [id, inForce]),
    [
      ['hiddenLimit', true],
      ['hiddenItems', false],
      ['open', false],
    ],
    'the latest first',
  )
  t.match(shown.open, { items: [{ id: 'a' }], limits: [{ id: 'x' }], next, reason: '因' })
  t.equal(shown.open?.unpublished, undefined)
  t.same(
    shown.hiddenItems?.items.map(({ id }) => id),
    ['a'],
  )
  t.match(shown.hiddenItems, { unpublished: { points: -10, limited: false }, reason: '因' })
  t.equal(shown.hiddenItems?.next, undefined)
  t.same(
    shown.hiddenLimit?.limits.map(({ id }) => id),
    ['x'],
  )
  t.match(shown.hiddenLimit, { unpublished: { points: 0, limited: true } })
  t.equal(shown.hiddenLimit?.reason, undefined, 'a reason would tell of it')
  t.equal(shown.hiddenLimit?.next, undefined)
  firm.fact('rating.issued', rating('class', {}, 'enterprise-classes'))
  firm.fact('rating.revoked', { id: 'hiddenLimit', reason: '机密' })
  t.same(
    face(firm).ratings.map(({ id, inForce }) => [id, inForce]),
    [
      ['class', true],
      ['hiddenLimit', false],
      ['hiddenItems', true],
      ['open', false],
    ],
    'each standard has one in force: the last that was not revoked',
  )
  t.match(face(firm).ratings[1], { items: [], limits: [], revokedAt: '2026-03-02T02:00:00.000Z' })
  t.equal(ratingInForce(firm.dossier, 'four-grades')?.id, 'hiddenItems')
  t.equal(ratingInForce(firm.dossier, 'other'), undefined)
  t.notMatch(fileJson(face(firm)), /机密/)
})

t.test('the days on which a face changes by itself', async (t) => {
  const firm = new Firm([
    fined('p'),
    licence('l', { issuedOn: '2023-01-10', validTo: '2028-01-09' }),
    fined('never', { procedure: '简易程序' }),
    fined('ended', { publicationEndsOn: '2026-03-30' }),
    fined('gone'),
  ])
  firm.withdraw('gone')
  t.same(
    transitions(firm.dossier, catalogue).map(({ id, kind, on }) => `${id} ${kind} ${on}`),
    [
      'p record.published 2026-03-30',
      'p record.unpublished 2029-03-30',
      'l record.published 2023-01-10',
      'l record.expired 2028-01-10',
    ],
  )
  for (const [on, next] of [
    ['2022-01-01', '2023-01-10'],
    ['2026-03-29', '2026-03-30'],
    ['2026-03-30', '2028-01-10'],
    ['2028-01-09', '2028-01-10'],
    ['2028-01-10', '2029-03-30'],
    ['2029-03-30', undefined],
  ] as const)
    t.equal(faceChangesOn(firm.dossier, on, catalogue), next, on)
})

t.test('the days on which cases change by themselves', async (t) => {
  const firm = new Firm([grave('p'), grave('q', '2026-02-03', { conduct: '伪造标志' })])
  t.equal(casesChangeOn(firm.dossier), undefined)
  const id = firm.listed(['p'], { publish: false })
  t.equal(casesChangeOn(firm.dossier), '2026-04-08', 'the last day for publication')
  t.equal(faceChangesOn(firm.dossier, '2026-05-06', catalogue), '2026-04-08', 'due until it is done')
  firm.step(id, { step: 'publication' }, people.head)
  t.equal(casesChangeOn(firm.dossier), '2029-03-10')
  for (const [on, listed] of [
    ['2026-03-09', false],
    ['2026-03-10', true],
    ['2029-03-09', true],
    ['2029-03-10', false],
  ] as const)
    t.equal(isInForce(firm.case(id), on), listed, on)
  firm.today = '2026-03-16'
  const other = firm.propose(['q'], { ground: 'forged-marks' })
  t.equal(casesChangeOn(firm.dossier), '2029-03-10')
  firm.step(id, { step: 'revocation', reason: '有误' }, people.city)
  t.equal(casesChangeOn(firm.dossier), undefined)
  t.notOk(isInForce(firm.case(id), '2026-03-16'))
  t.notOk(isInForce(firm.case(other), '2026-03-16'))
})

t.test('officers see what was withdrawn, without its text', async (t) => {
  const firm = new Firm([fined('p', { facts: '机密' }), fined('q')])
  firm.withdraw('p')
  const file = officerFile(firm.dossier, '2026-11-24', catalogue)
  t.match(file.sections.penalties, [
    { id: 'q', data: { documentNo: 'q' }, publication: { public: true } },
    { id: 'p', data: {}, withdrawn: { reason: '录入有误' }, publication: { public: false } },
  ])
  t.same(file.sections.penalties?.[1]?.data, {})
  t.notMatch(fileJson(file), /机密/)
  firm.change('q', { content: '罚款' })
  t.ok(officerFile(firm.dossier, '2026-11-24', catalogue).sections.penalties?.[0]?.updatedAt)
})

t.test('a public file survives being kept as text', async (t) => {
  const firm = new Firm([fined('p'), licence('l')])
  t.same(publicFileOf(fileJson(face(firm)), catalogue).sections, face(firm).sections)
})

t.test('what is odd about the codes of a file', async (t) => {
  for (const [key, codes] of [
    ['M000100Y4', []],
    ['M000100Y5', ['embedded-code']],
    ['91350100M000100Y43', ['shared-organisation-code']],
  ] as const)
    t.same(
      warningsOf({ key }).map(({ code }) => code),
      codes,
      key,
    )
  t.match(warningsOf({ key: '91350100M000100Y43' }), [{ detail: /M000100Y4 / }])
})

t.test('names, former names, reopening', async (t) => {
  const firm = new Firm()
  const rename = (name: string) => firm.fact('enterprise.changed', { changes: { name } })
  rename('示例乙公司')
  rename('示例丙公司')
  t.same(firm.dossier.formerNames, ['示例公司', '示例乙公司'])
  rename('示例公司')
  t.same(
    firm.dossier.formerNames,
    ['示例乙公司', '示例丙公司'],
    'a name that is borne again is no former one',
  )
  rename('示例公司')
  t.same(firm.dossier.formerNames, ['示例乙公司', '示例丙公司'])
  firm.fact('enterprise.corrected', { changes: { name: '示例丁公司' }, reason: '错' })
  t.same(firm.dossier.formerNames, ['示例乙公司', '示例丙公司'], 'a correction leaves none')
  firm.fact('enterprise.withdrawn', { reason: '误建' })
  t.match(firm.dossier, { enterprise: {}, formerNames: [], records: [], cases: [], ratings: [] })
  t.same(firm.dossier.records, [])
  t.same(firm.dossier.formerNames, [])
  firm.fact('enterprise.opened', { data: { name: '示例戊公司' } })
  t.equal(face(firm).enterprise.name, '示例戊公司')
  t.same(ids(firm, 'penalties'), [])
})

t.test(
  'ratings: their events are public, the newest stands first, and one of each standard is in force',
  async (t) => {
    const firm = new Firm([])
    for (const [id, standard] of [
      ['a', 'four-grades'],
      ['b', 'enterprise-classes'],
      ['c', 'four-grades'],
    ] as const)
      firm.fact('rating.issued', {
        id,
        standard: { id: standard, version: 1, shownAs: 'grade' },
        on: '2026-03-01',
        grade: 'B',
        points: 80,
        items: [],
        limits: [],
      })
    const own = () =>
      officerFile(firm.dossier, '2026-11-24', catalogue).ratings.map(({ id, inForce }) => [id, inForce])
    t.same(own(), [
      ['c', true],
      ['b', true],
      ['a', false],
    ])
    t.same(
      face(firm).ratings.map(({ id, inForce }) => [id, inForce]),
      own(),
    )
    firm.fact('rating.revoked', { id: 'c', reason: '有误' })
    t.same(own(), [
      ['c', false],
      ['b', true],
      ['a', true],
    ])
    t.same(
      face(firm).history.flatMap(({ kind, id }) => (kind.startsWith('rating.') ? [`${kind} ${id}`] : [])),
      ['rating.issued a', 'rating.issued b', 'rating.issued c', 'rating.revoked c'],
    )
  },
)

t.test('a case counts the applications for repair that came to nothing', async (t) => {
  const firm = new Firm()
  const id = firm.listed()
  const counted = () => firm.case(id).formerRepairs?.length ?? 0
  t.equal(counted(), 0)
  firm.today = '2027-03-10'
  for (const earlier of [0, 1, 2]) {
    firm.step(id, { step: 'repairApplication', on: '2027-03-10', grounds: '已整改' })
    t.equal(counted(), earlier)
    firm.step(id, { step: 'repairAcceptance', accepted: false, reasons: '材料不全' })
  }
})

t.test('a record that was corrected twice says when it last was', async (t) => {
  const firm = new Firm([fined('p')])
  for (const day of ['2026-04-01', '2026-04-05']) {
    firm.today = day
    firm.fact('record.corrected', { id: 'p', changes: { content: day }, reason: '误录' })
  }
  t.match(face(firm).sections.penalties, [{ correctedAt: /^2026-04-05/ }])
})

t.test('the first of the days on which a face changes by itself, of whatever kind', async (t) => {
  const unpublished = { id: 'p', on: '2026-03-02', reason: '撤销' }
  const limited = (id: string, limitedUntil: string, standard = 'four-grades') => ({
    ...rating(id, { limitedUntil }, standard),
  })
  for (const [said, facts, on, next] of [
    ['nothing', [], '2026-03-02', undefined],
    ['a rating', [['rating.issued', limited('r', '2026-05-01')]], '2026-03-02', '2026-05-01'],
    ['a rating that is due', [['rating.issued', limited('r', '2026-05-01')]], '2026-06-01', '2026-05-01'],
    [
      'the first of two, by different standards',
      [
        ['rating.issued', limited('r', '2026-05-02')],
        ['rating.issued', limited('s', '2026-05-01', 'enterprise-classes')],
      ],
      '2026-03-02',
      '2026-05-01',
    ],
    [
      'a rating in force no more',
      [
        ['rating.issued', limited('r', '2026-05-01')],
        ['rating.issued', limited('s', '2026-05-02')],
      ],
      '2026-03-02',
      '2026-05-02',
    ],
    [
      'a record before a rating',
      [
        ['record.added', fined('q')],
        ['rating.issued', limited('r', '2026-05-01')],
      ],
      '2026-03-02',
      '2026-03-30',
    ],
    ['what was taken back', [['record.unpublished', unpublished]], '2026-03-02', '2027-03-02'],
    ['on its day', [['record.unpublished', unpublished]], '2027-03-01', '2027-03-02'],
    ['after its day', [['record.unpublished', unpublished]], '2027-03-02', undefined],
    [
      'a record that was withdrawn',
      [
        ['record.added', fined('q')],
        ['record.withdrawn', { id: 'q', reason: '' }],
      ],
      '2026-03-02',
      undefined,
    ],
  ] as [string, [string, unknown][], string, string | undefined][]) {
    const firm = new Firm([penalty('p', '2020-03-02', { reviewOutcome: '撤销' })])
    for (const [kind, payload] of facts) firm.fact(kind, payload)
    t.equal(faceChangesOn(firm.dossier, on, catalogue), next, said)
  }
})

t.test('a publication taken back is told for as long as its line stays, by its kind', async (t) => {
  const firm = new Firm([
    penalty('p', '2026-02-02', { reviewOutcome: '撤销' }),
    { id: 'x', type: 'of-later', data: {} },
  ])
  firm.fact('record.unpublished', { id: 'p', on: '2026-03-02', reason: '撤销' })
  firm.fact('record.unpublished', { id: 'x', on: '2026-03-03', reason: '变更' })
  t.same(face(firm, '2027-03-01').retractions, [
    { type: 'penalty', label: '违法违规', on: '2026-03-02', reason: '撤销' },
    { type: 'of-later', label: 'of-later', on: '2026-03-03', reason: '变更' },
  ])
  t.same(face(firm, '2027-03-02').retractions.length, 1)
  t.same(face(firm, '2027-03-03').retractions, [])
})

t.test('an older rating goes with what it rested on, one in force and one revoked stay', async (t) => {
  const item = { id: 'a', rule: 'a', points: -1, records: ['p'] }
  const limit = { id: 'l', rule: 'l', grade: 'C', records: ['p'] }
  for (const [said, of, more] of [
    ['an item', 'items', item],
    ['a limit', 'limits', limit],
  ] as const) {
    const firm = new Firm([fined('p'), fined('q')])
    const ids = () => face(firm).ratings.map(({ id }) => id)
    for (const id of ['first', 'second', 'third']) firm.fact('rating.issued', rating(id, { [of]: [more] }))
    firm.fact(
      'rating.issued',
      rating('other', { items: [{ ...item, records: ['q'] }] }, 'enterprise-classes'),
    )
    firm.fact('rating.revoked', { id: 'second', reason: '误' })
    t.same(ids(), ['other', 'third', 'second', 'first'], said)
    firm.withdraw('p')
    t.same(ids(), ['other', 'third', 'second'], `${said}: gone with it`)
    const third = face(firm).ratings.find(({ id }) => id === 'third')
    t.same([third?.items, third?.limits, third?.unpublished], [[], [], undefined], 'nor are its points told')
  }
})

t.test('an older rating goes with what it said of a record until that was corrected', async (t) => {
  const counting = (id: string, part: string, standard?: string) =>
    rating(id, { items: [{ id: part, rule: part, points: -1, records: ['p'] }] }, standard)
  const corrected = (changes: object) => ['record.corrected', { id: 'p', changes, reason: '误' }] as const
  const issued = (...given: Parameters<typeof counting>) => ['rating.issued', counting(...given)] as const
  const text = corrected({ conduct: '别的' })
  for (const [said, facts, shown] of [
    ['nothing', [issued('a', 'x'), issued('b', 'x')], ['b', 'a']],
    ['a sum', [issued('a', 'x'), corrected({ fine: 70_000 }), issued('b', 'x')], ['b']],
    ['a date', [issued('a', 'x'), corrected({ decidedOn: '2026-03-01' }), issued('b', 'x')], ['b']],
    ['a term', [issued('a', 'x'), corrected({ severity: '较轻' }), issued('b', 'x')], ['b']],
    [
      'a text and a sum',
      [issued('a', 'x'), corrected({ conduct: '别的', fine: 70_000 }), issued('b', 'x')],
      ['b'],
    ],
    ['a text', [issued('a', 'x'), text, issued('b', 'x')], ['b', 'a']],
    ['a text by which it counts elsewhere', [issued('a', 'x'), text, issued('b', 'y')], ['b']],
    [
      'a text, and elsewhere only later',
      [issued('a', 'x'), text, issued('b', 'x'), issued('c', 'y')],
      ['c', 'b', 'a'],
    ],
    [
      'a text, and elsewhere before it',
      [issued('a', 'x'), issued('b', 'y'), text, issued('c', 'x')],
      ['c', 'a'],
    ],
    [
      'a text, and elsewhere by another standard',
      [issued('a', 'x'), text, issued('o', 'y', 'enterprise-classes'), issued('b', 'x')],
      ['b', 'o', 'a'],
    ],
    [
      'a sum, before it was rated',
      [corrected({ fine: 70_000 }), issued('a', 'x'), issued('b', 'x')],
      ['b', 'a'],
    ],
    ['a sum, of the one in force', [issued('a', 'x'), corrected({ fine: 70_000 })], ['a']],
    [
      'another record',
      [
        issued('a', 'x'),
        ['record.corrected', { id: 'q', changes: { fine: 70_000 }, reason: '误' }],
        issued('b', 'x'),
      ],
      ['b', 'a'],
    ],
    [
      'a change, not a correction',
      [issued('a', 'x'), ['record.updated', { id: 'p', changes: { fine: 70_000 } }], issued('b', 'x')],
      ['b', 'a'],
    ],
  ] as const) {
    const firm = new Firm([fined('p'), fined('q')])
    for (const [kind, payload] of facts) firm.fact(kind, payload)
    t.same(
      face(firm).ratings.map(({ id }) => id),
      shown,
      said,
    )
  }
})

t.test('two faces say the same but for the entry that they stand at', async (t) => {
  const one = () => face(new Firm([fined('p'), licence('l')]))
  const own = one()
  const [penalties, licences] = [own.sections.penalties ?? [], own.sections.licences ?? []]
  for (const [said, other, same] of [
    ['itself', own, true],
    ['its like', one(), true],
    ['at another entry', { ...one(), revision: 99, position: 99 }, true],
    ['another name', { ...one(), enterprise: { ...own.enterprise, name: '乙' } }, false],
    ['without a section', { ...one(), sections: { penalties, licences } }, false],
    ['without a record', { ...one(), sections: { ...own.sections, licences: [] } }, false],
    ['another record', { ...one(), sections: { ...own.sections, licences: penalties } }, false],
    ['a history that goes on', { ...one(), history: [...own.history, ...own.history] }, false],
    ['a history cut short', { ...one(), history: own.history.slice(1) }, false],
    ['no objection', { ...one(), objections: [] }, true],
    ['another objection', { ...one(), objections: [{ about: { kind: 'record', id: 'p' }, on: '' }] }, false],
    ['nothing', undefined, false],
  ] as [string, PublicFile | undefined, boolean][]) {
    t.equal(isSameFace(own, other), same, said)
    t.equal(isSameFace(other, own), same, `${said}, the other way`)
  }
  t.ok(isSameFace(undefined, undefined))
})

t.test('officers see each kind in its section, whole, and what is of no known kind apart', async (t) => {
  const firm = new Firm([
    fined('p', { caseNo: '案1' }),
    licence('l'),
    { id: 'x', type: 'of-later', data: { a: 1 } },
  ])
  firm.fact('note.added', { id: 'n', text: '备注' })
  firm.fact('warning.settled', { code: 'embedded-code', reason: '已核' })
  firm.fact('something.later', {})
  const file = officerFile(firm.dossier, '2026-11-24', catalogue)
  t.same(
    Object.entries(file.sections)
      .flatMap(([section, records]) => records.map(({ id }) => `${section} ${id}`))
      .sort(),
    ['licences l', 'penalties p'],
  )
  t.match(file, {
    notes: [{ text: '备注' }],
    settledWarnings: { 'embedded-code': { reason: '已核' } },
    unknown: { entries: [{ kind: 'something.later' }], records: [{ id: 'x' }] },
    corrections: [],
  })
  t.same(file.unknown.records.length, 1)
  const [p] = file.sections.penalties ?? []
  t.same([p?.updatedAt, p?.withdrawn, p?.data.caseNo], [undefined, undefined, '案1'])
  const hidden = new Firm()
  const id = hidden.listed()
  hidden.fact('objection.filed', { id: 'o', about: { kind: 'case', id }, on: '2026-03-10', grounds: '' })
  const own = (seen?: Parameters<typeof officerFile>[3]) =>
    officerFile(hidden.dossier, '2026-03-20', catalogue, seen)
  t.match(own(), { listings: [{ id }], listed: [{ id }], objections: [{ id: 'o' }] })
  const other = own({ isAll: false, hidden: new Set([id, 'o']) })
  t.match(other, { listings: [], listed: [{ id }], objections: [] })
  t.same([other.listings, other.objections], [[], []])
  t.equal(other.position, other.revision)
  t.ok(other.position < own().position, 'the objection is hidden from them')
  t.equal(own().position, hidden.dossier.position)
})

t.test('the text of a decision is read while its penalty is public and after its review', async (t) => {
  const firm = new Firm([fined('p'), fined('q')])
  const read = (id: string, on = '2026-03-30') => publicDecision(firm.dossier, id, on, catalogue)?.text
  const attach = (record: string, text: string) =>
    firm.fact('document.attached', { record, text, masked: 0, toldOn: '2026-03-01', by: 'x' })
  const review = (record: string, approved: boolean) =>
    firm.fact('document.reviewed', { record, approved, reasons: '', by: 'y' })
  attach('p', '一')
  attach('q', '二')
  t.equal(read('p'), undefined, 'not reviewed')
  review('p', true)
  review('q', false)
  t.same([read('p'), read('q')], ['一', undefined], 'one of two returned')
  t.same(
    [read('p', '2026-03-29'), read('p', '2029-03-29'), read('p', '2029-03-30')],
    [undefined, '一', undefined],
  )
  const has = () => (face(firm).sections.penalties ?? []).map(({ id, hasText }) => [id, hasText])
  t.same(has(), [
    ['q', undefined],
    ['p', true],
  ])
  attach('p', '三')
  t.equal(read('p'), '一', 'the last that was approved')
  review('p', true)
  t.equal(read('p'), '三')
  firm.withdraw('p')
  t.equal(read('p'), undefined)
  t.equal(read('nothing'), undefined)
})

t.test(
  'points that rest on what is gone are told of no more, though something hidden bore them too',
  async (t) => {
    const firm = new Firm([fined('p'), fined('hidden', { procedure: '简易程序' })])
    const item = (id: string, records: string[]) => ({ id, rule: id, points: -3, records })
    firm.fact('rating.issued', rating('r', { items: [item('a', ['p', 'hidden']), item('b', ['hidden'])] }))
    const points = () => face(firm).ratings[0]?.unpublished?.points
    t.equal(points(), -6)
    firm.withdraw('p')
    t.equal(points(), -3)
  },
)
