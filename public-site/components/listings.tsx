import type { ListedEnterprise } from '../../src/registry/listings.ts'
import { Code } from '../../src/ui/code.tsx'
import { Link, useSay } from '../../src/ui/frame.tsx'
import { Kept } from '../../src/ui/kept.tsx'
import { placeName } from '../../src/ui/values.tsx'

type Labels = Record<'name' | 'code' | 'region' | 'ground' | 'from' | 'until' | 'authority', string>

/** Listings, each as the JSON that it is stored as, in a table that reads like a notice. */
export function ListingTable({ listings }: { listings: readonly string[] }) {
  const say = useSay()
  const labels: Labels = {
    name: say('企业名称', 'Enterprise'),
    code: say('统一社会信用代码', 'Unified code'),
    region: say('行政区划', 'Region'),
    ground: say('列入情形', 'Ground'),
    from: say('列入日期', 'Listed on'),
    until: say('期限至', 'Until'),
    authority: say('列入机关', 'Authority'),
  }
  return (
    <table data-sortable>
      <thead>
        <tr>
          {Object.values(labels).map((label) => (
            <th scope="col">{label}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {listings.map((json) => (
          <Kept as="tr" from={json}>
            {() => <Row listing={JSON.parse(json)} labels={labels} />}
          </Kept>
        ))}
      </tbody>
    </table>
  )
}

function Row({ listing, labels }: { listing: ListedEnterprise; labels: Labels }) {
  const say = useSay()
  return (
    <>
      <td data-label={labels.name}>
        <Link to={`/blacklist/${listing.id}`}>{listing.name}</Link>
      </td>
      <td data-label={labels.code} class="code">
        <Code value={listing.uscc ?? listing.orgCode} />
      </td>
      <td data-label={labels.region}>{placeName(listing.region)}</td>
      <td data-label={labels.ground}>{listing.ground}</td>
      <td data-label={labels.from} class="number">
        {listing.from}
      </td>
      <td data-label={labels.until} class="number">
        {listing.until ?? say('长期', 'no end')}
      </td>
      <td data-label={labels.authority}>{listing.authority}</td>
    </>
  )
}
