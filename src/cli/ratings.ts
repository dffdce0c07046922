import { existsSync } from 'node:fs'
import { SingleBar } from 'cli-progress'
import { standardIn } from '../acts/adoption.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import type { Migration } from '../computing/rater.ts'
import { Refusal } from '../dossier/refusal.ts'
import { standardSubject } from '../rating/adopted.ts'
import { shippedStandards } from '../rating/shipped.ts'
import { jsonIn } from './json-file.ts'
import { onRegistry } from './open.ts'
import { failed, listed, said, say } from './output.ts'
import { regionNamed } from './words.ts'

const MOST_SIMULATED = 10_000_000

/** Prints the standards that are in force and those that come with the registry. */
export function listStandards({ json }: { json?: boolean }): Promise<number> {
  return onRegistry(async ({ registry: { standards } }) => {
    const adopted = standards
      .adopted()
      .flatMap(({ versions }) => versions.slice(-1).map(({ document }) => document))
    const all = [
      ...adopted.map((document) => ({ ...document, adopted: true })),
      ...standards.available().map((document) => ({ ...document, adopted: false })),
    ].map(({ id, version, name, adopted }) => ({ id, version, name, adopted }))
    return listed(all, {
      json,
      none: '没有已采用的标准，随系统提供的也没有。',
      line: ({ id, version, name, adopted }) =>
        `${id} 第 ${version} 版：${name}（${adopted ? '已采用' : '未采用'}）`,
    })
  })
}

/** Adopts a standard from a file, or one that comes with the registry by its id. */
export function adoptStandard(
  source: string,
  author: { authority: string; officer: string },
): Promise<number> {
  return onRegistry(async ({ registry: { acts, standards } }) => {
    const document = await standardFrom(source)
    const { subject } = await acts.carryOut('propose-standard', {}, { document }, author)
    const { document: standard } = standards.version(subject.slice(standardSubject('').length))
    return said(`已采用 ${standard.id} 第 ${standard.version} 版：${standard.name}。`)
  })
}

/** Tries a standard on all files with a progress bar; writes nothing. */
export function simulateStandard(source: string, options: { region?: string }): Promise<number> {
  return onRegistry(async ({ registry, views, rater }) => {
    const standard = standardIn(await standardFrom(source), registry.catalogue)
    const on = shanghaiDate(registry.now())
    const region = regionNamed(options.region)
    const scope = region === undefined ? {} : { region }
    const request = { standard, on, scope, most: MOST_SIMULATED }
    const bar = new SingleBar({ format: '{bar} {percentage}% · {value}/{total} 家', hideCursor: true })
    bar.start(views.count(), 0)
    const simulation = await rater.simulate(request, (seen) => bar.update(seen)).finally(() => bar.stop())
    if (simulation === 'tooMany') return failed(`范围内的企业超过 ${MOST_SIMULATED} 家，请缩小范围。`)
    say(`范围内 ${simulation.enterprises} 家，等级变动 ${simulation.movedCount} 家：`)
    for (const migration of simulation.matrix) say(inWords(migration))
    return 0
  })
}

/** Computes every rating of a campaign again from the register. */
export function recomputeCampaign(id: string): Promise<number> {
  return onRegistry(async ({ registry, views }) => {
    const faults: string[] = []
    const total = registry.campaigns.state(id).issued
    const bar = new SingleBar({ format: '{bar} {value}/{total}', hideCursor: true })
    bar.start(total, 0)
    try {
      for (let after = ''; ; ) {
        const page = views.ratingsOf(id, after, 500)
        const last = page.at(-1)
        if (!last) break
        for (const rating of page) {
          const { recomputation } = await registry.ratings.recomputed(rating.id, 'officers')
          if (recomputation.agrees === false)
            faults.push(`${rating.key}：${recomputation.differences.join('')}`)
          if (recomputation.agrees === null) faults.push(`${rating.key}：${recomputation.reason}`)
          bar.increment()
        }
        after = last.key
      }
    } finally {
      bar.stop()
    }
    say(
      faults.length === 0
        ? `重算了 ${total} 个等级，全部相符。`
        : `重算了 ${total} 个等级，${faults.length} 个不符：`,
    )
    for (const fault of faults.slice(0, 100)) say(fault)
    return faults.length === 0 ? 0 : 1
  })
}

async function standardFrom(source: string): Promise<unknown> {
  const shipped = shippedStandards.find(({ id }) => id === source)
  if (shipped) return shipped
  if (!existsSync(source)) throw new Refusal('unknown', `没有文件 ${source}，随系统提供的标准也没有此编号。`)
  return jsonIn(source)
}

function inWords({ from, to, count }: Migration): string {
  return `  ${from ?? '未评定'} → ${to ?? '未评定'}：${count} 家`
}
