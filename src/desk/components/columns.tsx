import { placeName } from '../../ui/values.tsx'

/** Columns by which lists name the enterprise that a row is about. */
export const enterpriseColumn = {
  field: 'name',
  label: '企业',
  value: ({ name }: { name: string }) => name,
  show: ({ name, orgCode }: { name: string; orgCode: string }) => (
    <a href={`/desk/enterprises/${orgCode}`}>{name}</a>
  ),
}
export const codeColumn = {
  field: 'orgCode',
  label: '档案编号',
  value: ({ orgCode }: { orgCode: string }) => orgCode,
  fileOnly: true,
}
export const regionColumn = {
  field: 'region',
  label: '地区',
  value: ({ region }: { region: string }) => placeName(region),
}
