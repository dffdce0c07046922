import { Feed } from 'feed'
import { bulletinTitle } from '../src/blacklist/bulletin.ts'
import { writable } from '../src/codes/characters.ts'
import type { Catalogue } from '../src/records/catalogue.ts'
import type { ShownBulletin } from '../src/registry/bulletins.ts'
import type { FilePage } from '../src/registry/file-page.ts'
import type { ListedEnterprise } from '../src/registry/listings.ts'
import { EVENT_WORDS } from '../src/ui/words.ts'
import { SITE_NAME } from './components/layout.tsx'

/** What readers of a JSON Feed are told of its extension. */
const GONE =
  '已移出的：请删去编号（id）相同的项目，on 为移出之日。 Items to delete, by id, and since which day.'

/** The latest listings as a feed; who has left the list is not in it any more. */
export function listingFeed(listings: readonly ListedEnterprise[], base: string): Feed {
  const feed = emptyFeed('质量失信黑名单：最近列入', `${base}/blacklist`, base)
  for (const { id, name, ground, authority, decisionNo, publishedAt } of listings)
    feed.addItem({
      title: writable(name),
      id: `${base}/blacklist/${id}`,
      link: `${base}/blacklist/${id}`,
      description: html(`${ground}。${authority}，${decisionNo}。`),
      date: new Date(publishedAt),
    })
  return feed
}

/** The latest bulletins as a feed. */
export function bulletinFeed(bulletins: readonly ShownBulletin[], base: string): Feed {
  const feed = emptyFeed('质量失信黑名单公告', `${base}/bulletins`, base)
  for (const bulletin of bulletins)
    feed.addItem({
      title: writable(bulletinTitle(bulletin)),
      id: `${base}/bulletins/${bulletin.id}`,
      link: `${base}/bulletins/${bulletin.id}`,
      description: `列入 ${bulletin.listed.length} 家。`,
      date: new Date(bulletin.issuedAt ?? 0),
    })
  return feed
}

/** An item that is not there any more: its id, and since which day (Shanghai). */
export interface Tombstone {
  id: string
  on: string
}

/**
 * A feed as Atom, whose titles are HTML; those of JSON Feed are plain text. Summaries are HTML in both. `next` is the
 * address at which it goes on with what is older (RFC 5005). It was updated with the newest of its items. What is `gone` is
 * named by its id alone, so that readers delete it (RFC 6721).
 */
export function atomOf(feed: Feed, next?: string, gone: readonly Tombstone[] = []): string {
  const times = feed.items.map(({ date }) => date.getTime())
  feed.options.updated = new Date(Math.max(0, ...times))
  feed.items = feed.items.map((item) => ({ ...item, title: html(item.title) }))
  const link = next === undefined ? '' : `    <link rel="next" href="${html(next)}"/>\n`
  const written = feed.atom1().replace(/^ *<link rel="self"/m, (own) => `${link}${own}`)
  if (gone.length === 0) return written
  const stones = gone.map(
    ({ id, on }) =>
      `    <at:deleted-entry xmlns:at="http://purl.org/atompub/tombstones/1.0" ref="${html(id)}" when="${on}T00:00:00+08:00"/>\n`,
  )
  return written.replace('</feed>', `${stones.join('')}</feed>`)
}

/** The same as JSON Feed, which has no word of its own for what is gone: it stands in an extension, `_gone`. */
export function jsonFeedOf(feed: Feed, next?: string, gone: readonly Tombstone[] = []): string {
  const written: Record<string, unknown> = JSON.parse(feed.json1())
  return JSON.stringify({
    ...written,
    ...(next !== undefined && { next_url: next }),
    ...(gone.length > 0 && { _gone: { about: GONE, items: gone } }),
  })
}

/** What was recorded in an enterprise's file, as far as it stands on a page of it, the newest first. */
export function fileFeed({ file, named }: FilePage, catalogue: Catalogue, base: string): Feed {
  const address = `${base}/enterprises/${file.orgCode}`
  const feed = emptyFeed(`${file.enterprise.name}：质量信用档案`, address, base)
  const kinds = new Map(named.map(({ id, type }) => [id, catalogue.kind(type)?.label]))
  for (const { kind, id, at, position } of file.history.toReversed())
    feed.addItem({
      title: `${EVENT_WORDS[kind]?.[0] ?? kind}${kinds.get(id ?? '') ?? ''}`,
      id: `${address}#${position}`,
      link: id !== undefined && kinds.has(id) ? `${address}?record=${id}#r-${id}` : `${address}#history`,
      description: `登记序号 ${position}。`,
      date: new Date(at),
    })
  return feed
}

function emptyFeed(title: string, link: string, base: string): Feed {
  return new Feed({
    title: writable(`${title} - ${SITE_NAME}`),
    id: link,
    link,
    language: 'zh-CN',
    copyright: SITE_NAME,
    feedLinks: { atom: `${link}/feed.atom`, json: `${link}/feed.json` },
    author: { name: SITE_NAME, link: base },
  })
}

/** Text as HTML, which readers of feeds show as such. */
function html(text: string): string {
  return writable(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
