import { CompactSign, compactVerify, errors } from 'jose'
import { z } from 'zod'
import { shanghaiTime } from '../calendar/dates.ts'
import { pdfOf } from '../documents/pdf.ts'
import { certainties } from './check.ts'
import { quoted } from './given.ts'
import { isInPeriod, publicKeyOf, type StampKeys } from './keys.ts'
import { ALGORITHM, type PublicKey } from './published-keys.ts'
import { digestOf, isSpelt, payloadOf, type Span } from './record.ts'
import { byGravity, type ComparedRow, certaintyWords, isOf, verdictOf } from './verdict.ts'

/** Characters of what was asked for that are printed: a name and a code have room. */
const PRINTED_LENGTH = 80
/** Rows that are printed at most, the grave ones first; the record itself has all. */
const MOST_PRINTED = 2_000

/** An enterprise as a stamp names it: its code, its name, 1 where it is on the blacklist, and its grade, empty for none. */
const stampedFirm = z.tuple([z.string(), z.string(), z.union([z.literal(0), z.literal(1)]), z.string()])

/** A row as a stamp tells it: how sure it is and the enterprises it may mean; without any, what had been asked for. */
const stampedRow = z.strictObject({
  as: z.enum(certainties),
  firms: z.array(stampedFirm).exactOptional(),
  asked: z.string().exactOptional(),
})

type StampedFirm = z.output<typeof stampedFirm>
export type StampedRow = z.output<typeof stampedRow>

/**
 * What the stamp on paper (纸面签章) says: by whom, when and of what the paper is; of a short one each row, as far as a code to
 * scan can bear them. Without the rows it proves nobody's verdict: any other paper may bear it.
 */
const stamp = z.strictObject({
  /** SHA-256 of the content of the record, base64url. */
  sha256: z.string(),
  time: z.string(),
  position: z.int(),
  rows: z.int(),
  certain: z.int(),
  listed: z.int(),
  maybeListed: z.int(),
  each: z.array(stampedRow).exactOptional(),
})

export type Stamp = z.output<typeof stamp>

/** Type of the stamp: a signature of another kind of thing is none. */
const TYPE = 'hqc-paper+jwt'

interface Check {
  registry: string
  span: Span
  rows: readonly ComparedRow[]
}

/** Bytes of its rows that a stamp says: a code of so many more is still read from a copy of a copy. */
const MOST_STAMPED = 600

/** What is signed of a check for its paper, as a compact JSON Web Signature. */
export async function stampOf({ registry, span, rows }: Check, { kid, sign }: StampKeys): Promise<string> {
  const each = stampedRows(rows)
  const said: Stamp = {
    sha256: digestOf(payloadOf(registry, span, rows)),
    time: span.to.time,
    position: span.to.position,
    rows: rows.length,
    certain: rows.filter((row) => isOf(row, 'certain')).length,
    listed: rows.filter((row) => isOf(row, 'listed')).length,
    maybeListed: rows.filter((row) => isOf(row, 'maybeListed')).length,
    ...(each && { each }),
  }
  return new CompactSign(Buffer.from(JSON.stringify(said)))
    .setProtectedHeader({ alg: ALGORITHM, kid, typ: TYPE })
    .sign(sign)
}

/** All rows in their order, or none where they are too many for a code. */
export function stampedRows(rows: readonly ComparedRow[]): StampedRow[] | undefined {
  const each: StampedRow[] = []
  for (const row of rows) {
    each.push(stampedRowOf(row))
    if (Buffer.byteLength(JSON.stringify(each)) > MOST_STAMPED) return undefined
  }
  return each
}

function stampedRowOf({ certainty, asked, enterprise, other, parent }: ComparedRow): StampedRow {
  const firms = [enterprise, other, parent].flatMap((one) =>
    one
      ? [[one.uscc ?? one.orgCode, one.name, one.listed ? 1 : 0, one.grade ?? ''] satisfies StampedFirm]
      : [],
  )
  if (firms.length > 0) return { as: certainty, firms }
  return { as: certainty, ...(asked !== '' && { asked: quoted(asked, PRINTED_LENGTH) }) }
}

/** What a stamp that was scanned from paper is worth; undefined for one that was not given here. */
export async function stampVerified(text: string, keys: StampKeys): Promise<Stamp | undefined> {
  // One stamp has one spelling: no bits that nobody reads.
  if (!text.split('.').every((part) => isSpelt(part, 'base64url'))) return undefined
  try {
    let period: PublicKey | undefined
    const { payload, protectedHeader } = await compactVerify(
      text,
      async ({ kid }) => {
        const known = await publicKeyOf(keys, kid)
        if (!known) throw new errors.JWSSignatureVerificationFailed('unknown key')
        period = known.period
        return known.key
      },
      { algorithms: [ALGORITHM] },
    )
    if (protectedHeader.typ !== TYPE) return undefined
    const said = stamp.parse(JSON.parse(Buffer.from(payload).toString()))
    return period && isInPeriod(period, said.time) ? said : undefined
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined
    throw error
  }
}

/** A check on paper, as PDF: the verdicts, and the code to scan that leads to `address`, which ends with the stamp. */
export async function paperOf({ registry, span, rows }: Check, address: string): Promise<Uint8Array> {
  const printed = byGravity(rows).slice(0, MOST_PRINTED)
  const count = (of: Parameters<typeof isOf>[1]) => rows.filter((row) => isOf(row, of)).length
  const left = rows.length - printed.length
  return pdfOf({
    title: '质量信用批量核验记录',
    author: registry,
    paragraphs: [
      `${registry}的系统核验 ${rows.length} 行：能够确定的 ${count('certain')} 行，其中在质量失信黑名单上的 ${count('listed')} 行；另有 ${count('maybeListed')} 行可能在列，须核对。`,
      `核验于 ${shanghaiTime(new Date(span.to.time))}（北京时间），登记序号 ${span.to.position}；所载为当时的情况。`,
      `内容摘要（SHA-256）：${digestOf(payloadOf(registry, span, rows))}`,
      stampedRows(rows)
        ? '扫描右侧的码，所显示的各行企业和结论才是本系统出具的；本页与之不同的，不可信。字库中没有的生僻字显示为方框。'
        : '扫描右侧的码，只能验证时间、行数和摘要；码中放不下各行的企业和结论，以摘要相同的核验记录（JSON 文件）为准。字库中没有的生僻字显示为方框。',
      '“所填”是提交核验的人所写的原文，未经核实，不是本系统的结论。',
      ...(left > 0
        ? [`严重的在前，打印 ${printed.length} 行；其余 ${left} 行没有打印，见核验记录（JSON 文件）。`]
        : []),
    ],
    code: address,
    columns: [
      { label: '行', width: 1 },
      { label: '所填（原文）', width: 4 },
      { label: '匹配', width: 4 },
      { label: '匹配的企业', width: 4 },
      { label: '结论', width: 4 },
    ],
    rows: printed.map((row) => ({
      cells: [
        String(row.line),
        row.asked === '' ? '' : `“${quoted(row.asked, PRINTED_LENGTH)}”`,
        row.why.startsWith(certaintyWords[row.certainty])
          ? row.why
          : `${certaintyWords[row.certainty]}：${row.why}`,
        [row.enterprise, row.other]
          .flatMap((one) => (one ? [`${one.name} ${one.uscc ?? one.orgCode}`] : []))
          .join('\n'),
        [verdictOf(row), row.enterprise?.grade && `质量信用等级 ${row.enterprise.grade}`]
          .filter((part) => part)
          .join('；'),
      ],
      marked: isOf(row, 'listed') || isOf(row, 'maybeListed'),
    })),
  })
}
