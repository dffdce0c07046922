import { z } from 'zod'

/** A whole number from the environment within bounds. */
function whole(from: number, to: number, preset: number) {
  const detail = `应为 ${from} 到 ${to} 之间的整数`
  return z.coerce.number(detail).int(detail).min(from, detail).max(to, detail).default(preset)
}

/** Every setting, read from the environment under its own name; `description` is its line in docs/operations.md. */
export const settings = z.object({
  HOST: z.string().min(1).default('0.0.0.0').meta({ description: '监听地址' }),
  PORT: whole(0, 65_535, 8080).meta({ description: '监听端口；0 为任选空闲端口' }),
  DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .meta({ description: '数据目录：登记簿、视图、检索索引、导入任务' }),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      '应为 fatal、error、warn、info、debug、trace、silent 之一',
    )
    .default('info')
    .meta({ description: '日志级别' }),
  TRUST_PROXY: z
    .enum(['true', 'false'], '应为 true 或 false')
    .default('false')
    .meta({ description: '是否采信反向代理所加的 X-Forwarded-For；仅在代理之后设为 true' }),
  RATE_LIMIT: whole(0, 1_000_000, 600).meta({
    description: '每个地址每分钟的请求上限；持密钥者为其十倍；0 为不限；本机请求不受限',
  }),
  ACCESS_LOG_DAYS: whole(180, 36_500, 1095).meta({
    description: '查阅、登录和被拒操作的记录保留天数，最少 180 天',
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
  MEILI_RESERVE: z
    .enum(['true', 'false'], '应为 true 或 false')
    .default('true')
    .meta({ description: '使用 Meilisearch 时，是否同时维护内置索引，在它不可用时代为答复' }),
  PUBLIC_URL: z
    .string()
    .regex(/^(https?:\/\/[^/?#\s]+)?$/, '应为网站的来源，如 https://zlxy.example.gov.cn，末尾不带斜线')
    .default('')
    .meta({ description: '网站对外的来源（协议和域名），用于二维码、订阅和网站地图；空为各请求自己的来源' }),
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
    .meta({ description: '单位目录中与本系统账号相同的声明' }),
  OPERATOR: z
    .string()
    .max(100)
    .default('河北省市场监督管理局')
    .meta({ description: '页脚和开放数据中的主办单位' }),
  CONTACT: z.string().max(200).default('').meta({ description: '页脚中的联系方式，如电话和地址' }),
  NODE_ENV: z.string().default('development').meta({ description: '为 production 时不装入演示数据' }),
})

export type Settings = z.output<typeof settings>

/** Settings that don't fit; the message names each setting, its fault and its value. */
export class BadSettings extends Error {
  override readonly name = 'BadSettings'
}

/** Settings from the environment; an empty variable counts as not set. Throws `BadSettings`. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = settings.safeParse(given)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0])
    return `${name}=${environment[name] ?? ''}：${issue.message}`
  })
  throw new BadSettings(`配置有误：\n${faults.join('\n')}`)
}
