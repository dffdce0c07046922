import t from 'tap'
import { bureau, key } from './bureau.ts'

/** A decision that review changed, and the one that came in its place under the same number. */

t.test('a changed decision is a record of its own from the day of the review', async (t) => {
  const { penalty, attempt, settle, file } = await bureau(t)
  const id = await penalty('city1', '石罚1号', { decidedOn: '2026-09-01' })
  const add = (decidedOn: string) =>
    penalty('city1', '石罚1号', { decidedOn, publishedOn: '2026-11-12', fine: 1000 }).catch(
      (e: Error) => e.message,
    )
  t.match(await add('2026-11-10'), /已有相同的/, 'nothing was changed yet')
  const changed = { data: { reviewOutcome: '变更', reviewedOn: '2026-11-10' } }
  const proposed = await attempt('city1', 'update-record', { code: key, id }, changed)
  t.equal(proposed.was, 'proposed')
  t.match(await add('2026-11-10'), /已有相同的/, 'still put forward only')
  t.equal((await settle('city2', proposed.outcome ?? {})).was, 'done')
  t.match(await add('2026-11-09'), /已有相同的/, 'the day before')
  const replaced = await add('2026-11-10')
  t.notMatch(replaced, /已有/, 'the day itself')
  t.match(await add('2026-11-10'), /已有相同的/, 'once')
  t.match(await add('2026-11-11'), /已有相同的/, 'a day later it is another of the new one')
  t.same(
    file().records.map(({ data }) => [data.decidedOn, data.reviewOutcome]),
    [
      ['2026-09-01', '变更'],
      ['2026-11-10', undefined],
    ],
  )
  const paid = await attempt(
    'city1',
    'update-record',
    { code: key, id: replaced },
    { data: { fulfilledOn: '2026-11-12' } },
  )
  t.equal(paid.was, 'done', 'each is kept on by itself')
})

for (const outcome of ['维持', '撤销', '确认违法', '确认无效'])
  t.test(`after ${outcome} nothing comes in its place`, async (t) => {
    const { penalty, attempt, settle } = await bureau(t)
    const id = await penalty('city1', '石罚1号', { decidedOn: '2026-09-01' })
    const said = { data: { reviewOutcome: outcome, reviewedOn: '2026-11-10' } }
    const { was, outcome: made } = await attempt('city1', 'update-record', { code: key, id }, said)
    if (was === 'proposed') await settle('city2', made ?? {})
    t.match(
      await penalty('city1', '石罚1号', { decidedOn: '2026-11-11', publishedOn: '2026-11-12' }).catch(
        (e: Error) => e.message,
      ),
      /已有相同的/,
    )
  })
