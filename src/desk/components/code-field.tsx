/** Where a one-time code (动态码) is typed. */
export function CodeField({ label, required = false }: { label: string; required?: boolean }) {
  return (
    <div class="field">
      <label for="code">{label}</label>
      <input
        id="code"
        name="code"
        type="text"
        inputmode="numeric"
        autocomplete="one-time-code"
        maxLength={20}
        required={required}
      />
    </div>
  )
}
