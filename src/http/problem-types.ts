/** What a kind of error means and what to do about it, wherever it occurs. */
interface ProblemMeaning {
  /** With which HTTP statuses it is answered. */
  statuses: readonly number[]
  /** What went wrong, in Chinese. */
  meaning: string
  /** What whoever asked does about it, in Chinese. */
  remedy: string
}

/**
 * Every kind of error answer, by its stable key: the last part of its `type`, which is the address where this is told. A kind
 * that isn't here can't be answered with.
 */
export const problemTypes = {
  invalid: {
    statuses: [400, 422],
    meaning: '请求的参数（400）或内容（422）不合要求。',
    remedy: '按 errors 逐项改正：pointer 是位置，detail 说明怎样改。',
  },
  unknown: {
    statuses: [404],
    meaning: '没有这个地址、档案、记录或其他内容。',
    remedy: '核对地址中的代码和编号；企业可用 /api/v1/enterprises?q= 按名称查找。',
  },
  gone: {
    statuses: [410],
    meaning: '曾有而已撤回、移出或删除。',
    remedy: '不要再用此前取得的内容，也不必重试。',
  },
  exists: {
    statuses: [409],
    meaning: '与已有的内容或程序所处的步骤冲突：已有档案、代码被另一企业使用、不到时候、提请已失效。',
    remedy: '读取现状，按答复中列出的内容决定怎样办理。',
  },
  stale: {
    statuses: [412],
    meaning: '读取之后，档案已被他人更新。',
    remedy: '对照答复所附的现状，以新的 ETag 作 If-Match 重新提交。',
  },
  forbidden: {
    statuses: [403],
    meaning: '这件事不由此机关或此人办理。',
    remedy: '答复写明属谁、可以怎样办；须由该机关或者另一人办理。',
  },
  busy: {
    statuses: [429, 503],
    meaning: '同时进行的写入、下载或核验过多，本次没有办理。',
    remedy: '按 Retry-After 所示秒数后原样重发。',
  },
  conflict: {
    statuses: [503],
    meaning: '同一内容正被他人接连改动，多次重新办理仍未轮到，本次没有办理。',
    remedy: '按 Retry-After 所示秒数后原样重发；反复如此的，联系系统管理员。',
  },
  unreadable: {
    statuses: [409],
    meaning: '所改的内容有本版本的程序读不出的条目，不能在其后登记；其他内容不受影响。',
    remedy: '不必重发。请对方的系统管理员执行 verify，按列出的序号处理。',
  },
  'never-sent': {
    statuses: [409],
    meaning: '取用方确认的序号，或者回执所指的变动，从未发送给它；没有记下，留作不符之处。',
    remedy: '这不是成功：确认实际取得的 next；回执以收到的 position、orgCode、id 填写。',
  },
  'position-backwards': {
    statuses: [409],
    meaning: '取用方确认的序号早于它此前确认的；没有记下，留作不符之处。',
    remedy: '确认只能前进；内容有失的，从所缺之处重新取用，不必改动确认的序号。',
  },
  'file-changed': {
    statuses: [412],
    meaning: '文件已不是 If-Match 所指的那一份。',
    remedy: '重新取清单，从头取用其中的文件。',
  },
  'idempotency-key': {
    statuses: [400],
    meaning: 'Idempotency-Key 的写法不对，或者含有居民身份证号码。',
    remedy: '用 1-200 个可见的英文字符，每个动作一个，与个人无关，如 UUID。',
  },
  'idempotency-key-reused': {
    statuses: [422],
    meaning: '同一个 Idempotency-Key 用于了不同的请求。',
    remedy: '新的请求换用新的键；重发时内容须完全相同。',
  },
  'idempotency-key-under-way': {
    statuses: [409],
    meaning: '同一个 Idempotency-Key 的请求还在办理。',
    remedy: '稍后原样重发，得到第一次的结果。',
  },
  'if-match': {
    statuses: [400],
    meaning: 'If-Match 不是读取时返回的 ETag。',
    remedy: '将读取档案时答复的 ETag 原样放入 If-Match。',
  },
  'if-match-required': {
    statuses: [428],
    meaning: '修改时没有带 If-Match。',
    remedy: '先读取档案，在 If-Match 中带上其 ETag。',
  },
  cursor: {
    statuses: [400],
    meaning: '翻页标记无效，或者不属于这一查询。',
    remedy: '从第一页重新查询，原样使用返回的 next。',
  },
  json: {
    statuses: [400],
    meaning: '请求内容不是有效的 JSON（UTF-8）。',
    remedy: '检查括号、引号和编码。',
  },
  'json-depth': {
    statuses: [400],
    meaning: 'JSON 嵌套过深。',
    remedy: '检查括号，或去掉不需要的嵌套。',
  },
  url: {
    statuses: [400],
    meaning: '网址中有无法识别的字符。',
    remedy: '中文和特殊字符按 UTF-8 作百分号编码。',
  },
  'url-too-long': { statuses: [414], meaning: '网址中的代码或编号过长。', remedy: '核对网址。' },
  'header-too-large': { statuses: [431], meaning: '网址或请求的标头过长。', remedy: '缩短网址或标头。' },
  http: { statuses: [400], meaning: '请求不符合 HTTP 的格式。', remedy: '使用现成的 HTTP 客户端。' },
  form: { statuses: [400], meaning: '表单的编码不对。', remedy: '按 UTF-8 作百分号编码。' },
  command: { statuses: [400], meaning: '表单缺少自己的编号。', remedy: '重新打开页面后再提交。' },
  'media-type': {
    statuses: [415],
    meaning: '不支持这种内容类型或字符集。',
    remedy: '使用接口说明中所列的类型，JSON 须为 UTF-8。',
  },
  'content-encoding': { statuses: [415], meaning: '请求内容经过压缩。', remedy: '原样发送，不压缩。' },
  'too-large': {
    statuses: [413],
    meaning: '请求内容超过大小上限。',
    remedy: '分批提交；批量数据用导入功能。',
  },
  'too-big': { statuses: [422], meaning: '表格解开后过大。', remedy: '把表格分成几份上传。' },
  request: { statuses: [400], meaning: '请求有误，无法处理。', remedy: '对照接口说明检查。' },
  method: {
    statuses: [405],
    meaning: '此地址不支持这种方法。',
    remedy: '可用的方法见答复头 Allow。',
  },
  range: { statuses: [416], meaning: '所要的区间超出文件。', remedy: '长度见答复头 Content-Range。' },
  slow: {
    statuses: [408],
    meaning: '请求没有在限定的时间内传完，未予保存。',
    remedy: '检查网络，或把文件分成几份。',
  },
  closing: {
    statuses: [503],
    meaning: '系统正在停机或重新启动，未予保存。',
    remedy: '一分钟后原样重发。',
  },
  'key-required': {
    statuses: [401],
    meaning: '需要接口密钥。',
    remedy: '在 Authorization: Bearer 中提供密钥；密钥向系统管理员申请。',
  },
  key: {
    statuses: [401],
    meaning: '密钥无效、已停用、已过期，或不能从此地址使用。',
    remedy: '核对密钥，向系统管理员询问。不需要密钥的接口请不要带。',
  },
  scope: {
    statuses: [403],
    meaning: '密钥没有所需的权限。',
    remedy: '向系统管理员申请答复中所列的权限。',
  },
  rate: {
    statuses: [429],
    meaning: '请求过于频繁。',
    remedy: '按 Retry-After 所示秒数后重试；批量取用请用 /api/v1/changes、/api/v1/events 或 /bulk。',
  },
  throttled: { statuses: [429], meaning: '尝试的次数过多。', remedy: '按 Retry-After 所示秒数后重试。' },
  'feed-ahead': {
    statuses: [409],
    meaning:
      '所给的序号（档案的登记过程为版次）超过末尾：此前取得的内容不属于这份登记簿；或者 asOf 的日期、时刻还没有到。',
    remedy: '清空已取的内容，从 begin 所示之处重新取用；asOf 请改用不晚于今天的。',
  },
  'other-epoch': {
    statuses: [409],
    meaning: '登记簿已由备份恢复而进入新的纪元，以前的序号不再有效。',
    remedy: '清空已取的内容，从 begin 所示之处重新取用。',
  },
  'other-schema': {
    statuses: [409],
    meaning: '提供的内容已改用新的口径。',
    remedy: '从 begin 所示之处重新取用，取完后删去没有再出现的各项。',
  },
  'last-event-id': {
    statuses: [400],
    meaning: 'Last-Event-ID 不是事件流中收到的 id。',
    remedy: '原样带上收到的最后一个 id；从头取用时不带。',
  },
  search: {
    statuses: [503],
    meaning: '检索暂时不可用。',
    remedy: '稍后再试；按代码查看档案、名单和变更接口照常。',
  },
  unavailable: { statuses: [503], meaning: '此项功能正在自动恢复。', remedy: '按 Retry-After 重试。' },
  'broken-file': {
    statuses: [503],
    meaning: '服务器上的一个数据文件读不出来：已损坏，或运行中被截短、移走。',
    remedy: '请系统管理员按 /readyz 所写的办理；按 Retry-After 重试。',
  },
  'breached-list': {
    statuses: [503],
    meaning: '服务器上的泄露密码名单读不出来，核对不了新密码，密码没有改。',
    remedy: '请系统管理员换上正确的名单，或移走它；查阅和登记照常。',
  },
  'register-full': {
    statuses: [507],
    meaning: '服务器磁盘已满，本次未保存；此前已确认的内容都在。',
    remedy: '联系系统管理员，之后原样重发。',
  },
  'temporary-folder': {
    statuses: [503],
    meaning: '服务器的数据目录不能写入，上传的文件收不下来。',
    remedy: '请系统管理员以 doctor 核对数据目录，之后原样重发；查阅和其他登记照常。',
  },
  clock: {
    statuses: [503],
    meaning: '服务器的时钟与登记簿不符，暂不受理登记；查阅照常。',
    remedy: '请系统管理员核对时钟，之后原样重发。',
  },
  'register-moved': {
    statuses: [503],
    meaning: '登记簿已迁往别处，此处不再受理登记。',
    remedy: '改用新的地址。',
  },
  'register-unavailable': {
    statuses: [503],
    meaning:
      '登记簿的数据库暂时连接不上，或正被别的程序占用；断开时正在保存的，是否已保存可能暂时无法得知。查阅照常。',
    remedy: '按 Retry-After 用同一个 Idempotency-Key 原样重发；已保存的不会重复登记。',
  },
  'min-position': {
    statuses: [400],
    meaning: 'Min-Position 不是登记序号。',
    remedy: '原样带上此前答复的 Register-Position；不需要的不带。',
  },
  behind: {
    statuses: [503],
    meaning: '这台服务器的内容还没有到 Min-Position 所要的序号。',
    remedy: '按 Retry-After 重试；序号取自别的登记簿或恢复以前的，请改用新的。',
  },
  'access-log': {
    statuses: [503],
    meaning: '查阅记录暂时不能写入，不对公众公开的内容因此不能显示。',
    remedy: '稍后再试，或联系系统管理员；公众查询照常。',
  },
  'file-required': {
    statuses: [422],
    meaning: '没有收到文件。',
    remedy: '以 multipart/form-data 上传，文件的栏名为 file。',
  },
  upload: { statuses: [400], meaning: '上传的内容不完整或无法识别。', remedy: '重新上传。' },
  sheets: {
    statuses: [422],
    meaning: '文件中有几个工作表含有数据，而没有指明读取哪些。',
    remedy: '按 sheets 所列，以 sheet 参数指明。',
  },
  token: { statuses: [403], meaning: '表单的验证码已失效。', remedy: '重新打开页面后再提交。' },
  'cross-site': { statuses: [403], meaning: '请求来自别的网站。', remedy: '从本站的页面提交。' },
  'signed-out': { statuses: [401], meaning: '登录已结束。', remedy: '重新登录。' },
  directory: {
    statuses: [403, 503],
    meaning: '统一身份认证没有认可这次登录，或者暂时不能使用。',
    remedy: '按答复所说重试，或联系系统管理员。',
  },
  metrics: {
    statuses: [403],
    meaning: '运行指标只供本机取用。',
    remedy: '从本机取用，或由系统管理员更改 METRICS 设置。',
  },
  internal: {
    statuses: [500],
    meaning: '服务器出错，没有完成请求；错误已记录。',
    remedy: '稍后重试；仍然出错的，把 instance 所示的请求编号告知系统管理员。',
  },
} as const satisfies Readonly<Record<string, ProblemMeaning>>

/** Key of a kind of error answer. */
export type ProblemType = keyof typeof problemTypes

/** Whether a kind of error answer has this key. */
export function isProblemType(key: string): key is ProblemType {
  return Object.hasOwn(problemTypes, key)
}

/** Path under which the kinds of errors are told, each by its key. */
export const PROBLEMS_PATH = '/api/v1/problems'

/** The kinds that a status is answered with. */
export function problemsWith(status: number): ProblemType[] {
  return Object.entries<ProblemMeaning>(problemTypes)
    .filter(([, { statuses }]) => statuses.includes(status))
    .map(([key]) => key)
    .filter(isProblemType)
}
