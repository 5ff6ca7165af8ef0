/**
 * True for a key that belongs to the input method, as Enter does that takes a word from it. Safari
 * says so by the key code alone, since for it the composition is over by then.
 */
export function isComposing(key: KeyboardEvent): boolean {
  return key.isComposing || key.keyCode === 229
}
