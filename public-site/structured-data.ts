import type { PublicFile } from '../src/dossier/face.ts'

/** An enterprise as schema.org tells one (JSON-LD). */
export function organisationOf({ orgCode, uscc, enterprise, listings }: PublicFile, base: string): object {
  const { name, formerNames, address, establishedOn, regionName } = enterprise
  const identifier = (propertyID: string, value: string) => ({ '@type': 'PropertyValue', propertyID, value })
  return {
    '@context': 'https://schema.org',
    '@type': 'Organization',
    '@id': `${base}/enterprises/${orgCode}#organization`,
    url: `${base}/enterprises/${orgCode}`,
    name,
    ...(formerNames.length > 0 && { alternateName: formerNames }),
    identifier: [
      ...(uscc === null ? [] : [identifier('统一社会信用代码', uscc)]),
      ...(orgCode.length === 9 ? [identifier('组织机构代码', orgCode)] : []),
    ],
    ...(establishedOn !== undefined && { foundingDate: establishedOn }),
    ...((address !== undefined || regionName !== undefined) && {
      address: {
        '@type': 'PostalAddress',
        addressCountry: 'CN',
        ...(regionName !== undefined && { addressRegion: regionName }),
        ...(address !== undefined && { streetAddress: address }),
      },
    }),
    ...(listings.length > 0 && {
      subjectOf: listings.map(({ id }) => ({ '@type': 'WebPage', url: `${base}/blacklist/${id}` })),
    }),
  }
}
