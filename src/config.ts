import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { resolve, sep } from 'node:path'
import { z } from 'zod'

/** A whole number from the environment within bounds, written in decimal digits and in no other way. */
function whole(from: number, to: number, preset: number) {
  const detail = `应为 ${from} 到 ${to} 之间的整数`
  return (
    z
      .string()
      // An exact list: what another program would read in another way is none of it.
      .regex(/^(0|[1-9]\d{0,8})$/, detail)
      .transform(Number)
      .pipe(z.number().min(from, detail).max(to, detail))
      .default(preset)
  )
}

/** One of a few words, written exactly so. */
function oneOf<const W extends readonly [string, ...string[]]>(words: W, preset: W[number]) {
  return z.enum(words, `应为 ${words.join('、')} 之一，大小写须一致`).default(preset)
}

const MOST_PROXIES = 9

/** Whom to believe about where a request came from: nobody, so many proxies, or those at these addresses. */
export type ProxyTrust = false | number | string[]

/** What `TRUST_PROXY` says; undefined for what it can't say, `true` included: that would believe everybody. */
function proxyTrust(text: string): ProxyTrust | undefined {
  if (text === 'false' || text === '0') return false
  if (/^\d$/.test(text)) return Number(text) <= MOST_PROXIES ? Number(text) : undefined
  const addresses = text.split(',').map((part) => part.trim())
  return addresses.every(isAddressOrRange) ? addresses : undefined
}

/** Nobody's proxies fill more of the network: wider, it would believe strangers as `true` does. The private fc00::/7 is one. */
const [WIDEST_IPV4, WIDEST_IPV6] = [8, 7]
/** IPv4 addresses lie in IPv6 below so many bits (RFC 4291, 2.5.5). */
const MAPPED_BITS = 96

function isAddressOrRange(text: string): boolean {
  if (text === 'loopback') return true
  const [address = '', written, ...more] = text.split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return false
  if (written === undefined) return true
  const length = Number(written)
  if (!/^\d{1,3}$/.test(written) || length > (version === 4 ? 32 : 128)) return false
  if (version === 4) return length >= WIDEST_IPV4
  const holdsIpv4 = /^[0:]*(:ffff:|$)/i.test(address) && length < MAPPED_BITS + WIDEST_IPV4
  return length >= WIDEST_IPV6 && !holdsIpv4
}

function isHost(text: string): boolean {
  if (isIP(text) !== 0) return true
  // A name that is read as an address (0x0, 0x7f.1) is not what it looks like.
  return /^[A-Za-z0-9]([A-Za-z0-9.-]{0,252})$/.test(text) && !isReadAsAddress(text)
}

/** Whether what is written as a name is an address in another writing. */
function isReadAsAddress(text: string): boolean {
  return !URL.canParse(`http://${text}`) || isIP(new URL(`http://${text}`).hostname) !== 0
}

/** What the site's own addresses begin with: below a path of such a name nobody could tell whether a proxy has left it out. */
const OWN_BEGINNINGS: ReadonlySet<string> = new Set(
  `accessibility api assets blacklist bulk bulletins changes check desk docs en enterprises healthz honours metrics
  open-data openapi.json opensearch.xml privacy readyz rights robots.txt rules search search.csv search.xlsx sitemap.xml
  sitemaps statistics suggest .well-known`.split(/\s+/),
)

/** The path of an address, below which a site lies: its first part; empty where there is none. */
function firstPart(address: string): string {
  return URL.canParse(address) ? (new URL(address).pathname.split('/')[1] ?? '') : ''
}

/** Every setting, read from the environment under its own name; `description` is its line in docs/operations.md. */
export const settings = z.object({
  HOST: z
    .string()
    .refine(isHost, '应为本机的地址或名称，如 127.0.0.1、::1（不带方括号）')
    .default('0.0.0.0')
    .meta({ description: '监听地址' }),
  PORT: whole(0, 65_535, 8080).meta({ description: '监听端口；0 为任选空闲端口' }),
  DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .meta({ description: '数据目录：登记簿、视图、检索索引、导入任务' }),
  DATABASE_URL: z
    .string()
    .regex(
      /^(postgres(ql)?:\/\/[^\s/]+\/[^\s/?]+(\?\S*)?)?$/,
      '应为 PostgreSQL 数据库的地址，如 postgresql://hqc:密码@10.0.0.5/registry',
    )
    .refine((url) => url === '' || URL.canParse(url), '不是地址；密码中的特殊字符须按 %XX 书写')
    .default('')
    .meta({
      description:
        'PostgreSQL 数据库的地址，登记簿在其中，供多台服务器共用；空为数据目录中的登记簿。见“PostgreSQL”一节',
    }),
  NODES_SECRET: z
    .string()
    .regex(/^(\S{32,500})?$/, '应为 32 个以上的字符，没有空格，如 openssl rand -hex 32 的输出')
    .default('')
    .meta({
      description:
        '使用 PostgreSQL 时各节点共用的口令，各节点相同：密钥以它封存于数据库，新的节点自动取得；空为密钥只在数据目录中',
    }),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info').meta({
    description: '日志级别',
  }),
  TRUST_PROXY: z
    .string()
    .refine(
      (text) => text === '' || proxyTrust(text) !== undefined,
      '应为代理的层数（如 1），或各层代理的地址（如 127.0.0.1 或 10.0.0.0/8，多个以逗号分开）；没有代理的写 false。true 和过宽的范围（IPv4 短于 /8、IPv6 短于 /7）会采信任何人自报的地址，不能使用',
    )
    .default('')
    .meta({
      description:
        '反向代理的层数或地址，只采信它们所加的 X-Forwarded-For；空为：`PUBLIC_URL` 是 https 的采信本机的代理，否则不采信',
    }),
  RATE_LIMIT: whole(0, 1_000_000, 600).meta({
    description: '每个地址每分钟的请求上限；持密钥者为其十倍；0 为不限；没有代理时，本机请求不受限',
  }),
  METRICS: oneOf(['local', 'open', 'off'], 'local').meta({
    description:
      '`/metrics` 供谁读取：local 只限本机直接访问（不经代理），open 不限（请在代理或防火墙上限制），off 关闭',
  }),
  ACCESS_LOG_DAYS: whole(180, 36_500, 1095).meta({
    description: '查阅、登录和被拒操作的记录保留天数，最少 180 天',
  }),
  BULK_DAYS: whole(0, 3650, 35).meta({
    description: '每日制作全量副本（/bulk/），从此前各日到最近一份的增量保留的天数；0 为不制作',
  }),
  WEBHOOK_PRIVATE: oneOf(['true', 'false'], 'false').meta({
    description:
      '推送（webhook）可否送往内部网络的地址和不加密的 http 地址；false 只送往公共网络的 https 地址，取用方在政务内网的设为 true；本机链路（169.254…）、组播和保留地址都不送',
  }),
  WORKERS: whole(1, 64, 1).meta({
    description:
      '答复请求的进程数，不多于处理器的核数：一个办理登记和其余一切，其余的分担公众的查询；1 为只有一个进程。见“几个进程”一节',
  }),
  CLOCK_GAP_DAYS: whole(1, 3650, 60).meta({
    description: '启动时距登记簿最后一条超过此天数，视为时钟可疑，待人确认（clock accept）后才受理登记',
  }),
  MAX_UPLOAD_MB: whole(1, 10_000, 500).meta({ description: '导入文件的大小上限（MB）' }),
  MEILI_URL: z
    .string()
    .regex(/^(https?:\/\/\S+)?$/, '应为 Meilisearch 的地址，如 http://127.0.0.1:7700')
    .default('')
    .meta({ description: 'Meilisearch 的地址；空为只用内置检索' }),
  MEILI_KEY: z
    .string()
    .max(500)
    .default('')
    .meta({ description: 'Meilisearch 的密钥，所需权限见“Meilisearch”一节' }),
  MEILI_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_]{1,50}$/, '应为 1 到 50 个字母、数字或下划线')
    .default('hqc')
    .meta({ description: 'Meilisearch 上索引名称的开头；几套系统共用一台服务器时各不相同' }),
  MEILI_RESERVE: oneOf(['true', 'false'], 'true').meta({
    description: '使用 Meilisearch 时，是否同时维护内置索引，在它不可用时代为答复',
  }),
  PUBLIC_URL: z
    .string()
    .regex(
      /^(https?:\/\/[^/?#\s@]+(\/[A-Za-z0-9._~-]+)*\/?)?$/,
      '应为网站对外的地址，如 https://zlxy.example.gov.cn 或 https://www.example.gov.cn/credit',
    )
    .refine(
      (address) => address === '' || (URL.canParse(address) && !/\/\.{1,2}(\/|$)/.test(address)),
      '不是网址：主机名须是域名或地址，端口须是数字，路径中没有 . 和 ..',
    )
    .refine((address) => !OWN_BEGINNINGS.has(firstPart(address)), {
      error: ({ input }) =>
        `子路径 /${firstPart(String(input))} 与本系统自己的地址同名，代理转来的路径就分不清；请换一个，如 /credit`,
    })
    .transform((address) => address.replace(/\/$/, ''))
    .default('')
    .meta({
      description:
        '网站对外的地址，可带子路径；页面、订阅、二维码中的地址和 Cookie 以它为准，不随请求而变。正式运行时必填；空为 http://localhost:<PORT>',
    }),
  OIDC_ISSUER: z
    .string()
    .regex(/^(https?:\/\/\S+)?$/, '应为单位目录的签发地址，如 https://sso.example.gov.cn')
    .default('')
    .meta({ description: '单位目录（OpenID Connect）的签发地址；空为只用本系统的密码登录' }),
  OIDC_CLIENT_ID: z.string().max(200).default('').meta({ description: '在单位目录中登记的客户端编号' }),
  OIDC_CLIENT_SECRET: z.string().max(500).default('').meta({ description: '在单位目录中登记的客户端密钥' }),
  OIDC_LOGIN_CLAIM: z
    .string()
    .min(1)
    .max(100)
    .default('preferred_username')
    .meta({ description: '单位目录中与本系统账号逐字相同的声明，只用于第一次登录' }),
  SECOND_FACTOR: oneOf(['own', 'deciding'], 'own').meta({
    description:
      '用密码登录时的第二步（通行密钥或动态码）：own 为由本人决定是否登记；deciding 为有作决定的岗位（含管理）的账号必须登记其一才能办理，以单位目录登录的除外',
  }),
  BULLETIN_EVERY: oneOf(['month', 'quarter', 'half-year', 'year', 'off'], 'quarter').meta({
    description:
      '名单公告的周期：month 每月、quarter 每季度、half-year 每半年、year 每年；周期结束后在各机关的待办中提醒起草，off 为不提醒',
  }),
  OPERATOR: z
    .string()
    .max(100)
    .default('河北省市场监督管理局')
    .meta({ description: '页脚和开放数据中的主办单位' }),
  CONTACT: z.string().max(200).default('').meta({ description: '页脚中的联系方式，如电话和地址' }),
  NODE_ENV: oneOf(['production', 'development', 'test'], 'development').meta({
    description: '正式运行时为 production',
  }),
  NEW_REGISTER: oneOf(['true', 'false'], 'true').meta({
    description:
      '数据目录中没有登记簿时，启动是否新建一个；服务文件的设置中为 false：数据盘没有挂载的，不以空的登记簿对外，新装的先执行 init',
  }),
  DEMO: oneOf(['auto', 'true', 'false'], 'auto').meta({
    description:
      '登记簿为空时是否装入虚构的演示数据；auto 为：不是正式运行，且数据目录是默认的 ./data 或在临时目录中',
  }),
})

type Given = z.output<typeof settings>
export interface Settings extends Omit<Given, 'TRUST_PROXY'> {
  TRUST_PROXY: ProxyTrust
}

/** Settings that don't fit; the message names each setting, its fault and its value. */
export class BadSettings extends Error {
  override readonly name = 'BadSettings'
}

const bare = (name: string) => name.replaceAll(/[_-]/g, '').toUpperCase()
/** Names of two words; those of one are too short to tell a slip from another program's setting. */
const MISTAKABLE = Object.keys(settings.shape).filter((name) => name.includes('_'))

/** The setting that a name is meant for: written in other letters, without what joins its words, or with one slip. */
function meantBy(name: string): string | undefined {
  const written = bare(name)
  return MISTAKABLE.find((known) => isSlipOf(written, bare(known)))
}

/** Whether a word is another but for one letter that is missing, too many, wrong or changed places with the next. */
function isSlipOf(written: string, meant: string): boolean {
  const same = (n: number) => written[n] === meant[n]
  const most = Math.min(written.length, meant.length)
  let from = 0
  while (from < most && same(from)) from += 1
  let [end, own] = [written.length, meant.length]
  while (end > from && own > from && written[end - 1] === meant[own - 1]) [end, own] = [end - 1, own - 1]
  const [left, right] = [written.slice(from, end), meant.slice(from, own)]
  return (left.length <= 1 && right.length <= 1) || (left.length === 2 && left === `${right[1]}${right[0]}`)
}

/** Settings from the environment; an empty variable counts as not set. Throws `BadSettings`. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const misnamed = Object.keys(given).flatMap((name) => {
    const meant = name in settings.shape ? undefined : meantBy(name)
    return meant === undefined ? [] : [`${name}=：没有这一项配置；是不是要写 ${meant}？`]
  })
  if (misnamed.length > 0) throw badSettings(misnamed)
  const parsed = settings.safeParse(given)
  if (!parsed.success)
    throw badSettings(
      parsed.error.issues.map((issue) => {
        const name = String(issue.path[0])
        return `${name}=${isSecret(name) ? '' : (environment[name] ?? '')}：${issue.message}`
      }),
    )
  const { TRUST_PROXY, PUBLIC_URL, NODE_ENV } = parsed.data
  // This program speaks no TLS: where the site is reached by https, a proxy stands before it.
  const trust = proxyTrust(TRUST_PROXY) ?? (PUBLIC_URL.startsWith('https:') ? ['loopback'] : false)
  // Links, feeds, codes to scan, cookies and passkeys go by it: without it each would be wrong, behind a proxy or not.
  if (NODE_ENV === 'production' && PUBLIC_URL === '')
    throw badSettings([
      'PUBLIC_URL=：正式运行（NODE_ENV=production）须写明网站对外的地址，如 https://zlxy.example.gov.cn：页面、订阅、二维码中的地址和 Cookie 以它为准。只在本机试用的，写 http://localhost:8080（端口同 PORT），或不设 NODE_ENV',
    ])
  if (NODE_ENV === 'production' && HANDBOOKS.test(PUBLIC_URL))
    throw badSettings([
      `PUBLIC_URL=${PUBLIC_URL}：这是运行手册中的例子，请改为网站对外的地址（服务的设置在 /etc/registry/environment）`,
    ])
  const lacking = DIRECTORY.filter((name) => parsed.data[name] === '')
  if (lacking.length > 0 && lacking.length < DIRECTORY.length)
    throw badSettings(lacking.map((name) => `${name}=：单位目录须${DIRECTORY.join('、')}一同写明，或都不写`))
  return { ...parsed.data, TRUST_PROXY: trust }
}

/** Where the handbook's examples stand. */
const HANDBOOKS = /^https?:\/\/([^/]*\.)?example\.gov\.cn(?=[:/]|$)/i

/** What signing in by the bureau's directory takes. */
const DIRECTORY = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const

/** What must not stand in a log. */
function isSecret(name: string): boolean {
  return /_(KEY|SECRET)$|^DATABASE_URL$/.test(name)
}

function badSettings(faults: readonly string[]): BadSettings {
  return new BadSettings(`配置有误：\n${faults.join('\n')}`)
}

/** Whether an empty register gets the demo set: never where real data might be meant to go, unless that is asked for. */
export function wantsDemo({
  DEMO,
  NODE_ENV,
  DATA_DIR,
  DATABASE_URL,
}: Pick<Settings, 'DEMO' | 'NODE_ENV' | 'DATA_DIR' | 'DATABASE_URL'>): boolean {
  if (DEMO !== 'auto') return DEMO === 'true'
  const folder = resolve(DATA_DIR)
  const isOwn = folder === resolve('data') || folder.startsWith(resolve(tmpdir()) + sep)
  return NODE_ENV !== 'production' && isOwn && DATABASE_URL === ''
}
