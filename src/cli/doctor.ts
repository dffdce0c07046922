import { constants, existsSync, lstatSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, resolve } from 'node:path'
import { inspect } from 'node:util'
import { z } from 'zod'
import { isBreached } from '../authority/breached.ts'
import { isBeforeRelease } from '../calendar/clock.ts'
import { shanghaiTime } from '../calendar/dates.ts'
import { called } from '../command-line.ts'
import { settings as known, readSettings, type Settings, wantsDemo } from '../config.ts'
import { AHEAD_MS, aheadOf } from '../register/clock.ts'
import { Sqlite } from '../register/driver.ts'
import { openPostgresRegister } from '../register/postgres.ts'
import { shownAddress } from '../register/postgres-server.ts'
import { openSqliteRegister } from '../register/sqlite.ts'
import { tooEarly } from '../running/clock-watch.ts'
import { connectionsAllowed, openFilesLimit } from '../running/handles.ts'
import { leavingNothing } from '../running/leaving-nothing.ts'
import { OLDEST_NODE } from '../running/loading.ts'
import { nodesKnown } from '../running/nodes.ts'
import { pathsIn } from '../running/paths.ts'
import { inspected, may, type Place, placeOf } from '../running/place.ts'
import { LEAST_FILES, lacksFiles, noMoreFiles, roomAt } from '../running/room.ts'
import { type RunningNode, runningNode } from '../running/running-node.ts'
import { wasteful } from '../running/upkeep.ts'
import { nameOf } from '../running/users.ts'
import { wordsOf } from './words.ts'

/** What one look came to: in order, worth knowing, or to be put right before anybody relies on it. */
export interface Finding {
  about: string
  grade: '正常' | '注意' | '有误'
  /** What was found and, where it is not in order, what to do. */
  words: string
}

type Say = (grade: Finding['grade'], words: string) => Finding
type Look = (settings: Settings, say: Say, found: Found) => Finding | Promise<Finding>

/** What can be told of a register by opening it, and of the node that runs on it. */
interface Found {
  /** When the last entry was recorded, empty where there is none yet; undefined where the register can't be opened. */
  recordedAt: string | undefined
  /** Where the register lives that this one is a copy of; undefined where that is here. */
  livesAt: string | undefined
  /** What is known of the database that keeps the register for all nodes; undefined where there is none. */
  database: DatabaseFound | undefined
  node: RunningNode | undefined
  /** What answers at the address of the settings as this program does; undefined where nothing does. */
  answering: Answering | undefined
  /** Settings of this command; those that a look is given are the node's where one runs. */
  own: Settings
}

interface Answering {
  at: string
  status: string
  reasons: string[]
}

/** Words where the database can't serve; else how its clock and its register stand to this machine's. */
type DatabaseFound = { words: string } | { ahead: number; position: number; nodes: string[] }

const GB = 1024 ** 3
const [LITTLE_ROOM, SOME_ROOM] = [1, 10]
const FEW_HANDLES = 4_096
const FEW_FILES = 1_000
const PATIENCE_MS = 5_000
/** An address of documentation (RFC 5737): nobody really comes from it. */
const FORGED = '203.0.113.7'
const ADD_ADDRESS =
  '请在代理中写明访问者的地址（nginx：proxy_set_header X-Forwarded-For $remote_addr;），写法见运行手册“反向代理”。'
/** Settings that a node and a command have to have alike. */
const NAMES = known
  .keyof()
  .options.filter((name) => name !== 'DATA_DIR' && name !== 'LOG_LEVEL' && name !== 'PORT')
const health = z.object({ seenAs: z.string(), forwarded: z.int().optional() })
const state = z.object({ status: z.string(), reasons: z.array(z.string()) })
/** Where a node is asked that listens on every address. */
const LISTENING: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }
const LOCAL = /^(127\.|::1$|::ffff:127\.)/

/** Looks at a place where the registry runs or is to run, in the order in which a person would go about it. */
const LOOKS: Readonly<Record<string, Look>> = {
  程序和版本: (_, say) => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
    const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])
    const sqlite = new Sqlite(':memory:').prepare<[], string>('SELECT sqlite_version()').pluck().get()
    const found = `Node ${process.versions.node}，SQLite ${sqlite}`
    return isOld
      ? say('有误', `${found}；请把 Node 升级到 ${OLDEST_NODE.join('.')} 以上。`)
      : say('正常', `${found}。`)
  },
  时区和文字: (_, say) => {
    const noon = shanghaiTime(new Date('2026-01-01T04:00:00Z'))
    const decodes = new TextDecoder('gb18030').decode(Buffer.from('bad3b1b1', 'hex')) === '河北'
    return noon.includes('12:00') && decodes
      ? say('正常', '时区数据和中文编码齐全。')
      : say('有误', '这台服务器上的 Node 不认识北京时间或中文编码；请从 nodejs.org 下载安装。')
  },
  设置: (settings, say, { node, own }) => {
    if (!node) return say('正常', '没有看到正在运行的服务，以下照本命令的设置核对。')
    const running = `服务正在运行（进程 ${node.pid}）`
    if (!node.settings) return say('注意', `${running}，它的设置看不到；请以运行服务的用户执行。`)
    const others = NAMES.filter((name) => String(settings[name]) !== String(own[name]))
    return others.length > 0
      ? say(
          '注意',
          `${running}，它的 ${others.join('、')} 与本命令的不同，以下照服务的核对；请让两者用同一个设置文件（/etc/registry/environment），以 registry doctor 执行，见运行手册“安装和启动”。`,
        )
      : say('正常', `${running}，与本命令的设置相同。`)
  },
  时钟: ({ DATA_DIR, CLOCK_GAP_DAYS }, say, { recordedAt }) => {
    const now = new Date()
    const said = `服务器时钟为北京时间 ${shanghaiTime(now)}`
    if (isBeforeRelease(now)) return say('有误', tooEarly(now))
    // Whoever may not open the register would leave files beside it that its own user can't write.
    if (placeIfOurs(DATA_DIR)?.holds !== 'register') return say('正常', `${said}；请另以手表核对。`)
    if (recordedAt === undefined)
      return say(
        '有误',
        `${said}；登记簿现在打不开，未能与它核对：可能被别的程序占用（如正在复制数据目录的），也看“数据目录”一项；请等它结束，再执行一次 doctor。`,
      )
    if (recordedAt === '') return say('正常', `${said}；请另以手表核对。`)
    const last = new Date(recordedAt)
    const days = (now.getTime() - last.getTime()) / 86_400_000
    return days < 0 || days > CLOCK_GAP_DAYS
      ? say(
          '有误',
          `${said}，而登记簿最后一条登记于 ${shanghaiTime(last)}；请校正时钟；时钟无误的，执行 ${called('clock accept --today <今天的日期> --reason <原因>')}。`,
        )
      : say('正常', `${said}，与登记簿相符；请另以手表核对。`)
  },
  数据目录: ({ DATA_DIR }, say, { answering }) => {
    const at = resolve(DATA_DIR)
    const { holds, words, broken } = inspected(DATA_DIR)
    if (holds === 'nothing' && answering)
      return say(
        '有误',
        `${at} 中没有登记簿，而 ${answering.at} 有本系统的服务在答复，它的数据不在这里：请核对 DATA_DIR；无误的，数据盘没有挂载（findmnt）或目录被移走、改名（ls -ld），请放回原处，不要新建。`,
      )
    if (holds === 'nothing')
      return say(
        '注意',
        `${at} 中没有登记簿；是新装的，执行 ${called('init')} 新建；否则请核对 DATA_DIR，数据盘没有挂载的先挂载它（findmnt）。`,
      )
    const amiss = [...words, ...broken.flatMap((one) => (one.words ? [one.words.join('，')] : []))]
    return amiss.length > 0
      ? say('注意', `${at}，有登记簿，与锚相符；启动时：${amiss.join('')}`)
      : say('正常', `${at}，有登记簿，与锚相符，密钥齐全。`)
  },
  数据库: ({ DATABASE_URL }, say, { database, livesAt }) => {
    if (!database)
      return livesAt === undefined
        ? say('正常', '登记簿在数据目录中，不用数据库。')
        : say(
            '有误',
            `数据目录中的登记簿是 ${livesAt} 的副本，而没有写明 DATABASE_URL；请以服务的设置执行（registry doctor），见运行手册“安装和启动”。`,
          )
    if ('words' in database) return say('有误', database.words)
    const { ahead, position, nodes } = database
    const said = `${shownAddress(DATABASE_URL)} 可以读写，登记簿到序号 ${position}，${nodes.length > 0 ? `运行中的节点：${nodes.join('、')}` : '没有运行中的节点'}`
    return Math.abs(ahead) > AHEAD_MS
      ? say(
          '有误',
          `${said}；但服务器时钟比数据库的${ahead > 0 ? '快' : '慢'} ${Math.round(Math.abs(ahead) / 1_000)} 秒，这一台不受理登记。请校正不对的一个（如以 chronyd 对时）。`,
        )
      : say('正常', `${said}，时钟相符。`)
  },
  用户和权限: ({ DATA_DIR }, say, { answering }) => {
    const self = process.getuid?.()
    if (self === undefined) return say('注意', '本系统不区分用户，未核对权限。')
    const own = nameOf(self)
    const { own: paths } = placeOf(DATA_DIR)
    const above = nearest(resolve(DATA_DIR))
    if (!existsSync(DATA_DIR) && answering)
      return say('有误', `没有 ${resolve(DATA_DIR)}，而服务正在运行，见“数据目录”。`)
    if (!may(above, constants.W_OK))
      return say(
        '有误',
        existsSync(DATA_DIR)
          ? `用户 ${own} 不能写入 ${above}；请核对 DATA_DIR，无误的，检查它的权限（ls -ld）和挂载方式（findmnt）。`
          : `还没有 ${resolve(DATA_DIR)}，用户 ${own} 也不能在 ${above} 中建立它；请核对 DATA_DIR，无误的，以 root 执行 install -d -o ${own} -m 0700 ${resolve(DATA_DIR)}（由 systemd 启动的，服务文件中的 StateDirectory 会建立它）。`,
      )
    const open = paths.filter((path) => (lstatSync(path).mode & 0o077) !== 0)
    const keys = open.filter((path) => /\.key$/.test(path))
    if (keys.length > 0 && open.includes(resolve(DATA_DIR)))
      return say(
        '有误',
        `密钥 ${keys.join('、')} 可供其他用户读取，可能已被取走；服务启动时会收紧，但取走的收不回：session.key、stamp.key 请停机后移走，由下次启动换新；person.key 不能换，请查明这台服务器上有哪些人的账号。`,
      )
    if (open.length > 0)
      return say('注意', `${open.length} 个文件或目录可供其他用户读取（如 ${open[0]}）；服务启动时会收紧。`)
    return self === 0
      ? say('注意', '现在的用户是 root；请为服务另设用户，如 registry。')
      : say('正常', `用户 ${own}，他人不能读取。`)
  },
  密码名单: ({ DATA_DIR }, say) => {
    const { breached } = pathsIn(DATA_DIR)
    if (placeIfOurs(DATA_DIR)?.holds !== 'register' || !existsSync(breached))
      return say('正常', '没有放置泄露密码名单，用随程序的名单。')
    try {
      isBreached(breached, '')
      return say('正常', `有泄露密码名单 ${breached}。`)
    } catch {
      return say(
        '有误',
        `${breached} 不是按摘要排序、每行 40 位大写十六进制的名单，或者读不了，没有人能改密码；请换上 Have I Been Pwned 的 SHA-1 名单，或移走它。`,
      )
    }
  },
  磁盘: ({ DATA_DIR }, say) => {
    const folder = nearest(resolve(DATA_DIR))
    const { bytes, files } = roomAt(folder)
    const room = bytes / GB
    if (files !== undefined && files < FEW_FILES)
      return say(
        '有误',
        files < LEAST_FILES
          ? noMoreFiles(folder)
          : `数据目录所在的磁盘只能再建立 ${files} 个文件（inode），空间还有 ${room.toFixed(1)} GB；请查明哪个目录中小文件过多（df -i、du --inodes），删去不用的。`,
      )
    const said = `数据目录所在的磁盘剩余 ${room.toFixed(1)} GB`
    if (room < LITTLE_ROOM) return say('有误', `${said}，不足 ${LITTLE_ROOM} GB；请腾出空间。`)
    const [waste] = placeIfOurs(DATA_DIR)?.holds === 'register' ? wasteful(DATA_DIR) : []
    if (waste)
      return say(
        '注意',
        `${said}；${waste.path} 中有 ${(waste.free / GB).toFixed(1)} GB 空闲，是旧版程序留下的，不会自行腾还：请停下服务，执行 ${called('rebuild')}，再启动。`,
      )
    return room < SOME_ROOM
      ? say('注意', `${said}；一百万份档案约需 2.5 GB，重建时加倍。`)
      : say('正常', `${said}。`)
  },
  临时目录: (_, say) => {
    const folder = tmpdir()
    const what = '待建档的导入、换新签章密钥和数据库的大量排序要用它'
    if (!existsSync(folder))
      return say('注意', `没有临时目录 ${folder}（TMPDIR），${what}；请建立它，或去掉 TMPDIR。`)
    if (!may(folder, constants.R_OK | constants.W_OK | constants.X_OK))
      return say(
        '注意',
        `用户 ${nameOf(process.getuid?.() ?? -1)} 不能使用临时目录 ${folder}（TMPDIR），${what}；请检查它的权限（ls -ld，一般为 1777），或去掉 TMPDIR。`,
      )
    const room = roomAt(folder)
    if (lacksFiles(room)) return say('注意', `${noMoreFiles(folder)}${what}。`)
    return room.bytes < GB / 10
      ? say(
          '注意',
          `临时目录 ${folder} 所在的磁盘只剩 ${Math.round(room.bytes / 1e6)} MB，${what}；请腾出空间。`,
        )
      : say('正常', `${folder} 可以写入。`)
  },
  连接和文件: (_, say, { node }) => {
    const limit = node ? node.openFiles : openFilesLimit()
    if (limit === undefined) return say('注意', '查不到可以打开的文件数。')
    const said = `${node ? '正在运行的服务' : '没有看到正在运行的服务，本命令'}可以打开 ${limit} 个文件，同时接受 ${connectionsAllowed(limit)} 个连接`
    return limit < FEW_HANDLES
      ? say(
          '注意',
          `${said}；人多时会打不开网站；请在服务文件 registry.service 中写 LimitNOFILE=65536，再执行 systemctl daemon-reload 和 systemctl restart registry。`,
        )
      : say('正常', `${said}。`)
  },
  运行状况: (settings, say, { node, answering, recordedAt }) => {
    if (!answering) {
      const silent = `${addressOf(settings)} 没有答复`
      if (!node) return say('正常', `没有看到正在运行的服务，${silent}。`)
      return node.settings
        ? say('有误', `${silent}，或答复的不是本系统；刚启动的请稍候再查，否则请看日志。`)
        : say('注意', '正在运行的服务听在哪里看不到；请以运行服务的用户执行。')
    }
    const { at, status, reasons } = answering
    const isReady = status === 'ready'
    const told = isReady
      ? `${at} 答复一切正常`
      : `${at} 答复 ${status}：${reasons.join('') || '正在启动、停止或追赶登记簿。'}`
    if (node) return isReady ? say('正常', `${told}。`) : say('有误', told)
    // What can't be opened here may well be what it works on.
    if (recordedAt === undefined && placeIfOurs(settings.DATA_DIR)?.holds !== 'nothing')
      return say(isReady ? '注意' : '有误', `${told}${isReady ? '；' : ''}它用的是不是这里的数据看不到。`)
    const elsewhere = `它用的不是 ${resolve(settings.DATA_DIR)} 中的数据`
    const advice = '数据盘没有挂载（findmnt），或目录被移走、换过（ls -ld），请放回原处。'
    return isReady
      ? say('注意', `${told}，但${elsewhere}：查看的是演练等另外的目录的，不必理会；否则${advice}`)
      : say('有误', `${told}${elsewhere}：${advice}`)
  },
  代理: async (settings, say) => {
    const { PUBLIC_URL, TRUST_PROXY } = settings
    if (PUBLIC_URL === '')
      return wantsDemo(settings)
        ? say('正常', '没有设置 PUBLIC_URL（试用不需要）。')
        : say(
            '注意',
            '没有设置 PUBLIC_URL，未核对代理：页面、订阅和二维码中的地址是 localhost。请写明网站对外的地址；服务的设置中已有的，请以它的设置执行（registry doctor），见运行手册“安装和启动”。',
          )
    const plain = await seen(PUBLIC_URL)
    if ('fault' in plain) return say('有误', `${PUBLIC_URL} ${plain.fault}；请核对代理的配置和 PUBLIC_URL。`)
    const forged = await seen(PUBLIC_URL, { 'x-forwarded-for': FORGED })
    // Where proxies are known by their addresses, who asks from this machine is taken for one, and is rightly believed where a
    // proxy has told of them: what is amiss then is a proxy that hands on what it was told and adds nothing.
    const isTaken = LOCAL.test(plain.as) && Array.isArray(TRUST_PROXY)
    if ('as' in forged && forged.as === FORGED && !(isTaken && forged.forwarded !== 1))
      return say(
        '有误',
        `访问者自报的地址被采信，任何人都可以冒用别人的地址，限制访问次数和登录次数就不起作用。请核对 TRUST_PROXY 与代理的层数或地址相符；${ADD_ADDRESS}`,
      )
    if (TRUST_PROXY !== false && plain.forwarded === 0)
      return say(
        '有误',
        `代理没有传来访问者的地址，所有人看来都来自代理（${plain.as}），一人多次访问，其他人也会被限制。${ADD_ADDRESS}`,
      )
    return TRUST_PROXY === false && LOCAL.test(plain.as)
      ? say(
          '注意',
          `经 ${PUBLIC_URL} 的请求看来都来自本机（${plain.as}）。从别的机器打开也如此的，前面有代理而没有设置 TRUST_PROXY；${ADD_ADDRESS}`,
        )
      : say('正常', `${PUBLIC_URL} 可以打开，本机的请求看来来自 ${plain.as}，自报的地址不被采信。`)
  },
}

/** Says whether a place is fit to run the registry, and what to do where it isn't; exit code 1 where something is wrong. */
export async function doctor({ json = false }: { json?: boolean }): Promise<number> {
  const own = readSettings(process.env)
  const findings = await leavingNothing(own.DATA_DIR, () => lookedAt(own))
  const lines = findings.map(({ about, grade, words }) => `${grade}  ${about}：${words}`)
  const faults = findings.filter(({ grade }) => grade === '有误').length
  lines.push(
    faults > 0
      ? `有误 ${faults} 项：请照所写的办理，再执行一次 doctor。`
      : '没有妨碍运行的问题；“注意”的各项请看一看。',
  )
  process.stdout.write(`${json ? JSON.stringify(findings) : lines.join('\n')}\n`)
  return faults > 0 ? 1 : 0
}

/** What each look came to, in their order. */
async function lookedAt(own: Settings): Promise<Finding[]> {
  const { DATA_DIR } = own
  const there = await lookedInto(own)
  const settings: Settings = { ...(there.node?.settings ?? own), DATA_DIR }
  const found: Found = { own, ...there, answering: await answeringAt(addressOf(settings)) }
  const findings: Finding[] = []
  for (const [about, look] of Object.entries(LOOKS)) {
    const say: Say = (grade, words) => ({ about, grade, words })
    const finding = await Promise.resolve()
      .then(() => look(settings, say, found))
      .catch((error: unknown) =>
        say('有误', wordsOf(error) ?? `没有查成：${error instanceof Error ? error.message : inspect(error)}`),
      )
    findings.push(finding)
  }
  return findings
}

/** What lies in a data directory; undefined where it is not this user's to look at. */
function placeIfOurs(dataDir: string): Place | undefined {
  try {
    return placeOf(dataDir)
  } catch {
    return undefined
  }
}

/** What the register and its leases tell; nothing where it is not this user's to open, as that would leave files beside it. */
async function lookedInto(settings: Settings): Promise<Omit<Found, 'own' | 'answering'>> {
  const here = await lookedIntoFile(settings.DATA_DIR)
  const there = await lookedIntoDatabase(settings)
  return { ...here, database: there?.database, node: here.node ?? there?.node }
}

async function lookedIntoFile(dataDir: string): Promise<Omit<Found, 'own' | 'answering' | 'database'>> {
  const nothing = { recordedAt: undefined, livesAt: undefined, node: undefined }
  if (placeIfOurs(dataDir)?.holds !== 'register') return nothing
  try {
    const register = openSqliteRegister(pathsIn(dataDir).register, () => new Date(), { mode: 'look' })
    try {
      const { recordedAt } = await register.standing()
      return { recordedAt, livesAt: await register.livesAt(), node: await runningNode(register, dataDir) }
    } finally {
      await register.close()
    }
  } catch {
    return nothing
  }
}

async function lookedIntoDatabase({
  DATABASE_URL,
  DATA_DIR,
}: Settings): Promise<Pick<Found, 'database' | 'node'> | undefined> {
  if (DATABASE_URL === '') return undefined
  try {
    const register = await openPostgresRegister(DATABASE_URL, () => new Date())
    try {
      const before = Date.now()
      const there = (await register.sharedTime())?.getTime() ?? before
      const ahead = aheadOf(there, before, Date.now())
      const { nodes } = nodesKnown(await register.leases(), [])
      const { position } = await register.standing()
      return {
        database: { ahead, position, nodes: nodes.map(({ name }) => name) },
        node: await runningNode(register, DATA_DIR, true),
      }
    } finally {
      await register.close()
    }
  } catch (error) {
    const words = wordsOf(error) ?? (error instanceof Error ? error.message : inspect(error))
    return { database: { words }, node: undefined }
  }
}

/** Where a node with these settings tells how it is. */
function addressOf({ HOST, PORT }: Settings): string {
  return `http://${LISTENING[HOST] ?? (HOST.includes(':') ? `[${HOST}]` : HOST)}:${PORT}/readyz/desk`
}

async function answeringAt(at: string): Promise<Answering | undefined> {
  try {
    const answer = await fetch(at, { signal: AbortSignal.timeout(PATIENCE_MS) })
    return { at, ...state.parse(await answer.json()) }
  } catch {
    return undefined
  }
}

/** The folder itself, or the nearest above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder))
}

interface Seen {
  /** Address from which the node takes the request to come. */
  as: string
  /** How many addresses it was told of by proxies, or by whoever asked; undefined where the node is too old to say. */
  forwarded: number | undefined
}

/** How the node sees a request through the site's own address. */
async function seen(base: string, headers: Record<string, string> = {}): Promise<Seen | { fault: string }> {
  try {
    const answer = await fetch(`${base}/healthz`, { headers, signal: AbortSignal.timeout(PATIENCE_MS) })
    const said = health.safeParse(await answer.json().catch(() => undefined))
    if (said.success) return { as: said.data.seenAs, forwarded: said.data.forwarded }
    return { fault: `答复的不是本系统（状态 ${answer.status}）` }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    const isUnknown = /certificate/.test(cause)
    return {
      fault: `打不开（${cause}）${isUnknown ? '；证书是本单位自己签发的，请先 export NODE_EXTRA_CA_CERTS=<证书文件> 再执行' : ''}`,
    }
  }
}
