declare module 'opencc-js/dict/TSCharacters' {
  /** Pairs of a traditional character and its simplified form: `㑯 㑔|㑳 㑇|…`. */
  const pairs: string
  export default pairs
}
