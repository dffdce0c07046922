import t from 'tap'
import { bureau, type Person } from '../acts/bureau.ts'

/** Whose bulletins are under which name, once their authority was renamed or merged into another. */

const period = { from: '2026-11-01', to: '2026-11-24' }

t.test(
  'a bulletin bears the name of its day; an heir has a series of its own and mends the others',
  async (t) => {
    const { registry, by, author } = await bureau(t)
    const draft = async (person: Person, corrections: { bulletin: string; text: string }[] = []) => {
      const { made = '' } = await registry.acts.perform(
        registry.acts.named('draft-bulletin'),
        {},
        { ...period, corrections },
        by(person),
      )
      return made
    }
    const issued = async (
      one: Person,
      other: Person,
      corrections: { bulletin: string; text: string }[] = [],
    ) => {
      const id = await draft(one, corrections)
      await registry.acts.perform(registry.acts.named('issue-bulletin'), { id }, {}, by(other))
      return id
    }
    const shown = (id: string) => {
      const { authority, no, correctedBy, corrections } = registry.bulletins.one(id, false)
      return { authority, no, correctedBy, titles: corrections.map(({ title }) => title) }
    }
    const idOf = (name: string) => registry.authorities.all().find((one) => one.name === name)?.id ?? ''

    const first = await issued('county1', 'county2')
    await registry.acts.carryOut(
      'rename-authority',
      { id: idOf('长安区局') },
      { name: '长安区监管局' },
      author,
    )
    const second = await issued('county1', 'county2')
    t.match(shown(first), { authority: '长安区局', no: 1 }, 'what was issued keeps its name')
    t.match(shown(second), { authority: '长安区监管局', no: 2 }, 'the series goes on under the new one')

    const waiting = await draft('county1')
    const into = { into: idOf('石家庄市局') }
    await registry.acts.carryOut('merge-authority', { id: idOf('长安区监管局') }, into, author)
    t.same(
      registry.bulletins.drafts(by('city1').actor).map(({ id }) => id),
      [waiting],
      'what was drafted is the heir’s',
    )
    const heirs = await issued('city1', 'city2', [{ bulletin: first, text: '更正某项' }])
    t.same(shown(heirs), {
      authority: '石家庄市局',
      no: 1,
      correctedBy: [],
      titles: ['长安区局质量失信黑名单公告（2026年第1期）'],
    })
    t.same(shown(first).correctedBy, [heirs], 'what is mended links to it')
    await t.rejects(
      draft('elsewhere', [{ bulletin: first, text: '更正' }]),
      { name: 'Refusal' },
      'nobody else',
    )
  },
)
