import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import t from 'tap'
import { atomOf, listingFeed } from '../../public-site/feeds.ts'

/** Texts that break out of what they are put in, and any other. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom(
        '<b>',
        '</title>',
        ']]>',
        '&amp;',
        '&',
        '"',
        "'",
        '\u0000',
        '\u000b',
        '\ud800',
        '\ufffe',
        '甲',
        '<!--',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
)

/** The texts of some elements, by a parser that lets nothing pass. */
function textsOf(xml: string, names: readonly string[]): string[] {
  const found: string[] = []
  let text: string | undefined
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name }) => {
    if (names.includes(name)) text = ''
  })
  const add = (more: string) => {
    if (text !== undefined) text += more
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', () => {
    if (text !== undefined) found.push(text)
    text = undefined
  })
  parser.write(xml).close()
  return found
}

const unescaped = (html: string) =>
  html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
const holdable = (text: string) =>
  text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, '\ufffd')

t.test('a feed holds any name as text, and nothing in it is markup', async (t) => {
  const holds = fc.property(
    hostile.filter((text) => text !== ''),
    hostile,
    (name, ground) => {
      const listing = {
        id: '0190',
        orgCode: 'M000100Y4',
        uscc: null,
        name,
        region: '130102',
        ground,
        basis: '',
        penalties: [],
        decisionNo: '',
        decidedOn: '2026-01-01',
        authority: '',
        from: '2026-01-01',
        until: null,
        publishedAt: '2026-01-01T00:00:00.000Z',
        measures: [],
        repair: { from: '2027-01-01', how: '', conditions: [] },
        objectionOpen: false,
      }
      const atom = atomOf(listingFeed([listing], 'https://example.gov.cn'))
      const [, title = '', summary = ''] = textsOf(atom, ['title', 'summary'])
      const json = JSON.parse(listingFeed([listing], 'https://example.gov.cn').json1())
      const sameLines = (text: string) => text.replaceAll('\r\n', '\n').replaceAll('\r', '\n')
      const told = sameLines(holdable(`${ground}。，。`))
      return (
        !/[<>]/.test(title + summary) &&
        unescaped(title) === sameLines(holdable(name)) &&
        unescaped(summary) === told &&
        json.items[0].title === holdable(name) &&
        sameLines(unescaped(json.items[0].content_html)) === told
      )
    },
  )
  t.doesNotThrow(() => fc.assert(holds, { numRuns: 500 }))
})
