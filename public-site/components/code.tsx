import { printedOrganisationCode } from '../../src/codes/organisation-code.ts'

/** A code grouped for reading by space that is not copied with it. */
export function Code({ value }: { value: string }) {
  if (value.length !== 18) return <code>{printedOrganisationCode(value)}</code>
  const groups = [value.slice(0, 2), value.slice(2, 8), value.slice(8, 17), value.slice(17)]
  return (
    <code>
      {groups.map((group) => (
        <span class="group">{group}</span>
      ))}
    </code>
  )
}
