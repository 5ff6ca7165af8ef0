// PouchDB against express-pouchdb: `node pouchdb-client.mjs URL MATTERS.json ROUNDS` prints medians as JSON.
import { readFileSync } from 'node:fs'
import http from 'node:http'

import PouchDB from 'pouchdb'
import memory from 'pouchdb-adapter-memory'

import { each, median, seconds, Wire } from './measured.mjs'

PouchDB.plugin(memory)
const [url, file, rounds] = process.argv.slice(2)
const docs = JSON.parse(readFileSync(file, 'utf8'))
const json = { 'Content-Type': 'application/json' }
const wire = new Wire()
const db = `${url}/matters`
await wire.ask(db, { method: 'PUT' })

const [singles, batched] = [docs.slice(0, 500), docs.slice(500)]
const put = (doc) => wire.ask(`${db}/${doc._id}`, { method: 'PUT', headers: json, body: JSON.stringify(doc) })
const single = await each(singles, 1, put)
const batches = Array.from({ length: batched.length / 100 }, (_, at) => batched.slice(at * 100, at * 100 + 100))
const bulk = (docs) => wire.ask(`${db}/_bulk_docs`, { method: 'POST', headers: json, body: JSON.stringify({ docs }) })
const batch = await each(batches, 1, bulk)

// Bytes are counted where a socket of this process reads them: PouchDB brings its own fetch.
const sockets = []
const connect = http.Agent.prototype.createConnection
http.Agent.prototype.createConnection = function (...given) {
  sockets.push(connect.apply(this, given))
  return sockets.at(-1)
}
const read = () => sockets.reduce((sum, socket) => sum + socket.bytesRead, 0)
const first = []
const idle = []
let bytes = 0
for (let round = 0; round < Number(rounds); round++) {
  const local = new PouchDB(`copy-${round}`, { adapter: 'memory' })
  const before = read()
  // Its own pages of 100 are slower: 1,000, as ours are.
  const pulled = await seconds(() => local.replicate.from(db, { batch_size: 1000 }))
  if (pulled.result.docs_written !== docs.length) throw new Error(JSON.stringify(pulled.result))
  bytes = read() - before
  first.push(docs.length / pulled.seconds)
  idle.push((await seconds(() => local.replicate.from(db, { batch_size: 1000 }))).seconds * 1000)
  await local.destroy()
}
console.log(
  JSON.stringify({
    first: median(first),
    bytes,
    idle: median(idle),
    single: 1000 / median(single.took),
    batch: 100_000 / median(batch.took),
  }),
)
process.exit(0)
