import t from 'tap'
import { unfitFor, unloadable } from '../../src/running/loading.ts'
import { faultInWords } from '../../src/running/system-faults.ts'

const settings = { HOST: '127.0.0.1', PORT: 8080, DATA_DIR: '/srv/registry' }
const words = (fields: Record<string, string>, message = '') =>
  faultInWords(Object.assign(new Error(message), fields), settings)

/** Codes with what is said of a file outside, of one within the data directory, and where no file is named. */
const OF_FILES: readonly (readonly [string, RegExp])[] = [
  ['ENOENT', /^没有/],
  ['EISDIR', /是目录/],
  ['ENOTDIR', /不是目录/],
  ['EEXIST', /已经存在/],
  ['ENOTEMPTY', /已有内容/],
  ['EACCES', /没有权限/],
  ['EPERM', /没有权限/],
  ['EROFS', /只读/],
  ['ENOSPC', /已满/],
  ['EDQUOT', /已满/],
  ['EFBIG', /文件大小/],
  ['EIO', /读写.*出错/],
  ['ENXIO', /读写.*出错/],
  ['ENODEV', /读写.*出错/],
  ['ESTALE', /已断开/],
  ['ETIMEDOUT', /没有答复/],
  ['ELOOP', /绕成一圈/],
  ['ENAMETOOLONG', /名称过长/],
  ['EBUSY', /占用/],
  ['EXDEV', /同一个磁盘/],
  ['SQLITE_FULL', /已满/],
  ['SQLITE_IOERR_WRITE', /已满/],
  ['SQLITE_IOERR_SHMSIZE', /已满/],
  ['SQLITE_IOERR', /读写.*出错/],
  ['SQLITE_IOERR_READ', /读写.*出错/],
  ['SQLITE_READONLY', /不可写/],
  ['SQLITE_READONLY_DIRECTORY', /不可写/],
  ['SQLITE_PERM', /没有权限/],
  ['SQLITE_CANTOPEN', /^打不开/],
  ['SQLITE_CANTOPEN_ISDIR', /^打不开/],
  ['SQLITE_BUSY', /占用/],
  ['SQLITE_BUSY_SNAPSHOT', /占用/],
  ['SQLITE_LOCKED', /占用/],
  ['SQLITE_PROTOCOL', /文件锁/],
  ['SQLITE_CORRUPT', /已损坏/],
  ['SQLITE_CORRUPT_VTAB', /已损坏/],
  ['SQLITE_NOTADB', /不是数据库文件/],
]

t.test('whatever the system refuses is said in words, of the file that it refuses', async (t) => {
  for (const [code, expected] of OF_FILES)
    for (const [path, named] of [
      ['/backup/x.csv', /\/backup\/x\.csv/],
      ['/srv/registry/views.db', /数据目录 \/srv\/registry 中的 views\.db/],
      ['/srv/registry', /数据目录 \/srv\/registry/],
      ['/srv/registry-2/views.db', /\/srv\/registry-2\/views\.db/],
      ['', /数据目录 \/srv\/registry/],
    ] as const) {
      const said = words({ code, ...(path !== '' && { path }) })
      t.match(said, expected, `${code} ${path}`)
      t.match(said, named, code)
      t.match(said, /；.+。$/, 'with what to do')
      t.notMatch(said, /^\s| [，。；]/)
    }
  for (const code of ['EMFILE', 'ENFILE']) t.match(words({ code }), /可以打开的文件数.*LimitNOFILE/)
  for (const code of ['ENOMEM', 'SQLITE_NOMEM']) t.match(words({ code }), /内存不足/)
})

t.test('what the network refuses is said of host and port', async (t) => {
  for (const [code, expected] of [
    ['EADDRINUSE', /端口 8080 已被占用.*ss -ltnp/],
    ['EADDRNOTAVAIL', /HOST=127\.0\.0\.1 不是本机的地址/],
    ['EACCES', /不能使用端口 8080.*CAP_NET_BIND_SERVICE/],
    ['EPERM', /不允许使用端口 8080/],
    ['ENOTFOUND', /查不到地址/],
    ['EAI_AGAIN', /域名服务没有答复/],
    ['EAFNOSUPPORT', /IPv6/],
    ['EINVAL', /不能用于监听/],
    ['EMFILE', /可以打开的文件数/],
  ] as const)
    t.match(words({ code, syscall: code.startsWith('E') ? 'listen' : '' }), expected, code)
  t.match(words({ code: 'ENOTFOUND', syscall: 'getaddrinfo' }), /HOST=127\.0\.0\.1 查不到地址/)
})

t.test('of a copy, the end that the system refused is named', async (t) => {
  const copying = (code: string) => words({ code, syscall: 'copyfile', path: '/backup/a', dest: '/data/a' })
  for (const code of ['ENOSPC', 'EDQUOT', 'EROFS']) t.match(copying(code), /\/data\/a/, code)
  for (const code of ['ENOENT', 'EIO']) t.match(copying(code), /\/backup\/a/, code)
})

t.test('a cause is looked through; what nobody foresaw has no words', async (t) => {
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' })
  const wrapped = new Error('no room', { cause: new Error('deeper', { cause: full }) })
  t.match(faultInWords(wrapped, settings), /已满/)
  const circle = new Error('round')
  circle.cause = circle
  for (const error of [
    circle,
    new TypeError('x'),
    'text',
    undefined,
    Object.assign(new Error(), { code: 5 }),
  ])
    t.equal(faultInWords(error, settings), undefined)
  t.equal(words({ code: 'EWHATEVER' }), undefined)
})

t.test('a program that can not be loaded, and surroundings that it does not fit', async (t) => {
  for (const [fields, message, expected] of [
    [{ code: 'ERR_MODULE_NOT_FOUND' }, "Cannot find package 'pino'", /程序不完整（.*pino.*npm ci/],
    [{ code: 'MODULE_NOT_FOUND' }, '', /程序不完整/],
    [{ code: 'ERR_DLOPEN_FAILED' }, '', /与这一版 Node/],
    [{}, 'Could not locate the bindings file. Tried:', /与这一版 Node/],
    [{ code: 'EMFILE' }, '', /LimitNOFILE/],
  ] as const)
    t.match(unloadable(Object.assign(new Error(message), fields)), expected)
  t.equal(unloadable(new Error('x')), undefined)
  for (const [node, files, fits] of [
    ['20.18.3', 1024, false],
    ['20.19.0', 1024, true],
    ['20.20.0', undefined, true],
    ['22.0.0', 1024, true],
    ['18.20.0', 1024, false],
    ['20.19.0', 255, false],
    ['20.19.0', 256, true],
  ] as const)
    t.equal(unfitFor(node, files) === undefined, fits, `${node} ${files}`)
})
