import { printedOrganisationCode } from '../codes/organisation-code.ts'

/** A code grouped for reading by space that is not copied with it. */
export function Code({ value }: { value: string }) {
  if (value.length !== 18) return <code data-copy={value}>{printedOrganisationCode(value)}</code>
  return (
    <code data-copy={value}>
      <span class="group">{value.slice(0, 2)}</span>
      <span class="group">{value.slice(2, 8)}</span>
      <span class="group">{value.slice(8, 17)}</span>
      <span class="group">{value.slice(17)}</span>
    </code>
  )
}
