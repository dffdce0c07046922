import { RISKS, type Scheme } from '../supervision/scheme.ts'
import { Table } from './table.tsx'

/** Modes of supervision: how often each class of enterprise is inspected, by the risk of its products. */
export function ModesTable({ scheme }: { scheme: Scheme }) {
  return (
    <Table
      lang="zh-CN"
      class="figures"
      rows={scheme.modes}
      columns={[
        { label: '企业类别', show: (mode) => mode.class },
        { label: '监管方式', show: ({ mode }) => mode },
        ...RISKS.map((risk) => ({
          label: `风险${risk}类（月）`,
          isNumber: true,
          show: ({ everyMonths }: Scheme['modes'][number]) => everyMonths[risk],
        })),
      ]}
    />
  )
}
