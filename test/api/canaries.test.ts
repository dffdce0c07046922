import t from 'tap'
import { loadDemo } from '../../src/demo/demo.ts'
import { shippedStandards } from '../../src/rating/shipped.ts'
import { catalogue, enterprise } from '../../src/records/catalogue.ts'
import type { RecordData, RecordKind } from '../../src/records/kind.ts'
import { type Audience, seesField } from '../../src/records/sight.ts'
import { commitmentOf } from '../../src/supervision/draw.ts'
import { addressesIn } from '../html/validator.ts'
import { licenceOf, penaltyOf, testServer, unifiedCode } from '../support.ts'

/** A text that stands nowhere else, and who may ever see it beside officers. */
interface Canary {
  word: string
  where: string
  seenBy: readonly Audience[]
}

const canaries: Canary[] = []
const LETTERS = '甲乙丙丁戊己庚辛壬癸'

function canary(where: string, ...seenBy: Audience[]): string {
  const number = Array.from(String(canaries.length).padStart(3, '0'), (digit) => LETTERS[Number(digit)]).join(
    '',
  )
  const word = `金丝雀${number}号`
  canaries.push({ word, where, seenBy })
  return word
}

type Stands = 'public' | 'entered' | 'never' | 'gone'

/** Data with a canary in every field that holds free text. */
function marked(kind: RecordKind, base: RecordData, stands: Stands): RecordData {
  const data = { ...base }
  for (const { field, type, sight } of kind.columns) {
    if (type !== 'text' || field === 'region' || field === 'industry') continue
    const sees = (audience: Audience) =>
      sight !== undefined &&
      (stands === 'public' || stands === 'entered') &&
      seesField(sight, audience, stands === 'public')
    const audiences = (['public', 'platform'] as const).filter(sees)
    data[field] = canary(`${stands} ${kind.type}.${field}`, ...audiences)
  }
  return { ...data, unheardOf: canary(`${stands} ${kind.type} unknown field`) }
}

const uscc = unifiedCode('BAD00001')
const key = uscc.slice(8, 17)

t.test(
  'each text reaches those who may see it and nobody else, by every public and platform route',
  async (t) => {
    const server = await testServer(t)
    const { app, writer, clock } = server
    clock.set('2026-11-24T02:00:00.000Z')
    await loadDemo(server.register, writer, catalogue, clock.now())
    const officer = canary('the officer of an entry')
    let n = 0
    const fact = async (kind: string, payload: object, subject = key) => {
      n += 1
      const author = { authority: '长安区局', officer }
      const draft = { subject, kind, payload, visibility: 'platform' as const, author }
      await writer.append({ drafts: [draft], command: `canary/${n}` })
    }
    const kind = (type: string) => catalogue.kind(type) ?? enterprise
    const add = (id: string, type: string, data: RecordData) => fact('record.added', { id, type, data })
    const tested = { kind: '省级监督抽查', outcome: '不合格', inspectedOn: '2026-10-01' }

    await fact('enterprise.opened', {
      uscc,
      data: marked(enterprise, { region: '130102', status: '存续' }, 'public'),
    })
    await add('licence', 'licence', marked(kind('licence'), licenceOf('1').data, 'public'))
    await add(
      'inspection',
      'inspection',
      marked(kind('inspection'), { ...tested, deliveredOn: '2026-10-10' }, 'public'),
    )
    await add(
      'untold',
      'inspection',
      marked(kind('inspection'), { ...tested, deliveredOn: '2026-11-20' }, 'entered'),
    )
    await add('penalty', 'penalty', marked(kind('penalty'), penaltyOf('1').data, 'public'))
    await add(
      'waiting',
      'penalty',
      marked(kind('penalty'), { ...penaltyOf('2').data, decidedOn: '2026-11-23' }, 'entered'),
    )
    await add(
      'warned',
      'penalty',
      marked(kind('penalty'), { ...penaltyOf('3').data, types: ['警告'] }, 'never'),
    )
    await add(
      'award',
      'award',
      marked(kind('award'), { kind: '著名商标', level: '省', grantedOn: '2026-01-01' }, 'public'),
    )
    await add('withdrawn', 'penalty', marked(kind('penalty'), penaltyOf('4').data, 'gone'))
    await fact('record.withdrawn', { id: 'withdrawn', reason: canary('why a record was withdrawn') })
    await add(
      'ended',
      'penalty',
      marked(kind('penalty'), { ...penaltyOf('5').data, publicationEndsOn: '2026-11-01' }, 'gone'),
    )
    const wrong = canary('what was corrected away')
    await add('mended', 'licence', { ...licenceOf('9').data, product: wrong })
    await fact('record.corrected', {
      id: 'mended',
      changes: { product: '电缆' },
      reason: canary('why it was corrected'),
    })
    await fact('change.explained', { reason: canary('why it was changed') })
    await fact('note.added', { id: 'note', text: canary('a note') })
    await fact('query.raised', { id: 'query', record: 'penalty', text: canary('a doubt') })
    await fact('query.answered', { id: 'query', record: 'penalty', answer: canary('its answer') })
    const about = { kind: 'record', id: 'penalty' }
    const grounds = canary('grounds of an objection')
    await fact('objection.filed', {
      id: 'objection',
      about,
      on: '2026-11-20',
      grounds,
      dueOn: '2026-11-25',
      certain: true,
    })
    await fact('listing.proposed', {
      case: 'case',
      ruleSet: { id: 'order-44', version: 1 },
      ground: 'unsafe-product',
      penalties: ['penalty'],
      facts: canary('facts of a case'),
      reasons: canary('reasons of a case'),
      by: 'x',
    })
    const open = { case: 'open', ruleSet: { id: 'order-44', version: 1 }, ground: 'unsafe-product', by: 'x' }
    await fact('listing.proposed', {
      ...open,
      penalties: [],
      facts: canary('an open case'),
      reasons: canary('its reasons'),
    })
    await fact('listing.decided', {
      case: 'case',
      listed: true,
      decisionNo: canary('number of a decision', 'public', 'platform'),
      decidedOn: '2026-11-20',
      reasons: canary('reasons of a decision'),
      measures: [canary('a measure', 'public', 'platform')],
      by: 'x',
      listing: {
        ground: '情形',
        basis: '依据',
        publishBy: '2026-12-20',
        certain: true,
        repair: { from: '2027-11-20', how: canary('the way out', 'public', 'platform'), conditions: [] },
      },
    })
    await fact('listing.published', { case: 'case', from: '2026-11-20', until: '2029-11-20' })
    const standard = server.views.standard('four-grades')?.versions.at(-1)?.document.version
    await fact('rating.issued', {
      id: 'rating',
      standard: { id: 'four-grades', version: standard, shownAs: 'grade' },
      on: '2026-11-24',
      grade: 'C',
      points: 60,
      items: [{ id: 'x', rule: canary('rule on what is not public'), points: 1, records: ['warned'] }],
      limits: [],
    })

    const plan = {
      ...{ name: '抽取', group: 'wire', level: '市', rates: { B: 1 }, inspectors: ['甲'], inspectorsEach: 1 },
      period: { from: '2026-11-01', to: '2026-11-30' },
    }
    const sampled = { orgCode: key, reason: `2026-11-20 已由${canary('a test above')}抽查` }
    const outcome = { candidates: [], leftOut: [sampled, { orgCode: key, reason: '企业已注销' }] }
    const [one, two] = ['1'.repeat(16), '2'.repeat(16)].map((part) => ({
      commitment: commitmentOf(part),
      by: 'key/000000000000',
      part,
    }))
    await fact('draw.begun', { ...plan, ...one }, 'draw/drawn')
    await fact('draw.joined', { ...two }, 'draw/drawn')
    await fact('draw.opened', { ...outcome, part: one?.part, by: one?.by }, 'draw/drawn')
    await fact('draw.made', { ...plan, ...outcome, seed: 'x', parts: [], drawn: [] }, 'draw/drawn')
    await fact(
      'bulletin.drafted',
      { authority: '省局', from: '2026-11-01', to: '2026-11-30', corrections: [], by: 'x' },
      'bulletins/series',
    )
    await fact(
      'bulletin.issued',
      { n: 1, year: 2026, no: 1, listed: ['case'], removed: {}, by: 'y' },
      'bulletins/series',
    )
    const [document] = shippedStandards
    await fact('standard.adopted', { ...document, version: 9 }, `standard/${document?.id}`)

    const paths: string[] = Object.entries<object>((await app.inject('/openapi.json')).json().paths)
      .filter(([, methods]) => 'get' in methods)
      .map(([path]) => path)
    t.ok(paths.length > 50)
    const ids = ['penalty', 'case', 'rating', 'warned', 'objection', 'drawn', 'series.1', 'four-grades']
    const addresses = paths.flatMap((path) => {
      const of = path.replace('{code}', key).replace('{type}', 'penalty')
      return of.includes('{') ? ids.map((id) => of.replaceAll(/\{\w+\}/g, id)) : [of]
    })
    const more = [
      `/api/v1/enterprises?q=${encodeURIComponent('金丝雀')}`,
      `/api/v1/enterprises/${key}?asOf=2026-11-24`,
    ]

    /** All that is answered to somebody: every address asked, and the pages' own links followed. */
    const answered = async (headers: Record<string, string>): Promise<string> => {
      const answers: string[] = []
      const seen = new Set<string>()
      const waiting = [...addresses, ...more, '/', `/enterprises/${key}`, '/blacklist', '/en']
      for (let url = waiting.shift(); url !== undefined; url = waiting.shift()) {
        const [address = ''] = url.split('#')
        if (seen.has(address) || seen.size > 600) continue
        seen.add(address)
        if (/wait=|\/docs/.test(address)) continue
        const answer = await app.inject({ url: address, headers })
        t.ok(answer.statusCode < 500 || answer.statusCode === 503, `${address} ${answer.statusCode}`)
        answers.push(answer.body)
        const isPage = String(answer.headers['content-type']).startsWith('text/html')
        if (isPage)
          waiting.push(
            ...addressesIn(answer.body)
              .map(({ address: to }) => to)
              .filter((to) => !to.startsWith('/desk')),
          )
      }
      return answers.join('\n')
    }
    const toAnyone = await answered({})
    const toPlatform = await answered(await server.authorization(['platform:read']))
    const events = (
      await app.inject({ url: '/api/v1/events', headers: await server.authorization(['platform:read']) })
    ).body
    t.ok(canaries.length > 90)
    t.match(toAnyone, '企业已注销', 'who was left out of a draw')
    for (const { word, where, seenBy } of canaries) {
      t.equal(toAnyone.includes(word), seenBy.includes('public'), `${where} to the public`)
      t.equal(toPlatform.includes(word), seenBy.length > 0, `${where} to the platform`)
      t.equal(events.includes(word), seenBy.includes('platform'), `${where} in events`)
    }
  },
)
