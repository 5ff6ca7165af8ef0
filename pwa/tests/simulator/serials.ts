/**
 * What people type bears a serial, by which it is known wherever it comes to lie: a record that was made twice by mistake has other
 * ids, and says the same.
 */
const SERIAL = /#\d+#/g

export const serial = (number: number) => `#${number}#`

/** The serials of what a form or a mutation's arguments say themselves: what they have `seen` somebody else said. */
export function serialsOf(said: object): string[] {
  return JSON.stringify({ ...said, seen: undefined }).match(SERIAL) ?? []
}

/** By what truth.py knows the things that a mutation makes. An act without words, which nobody can tell from another, by its id. */
export function namesOf(args: Record<string, unknown>): string[] {
  const serials = serialsOf(args)
  return serials.length > 0 ? serials : [args.event_id as string]
}
