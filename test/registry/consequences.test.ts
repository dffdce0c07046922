import t from 'tap'
import { draftsOfDay } from '../../src/consequences/day.ts'
import { consequencesOf } from '../../src/registry/consequences.ts'
import { about, Story, updated } from '../consequences/files.ts'
import { licence, sampling } from '../rating/files.ts'
import { testRegistry } from '../support.ts'

/** What follows for a file from what was decided in it, and from the day alone. */

t.test(
  'the day brings its own only to whoever asks about the day, or where something was decided',
  async (t) => {
    const { views, clock } = await testRegistry(t)
    const story = new Story([licence('l'), sampling('s', '2026-03-01', '合格')])
    story.rated('2026-03-20', 'enterprise-classes')
    story.happens('2026-04-02', updated('l', { status: '吊销', statusChangedOn: '2026-04-01' }))
    const unrated = new Story([licence('l')]).dossier
    const own = Object.create(views)
    own.standards = () => story.rules.standards
    const parts = { views: own, catalogue: story.rules.catalogue, now: clock.now }
    const noted = [about('note.added', { id: 'n', text: '' })]
    const withdrawn = [about('enterprise.withdrawn', { reason: '误建' })]
    // Three years from the revocation its limit of the grade ends.
    for (const [day, drafts, before, decided, alone] of [
      ['2029-03-31', noted, story.dossier, 0, 0],
      ['2029-04-01', noted, story.dossier, 1, 1],
      ['2029-04-02', noted, story.dossier, 1, 1],
      ['2029-04-01', [], story.dossier, 0, 1],
      ['2029-04-01', noted, unrated, 0, 0],
      ['2026-05-01', withdrawn, story.dossier, 0, 0],
    ] as const) {
      clock.set(`${day}T02:00:00.000Z`)
      const words = `${day}, ${drafts.map(({ kind }) => kind)}`
      t.equal(consequencesOf(before, drafts, parts).length, decided, `${words}: what was decided`)
      const ofDay = draftsOfDay(before, day, story.rules).filter(({ kind }) => kind === 'rating.issued')
      t.equal(ofDay.length, alone, `${words}: the day`)
      t.same(consequencesOf(undefined, drafts, parts), [], 'a file that was not there has nothing issued')
    }
  },
)
