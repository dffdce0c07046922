interface Props {
  name: string
  /** Which ceremony the browser holds when the form is sent: one makes a passkey, the other shows one. */
  does: 'make' | 'show'
  /** What the browser is asked by. */
  options: object
  /** Name of a field of the form that takes its place where something is typed there. */
  unless?: string
}

/** What a browser says of a passkey (通行密钥), filled in by the pages' script when its form is sent. */
export function PasskeyField({ name, does, options, unless }: Props) {
  return (
    <>
      <input
        type="hidden"
        name={name}
        value=""
        data-passkey={does}
        data-options={JSON.stringify(options)}
        data-unless={unless}
      />
      <noscript>
        <p class="fault">通行密钥须由浏览器的脚本出示，请允许本网站的脚本后重新打开此页。</p>
      </noscript>
    </>
  )
}
