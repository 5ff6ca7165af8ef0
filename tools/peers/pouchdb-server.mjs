// express-pouchdb on a port of its own, in memory: `node pouchdb-server.mjs PORT`
import express from 'express'
import expressPouchDB from 'express-pouchdb'
import PouchDB from 'pouchdb'
import memory from 'pouchdb-adapter-memory'

PouchDB.plugin(memory)
const InMemory = PouchDB.defaults({ adapter: 'memory' })
const app = express()
// Pages of other origins may read it, so that a browser can be measured as well.
app.use((request, response, next) => {
  response.set({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*', 'Access-Control-Allow-Methods': '*' })
  if (request.method === 'OPTIONS') response.end()
  else next()
})
app.use('/', expressPouchDB(InMemory, { inMemoryConfig: true, logPath: '/dev/null' }))
app.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'))
