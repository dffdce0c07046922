import type { PublicListing } from '../../src/dossier/face.ts'
import { Link, Registered, useFrame, useSay } from '../../src/ui/frame.tsx'
import { dateInWords } from '../../src/ui/values.tsx'

interface Props {
  listings: readonly PublicListing[]
  /** Day of the past that is shown; undefined for now. */
  asOf?: string | undefined
}

/** The verdict in one sentence, at the top of a file. */
export function Verdict({ listings, asOf }: Props) {
  const { time, language } = useFrame()
  const say = useSay()
  if (listings.length === 0) {
    const moment =
      asOf === undefined ? `${dateInWords(time, language)} ${time.slice(11)}` : dateInWords(asOf, language)
    return say(
      <p class="verdict">
        截至 {moment}，该企业<strong>未被列入</strong>质量失信黑名单。
      </p>,
      <p class="verdict">
        As of {moment}, this enterprise is <strong>not on</strong> the blacklist.
      </p>,
    )
  }
  return (
    <div class="listed">
      {listings.map((listing) => (
        <>
          <ListedSince {...listing} />
          <p>
            {say('列入机关：', 'Listed by: ')}
            <Registered>{listing.authority}</Registered>
            {say('。情形：', '. Ground: ')}
            <Registered>{listing.ground}</Registered>
            {say('。', '. ')}
            {say(
              `${dateInWords(listing.repair.from)}起可以申请信用修复。`,
              `Credit repair may be applied for from ${dateInWords(listing.repair.from, 'en')}. `,
            )}
            {listing.objectionOpen &&
              say(
                '企业已提出异议，正在处理。',
                'The enterprise has objected; this is being dealt with. ',
              )}{' '}
            <Link to={`/blacklist/${listing.id}`}>
              {say('列入决定和移出办法', 'The decision, and how to get off the list')}
            </Link>
          </p>
        </>
      ))}
    </div>
  )
}

/** That an enterprise is on the list, since when and until when. */
export function ListedSince({ from, until }: Pick<PublicListing, 'from' | 'until'>) {
  const say = useSay()
  return say(
    <p class="verdict">
      该企业<strong>自 {dateInWords(from)}起被列入</strong>质量失信黑名单
      {until !== null && `，期限至 ${dateInWords(until)}`}。
    </p>,
    <p class="verdict">
      This enterprise has been <strong>on the blacklist since {dateInWords(from, 'en')}</strong>
      {until !== null && `, until ${dateInWords(until, 'en')}`}.
    </p>,
  )
}

/** A mark for an enterprise on the list, wherever its name stands. */
export function OnList() {
  const say = useSay()
  return (
    <span class="on-list">
      <span aria-hidden="true">■ </span>
      {say('在质量失信黑名单上', 'on the blacklist')}
    </span>
  )
}
