import t from 'tap'
import { hearingDoubt, mayBeHeard } from '../../src/records/hearing.ts'
import { penalty, penaltyTypes } from '../../src/records/penalty.ts'
import { validate } from '../../src/records/validate.ts'
import { penaltyOf } from '../support.ts'

/** 行政处罚法 art. 63 and 64, on days around national day 2026: 20 September is worked, 25 September and 1-7 October are not. */

const of = (more: Record<string, unknown> = {}) => {
  const [own] = penalty.in({
    records: [{ id: 'p', type: 'penalty', data: { ...penaltyOf('1号').data, fine: undefined, ...more } }],
  })
  if (!own) throw new Error('no penalty')
  return own.data
}

t.test('which penalties give the right to be heard', async (t) => {
  const heard = ['降低资质等级', '吊销许可证件', '吊销营业执照', '责令停产停业', '责令关闭', '限制从业']
  for (const type of penaltyTypes) t.equal(mayBeHeard(of({ types: [type] })), heard.includes(type), type)
  t.equal(mayBeHeard(of({ types: ['警告', '责令关闭'] })), true, 'one of several')
  for (const [sums, is] of [
    [{ fine: 99_999.99 }, false],
    [{ fine: 100_000 }, true],
    [{ confiscatedIncome: 99_999.99 }, false],
    [{ confiscatedIncome: 100_000 }, true],
    [{ confiscatedGoods: 99_999.99 }, false],
    [{ confiscatedGoods: 100_000 }, true],
    [{ confiscatedIncome: 60_000, confiscatedGoods: 40_000 }, true],
    [{ fine: 60_000, confiscatedIncome: 40_000 }, false],
    [{ confiscatedTotal: 99_999.99 }, false],
    [{ confiscatedTotal: 100_000 }, true],
    [{ fine: 60_000, confiscatedTotal: 40_000 }, false],
    [{ total: 99_999.99 }, false],
    [{ total: 100_000 }, true],
    [{ total: 150_000, fine: 60_000 }, false],
    [{ total: 160_000, fine: 60_000 }, true],
    [{ total: 150_000, confiscatedTotal: 60_000 }, false],
    [{ total: 160_000, confiscatedTotal: 60_000 }, true],
    [{ total: 160_000, confiscatedGoods: 60_000 }, true],
    [{ total: 100_000, confiscatedGoods: 1 }, true],
    [{ total: 99_999, confiscatedGoods: 1 }, false],
  ] as const)
    t.equal(mayBeHeard(of(sums)), is, JSON.stringify(sums))
})

t.test('what is said of a hearing against the days of the law', async (t) => {
  const revoked = { types: ['吊销许可证件'] }
  t.equal(hearingDoubt(of({ fine: 5000 })), undefined, 'a small fine needs none')
  for (const [more, isAsked] of [
    [{}, true],
    [{ types: ['没收违法所得'] }, true],
    [{ types: ['没收非法财物'] }, true],
    [{ types: ['罚款', '没收违法所得'], confiscatedIncome: 5000 }, true],
    [{ types: ['罚款', '没收违法所得'], fine: 5000 }, true],
    [{ types: ['罚款', '没收违法所得'], fine: 5000, confiscatedTotal: 1 }, false],
    [{ types: ['没收违法所得'], confiscatedIncome: 1 }, false],
    [{ types: ['没收非法财物'], confiscatedGoods: 1 }, false],
    [{ types: ['没收非法财物'], confiscatedTotal: 0 }, false],
    [{ types: ['罚款', '没收违法所得'], total: 99_999 }, false],
    [{ types: ['通报批评'] }, false],
    [{ hearing: '放弃', hearingToldOn: '2026-09-18' }, false],
  ] as const)
    t.equal(/没有登记罚款或者没收的金额/.test(hearingDoubt(of(more)) ?? ''), isAsked, JSON.stringify(more))
  t.match(hearingDoubt(of(revoked)), /第六十三条[\s\S]*没有登记/)
  t.match(hearingDoubt(of({ ...revoked, hearing: '放弃' })), /没有登记/)
  t.match(hearingDoubt(of({ ...revoked, hearingToldOn: '2026-09-18' })), /没有登记/)
  const doubt = (more: object) => hearingDoubt(of({ ...revoked, hearingToldOn: '2026-09-18', ...more }))
  const notAsked = (decidedOn: string) => doubt({ hearing: '当事人未要求', decidedOn })
  t.match(notAsked('2026-09-23'), /至 2026-09-24/)
  t.match(notAsked('2026-09-24'), /至 2026-09-24 可以要求听证/, 'the last day is still theirs')
  t.equal(notAsked('2026-09-28'), undefined)
  t.equal(doubt({ hearing: '放弃', decidedOn: '2026-09-18' }), undefined)
  const held = (hearingOn: string) => doubt({ hearing: '已举行', hearingOn, decidedOn: '2026-10-20' })
  t.match(held('2026-09-28'), /最早为 2026-09-29/)
  t.equal(held('2026-09-29'), undefined)
  t.equal(held('2026-09-30'), undefined)
})

t.test('days of a hearing that can not be', async (t) => {
  const faults = (more: object) => {
    const checked = validate(penalty, { ...penaltyOf('1号').data, ...more }, '2026-11-24')
    return checked.ok ? [] : checked.faults.map(({ field, code }) => `${field} ${code}`)
  }
  const held = { hearing: '已举行', hearingToldOn: '2026-09-10', hearingOn: '2026-09-28' }
  t.same(faults(held), [])
  t.same(faults({ ...held, hearingOn: '2026-10-10' }), [], 'on the day of the decision')
  t.same(faults({ ...held, hearingOn: '2026-10-11' }), ['hearingOn after-end'])
  t.same(faults({ ...held, hearingToldOn: '2026-09-28' }), [])
  t.same(faults({ ...held, hearingToldOn: '2026-09-29' }), ['hearingToldOn after-end'])
  t.same(faults({ hearing: '放弃', hearingToldOn: '2026-10-11' }), ['hearingToldOn after-end'])
  t.same(faults({ ...held, hearingOn: undefined }), ['hearingOn required'])
  for (const hearing of ['当事人未要求', '放弃', undefined])
    t.same(faults({ ...held, hearing }), ['hearing contradiction'], `${hearing}`)
  t.same(faults({ receivedOn: '2026-10-10' }), [])
  t.same(faults({ receivedOn: '2026-10-09' }), ['receivedOn before-start'])
  t.same(faults({ forwardedOn: '2026-10-09' }), ['forwardedOn before-start'])
  t.same(faults({ receivedOn: '2026-10-10', forwardedOn: '2026-10-10' }), ['forwardedOn contradiction'])
})
