import t from 'tap'
import { isPublicOn } from '../../src/dossier/face.ts'
import { award } from '../../src/records/award.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { inspection } from '../../src/records/inspection.ts'
import { licence } from '../../src/records/licence.ts'
import { penalty, publishedNow, publishedStill, publishedUntil } from '../../src/records/penalty.ts'
import { fileWith } from '../rating/files.ts'
import { penaltyOf } from '../support.ts'

const decided = penaltyOf('1号', { publishedOn: '2026-10-20' }).data

t.test('penalties by Order 45', async (t) => {
  t.match(
    penalty.publication(decided),
    { public: true, from: '2026-10-20', until: '2029-10-20' },
    'three years',
  )
  t.match(
    penalty.publication({ ...decided, decidedOn: '2026-09-25', publishedOn: undefined }),
    { from: '2026-10-29' },
    'at the latest twenty working days after the decision',
  )
  t.match(penalty.publication({ ...decided, types: ['警告'] }), { public: false }, 'a mere warning never')
  t.match(
    penalty.publication({ ...decided, procedure: '简易程序' }),
    { public: false },
    'simple procedure never',
  )
  t.match(
    penalty.publication({ ...decided, types: ['警告', '罚款'] }),
    { public: true },
    'a warning beside a fine is public',
  )
  t.match(
    penalty.publication({ ...decided, fine: 3_000 }),
    { public: true, until: '2027-01-20' },
    'three months',
  )
  t.match(penalty.publication({ ...decided, types: ['通报批评'], fine: undefined }), { until: '2027-01-20' })
  t.match(penalty.publication({ ...decided, reviewOutcome: '撤销' }), { public: false }, 'annulled')
  t.match(
    penalty.publication({ ...decided, types: ['限制从业'], restrictionEndsOn: '2033-01-01' }),
    { public: true, until: '2033-01-02' },
    'as long as a restriction lasts',
  )
})

t.test('another province’s penalty: ten working days from when it came in', async (t) => {
  const from = (more: object) => {
    const own = penalty.publication({ ...decided, publishedOn: undefined, ...more })
    return own.public ? own.from : undefined
  }
  const far = { decidedOn: '2026-09-01' }
  t.equal(from(far), '2026-09-29', 'twenty from the decision where nothing is said')
  t.equal(from({ ...far, receivedOn: '2026-09-14' }), '2026-09-28', 'the swapped Sunday counts')
  t.equal(from({ ...far, receivedOn: '2026-09-15' }), '2026-09-29')
  t.equal(from({ ...far, receivedOn: '2026-09-16' }), '2026-09-30')
  t.equal(from({ ...far, receivedOn: '2026-09-15', publishedOn: '2026-09-20' }), '2026-09-20')
})

t.test('a sampling result waits for its re-test period', async (t) => {
  const sampling = {
    kind: '省级监督抽查',
    inspectedOn: '2026-10-01',
    authority: '省局',
    outcome: '不合格',
    deliveredOn: '2026-10-10',
  }
  t.match(inspection.publication(sampling), { public: true, from: '2026-10-27' })
  t.match(inspection.publication({ ...sampling, deliveredOn: undefined }), { public: false })
  t.match(inspection.publication({ ...sampling, retest: '申请中' }), { public: false })
  t.match(inspection.publication({ ...sampling, retest: '改变原结论' }), { public: false })
  t.match(inspection.publication({ ...sampling, kind: '日常巡查' }), { public: true, from: '2026-10-01' })
})

t.test('licences and awards are open from their day; a licence expires by itself', async (t) => {
  const data = {
    kind: '其他许可',
    number: '1',
    authority: '省局',
    issuedOn: '2020-01-01',
    validTo: '2025-01-01',
    status: '有效',
  }
  t.match(licence.publication(data), { public: true, from: '2020-01-01' })
  t.same(licence.readOn(data, '2025-01-01'), { nextOn: '2025-01-02' })
  t.same(licence.readOn(data, '2025-01-02'), { changes: { status: '过期' } })
  t.match(
    award.publication({ kind: '著名商标', level: '省', grantedBy: '省政府', grantedOn: '2020-01-01' }),
    {
      public: true,
      from: '2020-01-01',
    },
  )
})

t.test('a failing is public for five years from when it ended, by what the file says', async (t) => {
  const failing = {
    kind: '日常巡查',
    inspectedOn: '2026-03-02',
    authority: '省局',
    outcome: '不合格',
  }
  for (const [what, more, until] of [
    ['found and no more said', {}, '2031-03-02'],
    ['refused', { outcome: '拒检' }, '2031-03-02'],
    ['ordered to be put right, and not yet', { rectificationDueOn: '2026-04-02' }, undefined],
    ['put right', { rectificationDueOn: '2026-04-02', rectifiedOn: '2026-03-20' }, '2031-03-20'],
    ['put right late', { rectificationDueOn: '2026-04-02', rectifiedOn: '2027-02-28' }, '2032-02-28'],
    ['put right without an order', { rectifiedOn: '2026-03-20' }, '2031-03-20'],
    [
      'failed again',
      { rectifiedOn: '2026-03-20', reinspectedOn: '2026-04-08', reinspectionOutcome: '不合格' },
      undefined,
    ],
    [
      'failed again on the day it was put right',
      { rectifiedOn: '2026-04-08', reinspectedOn: '2026-04-08', reinspectionOutcome: '不合格' },
      undefined,
    ],
    [
      'failed again and put right after',
      { rectifiedOn: '2026-04-09', reinspectedOn: '2026-04-08', reinspectionOutcome: '不合格' },
      '2031-04-09',
    ],
    [
      'failed again, the day unknown',
      { rectifiedOn: '2026-04-09', reinspectionOutcome: '不合格' },
      undefined,
    ],
    [
      'passed again',
      { rectifiedOn: '2026-03-20', reinspectedOn: '2026-04-08', reinspectionOutcome: '合格' },
      '2031-03-20',
    ],
    [
      'passed again, when it was put right unknown',
      { reinspectedOn: '2026-04-08', reinspectionOutcome: '合格' },
      '2031-04-08',
    ],
    ['passed again, no day known', { reinspectionOutcome: '合格' }, '2031-03-02'],
    [
      'passed after a suspension',
      { reinspectionOutcome: '不合格', finalReinspectedOn: '2026-09-01', finalReinspectionOutcome: '合格' },
      '2031-09-01',
    ],
    [
      'failed after a suspension',
      { rectifiedOn: '2026-08-01', finalReinspectedOn: '2026-09-01', finalReinspectionOutcome: '不合格' },
      undefined,
    ],
    ['passed', { outcome: '合格' }, undefined],
  ] as const) {
    const publication = inspection.publication({ ...failing, ...more })
    t.match(publication, { public: true, from: '2026-03-02' }, what)
    t.equal(publication.public && publication.until, until, what)
  }
  const sample = { ...failing, kind: '省级监督抽查', deliveredOn: '2026-03-10' }
  t.match(
    inspection.publication(sample),
    { from: '2026-03-26', until: '2031-03-02' },
    'not from its publication',
  )
  t.match(inspection.publication({ ...sample, noticeNo: '1号', noticedOn: '2026-03-12' }), {
    from: '2026-03-12',
    until: '2031-03-02',
  })
  for (const [on, shown] of [
    ['2031-03-01', true],
    ['2031-03-02', false],
    ['2031-03-03', false],
  ] as const)
    t.equal(
      fileWith([{ id: 'i', type: 'inspection', data: failing }]).records.some((own) =>
        isPublicOn(own, on, catalogue),
      ),
      shown,
      on,
    )
})

t.test('the end that a table tells says when publication began, where the term leads to it', async (t) => {
  // Decided on 2026-09-30, public by 2026-11-03; three months for 通报批评, three years for a large fine.
  for (const [said, end, began] of [
    [{ types: ['通报批评'], fine: undefined }, '2027-02-24', '2026-11-24'],
    [{ types: ['通报批评'], fine: undefined }, '2027-02-25', undefined],
    [{ types: ['通报批评'], fine: undefined }, '2027-02-04', '2026-11-04'],
    [{ types: ['通报批评'], fine: undefined }, '2027-02-03', undefined],
    [{ fine: 500_000 }, '2029-11-24', '2026-11-24'],
    [{ fine: 500_000 }, '2029-11-03', undefined],
    [{ fine: 500_000 }, '2027-02-24', undefined],
    [{ fine: 500_000, publishedOn: '2026-11-20' }, '2029-11-24', undefined],
    [{ fine: 500_000, procedure: undefined }, '2029-11-24', undefined],
    // An end that was decided on is no term's end, though a term could lead to it.
    [{ fine: 500_000, publicationEndsOn: '2029-11-24' }, '2029-11-24', undefined],
    [{ types: ['通报批评'], publicationEndsOn: '2027-02-24' }, '2027-02-24', undefined],
  ] as const) {
    const { data } = penaltyOf('一', { decidedOn: '2026-09-30', ...said })
    const plain = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined))
    t.same(publishedUntil(plain, end, '2026-11-24').publishedOn, began, `${JSON.stringify(said)} ${end}`)
  }
})

t.test(
  'publication that was due begins with the entry; what is public stays so with a corrected date',
  async (t) => {
    // Public by 2026-11-03.
    const late = penaltyOf('一', { decidedOn: '2026-09-30' }).data
    for (const [said, today, on] of [
      [late, '2026-11-03', undefined],
      [late, '2026-11-04', '2026-11-04'],
      [{ ...late, publishedOn: '2026-11-01' }, '2026-11-04', undefined],
      [{ ...late, publicationEndsOn: '2029-11-01' }, '2026-11-04', undefined],
      [{ ...late, procedure: '简易程序', fine: 3_000 }, '2026-11-04', undefined],
      [{ ...late, reviewOutcome: '撤销', reviewedOn: '2026-11-01' }, '2026-11-04', undefined],
      [{ ...late, receivedOn: '2026-10-21' }, '2026-11-04', undefined],
      [{ ...late, receivedOn: '2026-10-20' }, '2026-11-04', '2026-11-04'],
    ] as const)
      t.same(publishedNow(said, today).publishedOn, on, `${JSON.stringify(said)} ${today}`)
    const { procedure: _, ...unsaid } = late
    for (const [was, is, today, on] of [
      [unsaid, late, '2026-11-04', '2026-11-04'],
      [unsaid, late, '2026-11-03', undefined],
      [late, { ...late, decidedOn: '2026-10-15' }, '2026-11-04', '2026-11-03'],
      [late, { ...late, decidedOn: '2026-10-15' }, '2026-11-02', undefined],
      [late, { ...late, decidedOn: '2026-11-04' }, '2026-11-04', '2026-11-04'],
      [late, { ...late, decidedOn: '2026-09-29' }, '2026-11-04', undefined],
      [{ ...late, reviewOutcome: '撤销', reviewedOn: '2026-11-01' }, late, '2026-11-04', undefined],
    ] as const)
      t.same(publishedStill(was, is, today).publishedOn, on, `${JSON.stringify(is)} ${today}`)
  },
)
