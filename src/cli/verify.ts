import { SingleBar } from 'cli-progress'
import { called } from '../command-line.ts'
import { readSettings } from '../config.ts'
import { catalogue } from '../records/catalogue.ts'
import type { Finding } from '../register/verify.ts'
import { lookInThread, verifyDataDir } from '../running/verify.ts'

/** What is looked at, and what a person does about it when it is not in order. */
const AREAS: Readonly<Record<Finding['area'], { name: string; advice: string }>> = {
  register: {
    name: '登记簿',
    advice:
      '不要启动服务，保留数据目录全部文件；与最近的备份逐条比对，查明是谁改动的，再按运行手册“备份和恢复”恢复。',
  },
  database: {
    name: '数据库中的登记簿',
    advice:
      '停止各台的服务，保留数据库和各台的数据目录；与最近的备份、各台的副本（register.db）逐条比对，查明是谁改动的，再按运行手册“备份和恢复”恢复。',
  },
  anchor: {
    name: '锚',
    advice:
      '先找回 register.db-wal、register.anchor 或较新的副本，放回原处；找不到时按“备份和恢复”处理（恢复备份，或 restore --as-is）。',
  },
  ahead: {
    name: '锚之后的条目',
    advice:
      '没有缺失，不必找回文件。服务刚被强行终止过的，再启动一次即补上锚；没有的，启动之前逐条核对是谁登记的，核对不上的按“登记簿”处理。',
  },
  erasure: {
    name: '依法删除',
    advice: '由备份中取回不该缺失的内容，或补办删除；查明是谁在系统之外改动的。',
  },
  views: {
    name: '视图',
    advice: `先重新启动服务：读不出的文件改名保留、重新计算；仍不符而登记簿无误的，${called('rebuild')} 即可重新算出；搁置的条目请交开发者处理。`,
  },
  search: {
    name: '检索索引',
    advice: `先重新启动服务：读不出的文件改名保留、重新建立；仍不符的，执行 ${called('rebuild')}。`,
  },
  beside: {
    name: '登记簿旁的文件',
    advice: '重新启动即改名保留、重新开始；其中的导入、回执和推送设置不能重算，有停机时的副本的，请先放回。',
  },
  accesses: {
    name: '查阅记录',
    advice:
      '不能由登记簿重算：停机后从备份放回 access.db；没有备份的，把它改名后再启动，以前的查阅记录即缺失。',
  },
  keys: { name: '密钥', advice: '照所写的办理；先停止服务，再动数据目录中的文件。' },
}

/** Checks register, anchor, views and index without changing any; exit code 1 when something is wrong. */
export async function verify({ anchor }: { anchor?: string }): Promise<number> {
  const { DATA_DIR, DATABASE_URL } = readSettings(process.env)
  const bar = new SingleBar({ format: '{bar} {value}/{total}', hideCursor: true })
  bar.start(1, 0)
  const verified = await verifyDataDir(DATA_DIR, {
    catalogue,
    anchor,
    ...(DATABASE_URL !== '' && { database: DATABASE_URL }),
    look: lookInThread,
    onProgress(done, of) {
      bar.setTotal(of)
      bar.update(done)
    },
  }).finally(() => bar.stop())
  const { entries, entriesInDatabase, subjects, documents, findings, count } = verified
  const inDatabase =
    entriesInDatabase === undefined ? '' : `数据库中的 ${entriesInDatabase} 个条目、其副本的 `
  const looked = `核对了 ${inDatabase}${entries} 个条目、${subjects} 份档案和其他主体、${documents} 份检索文档：`
  if (count === 0) {
    process.stdout.write(
      `${looked}摘要、链、锚、版次、依法删除、视图、检索索引全部相符，${inDatabase === '' ? '查阅记录和' : ''}密钥可以读取。\n`,
    )
    return 0
  }
  process.stdout.write(`${looked}发现 ${count} 处不符。\n${report(findings)}`)
  if (count > findings.length) process.stdout.write(`另有 ${count - findings.length} 处未逐一列出。\n`)
  return 1
}

function report(findings: readonly Finding[]): string {
  return Object.entries(AREAS)
    .map(([area, { name, advice }]) => {
      const own = findings.filter((finding) => finding.area === area)
      if (own.length === 0) return ''
      const lines = own.map(({ position, what }) =>
        position === undefined ? `  ${what}` : `  序号 ${position}：${what}`,
      )
      return `\n【${name}】\n${lines.join('\n')}\n  处理：${advice}\n`
    })
    .join('')
}
