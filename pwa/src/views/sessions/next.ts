/** Where the person wanted to go before he was asked for something: a page of ours, never another site; undefined: nowhere. */
export function nextOf(asked: unknown): string | undefined {
  return typeof asked === 'string' && /^\/(?!\/)./.test(asked) ? asked : undefined
}
