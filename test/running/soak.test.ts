import t from 'tap'
import { Ledger } from '../../scripts/soak/ledger.ts'
import {
  judged,
  LONG_ENOUGH,
  lineOf,
  risen,
  steadied,
  YARDSTICK,
  yardstick,
} from '../../scripts/soak/samples.ts'
import { statisticsHeld } from '../../scripts/soak/statistics.ts'

const samplesOf = (values: readonly number[]) =>
  values.map((value, i) => ({ at: i * 60, values: { bytes: value } }))

t.test('a line is fitted through what was measured', async (t) => {
  const line = lineOf(samplesOf([10, 12, 14, 16]), 'bytes')
  t.same(line, { from: 10, to: 16, perHour: 120, mean: 13 })
  t.equal(lineOf(samplesOf([10, 12]), 'bytes'), undefined, 'two points say nothing')
  t.equal(lineOf(samplesOf([1, 2, 3]), 'other'), undefined)
})

t.test('what rises by no more than it may has not grown', async (t) => {
  const rising = lineOf(samplesOf([100, 110, 120]), 'bytes')
  if (!rising) throw new Error('no line')
  t.equal(risen(rising, { by: 20, share: 0 }), undefined, 'exactly as much')
  t.equal(risen(rising, { by: 19, share: 0 }), 'rose by 20.0, where 19.0 is allowed')
  t.equal(risen(rising, { by: 0, share: 0.2 }), undefined, 'or as large a share')
  const falling = lineOf(samplesOf([120, 110, 100]), 'bytes')
  t.equal(falling && risen(falling, { by: 0, share: 0 }), undefined)
})

t.test('durations are told as on the machine as fast as at first', async (t) => {
  t.ok(yardstick() > 0)
  const samples = [
    { at: 0, values: { [YARDSTICK]: 2, 'ms page': 20, 'memory MB': 500 } },
    { at: 60, values: { [YARDSTICK]: 4, 'ms page': 40, 'memory MB': 600 } },
    { at: 120, values: { [YARDSTICK]: 1, 'ms page': 20, 'memory MB': 700 } },
    { at: 180, values: { 'ms page': 30 } },
  ]
  t.same(
    steadied(samples).map(({ values }) => values),
    [
      { [YARDSTICK]: 2, 'ms page': 20, 'memory MB': 500 },
      { [YARDSTICK]: 4, 'ms page': 20, 'memory MB': 600 },
      { [YARDSTICK]: 1, 'ms page': 40, 'memory MB': 700 },
      { 'ms page': 30 },
    ],
    'what took longer on a slower machine has not grown, what did not get quicker on a quicker one has',
  )
})

t.test('durations are judged over ten minutes and more, while the machine is no busier', async (t) => {
  const rising = lineOf(samplesOf([10, 20, 30]), 'bytes')
  const steady = lineOf(samplesOf([4, 4, 4]), 'bytes')
  if (!rising || !steady) throw new Error('no line')
  const mark = (more: object) =>
    judged(rising, {
      ...{ bound: { by: 5, share: 0 }, isDuration: true, seconds: LONG_ENOUGH, load: steady, processors: 2 },
      ...more,
    }).mark
  t.equal(mark({}), 'GREW')
  t.equal(mark({ seconds: LONG_ENOUGH - 1 }), 'SHORT')
  t.equal(mark({ seconds: 72, isDuration: false }), 'GREW', 'what is no duration is told of at once')
  t.equal(mark({ load: { ...steady, from: 4, to: 5 } }), 'GREW', 'a quarter more is no reason')
  t.equal(mark({ load: { ...steady, from: 4, to: 5.1 } }), 'BUSY')
  t.equal(mark({ load: { ...steady, from: 0.5, to: 2 } }), 'GREW', 'there are processors enough')
  t.equal(mark({ load: { ...steady, from: 4, to: 9 }, isDuration: false }), 'GREW')
  t.equal(mark({ bound: { by: 20, share: 0 } }), '')
  t.equal(mark({ bound: undefined }), '')
  t.match(
    judged(rising, { bound: { by: 5, share: 0 }, isDuration: true, seconds: 60, load: steady, processors: 2 })
      .why,
    /rose by 20.0, where 5.00 is allowed; over 60 s/,
  )
})

t.test(
  'a figure holds all that was acknowledged before it, and nothing that was asked for later',
  async (t) => {
    let now = 0
    const ledger = new Ledger(
      { files: 10, listed: 2, tested: 0, passed: 0, holders: 0, complete: 0 },
      () => now,
    )
    const at = (time: number, act: () => void) => {
      now = time
      act()
    }
    let opened = () => {}
    let withdrawn = () => {}
    at(100, () => {
      opened = ledger.asked('files', 5)
    })
    at(200, () => opened())
    at(300, () => {
      withdrawn = ledger.asked('files', -1)
    })
    at(400, () => withdrawn())
    const span = (moment: number, seen = moment) => ledger.span('files', moment, seen)
    t.same(span(99), { least: 10, most: 10 }, 'before it was asked for')
    t.same(span(100), { least: 10, most: 15 }, 'as it was')
    t.same(span(200), { least: 10, most: 15 }, 'in the moment of its acknowledgement')
    t.same(span(201), { least: 15, most: 15 }, 'after it')
    t.same(span(299), { least: 15, most: 15 })
    t.same(span(300), { least: 14, most: 15 }, 'one that is to go may be there still')
    t.same(span(400), { least: 14, most: 15 })
    t.same(span(401), { least: 14, most: 14 }, 'gone')
    t.same(
      span(99, 100),
      { least: 10, most: 15 },
      'what was asked for by the time that it was seen may be in it',
    )
    t.same(span(299, 300), { least: 14, most: 15 })
    t.same(ledger.span('listed', 500, 500), { least: 2, most: 2 }, 'what is counted apart')
  },
)

t.test(
  'the page of statistics is held to what may have been counted by then, figure by figure',
  async (t) => {
    let now = 0
    const ledger = new Ledger(
      { files: 0, listed: 2, tested: 100, passed: 90, holders: 10, complete: 5 },
      () => now,
    )
    const page = (tested: number, rate: number, listed: string, holders: number, complete: number) =>
      `<p>共抽查 ${tested} 批次，合格率 ${rate}%；最低的是…</p><p>2026-11-24 ${listed}</p>
     <p>（按地区和产品类别计 ${holders} 家次）中，档案完整的占 ${complete}%。</p>`
    const faulty = (body: string) =>
      statisticsHeld(body, ledger, { moment: 200, seen: 200 })
        .filter(({ fault }) => fault !== undefined)
        .map(({ what }) => what)
    const two = '在列企业共 2 家。'
    t.same(faulty(page(100, 90, two, 10, 50)), [])
    t.same(faulty(page(99, 90, two, 10, 50)), ['sampling tests, figure 1'])
    t.same(faulty(page(100, 90.1, two, 10, 50)), ['sampling tests, figure 2'])
    t.same(faulty(page(100, 90, '在列企业共 3 家。', 10, 50)), ['listings, figure 1'])
    t.same(faulty(page(100, 90, '目前没有企业在列。', 10, 50)), ['listings, figure 1'])
    t.same(faulty(page(100, 90, two, 11, 50)), ['coverage, figure 1'])
    t.same(faulty(page(100, 90, two, 10, 60)), ['coverage, figure 2'])
    t.same(faulty('').length, 3, 'what is there to count is told')
    // Asked for by the time that it was seen: either is right.
    now = 150
    const isCounted = [ledger.asked('tested', 1), ledger.asked('passed', 1), ledger.asked('listed', -2)]
    t.same(faulty(page(100, 90, two, 10, 50)), [])
    t.same(faulty(page(101, 90.1, '目前没有企业在列。', 10, 50)), [])
    now = 160
    for (const done of isCounted) done()
    t.same(faulty(page(100, 90, two, 10, 50)), [
      'sampling tests, figure 1',
      'sampling tests, figure 2',
      'listings, figure 1',
    ])
    t.same(faulty(page(101, 90.1, '目前没有企业在列。', 10, 50)), [])
  },
)
