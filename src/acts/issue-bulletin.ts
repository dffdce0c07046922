import { z } from 'zod'
import { nextNumber } from '../blacklist/bulletin.ts'
import { idOf } from '../dossier/commands.ts'
import { act } from './act.ts'
import { one } from './appended.ts'
import { drafter, whyDecided } from './bulletin-draft.ts'

/** Approves a draft by somebody else than its author and issues it under the next number of the year (发布公告). */
export const issueBulletinAct = act({
  name: 'issue-bulletin',
  label: '批准公告',
  on: 'bulletin',
  input: z.strictObject({}),
  right: 'listings:decide',
  whose: 'owner',
  route: { method: 'POST', path: '/bulletins/:id/approval', answer: 'bulletin' },
  effect: '发布后取得编号，任何人都能看到；公告不能撤回，有误时以后一期更正。',
  apart: drafter,
  apartWords: '自己起草的公告由另一人批准。',
  closed: ({ own }) => whyDecided(own),
  decide(on, _, at) {
    const { series, own } = on
    const year = Number(at.today.slice(0, 4))
    const { listed, removed } = at.outside.standing.listedBetween(series.authority, own.from, own.to)
    const payload = { n: own.n, year, no: nextNumber(series, year), listed, removed, by: idOf(at.actor) }
    return one(on, at, 'bulletin.issued', payload, 'public')
  },
})
