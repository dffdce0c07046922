import type { PublicRecord } from '../../src/dossier/face.ts'
import type { RecordKind } from '../../src/records/kind.ts'
import { Value, valueInWords } from '../../src/ui/values.tsx'

/** What is known of a record, field by field, as lines of a list of definitions. */
export function RecordLines({ record: { data }, kind }: { record: PublicRecord; kind: RecordKind }) {
  return (
    <>
      {kind.columns
        .filter(({ field }) => data[field] !== undefined)
        .map((column) => (
          <div>
            <dt>{column.label}</dt>
            <dd>
              {column.type === 'rows' ? (
                <Value value={data[column.field]} column={column} />
              ) : (
                valueInWords(data[column.field], column)
              )}
            </dd>
          </div>
        ))}
    </>
  )
}
