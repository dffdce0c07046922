import { built } from './build.js'

/** Runs a built program: `node scripts/build/run.js main`, or `cli` with what it is to do. */

const [program = 'main'] = process.argv.splice(2, 1)
const address = await built(program).catch((error) => {
  process.stderr.write(
    `程序尚未构建，或源文件比构建新，而现在不能构建：${error.message}\n请在可写的目录中执行 npm run build，再启动。\n`,
  )
  process.exit(2)
})
await import(address)
