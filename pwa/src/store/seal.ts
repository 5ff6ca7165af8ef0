/**
 * The one format of whatever is sealed: `nonce(24) || XChaCha20-Poly1305(utf-8 JSON)`, bound to its place by the additional data
 * `shishibu/1/<user>/<table>/<key>`. The server opens it with the same key (server/store/sealed.py, tests/contract/sealed.json).
 *
 * noble's own joining of the two (`xchacha20poly1305`) writes lengths with setBigUint64, which Safari 13 has not, and
 * derives the subkey twice. Cipher and code are noble's; only the joining, draft-irtf-cfrg-xchacha §2, is ours.
 */
import { poly1305 } from '@noble/ciphers/_poly1305.js'
import { chacha20, hchacha } from '@noble/ciphers/chacha.js'

import { WrongKey, type Sealer } from './sealed'

export const KEY_BYTES = 32
const NONCE = 24
const TAG = 16
/** The first block of the stream makes the one-time key of the code; the text is mixed with those after it. */
const BLOCK = 64

/** Seals and opens under `key` what is this user's. `open` throws WrongKey. */
export function sealer(key: Uint8Array, userId: string): Sealer {
  if (key.length !== KEY_BYTES) throw new Error('a key has 32 bytes')
  const text = new TextEncoder()
  const words = new TextDecoder()
  const place = (table: string, at: string) => text.encode(`shishibu/1/${userId}/${table}/${at}`)
  return {
    key,
    seal(table, at, value) {
      const said = text.encode(JSON.stringify(value))
      const nonce = freshNonce()
      const mixed = mix(key, nonce, said)
      const sealed = new Uint8Array(NONCE + said.length + TAG)
      sealed.set(nonce)
      sealed.set(mixed.subarray(BLOCK), NONCE)
      sealed.set(codeOf(mixed, place(table, at), mixed.subarray(BLOCK)), NONCE + said.length)
      return sealed
    },
    open(table, at, sealed) {
      const end = sealed.length - TAG
      if (end < NONCE) throw new WrongKey()
      const hidden = sealed.subarray(NONCE, end)
      const mixed = mix(key, sealed.slice(0, NONCE), hidden)
      if (!same(codeOf(mixed, place(table, at), hidden), sealed.subarray(end))) throw new WrongKey()
      return JSON.parse(words.decode(mixed.subarray(BLOCK))) as unknown
    },
  }
}

/** One block of the stream as it is, then `data` mixed with the blocks after it. */
function mix(key: Uint8Array, nonce: Uint8Array, data: Uint8Array): Uint8Array {
  const subkey = new Uint32Array(8)
  hchacha(SIGMA, wordsOf(key), wordsOf(nonce.subarray(0, 16)), subkey)
  const short = new Uint8Array(12)
  short.set(nonce.subarray(16), 4)
  const all = new Uint8Array(BLOCK + data.length)
  all.set(data, BLOCK)
  return chacha20(new Uint8Array(subkey.buffer), short, all, all)
}

const SIGMA = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574)

/** Every machine that runs the app is little-endian, as noble demands it, too. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.slice().buffer)
}

function codeOf(mixed: Uint8Array, place: Uint8Array, hidden: Uint8Array): Uint8Array {
  const code = poly1305.create(mixed.subarray(0, 32))
  const lengths = new Uint8Array(16)
  new DataView(lengths.buffer).setUint32(0, place.length, true)
  new DataView(lengths.buffer).setUint32(8, hidden.length, true)
  for (const part of [place, hidden]) code.update(part).update(new Uint8Array((16 - (part.length % 16)) % 16))
  return code.update(lengths).digest()
}

/** In a time that does not depend on where they differ. */
function same(one: Uint8Array, other: Uint8Array): boolean {
  let differ = 0
  for (let at = 0; at < TAG; at++) differ |= (one[at] as number) ^ (other[at] as number)
  return differ === 0
}

/** The browser is asked for many at once: asking takes longer than sealing. */
const pool = new Uint8Array(NONCE * 128)
let used = pool.length

function freshNonce(): Uint8Array {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  used += NONCE
  return pool.slice(used - NONCE, used)
}
