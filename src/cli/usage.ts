import type { Help, OutputConfiguration } from 'commander'
import { called } from '../command-line.ts'

/** What the command line's library says of a command that does not fit, and what it means. */
const SAID: readonly (readonly [RegExp, string])[] = [
  [/^error: missing required argument '(.+?)'/, '少了“$1”，请写在命令之后。'],
  [/^error: option '(.+?)' argument missing/, '选项 $1 之后要写明内容。'],
  [/^error: required option '(.+?)' not specified/, '少了必须写明的选项 $1。'],
  [/^error: option '(.+?)' argument '(.*?)' is invalid\./, '选项 $1 之后不能写“$2”。'],
  [/^error: command-argument value '(.*?)' is invalid for argument '(.+?)'\./, '“$2”不能写“$1”。'],
  [/^error: unknown option '(.+?)'/, '没有选项 $1。'],
  [/^error: unknown command '(.+?)'/, '没有命令“$1”。'],
  [
    /^error: too many arguments.*Expected (\d+) arguments? but got (\d+)\./s,
    '命令之后只要 $1 项，写了 $2 项；含有空格的请加引号。',
  ],
]
/** What is added where a choice is none of those that there are. */
const CHOICES = /Allowed choices are (.+?)\.$/m
const SUGGESTED = /\(Did you mean (?:one of )?(.+?)\?\)/

const HEADINGS: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Global Options:': '通用选项：',
  'Commands:': '命令：',
}

/** Why a command line does not fit, in words, and where to read how it should be. */
export function usageFault(text: string): string {
  const [pattern, words] = SAID.find(([known]) => known.test(text)) ?? []
  const fault =
    pattern && words !== undefined ? (pattern.exec(text)?.[0].replace(pattern, words) ?? '') : text.trim()
  const [, meant] = SUGGESTED.exec(text) ?? []
  const [, choices] = CHOICES.exec(text) ?? []
  const allowed = choices === undefined ? '' : `可以写：${choices.replaceAll(', ', '、')}。`
  return `${fault}${allowed}${meant === undefined ? '' : `是不是要写 ${meant}？`}\n没有做任何事。用法见：${called('--help')}，或在命令之后加 --help。\n`
}

/** How faults of the command line are said. */
export const faultsInWords: OutputConfiguration = {
  outputError: (text, write) => write(usageFault(text)),
}

const placed = (text: string) => text.replace('[options]', '[选项]').replace('[command]', '[命令]')

/** A terminal gives a Chinese character two columns. */
const WIDE = /[\u2e80-\u9fff\uff00-\uff60]/g

/** How the help of the command line is set. */
export const helpInWords: Partial<Help> = {
  showGlobalOptions: true,
  displayWidth: (text) => text.replace(WIDE, '  ').length,
  styleTitle: (title) => HEADINGS[title] ?? title,
  styleUsage: placed,
  styleSubcommandTerm: placed,
  optionDescription: ({ description, defaultValue }) =>
    typeof defaultValue === 'string' ? `${description}（默认：${defaultValue}）` : description,
}
