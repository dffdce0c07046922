import type { PublicListing } from '../../src/dossier/face.ts'
import { dateInWords } from './values.tsx'

interface Props {
  listings: readonly PublicListing[]
  /** Time in China at which this was asked. */
  time: string
  /** Day of the past that is shown; undefined for now. */
  asOf?: string | undefined
}

/** The verdict in one sentence, at the top of a file. */
export function Verdict({ listings, time, asOf }: Props) {
  const moment = asOf === undefined ? `${dateInWords(time)} ${time.slice(11)}` : dateInWords(asOf)
  if (listings.length === 0)
    return (
      <p class="verdict">
        截至 {moment}，该企业<strong>未被列入</strong>质量失信黑名单。
      </p>
    )
  return (
    <div class="listed">
      {listings.map((listing) => (
        <p class="verdict">
          该企业
          <strong>自 {dateInWords(listing.from)}起被列入</strong>
          质量失信黑名单
          {listing.until !== null && `，期限至 ${dateInWords(listing.until)}`}。
        </p>
      ))}
      {listings.map(({ id, authority, ground, repair, objectionOpen }) => (
        <p>
          列入机关：{authority}。情形：{ground}。{dateInWords(repair.from)}起可以申请信用修复。
          {objectionOpen && '企业已提出异议，正在处理。'} <a href={`/blacklist/${id}`}>列入决定和修复办法</a>
        </p>
      ))}
    </div>
  )
}
