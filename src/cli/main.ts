import { inspect } from 'node:util'
import { Command, CommanderError, Option } from 'commander'
import { z } from 'zod'
import { levels } from '../authority/authority.ts'
import { scopes } from '../authority/keys.ts'
import { roles } from '../authority/roles.ts'
import { called } from '../command-line.ts'
import { readSettings } from '../config.ts'
import { keepToOneself, mustHoldRegister } from '../running/place.ts'
import {
  changeAuthority,
  createAuthority,
  listAuthorities,
  mergeAuthority,
  type NewAuthorityOptions,
  renameAuthority,
} from './authorities.ts'
import { backup, restore, snapshot } from './backup.ts'
import { checkCopies, makeCopies } from './bulk.ts'
import { acceptClock } from './clock.ts'
import { copyRegister, prepareDatabase, renewSharedStamp } from './database.ts'
import { doctor } from './doctor.ts'
import { type ImportOptions, importFile } from './import.ts'
import { sayWhenInterrupted } from './interruption.ts'
import { confirmKey, createKey, listKeys, type NewKeyOptions, revokeKey } from './keys.ts'
import { exportBlacklist, listDeadlines } from './listings.ts'
import { daily, init, rebuild } from './maintenance.ts'
import { type MirrorOptions, mirrorRegistry } from './mirror.ts'
import {
  changeOfficer,
  confirmOfficer,
  createOfficer,
  disableOfficer,
  listOfficers,
  type OfficerOptions,
  resetOfficer,
  unbindOfficer,
} from './officers.ts'
import { note, printed, watchOutput } from './output.ts'
import { adoptStandard, listStandards, recomputeCampaign, simulateStandard } from './ratings.ts'
import { faultsInWords, helpInWords } from './usage.ts'
import { verify } from './verify.ts'
import { closeWaiting, importWaitingRows, listWaiting, type WaitingOptions } from './waiting.ts'
import { exitCodeOf, wordsOf } from './words.ts'

/** The command line. It works on DATA_DIR, beside a running server too; exit codes are explained in docs/operations.md. */

/** Commands that are for places without a register too, and look at them by themselves. */
const LOOKS_ITSELF = new Set(['init', 'restore', 'doctor', 'prepare', 'copy', 'mirror'])

const program = new Command()
  .name(called('').trim())
  .description('河北省企业质量信用档案：命令行')
  .helpOption('-h, --help', '显示用法')
  .helpCommand('help [命令]', '显示一个命令的用法')
  .configureHelp(helpInWords)
  .configureOutput(faultsInWords)
  .exitOverride()
  .hook('preAction', (_, command) => {
    const { DATA_DIR } = readSettings(process.env)
    keepToOneself()
    if (!LOOKS_ITSELF.has(command.name())) mustHoldRegister(DATA_DIR)
  })

// What zod says by itself reaches people, so it speaks their language.
z.config(z.locales.zhCN())
watchOutput()
sayWhenInterrupted()

/** Ends a command that broke off: in words where there are any, with all that is known where there are none. */
function sayWhy(error: unknown): void {
  // Help that was asked for, or a usage that was told of already.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2
    return
  }
  note(wordsOf(error) ?? `出错，没有完成：${inspect(error)}`)
  process.exitCode = exitCodeOf(error)
}

// What a thread or a timer brings up is no command's to catch.
process.on('uncaughtException', (error) => {
  sayWhy(error)
  process.exit()
})

/** An option that takes one value or more: commander knows it by a Latin letter before the dots alone. */
function several(flags: string, description: string): Option {
  const option = new Option(flags, description)
  option.variadic = true
  return option
}

const JSON_OPTION = ['--json', '以 JSON 输出'] as const
type Listed = { json?: boolean }

const ends = (code: Promise<number>) =>
  code.then((exit) => {
    process.exitCode = exit
  })

program
  .command('init')
  .description('在 DATA_DIR 中新建登记簿；已有的不改动')
  .action(() => ends(init()))
program
  .command('doctor')
  .description('查看这台服务器是否合用：版本、时钟、用户、权限、磁盘、连接和文件、代理；不改动任何内容')
  .option(...JSON_OPTION)
  .action((options: Listed) => ends(doctor(options)))
program
  .command('import')
  .description('导入 CSV、XLSX、XLS 或网页形式的表格；有误的行写入报告，改正后可再次导入')
  .argument('<类型>', 'enterprise（企业基本信息）、licence、inspection、interview、penalty、award')
  .argument('<文件>', '文件')
  .option('--authority <机关>', '登记机关', '河北省市场监督管理局')
  .option('--officer <姓名>', '登记人', '命令行导入')
  .option('--errors <文件>', '有误的行的报告（默认在原文件旁）')
  .option('--preview', '只核对，不导入：列出各栏含义、待定的用语和未能导入的原因')
  .addOption(several('--sheet <工作表...>', '读取的工作表'))
  .option('--header-row <行号>', '表头所在的行；0 表示没有表头')
  .option('--hidden-rows <take|leave>', '表格中隐藏的行：一并导入，或不导入')
  .option('--mapping <文件>', '指明栏和用语含义的 JSON 文件，写法与接口的 mapping 相同')
  .option('--template <名称>', '登记机关的导入模板；--mapping 中另行指明的优先')
  .option('--save-template <名称>', '把指明的含义存为登记机关的导入模板')
  .action((type: string, file: string, options: ImportOptions) => ends(importFile(type, file, options)))

const waiting = program.command('waiting').description('待建档：导入的各行中，企业还没有建档的')
waiting
  .command('list')
  .description('按企业列出，连同已经建档、可以导入的')
  .option('--authority <机关>', '登记机关', '河北省市场监督管理局')
  .option(...JSON_OPTION)
  .action((options: Listed & { authority: string }) => ends(listWaiting(options)))
waiting
  .command('import')
  .description('导入一家企业的各行：没有代码的须写明档案编号')
  .argument('<编号>', '编号，见 waiting list')
  .option('--authority <机关>', '登记机关', '河北省市场监督管理局')
  .option('--officer <姓名>', '登记人', '命令行导入')
  .option('--key <编号>', '没有代码的：该企业的档案编号')
  .option('--errors <文件>', '有误的行的报告', 'waiting.errors.csv')
  .action((id: string, options: WaitingOptions) => ends(importWaitingRows(id, options)))
waiting
  .command('close')
  .description('不再等待一家企业的各行')
  .argument('<编号>', '编号，见 waiting list')
  .requiredOption('--reason <原因>', '原因，如外省企业已转送')
  .option('--authority <机关>', '登记机关', '河北省市场监督管理局')
  .option('--officer <姓名>', '办理人', '命令行导入')
  .action((id: string, options: WaitingOptions & { reason: string }) => ends(closeWaiting(id, options)))

const key = program.command('key').description('接口密钥')
key
  .command('create')
  .description('新建密钥；密钥只显示一次')
  .requiredOption('--name <名称>', '使用者')
  .addOption(several('--scope <权限...>', `权限：${scopes.join('、')}`).makeOptionMandatory())
  .option('--region <区划>', '只能登记此行政区划内的企业：6 位代码或全称')
  .option('--authority <机关>', '登记机关名称（默认同使用者）；没有这一机关的，按名称或 --region 开立')
  .option('--for <账号>', '以哪一名工作人员的名义；不写为机器所用，不能作为第二个人')
  .option('--consumer <取用方>', '取用方的名称或编号：以此密钥取用的平台或系统')
  .option('--expires <日期>', '有效期至（当日仍可使用），如 2027-06-30')
  .addOption(several('--addresses <地址...>', '只能从这些地址使用：地址或 CIDR，如 10.1.0.0/16'))
  .action((options: NewKeyOptions) =>
    ends(createKey({ ...options, scope: options.scope.flatMap((scope) => scope.split(',')) })),
  )
key
  .command('list')
  .description('列出密钥')
  .option(...JSON_OPTION)
  .action((options: Listed) => ends(listKeys(options)))
key
  .command('revoke')
  .description('停用密钥')
  .argument('<编号>', '密钥编号')
  .action((id: string) => ends(revokeKey(id)))

key
  .command('confirm')
  .description('作为第二名管理员，确认给予密钥的权限')
  .argument('<编号>', '密钥编号')
  .action((id: string) => ends(confirmKey(id)))

const bulk = program.command('bulk').description('全量副本：公众和平台各一份，附签名的清单')
bulk
  .command('make')
  .description('立即制作')
  .action(() => ends(makeCopies()))
bulk
  .command('check')
  .description('核对最近的副本：与清单、与登记簿是否相符')
  .action(() => ends(checkCopies()))

program
  .command('mirror')
  .description('取用一个登记系统：先取全量副本，再逐项施行变动，存入一个 SQLite 文件；中断后再执行即接续')
  .argument('<网址>', '该系统的网址')
  .argument('<文件>', 'SQLite 文件')
  .option('--key-file <文件>', '存有 platform:read 密钥的文件；不写的取公开内容')
  .option(
    '--keys <文件>',
    '对方的签章公钥（其 /check/keys.json，须另行核对）；不写的，认第一次取用时所公布的',
  )
  .option('--follow', '取完后继续等候新的变动')
  .option('--receipts', '交回执，并确认已取得的序号')
  .option('--check', '取完后与最近的全量副本核对')
  .action((url: string, file: string, options: MirrorOptions) => ends(mirrorRegistry(url, file, options)))

const authority = program.command('authority').description('机关：处罚、列入、评价各归作出的机关')
authority
  .command('create')
  .description('开立机关；层级和区划看名称，看不出的须写 --region（省级机关写 河北省）')
  .argument('<名称>', '名称；任何机关用过的名称都不能再用')
  .option('--region <区划>', '负责的行政区划：6 位代码或全称')
  .addOption(new Option('--level <层级>', '层级（默认看名称和行政区划）').choices(levels))
  .option('--above <机关>', '上级机关（默认按层级和区划）')
  .option('--contacts <联系方式>', '联系方式')
  .action((name: string, options: NewAuthorityOptions) => ends(createAuthority(name, options)))
authority
  .command('list')
  .description('列出机关')
  .option(...JSON_OPTION)
  .action((options: Listed) => ends(listAuthorities(options)))
authority
  .command('rename')
  .description('机关更名；此前作出的事项仍属该机关')
  .argument('<机关>', '现名、曾用名或编号')
  .argument('<新名称>', '新名称')
  .action((named: string, name: string) => ends(renameAuthority(named, name)))
authority
  .command('merge')
  .description('机关合并：后者承接前者作出的全部事项')
  .argument('<机关>', '被并入的机关')
  .argument('<承接机关>', '承接的机关')
  .option('--takes-over', '承接机关的区划之外的辖区由其接管')
  .action((named: string, into: string, options: { takesOver?: boolean }) =>
    ends(mergeAuthority(named, into, options)),
  )
authority
  .command('change')
  .description('更正层级和区划，写明上级机关或联系方式')
  .argument('<机关>', '现名、曾用名或编号')
  .option('--region <区划>', '负责的行政区划：6 位代码或全称')
  .addOption(new Option('--level <层级>', '层级').choices(levels))
  .option('--above <机关>', '上级机关')
  .option('--contacts <联系方式>', '联系方式')
  .action((named: string, options: NewAuthorityOptions) => ends(changeAuthority(named, options)))

const officer = program.command('officer').description('工作人员账号')
officer
  .command('create')
  .description('新建账号；首次密码只显示一次')
  .argument('<账号>', '账号：小写字母、数字、点、连字符')
  .requiredOption('--name <姓名>', '姓名')
  .requiredOption('--authority <机关>', '所在机关')
  .addOption(several('--role <岗位...>', `岗位：${roles.join('、')}`).makeOptionMandatory())
  .option('--region <区划>', '只能办理此行政区划内的企业：6 位代码或全称')
  .option('--staff-no <工号>', '工号：核对两步是否由两人办理，只存不可还原的摘要')
  .action((login: string, options: OfficerOptions) => ends(createOfficer(login, options)))
officer
  .command('change')
  .description('调整账号：登记工号，改姓名、机关、岗位、范围；其余保持原样')
  .argument('<账号>', '账号')
  .option('--name <姓名>', '姓名')
  .option('--authority <机关>', '所在机关')
  .addOption(several('--role <岗位...>', `岗位：${roles.join('、')}`))
  .option('--region <区划>', '只能办理此行政区划内的企业；写 河北省 为不限')
  .option('--staff-no <工号>', '工号：核对两步是否由两人办理，只存不可还原的摘要')
  .action((login: string, options: Partial<OfficerOptions>) => ends(changeOfficer(login, options)))
officer
  .command('confirm')
  .description('作为第二名管理员，确认给予账号的岗位')
  .argument('<账号>', '账号')
  .action((login: string) => ends(confirmOfficer(login)))
officer
  .command('list')
  .description('列出账号')
  .option(...JSON_OPTION)
  .action((options: Listed) => ends(listOfficers(options)))
officer
  .command('reset')
  .description('重设首次密码，结束全部会话；与单位目录的对应不变')
  .argument('<账号>', '账号')
  .action((login: string) => ends(resetOfficer(login)))
officer
  .command('unbind')
  .description('解除账号与单位目录中的人的对应，结束全部会话')
  .argument('<账号>', '账号')
  .action((login: string) => ends(unbindOfficer(login)))
officer
  .command('disable')
  .description('停用账号')
  .argument('<账号>', '账号')
  .action((login: string) => ends(disableOfficer(login)))

const standard = program.command('standard').description('评价标准')
standard
  .command('list')
  .description('列出已采用的和随系统提供的标准')
  .option(...JSON_OPTION)
  .action((options: Listed) => ends(listStandards(options)))
standard
  .command('adopt')
  .description('采用一项标准：随系统提供的编号，或 JSON 文件')
  .argument('<标准>', '编号或文件')
  .requiredOption('--authority <机关>', '采用机关')
  .requiredOption('--officer <姓名>', '经办人')
  .action((source: string, options: { authority: string; officer: string }) =>
    ends(adoptStandard(source, options)),
  )
standard
  .command('simulate')
  .description('试算：若按此标准评价，等级如何变动；不写入任何内容')
  .argument('<标准>', '编号或文件')
  .option('--region <区划>', '只看此行政区划（6 位代码）')
  .action((source: string, options: { region?: string }) => ends(simulateStandard(source, options)))
program
  .command('campaign')
  .description('集中评价')
  .command('recompute')
  .description('按登记簿重算一次评价发布的全部等级')
  .argument('<编号>', '评价编号')
  .action((id: string) => ends(recomputeCampaign(id)))

program
  .command('blacklist')
  .description('质量失信“黑名单”')
  .command('export')
  .description('把今天的名单写入 CSV 或 XLSX 文件')
  .argument('<文件>', '文件，以 .csv 或 .xlsx 结尾')
  .action((file: string) => ends(exportBlacklist(file)))
program
  .command('deadlines')
  .description('列出将到期和已逾期的事项')
  .option('--within <天数>', '多少天之内', '30')
  .option(...JSON_OPTION)
  .action((options: Listed & { within: string }) => ends(listDeadlines(options)))

program
  .command('rebuild')
  .description('按登记簿重建视图和检索索引')
  .action(() => ends(rebuild()))
program
  .command('verify')
  .description('核对登记簿的摘要、链、锚和依法删除，以及视图、检索索引是否与登记簿相符；不写入任何内容')
  .option('--anchor <文件>', '另行保存的锚文件（默认为数据目录中的 register.anchor）')
  .action((options: { anchor?: string }) => ends(verify(options)))
program
  .command('clock')
  .description('服务器时钟')
  .command('accept')
  .description('核对后确认时钟无误：时钟可疑时，到期处理停办，待人确认')
  .requiredOption('--today <日期>', '今天的日期（另行核对），如 2026-11-24')
  .requiredOption('--reason <原因>', '原因，记入登记簿')
  .action((options: { today: string; reason: string }) => ends(acceptClock(options)))
program
  .command('snapshot')
  .description('把本节点的视图和检索索引写入一个新目录，供新的节点由此启动；使用 PostgreSQL 时')
  .argument('<目录>', '新目录')
  .action((folder: string) => ends(snapshot(folder)))
program
  .command('backup')
  .description('备份登记簿、锚、查阅记录和密钥到一个新目录，附清单和摘要；服务运行时也可以')
  .argument('<目录>', '新目录')
  .action((folder: string) => ends(backup(folder)))
program
  .command('restore')
  .description('恢复备份，或照现状继续；登记簿进入新纪元，下游须重新取数。须先停止服务')
  .argument('[目录]', '备份目录')
  .option('--as-is', '不用备份，照登记簿的现状继续')
  .option('--today <日期>', '今天的日期（另行核对）：备份距服务器时钟过久，或在时钟之后的，须写明')
  .requiredOption('--reason <原因>', '原因，记入登记簿')
  .action((folder: string | undefined, options: { asIs?: boolean; today?: string; reason: string }) =>
    ends(restore(folder, options)),
  )
const database = program.command('database').description('PostgreSQL 数据库')
database
  .command('prepare')
  .description('在 DATABASE_URL 的数据库中建立或升级登记簿的表；以数据库属主执行')
  .option('--for <角色>', '授予此角色运行所需的最小权限')
  .action((options: { for?: string }) => ends(prepareDatabase(options)))
database
  .command('renew-stamp')
  .description('为各节点换新批量核验的签章密钥；停止全部服务后执行，以前的记录照常可以验证')
  .option('--leaked', '以前的密钥已泄露：不由它担保新的，镜像须另行核对')
  .action((options: { leaked?: boolean }) => ends(renewSharedStamp(options)))
program
  .command('copy')
  .description('把登记簿迁到 DATABASE_URL 的 PostgreSQL 数据库，或迁回数据目录；逐条核对，原处继续供读取')
  .addOption(new Option('--to <去处>', '迁到哪里').choices(['postgresql', 'sqlite']).makeOptionMandatory())
  .action((options: { to: 'postgresql' | 'sqlite' }) => ends(copyRegister(options)))
program
  .command('daily')
  .description('到期处理：公示开始和停止、有效期届满（服务运行时自动进行）')
  .action(() => ends(daily()))

/** Does what the command line says, and ends the process with its code. */
export async function obey(): Promise<never> {
  await program.parseAsync().catch(sayWhy)
  // Whatever a command that broke off has left open keeps nobody waiting.
  process.exit(await printed(Number(process.exitCode ?? 0)))
}
