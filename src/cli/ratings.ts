import { readFile } from 'node:fs/promises'
import { SingleBar } from 'cli-progress'
import { standardIn } from '../acts/adoption.ts'
import { shanghaiDate } from '../calendar/dates.ts'
import type { Migration } from '../computing/rater.ts'
import { Refusal } from '../dossier/refusal.ts'
import { standardSubject } from '../rating/adopted.ts'
import { shippedStandards } from '../rating/shipped.ts'
import { openRegistry } from './open.ts'
import { failed } from './words.ts'

const MOST_SIMULATED = 10_000_000

/** Prints the standards that are in force and those that come with the registry. */
export async function listStandards({ json = false }: { json?: boolean }): Promise<number> {
  const opened = await openRegistry()
  const { standards } = opened.registry
  try {
    if (json) {
      const adopted = standards
        .adopted()
        .flatMap(({ versions }) => versions.slice(-1).map(({ document }) => document))
      const listed = [
        ...adopted.map((document) => ({ ...document, adopted: true })),
        ...standards.available().map((document) => ({ ...document, adopted: false })),
      ]
      say(JSON.stringify(listed.map(({ id, version, name, adopted }) => ({ id, version, name, adopted }))))
      return 0
    }
    for (const { versions } of standards.adopted()) {
      const last = versions.at(-1)
      if (last) say(`${last.document.id} 第 ${last.document.version} 版：${last.document.name}（已采用）`)
    }
    for (const { id, version, name } of standards.available())
      say(`${id} 第 ${version} 版：${name}（未采用）`)
    return 0
  } finally {
    await opened.close()
  }
}

/** Adopts a standard from a file, or one that comes with the registry by its id. */
export async function adoptStandard(
  source: string,
  author: { authority: string; officer: string },
): Promise<number> {
  const opened = await openRegistry()
  try {
    const document = await standardFrom(source)
    const { acts, standards } = opened.registry
    const { subject } = await acts.carryOut('propose-standard', {}, { document }, author)
    const { document: standard } = standards.version(subject.slice(standardSubject('').length))
    say(`已采用 ${standard.id} 第 ${standard.version} 版：${standard.name}。`)
    return 0
  } catch (error) {
    return refused(error)
  } finally {
    await opened.close()
  }
}

/** Tries a standard on all files with a progress bar; writes nothing. */
export async function simulateStandard(source: string, options: { region?: string }): Promise<number> {
  const opened = await openRegistry()
  const bar = new SingleBar({ format: '{bar} {percentage}% · {value}/{total} 家', hideCursor: true })
  try {
    const standard = standardIn(await standardFrom(source), opened.registry.catalogue)
    const on = shanghaiDate(opened.registry.now())
    const scope = options.region === undefined ? {} : { region: options.region }
    bar.start(opened.views.count(), 0)
    const request = { standard, on, scope, most: MOST_SIMULATED }
    const simulation = await opened.rater.simulate(request, (seen) => bar.update(seen))
    bar.stop()
    if (simulation === 'tooMany') return failed(`范围内的企业超过 ${MOST_SIMULATED} 家，请缩小范围。`)
    say(`范围内 ${simulation.enterprises} 家，等级变动 ${simulation.movedCount} 家：`)
    for (const migration of simulation.matrix) say(inWords(migration))
    return 0
  } catch (error) {
    bar.stop()
    return refused(error)
  } finally {
    await opened.close()
  }
}

/** Computes every rating of a campaign again from the register. */
export async function recomputeCampaign(id: string): Promise<number> {
  const opened = await openRegistry()
  const bar = new SingleBar({ format: '{bar} {value}/{total}', hideCursor: true })
  const faults: string[] = []
  try {
    const { registry, views } = opened
    const total = registry.campaigns.state(id).issued
    bar.start(total, 0)
    for (let after = ''; ; ) {
      const page = views.ratingsOf(id, after, 500)
      const last = page.at(-1)
      if (!last) break
      for (const rating of page) {
        const { recomputation } = await registry.ratings.recomputed(rating.id)
        if (recomputation.agrees === false)
          faults.push(`${rating.key}：${recomputation.differences.join('')}`)
        if (recomputation.agrees === null) faults.push(`${rating.key}：${recomputation.reason}`)
        bar.increment()
      }
      after = last.key
    }
    bar.stop()
    say(
      faults.length === 0
        ? `重算了 ${total} 个等级，全部相符。`
        : `重算了 ${total} 个等级，${faults.length} 个不符：`,
    )
    for (const fault of faults.slice(0, 100)) say(fault)
    return faults.length === 0 ? 0 : 1
  } catch (error) {
    bar.stop()
    return refused(error)
  } finally {
    await opened.close()
  }
}

async function standardFrom(source: string): Promise<unknown> {
  const shipped = shippedStandards.find(({ id }) => id === source)
  if (shipped) return shipped
  const text = await readFile(source, 'utf8').catch(() => {
    throw new Refusal('unknown', `没有文件 ${source}，随系统提供的标准也没有此编号。`)
  })
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('invalid', `${source} 不是有效的 JSON。`)
  }
}

function inWords({ from, to, count }: Migration): string {
  return `  ${from ?? '未评定'} → ${to ?? '未评定'}：${count} 家`
}

function refused(error: unknown): number {
  if (!(error instanceof Refusal)) throw error
  return failed(
    [error.title, ...error.faults.map(({ pointer, detail }) => `${pointer}：${detail}`)].join('\n'),
  )
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
