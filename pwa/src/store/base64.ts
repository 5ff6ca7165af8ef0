/** Bytes as text, for JSON. */

/** In pieces: a call takes only so many arguments. */
export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = []
  for (let at = 0; at < bytes.length; at += 4096) pieces.push(String.fromCharCode(...Array.from(bytes.subarray(at, at + 4096))))
  return btoa(pieces.join(''))
}

/** Throws when it is no base64. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0))
}
