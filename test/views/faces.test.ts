import t from 'tap'
import { fileJson } from '../../src/dossier/face.ts'
import { catalogue } from '../../src/records/catalogue.ts'
import { Faces } from '../../src/views/faces.ts'
import { penaltyOf, testRegistry } from '../support.ts'

/** What the public sees of a file is right on the day on which time alone changes it, before the daily job has run. */

const author = { authority: '省局', officer: '甲' }
const about = (subject: string, kind: string, payload: unknown) => ({
  subject,
  kind,
  payload,
  visibility: 'public' as const,
  author,
})
const [ENDING, PLAIN, WITHDRAWN] = ['TEST00001', 'TEST00002', 'TEST00003']
const opened = (key: string) =>
  about(key, 'enterprise.opened', { data: { name: `示例${key}`, region: '130102', status: '存续' } })

t.test('a file’s face, day by day', async (t) => {
  const { views, clock, writer } = await testRegistry(t)
  const faces = new Faces({ views, catalogue, now: clock.now })
  await writer.append({
    command: 'test/1',
    drafts: [
      ...[ENDING, PLAIN, WITHDRAWN].map(opened),
      about(ENDING, 'record.added', {
        id: 'p',
        type: 'penalty',
        data: penaltyOf('1号', { fine: 1_000, decidedOn: '2026-11-02', publishedOn: '2026-11-26' }).data,
      }),
      about(WITHDRAWN, 'enterprise.withdrawn', { reason: '误建' }),
    ],
  })
  const stored = views.face(ENDING)
  const position = stored?.position
  const changesOn = stored?.changesOn ?? ''
  t.equal(changesOn, '2026-11-26', 'the day on which the penalty is published')
  const json = (key: string) => String(Buffer.from(faces.cut(key)?.bytes ?? []))

  const seen = new Set<string>()
  for (const [day, etag, isAnew] of [
    ['2026-11-24', `"p${position}"`, false],
    ['2026-11-25', `"p${position}"`, false],
    ['2026-11-26', `"p${position}-2026-11-26"`, true],
    ['2026-11-27', `"p${position}-2026-11-27"`, true],
  ] as const) {
    clock.set(`${day}T02:00:00.000Z`)
    t.equal(faces.cut(ENDING)?.etag, etag, day)
    t.equal(faces.face(ENDING)?.etag, etag, day)
    t.equal(faces.file(ENDING)?.etag, etag, day)
    const head = {
      key: ENDING,
      position: position ?? 0,
      changesOn,
      uscc: null,
      name: '',
      isWithdrawn: false,
      bytes: 0,
    }
    t.equal(faces.etag(head), etag, day)
    t.equal(json(ENDING) === stored?.json, !isAnew, day)
    t.equal(json(ENDING).includes('1号'), isAnew, day)
    const { file } = faces.file(ENDING) ?? {}
    t.equal(file && fileJson(file), json(ENDING), day)
    t.match(file, { position, revision: position }, 'what it rests on')
    t.equal(json(PLAIN), views.face(PLAIN)?.json, 'another file stays')
    t.same(
      faces.changes(0, 10).map(({ key, json: own }) => [key, own]),
      [
        [ENDING, json(ENDING)],
        [PLAIN, views.face(PLAIN)?.json],
        [WITHDRAWN, null],
      ],
      day,
    )
    t.same([...faces.changedSince(position ?? 0)].includes(ENDING), isAnew, day)
    seen.add(faces.moment())
  }
  t.equal(seen.size, 4, 'each day is a moment of its own')
})

t.test('no file, a withdrawn file', async (t) => {
  const { views, clock, writer } = await testRegistry(t)
  const faces = new Faces({ views, catalogue, now: clock.now })
  await writer.append({
    command: 'test/1',
    drafts: [opened(WITHDRAWN), about(WITHDRAWN, 'enterprise.withdrawn', { reason: '误建' })],
  })
  for (const of of [
    (key: string) => faces.face(key),
    (key: string) => faces.make(key),
    (key: string) => faces.cut(key),
    (key: string) => faces.file(key),
  ]) {
    t.equal(of('NOTHING00'), undefined)
    t.throws(() => of(WITHDRAWN), /已撤回/)
  }
})

t.test('a face that was made is kept until anything is written or the day is over', async (t) => {
  const { views, clock, writer } = await testRegistry(t)
  const faces = new Faces({ views, catalogue, now: clock.now })
  await writer.append({ command: 'test/1', drafts: [opened(ENDING), opened(PLAIN)] })
  t.equal(faces.known(ENDING), undefined, 'not made yet')
  faces.cut(ENDING)
  t.equal(faces.known(ENDING), undefined, 'cut, and kept nowhere')
  const made = faces.face(ENDING)
  t.ok(made)
  t.equal(faces.known(ENDING), made)
  t.equal(faces.face(ENDING), made)
  t.equal(faces.known(PLAIN), undefined, 'the other is not made by it')
  clock.set('2026-11-24T15:59:59.000Z')
  t.equal(faces.known(ENDING), made, 'at the end of the day')
  clock.set('2026-11-24T16:00:00.000Z')
  t.equal(faces.known(ENDING), undefined, 'on the next')
  const next = faces.make(ENDING)
  t.equal(faces.known(ENDING), next)
  await writer.append({ command: 'test/2', drafts: [about(PLAIN, 'note.added', { id: 'n', text: '' })] })
  t.equal(faces.known(ENDING), undefined, 'something was written')
  const again = new Faces({ views, catalogue, now: clock.now })
  const first = again.make(ENDING)
  t.equal(again.known(ENDING), first, 'made before anything was asked for')
})
