/** Chooses between the Chinese and the English reading, as the page itself does. */
export function say(zh: string, en: string): string {
  return document.documentElement.lang === 'en' ? en : zh
}
