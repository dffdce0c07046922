import t from 'tap'
import { z } from 'zod'
import { candidatesOf } from '../../src/blacklist/candidates.ts'
import { honouredOn } from '../../src/blacklist/honours.ts'
import { ruleSets } from '../../src/blacklist/rule-set.ts'
import { anticipated } from '../../src/dossier/anticipate.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { operatingStatuses } from '../../src/records/enterprise.ts'
import { supervisionDeadlines } from '../../src/supervision/deadlines.ts'
import { followUpsOf, renewalsOf } from '../../src/supervision/follow-up.ts'
import { planOf } from '../../src/supervision/plan.ts'
import { scheme } from '../../src/supervision/scheme.ts'
import { bureau, key } from '../acts/bureau.ts'
import { award, fileWith, licence, penalty, sampling, type TestRecord } from '../rating/files.ts'
import { licenceOf } from '../support.ts'

const listed = z.object({ items: z.array(z.looseObject({ what: z.string() })) })
const TODAY = '2026-11-24'
const author = { authority: '省局', officer: '丁' }
const draft = (kind: string, payload: unknown) => ({
  subject: 'M000100Y4',
  kind,
  payload,
  visibility: 'public' as const,
  author,
})

/** A file whose firm is in a state, rated A. */
function fileOf(status: string, records: readonly TestRecord[]) {
  const rating = {
    id: 'r',
    standard: { id: 'four-grades', version: 1, shownAs: 'grade' },
    on: '2026-01-01',
    grade: 'A',
    points: 90,
    items: [],
    limits: [],
  }
  const drafts = [draft('rating.issued', rating), draft('enterprise.changed', { changes: { status } })]
  const dossier = anticipated(fileWith(records), drafts)
  if (!dossier) throw new Error('no file')
  return dossier
}

t.test('what is still asked of a firm, and said in its favour, state by state', (t) => {
  const adverse = [
    licence('l', { product: '电缆', validTo: '2027-01-31' }),
    sampling('s', '2026-10-01', '不合格', { product: '电缆', rectificationDueOn: '2026-11-20' }),
    penalty('p', '2026-10-01', {
      severity: '严重',
      types: ['罚款'],
      category: '生产、销售不符合健康安全标准的产品',
    }),
  ]
  const said = (status: string) => {
    const file = fileOf(status, adverse)
    return {
      honoured: honouredOn(fileOf(status, [award('a', '省', '2025-01-01')]), TODAY, catalogue).length,
      candidates: candidatesOf(file, TODAY, ruleSets).length,
      renewals: renewalsOf(file, TODAY, scheme).length,
      followUp: followUpsOf(file, TODAY, scheme).map(({ open, overdue }) => [open, overdue]),
      clocks: supervisionDeadlines(file, scheme).map(({ what }) => what),
      planned: planOf(file, { from: TODAY, to: '2027-11-24' }, TODAY, scheme).length > 0,
    }
  }
  const running = {
    honoured: 1,
    candidates: 1,
    renewals: 1,
    followUp: [[true, true]],
    clocks: ['inspection', 'rectification'],
    planned: true,
  }
  const revoked = { ...running, honoured: 0, renewals: 0, clocks: ['rectification'], planned: false }
  // Nothing is left but to cancel its licence.
  const dissolved = { ...revoked, candidates: 0, followUp: [[false, false]], clocks: ['licenceCancellation'] }
  const expected = { 存续: running, 停业: running, 吊销: revoked, 注销: dissolved }
  for (const status of operatingStatuses) t.same(said(status), expected[status], status)
  const steps = followUpsOf(fileOf('注销', adverse), TODAY, scheme)[0]?.steps ?? []
  t.same(
    steps.filter(({ detail }) => detail === '企业已注销。').map(({ step }) => step),
    ['rectification', 'notice', 'reinspection'],
    'the chain is kept in sight',
  )
  t.end()
})

t.test(
  'a firm that exists no more is proposed for no list, leaves the queue, and holds no licence',
  async (t) => {
    const { app, registry, authorization, penalty: punished, attempt, settle, by } = await bureau(t)
    const id = await punished('city1', '市罚1号')
    await registry.acts.addRecord(key, 'licence', licenceOf('XK1').data, undefined, by('province1'))
    const failed = {
      kind: '市级监督抽查',
      inspectedOn: '2026-10-01',
      authority: '石家庄市局',
      product: '电缆',
      outcome: '不合格',
      rectificationDueOn: '2026-11-20',
    }
    await registry.acts.addRecord(key, 'inspection', failed, undefined, by('city1'))
    const headers = await authorization(['records:read', 'audit:read'])
    const clocks = async () => {
      const answer = await app.inject({ url: '/api/v1/deadlines?within=60', headers })
      return listed.parse(answer.json()).items.flatMap(({ what }) => (what === 'rectification' ? what : []))
    }
    const holders = async () => (await registry.reports.coverage(undefined)).rows.map((row) => row.holders)
    const become = async (enterprise: object) => {
      const { outcome } = await attempt('province1', 'change-file', { code: key }, { enterprise })
      if (outcome?.proposal) await settle('province2', outcome)
    }
    t.same([await holders(), await clocks()], [[1], ['rectification']])
    await become({ region: '110101' })
    const places = (await registry.reports.coverage(undefined)).rows.map((row) => row.region)
    t.same(places, ['北京市'], 'a place without a city is named by its province')
    await become({ status: '注销' })
    const proposal = {
      ruleSet: 'order-44',
      ground: 'unsafe-product',
      penalties: [id],
      facts: '事实',
      reasons: '理由',
    }
    t.match(await attempt('city1', 'propose-listing', { code: key }, proposal), {
      was: 'exists',
      why: /已注销/,
    })
    t.same([await holders(), await clocks()], [[], []])
  },
)
