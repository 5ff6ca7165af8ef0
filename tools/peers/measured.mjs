// What both clients of the benchmark share: how long, how often, how many bytes.
import http from 'node:http'
import { promisify } from 'node:util'
import zlib from 'node:zlib'

import { decompress } from 'fzstd' // Node 20 has none of its own; a browser's is faster

const unzstd = (data) => {
  const { buffer, byteOffset, length } = decompress(data)
  return Buffer.from(buffer, byteOffset, length)
}
const unpack = { gzip: promisify(zlib.gunzip), br: promisify(zlib.brotliDecompress), zstd: unzstd }

/** Connections that are kept open, and what came through them. */
export class Wire {
  bytes = 0
  #agent = new http.Agent({ keepAlive: true, maxSockets: 64, timeout: 4000 }) // gunicorn ends them after 5 s
  #cookies = new Map()

  /** The same session on a connection of its own. */
  again() {
    const other = new Wire()
    other.#cookies = new Map(this.#cookies)
    return other
  }

  /** One request; the answer as an object. `accept`: the encodings that are taken. */
  async ask(url, { method = 'GET', headers = {}, body, accept = 'gzip' } = {}) {
    const { status, encoding, retryAfter, data } = await new Promise((resolve, reject) => {
      const cookie = [...this.#cookies].map((pair) => pair.join('=')).join('; ')
      const request = http.request(
        url,
        { method, agent: this.#agent, headers: { 'Accept-Encoding': accept, ...(cookie ? { cookie } : {}), ...headers } },
        (response) => {
          for (const line of response.headers['set-cookie'] ?? []) {
            const [name, ...value] = line.split(';')[0].split('=')
            this.#cookies.set(name, value.join('='))
          }
          const parts = []
          response.on('data', (part) => parts.push(part))
          response.on('error', reject)
          response.on('end', () =>
            resolve({ status: response.statusCode, encoding: response.headers['content-encoding'], retryAfter: response.headers['retry-after'], data: Buffer.concat(parts) }),
          )
        },
      )
      request.on('error', reject)
      request.end(body)
    })
    this.bytes += data.length
    const text = encoding ? await unpack[encoding](data) : data
    const answer = JSON.parse(text)
    if (status >= 400) {
      const said = new Error(`${url}: ${status} ${JSON.stringify(answer).slice(0, 200)}`)
      throw Object.assign(said, { code: answer.code, retryAfterS: retryAfter && Number(retryAfter) })
    }
    return answer
  }
}

export const seconds = async (work) => {
  const started = performance.now()
  const result = await work()
  return { seconds: (performance.now() - started) / 1000, result }
}

/** Do `work` with each item, `at_once` of them at a time; how long each took, in ms. */
export async function each(items, at_once, work) {
  const took = []
  let next = 0
  const worker = async (place) => {
    while (next < items.length) {
      const item = items[next++]
      took.push((await seconds(() => work(item, place))).seconds * 1000)
    }
  }
  const all = await seconds(() => Promise.all(Array.from({ length: at_once }, (_, place) => worker(place))))
  return { seconds: all.seconds, took }
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
