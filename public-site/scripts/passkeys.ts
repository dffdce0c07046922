import { startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser'
import { say } from './say.ts'

/** What a script of its own adds to the pages of the desk on which passkeys (通行密钥) are made and shown. */

for (const form of document.querySelectorAll('form')) if (fieldsOf(form).length > 0) fillWhenSent(form)

function fieldsOf(form: HTMLFormElement): HTMLInputElement[] {
  return Array.from(form.querySelectorAll<HTMLInputElement>('input[data-passkey]'))
}

/** Holds the ceremonies of a form before it is sent, one after the other. */
function fillWhenSent(form: HTMLFormElement): void {
  let isFilled = false
  form.addEventListener('submit', async (event) => {
    if (isFilled) return
    event.preventDefault()
    try {
      for (const field of fieldsOf(form)) field.value = await answerOf(field)
      isFilled = true
      form.requestSubmit()
    } catch (error) {
      say(form, wordsOf(error))
    }
  })
}

async function answerOf({ dataset, form }: HTMLInputElement): Promise<string> {
  const { passkey, options = '', unless } = dataset
  const instead = unless === undefined ? null : form?.elements.namedItem(unless)
  if (instead instanceof HTMLInputElement && instead.value.trim() !== '') return ''
  const optionsJSON = JSON.parse(options)
  const answer =
    passkey === 'make' ? await startRegistration({ optionsJSON }) : await startAuthentication({ optionsJSON })
  return JSON.stringify(answer)
}

function wordsOf(error: unknown): string {
  const code = error instanceof WebAuthnError ? error.code : ''
  if (code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') return '这台设备上已经有此账号的通行密钥。'
  if (code === 'ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT')
    return '这把密钥不能核实使用者；请先为它设置 PIN 或指纹，或者换一把。'
  const isAbsent = !('PublicKeyCredential' in window)
  return isAbsent
    ? '此浏览器不能使用通行密钥，请换用较新的浏览器。'
    : '没有完成：通行密钥没有出示，或者已经取消、超时。请再试一次。'
}
