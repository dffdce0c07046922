import t, { type Test } from 'tap'
import { z } from 'zod'
import { deadlinesOf } from '../../src/blacklist/deadlines.ts'
import { ratingInForce } from '../../src/dossier/dossier.ts'
import { ratingDraft } from '../../src/rating/events.ts'
import { rate } from '../../src/rating/rate.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { bureau, key, people } from '../acts/bureau.ts'
import { shownBy } from '../support.ts'

const [four] = shippedStandards

/** A city's penalties upon a firm, listed on them, rated by an adopted standard. */
async function listed(t: Test, documentNos: readonly string[]) {
  const parts = await bureau(t)
  const { registry, writer, penalty, attempt, file, clock, by } = parts
  const dates = { decidedOn: '2026-11-02', publishedOn: '2026-11-12', fulfilledOn: '2026-11-20' }
  const penalties: string[] = []
  for (const documentNo of documentNos) penalties.push(await penalty('city1', documentNo, dates))
  const proposal = {
    ruleSet: 'order-44',
    ground: 'unsafe-product',
    penalties,
    facts: '事实',
    reasons: '理由',
  }
  await attempt('city1', 'propose-listing', { code: key }, proposal)
  const on = { code: key, id: file().cases[0]?.id ?? '' }
  const decide = async (upTo: 'decided' | 'published') => {
    await attempt('city1', 'serve-notice', on, { servedOn: '2026-11-24', way: '直接送达' })
    clock.set('2026-12-02T02:00:00.000Z')
    await attempt('province1', 'consent-to-listing', on, { granted: true, reasons: '同意' })
    const decision = {
      listed: true,
      decisionNo: '石市监列〔2026〕1号',
      decidedOn: '2026-12-02',
      reasons: '理由',
    }
    await attempt('city2', 'decide-listing', on, decision)
    if (upTo === 'published') await attempt('city2', 'publish-listing', on, {})
    return file().cases[0]?.status
  }
  const rated = async () => {
    const author = people.province1
    if (!four) throw new Error('no standard')
    await writer.append({
      drafts: [
        {
          subject: 'standard/four-grades',
          kind: 'standard.adopted',
          payload: four,
          visibility: 'public',
          author,
        },
      ],
      command: 'adoption',
    })
    const on = '2026-12-02'
    const draft = ratingDraft(key, 'first', four, on, rate(file(), four, on, catalogue), {}, author)
    await writer.append({ drafts: [draft], command: 'rating' })
    return ratingInForce(file(), 'four-grades')?.grade
  }
  /** The file's cases as the API answers officers, which is held to its description. */
  const asOfficers = async () => {
    const headers = await parts.authorization(['records:read', 'audit:read'])
    const answer = await parts.app.inject({ url: `/api/v1/enterprises/${key}`, headers })
    return z.looseObject({ listings: z.array(z.looseObject({})) }).parse(answer.json()).listings
  }
  return { ...parts, penalties, on, decide, rated, registry, by, asOfficers }
}

t.test('an objection upheld before the publication stops it', async (t) => {
  const { on, decide, attempt, settle, file, registry, clock } = await listed(t, ['市罚1号'])
  t.equal(await decide('decided'), 'decided')
  await attempt(
    'county1',
    'file-objection',
    { code: key },
    {
      about: { kind: 'case', id: on.id },
      on: '2026-12-02',
      grounds: '认定事实有误',
    },
  )
  const about = { code: key, id: file().objections[0]?.id ?? '' }
  const asked = await attempt('province1', 'settle-objection', about, { upheld: true, outcome: '异议成立' })
  t.equal((await settle('province2', asked.outcome ?? {})).was, 'done')
  clock.set('2027-03-01T02:00:00.000Z')
  await registry.runDaily()
  t.same(
    file().cases.filter(({ status }) => status === 'inForce' || status === 'decided'),
    [],
    'the day on which it was due for publication passes',
  )
})

t.test('an objection upheld against a record takes what rests on it along', async (t) => {
  const { penalties, decide, rated, attempt, settle, file } = await listed(t, ['市罚1号'])
  t.equal(await decide('published'), 'inForce')
  t.equal(await rated(), 'D')
  const about = { kind: 'record', id: penalties[0] }
  await attempt('county1', 'file-objection', { code: key }, { about, on: '2026-12-02', grounds: '金额不符' })
  const on = { code: key, id: file().objections[0]?.id ?? '' }
  const asked = await attempt('province1', 'settle-objection', on, { upheld: true, outcome: '查实' })
  t.equal((await settle('province2', asked.outcome ?? {})).was, 'done')
  t.notMatch(ratingInForce(file(), 'four-grades')?.grade, 'D')
  t.same(
    file().cases.filter(({ status }) => status === 'inForce'),
    [],
  )
})

t.test('a bulletin names no listing whose basis fell, and one that stays by what is left', async (t) => {
  const { penalties, decide, attempt, settle, registry, file, by, on, asOfficers } = await listed(t, [
    '市罚1号',
    '市罚2号',
  ])
  t.equal(await decide('published'), 'inForce')
  const period = { from: '2026-11-01', to: '2026-12-02', corrections: [] }
  const { made: id = '' } = await registry.acts.perform(
    registry.acts.named('draft-bulletin'),
    {},
    period,
    by('city1'),
  )
  await registry.acts.perform(registry.acts.named('issue-bulletin'), { id }, {}, by('city2'))
  const named = () =>
    registry.bulletins.one(id, false).listed.map((own) => own.penalties.map(({ documentNo }) => documentNo))
  t.same(named(), [['市罚1号', '市罚2号']])
  const annul = async (record: string | undefined) => {
    const data = { reviewOutcome: '撤销', reviewedOn: '2026-12-02' }
    const asked = await attempt('city1', 'update-record', { code: key, id: record ?? '' }, { data })
    t.equal((await settle('city2', asked.outcome ?? {})).was, 'done')
  }
  await annul(penalties[0])
  t.same(named(), [['市罚2号']])
  t.same((await asOfficers())[0]?.basis, [penalties[1]], 'officers read what it rests on by the records')
  t.match(registry.listings.listing(on.id).penalties, [{ documentNo: '市罚2号' }])
  await annul(penalties[1])
  t.same(named(), [])
  t.throws(() => registry.listings.listing(on.id), { name: 'Refusal' })
  t.same(
    file().cases.filter(({ status }) => status === 'inForce'),
    [],
  )
})

t.test('the daily job has consequences too', async (t) => {
  const { registry, rated, penalty, file, clock } = await listed(t, [])
  await penalty('city1', '市罚9号', { decidedOn: '2026-11-02', publishedOn: '2026-11-12', fine: 1_000 })
  const { data } = { data: { kind: '其他许可', number: '1', authority: '省局', issuedOn: '2025-01-01' } }
  await registry.acts.addRecord(key, 'licence', data, undefined, { actor: people.province1, command: 'l' })
  t.equal(await rated(), 'C')
  clock.set('2027-02-11T02:00:00.000Z')
  await registry.runDaily()
  t.equal(ratingInForce(file(), 'four-grades')?.grade, 'C', 'the day before its publication ends')
  clock.set('2027-02-12T02:00:00.000Z')
  await registry.runDaily()
  t.match(ratingInForce(file(), 'four-grades'), { grade: 'B', items: [], reason: /已停止公示/ })
  t.equal(await registry.runDaily(), 0, 'once')
})

t.test('a second, new and heavier penalty hinders repair; one from before does not', async (t) => {
  const { on, decide, penalty, attempt, clock, asOfficers } = await listed(t, ['市罚1号'])
  await penalty('city1', '市罚0号', { decidedOn: '2026-11-23', publishedOn: undefined })
  t.equal(await decide('published'), 'inForce')
  clock.set('2027-12-02T02:00:00.000Z')
  await attempt('city1', 'apply-for-repair', on, { on: '2027-12-02', grounds: '已整改' })
  t.match((await asOfficers())[0]?.repair, { applied: { grounds: '已整改' } })
  await penalty('city1', '市罚3号', {
    publishedOn: undefined,
    decidedOn: '2027-09-01',
    severity: '一般',
    types: ['罚款'],
  })
  t.equal((await attempt('city1', 'accept-repair', on, { accepted: true, reasons: '符合' })).was, 'done')
  await attempt('city1', 'inspect-repair', on, { on: '2027-12-02', findings: '已整改' })
  await penalty('city1', '市罚2号', {
    publishedOn: undefined,
    decidedOn: '2027-12-02',
    severity: undefined,
    fine: undefined,
    types: ['责令停产停业'],
  })
  t.match(await attempt('city2', 'decide-repair', on, { granted: true, reasons: '符合' }), {
    was: 'invalid',
    why: /又受到较重行政处罚（市罚2号，2027-12-02）/,
  })
  t.equal((await attempt('city2', 'decide-repair', on, { granted: false, reasons: '再次受罚' })).was, 'done')
  await attempt('city1', 'apply-for-repair', on, { on: '2027-12-02', grounds: '再次申请' })
  t.equal((await attempt('city1', 'accept-repair', on, { accepted: true, reasons: '符合' })).was, 'invalid')
})

t.test('a penalty without its procedure is asked for it, not taken for public', async (t) => {
  const { penalty, file, registry } = await bureau(t)
  await penalty('city1', '市罚1号', { procedure: undefined })
  t.match(
    deadlinesOf(file(), catalogue).filter(({ what }) => what === 'completion'),
    [{ consequence: /没有写明处罚程序/ }],
  )
  t.same(shownBy(registry, file().key).sections.penalties, [])
  t.match(registry.files.officerFile(file(), { authority: '', officer: '' }).sections.penalties, [
    { incomplete: [/处罚程序/] },
  ])
})
