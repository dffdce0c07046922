import { region as regionOf } from '../codes/regions.ts'
import type { ListedEnterprise } from '../registry/listings.ts'
import type { Table } from './export.ts'

const COLUMNS = [
  { field: 'name', label: '企业名称' },
  { field: 'orgCode', label: '档案编号' },
  { field: 'uscc', label: '统一社会信用代码' },
  { field: 'regionName', label: '行政区划' },
  { field: 'ground', label: '列入情形' },
  { field: 'basis', label: '列入依据' },
  { field: 'documents', label: '处罚决定书文号' },
  { field: 'decisionNo', label: '列入决定书文号' },
  { field: 'decidedOn', label: '列入决定日期' },
  { field: 'authority', label: '列入机关' },
  { field: 'until', label: '期限至' },
]

/** The list as a table to take away. */
export function blacklistTable(rows: readonly ListedEnterprise[]): Table {
  return {
    title: '质量失信黑名单',
    columns: COLUMNS,
    rows: rows.map((row) => ({
      ...row,
      regionName: regionOf(row.region)?.path ?? row.region,
      documents: row.penalties.map(({ documentNo }) => documentNo),
    })),
  }
}
